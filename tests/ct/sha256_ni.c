/* crypto/sha256_ni.c with secrets; see hash_form.h. */
#include "tests/ct/hash_form.h"

#ifdef __x86_64__
#include "tests/lib/plain_sha.h"
#include "crypto/sha256_ni.c"

int main(void) { return check_form(HASH_SHA256, CPU_SHA); }
#else
int main(void) { return 0; }
#endif

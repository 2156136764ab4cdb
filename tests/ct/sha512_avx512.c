/* crypto/sha512_avx512.c with secrets; see hash_form.h. */
#include "tests/ct/hash_form.h"

#ifdef __x86_64__
#include "tests/lib/plain_sha.h"
#include "crypto/sha512_avx512.c"

int main(void) { return check_form(HASH_SHA384, CPU_AVX512); }
#else
int main(void) { return 0; }
#endif

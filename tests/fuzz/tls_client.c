/* A server that does what the fuzzer wants, against our client: whole flights, and what comes after the
 * keys. */
#include "tests/lib/tls_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tls_fuzz(false, data, size);
    return 0;
}

/* Our server against a client of ours that lies in any message and record, with the keys that are right: tests/lib/tls_deep.h
 * says what must hold. */
#include "tests/lib/tls_deep.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tls_deep(true, data, size);
    return 0;
}

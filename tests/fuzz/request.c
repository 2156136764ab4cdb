/* A request for a certificate: whatever comes is read without harm, every part lies within what came, and who is
 * accepted has signed it. */
#include "tls/x509/request.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void lies_within(struct bytes part, const uint8_t *data, size_t size)
{
    if (part.n && (part.at < data || part.n > size || part.at + part.n > data + size))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fault why = { 0 };
    struct x509_cert c;
    const bool fine = x509_read_request(&(struct der){ .at = data, .n = size }, &c, &why);
    if (fine == (why.ground != NULL))
        abort();
    lies_within(c.subject, data, size);
    lies_within(c.alt_names, data, size);
    lies_within(c.tbs, data, size);
    if (fine && !key_verify(&c.key, c.outer.scheme, c.tbs.at, c.tbs.n, c.signature.at, c.signature.n, NULL))
        abort();
    return 0;
}

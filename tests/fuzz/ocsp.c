/* An OCSP response, judged for the classroom's leaf: whatever comes is judged without harm, and nothing vouches for it but
 * what the classroom's intermediate has signed, which is one ResponseData, the first seed's. */
#include "tests/lib/ocsp_made.h"
#include "tls/x509/classroom_keys.h"
#include "tls/x509/ocsp.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void zeros(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c, (void)purpose;
    memset(out, 0, n);
}

/* What is signed of a response that is good. */
static struct bytes response_data(struct bytes response)
{
    struct wire_in in = wire_over(response.at, response.n, NULL), whole = der_open(&in, "response", DER_SEQUENCE);
    der_skip(&whole, "status", NULL);
    struct wire_in choice = der_open(&whole, "bytes", DER_CONTEXT_CONSTRUCTED | 0),
        bytes = der_open(&choice, "bytes", DER_SEQUENCE);
    der_skip(&bytes, "type", NULL);
    struct bytes basic = der_take(&bytes, "response", DER_OCTET_STRING);
    in = wire_over(basic.at, basic.n, NULL);
    whole = der_open(&in, "basic", DER_SEQUENCE);
    const uint8_t *start = whole.at;
    der_skip(&whole, "response_data", NULL);
    return (struct bytes){ start, (size_t)(whole.at - start) };
}

static bool has(const uint8_t *data, size_t size, struct bytes what)
{
    for (size_t at = 0; at + what.n <= size; at++)
        if (memcmp(data + at, what.at, what.n) == 0)
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct classroom room;
    static uint8_t good[OCSP_MADE_MAX];
    static struct bytes is_signed;
    struct chance chance = { zeros };
    const nsec now = 1000000 * SECOND;
    if (!is_signed.n) {
        if (sodium_init() < 0 || !classroom_issue(&room, KEY_P256, "www.example.test", now, &chance, NULL))
            abort();
        struct ocsp_made m = ocsp_made(&room.leaf, &room.intermediate, &classroom_p256_keys[CLASSROOM_INTERMEDIATE],
                                       now);
        is_signed = response_data((struct bytes){ good, ocsp_made_write(&m, good) });
    }
    const struct bytes response = { data, size };
    if (x509_ocsp_judge(response, &room.leaf, &room.intermediate, now).says == OCSP_GOOD
        && !has(data, size, is_signed))
        abort();
    return 0;
}

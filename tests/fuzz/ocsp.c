/* An OCSP response, judged for the classroom's leaf: whatever comes is judged without harm, and nothing vouches for it but
 * what the classroom's intermediate has signed, or its delegate: the ResponseData of two seeds. */
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

static size_t input_n;

static void look_at_field(struct view *v, const struct trace *t, const struct field *f)
{
    (void)v, (void)t;
    if (f->off > input_n || f->len > input_n - f->off || !f->name)
        abort();
}

/* The same reading with names gives the same verdict, and no field beyond the end. */
static void watch_it(struct bytes input)
{
    struct view view = { .field = look_at_field };
    struct x509_ocsp_response r;
    struct fault why = { 0 };
    struct trace *t = trace_new(0);
    trace_attach(t, &view);
    input_n = input.n;
    const struct der der = { input.at, input.n, trace_buf(t, 'c') };
    const struct watch w = { t, der.buf, der.at };
    bool fine = x509_read_ocsp(&der, &w, &r, &why);
    if (fine == (why.ground != NULL) || fine != x509_read_ocsp(&der, NULL, &r, NULL))
        abort();
    trace_free(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct classroom room;
    static uint8_t good[OCSP_MADE_MAX], by_delegate[OCSP_MADE_MAX], octets[OCSP_MADE_MAX];
    static struct x509_cert delegate;
    static struct bytes is_signed, is_delegates;
    struct chance chance = { zeros };
    const nsec now = 1000000 * SECOND;
    if (!is_signed.n) {
        if (sodium_init() < 0 || !classroom_issue(&room, KEY_P256, "www.example.test", now, &chance, NULL))
            abort();
        struct ocsp_made m = ocsp_made(&room.leaf, &room.intermediate, &classroom_p256_keys[CLASSROOM_INTERMEDIATE],
                                       now);
        is_signed = response_data((struct bytes){ good, ocsp_made_write(&m, good) });
        delegate = ocsp_made_delegate(&room.intermediate, m.signer, now, octets);
        m.signer = &classroom_p256_keys[CLASSROOM_LEAF];
        m.responder = &delegate;
        m.with_responder = true;
        m.nonce = (struct bytes){ octets, 16 };
        is_delegates = response_data((struct bytes){ by_delegate, ocsp_made_write(&m, by_delegate) });
    }
    const struct bytes response = { data, size };
    if (x509_ocsp_judge(response, &room.leaf, &room.intermediate, now, NULL).says == OCSP_GOOD
        && !has(data, size, is_signed) && !has(data, size, is_delegates))
        abort();
    watch_it(response);
    return 0;
}

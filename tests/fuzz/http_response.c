/* Whatever a server answers our client: at once, and in pieces of the size that the first octet says (its
 * highest bit: we asked HEAD). Both runs must find the same status, the same body and the same end; each
 * octet is told and named. */
#include "tests/lib/leaves.h"
#include "http/client.h"

#include <stdlib.h>
#include <string.h>

struct heard {
    enum http_says says;
    const struct ground *ground;
    unsigned status;
    size_t taken, n;
    uint64_t sum;
    bool keep_alive;
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void add(struct heard *h, struct bytes body, const uint8_t *from, size_t n)
{
    check(body.n > 0 && body.at >= from && body.at + body.n <= from + n);
    for (size_t i = 0; i < body.n; i++)
        h->sum = h->sum * 31 + body.at[i];
    h->n += body.n;
}

/* Takes what lies between h->taken and `come`. */
static void take(struct http_client *c, struct trace *t, const uint8_t *bytes, size_t come, struct heard *h,
                 struct fault *why)
{
    do {
        size_t left = come - h->taken, taken = 0;
        uint8_t *copy = malloc(left + 1);             /* of its own, so that a read past its end is seen */
        struct bytes body;
        check(copy != NULL);
        memcpy(copy, bytes + h->taken, left);
        h->says =
            http_client_take(c, copy, left, (struct span){ .in = trace_stream(t, "in", 2), .off = h->taken },
                             &taken, &body, why);
        check(taken <= left && (h->says != HTTP_WANTS || taken == left));
        if (h->says == HTTP_BODY)
            add(h, body, copy, left);
        h->taken += taken;
        free(copy);
    } while (h->says == HTTP_BODY);
}

static struct heard listen_to(const uint8_t *bytes, size_t n, size_t step, const char *method)
{
    struct heard h = { .says = HTTP_WANTS };
    struct fault why = { 0 };
    struct url u;
    struct leaves l;
    leaves_start(&l);
    struct http_client *c = http_client_new(&(struct voice){ .trace = l.trace });
    check(c && url_parse("https://www.example.test/", &u, NULL)
          && http_client_ask(c, &u, method, NULL, NULL));
    for (size_t come = 0; come < n && h.says == HTTP_WANTS;) {
        come = n - come < step ? n : come + step;
        take(c, l.trace, bytes, come, &h, &why);
    }
    if (h.says == HTTP_WANTS)
        h.says = http_client_ended(c, &why);
    check((h.says == HTTP_FAILED) == (why.ground != NULL));
    check(h.says != HTTP_DONE || l.told == h.taken);
    h.ground = why.ground;
    h.status = http_client_head(c) ? http_client_head(c)->status : 0;
    h.keep_alive = http_client_keep_alive(c);
    http_client_free(c);
    leaves_end(&l);
    return h;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n < 2 || n > 60000)
        return 0;
    size_t step = bytes[0] & 0x7f ? bytes[0] & 0x7f : 1;
    const char *method = bytes[0] & 0x80 ? "HEAD" : "GET";
    struct heard whole = listen_to(bytes + 1, n - 1, n, method),
                 pieces = listen_to(bytes + 1, n - 1, step, method);
    check(whole.says == pieces.says && whole.ground == pieces.ground
          && whole.keep_alive == pieces.keep_alive);
    check(whole.says != HTTP_DONE || (whole.status == pieces.status && whole.taken == pieces.taken));
    check(whole.says != HTTP_DONE || (whole.n == pieces.n && whole.sum == pieces.sum));
    return 0;
}

/* watch_renegotiation.c - RFC 5746: each handshake says which one it follows. A first one follows none; one inside the
 * sealed connection says the verify_data of the one before, which only who took part in that one knows. */
#include "tls/watch_inside.h"

#include <string.h>

static const struct ground renegotiation_info = { "tls.renegotiation_info", "RFC 5746 §3" };
static const struct ground not_bound = { "tls.renegotiation_not_bound", "RFC 5746 §3.5" };
static const struct ground scsv_again = { "tls.renegotiation_scsv", "RFC 5746 §3.5" };

/* What this side's hello must say, and in which words that is said. */
static size_t expected(const struct watch_binding *b, unsigned side, uint8_t out[2 * TLS_VERIFY_DATA])
{
    memcpy(out, b->verify_data[WATCH_CLIENT], TLS_VERIFY_DATA);
    memcpy(out + TLS_VERIFY_DATA, b->verify_data[WATCH_SERVER], TLS_VERIFY_DATA);
    return side == WATCH_CLIENT ? TLS_VERIFY_DATA : 2 * TLS_VERIFY_DATA;
}

static bool is_bound(const struct watch_binding *b, unsigned side, const struct tls_extensions *x, struct fault *why)
{
    static const char *const wanted[2] = { "the client's verify_data of the handshake before",
                                           "both verify_data of the handshake before" };
    const struct bytes said = x->renegotiated_connection;
    uint8_t want[2 * TLS_VERIFY_DATA];
    const size_t n = expected(b, side, want);
    if (!(x->seen & EXT_RENEGOTIATION_INFO))
        return refuse(why, &not_bound, wanted[side], "no renegotiation_info");
    if (said.n != n)
        return refuse(why, &not_bound, wanted[side], "%zu octets", said.n);
    return memcmp(said.at, want, n) == 0 || refuse(why, &not_bound, wanted[side], "others");
}

static void judge(struct tls_watch *w, unsigned side, const struct tls_extensions *x, bool scsv)
{
    static const enum tls_message_type hello[2] = { TLS_CLIENT_HELLO, TLS_SERVER_HELLO };
    struct watch_facts *f = &w->facts;
    struct watch_binding *b = &w->binding;
    const struct tls *t = &w->reader[side];
    struct fault why = { 0 };
    const bool known = b->known[WATCH_CLIENT] && b->known[WATCH_SERVER];
    if (w->handshakes < 2) {
        if (x->renegotiated_connection.n)
            refuse(&why, &renegotiation_info, "an empty renegotiated_connection in a first handshake", "%zu octets",
                   x->renegotiated_connection.n);
    } else if (scsv && f->secure_renegotiation) {
        refuse(&why, &scsv_again, "renegotiation_info alone in a handshake that follows another",
               "TLS_EMPTY_RENEGOTIATION_INFO_SCSV");
    } else if (known && f->secure_renegotiation) {
        const bool bound = is_bound(b, side, x, &why);
        f->renegotiations_bound += bound && side == WATCH_SERVER && b->client_bound;
        b->client_bound = bound && side == WATCH_CLIENT;
        tell_check(t, "renegotiation_info", "RFC 5746 §3.5", "verify_data of the handshake before",
                   why.ground ? why.came : "the same", !why.ground);
    }
    if (why.ground)
        watch_fault(w, WATCH_BAD_MESSAGE, side, hello[side], &why);
}

void watch_bind_client(struct tls_watch *w, const struct client_hello *h)
{
    const bool scsv = list_has(h->suites, TLS_RENEGOTIATION_SCSV);
    w->binding.offered = h->extensions.seen & EXT_RENEGOTIATION_INFO || scsv;
    w->facts.renegotiations = w->handshakes - (w->handshakes > 0);
    judge(w, WATCH_CLIENT, &h->extensions, scsv);
}

/* RFC 5746 §3.4: it is what both said in the first handshake. */
void watch_bind_server(struct tls_watch *w, const struct server_hello *h)
{
    if (w->handshakes < 2)
        w->facts.secure_renegotiation = w->binding.offered && h->extensions.seen & EXT_RENEGOTIATION_INFO;
    judge(w, WATCH_SERVER, &h->extensions, false);
}

void watch_bind_finished(struct tls_watch *w, unsigned side, const uint8_t verify_data[TLS_VERIFY_DATA])
{
    memcpy(w->binding.verify_data[side], verify_data, TLS_VERIFY_DATA);
    w->binding.known[side] = true;
}

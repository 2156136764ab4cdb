/* staple.c - what others say of the server's certificate, brought along by the server: its CA today (RFC 6066 §8), and
 * the logs that know of it (RFC 6962 §3.3). */
#include "tls/handlers.h"

#include <stdlib.h>

static const struct ground no_memory = { "tls.no_memory", "RFC 5246 §7.2.2" };

bool staple_due(const struct tls *t, const struct client_hello *h)
{
    return !t->facts.resumed && t->shake->identity && t->shake->identity->staple.n
        && (h->extensions.seen & EXT_STATUS_REQUEST) && h->extensions.ocsp_asked;
}

bool scts_due(const struct tls *t, const struct client_hello *h)
{
    return !t->facts.resumed && t->shake->identity && t->shake->identity->scts.n && (h->extensions.seen & EXT_SCT);
}

bool send_certificate_status(struct tls *t, struct fault *why)
{
    struct wire_out out;
    const struct bytes response = t->shake->identity->staple;
    if (!flight_room(t, TLS_MESSAGE_HEADER + 4 + response.n, &out, why))
        return false;
    write_certificate_status(&out, response);
    t->facts.stapled = response.n;
    return flight_add(t, &out, why);
}

/* The chain is judged when it is known whether a response comes with it: until then it is kept. */
bool keep_chain(struct tls *t, const struct der *chain, size_t n, struct fault *why)
{
    struct kept *k = &t->shake->chain;
    struct x509_cert cert;
    size_t all = 0;
    for (size_t i = 0; i < n; i++) {                   /* what is no certificate is refused here already */
        if (!t->config.insecure && !x509_read_cert(&(struct der){ chain[i].at, chain[i].n, 0 }, NULL, &cert, why))
            return false;
        all += chain[i].n;
    }
    k->bytes = malloc(all + 1);                       /* in one piece, so that nothing moves */
    if (!k->bytes)
        return refuse(why, &no_memory, "memory for a chain", "there is none");
    k->room = all;
    for (size_t i = 0; i < n; i++) {
        t->shake->certificates[i] = (struct der){ k->bytes + k->n, chain[i].n, chain[i].buf };
        keep_octets(k, (struct bytes){ chain[i].at, chain[i].n }, all);
    }
    t->shake->n_certificates = n;
    return true;
}

bool on_certificate_status(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct bytes response;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_certificate_status(&in, &response, why))
        return false;
    t->facts.stapled = response.n;
    add_to_transcript(t, m->whole, m->buf);
    t->next = t->facts.suite->kx == TLS_KX_RSA ? WAIT_REQUEST_OR_DONE : WAIT_SERVER_KEY_EXCHANGE;
    return judge_kept(t, response, why);
}

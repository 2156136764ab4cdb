#include "cmd/visit_wish.h"

#include "cmd/options.h"
#include "cmd/tcp_wish.h"
#include "cmd/wanted_tls.h"
#include "cmd/wires.h"
#include "cmd/words.h"
#include "http/breaks_check.h"
#include "http/made_pages.h"
#include "trace/show.h"

#include <string.h>

/* The suite that --cipher, or --kx and --cert, ask for. */
static const struct tls_suite *suite_wanted(const char *const *values)
{
    const char *kx = values[OPT_KX], *cert = values[OPT_CERT_KIND];
    enum key_kind auth = cert && strcmp(cert, "ecdsa") == 0 ? KEY_P256 : KEY_RSA;
    if (values[OPT_CIPHER]) {
        const struct tls_suite *s = tls_suite_named(values[OPT_CIPHER]);
        if (!s) {
            complain("vitrine visit: --cipher is one of these, not %s:", values[OPT_CIPHER]);
            for (size_t i = 0; i < tls_n_suites; i++)
                fprintf(stderr, "  %-45s %s\n", tls_suites[i].name, tls_suites[i].openssl);
        } else if (cert && !tls_auth_fits(s->auth, auth)) {
            complain("vitrine visit: %s needs a certificate with %s key, and --cert says %s",
                     s->name, s->auth == TLS_AUTH_RSA ? "an RSA" : "an ECDSA", cert);
            return NULL;
        }
        return s;
    }
    enum tls_kx kind = !kx || strcmp(kx, "ecdhe") == 0 ? TLS_KX_ECDHE : *kx == 'r' ? TLS_KX_RSA : TLS_KX_DHE;
    const struct tls_suite *s = sealed_visit_suite(kind, auth);
    if (!s && kind == TLS_KX_RSA)
        complain("vitrine visit: the RSA key exchange encrypts under the certificate's RSA key; it cannot "
                 "go with --cert ecdsa");
    else if (!s)
        complain("vitrine visit: DHE is signed with the certificate's RSA key here; it cannot go with --cert ecdsa");
    return s;
}

/* --group, or what is usual for this kind of exchange. A group of the other kind is offered, and of no use. */
static uint16_t group_wanted(const char *name, const struct tls_suite *suite)
{
    return (uint16_t)(name ? tls_group_named(name) : suite->kx == TLS_KX_DHE ? TLS_FFDHE2048 : TLS_X25519);
}

/* --break, each time it was given. What a break needs of the visit it gets where nobody wished otherwise. */
static bool breaks_wanted(const char *const *values, bool any_url, struct sealed_visit_config *c,
                          struct break_wish wishes[BREAKS_MOST])
{
    const struct break_free free_to = { .suite = !values[OPT_CIPHER] && !values[OPT_KX] && !values[OPT_CERT_KIND],
                                        .group = !values[OPT_GROUP], .url = any_url, .size = !values[OPT_SIZE] };
    char sentence[BREAK_SENTENCE], shown[2 * BREAK_SENTENCE];
    const char *text = values[OPT_BREAK];
    for (c->breaks = wishes; text; text = values[OPT_MORE + c->n_breaks - 1]) {
        struct break_wish *w = &wishes[c->n_breaks++];
        if (!break_read(text, w, sentence)) {
            complain("vitrine visit: --break: %s", show_string(sentence, shown, sizeof shown));
            return false;
        }
        break_needs(w->row, c, &free_to);
        if (c->n_breaks == BREAKS_MOST)
            break;
    }
    for (unsigned i = 0; i < c->n_breaks; i++)
        if (!break_goes(wishes[i].row, c->suite, c->group, c->url.https, sentence)) {
            complain("vitrine visit: --break: %s", sentence);
            return false;
        }
    return true;
}

bool visit_wished(const char *const *values, const char *url, struct sealed_visit_config *c,
                  struct break_wish wishes[BREAKS_MOST], int *code)
{
    struct fault why = { 0 };
    *c = (struct sealed_visit_config){ .seed = 1, .size = MADE_PAGE_SIZE, .ipv6 = values[OPT_IPV6] != NULL,
                                        .resume = values[OPT_RESUME] != NULL, .grease = values[OPT_GREASE] != NULL };
    *code = 2;
    if (values[OPT_SEED] && !option_number(OPT_SEED, values[OPT_SEED], UINT64_MAX, &c->seed))
        return false;
    if (values[OPT_SIZE] && !option_number(OPT_SIZE, values[OPT_SIZE], UINT64_C(1) << 32, &c->size))
        return false;
    if (!wires_wanted(values, &c->wires) || !tcp_wished(values, &c->stack) || !(c->suite = suite_wanted(values)))
        return false;
    if (!wanted_limits(values, &c->record_size_limit, &c->max_fragment))
        return false;
    c->group = group_wanted(values[OPT_GROUP], c->suite);
    if (url_parse(url ? url : "https://www.example.test/", &c->url, &why))
        return breaks_wanted(values, !url, c, wishes);
    words_fault(stderr, &why);
    *code = words_exit(&why);
    return false;
}

#include "cmd/resumption.h"
#include "cmd/files.h"
#include "cmd/words.h"

#include <stdlib.h>
#include <string.h>

enum { SESSIONS = 20000, CA_MOST = 16 << 20, STAPLE_MOST = 65536, EXIT_CA = 77, EXIT_CERTIFICATE = 58 };

static int read_clients(struct resumption *r, const char *name)
{
    struct fault why = { 0 };
    const char *words;
    size_t n;
    char *pem = file_read(name, CA_MOST, &n, &words);
    if (!pem) {
        complain("vitrine serve: cannot read %s: %s", name, words);
        return EXIT_CA;
    }
    bool good = x509_store_add_pem(&r->clients, pem, n, NULL, &why);
    free(pem);
    if (!good)
        words_fault(stderr, &why);
    return good ? 0 : EXIT_CA;
}

static int read_staple(struct resumption *r, const char *name, struct tls_identity *first)
{
    const char *words;
    size_t n;
    r->staple = file_read(name, STAPLE_MOST, &n, &words);
    if (!r->staple)
        complain("vitrine serve: cannot read %s: %s", name, words);
    else
        first->staple = (struct bytes){ (const uint8_t *)r->staple, n };
    return r->staple ? 0 : EXIT_CERTIFICATE;
}

static enum tls_client_certificate client_wish(const char *how)
{
    return !how || strcmp(how, "none") == 0 ? TLS_CLIENT_NONE : strcmp(how, "ask") == 0 ? TLS_CLIENT_ASK
                                                                                       : TLS_CLIENT_REQUIRE;
}

int resumption_read(struct resumption *r, const char *const *values, struct chance *chance, struct tls_config *tls,
                    struct tls_identity *first)
{
    bool off = values[OPT_TICKETS] && strcmp(values[OPT_TICKETS], "off") == 0;
    tls->client_certificate = client_wish(values[OPT_CLIENT_CERT]);
    if (values[OPT_CLIENT_CA] && tls->client_certificate == TLS_CLIENT_NONE) {
        complain("vitrine serve: --client-ca wants --client-cert ask or require");
        return 2;
    }
    r->sessions = tls_sessions_new(SESSIONS, TLS_SESSION_LIFETIME);
    tls_tickets_start(&r->tickets, chance, TLS_SESSION_LIFETIME);
    tls->sessions = r->sessions;
    tls->tickets = off ? NULL : &r->tickets;
    if (values[OPT_CLIENT_CA])
        tls->client_trust = &r->clients;
    int code = values[OPT_CLIENT_CA] ? read_clients(r, values[OPT_CLIENT_CA]) : 0;
    return code || !values[OPT_STAPLE] ? code : read_staple(r, values[OPT_STAPLE], first);
}

void resumption_end(struct resumption *r)
{
    tls_sessions_free(r->sessions);
    tls_tickets_wipe(&r->tickets);
    x509_store_free(&r->clients);
    free(r->staple);
}

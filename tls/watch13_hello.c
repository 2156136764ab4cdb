/* watch13_hello.c - what a server of TLS 1.3 may answer to a ClientHello: nothing that was not offered. */
#include "tls/watch13.h"

#include <stdio.h>
#include <string.h>

static const struct ground version_not_offered = { "tls.version13_not_offered", "RFC 8446 §4.2.1" };
static const struct ground suite_not_offered = { "tls.suite13_not_offered", "RFC 8446 §4.1.3" };
static const struct ground session_id_echo = { "tls.session_id_echo", "RFC 8446 §4.1.3" };
static const struct ground compression = { "tls.compression13", "RFC 8446 §4.1.3" };
static const struct ground no_share = { "tls.key_share", "RFC 8446 §4.2.8" };
static const struct ground identity = { "tls.selected_identity", "RFC 8446 §4.2.11" };
static const struct ground retry_suite = { "tls.retry_suite", "RFC 8446 §4.1.4" };
static const struct ground malformed = { "tls.extension13_malformed", "RFC 8446 §4.2" };
static const struct ground not_asked = { "tls.encrypted_extension_not_asked", "RFC 8446 §4.2" };

char *watch13_number(char out[NUMBER13], unsigned number, const char *words)
{
    snprintf(out, NUMBER13, "0x%04x%s%s", number, words ? " " : "", words ? words : "");
    return out;
}

/* The ClientHello that a ServerHello answers: behind a HelloRetryRequest the second, which is not kept by itself. */
static bool client_hello_of(const struct tls_watch *w, struct client_hello *h)
{
    const struct kept *raw = &w->shake.raw;
    struct wire_in all = wire_over(raw->bytes, raw->n, NULL), found = all;
    bool any = false;
    while (wire_left(&all) >= TLS_MESSAGE_HEADER) {
        struct tls_message_header m = read_message_header(&all);
        struct wire_in body = take_block(&all, "body", m.length);
        if (!all.failed && m.type == TLS_CLIENT_HELLO) {
            found = body;
            any = true;
        }
    }
    return any && read_client_hello(&found, h, NULL);
}

static bool share_offered(const struct client_hello *c, unsigned group)
{
    return group && tls_key_share_of(c->extensions.v13.key_shares, group);
}

static bool judge_share(const struct client_hello *c, const struct tls_extensions *x, bool retry, struct fault *why)
{
    char number[NUMBER13];
    const unsigned group = x->v13.group;
    watch13_number(number, group, tls_group_words(group));
    if (retry)
        return !group || (list_has(c->extensions.groups, group) && !share_offered(c, group))
            || refuse(why, &no_share, "a group that was offered without a share", "%s", number);
    if (!group)
        return x->v13.psk_chosen || refuse(why, &no_share, "a key share", "there is none, and no pre_shared_key");
    return share_offered(c, group)
        || refuse(why, &no_share, "a group in which the client has sent a share", "%s", number);
}

static bool same_bytes(struct bytes a, struct bytes b) { return a.n == b.n && (!a.n || !memcmp(a.at, b.at, a.n)); }

static bool judge(const struct tls_watch *w, const struct client_hello *c, const struct server_hello *h, bool retry,
                  struct fault *why)
{
    char number[NUMBER13];
    const struct watch13 *t = w->thirteen;
    const struct tls_extensions *x = &h->extensions;
    if (!list_has(c->extensions.versions, TLS_1_3))
        return refuse(why, &version_not_offered, "a version that the ClientHello offered", "TLS 1.3");
    if (!list_has(c->suites, h->suite) || tls_suite_of(h->suite))
        return refuse(why, &suite_not_offered, "a cipher suite of TLS 1.3 that the ClientHello offered", "%s",
                      watch13_number(number, h->suite, tls_suite_words(h->suite)));
    if (t->retry_suite && t->retry_suite != h->suite)
        return refuse(why, &retry_suite, "the suite of the HelloRetryRequest", "%s",
                      watch13_number(number, h->suite, tls_suite_words(h->suite)));
    if (!same_bytes(c->session_id, h->session_id))
        return refuse(why, &session_id_echo, "the ClientHello's session_id", "one of %zu octets", h->session_id.n);
    if (h->compression)
        return refuse(why, &compression, "compression 0", "%u", h->compression);
    if (x->v13.malformed)
        return refuse_about(why, &malformed, tls_extension_words(x->v13.malformed), "an extension as it should be",
                            "it has another form");
    if (x->v13.psk_chosen && x->v13.identity >= c->extensions.v13.n_identities)
        return refuse(why, &identity, "one of the identities that were offered", "number %u of %u",
                      x->v13.identity, c->extensions.v13.n_identities);
    return judge_share(c, x, retry, why);
}

void watch13_judge_hello(struct tls_watch *w, const struct server_hello *h, bool retry)
{
    struct watch13 *t = w->thirteen;
    struct client_hello c;
    struct fault why = { 0 };
    if (!client_hello_of(w, &c))
        return;
    t->early_offered = c.extensions.v13.early_data;
    t->asked = c.extensions.seen;
    if (!judge(w, &c, h, retry, &why))
        watch_fault(w, WATCH_BAD_MESSAGE, WATCH_SERVER, TLS_SERVER_HELLO, &why);
    if (retry)
        t->retry_suite = h->suite;
}

/* RFC 8446 §4.2: no answer without a question, of those extensions that are known here. */
void watch13_judge_encrypted(struct tls_watch *w, const struct tls_extensions *x)
{
    struct fault why = { 0 };
    const unsigned more = w->thirteen->asked ? x->seen & ~w->thirteen->asked : 0;
    if (more)
        refuse_about(&why, &not_asked, tls_extension_of_bit(more), "an answer to what the ClientHello asked",
                     "it did not ask");
    else if (x->v13.early_data && !w->thirteen->early_offered)
        refuse_about(&why, &not_asked, "early_data", "an answer to what the ClientHello asked", "it did not ask");
    if (why.ground)
        watch_fault(w, WATCH_BAD_MESSAGE, WATCH_SERVER, TLS_ENCRYPTED_EXTENSIONS, &why);
}

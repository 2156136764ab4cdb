/* choose.c - what a server takes of what a ClientHello offers: certificate, suite, group, signature algorithm, and what
 * it answers to the extensions. Everything is looked for at once, since one depends on the other: a suite will do only
 * if there is a certificate for it that the client can read, for the name it asked for. */
#include "tls/engine.h"

#include "tls/x509/names.h"

#include <stdio.h>
#include <string.h>

static const struct ground no_common_suite = { "tls.no_common_suite", "RFC 5246 §7.4.1.3" };
static const struct ground no_common_dh_group = { "tls.no_common_dh_group", "RFC 7919 §4" };
static const struct ground server_name = { "tls.server_name", "RFC 6066 §3" };
static const struct ground unrecognized_name = { "tls.unrecognized_name", "RFC 6066 §3" };
static const struct ground no_protocol = { "tls.no_protocol", "RFC 7301 §3.2" };
static const struct ground bad_limit = { "tls.record_size_limit", "RFC 8449 §4" };
static const struct ground bad_fragment = { "tls.max_fragment_length", "RFC 6066 §4" };

enum { HOST_MAX = 256 };

/* What the client's lists come to. */
struct asked {
    const struct client_hello *h;
    char host[HOST_MAX];                              /* "": no name was asked for */
    bool any_fits;                                    /* does a certificate have it? */
};

/* ---- names ---- */

static bool is_for(const struct tls_identity *id, const char *host)
{
    static const struct bytes none = { NULL, 0 };
    return !*host || !id->leaf || x509_cert_is_for(id->leaf, host, &none);
}

/* Letters, digits, hyphens and dots; the underscore stands in names of services. */
static bool in_names(unsigned c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
        || c == '-' || c == '.' || c == '_';
}

/* An address instead of a name: no name has a colon, or a last label of digits alone. What has octets that are in
 * neither is none of both. */
static bool is_address(struct bytes name)
{
    size_t at = name.n;
    for (size_t i = 0; i < name.n; i++)
        if (!in_names(name.at[i]) && name.at[i] != ':')
            return false;
    while (at && name.at[at - 1] >= '0' && name.at[at - 1] <= '9')
        at--;
    return name.n && (memchr(name.at, ':', name.n) || (at < name.n && (at == 0 || name.at[at - 1] == '.')));
}

/* RFC 6066 §3: one name of the DNS in ASCII. Addresses are not permitted there, but are met; they are no question of
 * names, so that the answer is as to who asks for none. */
static bool read_name(const struct tls *t, struct asked *a, struct fault *why)
{
    struct bytes name = a->h->extensions.server_name;
    if (a->h->extensions.names_twice)
        return refuse(why, &server_name, "one host_name", "more than one");
    if (is_address(name)) {
        tell_check(t, "server_name", server_name.rfc, "the name of a host", "an address", false);
        name.n = 0;
    }
    for (size_t i = 0; i < name.n; i++)
        if (!in_names(name.at[i]))
            return refuse(why, &server_name, "letters, digits, hyphens and dots in a name", "the octet 0x%02x",
                          name.at[i]);
    if (name.n >= HOST_MAX)
        return refuse(why, &unrecognized_name, "a name that a certificate of ours has", "%zu octets that are none",
                      name.n);
    memcpy(a->host, name.at ? (const char *)name.at : "", name.n);
    a->host[name.n] = '\0';
    for (size_t i = 0; i < t->config.n_identities; i++)
        a->any_fits |= is_for(&t->config.identities[i], a->host);
    return a->any_fits || refuse(why, &unrecognized_name, "a name that a certificate of ours has", "%s", a->host);
}

/* ---- one suite ---- */

/* The first of our groups, or of the client's, that both have. Without the extension (RFC 8422 §4) the choice is ours:
 * P-256, which everybody has. Without a group of numbers in it, it is so for DHE: ffdhe2048 or larger (RFC 7919 §4);
 * with some that we do not know, there is none. 0: none. */
static uint16_t common_group(const struct tls *t, const struct client_hello *h, enum tls_kx kx)
{
    const bool ffdhe = kx == TLS_KX_DHE;
    struct bytes theirs = h->extensions.groups;
    bool said = false;
    for (size_t i = 0; i < list_n(theirs); i++)
        said |= !ffdhe || tls_group_is_ffdhe(list_item(theirs, i));
    size_t n = said && t->config.client_order ? list_n(theirs) : t->config.n_groups;
    for (size_t i = 0; i < n; i++) {
        uint16_t group = said && t->config.client_order ? list_item(theirs, i) : t->config.groups[i];
        bool ours = false;
        for (size_t k = 0; k < t->config.n_groups; k++)
            ours |= t->config.groups[k] == group;
        if (ours && tls_group_is_ffdhe(group) == ffdhe
            && (said ? list_has(theirs, group) : ffdhe || group == TLS_SECP256R1))
            return group;
    }
    return 0;
}

static uint16_t group_of_curve(enum key_kind kind)
{
    return kind == KEY_P256 ? TLS_SECP256R1 : kind == KEY_P384 ? TLS_SECP384R1 : kind == KEY_P521 ? TLS_SECP521R1 : 0;
}

/* RFC 8422 §5.3: an ECDSA certificate must be on a curve that the client listed. Without a list, it may be. */
static bool curve_listed(const struct client_hello *h, enum key_kind kind)
{
    bool said = h->extensions.seen & EXT_SUPPORTED_GROUPS;
    uint16_t curve = group_of_curve(kind);
    return !curve || !said || list_has(h->extensions.groups, curve);
}

/* RFC 5246 §7.4.1.4.1: a client that says nothing means SHA-1, which signs nothing any more (RFC 9155), but for those
 * who ask for the old ways. */
static uint16_t common_sigalg(const struct tls *t, const struct client_hello *h, const struct public_key *key)
{
    static const uint8_t sha1[] = { TLS_RSA_PKCS1_SHA1 >> 8, TLS_RSA_PKCS1_SHA1 & 0xff,
                                    TLS_ECDSA_SHA1 >> 8, TLS_ECDSA_SHA1 & 0xff };
    struct bytes theirs = h->extensions.sigalgs;
    if (!(h->extensions.seen & EXT_SIGNATURE_ALGORITHMS))
        theirs = (struct bytes){ sha1, t->config.legacy ? sizeof sha1 : 0 };
    return tls_sigalg_choose(t->config.sign_sigalgs, t->config.n_sign_sigalgs, theirs, key);
}

/* Everything that this suite needs, with the first certificate that has it. */
static bool suite_goes(struct tls *t, const struct asked *a, const struct tls_suite *s)
{
    const bool ephemeral = s->kx != TLS_KX_RSA;
    uint16_t group = ephemeral ? common_group(t, a->h, s->kx) : 0;
    if (ephemeral && !group)
        return false;
    for (size_t i = 0; i < t->config.n_identities; i++) {
        const struct tls_identity *id = &t->config.identities[i];
        const struct public_key *key = &id->key->pub;
        uint16_t sigalg = ephemeral ? common_sigalg(t, a->h, key) : 0;
        if (!tls_suite_fits_key(s, key->kind) || !is_for(id, a->host) || !curve_listed(a->h, key->kind)
            || (ephemeral && !sigalg))
            continue;
        t->facts.suite = s;
        t->facts.group = group;
        t->facts.exchange = tls_group_exchange(group);
        t->facts.sigalg = sigalg;
        t->shake->identity = id;
        return true;
    }
    return false;
}

/* ---- refusing ---- */

/* The names of a list, as many as fit. */
static void say_suites(struct bytes list, char *out, size_t room)
{
    out[0] = '\0';
    for (size_t i = 0; i < list_n(list) && strlen(out) + 2 < room; i++) {
        size_t at = strlen(out);
        const struct tls_suite *s = tls_suite_of(list_item(list, i));
        if (s)
            snprintf(out + at, room - at, "%s%s", at ? " " : "", s->openssl);
        else
            snprintf(out + at, room - at, "%s0x%04x", at ? " " : "", list_item(list, i));
    }
}

/* RFC 7919 §4: where a suite failed for nothing but its group, that is said. */
static bool only_the_group_failed(const struct tls *t, const struct client_hello *h)
{
    bool dhe = false;
    for (size_t i = 0; i < t->config.n_suites; i++)
        dhe |= t->config.suites[i]->kx == TLS_KX_DHE && list_has(h->suites, t->config.suites[i]->number);
    return dhe && !common_group(t, h, TLS_KX_DHE);
}

/* Is there a suite, with a certificate and a group, that only our signature keeps away? */
static bool only_the_signature_failed(const struct tls *t, const struct asked *a)
{
    bool unsigned_only = false;
    for (size_t i = 0; i < t->config.n_suites; i++) {
        const struct tls_suite *s = t->config.suites[i];
        if (s->kx == TLS_KX_RSA || !list_has(a->h->suites, s->number) || !common_group(t, a->h, s->kx))
            continue;
        for (size_t k = 0; k < t->config.n_identities; k++) {
            const struct public_key *key = &t->config.identities[k].key->pub;
            unsigned_only |= tls_suite_fits_key(s, key->kind) && curve_listed(a->h, key->kind)
                && !common_sigalg(t, a->h, key);
        }
    }
    return unsigned_only;
}

static bool refuse_suites(const struct tls *t, const struct asked *a, struct fault *why)
{
    const struct client_hello *h = a->h;
    char ours[96] = "one of ", theirs[80];
    if (only_the_signature_failed(t, a))
        return refuse_about(why, &no_common_suite, "signature_algorithms", "a signature algorithm of ours for a suite",
                            "the client takes only others");
    if (only_the_group_failed(t, h))
        return refuse(why, &no_common_dh_group, "a group of ours for DHE", "the client has only others");
    for (size_t i = 0; i < t->config.n_suites && strlen(ours) + 2 < sizeof ours; i++) {
        size_t at = strlen(ours);
        snprintf(ours + at, sizeof ours - at, "%s%s", i ? " " : "", t->config.suites[i]->openssl);
    }
    say_suites(h->suites, theirs, sizeof theirs);
    return refuse(why, &no_common_suite, ours, "the client has %s", theirs);
}

/* The suites from `i` on among which the client's order decides: where that is so for all, they are one rank. */
static size_t rank_ends(const struct tls *t, size_t i)
{
    const uint8_t *ranks = t->config.suite_ranks;
    size_t end = t->config.client_order ? t->config.n_suites : i + 1;
    while (ranks && end < t->config.n_suites && ranks[end] == ranks[i])
        end++;
    return end;
}

static bool one_of_rank(struct tls *t, const struct asked *a, size_t from, size_t end)
{
    for (size_t k = 0; k < list_n(a->h->suites); k++)
        for (size_t i = from; i < end; i++)
            if (t->config.suites[i]->number == list_item(a->h->suites, k) && suite_goes(t, a, t->config.suites[i]))
                return true;
    return false;
}

bool choose_suite(struct tls *t, const struct client_hello *h, struct fault *why)
{
    struct asked a = { .h = h };
    if (!read_name(t, &a, why))
        return false;
    for (size_t i = 0, end; i < t->config.n_suites; i = end) {
        end = rank_ends(t, i);
        if (one_of_rank(t, &a, i, end))
            return true;
    }
    return refuse_suites(t, &a, why);
}

/* ---- extensions ---- */

static bool names_it(struct bytes theirs, const char *name)
{
    for (size_t at = 0; at < theirs.n; at += 1 + (size_t)theirs.at[at])
        if (theirs.at[at] == strlen(name) && memcmp(theirs.at + at + 1, name, theirs.at[at]) == 0)
            return true;
    return false;
}

/* RFC 7301 §3.2: our order; none in common ends it, so that no octet is taken for another protocol's (ALPACA, 2021). */
static bool choose_protocol(struct tls *t, const struct client_hello *h, struct server_hello_wishes *w,
                            struct fault *why)
{
    if (!(h->extensions.seen & EXT_ALPN) || !t->config.n_protocols)
        return true;
    for (size_t i = 0; i < t->config.n_protocols && !t->facts.protocol; i++)
        if (names_it(h->extensions.protocols, t->config.protocols[i]))
            t->facts.protocol = t->config.protocols[i];
    if (!t->facts.protocol)
        return refuse(why, &no_protocol, t->config.protocols[0], "the client speaks only others, the first is %.*s",
                      h->extensions.protocols.at[0], (const char *)h->extensions.protocols.at + 1);
    w->protocol = (struct bytes){ (const uint8_t *)t->facts.protocol, strlen(t->facts.protocol) };
    w->extensions |= EXT_ALPN;
    return true;
}

/* RFC 8449 §5: of the two limits only the newer is answered. Ours is what it may send. */
static bool choose_limits(struct tls *t, const struct client_hello *h, struct server_hello_wishes *w, struct fault *why)
{
    const struct tls_extensions *x = &h->extensions;
    if ((x->seen & EXT_RECORD_SIZE_LIMIT) && x->record_size_limit < TLS_RECORD_LIMIT_MIN)
        return refuse(why, &bad_limit, "a limit of at least 64 octets", "%u", x->record_size_limit);
    if ((x->seen & EXT_MAX_FRAGMENT_LENGTH) && (x->max_fragment < 1 || x->max_fragment > 4))
        return refuse(why, &bad_fragment, "a code from 1 to 4", "%u", x->max_fragment);
    if (x->seen & EXT_RECORD_SIZE_LIMIT) {
        w->extensions |= EXT_RECORD_SIZE_LIMIT;
        w->record_size_limit = t->config.record_size_limit ? t->config.record_size_limit : TLS_RECORD_MAX;
        limit_records(t, x->record_size_limit, w->record_size_limit, false);
    } else if (x->seen & EXT_MAX_FRAGMENT_LENGTH) {
        w->extensions |= EXT_MAX_FRAGMENT_LENGTH;
        w->max_fragment = x->max_fragment;
        limit_records(t, (size_t)256 << x->max_fragment, (size_t)256 << x->max_fragment, true);
    }
    return true;
}

/* RFC 6066 §3: a server whose choice was guided by a name says so: one of its certificates would not have done for it.
 * Not where a session is taken up again. */
static bool chosen_by_name(const struct tls *t, const struct tls_extensions *x)
{
    char host[HOST_MAX] = "";
    bool guided = false;
    if (t->facts.resumed || x->server_name.n >= HOST_MAX || is_address(x->server_name))
        return false;
    memcpy(host, x->server_name.at ? (const char *)x->server_name.at : "", x->server_name.n);
    for (size_t i = 0; i < t->config.n_identities; i++)
        guided |= !is_for(&t->config.identities[i], host);
    return guided;
}

bool choose_answers(struct tls *t, const struct client_hello *h, struct server_hello_wishes *w, struct fault *why)
{
    const struct tls_extensions *x = &h->extensions;
    w->extensions |= x->seen & EXT_EXTENDED_MASTER_SECRET;
    if ((x->seen & EXT_RENEGOTIATION_INFO) || list_has(h->suites, TLS_RENEGOTIATION_SCSV))
        w->extensions |= EXT_RENEGOTIATION_INFO;
    if ((x->seen & EXT_EC_POINT_FORMATS) && !t->facts.resumed && t->facts.suite->kx == TLS_KX_ECDHE)
        w->extensions |= EXT_EC_POINT_FORMATS;
    if (chosen_by_name(t, x))
        w->extensions |= EXT_SERVER_NAME;
    t->facts.extended_master_secret = w->extensions & EXT_EXTENDED_MASTER_SECRET;
    /* RFC 7366 §3: not with an AEAD */
    t->facts.encrypt_then_mac = (x->seen & EXT_ENCRYPT_THEN_MAC) && t->config.encrypt_then_mac
        && tls_suite_is_cbc(t->facts.suite);
    if (t->facts.encrypt_then_mac)
        w->extensions |= EXT_ENCRYPT_THEN_MAC;
    return choose_protocol(t, h, w, why) && choose_limits(t, h, w, why);
}

/* configure.c - the flags as a config of our engine. */
#include "tests/conformance/bogo/shim.h"
#include "tls/messages.h"
#include "tls/x509/pem.h"

#include <sodium.h>
#include <string.h>

static char *read_file(const char *name, size_t *n)
{
    static char text[1 << 17];
    FILE *f = fopen(name, "r");
    *n = f ? fread(text, 1, sizeof text, f) : 0;
    if (f)
        fclose(f);
    return *n ? text : NULL;
}

static bool read_identity(struct shim *s)
{
    size_t n, used = 0, got = 1;
    char *text = read_file(s->wish->key_file, &n);
    if (!text || !pem_private_key(text, n, &s->key, &s->fault) || !(text = read_file(s->wish->cert_file, &n)))
        return false;
    for (const char *at = text; got && s->identity.n < BOGO_CHAIN; used += got) {
        got = pem_next(&at, text + n, "CERTIFICATE", NULL, s->store + used, sizeof s->store - used, &s->fault);
        if (got)
            s->chain[s->identity.n++] = (struct der){ .at = s->store + used, .n = got };
    }
    s->identity.chain = s->chain;
    s->identity.key = &s->key;
    return !s->fault.ground && s->identity.n;
}

/* DHE is not spoken by the runner. FIPS: what NIST allows, of what the runner tries. */
static bool usual(const struct shim *s, const struct tls_suite *suite)
{
    const bool gcm = suite->kx == TLS_KX_ECDHE && suite->sealing == TLS_SEAL_AEAD && strstr(suite->openssl, "GCM");
    return suite->kx != TLS_KX_DHE && (!s->wish->fips_202205 || gcm);
}

static void add_suite(struct shim *s, const struct tls_suite *suite)
{
    bool there = s->config.n_suites == BOGO_SUITES;
    for (size_t i = 0; i < s->config.n_suites; i++)
        there |= s->suites[i] == suite;
    if (!there)
        s->suites[s->config.n_suites++] = suite;
}

static void drop_suites(struct shim *s, const char *word)
{
    size_t n = 0;
    for (size_t i = 0; i < s->config.n_suites; i++)
        if (!strstr(s->suites[i]->openssl, word))
            s->suites[n++] = s->suites[i];
    s->config.n_suites = n;
}

/* A suite's name, a word that is in the names of several, DEFAULT, or what is taken away again, with an exclamation
 * mark. False: nothing here is meant by it. */
static bool read_suite(struct shim *s, const char *name)
{
    const size_t had = s->config.n_suites;
    const struct tls_suite *one = tls_suite_named(name);
    if (*name == '!') {
        drop_suites(s, name + 1);
        return true;
    }
    if (one)
        add_suite(s, one);
    for (size_t i = 0; i < tls_n_suites && !one; i++)
        if (usual(s, &tls_suites[i]) && (strcmp(name, "DEFAULT") == 0 || strstr(tls_suites[i].openssl, name)))
            add_suite(s, &tls_suites[i]);
    return s->config.n_suites > had;
}

/* Between brackets, with bars between: of one rank. */
static bool choose_suites(struct shim *s)
{
    char names[512];
    uint8_t rank = 0;
    bool good = true, open = false;
    snprintf(names, sizeof names, "%s", s->wish->cipher ? s->wish->cipher : "DEFAULT");
    for (char *name = strtok(names, ":|"); name && good; name = strtok(NULL, ":|")) {
        const size_t had = s->config.n_suites;
        open |= *name == '[';
        name += *name == '[';
        size_t n = strlen(name);
        const bool closes = n && name[n - 1] == ']';
        if (closes)
            name[n - 1] = '\0';
        good = read_suite(s, name);
        for (size_t i = had; i < s->config.n_suites; i++)
            s->ranks[i] = open ? rank : rank++;
        open &= !closes;
        rank = (uint8_t)(rank + closes);
    }
    s->config.suites = s->suites;
    s->config.suite_ranks = s->ranks;
    return good && s->config.n_suites;
}

/* Those of the runner's list that are spoken here. False: there is none. */
static bool choose_groups(struct shim *s)
{
    static const uint16_t most[] = { TLS_X25519, TLS_SECP256R1, TLS_SECP384R1 };
    const struct bogo_list *asked = &s->wish->curves;
    const size_t first = s->wish->fips_202205;         /* X25519 is not NIST's */
    for (size_t i = asked->n ? 0 : first; i < (asked->n ? asked->n : 3) && s->config.n_groups < BOGO_GROUPS; i++) {
        unsigned group = asked->n ? asked->item[i] : most[i];
        if (tls_group_exchange(group) != EXCHANGE_NONE)
            s->groups[s->config.n_groups++] = (uint16_t)group;
    }
    s->config.groups = s->groups;
    return s->config.n_groups > 0;
}

/* What BoringSSL takes, and makes, where nobody says otherwise; the runner knows these lists. */
static const struct bogo_list taken = { { TLS_ECDSA_SECP256R1_SHA256, TLS_RSA_PSS_RSAE_SHA256, TLS_RSA_PKCS1_SHA256,
    TLS_ECDSA_SECP384R1_SHA384, TLS_RSA_PSS_RSAE_SHA384, TLS_RSA_PKCS1_SHA384, TLS_RSA_PSS_RSAE_SHA512,
    TLS_RSA_PKCS1_SHA512, TLS_RSA_PKCS1_SHA1 }, 9 };
static const struct bogo_list made = { { TLS_ED25519, TLS_ECDSA_SECP256R1_SHA256, TLS_RSA_PSS_RSAE_SHA256,
    TLS_RSA_PKCS1_SHA256, TLS_ECDSA_SECP384R1_SHA384, TLS_RSA_PSS_RSAE_SHA384, TLS_RSA_PKCS1_SHA384,
    TLS_ECDSA_SECP521R1_SHA512, TLS_RSA_PSS_RSAE_SHA512, TLS_RSA_PKCS1_SHA512, TLS_ECDSA_SHA1, TLS_RSA_PKCS1_SHA1 },
    12 };
static const struct bogo_list fips = { { TLS_RSA_PKCS1_SHA256, TLS_RSA_PKCS1_SHA384, TLS_RSA_PKCS1_SHA512,
    TLS_ECDSA_SECP256R1_SHA256, TLS_ECDSA_SECP384R1_SHA384, TLS_RSA_PSS_RSAE_SHA256, TLS_RSA_PSS_RSAE_SHA384,
    TLS_RSA_PSS_RSAE_SHA512 }, 8 };
enum { MD5_SHA1 = 0xff01 };                            /* BoringSSL's number for what TLS 1.1 does; not TLS 1.2's */

static bool read_sigalgs(const struct bogo_list *asked, const struct bogo_list *otherwise, uint16_t *out, size_t *n)
{
    const struct bogo_list *list = asked->n ? asked : otherwise;
    for (size_t i = 0; i < list->n; i++) {
        enum key_kind key;
        struct sign_scheme scheme;
        if (tls_sigalg_of(list->item[i], &key, &scheme))
            out[(*n)++] = (uint16_t)list->item[i];
        else if (list->item[i] != MD5_SHA1)
            return false;
    }
    return *n;
}

static bool choose_sigalgs(struct shim *s)
{
    const bool nist = s->wish->fips_202205;
    s->config.sigalgs = s->sigalgs;
    s->config.sign_sigalgs = s->sign_sigalgs;
    return read_sigalgs(&s->wish->verify_prefs, nist ? &fips : &taken, s->sigalgs, &s->config.n_sigalgs)
        && read_sigalgs(&s->wish->signing_prefs, nist ? &fips : &made, s->sign_sigalgs, &s->config.n_sign_sigalgs);
}

/* Names of CAs in DER, in hex with commas between. */
static bool choose_names(struct shim *s)
{
    const char *at = s->wish->use_client_ca_list;
    size_t used = 0;
    if (!at || *at == '<')                            /* <NULL>, <EMPTY> */
        return true;
    while (*at && s->names.n < BOGO_NAMES) {
        size_t n = 0;
        if (sodium_hex2bin(s->name_store + used, sizeof s->name_store - used, at, strcspn(at, ","), NULL, &n, NULL))
            return false;
        s->named[s->names.n++].subject = (struct bytes){ s->name_store + used, n };
        used += n;
        at += strcspn(at, ",");
        at += *at == ',';
    }
    s->names.anchors = s->named;
    s->config.client_names = &s->names;
    return !*at;
}

/* Names with a length of one octet before each, or one name alone. */
static void choose_protocols(struct shim *s)
{
    const char *many = s->wish->advertise_alpn, *at = many;
    static char store[256];
    char *to = store;
    for (; many && *at && s->config.n_protocols < BOGO_PROTOCOLS; at += 1 + (unsigned char)*at) {
        s->protocols[s->config.n_protocols++] = to;
        to += snprintf(to, (size_t)(store + sizeof store - to), "%.*s", (unsigned char)*at, at + 1) + 1;
    }
    if (s->wish->server && s->wish->select_alpn)
        s->protocols[s->config.n_protocols++] = s->wish->select_alpn;
    if (s->wish->server && s->wish->reject_alpn)
        s->protocols[s->config.n_protocols++] = "(what nobody speaks)";
    s->config.protocols = s->protocols;
}

static void configure_server(struct shim *s)
{
    const struct bogo_wish *w = s->wish;
    s->config.sessions = s->memory->sessions;
    s->config.tickets = w->no_ticket ? NULL : &s->memory->tickets;
    if (w->renew_ticket && s->again)                  /* the key's time is over */
        s->memory->tickets.current.made -= s->memory->tickets.lifetime;
    s->config.client_order = !w->server_preference && !w->cipher;      /* whoever has an order means it */
    if (!w->set_ocsp_in_callback && !w->decline_ocsp_callback)
        s->identity.staple = (struct bytes){ w->ocsp_response.at, w->ocsp_response.n };
    s->identity.scts = (struct bytes){ w->signed_cert_timestamps.at, w->signed_cert_timestamps.n };
    if (w->verify_peer || w->require_any_client_certificate)
        s->config.client_certificate = w->require_any_client_certificate ? TLS_CLIENT_REQUIRE : TLS_CLIENT_ASK;
}

static void configure_client(struct shim *s)
{
    static const uint8_t nowhere[4] = { 127, 0, 0, 1 };
    const struct bogo_wish *w = s->wish;
    s->config.session = &s->memory->session;
    s->config.insecure = true;                        /* nobody vouches for the runner's certificates */
    s->config.host = w->host_name ? w->host_name : "127.0.0.1";
    if (!w->host_name)                                /* an address is not told in SNI */
        s->config.ip = (struct bytes){ nowhere, sizeof nowhere };
    s->config.grease = w->enable_grease;
    s->config.fallback = w->fallback_scsv;
    s->config.ask_ocsp = w->enable_ocsp_stapling;
    s->config.ask_scts = w->enable_signed_cert_timestamps;
}

int bogo_configure(struct shim *s)
{
    const struct bogo_wish *w = s->wish;
    if (w->no_tls12 || w->min_version > TLS_1_2 || (w->max_version && w->max_version < TLS_1_2)
        || (w->expect_version && w->expect_version != TLS_1_2))
        return bogo_leave_out("another version than TLS 1.2");
    if (w->ticket_key.given || w->max_cert_list || w->total_renegotiations)
        return bogo_leave_out("a part of TLS");
    if (!choose_suites(s) || !choose_groups(s))
        return bogo_leave_out("a suite or a group");
    if (!choose_sigalgs(s))
        return bogo_leave_out("a signature algorithm");
    choose_protocols(s);
    if (w->key_file && !read_identity(s))
        return bogo_leave_out(s->fault.ground ? s->fault.ground->id : "the certificate's file");
    if (!choose_names(s))
        return bogo_leave_out("names of CAs");
    s->config.server = w->server;
    s->config.chance = &s->memory->chance;
    s->config.legacy = true;
    s->config.trust = &s->trust;
    s->config.identities = &s->identity;
    s->config.n_identities = w->key_file != NULL;
    s->config.exporter = w->export_keying_material > 0;
    s->config.send_limit = (uint16_t)w->max_send_fragment;
    s->config.renegotiation_ends = !w->renegotiate_ignore;
    w->server ? configure_server(s) : configure_client(s);
    bogo_listen(s);
    return 0;
}

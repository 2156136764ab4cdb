#include "cmd/wanted_tls.h"
#include "cmd/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX = 64 };

/* The next name of a list, whose parts stand between colons (openssl) or commas (curl). False: there is none. */
static bool next_name(const char **at, char name[NAME_MAX])
{
    size_t n;
    *at += strspn(*at, ":, ");
    n = strcspn(*at, ":, ");
    snprintf(name, NAME_MAX, "%.*s", (int)(n < NAME_MAX ? n : NAME_MAX - 1), *at);
    *at += n;
    return n;
}

static bool unknown(const struct command *c, const char *option, const char *name, const char *list)
{
    complain("vitrine %s: %s has %s, which is not spoken here; %s", c->name, option, name, list);
    return false;
}

static bool is(const char *value, const char *text) { return value && strcmp(value, text) == 0; }

/* In the order of our table: what --kx names, everything with --legacy, or what is usual. */
static size_t suites_of(const char *kx, bool legacy, const struct tls_suite **out, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; !kx && !legacy && i < TLS_USUAL_SUITES && n < room; i++)
        out[n++] = tls_usual_suites[i];
    if (n)
        return n;
    for (size_t i = 0; i < tls_n_suites && n < room; i++) {
        const struct tls_suite *s = &tls_suites[i];
        const bool named = !kx || tls_same_name(kx, tls_kx_words(s->kx));
        if (named && (s->kx != TLS_KX_ECDHE || legacy || tls_suite_usual(s)))
            out[n++] = s;
    }
    return n;
}

static bool named_suites(const struct command *c, const char *list, struct wanted_tls *w, size_t *n)
{
    char name[NAME_MAX];
    while (next_name(&list, name)) {
        const struct tls_suite *s = tls_suite_named(name);
        if (is(name, "DEFAULT"))
            *n += suites_of(NULL, false, w->suites + *n, WANTED_SUITES - *n);
        else if (!s)
            return unknown(c, "--ciphers", name, "`vitrine visit --cipher ?` lists what is");
        else if (*n < WANTED_SUITES)
            w->suites[(*n)++] = s;
    }
    return *n || unknown(c, "--ciphers", "no suite", "`vitrine visit --cipher ?` lists what is");
}

/* One sentence where one of the old ways was asked for. */
static void say_why_not(const struct wanted_tls *w, size_t n)
{
    bool rsa = false, dhe = false;
    for (size_t i = 0; i < n; i++) {
        rsa |= w->suites[i]->kx == TLS_KX_RSA;
        dhe |= w->suites[i]->kx == TLS_KX_DHE;
    }
    if (rsa)
        complain("vitrine: the RSA key exchange was asked for by name: whoever records this and gets "
                 "the server's key later can read it (no forward secrecy; deprecated by RFC 10015)");
    else if (dhe)
        complain("vitrine: the DHE key exchange was asked for by name: too many servers have weak groups or use an "
                 "exponent twice (Logjam, Raccoon; deprecated by RFC 10015)");
}

static bool read_suites(const struct command *c, const char *const *values, struct wanted_tls *w,
                        struct tls_config *config)
{
    const char *list = values[OPT_CIPHERS] ? values[OPT_CIPHERS] : values[OPT_CIPHER];
    size_t n = 0;
    if (list && !named_suites(c, list, w, &n))
        return false;
    if (!list)
        n = suites_of(values[OPT_KX], values[OPT_LEGACY] != NULL, w->suites, WANTED_SUITES);
    say_why_not(w, n);
    config->suites = w->suites;
    config->n_suites = n;
    return true;
}

static bool read_groups(const struct command *c, const char *list, struct wanted_tls *w, struct tls_config *config)
{
    char name[NAME_MAX];
    size_t n = 0;
    for (size_t i = 0; !list && i < tls_n_groups && n < WANTED_GROUPS; i++)
        w->groups[n++] = tls_groups[i];
    while (list && next_name(&list, name)) {
        unsigned group = tls_group_named(name);
        if (!group)
            return unknown(c, "--curves", name, "X25519, P-256, P-384, P-521, ffdhe2048, ffdhe3072 and ffdhe4096 are");
        if (n < WANTED_GROUPS)
            w->groups[n++] = (uint16_t)group;
    }
    config->groups = w->groups;
    config->n_groups = n;
    return true;
}

static bool read_sigalgs(const struct command *c, const char *list, struct wanted_tls *w, struct tls_config *config)
{
    char name[NAME_MAX];
    size_t n = 0;
    while (list && next_name(&list, name)) {
        unsigned sigalg = tls_sigalg_named(name);
        enum key_kind key;
        struct sign_scheme scheme;
        if (!sigalg)
            return unknown(c, "--sigalgs", name, "names are those of RFC 8446 §4.2.3, or openssl's");
        if (tls_sigalg_of(sigalg, &key, &scheme) && scheme.hash == HASH_SHA1 && !config->legacy) {
            complain("vitrine %s: %s needs --legacy: SHA-1 signs nothing any more (RFC 9155)", c->name, name);
            return false;
        }
        if (n < WANTED_SIGALGS)
            w->sigalgs[n++] = (uint16_t)sigalg;
    }
    config->sigalgs = w->sigalgs;
    config->n_sigalgs = n;                            /* 0: as usual */
    return true;
}

/* "none": no ALPN. */
static bool read_protocols(const struct command *c, const char *list, struct wanted_tls *w, struct tls_config *config)
{
    char name[NAME_MAX], *to = w->text;
    size_t n = 0;
    list = !list ? "http/1.1" : is(list, "none") ? "" : list;
    while (next_name(&list, name)) {
        size_t room = (size_t)(w->text + WANTED_TEXT - to), used = strlen(name) + 1;
        if (n == WANTED_PROTOCOLS || used > room) {
            complain("vitrine %s: --alpn has too many protocols", c->name);
            return false;
        }
        memcpy(to, name, used);
        w->protocols[n++] = to;
        to += used;
    }
    config->protocols = w->protocols;
    config->n_protocols = n;
    return true;
}

bool wanted_limits(const char *const *values, uint16_t *record_size_limit, uint8_t *max_fragment)
{
    const char *limit = values[OPT_RECORD_LIMIT], *fragment = values[OPT_MAX_FRAGMENT];
    uint64_t octets = 0;
    if (limit && !option_between(OPT_RECORD_LIMIT, limit, 64, TLS_RECORD_MAX, &octets))
        return false;
    *record_size_limit = (uint16_t)octets;
    *max_fragment = 0;
    for (unsigned code = 1; fragment && code <= 4; code++)         /* RFC 6066 §4: 2^9 to 2^12 */
        if (strtoul(fragment, NULL, 10) == 256u << code)
            *max_fragment = (uint8_t)code;
    return true;
}

bool wanted_cpu(const struct command *c, struct cpu *cpu)
{
    const char *forms = getenv("VITRINE_CPU");
    char words[CPU_WORDS];
    *cpu = cpu_found();
    if (!forms || cpu_force(cpu, forms))
        return true;
    complain("vitrine %s: VITRINE_CPU is %s; it can be portable, or of %s some with + between them",
             c->name, forms, cpu_words(cpu, words));
    return false;
}

bool wanted_tls(const struct command *c, const char *const *values, struct wanted_tls *w, struct tls_config *config)
{
    config->legacy = values[OPT_LEGACY] != NULL;
    config->grease = values[OPT_GREASE] != NULL;
    config->client_order = values[OPT_CLIENT_ORDER] != NULL;
    config->encrypt_then_mac = true;
    config->cpu = &w->cpu;
    return read_suites(c, values, w, config)
        && read_groups(c, values[OPT_CURVES] ? values[OPT_CURVES] : values[OPT_GROUP], w, config)
        && read_sigalgs(c, values[OPT_SIGALGS], w, config) && read_protocols(c, values[OPT_ALPN], w, config)
        && wanted_limits(values, &config->record_size_limit, &config->max_fragment)
        && wanted_cpu(c, &w->cpu);
}

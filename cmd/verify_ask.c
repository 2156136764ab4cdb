#define _POSIX_C_SOURCE 200809L
#include "cmd/verify.h"
#include "cmd/words.h"
#include "net/idn.h"

#include <string.h>
#include <time.h>

/* ---- who is meant ---- */

static bool read_host(struct verify *v, const char *host)
{
    struct fault why = { 0 };
    if (addr_parse(host, strlen(host), &v->ip)) {     /* RFC 9525 §2: an address is never a DNS name */
        v->ask.ip = (struct bytes){ v->ip.octets, v->ip.len };
        return true;
    }
    bool ascii = true;
    for (const char *at = host; *at; at++)
        ascii &= (uint8_t)*at < 0x80;
    v->ask.host = ascii ? host : v->host;             /* of ASCII nothing is wrong before it is compared */
    if (!*host) {
        complain("vitrine verify: --host wants a name");
        return false;
    }
    if (ascii || idn_to_ascii(host, v->host, &why))
        return true;
    words_fault(stderr, &why);
    return false;
}

static bool read_ip(struct verify *v, const char *text)
{
    if (!addr_parse(text, strlen(text), &v->ip)) {
        complain("vitrine verify: --ip is an IPv4 or IPv6 address, not %s", text);
        return false;
    }
    v->ask.ip = (struct bytes){ v->ip.octets, v->ip.len };
    return true;
}

static bool read_who(struct verify *v, const char *const *values)
{
    const char *host = values[OPT_HOST], *ip = values[OPT_IP];
    bool client = values[OPT_AS_CLIENT];
    if (!!host + !!ip + client > 1) {
        complain("vitrine verify: one of --host, --ip and --client");
        return false;
    }
    const char *profile = values[OPT_PROFILE] ? values[OPT_PROFILE] : host || ip || client ? "web" : "pkix";
    v->ask.profile = x509_profile_named(profile);
    /* RFC 5280 does not say what a leaf's key is for, TLS does. */
    bool tls = v->ask.profile == X509_WEB || v->ask.profile == X509_BR;
    v->ask.purpose = client ? X509_CLIENT : host || ip ? X509_SERVER : 0;
    /* who has the TLS feature status_request must bring a response along: it would be stapled, here it is --ocsp's */
    v->ask.staple_asked = tls && (host || ip);
    v->ask.key_usage = tls && (client || host || ip) ? X509_DIGITAL_SIGNATURE : 0;
    return (!host || read_host(v, host)) && (!ip || read_ip(v, ip));
}

/* ---- when, and by which policies ---- */

/* A nsec reaches from 1678 to 2261; what lies beyond is taken for its end, as the dates of certificates are. */
static bool read_at(struct verify *v, const char *text)
{
    static const uint64_t most = (uint64_t)(DER_TIME_MAX / SECOND);
    uint64_t seconds;
    if (!text) {
        struct timespec t;
        clock_gettime(CLOCK_REALTIME, &t);
        v->ask.at = (nsec)t.tv_sec * SECOND;
        return true;
    }
    bool before = *text == '-';
    if (!option_number(OPT_AT, text + before, INT64_MAX, &seconds))
        return false;
    nsec at = (nsec)(seconds < most ? seconds : most) * SECOND;
    v->ask.at = before ? -at : at;
    return true;
}

static bool read_policies(struct verify *v, const char *const *values)
{
    struct x509_policy_ask *p = &v->ask.policy;
    const char *text;
    for (unsigned i = 0; (text = option_again(values, OPT_POLICY, i)) != NULL; i++) {
        if (!x509_policy_oid(text, v->oids[i], &v->policies[i])) {
            complain("vitrine verify: --policy is an object identifier as 2.23.140.1.2.1, not %s", text);
            return false;
        }
        p->n = i + 1;
    }
    p->initial = v->policies;
    p->explicit_policy = values[OPT_EXPLICIT_POLICY] || p->n;          /* who names one wants one */
    p->inhibit_mapping = values[OPT_INHIBIT_MAPPING];
    p->inhibit_any = values[OPT_INHIBIT_ANY_POLICY];
    return true;
}

static bool read_depth(struct verify *v, const char *text)
{
    uint64_t depth = 0;
    if (text && !option_number(OPT_MAX_DEPTH, text, 1000, &depth))
        return false;
    v->ask.has_max_depth = text;
    v->ask.max_depth = (unsigned)depth;
    return true;
}

bool verify_ask_read(struct verify *v, const char *const *values, const char *leaf)
{
    v->name = leaf;
    v->ask = (struct x509_ask){ .trust = &v->trust, .untrusted = &v->untrusted, .cost = &v->cost,
                                .need_status = values[OPT_NEED_STATUS] };
    if (values[OPT_BYTES] && values[OPT_VERDICT_JSON]) {
        complain("vitrine verify: one of --json and --bytes");
        return false;
    }
    return read_who(v, values) && read_at(v, values[OPT_AT]) && read_policies(v, values)
        && read_depth(v, values[OPT_MAX_DEPTH]) && verify_files_read(v, values);
}

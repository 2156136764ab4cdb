#include "http/attacker.h"

#include <string.h>

enum { POOL = 1 << 20, DAY = 86400, CN_MAX = 64 };

static const struct ground no_memory = { "visit.no_memory", "RFC 9293 §3.10.1" };
static const char his_name[] = "www.attacker.test";

/* He draws a key, calls it a CA, and lets it vouch for whatever he likes: everybody can. Nobody trusts it. */
static bool own_ca(struct attacker *a, const struct attacker_plan *p)
{
    struct chance *chance = p->chance_of(p->self, 0);
    struct private_key ca_key;
    struct x509_cert ca_cert;
    nsec begin = p->now / SECOND * SECOND - (nsec)DAY * SECOND;
    key_make(&ca_key, KEY_P256, chance, "attacker_ca_key", NULL);
    key_make(&a->key, KEY_P256, chance, "attacker_key", NULL);
    struct x509_issue ca = { .subject_cn = "Honest Root", .signer = &ca_key, .key = &ca_key.pub,
                             .not_before = begin, .not_after = begin + 31 * (nsec)DAY * SECOND, .ca = true,
                             .path_len = 0, .usage = X509_KEY_CERT_SIGN };
    x509_make_serial(&ca, chance);
    a->chain[1] = (struct der){ .at = a->der[1], .n = x509_issue(&ca, chance, a->der[1], ATTACKER_DER) };
    struct x509_issue leaf = { .subject_cn = strlen(p->host) <= CN_MAX ? p->host : NULL, .issuer = &ca_cert,
                               .signer = &ca_key, .key = &a->key.pub, .not_before = begin,
                               .not_after = ca.not_after, .path_len = -1, .usage = X509_DIGITAL_SIGNATURE,
                               .server_auth = true, .dns = &p->host, .n_dns = 1 };
    x509_make_serial(&leaf, chance);
    bool good = a->chain[1].n && x509_read_cert(&a->chain[1], NULL, &ca_cert, NULL);
    a->chain[0] = (struct der){ .at = a->der[0], .n = good ? x509_issue(&leaf, chance, a->der[0], ATTACKER_DER)
                                                          : 0 };
    key_wipe(&ca_key);
    return a->chain[0].n > 0;
}

static bool own_name(struct attacker *a, const struct attacker_plan *p, struct fault *why)
{
    if (!classroom_issue(&a->classroom, p->auth, his_name, p->now, p->chance_of(p->self, 0), why))
        return false;
    a->chain[0] = a->classroom.leaf.der;
    a->chain[1] = a->classroom.intermediate.der;
    a->key = a->classroom.leaf_key;
    return true;
}

static bool serve(struct attacker *a, const struct attacker_plan *p, struct fault *why)
{
    static const struct ground no_certificate = { "x509.classroom", "RFC 5280 §4.1" };
    size_t n = 0;
    if (p->serves == ATTACKER_SERVES_OWN_NAME ? !own_name(a, p, why) : !own_ca(a, p))
        return refuse(why, &no_certificate, "a certificate for the attacker", "it could not be made");
    for (size_t i = 0; i < tls_n_suites && n < sizeof a->suites / sizeof *a->suites; i++)
        if (tls_auth_fits(tls_suites[i].auth, a->key.pub.kind))
            a->suites[n++] = &tls_suites[i];
    a->groups[0] = TLS_X25519;
    a->groups[1] = TLS_SECP256R1;
    a->groups[2] = TLS_FFDHE2048;
    a->identity = (struct tls_identity){ .chain = a->chain, .n = 2, .key = &a->key };
    a->tls = (struct tls_config){ .server = true, .suites = a->suites, .n_suites = n, .groups = a->groups,
                                  .n_groups = 3, .identities = &a->identity, .n_identities = 1 };
    made_pages_start(&a->pages, p->seed, p->size);
    a->web = web_new(&(struct web_config){ .tls = p->https ? &a->tls : NULL, .chance = p->chance_of, .self = p->self,
                                           .pages = &a->pages.pages, .port = p->port, .connections = 8 },
                     a->host, why);
    return a->web != NULL;
}

bool attacker_start(struct attacker *a, const struct attacker_plan *p, struct fault *why)
{
    *a = (struct attacker){ 0 };
    pool_start(&a->pool, POOL);
    struct stack *s = stack_new(&(struct stack_config){ .addr = p->addr, .mtu = PACKET_MTU,
                                                        .prefix = p->addr.len == 16 ? 64 : 24,
                                                        .connections = 16, .backlog = 8, .pool = &a->pool,
                                                        .chance = p->chance_of(p->self, 0), .voice = p->voice });
    a->host = s ? stack_host(s) : NULL;
    if (!s)
        return refuse(why, &no_memory, "memory for an attacker", "there is none");
    return p->serves == ATTACKER_SERVES_NOTHING || serve(a, p, why);
}

void attacker_free(struct attacker *a)
{
    web_free(a->web);
    if (a->host)
        a->host->ops->free(a->host);
    pool_end(&a->pool);
    key_wipe(&a->key);
}

#include "tls/x509/classroom_keys.h"
#include "tls/x509/issue.h"

#include <string.h>

static const struct ground cannot_issue = { "x509.classroom", "RFC 5280 §4.1" };

static const char ca_organization[] = "never trust outside a lesson";
enum { CN_MAX = 64 };

/* From the midnight (UTC) before yesterday's end to 30 days after: whole days, so that a class sees plain
 * dates. One that was planned otherwise stays as it is. */
static void set_validity(struct x509_issue *i, nsec now)
{
    const nsec day = 86400 * SECOND;
    if (i->not_after)
        return;
    i->not_before = now / day * day - day;
    i->not_after = i->not_before + 31 * day;
}

static bool issue_one(struct x509_issue *i, nsec now, struct chance *chance, uint8_t *der, size_t room,
                      struct x509_cert *cert, struct fault *why)
{
    set_validity(i, now);
    x509_make_serial(i, chance);
    size_t n = x509_issue(i, chance, der, room);
    if (n == 0)
        return refuse_about(why, &cannot_issue, i->subject_cn ? i->subject_cn : "leaf",
                            "a certificate of at most 1500 octets", "it does not fit");
    return x509_read_cert(&(struct der){ .at = der, .n = n }, NULL, cert, why);
}

void classroom_plan(struct classroom_plan *p, const struct classroom *c, enum key_kind kind, const char *host)
{
    const struct private_key *keys = kind == KEY_RSA ? classroom_rsa_keys : classroom_p256_keys;
    const struct private_key *root = &keys[CLASSROOM_ROOT], *intermediate = &keys[CLASSROOM_INTERMEDIATE];
    *p = (struct classroom_plan){ .names = { host }, .leaf_key = &keys[CLASSROOM_LEAF] };
    p->root = (struct x509_issue){
        .subject_cn = "Vitrine Classroom Root - its private key is public", .subject_o = ca_organization,
        .signer = root, .key = &root->pub, .ca = true, .path_len = -1,
        .usage = X509_KEY_CERT_SIGN | X509_CRL_SIGN,
        .permitted_dns = "test", .exclude_all_ip = true,
    };
    p->intermediate = (struct x509_issue){
        .subject_cn = "Vitrine Classroom Intermediate", .subject_o = ca_organization,
        .issuer = &c->root, .signer = root, .key = &intermediate->pub, .ca = true, .path_len = 0,
        .usage = X509_KEY_CERT_SIGN | X509_CRL_SIGN,
    };
    p->leaf = (struct x509_issue){
        .subject_cn = strlen(host) <= CN_MAX ? host : NULL,
        .issuer = &c->intermediate, .signer = intermediate, .key = &p->leaf_key->pub, .path_len = -1,
        .usage = X509_DIGITAL_SIGNATURE | (kind == KEY_RSA ? X509_KEY_ENCIPHERMENT : 0), .server_auth = true,
        .dns = p->names, .n_dns = 1,
    };
}

bool classroom_carry_out(struct classroom *c, struct classroom_plan *p, nsec now, struct chance *chance,
                         struct fault *why)
{
    c->leaf_key = *p->leaf_key;
    return issue_one(&p->root, now, chance, c->root_der, sizeof c->root_der, &c->root, why)
        && issue_one(&p->intermediate, now, chance, c->intermediate_der, sizeof c->intermediate_der,
                     &c->intermediate, why)
        && issue_one(&p->leaf, now, chance, c->leaf_der, sizeof c->leaf_der, &c->leaf, why);
}

bool classroom_issue(struct classroom *c, enum key_kind kind, const char *host, nsec now,
                     struct chance *chance, struct fault *why)
{
    struct classroom_plan plan;
    classroom_plan(&plan, c, kind, host);
    return classroom_carry_out(c, &plan, now, chance, why);
}

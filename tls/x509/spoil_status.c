/* Ways that are about what a CA says of its certificates afterwards. */
#include "tls/x509/crl_write.h"
#include "tls/x509/ocsp_write.h"
#include "tls/x509/spoil_inside.h"

#define DAY (86400 * SECOND)

static void must_staple(struct spoiling *s) { s->issue->must_staple = true; }
const struct spoil_hands hands_must_staple_without = { .fields = must_staple };

/* The CA's list of these days, with the leaf or somebody else on it. */
static bool list(struct x509_scene *s, nsec from, nsec until, const struct x509_cert *revoked)
{
    static const uint8_t others[] = { 1, 2, 3 };
    const struct x509_crl_line line = { .serial = revoked ? revoked->serial : (struct bytes){ others, sizeof others },
                                        .date = from - DAY, .reason = revoked ? 1 : 0 };
    const struct x509_crl_issue crl = {
        .issuer = &s->certs[SCENE_CA].cert, .signer = &s->certs[SCENE_CA].key, .number = 1, .this_update = from,
        .next_update = until, .lines = &line, .n_lines = 1,
    };
    s->crl = (struct bytes){ s->crl_octets, x509_write_crl(&crl, s->chance, s->crl_octets, sizeof s->crl_octets) };
    return s->crl.n > 0;
}

static nsec today(const struct x509_scene *s) { return s->at / DAY * DAY; }

static bool revoked(struct x509_scene *s)
{
    return list(s, today(s) - DAY, today(s) + 6 * DAY, &s->certs[SCENE_LEAF].cert);
}
static bool not_on_list(struct x509_scene *s) { return list(s, today(s) - DAY, today(s) + 6 * DAY, NULL); }
static bool stale(struct x509_scene *s)       { return list(s, today(s) - 20 * DAY, today(s) - 13 * DAY, NULL); }
const struct spoil_hands hands_revoked = { .arrange = revoked };
const struct spoil_hands hands_crl_others = { .arrange = not_on_list };
const struct spoil_hands hands_crl_stale = { .arrange = stale };

static bool respond(struct x509_scene *s, enum x509_ocsp_status status)
{
    const struct x509_ocsp_line line = { .serial = s->certs[SCENE_LEAF].cert.serial, .status = status,
                                         .revoked = status == X509_STATUS_REVOKED ? today(s) - 2 * DAY : 0 };
    const struct x509_ocsp_issue answer = {
        .issuer = &s->certs[SCENE_CA].cert, .lines = &line, .n_lines = 1, .signer = &s->certs[SCENE_CA].key,
        .responder = &s->certs[SCENE_CA].cert, .produced = today(s), .from = today(s), .until = today(s) + 7 * DAY,
    };
    s->ocsp = (struct bytes){ s->ocsp_octets,
                              x509_write_ocsp(&answer, s->chance, s->ocsp_octets, sizeof s->ocsp_octets) };
    return s->ocsp.n > 0;
}

static bool says_revoked(struct x509_scene *s) { return respond(s, X509_STATUS_REVOKED); }
static bool says_good(struct x509_scene *s)    { return respond(s, X509_STATUS_GOOD); }
static void leaf_must_staple(struct x509_scene *s) { s->certs[SCENE_LEAF].issue.must_staple = true; }
const struct spoil_hands hands_ocsp_revoked = { .arrange = says_revoked };
const struct spoil_hands hands_must_staple_with = { .plan = leaf_must_staple, .arrange = says_good };

#include "tests/lib/ocsp_made.h"

#include "tests/lib/check.h"
#include "tls/x509/classroom_keys.h"
#include "tls/x509/ocsp_write.h"

struct ocsp_made ocsp_made(const struct x509_cert *cert, const struct x509_cert *issuer, const struct private_key *signer,
                           nsec now)
{
    return (struct ocsp_made){ .cert = cert, .issuer = issuer, .hash = HASH_SHA1, .from = now - 3600 * SECOND,
                               .until = now + 3600 * SECOND, .signer = signer, .responder = issuer };
}

static struct x509_ocsp_line line(const struct ocsp_made *m, const struct x509_cert *cert, enum x509_ocsp_status status)
{
    return (struct x509_ocsp_line){ .serial = cert->serial, .status = status, .revoked = m->from - 3600 * SECOND };
}

size_t ocsp_made_write(const struct ocsp_made *m, uint8_t der[OCSP_MADE_MAX])
{
    struct test_chance chance = test_chance(3);
    struct x509_ocsp_line lines[2];
    size_t n = 0;
    if (m->other)
        lines[n++] = line(m, m->other, X509_STATUS_REVOKED);
    lines[n++] = line(m, m->cert, m->status);
    const struct x509_ocsp_issue issue = {
        .answer = m->answer, .issuer = m->issuer, .lines = lines, .n_lines = n, .hash = m->hash, .produced = m->from,
        .from = m->from, .until = m->until, .nonce = m->nonce, .extras = m->extra, .n_extras = m->extra != NULL,
        .signer = m->signer, .responder = m->responder,
        .by_key = m->by_key, .with_responder = m->with_responder };
    size_t written = x509_write_ocsp(&issue, &chance.chance, der, OCSP_MADE_MAX);
    if (!written)
        ck_abort_msg("no OCSP response was made");
    return written;
}

struct x509_cert ocsp_made_delegate(const struct x509_cert *issuer, const struct private_key *issuers_key, nsec now,
                                    uint8_t der[OCSP_MADE_MAX])
{
    static const char *const purposes[] = { "1.3.6.1.5.5.7.3.9" };
    struct test_chance chance = test_chance(7);
    struct x509_cert cert;
    const struct x509_issue issue = { .subject_cn = "Responder", .issuer = issuer, .signer = issuers_key,
                                      .key = &classroom_p256_keys[CLASSROOM_LEAF].pub, .serial = { 9 }, .serial_n = 1,
                                      .not_before = now - 3600 * SECOND, .not_after = now + 3600 * SECOND,
                                      .path_len = -1, .usage = X509_DIGITAL_SIGNATURE, .purposes = purposes,
                                      .n_purposes = 1 };
    const size_t n = x509_issue(&issue, &chance.chance, der, OCSP_MADE_MAX);
    if (!x509_read_cert(&(struct der){ der, n, 0 }, NULL, &cert, NULL))
        ck_abort_msg("no responder's certificate was made");
    return cert;
}

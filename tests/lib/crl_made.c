#include "tests/lib/crl_made.h"

#include "tests/lib/check.h"

size_t crl_made_write(enum crl_made kind, const struct x509_cert *issuer, const struct private_key *signer,
                      const struct x509_cert *revoked, nsec now, uint8_t out[CRL_MADE_MAX])
{
    static const uint8_t name[] = { 0x30, 0x06, 0x82, 0x04, 't', 'e', 's', 't' };
    static const uint8_t date[] = { 0x18, 0x0f, '2', '0', '2', '0', '0', '1', '0', '1', '0', '0', '0', '0', '0', '0',
                                    'Z' };
    const struct x509_extra extras[] = { { "2.5.29.24", false, { date, sizeof date } },
                                         { "2.5.29.29", true, { name, sizeof name } } };
    struct test_chance chance = test_chance(6);
    struct x509_crl_line lines[2] = { { .serial = issuer->serial, .date = now, .reason = 6 },
                                      { .serial = revoked->serial, .date = now, .reason = 1, .extras = extras,
                                        .n_extras = kind == CRL_MADE_INDIRECT ? 2 : 1 } };
    struct x509_crl_issue i = { .issuer = issuer, .signer = signer, .number = 5, .this_update = now - 3600 * SECOND,
                                .next_update = now + 3600 * SECOND, .lines = lines,
                                .n_lines = kind == CRL_MADE_EMPTY ? 0 : 2 };
    i.user_only = kind == CRL_MADE_SCOPED;
    i.reasons = kind == CRL_MADE_SCOPED ? 1u << 1 | 1u << 8 : 0;
    i.point_uri = kind == CRL_MADE_SCOPED ? "http://crl.test/" : NULL;
    i.delta = kind == CRL_MADE_DELTA;
    i.base = 5;
    i.number += i.delta;
    i.indirect = kind == CRL_MADE_INDIRECT;
    size_t n = x509_write_crl(&i, &chance.chance, out, CRL_MADE_MAX);
    if (!n)
        ck_abort_msg("no list was made");
    return n;
}

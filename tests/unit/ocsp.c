/* What an OCSP response must be to vouch for a certificate: one thing wrong is a refusal, and no octet may be another. */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"
#include "tests/lib/ocsp_made.h"
#include "tls/x509/ocsp.h"

#include <string.h>

static uint8_t der[OCSP_MADE_MAX];

static enum x509_ocsp judge_octets(const struct test_chain *c, size_t n)
{
    return x509_ocsp_judge((struct bytes){ der, n }, &c->leaf.cert, &c->intermediate.cert, TEST_NOW).says;
}

static enum x509_ocsp judge(const struct test_chain *c, const struct ocsp_made *m)
{
    return judge_octets(c, ocsp_made_write(m, der));
}

static struct ocsp_made good(const struct test_chain *c)
{
    return ocsp_made(&c->leaf.cert, &c->intermediate.cert, &classroom_p256_keys[CLASSROOM_INTERMEDIATE], TEST_NOW);
}

/* A responder of its own, signed by that one; `purpose`: the last octet of its id-kp (9: OCSPSigning). */
static void name_responder(struct test_chain *c, struct test_cert *r, enum classroom_role signer, unsigned purpose)
{
    char oid[] = "2b 06 01 05 05 07 03 0#";
    r->issue = c->leaf.issue;
    r->issue.subject_cn = "Responder";
    r->issue.key = &classroom_p256_keys[CLASSROOM_LEAF].pub;
    test_issue(r);
    oid[sizeof oid - 2] = (char)('0' + purpose);
    test_replace(r, "2b 06 01 05 05 07 03 01", oid);
    test_resign(r, signer);
}

START_TEST(what_vouches)
{
    struct test_chain *c = test_chain_new();
    struct test_cert responder = { .n = 0 };
    for (enum hash_kind hash = HASH_SHA1; hash <= HASH_SHA512; hash++)
        for (int by_key = 0; by_key < 2; by_key++)
            for (int dated = 0; dated < 2; dated++) {
                struct ocsp_made m = good(c);
                m.hash = hash;
                m.by_key = by_key;
                m.until = dated ? m.until : 0;
                ck_assert_int_eq(judge(c, &m), OCSP_GOOD);
            }
    struct ocsp_made m = good(c);
    m.other = &c->intermediate.cert;                   /* among several, the word about this one */
    ck_assert_int_eq(judge(c, &m), OCSP_GOOD);
    name_responder(c, &responder, CLASSROOM_INTERMEDIATE, 9);
    for (int by_key = 0; by_key < 2; by_key++) {
        m = good(c);
        m.responder = &responder.cert;
        m.signer = &classroom_p256_keys[CLASSROOM_LEAF];
        m.with_responder = true;
        m.by_key = by_key;
        ck_assert_int_eq(judge(c, &m), OCSP_GOOD);
    }
    test_chain_free(c);
}
END_TEST

START_TEST(what_does_not)
{
    struct test_chain *c = test_chain_new();
    struct ocsp_made m = good(c);
    m.status = X509_STATUS_REVOKED;
    ck_assert_int_eq(judge(c, &m), OCSP_REVOKED);
    m.status = X509_STATUS_UNKNOWN;
    ck_assert_int_eq(judge(c, &m), OCSP_UNKNOWN);
    m = good(c);
    m.cert = &c->intermediate.cert;                    /* another serial number */
    ck_assert_int_eq(judge(c, &m), OCSP_NOT_ABOUT);
    m = good(c);
    m.issuer = &c->root.cert;                          /* the number, of another issuer */
    ck_assert_int_eq(judge(c, &m), OCSP_NOT_ABOUT);
    struct x509_cert twin = c->intermediate.cert;
    twin.subject = c->root.cert.subject;               /* the key, under another name, ... */
    m = good(c);
    m.issuer = &twin;
    ck_assert_int_eq(judge(c, &m), OCSP_NOT_ABOUT);
    twin = c->intermediate.cert;
    twin.spki = c->root.cert.spki;                     /* ... and the name, with another key */
    ck_assert_int_eq(judge(c, &m), OCSP_NOT_ABOUT);
    m = good(c);
    m.signer = &classroom_p256_keys[CLASSROOM_LEAF];   /* in the issuer's name, by another key */
    ck_assert_int_eq(judge(c, &m), OCSP_FORGED);
    m = good(c);
    m.responder = &c->root.cert;                       /* in another name, by the issuer's key */
    ck_assert_int_eq(judge(c, &m), OCSP_FORGED);
    m = good(c);
    m.until = TEST_NOW - X509_OCSP_SKEW - SECOND;
    ck_assert_int_eq(judge(c, &m), OCSP_TOO_OLD);
    m.until = 0;
    m.from = TEST_NOW - X509_OCSP_AGE - X509_OCSP_SKEW - SECOND;
    ck_assert_int_eq(judge(c, &m), OCSP_TOO_OLD);
    m = good(c);
    m.until = m.from - SECOND;                         /* ends before it begins */
    ck_assert_int_eq(judge(c, &m), OCSP_TOO_OLD);
    m = good(c);
    m.from = TEST_NOW + X509_OCSP_SKEW + SECOND;
    ck_assert_int_eq(judge(c, &m), OCSP_TOO_NEW);
    for (unsigned answer = 1; answer < 8; answer++) {
        m = good(c);
        m.answer = answer;
        ck_assert_int_eq(judge(c, &m), answer == 4 || answer == 7 ? OCSP_NOT_ONE : OCSP_UNANSWERED);
    }
    test_chain_free(c);
}
END_TEST

/* Whoever has a certificate of this CA is not its responder: it must say so, and come from the issuer itself. */
START_TEST(who_may_not_sign)
{
    struct test_chain *c = test_chain_new();
    struct test_cert responder = { .n = 0 };
    struct ocsp_made m = good(c);
    m.signer = &classroom_p256_keys[CLASSROOM_LEAF];
    m.responder = &c->leaf.cert;                       /* the server vouches for itself */
    m.with_responder = true;
    ck_assert_int_eq(judge(c, &m), OCSP_FORGED);
    m.responder = &responder.cert;
    name_responder(c, &responder, CLASSROOM_INTERMEDIATE, 8);      /* for time stamps */
    ck_assert_int_eq(judge(c, &m), OCSP_FORGED);
    name_responder(c, &responder, CLASSROOM_LEAF, 9);              /* not signed by the issuer */
    ck_assert_int_eq(judge(c, &m), OCSP_FORGED);
    name_responder(c, &responder, CLASSROOM_INTERMEDIATE, 9);
    m.with_responder = false;                          /* and it must be there */
    ck_assert_int_eq(judge(c, &m), OCSP_FORGED);
    m.with_responder = true;
    ck_assert_int_eq(judge(c, &m), OCSP_GOOD);
    c->leaf.issue.not_after = TEST_NOW - SECOND;       /* nor be too old */
    name_responder(c, &responder, CLASSROOM_INTERMEDIATE, 9);
    ck_assert_int_eq(judge(c, &m), OCSP_FORGED);
    c->leaf.issue.not_after = TEST_NOW + TEST_DAY;
    c->leaf.issue.usage = X509_KEY_ENCIPHERMENT;       /* nor for something else alone */
    name_responder(c, &responder, CLASSROOM_INTERMEDIATE, 9);
    ck_assert_int_eq(judge(c, &m), OCSP_FORGED);
    test_chain_free(c);
}
END_TEST

/* As NSS's selfserv signs its responses to this day: the reason is the hash, not that nobody is known to have signed. */
START_TEST(a_weak_signature)
{
    static const uint8_t sha256_rsa[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b };
    struct test_chain *c = test_chain_new();
    struct ocsp_made m = good(c);
    m.signer = &classroom_rsa_keys[CLASSROOM_INTERMEDIATE];
    size_t n = ocsp_made_write(&m, der), at = 0;
    while (memcmp(der + at, sha256_rsa, sizeof sha256_rsa) != 0)
        ck_assert_uint_lt(++at, n - sizeof sha256_rsa);
    der[at + sizeof sha256_rsa - 1] = 5;               /* sha1WithRSAEncryption */
    ck_assert_int_eq(judge_octets(c, n), OCSP_WEAK);
    test_chain_free(c);
}
END_TEST

/* Cut anywhere, with any octet changed, or with more behind it: it never vouches. (The certificates that come along are
 * not signed; here there are none.) */
START_TEST(every_octet_counts)
{
    struct test_chain *c = test_chain_new();
    struct ocsp_made m = good(c);
    size_t n = ocsp_made_write(&m, der);
    for (size_t i = 0; i <= n + 1; i++) {
        if (i == n)
            continue;
        der[n] = 0;
        ck_assert_int_ne(judge_octets(c, i), OCSP_GOOD);
    }
    for (size_t i = 0; i < n; i++) {
        der[i] ^= 1;
        ck_assert_msg(judge_octets(c, n) != OCSP_GOOD, "octet %zu", i);
        der[i] ^= 1;
    }
    test_chain_free(c);
}
END_TEST

/* In the judgement of a chain: revoked, useless, good, and none at all. */
START_TEST(beside_a_chain)
{
    struct test_chain *c = test_chain_new();
    struct ocsp_made m = good(c);
    c->ask.ocsp = (struct bytes){ der, ocsp_made_write(&m, der) };
    ck_assert_str_eq(test_judge(c), "");
    m.status = X509_STATUS_REVOKED;
    c->ask.ocsp.n = ocsp_made_write(&m, der);
    ck_assert_str_eq(test_judge(c), "x509.revoked");
    m.status = X509_STATUS_UNKNOWN;
    c->ask.ocsp.n = ocsp_made_write(&m, der);
    ck_assert_str_eq(test_judge(c), "x509.ocsp");
    c->ask.ocsp.n = 1;
    ck_assert_str_eq(test_judge(c), "x509.ocsp");
    c->ask.ocsp.n = 0;
    ck_assert_str_eq(test_judge(c), "");
    test_chain_free(c);
}
END_TEST

int main(void)
{
    return check_run("ocsp", (const TTest *[]){
        what_vouches, what_does_not, who_may_not_sign, a_weak_signature, every_octet_counts, beside_a_chain, NULL });
}

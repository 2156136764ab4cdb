/* What an OCSP response must be to vouch for a certificate: one thing wrong is a refusal, and no octet may be another. */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"
#include "tests/lib/ocsp_made.h"
#include "tests/lib/named.h"
#include "tls/x509/crl.h"
#include "tls/x509/crl_write.h"
#include "tls/x509/ocsp.h"

#include <string.h>

static uint8_t der[OCSP_MADE_MAX];

static enum x509_ocsp judge_octets(const struct test_chain *c, size_t n)
{
    return x509_ocsp_judge((struct bytes){ der, n }, &c->leaf.cert, &c->intermediate.cert, TEST_NOW, NULL).says;
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

/* Whatever comes along is named to the last octet: delegate, nonce, reason, and a certificate that is none. */
START_TEST(every_octet_has_a_name)
{
    struct test_chain *c = test_chain_new();
    struct test_cert responder = { .n = 0 };
    static const uint8_t nonce[] = "a nonce of 16 oct";
    name_responder(c, &responder, CLASSROOM_INTERMEDIATE, 9);
    for (int broken = 0; broken < 3; broken++) {
        struct ocsp_made m = good(c);
        struct x509_ocsp_response r;
        struct named *n = named_new();
        if (broken == 1)                               /* what should be its TBSCertificate is a SET */
            responder.der[4] = DER_SET;
        m.other = &c->root.cert;
        m.responder = &responder.cert;
        m.signer = &classroom_p256_keys[CLASSROOM_LEAF];
        m.with_responder = true;
        m.nonce = (struct bytes){ nonce, sizeof nonce - 1 };
        const struct der response = { der, ocsp_made_write(&m, der) - (broken == 2), trace_buf(n->trace, 'c') };
        const struct watch w = { n->trace, response.buf, response.at };
        trace_emit(n->trace, &(struct event){ .kind = EVENT_BUFFER, .layer = "x509", .name = "ocsp", .by = __func__,
                                              .buf = response.buf, .bytes = { response.at, response.n } });
        ck_assert_int_eq(x509_read_ocsp(&response, &w, &r, NULL), broken < 2);
        if (broken < 2)
            check_bytes(r.nonce.at, nonce, sizeof nonce - 1);
        named_check(n);
        named_free(n);
    }
    test_chain_free(c);
}
END_TEST

/* RFC 6960 §4.4: a critical extension that nobody here knows. A nonce may be critical. */
START_TEST(critical_extensions)
{
    static const uint8_t octets[] = { 0x04, 0x02, 0x01, 0x02 };
    struct x509_extra extra = { "1.2.3.4", false, { octets, sizeof octets } };
    struct test_chain *c = test_chain_new();
    struct ocsp_made m = good(c);
    m.extra = &extra;
    ck_assert_int_eq(judge(c, &m), OCSP_GOOD);
    extra.critical = true;
    ck_assert_int_eq(judge(c, &m), OCSP_CRITICAL);
    extra.oid = "1.3.6.1.5.5.7.48.1.2";
    ck_assert_int_eq(judge(c, &m), OCSP_GOOD);
    test_chain_free(c);
}
END_TEST

/* Responses from elsewhere count for whichever certificate of the path they are about. */
START_TEST(from_files)
{
    static uint8_t of_leaf[OCSP_MADE_MAX], of_ca[OCSP_MADE_MAX];
    struct test_chain *c = test_chain_new();
    struct ocsp_made leaf = good(c), ca = ocsp_made(&c->intermediate.cert, &c->root.cert,
                                                    &classroom_p256_keys[CLASSROOM_ROOT], TEST_NOW);
    struct bytes responses[] = { { of_leaf, ocsp_made_write(&leaf, of_leaf) }, { of_ca, ocsp_made_write(&ca, of_ca) } };
    c->ask.responses = responses;
    c->ask.n_responses = 1;
    ck_assert_str_eq(test_judge(c), "");
    c->ask.need_status = true;
    ck_assert_str_eq(test_judge(c), "x509.status");
    ck_assert_ptr_nonnull(strstr(c->why.about, "Intermediate"));
    c->ask.n_responses = 2;
    ck_assert_str_eq(test_judge(c), "");
    ca.status = X509_STATUS_REVOKED;
    responses[1].n = ocsp_made_write(&ca, of_ca);
    ck_assert_str_eq(test_judge(c), "x509.revoked");
    ca.status = X509_STATUS_UNKNOWN;
    responses[1].n = ocsp_made_write(&ca, of_ca);
    ck_assert_str_eq(test_judge(c), "x509.ocsp");
    responses[1].n = 3;                                /* no response at all: the leaf's, if anybody's */
    c->ask.need_status = false;
    ck_assert_str_eq(test_judge(c), "");
    leaf.until = TEST_NOW - TEST_DAY;
    responses[0].n = ocsp_made_write(&leaf, of_leaf);
    ck_assert_str_eq(test_judge(c), "x509.ocsp");
    test_chain_free(c);
}
END_TEST

/* Who signs for the issuer is asked about, too, where a list is at hand (§4.2.2.2.1). */
START_TEST(a_responder_taken_back)
{
    static uint8_t list_der[1024];
    struct test_chain *c = test_chain_new();
    struct test_cert responder = { .n = 0 };
    struct test_chance chance = test_chance(3);
    struct x509_crl list;
    c->intermediate.issue.usage |= X509_CRL_SIGN;
    test_issue(&c->intermediate);
    name_responder(c, &responder, CLASSROOM_INTERMEDIATE, 9);
    c->leaf.issue.serial[1]++;
    test_issue(&c->leaf);
    struct ocsp_made m = good(c);
    m.responder = &responder.cert;
    m.signer = &classroom_p256_keys[CLASSROOM_LEAF];
    m.with_responder = true;
    c->ask.ocsp = (struct bytes){ der, ocsp_made_write(&m, der) };
    struct x509_crl_line line = { .serial = responder.cert.serial, .date = TEST_NOW };
    struct x509_crl_issue issue = { .issuer = &c->intermediate.cert,
                                    .signer = &classroom_p256_keys[CLASSROOM_INTERMEDIATE], .this_update = TEST_NOW,
                                    .next_update = TEST_NOW + TEST_DAY };
    for (int back = 0; back < 2; back++) {
        issue.lines = &line;
        issue.n_lines = (size_t)back;
        size_t n = x509_write_crl(&issue, &chance.chance, list_der, sizeof list_der);
        ck_assert(x509_read_crl(&(struct der){ list_der, n, 0 }, NULL, &list, NULL));
        c->ask.crls = &list;
        c->ask.n_crls = 1;
        ck_assert_str_eq(test_judge(c), back ? "x509.ocsp" : "");
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
        what_vouches, what_does_not, who_may_not_sign, a_weak_signature, every_octet_counts, every_octet_has_a_name,
        critical_extensions, from_files, a_responder_taken_back, beside_a_chain, NULL });
}

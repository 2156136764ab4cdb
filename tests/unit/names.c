/* For whom is a certificate? RFC 9525 §6, RFC 5280 §4.2.1.10. */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"
#include "tls/x509/check.h"
#include "tls/x509/names.h"
#include "tls/x509/parts.h"

#include <string.h>

#define LABEL_63 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"

static const struct row { const char *reference, *presented; bool fits; } rows[] = {
    { "www.example.test", "www.example.test", true },
    { "WWW.Example.TEST", "www.example.test", true },
    { "www.example.test", "WWW.EXAMPLE.TEST", true },
    { "www.example.test.", "www.example.test", true },  /* the root's dot is the user's affair */
    { "www.example.test", "www.example.test.", false },                /* a dNSName has none */
    { "www.example.test..", "www.example.test", false },
    { ".www.example.test", "www.example.test", false },
    { "www..example.test", "www..example.test", false },
    { "www.example.test", ".example.test", false },
    { "www.example.test", "example.test", false },
    { "example.test", "www.example.test", false },
    { "www.example.test", "ww.example.test", false },
    { "www.example.test", "www.example.tes", false },
    { "www.example.test", "www.example.test2", false },
    { "www.example.test", "wwwxexample.test", false },
    { "www-example.test", "www.example.test", false },
    { "www.example.test", "", false },
    { "", "", false },
    { ".", "", false },
    { "localhost", "localhost", true },
    { "localhost.", "LOCALHOST", true },
    /* wildcards: the whole first label, for one label, with two behind it */
    { "www.example.test", "*.example.test", true },
    { "WWW.example.test", "*.EXAMPLE.test", true },
    { "www.example.test.", "*.example.test", true },
    { "xn--bcher-kva.example.test", "*.example.test", true },
    { "example.test", "*.example.test", false },
    { "a.b.example.test", "*.example.test", false },
    { ".example.test", "*.example.test", false },
    { "www.example.test", "*.test", false },
    { "example.test", "*.test", false },
    { "test", "*", false },
    { "test", "*.", false },
    { "www.example.test", "*", false },
    { "www.example.test", "*.*.test", false },
    { "www.example.test", "*.*", false },
    { "www.example.test", "www.*.test", false },
    { "www.example.test", "www.example.*", false },
    { "www.example.test", "w*.example.test", false },
    { "www.example.test", "*w.example.test", false },
    { "www.example.test", "w*w.example.test", false },
    { "www.example.test", "**.example.test", false },
    { "www.example.test", "*www.example.test", false },
    { "xn--abc.example.test", "xn--*.example.test", false },
    { "*.example.test", "*.example.test", false },                     /* nobody visits a star */
    { "www.example.test", "*.example.test.", false },
    { "www.example.test", "*..example.test", false },
    { "www.example.test", "*example.test", false },
    { "a.www.example.test", "*.www.example.test", true },
    /* A-labels only, and nothing that is not a host name */
    { "b\xc3\xbc" "cher.example.test", "b\xc3\xbc" "cher.example.test", false },
    { "xn--bcher-kva.example.test", "xn--bcher-kva.example.test", true },
    { "XN--BCHER-KVA.example.test", "xn--bcher-kva.example.test", true },
    { "xn--bcher-kva.example.test", "b\xc3\xbc" "cher.example.test", false },
    { "www.example.test ", "www.example.test ", false },
    { "www.example.test", " www.example.test", false },
    { "www.example.test/", "www.example.test/", false },
    { "user@example.test", "user@example.test", false },
    { "www.example.test:443", "www.example.test:443", false },
    { "_dmarc.example.test", "_dmarc.example.test", true },            /* not allowed, but alive */
    { "a-b.example.test", "a-b.example.test", true },
    { "1.example.test", "1.example.test", true },
    /* addresses are no DNS names */
    { "192.0.2.1", "192.0.2.1", false },
    { "192.0.2.1", "*.0.2.1", false },
    { "10.1", "10.1", false },
    { "1.2.3.4.test", "1.2.3.4.test", true },
    { "::1", "::1", false },
    /* lengths */
    { LABEL_63 ".test", LABEL_63 ".test", true },
    { "x" LABEL_63 ".test", "x" LABEL_63 ".test", false },
    { LABEL_63 "." LABEL_63 "." LABEL_63 "." "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxy",
      LABEL_63 "." LABEL_63 "." LABEL_63 "." "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxy",
      true },
    { LABEL_63 "." LABEL_63 "." LABEL_63 "." "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz",
      LABEL_63 "." LABEL_63 "." LABEL_63 "." "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz",
      false },
};

START_TEST(host_names)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes presented = { (const uint8_t *)rows[i].presented, strlen(rows[i].presented) };
        ck_assert_msg(x509_dns_matches(rows[i].reference, &presented) == rows[i].fits, "%s and %s",
                      rows[i].reference, rows[i].presented);
    }
}
END_TEST

/* CVE-2009-2408: what stands behind a NUL counts. */
START_TEST(a_nul_fits_nothing)
{
    static const char *const names[] = { "www.example.test\0", "www.example.test\0.bad.test",
                                         "\0www.example.test", "www\0.example.test" };
    static const size_t sizes[] = { 17, 26, 17, 17 };
    for (size_t i = 0; i < 4; i++) {
        struct bytes presented = { (const uint8_t *)names[i], sizes[i] };
        ck_assert(!x509_dns_matches("www.example.test", &presented));
    }
    struct bytes star = { (const uint8_t *)"*\0.example.test", 15 };
    ck_assert(!x509_dns_matches("www.example.test", &star));
}
END_TEST

/* A leaf with these names, judged for that host or address. */
static bool leaf_is_for(const char *const *dns, size_t n_dns, const struct bytes *ips, size_t n_ips,
                        const char *host, const char *ip)
{
    struct test_chain *c = test_chain_new();
    uint8_t address[16];
    struct bytes asked = { address, ip ? check_hex(ip, address, sizeof address) : 0 };
    c->leaf.issue.dns = dns;
    c->leaf.issue.n_dns = n_dns;
    c->leaf.issue.ips = ips;
    c->leaf.issue.n_ips = n_ips;
    test_issue(&c->leaf);
    bool fits = x509_cert_is_for(&c->leaf.cert, host, &asked);
    test_chain_free(c);
    return fits;
}

START_TEST(addresses_are_compared_octet_by_octet)
{
    static const char *const dns[] = { "192.0.2.1", "other.test" };
    static const uint8_t v4[] = { 192, 0, 2, 1 }, v6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
    static const struct bytes ips[] = { { v4, 4 }, { v6, 16 } };
    ck_assert(leaf_is_for(dns, 0, ips, 2, NULL, "c0 00 02 01"));
    ck_assert(leaf_is_for(dns, 2, ips, 2, "192.0.2.1", "c0 00 02 01"));
    ck_assert(leaf_is_for(dns, 0, ips, 2, NULL, "20010db8 00000000 00000000 00000001"));
    ck_assert(!leaf_is_for(dns, 0, ips, 2, NULL, "c0 00 02 02"));
    ck_assert(!leaf_is_for(dns, 0, ips, 2, NULL, "20010db8 00000000 00000000 00000002"));
    ck_assert(!leaf_is_for(dns, 2, ips, 0, NULL, "c0 00 02 01"));  /* an address in a dNSName is none */
    /* asked for an address, names do not count */
    ck_assert(!leaf_is_for(dns, 2, ips, 1, "other.test", "c0 00 02 02"));
    /* nor do forms mix */
    ck_assert(!leaf_is_for(dns, 0, ips, 1, NULL, "0000 0000 0000 0000 0000 ffff c000 0201"));
    ck_assert(!leaf_is_for(dns, 0, ips, 2, "192.0.2.1", NULL));
    ck_assert(leaf_is_for(dns, 2, ips, 2, "other.test", NULL));            /* not only the first counts */
    ck_assert(!leaf_is_for(dns, 0, ips, 0, "www.example.test", NULL));     /* the CN is no name of a server */
}
END_TEST

START_TEST(the_names_are_told)
{
    struct test_chain *c = test_chain_new();
    char text[X509_SAY];
    static const char *const many[] = { "a.example.test", "b.example.test", "c.example.test",
                                        "d.example.test", "e.example.test", "f.example.test" };
    static const uint8_t v6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
    static const struct bytes ip = { v6, 16 };
    ck_assert_str_eq(x509_cert_names(&c->leaf.cert, text), "www.example.test");
    c->leaf.issue.dns = many;
    c->leaf.issue.n_dns = 6;
    test_issue(&c->leaf);
    ck_assert_str_eq(x509_cert_names(&c->leaf.cert, text),
                     "a.example.test, b.example.test, c.example.test, "
                     "d.example.test, e.example.test and 1 more");
    c->leaf.issue.n_dns = 0;
    c->leaf.issue.ips = &ip;
    c->leaf.issue.n_ips = 1;
    test_issue(&c->leaf);
    ck_assert_str_eq(x509_cert_names(&c->leaf.cert, text), "2001:db8::1");
    c->leaf.issue.n_ips = 0;
    test_issue(&c->leaf);
    ck_assert_str_eq(x509_cert_names(&c->leaf.cert, text),
                     "no subjectAltName (a name in its subject does not count)");
    test_chain_free(c);
}
END_TEST

/* ---- constraints ---- */

/* A subjectAltName of one name, and constraints of one subtree. */
static bool allowed(bool excluding, enum general_choice form, const void *base, size_t base_n,
                    const void *name, size_t name_n)
{
    uint8_t room[400], names[200];
    char expected[X509_SAY], found[X509_SAY];
    struct wire_out out = wire_into(room, sizeof room), san = wire_into(names, sizeof names);
    struct put_der list = put_der_open(&out, DER_CONTEXT_CONSTRUCTED | (excluding ? 1u : 0u)),
        subtree = put_der_open(&out, DER_SEQUENCE);
    put_der_bytes(&out, DER_CONTEXT | (unsigned)form, base, base_n);
    put_der_close(&out, subtree);
    put_der_close(&out, list);
    put_der_bytes(&san, DER_CONTEXT | (unsigned)form, name, name_n);
    struct bytes constraints = { room, wire_written(&out) };
    struct x509_cert below = { .alt_names = { names, wire_written(&san) } };
    bool allows = x509_constraints_allow(&constraints, &below, expected, found);
    if (!allows)
        ck_assert(expected[0] && (found[0] || name_n == 0));
    return allows;
}

START_TEST(dns_constraints)
{
    /* allowed if the base is permitted, excluded */
    static const struct { const char *base, *name; bool permitted, excluded; } cases[] = {
        { "test", "www.example.test", true, false },
        { "test", "test", true, false },
        { "TEST", "www.example.Test", true, false },
        { "example.test", "www.example.test", true, false },
        { "example.test", "example.test", true, false },
        { "example.test", "notexample.test", false, true },
        { "example.test", "www.example.com", false, true },
        { "example.test", "test", false, true },
        { "www.example.test", "example.test", false, true },
        { "", "www.bank.com", true, false },
        { "example.test", "*.example.test", true, false },
        /* it may stand for the excluded one, and for others */
        { "www.example.test", "*.example.test", false, false },
        { "a.www.example.test", "*.example.test", false, true },
        { ".example.test", "www.example.test", false, false },         /* malformed: nobody passes */
        { ".example.test", "www.bank.com", false, false },
        { "*.example.test", "www.example.test", false, false },
        { "*.example.test", "www.bank.com", false, false },
        { "example.test.", "www.example.test", false, false },
        { "example.test", ".example.test", false, false },             /* so is the name */
        { "test", "www.\xc3\xbc.test", false, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *base = cases[i].base, *name = cases[i].name;
        ck_assert_msg(allowed(false, NAME_DNS, base, strlen(base), name, strlen(name)) == cases[i].permitted,
                      "permitted %s, %s", base, name);
        ck_assert_msg(allowed(true, NAME_DNS, base, strlen(base), name, strlen(name)) == cases[i].excluded,
                      "excluded %s, %s", base, name);
    }
}
END_TEST

START_TEST(address_constraints)
{
    static const struct { const char *base, *name; bool permitted, excluded; } cases[] = {
        { "c0000200 ffffff00", "c0000201", true, false },
        { "c0000200 ffffff00", "c0000301", false, true },
        { "00000000 00000000", "c0000201", true, false },
        { "c0000201 ffffffff", "c0000201", true, false },
        { "c0000201 ffffffff", "c0000202", false, true },
        /* permitted v4 permits no v6 */
        { "c0000200 ffffff00", "20010db8000000000000000000000001", false, true },
        { "20010db8000000000000000000000000 ffffffff000000000000000000000000",
          "20010db8000000000000000000000001", true, false },
        { "20010db8000000000000000000000000 ffffffff000000000000000000000000",
          "20010db9000000000000000000000001", false, true },
        { "c0000200 ff00ff00", "c0000201", false, false },  /* no mask: nobody passes */
        { "c00002", "c0000201", false, false },
        { "c0000201", "c0000201", false, false },  /* an address without a mask */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t base[32], name[16];
        size_t base_n = check_hex(cases[i].base, base, sizeof base),
            name_n = check_hex(cases[i].name, name, sizeof name);
        ck_assert_msg(allowed(false, NAME_IP, base, base_n, name, name_n) == cases[i].permitted,
                      "permitted %s, %s", cases[i].base, cases[i].name);
        ck_assert_msg(allowed(true, NAME_IP, base, base_n, name, name_n) == cases[i].excluded,
                      "excluded %s, %s", cases[i].base, cases[i].name);
    }
}
END_TEST

START_TEST(mail_constraints)
{
    static const struct { const char *base, *name; bool permitted, excluded; } cases[] = {
        { "jan@example.test", "jan@example.test", true, false },
        { "jan@example.test", "jan@Example.Test", true, false },
        { "jan@example.test", "Jan@example.test", false, true },       /* RFC 5321 §2.4 */
        { "jan@example.test", "jane@example.test", false, true },
        { "example.test", "jan@example.test", true, false },
        { "example.test", "jan@EXAMPLE.test", true, false },
        { "example.test", "jan@mail.example.test", false, true },      /* that host alone */
        { ".example.test", "jan@mail.example.test", true, false },
        { ".example.test", "jan@a.mail.example.test", true, false },
        { ".example.test", "jan@example.test", false, true },
        { ".example.test", "jan@notexample.test", false, true },
        { "", "jan@example.test", true, false },
        { "*@example.test", "*@example.test", true, false },           /* no star stands for anything */
        { "*@example.test", "jan@example.test", false, true },
        { "example.test", "jan", false, false },                       /* no mailboxes */
        { "example.test", "@example.test", false, false },
        { "example.test", "jan@bad.test@example.test", false, false },
        { "example.test", "\"jan@bad.test\"@example.test", false, false },
        { "example.test", "j an@example.test", false, false },
        { "example.test", "jan@example.test.", false, false },
        { "jan@piet@example.test", "jan@example.test", false, false }, /* no constraints */
        { "*.example.test", "jan@mail.example.test", false, false },
        { "..example.test", "jan@mail.example.test", false, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *base = cases[i].base, *name = cases[i].name;
        ck_assert_msg(allowed(false, NAME_EMAIL, base, strlen(base), name, strlen(name)) == cases[i].permitted,
                      "permitted %s, %s", base, name);
        ck_assert_msg(allowed(true, NAME_EMAIL, base, strlen(base), name, strlen(name)) == cases[i].excluded,
                      "excluded %s, %s", base, name);
    }
}
END_TEST

START_TEST(uri_constraints)
{
    static const struct { const char *base, *name; bool permitted, excluded; } cases[] = {
        { "example.test", "https://example.test/", true, false },
        { "example.test", "https://Example.Test", true, false },
        { "example.test", "https://jan:secret@example.test:8443/a@b?c#d", true, false },
        { "example.test", "https://www.example.test/", false, true },
        { ".example.test", "https://www.example.test/", true, false },
        { ".example.test", "ftp://a.www.example.test", true, false },
        { ".example.test", "https://example.test/", false, true },
        { "example.test", "https://bad.test/@example.test", false, true },
        { "example.test", "https://bad.test?@example.test", false, true },
        { "example.test", "https://bad.test#@example.test", false, true },
        { "example.test", "urn:example.test", false, false },          /* no authority: "MUST reject" */
        { "example.test", "example.test", false, false },
        { "example.test", "https://192.0.2.1/", false, false },        /* an address for a host: the same */
        { "example.test", "https://[2001:db8::1]/", false, false },
        { "example.test", "https:///a", false, false },
        { "", "https://example.test/", true, false },
        { "https://example.test", "https://example.test/", false, false },     /* no constraint is a URI */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *base = cases[i].base, *name = cases[i].name;
        ck_assert_msg(allowed(false, NAME_URI, base, strlen(base), name, strlen(name)) == cases[i].permitted,
                      "permitted %s, %s", base, name);
        ck_assert_msg(allowed(true, NAME_URI, base, strlen(base), name, strlen(name)) == cases[i].excluded,
                      "excluded %s, %s", base, name);
    }
}
END_TEST

/* RFC 5952 §4 */
START_TEST(addresses_are_written_as_one_writes_them)
{
    static const struct { const char *octets, *text; } cases[] = {
        { "c0000201", "192.0.2.1" },
        { "c0000200 ffffff00", "192.0.2.0/24" },
        { "c0000200 ff00ff00", "192.0.2.0/255.0.255.0" },
        { "00000000 00000000", "0.0.0.0/0" },
        { "20010db8000000000000000000000001", "2001:db8::1" },
        { "20010db8000000000001000000000001", "2001:db8::1:0:0:1" },   /* of two runs the first */
        { "20010db8000000010000000000000001", "2001:db8:0:1::1" },     /* the longest */
        { "20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1" },        /* not for one alone */
        { "00000000000000000000000000000001", "::1" },
        { "00000000000000000000000000000000", "::" },
        { "20010db8000000000000000000000000 ffffffff000000000000000000000000", "2001:db8::/32" },
        { "c00002", "(an address of 3 octets)" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t octets[32];
        char text[X509_SAY];
        struct bytes ip = { octets, check_hex(cases[i].octets, octets, sizeof octets) };
        ck_assert_str_eq(x509_ip_text(&ip, text), cases[i].text);
    }
}
END_TEST

START_TEST(a_form_without_a_rule_is_refused_where_it_occurs)
{
    ck_assert(!allowed(false, NAME_OID, "\x2a\3", 2, "\x2a\3", 2));
    ck_assert(!allowed(true, NAME_OID, "\x2a\3", 2, "\x2a\4", 2));
}
END_TEST

/* Mail addresses of the subject count where there is no rfc822Name; so does of a leaf, not of a CA, the CN that looks
 * like a host, where there is no dNSName. */
START_TEST(the_subject_counts_where_there_is_no_alternative)
{
    static const uint8_t subject[] =               /* CN=www.bank.test, emailAddress=jan@bank.test */
        "\x30\x36\x31\x16\x30\x14\x06\x03\x55\x04\x03\x0c\x0d" "www.bank.test"
        "\x31\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01\x16\x0d" "jan@bank.test";
    static const uint8_t host[] = "\xa0\x10\x30\x0e\x82\x0c" "example.test";
    static const uint8_t mail[] = "\xa0\x10\x30\x0e\x81\x0c" "example.test";
    static const uint8_t other_host[] = "\x82\x0c" "example.test", other_mail[] = "\x81\x10" "jan@example.test";
    static const uint8_t address[] = "\x87\4\xc0\0\2\1";
    struct bytes hosts = { host, sizeof host - 1 }, mails = { mail, sizeof mail - 1 };
    char expected[X509_SAY], found[X509_SAY];
    struct x509_cert c = { .subject = { subject, sizeof subject - 1 } };
    ck_assert(!x509_constraints_allow(&hosts, &c, expected, found));
    ck_assert_str_eq(expected, "only names within example.test");
    ck_assert_str_eq(found, "www.bank.test");
    ck_assert(!x509_constraints_allow(&mails, &c, expected, found));
    ck_assert_str_eq(found, "jan@bank.test");
    c.alt_names = (struct bytes){ other_host, sizeof other_host - 1 };
    ck_assert(x509_constraints_allow(&hosts, &c, expected, found));
    ck_assert(!x509_constraints_allow(&mails, &c, expected, found));
    c.alt_names = (struct bytes){ other_mail, sizeof other_mail - 1 };
    ck_assert(!x509_constraints_allow(&hosts, &c, expected, found));
    ck_assert(x509_constraints_allow(&mails, &c, expected, found));
    c.alt_names = (struct bytes){ address, sizeof address - 1 };
    ck_assert(x509_constraints_allow(&hosts, &c, expected, found));
    c.alt_names = (struct bytes){ NULL, 0 };
    c.is_ca = true;
    ck_assert(x509_constraints_allow(&hosts, &c, expected, found));
}
END_TEST

/* As many names and constraints as two long certificates hold: refused at once, not compared. */
START_TEST(constraints_that_cost_too_much)
{
    static uint8_t constraints[4 + 5 * 4096], names[3 * 1024];
    for (unsigned some = 8; some <= 16; some += 8) { /* 8 names and 4096 constraints are not too many, 16 are */
        struct wire_out out = wire_into(constraints, sizeof constraints), san = wire_into(names, sizeof names);
        struct put_der list = put_der_open(&out, DER_CONTEXT_CONSTRUCTED | 1);
        for (unsigned i = 0; i < 4096; i++)
            put_bytes(&out, "subtree", "\x30\3\x82\1a", 5);
        put_der_close(&out, list);
        for (unsigned i = 0; i < some; i++)
            put_bytes(&san, "name", "\x82\1b", 3);
        ck_assert(!out.failed && !san.failed);
        struct x509_cert above = { .name_constraints = { constraints, wire_written(&out) } };
        struct x509_cert below = { .alt_names = { names, wire_written(&san) } };
        struct x509_path path = { .certs = { &below, &above }, .n = 2 };
        struct x509_finding f = { .ground = NULL };
        enum x509_verdict verdict = x509_judge_name_constraints(&path, 0, &f);
        ck_assert_int_eq(verdict, some == 8 ? X509_ACCEPTED : X509_REFUSED);
        if (some == 16) {
            ck_assert_str_eq(f.ground->id, "x509.too_many_names");
            ck_assert_str_eq(f.found, "17 names under 4096 constraints");
        }
    }
}
END_TEST

START_TEST(the_subject_is_a_directory_name)
{
    /* permitted: C=FR; excluded: the same. Subjects: C=FR, O=A and C=DE, O=A. */
    static const uint8_t permitted[] =
        "\xa0\x13\x30\x11\xa4\x0f\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02" "FR";
    static const uint8_t excluded[]  =
        "\xa1\x13\x30\x11\xa4\x0f\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02" "FR";
    static const uint8_t french[] =
        "\x30\x19\x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02" "fr"
        "\x31\x0a\x30\x08\x06\x03\x55\x04\x0a\x0c\x01" "A";
    static const uint8_t german[] =
        "\x30\x19\x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02" "DE"
        "\x31\x0a\x30\x08\x06\x03\x55\x04\x0a\x0c\x01" "A";
    static const uint8_t nobody[] = { 0x30, 0 };
    char expected[X509_SAY], found[X509_SAY];
    struct bytes yes = { permitted, sizeof permitted - 1 }, no = { excluded, sizeof excluded - 1 };
    struct x509_cert c = { .subject = { french, sizeof french - 1 } };
    ck_assert(x509_constraints_allow(&yes, &c, expected, found));
    ck_assert(!x509_constraints_allow(&no, &c, expected, found));
    c.subject = (struct bytes){ german, sizeof german - 1 };
    ck_assert(!x509_constraints_allow(&yes, &c, expected, found));
    ck_assert_str_eq(expected, "only names within C=FR");
    ck_assert_str_eq(found, "O=A, C=DE");
    ck_assert(x509_constraints_allow(&no, &c, expected, found));
    c.subject = (struct bytes){ nobody, sizeof nobody };
    ck_assert(x509_constraints_allow(&yes, &c, expected, found));
}
END_TEST

int main(void)
{
    return check_run("names", (const TTest *[]){ host_names, a_nul_fits_nothing,
                                                 addresses_are_written_as_one_writes_them,
                                                 addresses_are_compared_octet_by_octet, the_names_are_told,
                                                 dns_constraints, address_constraints,
                                                 mail_constraints, uri_constraints,
                                                 the_subject_counts_where_there_is_no_alternative,
                                                 a_form_without_a_rule_is_refused_where_it_occurs,
                                                 constraints_that_cost_too_much,
                                                 the_subject_is_a_directory_name, NULL });
}

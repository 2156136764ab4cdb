/* One certificate, read: its fields, its names as text, what breaks the rules. */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"
#include "tests/lib/named.h"
#include "tls/x509/parts.h"
#include "tls/x509/pem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *subject_of(const struct x509_cert *c)
{
    static char text[X509_NAME_TEXT];
    return x509_name_text(&c->subject, text, sizeof text);
}

START_TEST(the_fields_of_a_certificate)
{
    static struct test_cert real;
    test_read_pem(&real, "tests/vectors/x509/real.pem", 0);
    const struct x509_cert *c = &real.cert;
    char text[DER_TIME_TEXT], name[X509_NAME_TEXT];
    ck_assert_uint_eq(c->version, 3);
    ck_assert_str_eq(der_time_text(c->not_before, text), "2020-01-01 00:00:00 UTC");
    ck_assert_str_eq(der_time_text(c->not_after, text), "2049-12-31 23:59:59 UTC");
    ck_assert_str_eq(subject_of(c),
                     "CN=www.example.test, OU=橱窗, O=Vitrine\\, the shop \\+ more, L=Paris, ST=Île-de-France, "
                     "C=FR");
    ck_assert_str_eq(x509_name_short(&c->subject, name, sizeof name), "CN=www.example.test");
    ck_assert_str_eq(x509_name_text(&c->issuer, name, sizeof name),
                     "CN=Vector Intermediate, O=Vitrine, C=FR");
    ck_assert_str_eq(x509_name_text(&c->subject, name, 24), "CN=www.example.test,...");
    ck_assert_str_eq(c->key_words, "RSA 2048 bits");
    ck_assert_int_eq(c->key.kind, KEY_RSA);
    ck_assert_uint_eq(c->rsa_bits, 2048);
    ck_assert(c->outer.known && c->outer.scheme.kind == SIGN_ECDSA && c->outer.scheme.hash == HASH_SHA256);
    ck_assert(c->has_basic && !c->is_ca && !c->has_path_len);
    ck_assert(c->has_usage && c->usage == (X509_DIGITAL_SIGNATURE | X509_KEY_ENCIPHERMENT));
    ck_assert(c->has_purposes && c->purposes == (X509_SERVER | X509_CLIENT));
    ck_assert(c->subject_key_id.n == 20 && c->authority_key_id.n == 20 && c->alt_names.n
              && !c->name_constraints.n);
    ck_assert(!c->unknown_critical);
    test_read_pem(&real, "tests/vectors/x509/real.pem", 1);
    ck_assert(c->is_ca && c->has_path_len && c->path_len == 0);
    ck_assert_str_eq(c->key_words, "EC P-256");
    test_read_pem(&real, "tests/vectors/x509/real.pem", 2);
    ck_assert_str_eq(c->key_words, "RSA 4096 bits");
    ck_assert(c->is_ca && !c->has_path_len);
}
END_TEST

/* Name { CN = value } with that string type. */
static struct bytes name_of(unsigned tag, const void *value, size_t n, uint8_t room[300])
{
    struct wire_out out = wire_into(room, 300);
    struct put_der name = put_der_open(&out, DER_SEQUENCE), set = put_der_open(&out, DER_SET),
        pair = put_der_open(&out, DER_SEQUENCE);
    put_der_oid(&out, x509_oid_dotted(OID_COMMON_NAME));
    put_der_bytes(&out, tag, value, n);
    put_der_close(&out, pair);
    put_der_close(&out, set);
    put_der_close(&out, name);
    ck_assert(!out.failed);
    return (struct bytes){ room, wire_written(&out) };
}

static const char *shown(unsigned tag, const void *value, size_t n)
{
    static char text[X509_NAME_TEXT];
    uint8_t room[300];
    struct bytes name = name_of(tag, value, n, room);
    return x509_name_text(&name, text, sizeof text);
}

START_TEST(names_from_outside_are_harmless)
{
    ck_assert_str_eq(shown(DER_UTF8, "a\0b", 3), "CN=a<NUL>b");
    ck_assert_ptr_null(strchr(shown(DER_UTF8, "\x1b[31mred", 8), 0x1b));
    /* right-to-left override */
    ck_assert_ptr_null(strstr(shown(DER_UTF8, "\xe2\x80\xae" "moc", 6), "\xe2\x80\xae"));
    ck_assert_ptr_null(strchr(shown(DER_UTF8, "\xff", 1), '\xff'));
    ck_assert_str_eq(shown(DER_BMP, "\x6a\x71\x7a\x97", 4), "CN=橱窗");
    ck_assert_str_eq(shown(DER_UNIVERSAL, "\0\0\x6a\x71\0\1\xf6\x00", 8), "CN=橱\xf0\x9f\x98\x80");
    ck_assert_str_eq(shown(DER_T61, "\xcele", 3), "CN=Île");
    ck_assert_str_eq(shown(DER_BMP, "\xd8\x00", 2), "CN=\xef\xbf\xbd");
    ck_assert_str_eq(shown(DER_UTF8, "x, y", 4), "CN=x\\, y");
    ck_assert_str_eq(shown(DER_UTF8, "", 0), "CN=");
    struct bytes nobody = { (const uint8_t *)"\x30\0", 2 };
    char text[X509_NAME_TEXT];
    ck_assert_str_eq(x509_name_text(&nobody, text, sizeof text), "(no name)");
}
END_TEST

START_TEST(names_are_compared_by_their_characters)
{
    static const struct { unsigned tag; const char *value; } same[] = {
        { DER_UTF8, "The Root" }, { DER_PRINTABLE, "The Root" }, { DER_UTF8, "the root" },
        { DER_UTF8, "  the   ROOT " },
        { DER_IA5, "THE ROOT" }, { DER_T61, "The\troot" }, { DER_VISIBLE, "the root" }, { DER_UTF8, "the\n root\n" },
    }, other[] = {
        { DER_UTF8, "TheRoot" }, { DER_UTF8, "The Root 2" }, { DER_UTF8, "The" }, { DER_UTF8, "" },
        { DER_BMP, "The Root" },
    };
    uint8_t room[300], more[300];
    struct bytes root = name_of(DER_UTF8, "The Root", 8, room);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        struct bytes name = name_of(same[i].tag, same[i].value, strlen(same[i].value), more);
        ck_assert_msg(x509_name_same(&root, &name) && x509_name_same(&name, &root)
                      && x509_name_hash(&root) == x509_name_hash(&name), "%s", same[i].value);
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        struct bytes name = name_of(other[i].tag, other[i].value, strlen(other[i].value), more);
        ck_assert_msg(!x509_name_same(&root, &name) && !x509_name_same(&name, &root), "%s", other[i].value);
    }
    uint8_t last[300];
    struct bytes wide = name_of(DER_BMP, "\0T\0h\0e\0 \0r\0o\0o\0t", 16, more),
        wider = name_of(DER_UNIVERSAL, "\0\0\0t\0\0\0H\0\0\0E\0\0\0 \0\0\0 \0\0\0r\0\0\0o\0\0\0o\0\0\0t", 36, last);
    ck_assert(x509_name_same(&root, &wide) && x509_name_same(&wide, &wider));
    struct bytes numbers = name_of(DER_NUMERIC, "12", 2, more), letters = name_of(DER_UTF8, "12", 2, last);
    ck_assert(!x509_name_same(&numbers, &letters));                /* of another kind: octets, and they are not */
    struct bytes latin = name_of(DER_T61, "\xcele", 3, more), utf8 = name_of(DER_UTF8, "\xc3\x8ele", 4, last);
    ck_assert(x509_name_same(&latin, &utf8));
    struct bytes a = name_of(DER_UTF8, "a\0b", 3, more), b = name_of(DER_UTF8, "a\0c", 3, last);
    ck_assert(!x509_name_same(&a, &b));                            /* a NUL ends nothing */
}
END_TEST

/* Each octet of a good certificate changed to each of some values, and each cut: read or refused, nothing
 * else; and what is refused gives no key. */
START_TEST(spoiled_octets_do_no_harm)
{
    static struct test_cert real;
    test_read_pem(&real, "tests/vectors/x509/real.pem", 0);
    struct x509_cert c;
    for (size_t i = 0; i < real.n; i++) {
        static const uint8_t flips[] = { 0x01, 0x80, 0xff, 0x20, 0x7f };
        for (size_t k = 0; k < sizeof flips; k++) {
            uint8_t *copy = malloc(real.n);
            memcpy(copy, real.der, real.n);
            copy[i] ^= flips[k];
            struct fault why = { 0 };
            if (!x509_read_cert(&(struct der){ .at = copy, .n = real.n }, NULL, &c, &why))
                ck_assert(c.key.kind == KEY_NONE && strcmp(why.ground->id, "x509.der") == 0);
            else
                subject_of(&c);
            free(copy);
        }
        uint8_t *cut = malloc(i + 1);
        memcpy(cut, real.der, i);
        ck_assert(!x509_read_cert(&(struct der){ .at = cut, .n = i }, NULL, &c, NULL));
        free(cut);
    }
}
END_TEST

/* What one place of a certificate becomes, and that it is then not DER or not X.509 any more. */
START_TEST(breaches_are_refused)
{
    static const struct { const char *from, *to, *came; } rows[] = {
        { "a0 03 02 01 02", "a0 03 02 01 00", "version" },                         /* a default, written */
        { "06 03 55 1d 0f 01 01 ff", "06 03 55 1d 0f 01 01 01", "critical: BOOLEAN of 1" },
        { "06 03 55 1d 0f 01 01 ff", "06 03 55 1d 0f 01 01 00", "critical: FALSE, which is the default" },
        { "03 02 07 80", "03 02 07 81", "key_usage: some are 1" },                 /* an unused bit set */
        { "03 02 07 80", "03 02 07 00", "key_usage: no use" },
        { "03 02 07 80", "03 02 08 80", "key_usage: 8 unused bits" },
        { "03 02 07 80", "03 01 07 80", "key_usage: 7 unused bits of none" },
        { "06 03 55 1d 0e", "06 03 55 1d 0f", "key_usage: OCTET STRING" },         /* a key identifier is no bits */
        { "06 03 55 1d 13 01 01 ff 04 02 30 00", "06 03 55 1d 13 01 01 ff 04 02 31 00", "basic_constraints: SET" },
        { "06 03 55 1d 11 04 14 30 12", "06 03 55 1d 11 04 14 30 10", "dns_name: 16 octets, where 14 are left" },
        { "30 12 82 10 77", "30 12 89 10 77", "general_name: tag 0x89" },          /* there is no choice 9 */
        { "30 12 82 10 77", "30 12 82 10 f7", "dns_name: IA5String with an octet 0xf7 at 0" },
        { "30 12 82 10 77", "30 12 87 10 77", "" },                                /* an address, of 16 octets */
        { "30 0a 06 08 2b", "30 0a 04 08 2b", "key_purpose_id: OCTET STRING" },
        { "30 0a 06 08 2b", "30 0a 06 08 80", "key_purpose_id: an arc with a needless octet 0x80 in front" },
        { "30 13 06 07 2a 86 48 ce 3d 02 01 06 08 2a 86 48 ce 3d 03 01 07 03 42 00",
          "30 13 06 09 2a 86 48 86 f7 0d 01 01 01 05 06 ce 3d 03 01 07 00 03 42 00",
          "octets left over: 6 octets left over" },                                /* a NULL that holds something */
        { "17 0d 32 36 30 39 32 30", "17 0d 32 36 31 33 32 30", "not_before: \"261320" },   /* month 13 */
        { "17 0d 32 36 30 39 32 30", "18 0d 32 36 30 39 32 30", "not_before: \"260920" },   /* a year of two digits */
        { "17 0d 32 36 30 39 32 30", "16 0d 32 36 30 39 32 30", "not_before: IA5String" },
        { "a0 03 02 01 02 02", "a0 03 02 80 02 02", "version: an indefinite length" },
        { "a0 03 02 01 02 02", "a0 03 02 85 02 02", "version: a length in 5 octets" },
        { "a0 03 02 01 02 02", "bf 03 02 01 02 02", "serial_number: one of more than an octet" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct test_chain *c = test_chain_new();
        struct fault why = { 0 };
        struct x509_cert out;
        char want[96];
        const char *colon = strstr(rows[i].came, ": ");
        test_replace(&c->leaf, rows[i].from, rows[i].to);
        bool read = x509_read_cert(&(struct der){ .at = c->leaf.der, .n = c->leaf.n }, NULL, &out, &why);
        snprintf(want, sizeof want, "%.*s, octet ", (int)(colon ? colon - rows[i].came : 0), rows[i].came);
        ck_assert_msg(read ? !*rows[i].came : strstr(why.came, colon ? want : rows[i].came)
                      && (!colon || strstr(why.came, colon)), "row %zu: %s", i, read ? "read" : why.came);
        test_chain_free(c);
    }
}
END_TEST

/* A refusal names the element, the octet and what is wrong with it. */
START_TEST(a_refusal_says_what_is_wrong_where)
{
    static const struct { const char *hex, *expected, *came; } rows[] = {
        { "", "an element", "certificate, octet 0: nothing is left" },
        { "31 00", "SEQUENCE", "certificate, octet 0: SET" },
        { "30", "a length", "certificate, octet 0: it is cut behind its tag" },
        { "30 82 01", "a length", "certificate, octet 0: it is cut in its length" },
        { "30 80 00 00", "a definite length (X.690 §10.1)", "certificate, octet 0: an indefinite length" },
        { "30 81 02 30 00", "a length in as few octets as can be (X.690 §10.1)",
          "certificate, octet 0: 2 octets for a length of 2" },
        { "30 ff ff", "a length in at most 4 octets", "certificate, octet 0: a length in 127 octets" },
        { "30 84 ff ff ff ff", "an element within what holds it",
          "certificate, octet 0: 4294967295 octets, where 0 are left" },
        { "30 02 30 00", "an element", "serial_number, octet 4: nothing is left" },
        { "30 06 30 04 02 02 00 7f", "a number in as few octets as can be (X.690 §8.3.2)",
          "serial_number, octet 4: a needless octet 0x00 in front" },
        { "30 06 30 04 02 02 ff 80", "a number in as few octets as can be (X.690 §8.3.2)",
          "serial_number, octet 4: a needless octet 0xff in front" },
        { "30 04 30 02 02 00", "a number of an octet at least (X.690 §8.3.1)",
          "serial_number, octet 4: a number of no octets" },
    };
    uint8_t room[64];
    struct x509_cert c;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fault why = { 0 };
        size_t n = check_hex(rows[i].hex, room, sizeof room);
        ck_assert(!x509_read_cert(&(struct der){ .at = room, .n = n }, NULL, &c, &why));
        ck_assert_str_eq(why.ground->id, "x509.der");
        ck_assert_str_eq(why.expected, rows[i].expected);
        ck_assert_str_eq(why.came, rows[i].came);
    }
    static uint8_t large[X509_CERT_MAX + 1];
    struct fault why = { 0 };
    ck_assert(!x509_read_cert(&(struct der){ .at = large, .n = sizeof large }, NULL, &c, &why));
    ck_assert_str_eq(why.ground->id, "x509.too_long");
}
END_TEST

/* A Name of one RDN that holds the attributes in `rows`, in their order; is it read? */
static bool name_read(const struct x509_name_part *parts, size_t n, char came[96])
{
    uint8_t room[4000];
    struct wire_out out = wire_into(room, sizeof room);
    struct put_der name = put_der_open(&out, DER_SEQUENCE), set = put_der_open(&out, DER_SET);
    for (size_t i = 0; i < n; i++) {
        struct put_der pair = put_der_open(&out, DER_SEQUENCE);
        put_der_bytes(&out, DER_OID, parts[i].type.at, parts[i].type.n);
        put_der_bytes(&out, parts[i].tag, parts[i].value.at, parts[i].value.n);
        put_der_close(&out, pair);
    }
    put_der_close(&out, set);
    put_der_close(&out, name);
    ck_assert(!out.failed);
    struct wire_why found = wire_why_over(room);
    struct wire_in in = wire_over(room, wire_written(&out), &found.watch);
    x509_take_name(&in, "name");
    snprintf(came, 96, "%s", found.came);
    return !in.failed;
}

#define PART(tag, type, value) { { (const uint8_t *)type, sizeof type - 1 }, \
                                 { (const uint8_t *)value, sizeof value - 1 }, { NULL, 0 }, tag }

START_TEST(strings_have_the_characters_of_their_kind)
{
    static const struct { struct x509_name_part part; const char *came; } rows[] = {
        { PART(DER_PRINTABLE, "\x55\x04\x03", "Vitrine (2026), 'x' + y./:=?-"), "" },
        { PART(DER_PRINTABLE, "\x55\x04\x03", "caf\xc3\xa9"), "PrintableString with an octet 0xc3 at 3" },
        { PART(DER_PRINTABLE, "\x55\x04\x03", "a\0b"), "PrintableString with an octet 0x00 at 1" },
        { PART(DER_PRINTABLE, "\x55\x04\x03", "a;b"), "PrintableString with an octet 0x3b at 1" },
        { PART(DER_BIT_STRING, "\x55\x04\x03", "\0a"), "BIT STRING" },               /* that of a type we know */
        { PART(DER_BIT_STRING, "\x55\x04\x2d", "\0a"), "" },                         /* x500UniqueIdentifier is one */
        { PART(DER_NUMERIC, "\x55\x04\x05", "12 34"), "" },
        { PART(DER_NUMERIC, "\x55\x04\x05", "12a"), "NumericString with an octet 0x61 at 2" },
        { PART(DER_IA5, "\x55\x04\x03", "a@b"), "" },
        { PART(DER_IA5, "\x55\x04\x03", "\x80"), "IA5String with an octet 0x80 at 0" },
        { PART(DER_VISIBLE, "\x55\x04\x03", "a\tb"), "VisibleString with an octet 0x09 at 1" },
        { PART(DER_UTF8, "\x55\x04\x03", "\xe6\xa9\xb1"), "" },
        { PART(DER_UTF8, "\x55\x04\x03", "a\xe6\xa9"), "UTF8String with an octet 0xe6 at 1" },
        { PART(DER_UTF8, "\x55\x04\x03", "\xc0\xaf"), "UTF8String with an octet 0xc0 at 0" },
        { PART(DER_UTF8, "\x55\x04\x03", "\xed\xa0\x80"), "UTF8String with an octet 0xed at 0" },
        { PART(DER_BMP, "\x55\x04\x03", "\x6a\x71"), "" },
        { PART(DER_BMP, "\x55\x04\x03", "\x6a\x71\x6a"), "BMPString with an octet 0x6a at 2" },
        { PART(DER_BMP, "\x55\x04\x03", "\xd8\x00"), "BMPString with an octet 0xd8 at 0" },
        { PART(DER_UNIVERSAL, "\x55\x04\x03", "\0\1\xf6\0"), "" },
        { PART(DER_UNIVERSAL, "\x55\x04\x03", "\0\x11\0\0"), "UniversalString with an octet 0x00 at 0" },
        { PART(DER_T61, "\x55\x04\x03", "\xcele"), "" },
        { PART(DER_BIT_STRING, "\x55\x04\x2d", "\0\xff"), "" },              /* x500UniqueIdentifier */
        { PART(DER_BIT_STRING, "\x55\x04\x03", "\0\xff"), "BIT STRING" },    /* a commonName is a string */
        { PART(DER_OCTET_STRING, "\x2a\x03", "a"), "OCTET STRING" },
        { PART(0x83, "\x2a\x03", "a"), "[3]" },
    };
    char came[96];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool read = name_read(&rows[i].part, 1, came);
        ck_assert_str_eq(came, rows[i].came);
        ck_assert(read == !*rows[i].came);
    }
}
END_TEST

/* GeneralNames of the rarer choices, and the contents of extensions that nothing else reads: the tags that the syntax
 * gives them, and no others. */
START_TEST(rare_contents_have_their_tags)
{
    static const struct { const char *hex, *came; } rows[] = {
        { "a0 0a 06 03 2a 03 04 a0 03 0c 01 61", "" },
        { "a0 0a 06 03 2a 03 04 a1 03 0c 01 61", "[1]" },               /* otherName: the value is [0] */
        { "a3 02 61 00", "" },
        { "83 02 61 00", "[3]" },                                       /* x400Address is a SEQUENCE */
        { "a5 05 a1 03 0c 01 58", "" },
        { "a5 0a a0 03 13 01 58 a1 03 0c 01 58", "" },
        { "a5 05 a1 03 04 01 58", "OCTET STRING" },
        { "a5 05 a0 03 0c 01 58", "nothing is left" },                  /* ediPartyName has a party */
        { "88 03 2a 03 04", "" },
        { "88 03 2a 80 04", "an arc with a needless octet 0x80 in front" },
        { "82 02 61 ff", "IA5String with an octet 0xff at 1" },
        { "a9 00", "tag 0xa9" },
    };
    uint8_t room[64];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n = check_hex(rows[i].hex, room, sizeof room);
        struct wire_why found = wire_why_over(room);
        struct wire_in in = wire_over(room, n, &found.watch);
        x509_take_general_name(&in);
        ck_assert_str_eq(found.came, rows[i].came);
        ck_assert((in.failed == NULL) == !*rows[i].came);
    }
}
END_TEST

START_TEST(the_attributes_of_a_name_are_in_order_and_counted)
{
    static const struct x509_name_part a = PART(DER_UTF8, "\x55\x04\x03", "b"),
        b = PART(DER_UTF8, "\x55\x04\x0a", "a"), longer = PART(DER_UTF8, "\x55\x04\x03", "ab");
    char came[96];
    ck_assert(name_read((struct x509_name_part[]){ a, b }, 2, came));
    ck_assert(name_read((struct x509_name_part[]){ a, longer }, 2, came));
    ck_assert(!name_read((struct x509_name_part[]){ b, a }, 2, came));
    ck_assert_str_eq(came, "one that belongs before");
    ck_assert(!name_read((struct x509_name_part[]){ longer, a }, 2, came));
    struct x509_name_part many[X509_ATTRIBUTES_MAX + 1];
    for (size_t i = 0; i <= X509_ATTRIBUTES_MAX; i++)
        many[i] = a;
    ck_assert(name_read(many, X509_ATTRIBUTES_MAX, came));
    ck_assert(!name_read(many, X509_ATTRIBUTES_MAX + 1, came));
    ck_assert_str_eq(came, "more of them");
}
END_TEST

START_TEST(extensions_are_counted)
{
    /* Extensions { Extension { 2.5.29.x, "" } ... }: 32 are read, 33 are not, and none is none too few. */
    for (unsigned n = 0; n <= X509_EXTENSIONS_MAX + 1; n++) {
        uint8_t room[1000];
        char oid[32];
        struct x509_cert c = { 0 };
        struct wire_out out = wire_into(room, sizeof room);
        struct put_der list = put_der_open(&out, DER_SEQUENCE);
        for (unsigned i = 0; i < n; i++) {
            struct put_der one = put_der_open(&out, DER_SEQUENCE);
            snprintf(oid, sizeof oid, "1.3.6.1.4.1.55738.%u", i);
            put_der_oid(&out, oid);
            put_der_bytes(&out, DER_OCTET_STRING, "", 0);
            put_der_close(&out, one);
        }
        put_der_close(&out, list);
        struct wire_in in = wire_over(room, wire_written(&out), NULL);
        x509_take_extensions(&in, &c);
        ck_assert_int_eq(in.failed == NULL, n >= 1 && n <= X509_EXTENSIONS_MAX);
    }
}
END_TEST

static size_t judge_store(const char *pem, size_t n)
{
    static uint8_t der[X509_CERT_MAX];
    const char *at = pem;
    size_t size, read = 0;
    struct fault why = { 0 };
    while ((size = pem_next(&at, pem + n, "CERTIFICATE", NULL, der, sizeof der, &why)) > 0) {
        struct x509_cert c;
        struct named *names = named_new();
        struct der d = { .at = der, .n = size, .buf = trace_buf(names->trace, 'c') };
        trace_emit(names->trace, &(struct event){ .kind = EVENT_BUFFER, .layer = "x509",
                                                  .name = "certificate", .by = __func__, .buf = d.buf,
                                                  .bytes = { der, size } });
        struct watch w = { names->trace, d.buf, der };
        ck_assert_msg(x509_read_cert(&d, &w, &c, &why), "%s: %s", subject_of(&c), why.came);
        ck_assert(c.not_before < c.not_after && c.tbs.n && c.signature.n && c.key_words[0]
                  && strlen(subject_of(&c)) > 3);
        ck_assert_msg(c.version < 3 || c.is_ca, "%s", subject_of(&c));
        named_check(names);
        named_free(names);
        read++;
    }
    ck_assert_msg(!why.ground, "%s", why.came);
    return read;
}

/* The roots that Debian trusts, if the machine has them: all are read, every octet named. */
START_TEST(the_roots_of_the_machine)
{
    static const char path[] = "/etc/ssl/certs/ca-certificates.crt";
    FILE *f = fopen(path, "rb");
    if (!f) {
        printf("skipped: %s is not there\n", path);
        return;
    }
    fclose(f);
    size_t n, count = 0;
    char *pem = test_file(path, &n);
    for (const char *at = pem; (at = strstr(at, "-----BEGIN CERTIFICATE-----")) != NULL; at++)
        count++;
    ck_assert_uint_eq(judge_store(pem, n), count);
    struct x509_store trust = { 0 };
    size_t skipped;
    ck_assert(x509_store_add_pem(&trust, pem, n, &skipped, NULL));
    ck_assert_uint_eq(skipped, 0);
    ck_assert_uint_eq(trust.n, count);
    x509_store_free(&trust);
    free(pem);
}
END_TEST

int main(void)
{
    return check_run("cert", (const TTest *[]){ the_fields_of_a_certificate, names_from_outside_are_harmless,
                                                names_are_compared_by_their_characters,
                                                spoiled_octets_do_no_harm, breaches_are_refused,
                                                a_refusal_says_what_is_wrong_where,
                                                strings_have_the_characters_of_their_kind, rare_contents_have_their_tags,
                                                the_attributes_of_a_name_are_in_order_and_counted,
                                                extensions_are_counted, the_roots_of_the_machine, NULL });
}

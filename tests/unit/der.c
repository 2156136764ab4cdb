/* DER, read strictly and written (X.690 §8, §10, §11). */
#include "tests/lib/check.h"
#include "tls/x509/der.h"
#include "tls/x509/oid_table.h"

#include <stdlib.h>
#include <string.h>

static uint8_t octets[256];

static struct wire_in over(const char *hex)
{
    return wire_over(octets, check_hex(hex, octets, sizeof octets), NULL);
}

/* Is there one element of that tag and nothing else? */
static bool is_one(const char *hex, unsigned tag)
{
    struct wire_in in = over(hex);
    struct bytes b = der_take(&in, "element", tag);
    (void)b;
    return !in.failed && in.at == in.end;
}

START_TEST(lengths_are_definite_and_minimal)
{
    ck_assert(is_one("04 00", DER_OCTET_STRING));
    ck_assert(is_one("04 01 aa", DER_OCTET_STRING));
    ck_assert(!is_one("", DER_OCTET_STRING));
    ck_assert(!is_one("04", DER_OCTET_STRING));
    ck_assert(!is_one("04 02 aa", DER_OCTET_STRING));              /* cut */
    ck_assert(!is_one("04 00 00", DER_OCTET_STRING));              /* left over */
    ck_assert(!is_one("04 81 01 aa", DER_OCTET_STRING));           /* the short form would do */
    ck_assert(!is_one("04 82 00 01 aa", DER_OCTET_STRING));
    ck_assert(!is_one("04 80 aa 00 00", DER_OCTET_STRING));        /* indefinite */
    ck_assert(!is_one("04 85 00 00 00 00 01 aa", DER_OCTET_STRING));
    ck_assert(!is_one("04 84 ff ff ff ff aa", DER_OCTET_STRING));
    ck_assert(!is_one("04 ff", DER_OCTET_STRING));
    ck_assert(!is_one("04 01 aa", DER_INTEGER));                   /* another tag */
    ck_assert(!is_one("1f 01 aa", 0x1f));                          /* a long tag */
}
END_TEST

START_TEST(the_long_form_holds_what_the_short_cannot)
{
    static uint8_t room[70000];
    static const size_t sizes[] = { 0, 1, 127, 128, 255, 256, 65535, 65536 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct wire_out out = wire_into(room, sizeof room);
        uint8_t *content = calloc(1, sizes[i] + 1);
        put_der_bytes(&out, DER_OCTET_STRING, content, sizes[i]);
        free(content);
        ck_assert(!out.failed);
        struct wire_in in = wire_over(room, wire_written(&out), NULL);
        ck_assert_uint_eq(der_take(&in, "content", DER_OCTET_STRING).n, sizes[i]);
        ck_assert(!in.failed && in.at == in.end);
    }
    struct wire_out out = wire_into(room, 200);  /* the length does not fit behind the content */
    put_der_bytes(&out, DER_OCTET_STRING, sizes, 8);
    struct put_der seq = put_der_open(&out, DER_SEQUENCE);
    static const uint8_t zeros[188] = { 0 };
    put_bytes(&out, "filler", zeros, sizeof zeros);
    put_der_close(&out, seq);
    ck_assert(out.failed != NULL);
}
END_TEST

START_TEST(integers_are_minimal)
{
    static const struct { const char *hex; bool is_int, is_uint; } rows[] = {
        { "02 01 00", true, true },         { "02 01 7f", true, true },     { "02 02 00 80", true, true },
        { "02 01 80", true, false },
        { "02 00", false, false },          { "02 02 00 7f", false, false }, { "02 02 ff 80", false, false },
        { "02 02 ff 7f", true, false },     { "02 05 00 80 00 00 00", true, true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wire_in in = over(rows[i].hex);
        der_take_int(&in, "n");
        ck_assert_msg(!in.failed == rows[i].is_int, "%s", rows[i].hex);
        in = over(rows[i].hex);
        struct bytes b = der_take_uint(&in, "n");
        ck_assert_msg(!in.failed == rows[i].is_uint, "%s", rows[i].hex);
        ck_assert(in.failed || b.n == 1 || b.at[0] != 0);          /* the sign octet is gone */
    }
    struct wire_in in = over("02 04 7f ff ff ff");
    ck_assert_uint_eq(der_take_small(&in, "n"), 0x7fffffff);
    in = over("02 05 00 80 00 00 00");
    der_take_small(&in, "n");
    ck_assert(in.failed != NULL);
}
END_TEST

START_TEST(unsigned_numbers_are_written_minimally)
{
    static const struct { const char *number, *der; } rows[] = {
        { "00", "02 01 00" }, { "00 00 05", "02 01 05" }, { "80", "02 02 00 80" },
        { "00 80 00", "02 03 00 80 00" }, { "", "02 01 00" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t number[8], room[16];
        struct wire_out out = wire_into(room, sizeof room);
        put_der_uint(&out, number, check_hex(rows[i].number, number, sizeof number));
        check_is_hex(room, wire_written(&out), rows[i].der);
    }
}
END_TEST

START_TEST(booleans_are_all_or_nothing)
{
    struct wire_in in = over("01 01 ff");
    ck_assert(der_take_bool(&in, "b") && !in.failed);
    in = over("01 01 00");
    ck_assert(!der_take_bool(&in, "b") && !in.failed);
    static const char *const bad[] = { "01 01 01", "01 00", "01 02 ff ff" };
    for (size_t i = 0; i < 3; i++) {
        in = over(bad[i]);
        der_take_bool(&in, "b");
        ck_assert_msg(in.failed != NULL, "%s", bad[i]);
    }
}
END_TEST

START_TEST(unused_bits_are_zero)
{
    unsigned unused;
    struct wire_in in = over("03 02 07 80");
    ck_assert_uint_eq(der_take_bits(&in, "bits", &unused).n, 1);
    ck_assert(!in.failed && unused == 7);
    static const char *const bad[] = { "03 00", "03 02 08 00", "03 01 01", "03 02 07 81", "03 02 01 01" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        in = over(bad[i]);
        der_take_bits(&in, "bits", &unused);
        ck_assert_msg(in.failed != NULL, "%s", bad[i]);
    }
    in = over("03 02 01 80");                                      /* not whole octets */
    ck_assert(der_open_bits(&in, "bits").failed != NULL);
}
END_TEST

START_TEST(object_identifiers_go_there_and_back)
{
    static const struct { const char *dotted, *words, *der; } rows[] = {
        { "2.5.29.19", "basicConstraints", "06 03 55 1d 13" },
        { "1.2.840.113549.1.1.11", "sha256WithRSAEncryption", "06 09 2a 86 48 86 f7 0d 01 01 0b" },
        { "1.3.101.112", "Ed25519", "06 03 2b 65 70" },
        { "0.9.2342.19200300.100.1.25", "domainComponent", "06 0a 09 92 26 89 93 f2 2c 64 01 19" },
        { "2.999.1", "2.999.1", "06 03 88 37 01" },
        { "1.3.6.1.4.1.55738.666.1", "1.3.6.1.4.1.55738.666.1", "06 0b 2b 06 01 04 01 83 b3 3a 85 1a 01" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t room[32];
        char text[OID_TEXT];
        struct wire_out out = wire_into(room, sizeof room);
        put_der_oid(&out, rows[i].dotted);
        check_is_hex(room, wire_written(&out), rows[i].der);
        struct wire_in in = wire_over(room, wire_written(&out), NULL);
        struct bytes oid = der_take_oid(&in, "oid");
        ck_assert(!in.failed);
        ck_assert_str_eq(x509_oid_text(&oid, text), rows[i].words);
        if (x509_oid_of(&oid) != OID_UNKNOWN)
            ck_assert_str_eq(x509_oid_dotted(x509_oid_of(&oid)), rows[i].dotted);
    }
    static const char *const bad[] = { "06 00", "06 02 55 80", "06 03 55 80 01", "06 01 80" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct wire_in in = over(bad[i]);
        der_take_oid(&in, "oid");
        ck_assert_msg(in.failed != NULL, "%s", bad[i]);
    }
    char text[OID_TEXT];                                           /* a long one ends, and is nobody's */
    memset(octets, 0x81, 60);
    octets[0] = 0x2a;
    octets[60] = 1;
    struct bytes large = { octets, 61 };
    ck_assert_str_eq(x509_oid_text(&large, text), "1.2...");
    ck_assert_int_eq(x509_oid_of(&large), OID_UNKNOWN);
}
END_TEST

/* The rows by which that is looked up say each thing twice, and are sorted. */
START_TEST(the_table_of_object_identifiers_is_sound)
{
    for (size_t i = 0; i < x509_oid_rows_n; i++) {
        const struct oid_row *row = &x509_oid_rows[i], *last = i ? row - 1 : NULL;
        uint8_t room[64];
        struct wire_out out = wire_into(room, sizeof room);
        put_der_oid(&out, row->dotted);
        ck_assert_msg(wire_written(&out) == row->n + 2u && memcmp(room + 2, row->octets, row->n) == 0,
                      "%s has other octets", row->dotted);
        ck_assert_msg(!last || last->n < row->n || (last->n == row->n && memcmp(last->octets, row->octets, row->n) < 0),
                      "%s belongs before %s", row->dotted, last ? last->dotted : "");
        ck_assert_msg(strlen(row->words) < OID_TEXT && (!row->openssl || strlen(row->openssl) < OID_TEXT), "%s",
                      row->words);
        if (row->oid)
            ck_assert_str_eq(x509_oid_dotted(row->oid), row->dotted);
    }
}
END_TEST

/* A time as it stands in a certificate, as text again; NULL: refused. */
static const char *time_text(unsigned tag, const char *digits)
{
    static char text[DER_TIME_TEXT];
    uint8_t room[64];
    struct wire_out out = wire_into(room, sizeof room);
    put_der_bytes(&out, tag, digits, strlen(digits));
    struct wire_in in = wire_over(room, wire_written(&out), NULL);
    nsec t = der_take_time(&in, "time");
    return in.failed ? NULL : der_time_text(t, text);
}

START_TEST(times_are_those_of_rfc_5280)
{
    enum { U = DER_UTC_TIME, G = DER_GENERALIZED_TIME };
    static const struct { unsigned tag; const char *digits, *text; } rows[] = {
        { U, "261123120000Z", "2026-11-23 12:00:00 UTC" },
        { U, "491231235959Z", "2049-12-31 23:59:59 UTC" },
        { U, "500101000000Z", "1950-01-01 00:00:00 UTC" },
        { U, "700101000000Z", "1970-01-01 00:00:00 UTC" },
        { U, "691231235959Z", "1969-12-31 23:59:59 UTC" },
        { U, "000229000000Z", "2000-02-29 00:00:00 UTC" },
        { U, "240229235959Z", "2024-02-29 23:59:59 UTC" },
        { G, "20500101000000Z", "2050-01-01 00:00:00 UTC" },
        { G, "21000228120000Z", "2100-02-28 12:00:00 UTC" },
        { G, "22611231235959Z", "after 2261" },
        { G, "99991231235959Z", "after 2261" },
        { G, "16771231235959Z", "before 1678" },
        { G, "19400101000000Z", "1940-01-01 00:00:00 UTC" },
        { G, "20111006083956Z", "2011-10-06 08:39:56 UTC" },       /* should be UTCTime, but some are not */
        { U, "2611231200Z", NULL },                                /* no seconds */
        { U, "261123120000", NULL }, { U, "261123120000+0000", NULL }, { U, "261123120000z", NULL },
        { U, "260023120000Z", NULL }, { U, "261323120000Z", NULL }, { U, "261132120000Z", NULL },
        { U, "261100120000Z", NULL },
        { U, "260229120000Z", NULL }, { U, "261131120000Z", NULL },
        { U, "261123240000Z", NULL }, { U, "261123126000Z", NULL }, { U, "261123120060Z", NULL },
        { U, "26112312000aZ", NULL }, { U, "-61123120000Z", NULL }, { U, "", NULL },
        { G, "21000229000000Z", NULL },                            /* no leap year */
        { G, "20500101000000.5Z", NULL }, { G, "20500101000000", NULL }, { G, "205001010000Z", NULL },
        { DER_OCTET_STRING, "261123120000Z", NULL },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *have = time_text(rows[i].tag, rows[i].digits);
        ck_assert_msg(rows[i].text ? have && strcmp(have, rows[i].text) == 0 : have == NULL, "%s: %s",
                      rows[i].digits, have ? have : "refused");
    }
}
END_TEST

/* Every day of six centuries and a half, written and read: the calendar has no hole. */
START_TEST(days_go_there_and_back)
{
    nsec before = 0;
    for (int64_t day = -7300; day < 106000; day++) {               /* 1950 .. 2260 */
        nsec t = (day * 86400 + day % 86399) * SECOND;
        uint8_t room[32];
        struct wire_out out = wire_into(room, sizeof room);
        put_der_time(&out, t);
        struct wire_in in = wire_over(room, wire_written(&out), NULL);
        ck_assert_int_eq(der_take_time(&in, "time"), t);
        ck_assert(!in.failed);
        ck_assert(day == -7300 || t > before);
        before = t;
    }
    char text[DER_TIME_TEXT];
    ck_assert_str_eq(der_time_text(-1, text), "1969-12-31 23:59:59 UTC");
    ck_assert_str_eq(der_time_text(951782400 * SECOND, text), "2000-02-29 00:00:00 UTC");
    ck_assert_str_eq(der_time_text(4102444800 * SECOND, text), "2100-01-01 00:00:00 UTC");
}
END_TEST

START_TEST(depth_is_bounded)
{
    uint8_t deep[2 * (DER_DEPTH + 1)];
    for (size_t i = 0; i <= DER_DEPTH; i++) {
        deep[2 * i] = DER_SEQUENCE;
        deep[2 * i + 1] = (uint8_t)(2 * (DER_DEPTH - i));
    }
    struct wire_in in = wire_over(deep, sizeof deep, NULL);
    der_skip(&in, "deep", NULL);
    ck_assert(in.failed != NULL);
    in = wire_over(deep + 2, sizeof deep - 2, NULL);
    der_skip(&in, "deep", NULL);
    ck_assert(!in.failed && in.at == in.end);
}
END_TEST

int main(void)
{
    return check_run("der", (const TTest *[]){ lengths_are_definite_and_minimal,
                                               the_long_form_holds_what_the_short_cannot,
                                               integers_are_minimal, unsigned_numbers_are_written_minimally,
                                               booleans_are_all_or_nothing, unused_bits_are_zero,
                                               object_identifiers_go_there_and_back,
                                               the_table_of_object_identifiers_is_sound,
                                               times_are_those_of_rfc_5280, days_go_there_and_back,
                                               depth_is_bounded, NULL });
}

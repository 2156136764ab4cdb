/* Names of other letters than ASCII: the samples of RFC 3492 §7.1, names as people type them, and what must be refused. */
#include "net/idn.h"
#include "tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

/* RFC 3492 §7.1: code points and their Punycode (A, B, C, D, G, I, K, L, P and S there). */
static const struct { uint32_t points[32]; size_t n; const char *puny; } samples[] = {
    { { 0x0644, 0x064a, 0x0647, 0x0645, 0x0627, 0x0628, 0x062a, 0x0643, 0x0644, 0x0645, 0x0648, 0x0634, 0x0639, 0x0631,
        0x0628, 0x064a, 0x061f }, 17, "egbpdaj6bu4bxfgehfvwxn" },
    { { 0x4ed6, 0x4eec, 0x4e3a, 0x4ec0, 0x4e48, 0x4e0d, 0x8bf4, 0x4e2d, 0x6587 }, 9, "ihqwcrb4cv8a8dqg056pqjye" },
    { { 0x4ed6, 0x5011, 0x7232, 0x4ec0, 0x9ebd, 0x4e0d, 0x8aaa, 0x4e2d, 0x6587 }, 9, "ihqwctvzc91f659drss3x8bo0yb" },
    { { 0x50, 0x72, 0x6f, 0x10d, 0x70, 0x72, 0x6f, 0x73, 0x74, 0x11b, 0x6e, 0x65, 0x6d, 0x6c, 0x75, 0x76, 0xed, 0x10d,
        0x65, 0x73, 0x6b, 0x79 }, 22, "Proprostnemluvesky-uyb24dma41a" },
    { { 0x306a, 0x305c, 0x307f, 0x3093, 0x306a, 0x65e5, 0x672c, 0x8a9e, 0x3092, 0x8a71, 0x3057, 0x3066, 0x304f, 0x308c,
        0x306a, 0x3044, 0x306e, 0x304b }, 18, "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa" },
    { { 0x33, 0x5e74, 0x42, 0x7d44, 0x91d1, 0x516b, 0x5148, 0x751f }, 8, "3B-ww4c5e180e575a65lsy2b" },
    { { 0x2d, 0x3e, 0x20, 0x24, 0x31, 0x2e, 0x30, 0x30, 0x20, 0x3c, 0x2d }, 11, "-> $1.00 <--" },
};

START_TEST(samples_of_the_rfc)
{
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        char out[64];
        uint32_t back[64];
        size_t n = 0;
        ck_assert(punycode_encode(samples[i].points, samples[i].n, out, sizeof out));
        ck_assert_str_eq(out, samples[i].puny);
        ck_assert(punycode_decode(out, strlen(out), back, 64, &n));
        ck_assert_uint_eq(n, samples[i].n);
        ck_assert_mem_eq(back, samples[i].points, n * sizeof *back);
        for (size_t room = 0; room <= strlen(out); room++) {
            char *exact = malloc(room ? room : 1);
            ck_assert(!punycode_encode(samples[i].points, samples[i].n, exact, room));
            free(exact);
        }
    }
}
END_TEST

static void becomes(const char *typed, const char *want)
{
    char name[DNS_NAME];
    struct fault why = { 0 };
    ck_assert_msg(idn_to_ascii(typed, name, &why), "%s: %s", typed, why.came);
    ck_assert_str_eq(name, want);
}

static void refused(const char *typed, const char *id)
{
    char name[DNS_NAME];
    struct fault why = { 0 };
    ck_assert_msg(!idn_to_ascii(typed, name, &why), "%s became %s", typed, name);
    ck_assert_str_eq(why.ground->id, id);
}

START_TEST(names_as_people_type_them)
{
    becomes("www.Example.test.", "www.Example.test.");            /* ASCII stays: dns_tidy_name does the rest */
    becomes("", "");
    becomes("b\xc3\xbc""cher.example", "xn--bcher-kva.example");
    becomes("B\xc3\x9c""CHER.Example", "xn--bcher-kva.example");
    becomes("stra\xc3\x9f""e.example", "xn--strae-oqa.example");
    becomes("\xe4\xbe\x8b\xe5\xad\x90.\xe6\xb5\x8b\xe8\xaf\x95", "xn--fsqu00a.xn--0zwm56d");
    becomes("\xe4\xbe\x8b\xe5\xad\x90\xe3\x80\x82\xe6\xb5\x8b\xe8\xaf\x95", "xn--fsqu00a.xn--0zwm56d");  /* an ideographic dot */
    becomes("\xd0\x9f\xd0\xa0\xd0\x98\xd0\x9c\xd0\x95\xd0\xa0.\xd0\xa0\xd0\xa4", "xn--e1afmkfd.xn--p1ai");
    becomes("\xce\x91\xce\x86.gr", "xn--hxaj.gr");
}
END_TEST

/* The Cyrillic letter that looks like an a: another name, and it shows. */
START_TEST(letters_that_look_alike_make_another_name)
{
    char text[IDN_TEXT];
    becomes("p\xd0\xb0ypal.test", "xn--pypal-4ve.test");
    ck_assert(idn_to_unicode("xn--pypal-4ve.test", text));
    ck_assert_str_eq(text, "p\xd0\xb0ypal.test");
}
END_TEST

START_TEST(what_is_no_name_is_refused)
{
    char longest[300];
    refused("a\xff.test", "dns.idn_not_text");
    refused("\xc0\xaf.test", "dns.idn_not_text");
    refused("a\xe2\x80\xae.test", "dns.idn_no_letter");           /* a mark that turns the direction */
    refused("a\xe2\x80\x8b.test", "dns.idn_no_letter");           /* no width */
    refused("a\xc2\xa0.test", "dns.idn_no_letter");
    refused("\xcc\x88.test", "dns.idn_no_letter");                /* a mark without its letter */
    refused("\xee\x80\x80.test", "dns.idn_no_letter");
    memset(longest, 'a', 62);
    strcpy(longest + 62, "\xc3\xbc");                             /* 63 letters, more in Punycode */
    refused(longest, "dns.label_too_long");
    memset(longest, 'a', sizeof longest);
    longest[299] = '\0';
    refused(longest, "dns.name_too_long");
}
END_TEST

START_TEST(what_a_name_reads_like)
{
    static const char *const not_read[] = { "www.example.test", "xn--", "xn--a", "xn--\x7f", "xn--999999999999", "" };
    char text[IDN_TEXT];
    ck_assert(idn_to_unicode("www.xn--bcher-kva.test", text));
    ck_assert_str_eq(text, "www.b\xc3\xbc""cher.test");
    for (size_t i = 0; i < sizeof not_read / sizeof *not_read; i++)
        if (idn_to_unicode(not_read[i], text))
            ck_abort_msg("%s reads %s", not_read[i], text);
    ck_assert(!idn_to_unicode("xn--ohb.test", text) || text[0]);
}
END_TEST

/* CVE-2022-3602: each digit string of up to four, and long ones: no step beyond the room, no number beyond its type. */
START_TEST(decoding_has_its_bounds)
{
    static const char digits[] = "a9z-0";
    char text[64];
    uint32_t points[8], *exact;
    size_t n;
    for (unsigned i = 0; i < 5 * 5 * 5 * 5 * 5 * 5; i++) {
        for (unsigned k = 0, v = i; k < 6; k++, v /= 5)
            text[k] = digits[v % 5];
        for (size_t room = 0; room < 8; room++) {
            exact = malloc(room ? room * sizeof *exact : 1);
            if (punycode_decode(text, 6, exact, room, &n))
                ck_assert_uint_le(n, room);
            free(exact);
        }
    }
    memset(text, '9', sizeof text);
    ck_assert(!punycode_decode(text, sizeof text, points, 8, &n));
    memset(text, 'a', sizeof text);                               /* more letters than there is room for */
    ck_assert(!punycode_decode(text, sizeof text, points, 8, &n));
}
END_TEST

int main(void)
{
    return check_run("idn", (const TTest *[]){
        samples_of_the_rfc, names_as_people_type_them, letters_that_look_alike_make_another_name,
        what_is_no_name_is_refused, what_a_name_reads_like, decoding_has_its_bounds, NULL });
}

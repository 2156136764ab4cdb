/* Certificates in OpenSSL's words, where no openssl is needed to know them (tests/interop/real_roots.sh asks it). */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"
#include "tls/x509/text.h"

#include <string.h>

START_TEST(a_certificate_in_openssl_s_words)
{
    static struct test_cert real;
    test_read_pem(&real, "tests/vectors/x509/real.pem", 0);
    const struct x509_cert *c = &real.cert;
    char text[X509_RFC2253_TEXT], small[X509_SHA256_TEXT];
    ck_assert_str_eq(x509_rfc2253(&c->subject, text, sizeof text),
                     "CN=www.example.test,OU=\\E6\\A9\\B1\\E7\\AA\\97,O=Vitrine\\, the shop \\+ more,L=Paris,"
                     "ST=\\C3\\8Ele-de-France,C=FR");
    ck_assert_str_eq(x509_serial_text(&c->serial, small, sizeof small), "1002");
    ck_assert_str_eq(x509_date_text(&c->not_before_digits, small), "Jan  1 00:00:00 2020 GMT");
    ck_assert_str_eq(x509_date_text(&c->not_after_digits, small), "Dec 31 23:59:59 2049 GMT");
    ck_assert_str_eq(x509_sha256_text(&c->der, small),
                     "40:6D:10:5B:A9:84:63:BD:01:6C:6D:75:37:AF:1A:54:DB:F0:C1:C0:86:FA:21:A3:A0:45:2A:29:7F:A5:FF:0E");
    ck_assert_ptr_nonnull(strstr(x509_extensions_text(c, text, sizeof text),
                                 "X509v3 Key Usage: critical, X509v3 Extended Key Usage, "));
}
END_TEST

START_TEST(serials_and_dates)
{
    static const struct { const char *hex, *text; } serials[] = {
        { "00", "00" }, { "7f", "7F" }, { "00 80", "80" }, { "80", "-80" }, { "ff", "-01" }, { "ff 00", "-0100" },
        { "ff 7f", "-81" }, { "80 00", "-8000" },
    };
    static const struct { const char *digits, *text; } dates[] = {
        { "500101000000Z", "Jan  1 00:00:00 1950 GMT" }, { "491231235959Z", "Dec 31 23:59:59 2049 GMT" },
        { "99991231235959Z", "Dec 31 23:59:59 9999 GMT" }, { "20500228010203Z", "Feb 28 01:02:03 2050 GMT" }, { "", "" },
    };
    char text[X509_SERIAL_TEXT];
    uint8_t octets[4];
    for (size_t i = 0; i < sizeof serials / sizeof *serials; i++) {
        struct bytes b = { octets, check_hex(serials[i].hex, octets, sizeof octets) };
        ck_assert_str_eq(x509_serial_text(&b, text, sizeof text), serials[i].text);
    }
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        struct bytes b = { (const uint8_t *)dates[i].digits, strlen(dates[i].digits) };
        ck_assert_str_eq(x509_date_text(&b, text), dates[i].text);
    }
}
END_TEST

/* In each room, from one octet on: a beginning of the whole, "..." where there is room for that, and no octet beyond. */
START_TEST(text_keeps_to_its_room)
{
    static struct test_cert real;
    test_read_pem(&real, "tests/vectors/x509/real.pem", 0);
    char whole[X509_RFC2253_TEXT], text[X509_RFC2253_TEXT];
    x509_rfc2253(&real.cert.subject, whole, sizeof whole);
    size_t n = strlen(whole);
    for (size_t room = 1; room < n + 10; room++) {
        memset(text, '#', sizeof text);
        x509_rfc2253(&real.cert.subject, text, room);
        ck_assert(memchr(text, 0, room) && text[room] == '#');
        size_t kept = strlen(text);
        bool cut = kept >= 3 && strcmp(text + kept - 3, "...") == 0;
        if (room > 4)
            ck_assert_msg(strcmp(text, whole) == 0 || (cut && strncmp(text, whole, kept - 3) == 0), "%s", text);
    }
}
END_TEST

int main(void)
{
    return check_run("x509_text", (const TTest *[]){ a_certificate_in_openssl_s_words, serials_and_dates,
                                                     text_keeps_to_its_room, NULL });
}

/* URLs: what they mean, and what is none (RFC 3986, RFC 9110 §4.2). */
#include "tests/lib/check.h"
#include "http/url.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *text;
    bool https;
    const char *host;
    bool is_ip;
    unsigned port;
    const char *target, *authority;
} good[] = {
    { "https://www.example.test/", true, "www.example.test", false, 443, "/", "www.example.test" },
    { "https://www.example.test", true, "www.example.test", false, 443, "/", "www.example.test" },
    { "www.example.test", true, "www.example.test", false, 443, "/", "www.example.test" },
    { "http://www.example.test/a?b#c", false, "www.example.test", false, 80, "/a?b", "www.example.test" },
    { "HTTPS://WWW.Example.TEST/A%2fB", true, "www.example.test", false, 443, "/A%2fB", "www.example.test" },
    { "https://example.test.", true, "example.test", false, 443, "/", "example.test" },
    { "https://a.test:8443/x", true, "a.test", false, 8443, "/x", "a.test:8443" },
    { "https://a.test:443", true, "a.test", false, 443, "/", "a.test" },
    { "http://a.test:443", false, "a.test", false, 443, "/", "a.test:443" },
    { "https://a.test:65535", true, "a.test", false, 65535, "/", "a.test:65535" },
    { "https://a.test?x=1", true, "a.test", false, 443, "/?x=1", "a.test" },
    { "https://a.test#x", true, "a.test", false, 443, "/", "a.test" },
    { "https://a.test/x#y?z", true, "a.test", false, 443, "/x", "a.test" },
    { "https://a.test/?q[]=1&u=http://b@c/", true, "a.test", false, 443, "/?q[]=1&u=http://b@c/", "a.test" },
    { "localhost:8443/x", true, "localhost", false, 8443, "/x", "localhost:8443" },
    { "https://10.0.0.80:8443/", true, "10.0.0.80", true, 8443, "/", "10.0.0.80:8443" },
    { "https://[::1]/", true, "::1", true, 443, "/", "[::1]" },
    { "https://[2001:DB8:0:0::1]:8443/", true, "2001:db8::1", true, 8443, "/", "[2001:db8::1]:8443" },
    { "xn--bcher-kva.example", true, "xn--bcher-kva.example", false, 443, "/", "xn--bcher-kva.example" },
    { "https://B\xc3\x9c" "CHER.example:8443/x", true, "xn--bcher-kva.example", false, 8443, "/x",
      "xn--bcher-kva.example:8443" },
    { "\xe4\xbe\x8b\xe5\xad\x90\xe3\x80\x82test", true, "xn--fsqu00a.test", false, 443, "/", "xn--fsqu00a.test" },
    { "https://a_b.test/", true, "a_b.test", false, 443, "/", "a_b.test" },
    { "https://1.a/", true, "1.a", false, 443, "/", "1.a" },
    { "https://0x7f.test/", true, "0x7f.test", false, 443, "/", "0x7f.test" },
    { "https://a.test/../b/./c", true, "a.test", false, 443, "/../b/./c", "a.test" },
};

static const struct { const char *ground, *text; } bad[] = {
    { "url.scheme", "ftp://a.test/" }, { "url.scheme", "file:///etc/passwd" },
    { "url.scheme", "httpss://a.test/" }, { "url.scheme", "ws://a.test/" },
    { "url.scheme", "gopher://a.test/" }, { "url.scheme", "://a.test" },
    { "url.userinfo", "https://user@a.test/" }, { "url.userinfo", "https://user:secret@a.test/" },
    { "url.userinfo", "https://www.bank.test@evil.test/" },
    { "url.userinfo", "https://@a.test/" }, { "url.userinfo", "mailto:someone@a.test" },
    { "url.host", "" }, { "url.host", "https://" }, { "url.host", "https:///a" },
    { "url.host", "https://?a" }, { "url.host", "https://:443/" },
    { "url.host", "https://./" }, { "url.host", "https://a..test/" }, { "url.host", "https://.a.test/" },
    { "url.host", "https://a.test../" },
    { "url.host", "https://-a.test/" }, { "url.host", "https://a-.test/" },
    { "url.host", "https://a.-test/" }, { "url.host", "https://a!b.test/" },
    { "url.host", "https://a%2etest/" }, { "url.host", "https://a,b.test/" },
    { "url.host", "https://*.test/" }, { "url.host", "https://[a.test]/" },
    { "url.host", "https://[::1/" }, { "url.host", "https://[]/" }, { "url.host", "https://[10.0.0.1]/" },
    { "url.host", "https://[::1%25eth0]/" },
    { "url.host", "https://[::1]a/" }, { "url.host", "https://::1/" },
    { "url.host", "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test/" },
    { "url.ip", "https://127.1/" }, { "url.ip", "https://0x7f.1/" }, { "url.ip", "https://2130706433/" },
    { "url.ip", "https://0x7f000001/" },
    { "url.ip", "https://017700000001/" }, { "url.ip", "https://10.0.0.080/" },
    { "url.ip", "https://10.0.0.256/" }, { "url.ip", "https://1.2.3.4.5/" },
    { "url.ip", "https://a.test.1/" }, { "url.ip", "https://1.2.3.0x4/" },
    { "url.port", "https://a.test:0/" }, { "url.port", "https://a.test:65536/" },
    { "url.port", "https://a.test:/" }, { "url.port", "https://a.test:x/" },
    { "url.port", "https://a.test:-1/" }, { "url.port", "https://a.test:4294967739/" },
    { "url.port", "https://a.test:18446744073709552059/" },
    { "url.port", "https://[::1]:/" }, { "url.port", "http:/a.test" }, { "url.port", "javascript:alert(1)" },
    { "url.character", "https://a.test/a b" }, { "url.character", " https://a.test/" },
    { "url.character", "https://a.test/\r\nX: y" },
    { "url.character", "https://a.test/\x7f" }, { "url.character", "https://a.test/\x01" },
    { "dns.idn_no_letter", "https://a\xe2\x80\xae.test/" }, { "dns.idn_not_text", "https://b\xfc" "cher.test/" },
    { "url.character", "https://a.test/\xc3\xa9" }, { "url.character", "https://a.test\\@b.test/" },
    { "url.character", "https://a.test/<x>" },
    { "url.character", "https://a.test/#a b" }, { "url.character", "https://a.test/{x}" },
    { "url.percent", "https://a.test/%" }, { "url.percent", "https://a.test/%4" },
    { "url.percent", "https://a.test/%4x" }, { "url.percent", "https://a.test/?%zz" },
};

START_TEST(takes_apart)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct url u;
        struct fault why = { 0 };
        char authority[URL_HOST + 8];
        ck_assert_msg(url_parse(good[i].text, &u, &why), "%s: %s, %s", good[i].text,
                      why.ground ? why.ground->id : "", why.came);
        ck_assert_msg(u.https == good[i].https && u.is_ip == good[i].is_ip && u.port == good[i].port,
                      "%s: https %d, is_ip %d, port %u", good[i].text, u.https, u.is_ip, u.port);
        ck_assert_str_eq(u.host, good[i].host);
        ck_assert_str_eq(u.target, good[i].target);
        ck_assert_str_eq(url_authority(&u, authority, sizeof authority), good[i].authority);
    }
}
END_TEST

START_TEST(refuses)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct url u;
        struct fault why = { 0 };
        ck_assert_msg(!url_parse(bad[i].text, &u, &why), "taken: %s", bad[i].text);
        ck_assert_msg(why.ground && strcmp(why.ground->id, bad[i].ground) == 0, "%s: %s, should be %s",
                      bad[i].text, why.ground ? why.ground->id : "", bad[i].ground);
        ck_assert(why.expected[0] && why.came[0]);
    }
}
END_TEST

START_TEST(bounds_host_and_target)
{
    char text[URL_TARGET + 64], label[64];
    struct url u;
    struct fault why = { 0 };
    memset(label, 'a', 63);
    label[63] = '\0';
    /* 253 octets: RFC 1035 §2.3.4 */
    sprintf(text, "https://%s.%s.%s.%.61s/", label, label, label, label);
    ck_assert(url_parse(text, &u, &why));
    ck_assert_uint_eq(strlen(u.host), 253);
    sprintf(text, "https://%s.%s.%s.%.62s/", label, label, label, label);
    ck_assert(!url_parse(text, &u, &why));
    ck_assert_str_eq(why.ground->id, "url.host");
    why = (struct fault){ 0 };
    sprintf(text, "https://a.test/%0*d", URL_TARGET - 2, 0);
    ck_assert(url_parse(text, &u, &why));
    sprintf(text, "https://a.test/%0*d", URL_TARGET - 1, 0);
    ck_assert(!url_parse(text, &u, &why));
    ck_assert_str_eq(why.ground->id, "url.too_long");
    why = (struct fault){ 0 };
    sprintf(text, "https://a.test?%0*d", URL_TARGET - 2, 0);
    ck_assert(!url_parse(text, &u, &why));
}
END_TEST

START_TEST(reads_an_authority_alone)
{
    struct url u;
    ck_assert(url_read_authority("A.test", 6, &u, NULL));
    ck_assert(!u.port_given && u.port == 0);
    ck_assert(url_read_authority("a.test:80 ", 9, &u, NULL));
    ck_assert(u.port_given && u.port == 80);
    ck_assert(!url_read_authority("a.test/", 7, &u, NULL));
    ck_assert(!url_read_authority("", 0, &u, NULL));
}
END_TEST

int main(void)
{
    return check_run("url", (const TTest *[]){ takes_apart, refuses, bounds_host_and_target,
                                               reads_an_authority_alone, NULL });
}

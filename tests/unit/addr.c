/* Addresses: text of both kinds, there and back, and what is no address. */
#include "net/addr.h"
#include "tests/lib/check.h"

#include <string.h>

static bool parses(const char *text, struct addr *a) { return addr_parse(text, strlen(text), a); }

static void becomes(const char *text, const char *want)
{
    struct addr a;
    char out[ADDR_TEXT];
    ck_assert_msg(parses(text, &a), "%s is refused", text);
    ck_assert_str_eq(addr_text(&a, out), want);
}

START_TEST(four_octets)
{
    struct addr a, b = addr_v4(10, 0, 0, 2);
    ck_assert(parses("10.0.0.2", &a) && addr_same(&a, &b));
    becomes("255.255.255.255", "255.255.255.255");
    becomes("0.0.0.0", "0.0.0.0");
    ck_assert(addr_parse("10.0.0.25", 8, &a) && addr_same(&a, &b));
}
END_TEST

START_TEST(sixteen_octets)                            /* RFC 5952 §4 */
{
    becomes("2001:0DB8::0001", "2001:db8::1");
    becomes("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1");
    becomes("2001:0:0:1:0:0:0:1", "2001:0:0:1::1");
    becomes("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1");
    becomes("::", "::");
    becomes("::1", "::1");
    becomes("1::", "1::");
    becomes("::ffff:192.0.2.1", "::ffff:c000:201");
    becomes("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8");
    becomes("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304");
    becomes("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8");
}
END_TEST

START_TEST(no_addresses)
{
    static const char *const bad[] = {
        "", "1", "1.2", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.1.1.1", "01.2.3.4",
        "1.2.3.04", "1.2.3.4 ",
        " 1.2.3.4", "1.2.3.-4", "0x1.2.3.4", "1.2.3.4444", "1.2.3.a", ":", ":::", "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9", "1::2::3",
        "12345::", "g::", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "::1.2.3", "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4",
        "::1%eth0",
        "1:2:3:4:5:6:7::8", "1:2:3:4:5:6:7:8::",
    };
    struct addr a = { 0 };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!parses(bad[i], &a), "%s is taken", bad[i]);
    ck_assert_uint_eq(a.len, 0);
}
END_TEST

START_TEST(all_of_four_octets)
{
    for (unsigned i = 0; i < 100000; i++) {
        uint32_t x = i * 2654435761u;
        struct addr a = addr_v4((uint8_t)(x >> 24), (uint8_t)(x >> 16), (uint8_t)(x >> 8), (uint8_t)x), b;
        char text[ADDR_TEXT];
        if (!parses(addr_text(&a, text), &b) || !addr_same(&a, &b))
            ck_abort_msg("%s", text);
    }
}
END_TEST

START_TEST(other_kinds_differ)
{
    struct addr none = { 0 }, four = addr_v4(0, 0, 0, 0), sixteen = { .len = 16 };
    ck_assert(!addr_same(&none, &four) && !addr_same(&four, &sixteen) && addr_same(&none, &none));
}
END_TEST

int main(void)
{
    return check_run("addr", (const TTest *[]){
        four_octets, sixteen_octets, no_addresses, all_of_four_octets, other_kinds_differ, NULL });
}

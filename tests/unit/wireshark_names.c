/* Paths of ours find Wireshark's names; each row is one that its kind allows, and none hides another. */
#include "cmd/wireshark_names.h"
#include "tests/lib/check.h"

#include <string.h>

START_TEST(a_path_finds_its_name)
{
    ck_assert_str_eq(wireshark_name("packet/ip/time_to_live"), "ip.ttl");
    ck_assert_str_eq(wireshark_name("packet/ip/version_and_ihl/ihl"), "ip.hdr_len");
    ck_assert_str_eq(wireshark_name("ClientHello/client_random"), "tls.handshake.random");
    ck_assert_str_eq(wireshark_name("certificate/certificate/tag"), "ber.id.uni_tag");
    ck_assert_str_eq(wireshark_name("certificate/certificate/tbs_certificate/issuer/relative_distinguished_name/"
                                    "attribute/commonName/commonName"), "x509sat.uTF8String");
    /* what is special stands before what is general */
    ck_assert_str_eq(wireshark_name("certificate/certificate/tbs_certificate/version/tag"), "ber.id.tag");
    ck_assert_str_eq(wireshark_name("certificate/certificate/tbs_certificate/version/version/tag"), "ber.id.uni_tag");
}
END_TEST

START_TEST(what_has_no_name_has_a_reason)
{
    ck_assert_ptr_null(wireshark_name("packet/ip/version_and_ihl"));
    ck_assert_int_eq(wireshark_row_of("packet/ip/version_and_ihl")->way, WS_NONE);
    ck_assert_ptr_null(wireshark_row_of("packet/ipx"));
    ck_assert_ptr_null(wireshark_row_of("packet/ip/time_to_live/more"));
    ck_assert_ptr_null(wireshark_row_of("packet"));
    ck_assert_ptr_null(wireshark_row_of("tag"));
    ck_assert_ptr_null(wireshark_row_of(""));
}
END_TEST

START_TEST(rows_are_sound)
{
    size_t named = 0;
    for (const struct wireshark_row *r = wireshark_rows; r->path || r->name; r++) {
        const char *what = r->path ? r->path : r->name;
        ck_assert_msg((r->way == WS_THEIRS) == !r->path, "%s", what);
        ck_assert_msg((r->way == WS_NONE) == !r->name, "%s", what);
        ck_assert_msg(r->way < WS_NONE || r->why, "%s: why?", what);
        ck_assert_ptr_nonnull(wireshark_way_name(r->way));
        named += r->path && r->name;
        if (r->path && !strchr(r->path, '*'))
            ck_assert_msg(wireshark_row_of(r->path) == r, "%s: another row stands before it", what);
    }
    ck_assert_uint_ge(named, 150);
}
END_TEST

int main(void)
{
    return check_run("wireshark_names", (const TTest *[]){ a_path_finds_its_name, what_has_no_name_has_a_reason,
                                                           rows_are_sound, NULL });
}

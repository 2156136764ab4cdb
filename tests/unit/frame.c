/* Link layers, header by header: where the IP packet begins, and what is refused. */
#include "net/frame.h"
#include "tests/lib/check.h"

#include <stdio.h>
#include <string.h>

#define MACS "020000000001 020000000002 "
#define IP4  "45000014 "
#define IP6  "60000000 "

struct row { uint32_t link; const char *hex, *want; };

/* "4 @14 tags 1 7": what came, where the packet begins, VLANs. */
static const char *told(uint32_t link, const uint8_t *octets, size_t n)
{
    static char text[200];
    struct wire_in in = wire_over(octets, n, NULL), packet;
    struct frame f;
    struct fault why = { 0 };
    enum framed what = frame_read(link, &in, &f, &packet, &why);
    if (what == FRAME_REFUSED) {
        snprintf(text, sizeof text, "%s", why.ground->id);
        return text;
    }
    ck_assert_ptr_null(why.ground);
    int at = snprintf(text, sizeof text, "%s", what == FRAME_OTHER ? "other" : f.ethertype == 0x0800 ? "ip4" : "ip6");
    if (what == FRAME_IP)
        at += snprintf(text + at, sizeof text - (size_t)at, " @%zu+%zu", (size_t)(packet.at - octets), wire_left(&packet));
    for (unsigned i = 0; i < f.tags; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, " vlan %u", f.vlan[i]);
    return text;
}

static const struct row rows[] = {
    { 1, MACS "0800" IP4, "ip4 @14+4" },
    { 1, MACS "86dd" IP6, "ip6 @14+4" },
    { 1, MACS "0800", "ip4 @14+0" },                                           /* ip_read says that it is cut */
    { 1, MACS "0806 0001", "other" },
    { 1, MACS "05dc aaaa03", "other" },                                        /* 802.3 with LLC */
    { 1, MACS "88cc", "other" },
    { 1, MACS "08", "frame.cut" },
    { 1, "", "frame.cut" },
    { 1, MACS "8100 2007 0800" IP4, "ip4 @18+4 vlan 7" },
    { 1, MACS "88a8 0064 8100 0065 86dd" IP6, "ip6 @22+4 vlan 100 vlan 101" },
    { 1, MACS "9100 0001 8100 0002 8100 0003 8100 0004 8100 0005 0800" IP4, "ip4 @34+4 vlan 1 vlan 2 vlan 3 vlan 4" },
    { 1, MACS "8100 0001 8100 0001 8100 0001 8100 0001 8100 0001 8100 0001 8100 0001 8100 0001 8100 0001 0800" IP4,
      "other vlan 1 vlan 1 vlan 1 vlan 1" },
    { 1, MACS "8100 00", "frame.cut" },
    { 1, MACS "8100 0007 05", "frame.cut" },
    { 1, MACS "8864 1100 0001 0006 0021" IP4 "0000", "ip4 @22+4" },            /* without the padding */
    { 1, MACS "8100 0009 8864 1100 0001 0006 0057" IP6, "ip6 @26+4 vlan 9" },
    { 1, MACS "8864 1100 0001 0006 c021 0101", "other" },
    { 1, MACS "8864 1109 0001 0006 0021", "frame.pppoe" },
    { 1, MACS "8864 1100 0001 0001 0021", "frame.pppoe" },
    { 1, MACS "8864 1100 0001", "frame.cut" },
    { 101, IP4, "ip4 @0+4" }, { 12, IP6, "ip6 @0+4" }, { 14, IP4, "ip4 @0+4" }, { 228, IP4, "ip4 @0+4" },
    { 229, IP6, "ip6 @0+4" }, { 101, "00", "other" }, { 101, "", "frame.cut" },
    { 113, "0000 0001 0006 020000000001 0000 0800" IP4, "ip4 @16+4" },
    { 113, "0004 0304 0000 0000000000000000 86dd" IP6, "ip6 @16+4" },
    { 113, "0000 0001 0006 020000000001 0000 8100 0003 0800" IP4, "ip4 @20+4 vlan 3" },
    { 113, "0000 0001 0006 020000000001 0000 0806", "other" },
    { 113, "0000 0001 0006 020000000001 0000 08", "frame.cut" },
    { 276, "0800 0000 00000002 0001 00 06 0200000000010000" IP4, "ip4 @20+4" },
    { 276, "86dd 0000 00000002 0304 04 00 0000000000000000" IP6, "ip6 @20+4" },
    { 276, "86dd 0000 00000002 0304 04 00 00000000000000", "frame.cut" },
    { 0, "02000000" IP4, "ip4 @4+4" }, { 0, "00000002" IP4, "ip4 @4+4" },
    { 0, "18000000" IP6, "ip6 @4+4" }, { 0, "1c000000" IP6, "ip6 @4+4" }, { 0, "1e000000" IP6, "ip6 @4+4" },
    { 0, "0a000000" IP6, "ip6 @4+4" }, { 0, "0000001e" IP6, "ip6 @4+4" },
    { 0, "07000000 00", "other" }, { 0, "020000", "frame.cut" },
    { 108, "00000002" IP4, "ip4 @4+4" }, { 108, "00000018" IP6, "ip6 @4+4" },
    { 105, "0800", "frame.link_unknown" }, { 4000000000u, "", "frame.link_unknown" },
};

START_TEST(each_row)
{
    uint8_t octets[200];
    size_t n = check_hex(rows[_i].hex, octets, sizeof octets);
    const char *have = told(rows[_i].link, octets, n);
    ck_assert_msg(strcmp(have, rows[_i].want) == 0, "%s: %s, not %s", rows[_i].hex, have, rows[_i].want);
}
END_TEST

START_TEST(words_of_links)
{
    ck_assert_str_eq(link_words(1), "Ethernet");
    ck_assert_ptr_null(link_words(147));
}
END_TEST

int main(void)
{
    return check_run_rows("frame", each_row, sizeof rows / sizeof *rows, (const TTest *[]){ words_of_links, NULL });
}

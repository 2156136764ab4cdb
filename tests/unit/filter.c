/* Filters: what they let through, by rows, and which texts are none. */
#include "net/filter.h"
#include "tests/lib/check.h"

#include <stdio.h>
#include <string.h>

static enum filter_type names(char name[FILTER_NAME])
{
    static const struct { const char *name; enum filter_type type; } all[] = {
        { "tcp", FILTER_FLAG }, { "ip", FILTER_FLAG }, { "tls", FILTER_FLAG }, { "tcp.port", FILTER_NUMBER },
        { "tcp.analysis", FILTER_FLAG }, { "tcp.analysis.retransmission", FILTER_FLAG }, { "frame.time", FILTER_TIME },
        { "http.host", FILTER_TEXT }, { "ip.addr", FILTER_ADDRESS }, { "eth.src", FILTER_OCTETS }, { "udp.port", FILTER_NUMBER },
    };
    if (strcmp(name, "retransmission") == 0)
        snprintf(name, FILTER_NAME, "tcp.analysis.retransmission");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].name, name) == 0)
            return all[i].type;
    return FILTER_UNKNOWN;
}

static void packet(struct filter *f)
{
    static const uint8_t mine[4] = { 10, 0, 0, 7 }, theirs[4] = { 192, 0, 2, 129 }, mac[6] = { 2, 0, 0, 0xab, 0xcd, 0xef };
    filter_begin(f);
    filter_fact(f, "tcp", &(struct filter_value){ 0 });
    filter_fact(f, "tcp.port", &(struct filter_value){ .number = 40000 });
    filter_fact(f, "tcp.port", &(struct filter_value){ .number = 443 });
    filter_fact(f, "tcp.analysis.retransmission", &(struct filter_value){ 0 });
    filter_fact(f, "frame.time", &(struct filter_value){ .number = 1500000000 });
    filter_fact(f, "http.host", &(struct filter_value){ .bytes = { (const uint8_t *)"www.example.test", 16 } });
    filter_fact(f, "ip.addr", &(struct filter_value){ .bytes = { mine, 4 } });
    filter_fact(f, "ip.addr", &(struct filter_value){ .bytes = { theirs, 4 } });
    filter_fact(f, "eth.src", &(struct filter_value){ .bytes = { mac, 6 } });
}

static const struct { const char *text; bool holds; } rows[] = {
    { "tcp", true }, { "ip", false }, { "!ip", true }, { "not ip and tcp", true }, { "!tcp", false }, { "! ! tcp", true },
    { "tcp || ip", true }, { "tcp && ip", false }, { "ip && tls || tcp", true }, { "ip and (tls or tcp)", false },
    { "tcp or ip and ip", true }, { "(tcp or ip) and ip", false }, { "((((tcp))))", true },
    { "tcp.port", true }, { "udp.port", false }, { "tcp.port == 443", true }, { "tcp.port==443", true }, { "tcp.port eq 0x1bb", true },
    { "tcp.port = 443", true }, { "tcp.port == 444", false },
    { "tcp.port != 443", false }, { "tcp.port != 444", true }, { "udp.port != 1", false }, { "!(udp.port == 1)", true },
    { "tcp.port < 443", false }, { "tcp.port <= 443", true }, { "tcp.port > 40000", false }, { "tcp.port >= 40000", true },
    { "tcp.port lt 444", true }, { "tcp.port gt 39999", true }, { "tcp.port ge 40001", false }, { "tcp.port le 442", false },
    { "tcp.port in {80, 443}", true }, { "tcp.port in {80 8000..9000}", false }, { "tcp.port in { 39999..40001 }", true },
    { "tcp.port in {80 81} or tcp", true }, { "!tcp.port in {80, 443}", false },
    { "tcp.analysis", true }, { "tcp.analysis.retransmission", true }, { "retransmission", true },
    { "frame.time > 1.4", true }, { "frame.time == 1.5", true }, { "frame.time < 1.500000001", true }, { "frame.time > -1", true },
    { "frame.time < -0.5", false }, { "frame.time in {1..2}", true },
    { "http.host == \"www.example.test\"", true }, { "http.host == www.example.test", true }, { "http.host contains \"example\"", true },
    { "http.host contains \"Example\"", false }, { "http.host == \"www.\\x65xample.test\"", true }, { "http.host > \"www.a\"", true },
    { "http.host contains \"\"", true }, { "http.host == \"www\"", false },
    { "ip.addr == 10.0.0.7", true }, { "ip.addr == 10.0.0.0/8", true }, { "ip.addr == 11.0.0.0/8", false },
    { "ip.addr == 192.0.2.128/25", true }, { "ip.addr == 192.0.2.0/25", false }, { "ip.addr == 1.2.3.4/0", true },
    { "ip.addr != 10.0.0.7", false }, { "ip.addr == 2001:db8::1", false }, { "ip.addr == ::/0", false },
    { "ip.addr in {1.1.1.1, 10.0.0.7}", true },
    { "eth.src == 02:00:00:ab:cd:ef", true }, { "eth.src == 0200.00ab.cdef", true }, { "eth.src contains ab:cd", true },
    { "eth.src == 02:00", false }, { "eth.src contains \"\\xab\"", true },
};

START_TEST(each_row)
{
    struct fault why = { 0 };
    struct filter *f = filter_new(rows[_i].text, names, &why);
    ck_assert_msg(f != NULL, "%s: %s %s %s", rows[_i].text, why.ground ? why.ground->id : "", why.expected, why.came);
    packet(f);
    ck_assert_msg(filter_holds(f) == rows[_i].holds, "%s", rows[_i].text);
    filter_begin(f);                                  /* nothing of the last packet is left */
    packet(f);
    ck_assert(filter_holds(f) == rows[_i].holds);
    filter_free(f);
}
END_TEST

START_TEST(what_is_none)
{
    static const struct { const char *text, *id; } none[] = {
        { "", "filter.syntax" }, { "tcp and", "filter.syntax" }, { "tcp ip", "filter.syntax" }, { "(tcp", "filter.syntax" },
        { "tcp)", "filter.syntax" }, { "and tcp", "filter.unknown_name" }, { "tcp.port ==", "filter.syntax" },
        { "tcp.port in 80", "filter.syntax" }, { "tcp.port in {80", "filter.syntax" }, { "tcp.port ~ 80", "filter.syntax" },
        { "http.host == \"open", "filter.syntax" }, { "\"tcp\"", "filter.syntax" }, { "80", "filter.syntax" },
        { "tcp.prot", "filter.unknown_name" }, { "tcp.port.x", "filter.unknown_name" }, { "quic", "filter.unknown_name" },
        { "tcp == 1", "filter.value" }, { "tcp.port == x", "filter.value" }, { "tcp.port == \"80\"", "filter.value" },
        { "tcp.port == 99999999999999999999", "filter.value" }, { "tcp.port contains 8", "filter.value" },
        { "ip.addr == 10.0.0", "filter.value" }, { "ip.addr == 10.0.0.0/33", "filter.value" }, { "ip.addr > 10.0.0.1", "filter.value" },
        { "eth.src == 02:0", "filter.value" }, { "frame.time > 1.x", "filter.value" }, { "frame.time > .", "filter.value" },
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct fault why = { 0 };
        struct filter *f = filter_new(none[i].text, names, &why);
        ck_assert_msg(!f && why.ground && strcmp(why.ground->id, none[i].id) == 0, "%s: %s", none[i].text,
                      why.ground ? why.ground->id : "taken");
        ck_assert(why.expected[0] && why.came[0]);
    }
}
END_TEST

START_TEST(long_ones_end)
{
    char text[4000] = "";
    struct fault why = { 0 };
    for (int i = 0; i < 1000; i++)
        strcat(text, "!(");
    ck_assert_ptr_null(filter_new(text, names, &why));
    ck_assert_str_eq(why.ground->id, "filter.too_long");
    why.ground = NULL;
    strcpy(text, "tcp");
    for (int i = 0; i < 400; i++)
        strcat(text, " or tcp");
    ck_assert_ptr_null(filter_new(text, names, &why));
    ck_assert_str_eq(why.ground->id, "filter.too_long");
    strcpy(text, "!!!tcp");                           /* 40 comparisons are not more than 48 */
    for (int i = 0; i < 39; i++)
        strcat(text, " or !!!tcp");
    struct filter *f = filter_new(text, names, &why);
    ck_assert_ptr_nonnull(f);
    filter_begin(f);
    ck_assert(filter_holds(f));
    filter_free(f);
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = 0;
    why.ground = NULL;
    ck_assert_ptr_null(filter_new(text, names, &why));
    ck_assert_str_eq(why.ground->id, "filter.unknown_name");
}
END_TEST

int main(void)
{
    return check_run_rows("filter", each_row, sizeof rows / sizeof *rows, (const TTest *[]){ what_is_none, long_ones_end, NULL });
}

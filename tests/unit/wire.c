/* The named-byte cursor: values, names, and what a cut does. */
#include "tests/lib/check.h"
#include "tests/lib/named.h"
#include "trace/wire.h"

#include <stdlib.h>
#include <string.h>

static const struct ground cut = { "test.cut", "RFC 0 §0" };

START_TEST(reads_big_endian)
{
    static const uint8_t octets[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 };
    struct wire_in in = wire_over(octets, sizeof octets, NULL);
    struct fault why = { 0 };
    ck_assert_uint_eq(take_u8(&in, "a"), 0x01);
    ck_assert_uint_eq(take_u16(&in, "b"), 0x0203);
    ck_assert_uint_eq(take_u24(&in, "c"), 0x040506);
    ck_assert_uint_eq(take_u32(&in, "d"), 0x0708090a);
    ck_assert_uint_eq(take_u64(&in, "e"), UINT64_C(0x0b0c0d0e0f101112));
    ck_assert(wire_end(&in, &cut, &why) && !why.ground);
}
END_TEST

/* Every reading of n octets from less than n fails, gives zeros, and names the first field that was cut. */
START_TEST(a_cut_fails_for_good)
{
    static const uint8_t octets[8] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
    static const unsigned sizes[] = { 1, 2, 3, 4, 8 };
    for (size_t k = 0; k < 5; k++)
        for (unsigned n = 0; n < sizes[k]; n++) {
            uint8_t *copy = malloc(n ? n : 1);         /* memory of exactly that size */
            memcpy(copy, octets, n);
            struct wire_in in = wire_over(copy, n, NULL);
            uint64_t v = sizes[k] == 1   ? take_u8(&in, "x")
                         : sizes[k] == 2 ? take_u16(&in, "x")
                         : sizes[k] == 3 ? take_u24(&in, "x")
                         : sizes[k] == 4 ? take_u32(&in, "x")
                                         : take_u64(&in, "x");
            struct fault why = { 0 };
            ck_assert_uint_eq(v, 0);
            ck_assert_uint_eq(take_u8(&in, "later"), 0);
            ck_assert_uint_eq(wire_left(&in), 0);
            ck_assert(!wire_end(&in, &cut, &why));
            ck_assert_str_eq(why.ground->id, "test.cut");
            ck_assert_str_eq(why.about, "x");
            free(copy);
        }
}
END_TEST

START_TEST(copies_zeros_when_cut)
{
    static const uint8_t octets[] = { 1, 2, 3 };
    uint8_t out[4] = { 9, 9, 9, 9 };
    struct wire_in in = wire_over(octets, 3, NULL);
    take_bytes(&in, "x", out, 4);
    check_is_hex(out, 4, "00000000");
    in = wire_over(octets, 3, NULL);
    take_bytes(&in, "x", out, 2);
    check_is_hex(out, 4, "01020000");
    take_bytes(&in, "nothing", NULL, 0);
    ck_assert(!in.failed);
    struct bytes b = take_ref(&in, "y", 2);
    ck_assert_uint_eq(b.n, 0);
    ck_assert_str_eq(in.failed, "y");
}
END_TEST

START_TEST(an_empty_cursor_may_lie_nowhere)
{
    struct wire_in in = wire_over(NULL, 0, NULL);
    struct fault why = { 0 };
    ck_assert_uint_eq(take_rest(&in, "rest").n, 0);
    ck_assert(wire_end(&in, &cut, &why));
    ck_assert_uint_eq(take_u8(&in, "x"), 0);
    ck_assert(!wire_whole(&in, &cut, &why));
    struct wire_out out = wire_into(NULL, 0);
    put_bytes(&out, "nothing", NULL, 0);
    ck_assert(!out.failed);
    put_u8(&out, "x", 1);
    ck_assert_str_eq(out.failed, "x");
}
END_TEST

START_TEST(blocks_nest_and_hide_what_lies_behind)
{
    /* vec16 { vec8 "ab", vec24 too long for it } 'z' */
    static const uint8_t octets[] = { 0, 6, 2, 'a', 'b', 0, 0, 1, 'z' };
    struct wire_in in = wire_over(octets, sizeof octets, NULL), outer = take_vec16(&in, "outer"),
                   inner = take_vec8(&outer, "inner");
    ck_assert_uint_eq(wire_left(&inner), 2);
    ck_assert_uint_eq(take_u16(&inner, "ab"), 0x6162);
    wire_close(&outer, &inner);
    ck_assert(!outer.failed);
    /* its one octet lies behind the outer block */
    struct wire_in long_one = take_vec24(&outer, "long");
    ck_assert_str_eq(long_one.failed, "long");
    ck_assert_uint_eq(take_u8(&long_one, "x"), 0);
    wire_close(&in, &outer);
    ck_assert_str_eq(in.failed, "long");
}
END_TEST

START_TEST(a_block_refuses_what_is_left)
{
    static const uint8_t octets[] = { 2, 'a', 'b' };
    struct wire_in in = wire_over(octets, 3, NULL), block = take_vec8(&in, "block");
    struct fault why = { 0 };
    take_u8(&block, "a");
    wire_close(&in, &block);
    ck_assert_str_eq(in.failed, "octets left over");
    ck_assert(!wire_end(&in, &cut, &why));
    in = wire_over(octets, 3, NULL);
    take_u8(&in, "a");
    why = (struct fault){ 0 };
    ck_assert(wire_whole(&in, &cut, &why));            /* which allows octets behind */
    ck_assert(!wire_end(&in, &cut, &why));
    ck_assert_str_eq(why.came, "2 octets left over");
}
END_TEST

START_TEST(every_length_that_lies_is_found)
{
    for (unsigned length = 0; length < 256; length++) {
        uint8_t octets[] = { (uint8_t)length, 1, 2, 3 };
        struct wire_in in = wire_over(octets, sizeof octets, NULL), block = take_vec8(&in, "block");
        take_rest(&block, "data");
        wire_close(&in, &block);
        ck_assert_int_eq(wire_end(&in, &cut, NULL), length == 3);
        ck_assert_int_eq(in.failed != NULL, length > 3);
    }
}
END_TEST

START_TEST(a_failed_cursor_makes_failed_blocks)
{
    static const uint8_t octets[] = { 3, 1, 2, 3 };
    struct wire_in in = wire_over(octets, 4, NULL);
    wire_fail(&in, "first");
    wire_fail(&in, "second");
    struct wire_in block = take_vec8(&in, "block"), other = take_block(&in, "other", 1);
    ck_assert_str_eq(block.failed, "first");
    ck_assert_str_eq(other.failed, "first");
    ck_assert_uint_eq(take_u8(&block, "x") + take_u8(&other, "x"), 0);
}
END_TEST

static const char *words(unsigned v) { return v == 7 ? "SEVEN" : NULL; }

START_TEST(a_watch_hears_names_places_and_values)
{
    static const uint8_t octets[] = { 9, 9, 7, 0, 2, 'h', 'i', 1, 2, 3 };
    struct named *n = named_new();
    struct watch w = { n->trace, trace_buf(n->trace, 'm'), octets };
    trace_emit(n->trace,
               &(struct event){
                   .kind = EVENT_MESSAGE, .name = "test", .buf = w.buf, .bytes = { octets, sizeof octets } });
    struct wire_in in = wire_over(octets, sizeof octets, &w);
    take_u16(&in, "number");
    take_code8(&in, "code", words);
    struct wire_in block = take_vec16(&in, "block");
    take_text(&block, "text", 2);
    wire_close(&in, &block);
    struct wire_in rest = take_block(&in, "rest", 3);
    take_u8(&rest, "one");
    wire_bits(&rest, "low_bits", 1, 1, NULL);
    take_ref(&rest, "two", 2);
    take_ref(&rest, "nothing", 0);
    ck_assert(wire_end(&rest, &cut, NULL) && wire_end(&in, &cut, NULL));
    static const struct { const char *name; uint32_t off, len; bool group; const char *value; } want[] = {
        { "number", 0, 2, false, "2313" }, { "code", 2, 1, false, "7" }, { "block", 3, 4, true, "" },
        { "length", 3, 2, false, "2" },
        { "text", 5, 2, false, "hi" }, { "rest", 7, 3, true, "" }, { "one", 7, 1, false, "1" },
        { "low_bits", 7, 1, false, "1" },
        { "two", 8, 2, false, "\2\3" },
    };
    ck_assert_uint_eq(n->n_fields, sizeof want / sizeof *want);
    for (size_t i = 0; i < n->n_fields; i++) {
        const struct named_field *f = &n->fields[i];
        ck_assert_str_eq(f->name, want[i].name);
        ck_assert_msg(f->off == want[i].off && f->len == want[i].len && f->group == want[i].group,
                      "%s: %u %u", f->name, f->off, f->len);
        if (!f->group)
            ck_assert_str_eq(f->value, want[i].value);
    }
    named_free(n);
}
END_TEST

START_TEST(what_is_given_up_on_is_data)
{
    static const uint8_t octets[] = { 5, 1 };
    struct named *n = named_new();
    struct watch w = { n->trace, trace_buf(n->trace, 'm'), octets }, nobody = { NULL, 0, octets },
                 no_buffer = { n->trace, 0, octets };
    struct wire_in in = wire_over(octets, 2, &w);
    take_vec8(&in, "block");
    take_u8(&in, "later");
    wire_group(&in, "group", 0);
    ck_assert_uint_eq(n->n_fields, 2);                 /* the length was there */
    ck_assert_str_eq(n->fields[1].name, "data");
    ck_assert(n->fields[1].off == 1 && n->fields[1].len == 1);
    in = wire_over(octets, 2, &w);
    struct wire_in block = take_block(&in, "block", 1);
    wire_close(&in, &block);                           /* nobody read it */
    ck_assert(n->n_fields == 5 && n->fields[3].off == 0 && n->fields[4].off == 1);
    in = wire_over(octets, 2, &w);
    ck_assert(!wire_end(&in, &cut, NULL) && n->n_fields == 6 && n->fields[5].len == 2);
    in = wire_over(octets, 2, &nobody);
    take_u8(&in, "x");
    in = wire_over(octets, 2, &no_buffer);
    take_u8(&in, "x");
    ck_assert(!wire_end(&in, &cut, NULL) && n->n_fields == 6);
    named_free(n);
}
END_TEST

START_TEST(writes_what_it_reads)
{
    uint8_t room[64];
    struct wire_out out = wire_into(room, sizeof room);
    put_u8(&out, "a", 1);
    put_u16(&out, "b", 0x0203);
    put_u24(&out, "c", 0x040506);
    put_u32(&out, "d", 0x0708090a);
    put_u64(&out, "e", UINT64_C(0x0b0c0d0e0f101112));
    put_text(&out, "f", "hi");
    struct put_block outer = put_open(&out, "outer", 2), inner = put_open(&out, "inner", 1);
    put_bytes(&out, "g", "xyz", 3);
    put_close(&out, inner);
    struct put_block empty = put_open(&out, "empty", 3);
    put_close(&out, empty);
    put_close(&out, outer);
    ck_assert(!out.failed);
    check_is_hex(room, wire_written(&out),
                 "01 0203 040506 0708090a 0b0c0d0e0f101112 6869 0007 03 78797a 000000");
}
END_TEST

START_TEST(a_write_that_does_not_fit_fails_for_good)
{
    uint8_t room[8];
    memset(room, 0xee, sizeof room);
    struct wire_out out = wire_into(room, 4);
    put_u24(&out, "a", 1);
    put_u16(&out, "b", 2);
    put_u8(&out, "c", 3);                              /* would fit, but the cursor has failed */
    ck_assert_str_eq(out.failed, "b");
    ck_assert_uint_eq(wire_written(&out), 3);
    check_is_hex(room, 8, "000001 ee eeeeeeee");
    out = wire_into(room, 4);
    struct put_block block = put_open(&out, "block", 2);
    put_bytes(&out, "x", "abc", 3);
    put_close(&out, block);
    ck_assert_str_eq(out.failed, "x");
    out = wire_into(room, 1);
    block = put_open(&out, "block", 2);
    put_close(&out, block);
    ck_assert_str_eq(out.failed, "block");
}
END_TEST

START_TEST(a_value_that_does_not_fit_its_field_fails)
{
    uint8_t room[600];
    struct wire_out out = wire_into(room, sizeof room);
    put_u8(&out, "a", 0xff);
    put_u16(&out, "b", 0xffff);
    put_u24(&out, "c", 0xffffff);
    ck_assert(!out.failed);
    put_u8(&out, "d", 0x100);
    ck_assert_str_eq(out.failed, "d");
    out = wire_into(room, sizeof room);
    put_u16(&out, "e", 0x10000);
    ck_assert_str_eq(out.failed, "e");
    out = wire_into(room, sizeof room);
    put_u24(&out, "f", 0x1000000);
    ck_assert_str_eq(out.failed, "f");
    /* a block of 255 octets has a length of one octet, one of 256 has not */
    for (size_t n = 255; n <= 256; n++) {
        static const uint8_t octets[256];
        out = wire_into(room, sizeof room);
        struct put_block block = put_open(&out, "block", 1);
        put_bytes(&out, "data", octets, n);
        put_close(&out, block);
        ck_assert_int_eq(out.failed != NULL, n == 256);
    }
}
END_TEST

int main(void)
{
    return check_run("wire", (const TTest *[]){
                                 reads_big_endian, a_cut_fails_for_good, copies_zeros_when_cut,
                                 an_empty_cursor_may_lie_nowhere, blocks_nest_and_hide_what_lies_behind,
                                 a_block_refuses_what_is_left, every_length_that_lies_is_found,
                                 a_failed_cursor_makes_failed_blocks, a_watch_hears_names_places_and_values,
                                 what_is_given_up_on_is_data, writes_what_it_reads,
                                 a_write_that_does_not_fit_fails_for_good,
                                 a_value_that_does_not_fit_its_field_fails, NULL });
}

#include "net/tcp_segment.h"
#include "net/ip4.h"

#include <stdio.h>

static const struct ground segment_cut = { "tcp.segment_cut", "RFC 9293 §3.1" };

enum option_kind {
    OPTION_END = 0, OPTION_NOP = 1, OPTION_MSS = 2, OPTION_WINDOW_SCALE = 3, OPTION_SACK_PERMITTED = 4,
    OPTION_SACK = 5, OPTION_TIMESTAMPS = 8, OPTION_USER_TIMEOUT = 28
};

static const char *option_words(unsigned kind)
{
    switch (kind) {
    case OPTION_END:            return "end of option list";
    case OPTION_NOP:            return "no operation";
    case OPTION_MSS:            return "maximum segment size";
    case OPTION_WINDOW_SCALE:   return "window scale";
    case OPTION_SACK_PERMITTED: return "SACK permitted";
    case OPTION_SACK:           return "SACK";
    case OPTION_TIMESTAMPS:     return "timestamps";
    case OPTION_USER_TIMEOUT:   return "user timeout";
    default:                    return NULL;
    }
}

/* RFC 2018 §3. A header has room for four blocks; more than that cannot stand there. */
static void read_sack(struct wire_in *in, struct tcp_segment *s)
{
    for (s->n_sack = 0; wire_left(in) >= 8 && s->n_sack < TCP_SACKS; s->n_sack++) {
        s->sack[s->n_sack].seq = take_u32(in, "left_edge");
        s->sack[s->n_sack].end = take_u32(in, "right_edge");
    }
}

enum { MINUTES = 1u << 15, A_MINUTE = 60 };           /* the granularity bit of RFC 5482 §3 */

/* One of zero is not to be heeded: §3. */
static void read_user_timeout(struct wire_in *in, struct tcp_segment *s)
{
    uint32_t both = take_u16(in, "granularity_and_user_timeout"), value = both & (MINUTES - 1);
    wire_bits(in, "granularity", 2, both >> 15, NULL);
    wire_bits(in, "user_timeout", 2, value, NULL);
    s->user_timeout = both & MINUTES ? value * A_MINUTE : value;
}

/* What stands behind kind and length. Options that nobody knows are named and have no effect; so has one of a
 * wrong size. */
static void read_option(struct wire_in *in, enum option_kind kind, struct tcp_segment *s)
{
    size_t n = wire_left(in);
    if (kind == OPTION_MSS && n == 2) {
        s->mss = take_u16(in, "mss");
    } else if (kind == OPTION_WINDOW_SCALE && n == 1) {
        s->window_scale = take_u8(in, "shift_count");
        s->has_window_scale = true;
    } else if (kind == OPTION_SACK_PERMITTED && n == 0) {
        s->sack_permitted = true;
    } else if (kind == OPTION_TIMESTAMPS && n == 8) {
        s->ts_value = take_u32(in, "ts_value");
        s->ts_echo_reply = take_u32(in, "ts_echo_reply");
        s->has_timestamps = true;
    } else if (kind == OPTION_USER_TIMEOUT && n == 2) {
        read_user_timeout(in, s);
    } else if (kind == OPTION_SACK && n && n % 8 == 0) {
        read_sack(in, s);
    }
    take_rest(in, "option_data");
}

/* RFC 9293 §3.1: the length counts kind and length too. One below 2 or past the header's end cannot be true
 * (MUST-7: be prepared); what stands there is left alone. */
static void read_options(struct wire_in *in, struct tcp_segment *s)
{
    while (wire_left(in)) {
        uint8_t kind = take_code8(in, "kind", option_words);
        if (kind == OPTION_END)
            break;
        if (kind == OPTION_NOP)
            continue;
        size_t n = wire_left(in) ? take_u8(in, "length") : 0;
        if (n < 2 || n - 2 > wire_left(in)) {
            s->bad_option = true;
            break;
        }
        struct wire_in body = { .at = in->at, .end = in->at + (n - 2), .watch = in->watch };
        read_option(&body, (enum option_kind)kind, s);
        in->at = body.end;
    }
    take_rest(in, s->bad_option ? "unreadable_options" : "filler");
}

static uint8_t read_flags(struct wire_in *in)
{
    static const char *const names[8] = { "fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr" };
    uint8_t flags = take_u8(in, "flags");
    for (int bit = 7; bit >= 0; bit--)
        wire_bits(in, names[bit], 1, flags >> bit & 1, NULL);
    return flags;
}

bool tcp_segment_read(struct wire_in *in, struct tcp_segment *s, struct fault *why)
{
    const uint8_t *start = in->at;
    size_t whole = wire_left(in);
    *s = (struct tcp_segment){ 0 };
    if (whole < TCP_HEADER)
        return refuse(why, &segment_cut, "at least 20 octets", "%zu octets", whole);

    unsigned header_len = (start[12] >> 4) * 4u;
    wire_group(in, "tcp", header_len);
    s->source_port = take_u16(in, "source_port");
    s->destination_port = take_u16(in, "destination_port");
    s->seq = take_u32(in, "sequence_number");
    s->ack = take_u32(in, "acknowledgment_number");
    uint8_t offset = take_u8(in, "data_offset_and_reserved");
    wire_bits(in, "data_offset", 1, offset >> 4, NULL);
    wire_bits(in, "reserved", 1, offset & 15, NULL);
    s->flags = read_flags(in);
    s->window = take_u16(in, "window");
    take_u16(in, "checksum");
    s->urgent_pointer = take_u16(in, "urgent_pointer");
    if (header_len < TCP_HEADER || header_len > whole)
        return refuse(why, &segment_cut,
                      "a data offset of 20 octets at least, and not past the end of the segment",
                      "data offset %u, segment %zu octets", header_len, whole);

    struct wire_in options = take_block(in, "options", header_len - TCP_HEADER);
    read_options(&options, s);
    s->text = (struct bytes){ in->at, wire_left(in) };
    in->at = in->end;
    return true;
}

enum {                                                /* octets of each, nops included */
    SIZE_MSS = 4, SIZE_SACK_PERMITTED = 2, SIZE_TIMESTAMPS = 10, SIZE_WINDOW_SCALE = 4, SIZE_NOPS = 2,
    SIZE_SACK_HEAD = 4, SIZE_SACK_BLOCK = 8, SIZE_USER_TIMEOUT = 4
};

/* SACK permitted stands before the timestamps, in the place of their two nops. */
static bool needs_nops(const struct tcp_segment *s)
{
    return s->has_timestamps ? !s->sack_permitted : s->sack_permitted;
}

unsigned tcp_options_size(const struct tcp_segment *s)
{
    return (s->mss ? SIZE_MSS : 0u) + (s->sack_permitted ? SIZE_SACK_PERMITTED : 0u)
           + (s->has_timestamps ? SIZE_TIMESTAMPS : 0u) + (needs_nops(s) ? SIZE_NOPS : 0u)
           + (s->has_window_scale ? SIZE_WINDOW_SCALE : 0u) + (s->user_timeout ? SIZE_USER_TIMEOUT : 0u)
           + (s->n_sack ? SIZE_SACK_HEAD + SIZE_SACK_BLOCK * s->n_sack : 0u);
}

static void put_option(struct wire_out *out, enum option_kind kind, uint8_t length)
{
    put_u8(out, "kind", kind);
    if (kind != OPTION_NOP)
        put_u8(out, "length", length);
}

static void put_nops(struct wire_out *out, unsigned n)
{
    while (n-- > 0)
        put_option(out, OPTION_NOP, 1);
}

/* In seconds as long as 15 bits hold them, then in minutes, up to what those hold. */
static void put_user_timeout(struct wire_out *out, uint32_t seconds)
{
    uint32_t minutes = seconds / A_MINUTE < MINUTES ? seconds / A_MINUTE : MINUTES - 1;
    put_option(out, OPTION_USER_TIMEOUT, SIZE_USER_TIMEOUT);
    put_u16(out, "granularity_and_user_timeout", seconds < MINUTES ? seconds : MINUTES | minutes);
}

static void put_options(struct wire_out *out, const struct tcp_segment *s)
{
    if (s->mss) {
        put_option(out, OPTION_MSS, 4);
        put_u16(out, "mss", s->mss);
    }
    if (needs_nops(s))
        put_nops(out, 2);
    if (s->sack_permitted)
        put_option(out, OPTION_SACK_PERMITTED, 2);
    if (s->has_timestamps) {
        put_option(out, OPTION_TIMESTAMPS, 10);
        put_u32(out, "ts_value", s->ts_value);
        put_u32(out, "ts_echo_reply", s->ts_echo_reply);
    }
    if (s->has_window_scale) {
        put_nops(out, 1);
        put_option(out, OPTION_WINDOW_SCALE, 3);
        put_u8(out, "shift_count", s->window_scale);
    }
    if (s->user_timeout)
        put_user_timeout(out, s->user_timeout);
    if (s->n_sack) {
        put_nops(out, 2);
        put_option(out, OPTION_SACK, (uint8_t)(2 + SIZE_SACK_BLOCK * s->n_sack));
    }
    for (unsigned i = 0; i < s->n_sack; i++) {
        put_u32(out, "left_edge", s->sack[i].seq);
        put_u32(out, "right_edge", s->sack[i].end);
    }
}

size_t tcp_segment_write(const struct tcp_segment *s, const struct addr *source,
                         const struct addr *destination, uint8_t *room, size_t n)
{
    struct wire_out out = wire_into(room, n);
    unsigned header_len = TCP_HEADER + tcp_options_size(s);
    if (header_len > TCP_HEADER_MAX)
        return 0;
    put_u16(&out, "source_port", s->source_port);
    put_u16(&out, "destination_port", s->destination_port);
    put_u32(&out, "sequence_number", s->seq);
    put_u32(&out, "acknowledgment_number", s->ack);
    put_u8(&out, "data_offset_and_reserved", header_len / 4 << 4);
    put_u8(&out, "flags", s->flags);
    put_u16(&out, "window", s->window);
    put_u16(&out, "checksum", 0);
    put_u16(&out, "urgent_pointer", s->urgent_pointer);
    if (header_len > TCP_HEADER)
        put_options(&out, s);
    if (!s->text_apart)
        put_bytes(&out, "data", s->text.at, s->text.n);
    if (out.failed)
        return 0;
    size_t written = wire_written(&out) + (s->text_apart ? s->text.n : 0);
    out = wire_into(room + 16, 2);
    put_u16(&out, "checksum", s->sum_left ? ip_pseudo_sum(source, destination, IP_TCP, written)
                                          : ip_checksum(source, destination, IP_TCP, room, written));
    return written;
}

const char *segment_name(const struct tcp_segment *s)
{
    if (s->flags & TCP_RST)
        return "RST";
    if (s->flags & TCP_SYN)
        return s->flags & TCP_ACK ? "SYN-ACK" : "SYN";
    if (s->flags & TCP_FIN)
        return "FIN";
    return s->text.n ? "data" : "ACK";
}

char *segment_flags(const struct tcp_segment *s, char out[SEGMENT_FLAGS])
{
    static const char *const names[8] = { "FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR" };
    size_t at = 0;
    out[0] = '\0';
    for (int bit = 7; bit >= 0; bit--)
        if (s->flags >> bit & 1)
            at += (size_t)snprintf(out + at, SEGMENT_FLAGS - at, at ? " %s" : "%s", names[bit]);
    return out;
}

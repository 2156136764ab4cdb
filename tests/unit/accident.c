/* Accidents at chosen packets: that they happen to those and to no others, that each is told with its cause, and that
 * a repaired packet is one that every reader takes. */
#include "net/impair.h"
#include "net/ip4.h"
#include "net/tcp_segment.h"
#include "net/udp.h"
#include "tests/lib/check.h"
#include "tests/lib/heard.h"

#include <stdlib.h>
#include <string.h>

enum { LEN = 60 };

/* The inner link: what came, in order. */
struct far_end { struct link link; unsigned n; uint32_t len[16]; nsec at[16]; uint8_t octets[16][LEN]; event_no cause[16]; };

static bool far_send(struct link *link, const struct packet *p, nsec now)
{
    struct far_end *f = (struct far_end *)link;
    ck_assert_uint_lt(f->n, 16);
    f->len[f->n] = p->len;
    f->at[f->n] = now;
    f->cause[f->n] = p->cause;
    memcpy(f->octets[f->n++], p->bytes, p->len);
    return true;
}

/* Five packets, a second apart; octet k of packet i is i + k. */
static struct far_end run(struct accident a, struct heard *h)
{
    struct far_end far = { .link = { .send = far_send, .mtu = PACKET_MTU } };
    struct wires w = { .accidents = &a, .n_accidents = 1 };
    struct impair im;
    uint64_t ordinal = 0;
    a.wish = "wish";
    impair_start(&im, &far.link, &w, 1, &ordinal, &(struct voice){ .trace = h ? h->trace : NULL, .host = 1 });
    for (unsigned i = 1; i <= 5; i++) {
        uint8_t octets[LEN];
        for (unsigned k = 0; k < LEN; k++)
            octets[k] = (uint8_t)(i + k);
        ck_assert(im.link.send(&im.link, &(struct packet){ .bytes = octets, .len = LEN }, i * SECOND));
    }
    return far;
}

START_TEST(only_the_chosen_ones)
{
    struct far_end f = run((struct accident){ .kind = ACCIDENT_LOSS, .first = 2, .last = 3 }, NULL);
    ck_assert_uint_eq(f.n, 3);
    ck_assert_uint_eq(f.octets[0][0], 1);
    ck_assert_uint_eq(f.octets[1][0], 4);
    f = run((struct accident){ .kind = ACCIDENT_LOSS, .first = 4, .last = UINT64_MAX }, NULL);
    ck_assert_uint_eq(f.n, 3);
    f = run((struct accident){ .kind = ACCIDENT_LOSS, .first = 6, .last = 6 }, NULL);
    ck_assert_uint_eq(f.n, 5);
    f = run((struct accident){ .kind = ACCIDENT_DUP, .first = 1, .last = 1, .late = MILLISECOND }, NULL);
    ck_assert_uint_eq(f.n, 6);
    ck_assert_int_eq(f.at[1], SECOND + MILLISECOND);
    check_bytes(f.octets[0], f.octets[1], LEN);
    f = run((struct accident){ .kind = ACCIDENT_DELAY, .first = 5, .last = 5, .late = 7 }, NULL);
    ck_assert_int_eq(f.at[3], 4 * SECOND);
    ck_assert_int_eq(f.at[4], 5 * SECOND + 7);
    f = run((struct accident){ .kind = ACCIDENT_CUT, .first = 3, .last = 3 }, NULL);
    ck_assert_uint_eq(f.len[1], LEN);
    ck_assert_uint_eq(f.len[2], LEN / 2);
    f = run((struct accident){ .kind = ACCIDENT_FLIP, .first = 3, .last = 3, .octet = 10 }, NULL);
    ck_assert_uint_eq(f.octets[2][10], 13 ^ 0x80);
    ck_assert_uint_eq(f.octets[2][11], 14);
    f = run((struct accident){ .kind = ACCIDENT_FLIP, .first = 3, .last = 3, .octet = 4000 }, NULL);
    ck_assert_uint_eq(f.octets[2][LEN - 1], (3 + LEN - 1) ^ 0x80);
}
END_TEST

START_TEST(each_is_told_and_is_the_cause)
{
    static const struct { enum accident_kind kind; const char *fate; } kinds[] = {
        { ACCIDENT_LOSS, "lost" }, { ACCIDENT_DUP, "duplicated" }, { ACCIDENT_REORDER, "reordered" },
        { ACCIDENT_DELAY, "delayed" }, { ACCIDENT_FLIP, "corrupted" }, { ACCIDENT_CUT, "cut" },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct heard *h = heard_new();
        struct far_end f = run((struct accident){ .kind = kinds[i].kind, .first = 2, .last = 2 }, h);
        ck_assert_str_eq(heard_events(h, 1, EVENT_MARK), "break");
        ck_assert_str_eq(heard_events(h, 1, EVENT_FATE), kinds[i].fate);
        if (f.n > 4)
            ck_assert_uint_eq(f.cause[kinds[i].kind == ACCIDENT_DUP ? 2 : 1], 2);   /* the fate, not the mark */
        heard_free(h);
    }
}
END_TEST

static bool is_whole(const uint8_t *octets, uint32_t n)
{
    struct wire_in in = wire_over(octets, n, NULL), payload;
    struct ip4_header ip;
    return ip4_read(&in, &ip, &payload, NULL)
           && ip_checksum(&ip.source, &ip.destination, ip.protocol, payload.at, wire_left(&payload)) == 0;
}

static uint32_t make_packet(uint8_t *out, enum ip_protocol protocol)
{
    const struct addr from = addr_v4(10, 0, 0, 2), to = addr_v4(10, 0, 0, 80);
    const struct tcp_segment s = { .source_port = 1, .destination_port = 2, .flags = TCP_ACK,
                                   .text = { (const uint8_t *)"hello", 5 } };
    const struct datagram d = { .from = from, .to = to, .from_port = 1, .to_port = 2, .len = 5, .bytes = "world" };
    size_t n = protocol == IP_TCP ? tcp_segment_write(&s, &from, &to, out + IP4_HEADER, 100)
                                  : udp_write(&d, out + IP4_HEADER, 100);
    ip4_write(&(struct ip4_header){ .total_length = (uint16_t)(IP4_HEADER + n), .time_to_live = 64,
                                    .protocol = (uint8_t)protocol, .source = from, .destination = to }, out);
    return IP4_HEADER + (uint32_t)n;
}

START_TEST(what_is_repaired_is_taken)
{
    for (int protocol = IP_TCP; protocol <= IP_UDP; protocol += IP_UDP - IP_TCP)
        for (uint32_t at = 8; at < 45; at++) {
            uint8_t packet[120];
            uint32_t n = make_packet(packet, (enum ip_protocol)protocol);
            ck_assert(is_whole(packet, n));
            if (at == 9 || at >= n || (protocol == IP_UDP && at >= 24 && at < 26))
                continue;                              /* another protocol; another length */
            packet[at] ^= 0x80;
            ck_assert_msg(!is_whole(packet, n), "octet %u", at);
            accident_repair(packet, n);
            ck_assert_msg(is_whole(packet, n), "octet %u", at);
        }
}
END_TEST

/* Each in memory of its own, so that a sanitizer sees what lies behind. */
START_TEST(what_is_no_packet_stays)
{
    uint8_t whole[120];
    uint32_t len = make_packet(whole, IP_TCP);
    for (uint32_t n = 0; n < len; n++) {
        uint8_t *packet = malloc(n + 1), *was = malloc(n + 1);
        memcpy(packet, whole, n);
        accident_repair(packet, n);
        memcpy(was, whole, n);
        if (n < IP4_HEADER)
            check_bytes(packet, was, n);
        free(packet);
        free(was);
    }
    uint8_t odd[40] = { 0x65 }, zeros[40] = { 0x65 };
    accident_repair(odd, sizeof odd);
    check_bytes(odd, zeros, sizeof odd);
}
END_TEST

int main(void)
{
    return check_run("accident", (const TTest *[]){ only_the_chosen_ones, each_is_told_and_is_the_cause,
                                                    what_is_repaired_is_taken, what_is_no_packet_stays, NULL });
}

#include "tests/lib/capture_made.h"
#include "tests/lib/captured_visit.h"
#include "tests/lib/check.h"
#include "tests/tools/corpora.h"

#include <stdlib.h>
#include <string.h>

static void made_seed(const struct capture_made *m, uint8_t step)
{
    static uint8_t out[CAPTURE_MADE + 1];
    out[0] = step;
    memcpy(out + 1, m->octets, m->n);
    write_seed("capture", out, m->n + 1);
}

/* Capture files of each kind, in both orders of octets. */
static void captures(void)
{
    static struct capture_made m;
    static const uint32_t magics[] = { 0xa1b2c3d4, 0xa1b23c4d };
    for (unsigned i = 0; i < 4; i++) {
        made_start(&m, i & 1);
        made_pcap(&m, magics[i / 2], 1);
        made_record(&m, 1700000000, 5, "abcdefgh", 8, 60);
        made_record(&m, 1700000001, 6, "", 0, 0);
        made_seed(&m, 255);
    }
    for (unsigned i = 0; i < 2; i++) {
        made_start(&m, i);
        made_section(&m, i);
        made_interface(&m, 1, 4, 9, -3600);
        made_interface(&m, 276, 0, 0x80 | 20, 0);
        made_names(&m);
        made_secrets(&m, 0x544c534b, "CLIENT_RANDOM 00 11\n");
        made_packet(&m, 0, 1700000000123456789, "abcde", 5, 60);
        made_simple(&m, "abcd", 4, 9);
        made_section(&m, !i);
        made_interface(&m, 101, 0, -1, 0);
        made_packet(&m, 0, 1, "x", 1, 1);
        size_t b = made_open(&m, 5);
        made_octets(&m, "statistics", 10);
        made_close(&m, b);
        b = made_open(&m, 2);
        made_octets(&m, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
        made_close(&m, b);
        made_seed(&m, (uint8_t)(7 * i));
    }
}

static void frames(void)
{
    static const char *const hex[] = {
        "00 020000000001020000000002 8100 2007 0800 45000014", "00 020000000001020000000002 88a8 0001 8100 0002 86dd 60",
        "00 020000000001020000000002 8864 1100 0001 0006 0021 45000014 0000", "01 02000000 45", "01 0000001e 60",
        "02 45", "03 00000018 60", "04 0000 0001 0006 020000000001 0000 0800 45",
        "05 86dd 0000 00000002 0304 04 00 0000000000000000 60", "08 00"
    };
    uint8_t out[64];
    for (unsigned i = 0; i < sizeof hex / sizeof *hex; i++)
        write_seed("frame", out, check_hex(hex[i], out, sizeof out));
}

/* A handshake and text; then late, twice, with a hole that is acknowledged, and closed (tests/fuzz/flow.c). */
static void segments(void)
{
    static const uint8_t seeds[][6][8] = {
        { { 0x20, 2, 0, 0, 0, 0, 0, 1 }, { 0x24, 18, 0, 0, 0, 1, 0, 1 }, { 0x30, 16, 0, 1, 0, 1, 9, 1 },
          { 0x34, 24, 0, 1, 0, 109, 9, 1 }, { 0x30, 17, 0, 109, 0, 109, 0, 1 }, { 0x34, 17, 0, 109, 0, 110, 0, 1 } },
        { { 0x20, 2, 11, 0xb0, 0, 0, 0, 1 }, { 0x30, 16, 11, 0xb1, 0, 1, 2, 1 }, { 0x38, 16, 11, 0xe1, 0, 1, 2, 1 },
          { 0x34, 16, 0, 1, 11, 0xf9, 0, 99 }, { 0x38, 16, 11, 0xb1, 0, 1, 9, 9 }, { 0x34, 4, 0, 1, 0, 0, 0, 9 } },
        { { 0xb0, 16, 0, 1, 0, 1, 90, 1 }, { 0xb0, 16, 4, 57, 0, 1, 90, 1 }, { 0x34, 16, 0, 1, 8, 113, 0, 9 },
          { 0x70, 16, 99, 1, 0, 1, 90, 1 }, { 0x30, 2, 9, 9, 0, 0, 0, 200 }, { 0x31, 2, 9, 9, 0, 0, 0, 255 } },
    };
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++)
        write_seed("flow", seeds[i][0], sizeof seeds[i]);
}

static void key_logs(void)
{
#define ID "0123456789abcdef"
#define OCTETS_32 ID ID ID ID
    static const char *const texts[] = {
        "# comment\nCLIENT_RANDOM " OCTETS_32 " " OCTETS_32 ID ID "\r\nRSA " ID " " OCTETS_32 ID ID "\n",
        "CLIENT_TRAFFIC_SECRET_0 " OCTETS_32 " " OCTETS_32 "\nSERVER_HANDSHAKE_TRAFFIC_SECRET " OCTETS_32 " " OCTETS_32
        ID ID "\nEXPORTER_SECRET " OCTETS_32 " AA\n",
        "FUTURE x y\n\nRSA\n", NULL
    };
    write_texts("keylog", texts);
}

/* Each connection of tls_watch.c as it was, in the order of its flights; with an octet changed in every place; with gaps;
 * and something else altogether. */
static void watched(void)
{
    static const uint8_t whole[] = { 0, 16, 0, 0, 8, 16, 0, 0, 0, 16, 0, 0, 8, 16, 0, 0 };
    for (unsigned i = 0; i < 16; i++)
        for (unsigned how = 0; how < 4; how++) {
            uint8_t seed[1 + 20 * 4 + 64] = { (uint8_t)(i | (how == 3 ? 32 : how == 2 ? 80 : 16)) };
            size_t n = 1;
            if (how == 1)
                for (unsigned k = 0; k < 12; k++, n += 4)
                    memcpy(seed + n, (uint8_t[]){ (uint8_t)((k & 1) << 3 | 3), 0, (uint8_t)(97 + 13 * k + i), 1 }, 4);
            if (how == 3)
                for (unsigned k = 0; k < 6; k++, n += 4)
                    memcpy(seed + n, (uint8_t[]){ (uint8_t)((k & 1) << 3 | (k % 3 ? 0 : 2)), 0, (uint8_t)(60 * k), 0 }, 4);
            memcpy(seed + n, whole, sizeof whole);
            write_seed("tls_watch", seed, n + sizeof whole);
        }
    static const uint8_t plain[] = "\0\4\0\0\20GET / HTTP/1.1\r\n\14\0\0\16\200\14\1\3\1\0\3\0\0\0\0\0\0\57";
    write_seed("tls_watch", plain, sizeof plain - 1);
}

/* Visits of several kinds as captures; how they are read, tests/fuzz/reading.c. */
static void visits(void)
{
    static const char *const suites[] = { "ECDHE-RSA-AES128-GCM-SHA256", "AES128-SHA", "ECDHE-ECDSA-CHACHA20-POLY1305",
                                          "DHE-RSA-AES128-GCM-SHA256" };
    static const uint8_t hows[] = { 1, 3, 7, 9 };
    for (unsigned i = 0; i < 8; i++) {
        struct sealed_visit_config c = { .seed = i + 1, .size = 300, .group = TLS_X25519, .ipv6 = i == 5,
                                         .resume = i == 6, .suite = tls_suite_named(suites[i % 4]),
                                         .wires = { .delay = MILLISECOND, .loss = i == 7 ? 150 : 0 } };
        size_t n;
        if (!url_parse("https://www.example.test/", &c.url, NULL))
            continue;
        uint8_t *capture = captured_visit(&c, NULL, &n), *seed = malloc(n + 1);
        seed[0] = hows[i % 4];
        memcpy(seed + 1, capture, n);
        write_seed("reading", seed, n + 1);
        free(seed);
        free(capture);
    }
}

/* Texts of filters; of the first ones packets, too. */
static void filters(void)
{
    static const char *const texts[] = {
        "tls.alert or tcp.retransmission", "ip.addr == 10.0.0.0/8 && !(tcp.port in {80, 8000..8080})",
        "http.host contains \"example\" or http.request", "frame.len >= 60 and frame.time_delta < 0.5", "tcp",
        "not ipv6 || ipv6.addr != fe80::1/64", "tls.handshake.type eq 11 and tcp.flags == 0x12", "eth.addr == 01:02:ab",
        "dns.qry.name == \"a\\x00b\\n\"", "((((frame))))", "tcp.window_size > 60000 and tcp.stream == 0 or arp",
        "ip.src == 1.2.3.4 or ip.ttl le 64 or tls.record.length gt 5", "tls.handshake", "x", "\"", "(", "tcp.port in {", NULL };
    write_texts("filter", texts);
    for (unsigned i = 0; texts[i] && i < 13; i++) {
        uint8_t seed[256];
        size_t n = strlen(texts[i]);
        memcpy(seed, texts[i], n);
        seed[n++] = '\n';
        for (unsigned k = 0; n < sizeof seed; k++)
            seed[n++] = (uint8_t)(k % 32 == 0 ? 7 | k : (k * 7 + i) % (k % 4 == 2 ? 2 : 200));
        write_seed("filter", seed, n);
    }
}

void corpora_of_capture(void)
{
    filters();
    captures();
    frames();
    segments();
    key_logs();
    watched();
    visits();
}

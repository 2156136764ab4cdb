/* capture_many IN OUT COPIES [TOGETHER] - a large capture of a small one: the frames of IN (raw IP, IPv4, one client)
 * COPIES times, each with another client address and port, TOGETHER (16) of them interleaved frame by frame. OUT -: on
 * standard output. The secrets of IN stand in front. What a copy says is what IN says: one key log opens them all. */
#include "net/capture_write.h"
#include "net/checksum.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FRAMES = 1 << 20, PORTS = 60000, SOURCE = 12, DESTINATION = 16, SUM = 10, TCP_SUM = 16, PROTOCOL = 9, TCP = 6 };

struct out { struct sink sink; FILE *file; };
static struct { struct capture_frame frame; uint8_t *bytes; } frames[FRAMES];
static size_t n_frames;
static uint8_t client[4];

static bool to_file(struct sink *s, const void *octets, size_t n)
{
    return fwrite(octets, 1, n, ((struct out *)s)->file) == n;
}

static bool read_in(const char *name, struct capture_writer *w)
{
    static uint8_t piece[1 << 16];
    struct capture *c = capture_new();
    struct capture_item item;
    struct fault why = { 0 };
    FILE *f = fopen(name, "rb");
    int says = CAPTURE_WANTS;
    for (size_t n; f && says != CAPTURE_FAILED && (n = fread(piece, 1, sizeof piece, f)) > 0;) {
        struct bytes in = { piece, n };
        while ((says = (int)capture_next(c, &in, &item, &why)) != CAPTURE_WANTS && says != CAPTURE_FAILED) {
            if (says == CAPTURE_SECRETS)
                capture_write_secrets(w, item.secrets);
            if (says != CAPTURE_FRAME || n_frames == FRAMES)
                continue;
            frames[n_frames].frame = item.frame;
            frames[n_frames].bytes = malloc(item.frame.bytes.n + 1);
            memcpy(frames[n_frames++].bytes, item.frame.bytes.at, item.frame.bytes.n);
        }
    }
    capture_free(c);
    if (f)
        fclose(f);
    return n_frames > 0;
}

/* RFC 1624: a sum that is right stays so when a word under it becomes another. */
static void change(uint8_t *word, unsigned to, uint8_t *sum, uint8_t *other)
{
    unsigned from = (unsigned)(word[0] << 8 | word[1]);
    for (uint8_t *s = sum; s; s = s == sum ? other : NULL) {
        uint32_t v = (uint32_t)(~(s[0] << 8 | s[1]) & 0xffff) + (~from & 0xffff) + to;
        v = (v & 0xffff) + (v >> 16);
        v = ~((v & 0xffff) + (v >> 16)) & 0xffff;
        s[0] = (uint8_t)(v >> 8);
        s[1] = (uint8_t)v;
    }
    word[0] = (uint8_t)(to >> 8);
    word[1] = (uint8_t)to;
}

/* The client of copy i: 10.1.x.y, and a port. */
static bool write_copy(struct capture_writer *w, size_t at, uint32_t i, uint64_t number)
{
    static uint8_t octets[1 << 17];
    struct capture_frame f = frames[at].frame;
    size_t n = f.bytes.n;
    memcpy(octets, frames[at].bytes, n);
    unsigned head = n ? (octets[0] & 15u) * 4 : 0;
    unsigned side = memcmp(octets + SOURCE, client, 4) == 0 ? SOURCE : DESTINATION;
    if (n >= 40 && octets[PROTOCOL] == TCP && memcmp(octets + side, client, 4) == 0) {
        uint8_t *tcp = octets + head, *port = tcp + (side == SOURCE ? 0 : 2);
        change(octets + side, 10u << 8 | 1, octets + SUM, tcp + TCP_SUM);
        change(octets + side + 2, 256 + i / PORTS, octets + SUM, tcp + TCP_SUM);
        change(port, 1024 + i % PORTS, tcp + TCP_SUM, NULL);
    }
    f.bytes = (struct bytes){ octets, n };
    f.at = frames[0].frame.at + (nsec)number * 10000;
    return capture_write_frame(w, &f);
}

int main(int argc, char **argv)
{
    struct capture_writer w;
    struct out out = { .sink = { to_file } };
    uint32_t copies = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 0;
    uint32_t together = argc > 4 ? (uint32_t)atoi(argv[4]) : 16;
    uint64_t number = 0;
    if (!copies || !together
        || !(out.file = strcmp(argv[2], "-") ? fopen(argv[2], "wb") : stdout)
        || !capture_write_begin(&w, &out.sink) || !read_in(argv[1], &w)) {
        fprintf(stderr, "usage: capture_many IN OUT COPIES [TOGETHER]\n");
        return 2;
    }
    for (size_t i = 0; i < n_frames && !client[0]; i++)
        if (frames[i].frame.bytes.n >= 40 && frames[i].bytes[PROTOCOL] == TCP)
            memcpy(client, frames[i].bytes + SOURCE, 4);
    for (uint32_t from = 0; from < copies; from += together)
        for (size_t at = 0; at < n_frames; at++)
            for (uint32_t i = from; i < from + together && i < copies; i++)
                if (!write_copy(&w, at, i, number++))
                    return 1;
    capture_write_end(&w);
    return fclose(out.file) != 0;
}

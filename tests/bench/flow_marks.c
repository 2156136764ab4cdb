/* flow_marks - a capture on stdin, what net/flow.h makes of it on stdout: for each TCP segment a line "frame stream
 * mark,mark ...". With `time` as argument: how fast, with each octet consumed ("N MB/s of CPU time"). */
#include "net/capture.h"
#include "net/flow.h"
#include "net/frame.h"
#include "net/ip.h"
#include "tests/lib/chance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct run { struct flows *flows; bool silent; uint64_t octets, frames; clock_t took; };

static void say(const struct flow *f, uint64_t number, unsigned marks)
{
    printf("%llu %u ", (unsigned long long)number, f->id - 1);
    for (unsigned bit = 0, n = 0; bit < FLOW_MARKS; bit++)
        if (marks & 1u << bit)
            printf("%s%s", n++ ? "," : "", flow_mark_name(bit));
    putchar('\n');
}

static void read_on(struct run *r, struct flow *f)
{
    for (unsigned side = 0; side < 2; side++)
        do {
            size_t n = flow_peek(f, side).n;
            r->octets += n;
            flow_consume(f, side, n);
        } while (flow_gap(f, side) && (flow_skip(f, side), true));
}

static void take(struct run *r, const struct capture_frame *frame)
{
    struct wire_in in = wire_over(frame->bytes.at, frame->bytes.n, NULL), packet, payload;
    struct frame around;
    struct ip_header ip;
    struct tcp_segment t;
    struct fault why;
    if (frame_read(frame->link, &in, &around, &packet, &why) != FRAME_IP || !ip_read(&packet, &ip, &payload, &why)
        || ip_is_fragment(&ip) || ip.protocol != IP_TCP || !tcp_segment_read(&payload, &t, &why))
        return;
    unsigned side, marks;
    struct flow *f = flows_take(r->flows, &(struct flow_packet){ .number = frame->number, .at = frame->at, .ip = &ip,
                                                                  .segment = &t }, &side, &marks);
    if (!f)
        exit(1);
    r->frames++;
    if (!r->silent)
        say(f, frame->number, marks);
    read_on(r, f);
    for (struct flow *over; (over = flows_over(r->flows)) != NULL;) {
        read_on(r, over);
        flows_give(r->flows, over);
    }
}

static void read_all(struct run *r, FILE *f)
{
    static uint8_t some[1 << 18];
    struct capture *c = capture_new();
    struct capture_item item;
    struct fault why;
    enum capture_says says = CAPTURE_WANTS;
    for (struct bytes in; says != CAPTURE_FAILED && (in = (struct bytes){ some, fread(some, 1, sizeof some, f) }).n;) {
        clock_t start = clock();
        while (in.n && (says = capture_next(c, &in, &item, &why)) != CAPTURE_FAILED)
            if (says == CAPTURE_FRAME)
                take(r, &item.frame);
        r->took += clock() - start;
    }
    capture_free(c);
}

int main(int argc, char **argv)
{
    struct test_chance chance = test_chance(1);
    struct run r = { .flows = flows_new(&(struct flows_config){ .most = 256u << 20, .chance = &chance.chance }),
                     .silent = argc > 1 && !strcmp(argv[1], "time") };
    if (!r.flows)
        return 1;
    read_all(&r, stdin);
    double took = (double)r.took / CLOCKS_PER_SEC;
    if (r.silent)
        printf("%llu frames, %.0f MB of text, %.0f MB/s, %.0f ns a frame\n", (unsigned long long)r.frames,
               (double)r.octets / 1e6, (double)r.octets / 1e6 / took, took * 1e9 / (double)r.frames);
    flows_free(r.flows);
    return 0;
}

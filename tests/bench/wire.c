/* A wire between two TUN devices in two network namespaces: delay, loss, reordering, a rate with a queue, by a seed. It
 * also looks at the TCP that passes, as the receiver sees it.
 *
 *     wire NETNS:TUN NETNS:TUN SECONDS [delay=US] [loss=PER_100000] [reorder=PER_100000] [late=US] [rate=KB] [queue=PACKETS]
 *          [seed=N]
 *
 * NETNS is a path (/run/netns/left). delay is one way; a reordered packet is `late` later. After SECONDS it prints a line
 * for each direction of each connection that carried text:
 *
 *     flow=443-5000 octets=N seconds=S silence_ms=N packets=N again=N needless=N
 *
 * octets: in order, at the receiver. silence: the longest time without any, between the first and the last. again: packets
 * with text that had been sent before; needless: packets whose text the receiver had. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS = 1 << 15, ROOM = 1600, FLOWS = 64, RANGES = 8192, BATCH = 64 };
typedef int64_t nsec;

struct slot { nsec due; uint32_t len; uint8_t octets[ROOM]; };
struct queue { struct slot *slots; uint64_t in, out; };          /* in order of `due` */
struct range { uint32_t from, to; };

struct flow {
    bool used; unsigned way; uint32_t ports;
    uint32_t first, cum, sent_to;                     /* first text, in order so far, highest sent */
    struct range *ranges; unsigned n;                 /* beyond cum, sorted */
    uint64_t octets, packets, again, needless;
    nsec began, moved, silence;
};

struct way { int from, to; struct queue queue, late; nsec free_at; uint64_t ordinal; };

static struct way ways[2];
static struct flow flows[FLOWS];
static uint64_t delay_us = 10000, loss, reorder, late_us = 5000, rate_kb, queue_packets = 200, seed = 1;

static nsec now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void die(const char *what)
{
    fprintf(stderr, "wire: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t draw(uint64_t kind, uint64_t way, uint64_t number)
{
    uint64_t x = seed * 0x9e3779b97f4a7c15u + kind * 0xd1342543de82ef95u + way * 0xaf251af3b0f025b5u + number;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static int open_tun(char *place)
{
    char *name = strrchr(place, ':');
    struct ifreq r = { .ifr_flags = IFF_TUN | IFF_NO_PI };
    if (!name)
        die(place);
    *name++ = '\0';
    int home = open("/proc/self/ns/net", O_RDONLY), there = open(place, O_RDONLY);
    if (home < 0 || there < 0 || setns(there, CLONE_NEWNET) != 0)
        die(place);
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    snprintf(r.ifr_name, sizeof r.ifr_name, "%s", name);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &r) != 0 || setns(home, CLONE_NEWNET) != 0)
        die(name);
    close(home);
    close(there);
    return fd;
}

/* --- what passes --- */

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool before(uint32_t a, uint32_t b) { return (a - b) >> 31; }

/* Where the text lies in sequence space; false: no TCP, or none. */
static bool text_of(const uint8_t *p, uint32_t len, uint32_t *ports, struct range *r)
{
    unsigned ip = (p[0] & 15) * 4u;
    if (len < 40 || p[0] >> 4 != 4 || p[9] != 6)
        return false;
    unsigned tcp = (p[ip + 12] >> 4) * 4u, total = (unsigned)(p[2] << 8 | p[3]);
    *ports = get32(p + ip);
    r->from = get32(p + ip + 4);
    r->to = r->from + total - ip - tcp;
    return r->to != r->from && !(p[ip + 13] & 6);     /* neither SYN nor RST */
}

static struct flow *flow_of(unsigned way, uint32_t ports, const struct range *r)
{
    unsigned i = 0;
    while (i < FLOWS - 1 && flows[i].used && !(flows[i].way == way && flows[i].ports == ports))
        i++;
    struct flow *f = &flows[i];
    if (!f->used)
        *f = (struct flow){ .used = true, .way = way, .ports = ports, .first = r->from, .cum = r->from,
                            .sent_to = r->from, .ranges = calloc(RANGES, sizeof *f->ranges) };
    return f;
}

static void is_sent(unsigned way, const uint8_t *p, uint32_t len)
{
    uint32_t ports;
    struct range r;
    if (!text_of(p, len, &ports, &r))
        return;
    struct flow *f = flow_of(way, ports, &r);
    f->packets++;
    f->again += before(r.from, f->sent_to);
    if (before(f->sent_to, r.to))
        f->sent_to = r.to;
}

static void moved(struct flow *f, nsec at)
{
    if (f->began && at - f->moved > f->silence)
        f->silence = at - f->moved;
    if (!f->began)
        f->began = at;
    f->moved = at;
}

static void join(struct flow *f, struct range r)
{
    unsigned first = 0, last;
    while (first < f->n && before(f->ranges[first].to, r.from))
        first++;
    for (last = first; last < f->n && !before(r.to, f->ranges[last].from); last++) {
        r.from = before(f->ranges[last].from, r.from) ? f->ranges[last].from : r.from;
        r.to = before(r.to, f->ranges[last].to) ? f->ranges[last].to : r.to;
    }
    if (last == first && f->n == RANGES)
        return;
    memmove(f->ranges + first + 1, f->ranges + last, (f->n - last) * sizeof r);
    f->n = f->n + 1 - (last - first);
    f->ranges[first] = r;
}

static void has_come(unsigned way, const uint8_t *p, uint32_t len, nsec at)
{
    uint32_t ports;
    struct range r;
    if (!text_of(p, len, &ports, &r))
        return;
    struct flow *f = flow_of(way, ports, &r);
    bool had = !before(f->cum, r.to);
    for (unsigned i = 0; i < f->n && !had; i++)
        had = !before(r.from, f->ranges[i].from) && !before(f->ranges[i].to, r.to);
    f->needless += had;
    if (had)
        return;
    join(f, r);
    if (f->n && !before(f->cum, f->ranges[0].from)) {
        f->octets += f->ranges[0].to - f->cum;
        f->cum = f->ranges[0].to;
        memmove(f->ranges, f->ranges + 1, --f->n * sizeof r);
        moved(f, at);
    }
}

/* --- the wire --- */

static void put(struct queue *q, const uint8_t *octets, uint32_t len, nsec due)
{
    if (q->in - q->out == SLOTS)
        return;
    struct slot *s = &q->slots[q->in++ % SLOTS];
    s->due = due;
    s->len = len;
    memcpy(s->octets, octets, len);
}

static void take_in(unsigned w, const uint8_t *octets, uint32_t len, nsec at)
{
    struct way *y = &ways[w];
    uint64_t n = y->ordinal++;
    nsec leaves = at;
    is_sent(w, octets, len);
    if (draw(1, w, n) % 100000 < loss)
        return;
    if (rate_kb) {
        nsec each = (nsec)(len * 1000000ULL / rate_kb);
        leaves = y->free_at > at ? y->free_at : at;
        if (leaves - at > (nsec)(queue_packets * 1500 * 1000000ULL / rate_kb))
            return;
        y->free_at = leaves += each;
    }
    bool is_late = draw(2, w, n) % 100000 < reorder;
    put(is_late ? &y->late : &y->queue, octets, len, leaves + (nsec)(delay_us + (is_late ? late_us : 0)) * 1000);
}

static void give_out(unsigned w, struct queue *q, nsec at)
{
    for (; q->out != q->in && q->slots[q->out % SLOTS].due <= at; q->out++) {
        struct slot *s = &q->slots[q->out % SLOTS];
        if (write(ways[w].to, s->octets, s->len) == (ssize_t)s->len)
            has_come(w, s->octets, s->len, at);
    }
}

static nsec next_due(void)
{
    nsec first = INT64_MAX;
    for (unsigned i = 0; i < 4; i++) {
        const struct queue *q = i & 1 ? &ways[i / 2].queue : &ways[i / 2].late;
        if (q->in != q->out && q->slots[q->out % SLOTS].due < first)
            first = q->slots[q->out % SLOTS].due;
    }
    return first;
}

static void run(nsec end)
{
    static uint8_t octets[ROOM];
    struct pollfd p[2] = { { .fd = ways[0].from, .events = POLLIN }, { .fd = ways[1].from, .events = POLLIN } };
    for (nsec at = now(); at < end; at = now()) {
        bool any = false;
        for (unsigned w = 0; w < 2; w++) {
            ssize_t n;
            for (unsigned i = 0; i < BATCH && (n = read(ways[w].from, octets, ROOM)) > 0; i++) {
                take_in(w, octets, (uint32_t)n, at);
                any = true;
            }
            give_out(w, &ways[w].queue, at);
            give_out(w, &ways[w].late, at);
        }
        nsec due = next_due(), wait = (due < end ? due : end) - now();
        if (any || wait <= 0)
            continue;
        struct timespec t = { wait / 1000000000, wait % 1000000000 };
        ppoll(p, 2, &t, NULL);
    }
}

static void set(const char *word)
{
    const struct { const char *name; uint64_t *value; } words[] = {
        { "delay=", &delay_us }, { "loss=", &loss }, { "reorder=", &reorder }, { "late=", &late_us },
        { "rate=", &rate_kb }, { "queue=", &queue_packets }, { "seed=", &seed },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(word, words[i].name, strlen(words[i].name)) == 0)
            *words[i].value = strtoull(word + strlen(words[i].name), NULL, 10);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    ways[0].from = ways[1].to = open_tun(argv[1]);
    ways[1].from = ways[0].to = open_tun(argv[2]);
    for (int i = 4; i < argc; i++)
        set(argv[i]);
    for (unsigned w = 0; w < 2; w++) {
        ways[w].queue.slots = calloc(SLOTS, sizeof(struct slot));
        ways[w].late.slots = calloc(SLOTS, sizeof(struct slot));
        if (!ways[w].queue.slots || !ways[w].late.slots)
            die("memory");
    }
    prctl(PR_SET_TIMERSLACK, 1);
    run(now() + (nsec)(atof(argv[3]) * 1e9));
    for (struct flow *f = flows; f < flows + FLOWS && f->used; f++)
        printf("flow=%u-%u octets=%llu seconds=%.3f silence_ms=%.1f packets=%llu again=%llu needless=%llu\n",
               f->ports >> 16, f->ports & 65535, (unsigned long long)f->octets, (double)(f->moved - f->began) / 1e9,
               (double)f->silence / 1e6, (unsigned long long)f->packets, (unsigned long long)f->again,
               (unsigned long long)f->needless);
    return 0;
}

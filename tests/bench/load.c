/* load - many HTTPS clients in one process, over the kernel's sockets, for `make bench-serve` and tests/interop/load.sh.
 *
 *     load ADDR PORT NAME=VALUE...
 *         page=/1k.bin file=FILE       what is asked for, and what must come, to the last octet
 *         total=N at_once=N each=N     connections in all, at once, and requests on each
 *         burst=N                      of these so many at most that shake hands at the same time
 *         resume=1                     all but the first take up the first one's session by its ticket
 *         hold=1                       at_once connections stay open, each after its requests; when all do, it says
 *                                      so and waits for SIGINT; then each asks once more
 *         bad=N                        beside them N connections that mean no good, as long as the others work, and
 *                                      till some slow ones were answered: silent, half a ClientHello, garbage, a
 *                                      reset in the handshake, an octet at a time, a reader that takes its time
 *         suite=NAME
 *
 * It prints what came of it as NAME=VALUE words on one line: `right` answers, `wrong` octets, `failed` connections, all of
 * the good ones; `drip` and `sip`: right answers that the slow ones had. Exit 1: some good one lost something. */
#include "crypto/cpu.h"
#include "http/loop.h"
#include "net/kernel.h"
#include "tls/tls.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum kind { GOOD, SILENT, CUT, GARBAGE, RESET, DRIP, SIP, KINDS };
enum { RING = 65536, PACE_OUT = 1, PACE_IN = 400, HEAD_TOLD = 15, HELLO_PART = 40, COMPLAINTS = 3 };
#define TICK (5 * MILLISECOND)
static const char good_head[HEAD_TOLD + 1] = "HTTP/1.1 200 OK";

struct client {
    enum kind kind;
    struct carrier *carrier;                          /* NULL: a free slot */
    struct tls *tls;
    struct ring in, out;                              /* of those who go slowly: what they have not looked at, or said */
    struct tls_resumable *session;
    struct client *next_free;
    unsigned asked, answered;
    size_t head_n, got; unsigned line_ends;           /* of the response: its head ends with CR LF CR LF */
    bool shaken, parked, wrong, closing;
};

struct load {
    struct app app;
    struct host *host;
    struct live *live;
    struct pool pool;
    struct cpu cpu;
    struct tls_config tls;
    const struct tls_suite *suite;
    struct tls_resumable first;
    struct addr addr; uint16_t port;
    char request[512];
    uint8_t *page; size_t page_n;
    unsigned total, at_once, each, burst, bad, resume, hold;
    struct client *clients, *free, *free_bad;
    unsigned begun, ended, underway, parked;
    unsigned shaken, resumed, right, wrong, failed, slow_right[KINDS], complaints;
    nsec started, tick;
    bool said, over;
};

static bool is_slow(const struct client *c) { return c->kind == DRIP || c->kind == SIP; }

static void give_slot(struct load *l, struct client *c)
{
    struct client **list = c->kind == GOOD ? &l->free : &l->free_bad;
    *c = (struct client){ .kind = c->kind, .next_free = *list };
    *list = c;
}

static void let_go(struct load *l, struct client *c)
{
    if (c->kind == GOOD) {
        l->ended++;
        l->failed += c->answered < l->each && !c->wrong;
        l->underway -= !c->parked && !c->shaken;
        l->parked -= c->parked;
    }
    tls_free(c->tls);
    ring_end(&c->in);
    ring_end(&c->out);
    free(c->session);
    c->carrier->user = NULL;
    carrier_release(c->carrier);
    give_slot(l, c);
}

static void call(struct load *l, struct client *c, nsec now)
{
    struct fault why = { 0 };
    struct tls_config config = l->tls;
    enum kind kind = c->kind;
    *c = (struct client){ .kind = kind };
    c->carrier = l->host->ops->connect(l->host, &l->addr, l->port, now, &why);
    if (!c->carrier) {
        fprintf(stderr, "load: %s: %s\n", why.ground->id, why.came);
        exit(1);
    }
    c->carrier->user = c;
    ring_start(&c->in, &l->pool, RING);
    ring_start(&c->out, &l->pool, RING);
    if (l->resume && (c->session = calloc(1, sizeof *c->session)))
        *c->session = l->first;
    config.session = c->session;
    c->tls = kind == SILENT || kind == GARBAGE ? NULL : tls_new(&config, now, &why);
    if (kind == GOOD) {
        l->begun++;
        l->underway++;
    }
}

static struct client *take_slot(struct client **list)
{
    struct client *c = *list;
    *list = c->next_free;
    return c;
}

/* Those that mean no good come back as soon as they are thrown out; the good ones until all have been. */
static void fill_slots(struct load *l, nsec now)
{
    while (l->free_bad && !l->over)
        call(l, take_slot(&l->free_bad), now);
    while (l->free && !l->over && l->begun < l->total && l->underway < l->burst
           && !(l->resume && l->begun && !l->first.session.suite))
        call(l, take_slot(&l->free), now);
}

/* What came of the response; at its end the next may be asked for. */
static void take_answer(struct load *l, struct client *c, struct bytes b)
{
    static const char ends[] = "\r\n\r\n";
    for (; b.n && c->line_ends < 4; b.at++, b.n--) {
        c->wrong |= c->head_n < HEAD_TOLD && *b.at != (uint8_t)good_head[c->head_n];
        c->line_ends = *b.at == (uint8_t)ends[c->line_ends] ? c->line_ends + 1 : *b.at == '\r';
        c->head_n++;
    }
    if (b.n > l->page_n - c->got || (b.n && memcmp(b.at, l->page + c->got, b.n) != 0) || c->answered == c->asked)
        c->wrong = true;
    c->got += b.n;
    if (c->line_ends < 4 || c->got < l->page_n || c->wrong)
        return;
    c->answered++;
    c->head_n = c->got = c->line_ends = 0;
    if (c->kind == GOOD)
        l->right++;
    else
        l->slow_right[c->kind]++;
}

static void shaken(struct load *l, struct client *c)
{
    c->shaken = true;
    if (c->kind != GOOD)
        return;
    l->shaken++;
    l->underway--;
    l->resumed += tls_facts_of(c->tls)->resumed;
    if (l->resume && !l->first.session.suite)
        l->first = *c->session;
}

/* Asks, or is done: then it closes, or stays. */
static void go_on(struct load *l, struct client *c, struct ring *out)
{
    unsigned each = c->kind == GOOD ? l->each : 1;
    if (c->answered == each && l->hold && c->kind == GOOD && !c->parked) {
        c->parked = true;
        l->parked++;
    } else if (c->answered == each && !(l->hold && c->kind == GOOD)) {
        c->closing = true;
        tls_close(c->tls, out);
        if (!is_slow(c))
            carrier_close(c->carrier);
    } else if (c->answered == c->asked && c->asked < each
               && tls_send(c->tls, out, l->request, strlen(l->request), NULL)) {
        c->asked++;
    }
}

/* What TLS has for us, as far as it has come. False: nothing more will. */
static bool talk(struct load *l, struct client *c, struct ring *in, struct ring *out, nsec now)
{
    struct fault why = { 0 };
    for (;;) {
        enum tls_says says = tls_receive(c->tls, in, out, now, &why);
        if (says == TLS_FAILED && c->kind == GOOD && !c->closing && l->complaints++ < COMPLAINTS)
            fprintf(stderr, "load: %s: expected %s, came %s\n", why.ground->id, why.expected, why.came);
        if (says == TLS_FAILED || says == TLS_CLOSED)
            return false;
        if (tls_progress(c->tls) == TLS_CONNECTED && !c->shaken)
            shaken(l, c);
        if (says == TLS_DATA) {
            struct bytes b = tls_peek(c->tls, in);
            take_answer(l, c, b);
            tls_consume(c->tls, in, b.n);
        }
        if (says == TLS_WANTS)
            break;
    }
    if (c->wrong && c->kind == GOOD)
        l->wrong++;
    if (c->shaken && !c->closing && !c->wrong)
        go_on(l, c, out);
    return !c->wrong;
}

static void move(struct ring *from, struct ring *to, size_t most)
{
    struct bytes b = ring_peek(from);
    size_t n = ring_write(to, b.at, b.n < most ? b.n : most);
    ring_consume(from, n);
}

/* Bad ones that speak no TLS: once, then they wait for being thrown out. */
static void misbehave(struct client *c)
{
    uint8_t junk[600];
    if (c->asked++ || c->kind == SILENT)
        return;
    randombytes_buf(junk, sizeof junk);
    ring_write(&c->carrier->out, junk, sizeof junk);
}

/* The first octets of a ClientHello, and no more. */
static void cut(struct client *c)
{
    move(&c->out, &c->carrier->out, HELLO_PART);
    ring_end(&c->out);
    tls_free(c->tls);
    c->tls = NULL;
    c->asked = 1;
}

static void serve_client(struct load *l, struct client *c, nsec now)
{
    struct carrier *a = c->carrier;
    bool alive = a->open || !a->ended;
    if (!a->open && !a->ended)
        return;
    if (c->kind == RESET && a->in.len) {
        carrier_abort(a);
        alive = false;
    } else if (!c->tls) {
        misbehave(c);
        ring_consume(&a->in, a->in.len);
    } else if (is_slow(c)) {
        move(&a->in, &c->in, c->kind == SIP ? PACE_IN : RING);
        alive = talk(l, c, &c->in, &c->out, now);
        move(&c->out, &a->out, c->kind == DRIP ? PACE_OUT : RING);
        alive = (alive && !c->closing) || c->out.len;
    } else {
        struct ring *out = c->kind == CUT ? &c->out : &a->out;
        alive = talk(l, c, &a->in, out, now);
        if (c->kind == CUT && c->out.len)
            cut(c);
    }
    carrier_touch(a, 0);
    if ((!alive || a->peer_done) && !a->closing && !a->ended)
        carrier_close(a);
}

static void load_news(struct app *app, struct carrier *a, nsec now)
{
    struct load *l = (struct load *)app;
    struct client *c = a->user;
    if (!c)
        return;
    serve_client(l, c, now);
    if (a->ended)
        let_go(l, c);
}

static void load_start(struct app *app, nsec now)
{
    struct load *l = (struct load *)app;
    l->started = now;
    fill_slots(l, now);
}

static void load_step(struct app *app, nsec now)
{
    struct load *l = (struct load *)app;
    if (l->bad && now >= l->tick) {
        l->tick = now + TICK;
        for (unsigned i = l->at_once; i < l->at_once + l->bad; i++)
            if (l->clients[i].carrier && is_slow(&l->clients[i]))
                serve_client(l, &l->clients[i], now);
    }
    fill_slots(l, now);
    if (l->hold && !l->said && l->parked + l->ended == l->total) {
        l->said = true;
        printf("open=%u failed=%u seconds=%.1f\n", l->parked, l->failed, (double)(now - l->started) / 1e9);
        fflush(stdout);
    }
    bool slow_ones = !l->bad || (l->slow_right[DRIP] && l->slow_right[SIP]);
    l->over |= (l->ended == l->total && slow_ones) || (l->resume && l->ended && !l->first.session.suite);
}

/* SIGINT: those that were held ask once more, and then go. */
static void load_stop(struct app *app, nsec now)
{
    struct load *l = (struct load *)app;
    if (!l->hold) {
        l->over = true;
        return;
    }
    l->hold = 0;
    l->each++;
    for (unsigned i = 0; i < l->at_once; i++)
        if (l->clients[i].carrier)
            serve_client(l, &l->clients[i], now);
}

static nsec load_wake(const struct app *app)
{
    const struct load *l = (const struct load *)app;
    return l->bad ? l->tick : NEVER;
}

static bool read_page(struct load *l, const char *name)
{
    FILE *f = fopen(name, "rb");
    if (!f || !(l->page = malloc(RING * 16)))
        return false;
    l->page_n = fread(l->page, 1, RING * 16, f);
    fclose(f);
    return true;
}

static bool read_word(struct load *l, const char *word)
{
    struct { const char *name; unsigned *to; } numbers[] = {
        { "total=", &l->total }, { "at_once=", &l->at_once }, { "each=", &l->each }, { "burst=", &l->burst },
        { "bad=", &l->bad }, { "resume=", &l->resume }, { "hold=", &l->hold } };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strncmp(word, numbers[i].name, strlen(numbers[i].name)) == 0)
            return sscanf(strchr(word, '=') + 1, "%u", numbers[i].to) == 1;
    if (strncmp(word, "page=", 5) == 0)
        return snprintf(l->request, sizeof l->request, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", word + 5) > 0;
    if (strncmp(word, "suite=", 6) == 0)
        return (l->suite = tls_suite_named(word + 6)) != NULL;
    return strncmp(word, "file=", 5) == 0 && read_page(l, word + 5);
}

static bool make_ready(struct load *l, int argc, char **argv)
{
    static const uint16_t groups[] = { TLS_X25519, TLS_SECP256R1 };      /* the second: for certificates on it */
    unsigned port = 0;
    bool good = argc > 3 && addr_parse(argv[1], strlen(argv[1]), &l->addr) && sscanf(argv[2], "%u", &port) == 1;
    for (int i = 3; good && i < argc; i++)
        good = read_word(l, argv[i]) || (fprintf(stderr, "load: %s?\n", argv[i]), false);
    if (!good || !l->page || !l->request[0])
        return false;
    l->port = (uint16_t)port;
    l->total = l->hold ? l->at_once : l->total;
    l->cpu = cpu_found();
    l->tls = (struct tls_config){ .host = "localhost", .insecure = true, .cpu = &l->cpu, .groups = groups, .n_groups = 2,
                                  .suites = &l->suite, .n_suites = l->suite ? 1 : 0 };
    l->clients = calloc(l->at_once + l->bad, sizeof *l->clients);
    for (unsigned i = 0; l->clients && i < l->at_once + l->bad; i++) {
        l->clients[i].kind = i < l->at_once ? GOOD : (enum kind)(SILENT + (i - l->at_once) % (KINDS - 1));
        give_slot(l, &l->clients[i]);
    }
    return l->clients != NULL;
}

int main(int argc, char **argv)
{
    static struct load l = { .total = 1000, .at_once = 10, .each = 1, .burst = 200 };
    struct fault why = { 0 };
    struct voice voice = { .host = 1 };
    struct loop loop;
    struct rlimit files;
    l.app = (struct app){ load_start, load_news, load_step, load_wake, load_stop };
    if (sodium_init() < 0 || !make_ready(&l, argc, argv)) {
        fprintf(stderr, "load ADDR PORT page=... file=... (see tests/bench/load.c)\n");
        return 2;
    }
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    pool_start(&l.pool, 1u << 30);
    if (!(l.live = live_new(&why)) || !(l.host = kernel_host_new(l.live, &l.pool, RING, &voice, &why))
        || !loop_start(&loop, live_world(l.live), NULL))
        return 1;
    l.tls.chance = live_chance(l.live);
    loop_seat(&loop, l.host, NULL, &l.app);
    loop_begin(&loop);
    while (!l.over && loop_turn(&loop)) {}
    printf("right=%u wrong=%u failed=%u shaken=%u resumed=%u drip=%u sip=%u seconds=%.2f\n", l.right, l.wrong, l.failed,
           l.shaken, l.resumed, l.slow_right[DRIP], l.slow_right[SIP], (double)(loop.now - l.started) / 1e9);
    l.host->ops->free(l.host);
    loop_end(&loop);
    live_free(l.live);
    pool_end(&l.pool);
    return l.wrong || l.failed || l.right < l.total * l.each;
}

/* The program around a peer: its options, the clock, the lines. */
#define _POSIX_C_SOURCE 200809L
#include "tests/bench/peer.h"
#include "tests/bench/cpu.h"

#include <string.h>

uint8_t peer_data[PEER_DATA_MAX + 64], peer_out[PEER_DATA_MAX + 64];
const uint8_t peer_key[64] = { 1, 2, 3 }, peer_iv[16] = { 4, 5, 6 }, peer_aad[PEER_AAD] = { 7, 8, 9 };
size_t peer_size = PEER_DATA_MAX;
static double seconds = 0.3, clock_cost;
static const char *keys = ".";
static const struct peer *peer;

void peer_must(bool good, const char *what)
{
    if (!good)
        fprintf(stderr, "peer_%s: %s failed\n", peer->name, what);
    if (!good)
        exit(1);
}

void peer_missing(const char *what)
{
    fprintf(stderr, "peer_%s has no %s\n", peer->name, what);
    exit(PEER_MISSING);
}

const char *peer_path(const char *kind, const char *name)
{
    size_t n = strlen(keys) + strlen(kind) + strlen(name) + 3;
    char *path = malloc(n);
    snprintf(path, n, "%s/%s.%s", keys, kind, name);
    return path;
}

uint8_t *peer_file(const char *kind, const char *name, size_t *n)
{
    FILE *file = fopen(peer_path(kind, name), "rb");
    uint8_t *bytes = malloc(65536);
    peer_must(file != NULL, peer_path(kind, name));
    *n = fread(bytes, 1, 65535, file);
    bytes[*n] = 0;                                      /* some readers of PEM want a string */
    fclose(file);
    return bytes;
}

/* ---- the clock ----
 * To ask it is a system call, some microsecond: so it is asked seldom, and what it costs is taken off. */

static double since(double start)
{
    double passed = cpu() - start - clock_cost;
    return passed > 0 ? passed : 0;
}

static void weigh_clock(void)
{
    double least = 1;
    for (int i = 0; i < 200; i++) {
        double start = cpu(), passed = cpu() - start;
        least = passed < least ? passed : least;
    }
    clock_cost = least;
}

/* The best of some slices: a slice in which the machine did something else does not count. */
enum { SLICES = 8 };

static void keep_best(double *best, double per_second) { *best = per_second > *best ? per_second : *best; }

/* ---- primitives ---- */

static double timed(void (*run)(void), unsigned long n)
{
    double start = cpu();
    for (unsigned long i = 0; i < n; i++)
        run();
    return since(start);
}

static double rate(void (*run)(void))
{
    unsigned long n = 1;
    double best = 0;
    while (timed(run, n) < seconds / SLICES / 4)        /* also what warms the caches up */
        n *= 2;
    for (int slice = 0; slice < SLICES; slice++) {
        unsigned long done = 0;
        double passed = 0;
        for (; passed < seconds / SLICES; done += n)
            passed += timed(run, n);
        keep_best(&best, (double)done / passed);
    }
    return best;
}

/* One line: fields that are NULL or 0 are left out. */
static void tell(const char *what, const char *op, size_t size, const struct tls_wish *w, const char *unit, double value)
{
    static const char *const resumed[] = { "no", "id", "ticket" };
    printf("{\"what\":\"%s\",\"op\":\"%s\",\"form\":\"%s\",\"best\":true", what, op, peer->name);
    if (size)
        printf(",\"size\":%zu", size);
    if (w)
        printf(",\"key\":\"%s\",\"group\":\"%s\",\"resumed\":\"%s\"", w->key, w->group, resumed[w->again]);
    printf(",\"%s\":%.1f}\n", unit, value);
}

static void primitive(const char *what, const char *op)
{
    const struct operation *o = peer->operations;
    while (o->what && !(strcmp(o->what, what) == 0 && op && strcmp(o->op, op) == 0))
        o++;
    if (!o->what)
        peer_missing(what);
    o->start(o);
    tell(what, op, strcmp(op, "seal") && strcmp(op, "open") && strcmp(op, "hash") ? 0 : peer_size, NULL,
         "ops_per_cpu_s", rate(o->run));
}

/* ---- TLS ---- */

size_t pipe_put(struct pipe *w, const void *bytes, size_t n)
{
    n = n < w->room - w->n ? n : w->room - w->n;
    memcpy(w->bytes + w->n, bytes, n);
    w->n += n;
    return n;
}

size_t pipe_get(struct pipe *w, void *bytes, size_t n)
{
    n = n < w->n - w->at ? n : w->n - w->at;
    memcpy(bytes, w->bytes + w->at, n);
    w->at += n;
    if (w->at == w->n)
        w->at = w->n = 0;
    return n;
}

/* Many connections go through their handshakes in lockstep, a side's flight of all of them between two looks at the
 * clock. */
enum { TOGETHER = 16, IDLE = 64, AHEAD = 16 };
static struct pair {
    struct pipe there, back;
    struct end end[SIDES];
    bool done[SIDES];
} pairs[IDLE];
static double spent[SIDES];
static long heap[SIDES];

static void lay_pipes(size_t n, size_t room)
{
    for (size_t i = 0; i < n; i++) {
        struct pair *p = &pairs[i];
        p->there = (struct pipe){ .bytes = malloc(room), .room = room };
        p->back = (struct pipe){ .bytes = malloc(room), .room = room };
        p->end[CLIENT] = (struct end){ CLIENT, &p->back, &p->there, NULL };
        p->end[SERVER] = (struct end){ SERVER, &p->there, &p->back, NULL };
    }
}

static void do_open(struct pair *p, enum side side)
{
    p->there.at = p->there.n = p->back.at = p->back.n = 0;
    p->done[side] = false;
    peer->tls->open(&p->end[side]);
}

static void do_shake(struct pair *p, enum side side)
{
    if (!p->done[side])
        p->done[side] = peer->tls->shake(&p->end[side]);
}

static void do_close(struct pair *p, enum side side) { peer->tls->close(&p->end[side]); }

static void each(size_t n, enum side side, void (*work)(struct pair *, enum side))
{
    double start = cpu();
    peer_heap = &heap[side];
    for (size_t i = 0; i < n; i++)
        work(&pairs[i], side);
    peer_heap = NULL;
    spent[side] += since(start);
}

static void connect_all(size_t n)
{
    each(n, SERVER, do_open);
    each(n, CLIENT, do_open);
    for (int flight = 0;; flight++) {
        bool all = true;
        each(n, CLIENT, do_shake);
        each(n, SERVER, do_shake);
        for (size_t i = 0; i < n; i++)
            all = all && pairs[i].done[CLIENT] && pairs[i].done[SERVER];
        if (all)
            return;
        peer_must(flight < 10, "a handshake");
    }
}

static void close_all(size_t n)
{
    each(n, CLIENT, do_close);
    each(n, SERVER, do_close);
}

static void handshakes(const struct tls_wish *w, const char *what)
{
    double best[SIDES] = { 0, 0 }, both = 0;
    lay_pipes(TOGETHER, 16384);
    connect_all(1);
    if (w->again != FULL)
        peer->tls->keep(&pairs[0].end[CLIENT]);
    close_all(1);
    connect_all(TOGETHER);                              /* warms up */
    for (size_t i = 0; i < TOGETHER; i++)
        for (int side = CLIENT; side < SIDES; side++)
            peer_must(peer->tls->resumed(&pairs[i].end[side]) == (w->again != FULL), "resumption, or none,");
    close_all(TOGETHER);
    for (int slice = 0; slice < SLICES; slice++) {
        unsigned long n = 0;
        memset(spent, 0, sizeof spent);
        for (; spent[CLIENT] + spent[SERVER] < seconds / SLICES; n += TOGETHER) {
            connect_all(TOGETHER);
            close_all(TOGETHER);
        }
        keep_best(&best[CLIENT], (double)n / spent[CLIENT]);
        keep_best(&best[SERVER], (double)n / spent[SERVER]);
        keep_best(&both, (double)n / (spent[CLIENT] + spent[SERVER]));
    }
    tell(what, "both", 0, w, "ops_per_cpu_s", both);
    tell(what, "client", 0, w, "ops_per_cpu_s", best[CLIENT]);
    tell(what, "server", 0, w, "ops_per_cpu_s", best[SERVER]);
}

/* Some are sealed ahead by the client, then the server opens them. */
static void do_seal(struct pair *p, enum side side)
{
    for (int i = 0; i < AHEAD; i++)
        peer->tls->write(&p->end[side], peer_data, peer_size);
}

static void do_unseal(struct pair *p, enum side side)
{
    for (int i = 0; i < AHEAD; i++)
        peer->tls->read(&p->end[side], peer_out, peer_size);
}

static void records(const char *what)
{
    double best[SIDES] = { 0, 0 };
    lay_pipes(1, PEER_PIPE);
    connect_all(1);
    for (int slice = -1; slice < SLICES; slice++) {     /* the first warms up */
        unsigned long n = 0;
        memset(spent, 0, sizeof spent);
        for (; spent[CLIENT] + spent[SERVER] < seconds / SLICES; n += AHEAD) {
            each(1, CLIENT, do_seal);
            each(1, SERVER, do_unseal);
        }
        for (int side = CLIENT; slice >= 0 && side < SIDES; side++)
            keep_best(&best[side], (double)n / spent[side]);
    }
    peer_must(memcmp(peer_out, peer_data, peer_size) == 0, "what was opened");
    tell(what, "seal", peer_size, NULL, "ops_per_cpu_s", best[CLIENT]);
    tell(what, "open", peer_size, NULL, "ops_per_cpu_s", best[SERVER]);
}

static void idle(void)
{
    lay_pipes(IDLE, 16384);
    connect_all(1);                                     /* what is made once, for all */
    memset(heap, 0, sizeof heap);
    connect_all(IDLE);
    tell("idle", "client", 0, NULL, "bytes", (double)heap[CLIENT] / IDLE);
    tell("idle", "server", 0, NULL, "bytes", (double)heap[SERVER] / IDLE);
}

/* ---- options ---- */

enum { LABELS = 5 };

static enum again read_again(const char *word)
{
    return strcmp(word, "id") == 0 ? BY_ID : strcmp(word, "ticket") == 0 ? BY_TICKET : FULL;
}

/* The suite without " etm" behind it, if that was there. */
static bool without_etm(struct tls_wish *w)
{
    static char suite[64];
    snprintf(suite, sizeof suite, "%s", w->suite);
    char *etm = strstr(suite, " etm");
    if (etm)
        *etm = 0;
    w->suite = suite;
    return etm != NULL;
}

static void measure(char *selector)
{
    const char *label[LABELS + 1] = { 0 };
    char what[96];
    for (int i = 0; i < LABELS && (label[i] = strtok(i ? NULL : selector, ":")) != NULL; i++)
        continue;
    struct tls_wish w = { label[1], label[2], label[3], FULL, false };
    snprintf(what, sizeof what, "%s %s", label[0], w.suite);
    if (strcmp(label[0], "handshake") == 0) {
        w.again = read_again(label[4]);
        peer->tls->start(&w);
        handshakes(&w, what);
    } else if (strcmp(label[0], "record") == 0) {
        peer_size = (size_t)atoi(label[2]);
        w.etm = without_etm(&w);
        w.key = "rsa2048";
        w.group = strncmp(w.suite, "ECDHE", 5) == 0 ? "x25519" : "rsa";
        peer->tls->start(&w);
        records(what);
    } else if (strcmp(label[0], "idle") == 0) {
        peer->tls->start(&w);
        idle();
    } else {
        peer_size = label[2] ? (size_t)atoi(label[2]) : 0;
        primitive(label[0], label[1]);
    }
}

int peer_main(const struct peer *p, int argc, char **argv)
{
    peer = p;
    peer_keep_heap();
    for (size_t i = 0; i < sizeof peer_data; i++)
        peer_data[i] = (uint8_t)(i * 7 + 1);
    weigh_clock();
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--seconds") == 0 && i + 1 < argc)
            seconds = atof(argv[++i]);
        else if (strcmp(argv[i], "--keys") == 0 && i + 1 < argc)
            keys = argv[++i];
        else if (strcmp(argv[i], "--version") == 0)
            puts(p->version());
        else if (strcmp(argv[i], "--list") == 0)
            for (const struct operation *o = p->operations; o->what; o++)
                printf("%s:%s\n", o->what, o->op);
        else
            measure(argv[i]);
    return 0;
}

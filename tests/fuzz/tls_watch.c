/* A third party hears two directions of octets, which are those of a real connection as the input lets them be: played,
 * left out (and that told or not), changed, repeated, with anything put in between. What it says must hold within
 * itself, and nothing it hands out may lie outside of what it was given.
 *
 * The first octet: which connection (bits 0 to 3); with its key log (16), from the middle on (32), with a trace (64). Then
 * steps of 4 octets: what (3 bits) and of which side (8); a number (2 octets); a value.
 *     0, 7  so many octets of the side are said       4  value octets of the input, as they are
 *     1  so many are left out; 2  and that is told    5  the side is at its end
 *     3  the octet so far on is another by value      6  so many octets back */
#include "tests/lib/tls_between.h"
#include "tests/lib/tls_tape.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { TAPES = 16, ROOM = 1 << 17, STEP = 4 };

static struct tape *tapes[TAPES];
static struct keylog *logs[TAPES];

static void check(bool good)
{
    if (!good)
        abort();
}

static const char *const suites[TAPES - 10] = { "ECDHE-RSA-CHACHA20-POLY1305", "AES128-SHA", "AES256-SHA256",
                                                "DHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384",
                                                "ECDHE-RSA-AES256-SHA384" };

/* The kinds of tls_between.h, then suites. */
static void make(unsigned i)
{
    const struct between_kind *kind = i < between_n_kinds && i < 10 ? &between_kinds[i] : NULL;
    struct pair_wish wish = kind ? kind->wish : (struct pair_wish){ .suite = suites[i % (TAPES - 10)] };
    static struct tls_pair p;
    struct tape *t = tls_tape_new();
    pair_configure(&p, &wish);
    if (kind && kind->configure)
        kind->configure(&p);
    p.client.config.exporter = p.server.config.exporter = true;
    p.client.config.encrypt_then_mac = p.server.config.encrypt_then_mac = i & 1;
    p.client.tls = tls_new(&p.client.config, PAIR_NOW, &p.client.fault);
    p.server.tls = tls_new(&p.server.config, PAIR_NOW, &p.server.fault);
    check(tape_pair(t, &p, 600));
    pair_end(&p);
    tapes[i] = t;
    logs[i] = tape_keylog(t, 0);
}

/* A view that reads every octet that is told, so that a sanitizer sees where they lie. */
static volatile unsigned sum;
static void on_event(struct view *v, const struct trace *t, const struct event *e)
{
    (void)v;
    (void)t;
    for (size_t i = 0; i < e->bytes.n; i++)
        sum += e->bytes.at[i];
    for (size_t i = 0; i < e->n_attrs; i++)
        for (size_t k = 0; k < e->attrs[i].bytes.n; k++)
            sum += e->attrs[i].bytes.at[k];
}
static void on_field(struct view *v, const struct trace *t, const struct field *f)
{
    (void)v;
    (void)t;
    for (size_t i = 0; i < f->bytes.n; i++)
        sum += f->bytes.at[i];
}

static uint8_t octets[2][ROOM];
static size_t at[2], has[2];
static bool deaf[2];

static void take(struct tls_watch *w, unsigned side, uint64_t packet)
{
    while (!deaf[side]) {
        struct watch_record r;
        uint8_t *from = octets[side] + at[side];
        const size_t n = has[side] - at[side];
        const struct watch_moment m = { packet, packet, PAIR_NOW };
        enum watch_says says = watch_take(w, side, from, n, &m, &r);
        deaf[side] = says == WATCH_OTHER || says == WATCH_BLIND;
        if (says != WATCH_RECORD) {
            check(r.used == 0);
            return;
        }
        check(r.used && r.used <= n);
        check(!r.content.n || (r.opened && r.content.at >= from && r.content.at + r.content.n <= from + r.used));
        at[side] += r.used;
    }
}

static void add(unsigned side, const uint8_t *from, size_t n)
{
    n = n < ROOM - has[side] ? n : ROOM - has[side];
    memcpy(octets[side] + has[side], from, n);
    has[side] += n;
}

static void holds(const struct watch_facts *f)
{
    check(f->n_faults <= WATCH_FAULTS && f->n_messages <= WATCH_MESSAGES && f->n_alerts <= WATCH_ALERTS);
    for (unsigned side = 0; side < 2; side++) {
        check(f->records[side].opened + f->records[side].refused <= f->records[side].sealed);
        check(f->records[side].sealed <= f->records[side].n);
        check(!f->finished[side].verified || (f->finished[side].checked && f->finished[side].seen));
    }
    for (unsigned i = 0; i < f->n_faults; i++)
        check(f->faults[i].fault.ground && f->faults[i].side < 2);
}

static void step(struct tls_watch *w, const struct tape *t, size_t place[2], const uint8_t **in, const uint8_t *end)
{
    const uint8_t *s = *in;
    const unsigned side = s[0] >> 3 & 1;
    size_t n = (size_t)(s[1] << 8 | s[2]), left = t->n[side] - place[side], value = s[3];
    *in += STEP;
    switch (s[0] & 7) {
    default:
        n = n < left ? n : left;
        add(side, t->octets[side] + place[side], n);
        place[side] += n;
        break;
    case 1:
        place[side] += n < left ? n : left;
        break;
    case 2:
        place[side] += n < left ? n : left;
        watch_gap(w, side, has[side] - at[side] + n, 5);
        at[side] = has[side];
        break;
    case 3:
        n = n < left ? n : left;
        add(side, t->octets[side] + place[side], n);
        if (n && has[side])
            octets[side][has[side] - 1] ^= (uint8_t)value;
        place[side] += n;
        break;
    case 4:
        value = value < (size_t)(end - *in) ? value : (size_t)(end - *in);
        add(side, *in, value);
        *in += value;
        break;
    case 5:
        watch_ended(w, side);
        break;
    case 6:
        place[side] -= n < place[side] ? n : place[side];
    }
    take(w, side, (uint64_t)(end - *in) + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (!n)
        return 0;
    const unsigned which = bytes[0] % TAPES;
    size_t place[2] = { 0, 0 };
    const uint8_t *in = bytes + 1, *end = bytes + n;
    if (!tapes[which])
        make(which);
    struct view view = { .event = on_event, .field = on_field };
    struct trace *trace = bytes[0] & 64 ? trace_new(PAIR_NOW) : NULL;
    if (trace)
        trace_attach(trace, &view);
    const struct watch_config c = {
        .keylog = bytes[0] & 16 ? logs[which] : NULL, .in_the_middle = bytes[0] & 32,
        .voice = { { trace, 1, 1 }, { trace, 2, 1 } },
        .stream = { trace_stream(trace, "up", 2), trace_stream(trace, "down", 4) } };
    struct tls_watch *w = watch_new(&c);
    check(w != NULL);
    for (unsigned side = 0; side < 2; side++) {
        at[side] = has[side] = 0;
        deaf[side] = false;
    }
    while (end - in >= STEP)
        step(w, tapes[which], place, &in, end);
    for (unsigned side = 0; side < 2; side++)
        watch_ended(w, side);
    holds(watch_facts(w));
    watch_free(w);
    trace_free(trace);
    return 0;
}

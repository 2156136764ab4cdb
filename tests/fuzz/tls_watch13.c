/* A third party with a key log hears a connection of TLS 1.3: one of RFC 8448's, as it was or changed, with records of
 * any content put in between that are sealed as that side would, so that all that reads behind the seal is reached. What
 * it says must hold within itself, and nothing it hands out may lie outside of what it was given.
 *
 * The first octet: which handshake (bits 0 to 2), with its key log (16), with a trace (64). Then steps of 3 octets: what
 * (bits 0 to 2), of which side (8), an epoch (bits 4, 5), a content type (bits 6, 7); a number (2 octets).
 *     0, 7  so many octets of the side are said      3  so many octets; the last is another
 *     1  so many are left out; 2  and that is told    4  so many octets of the input, as they are
 *     5  so many octets of the input, sealed          6  the side's secret of that epoch is the next one */
#include "tests/lib/rfc8448.h"
#include "tls/record13.h"
#include "tls/watch.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { ROOM = 1 << 17, STEP = 3, EPOCHS = 4, SEALED_MOST = 2000 };

static void check(bool good)
{
    if (!good)
        abort();
}

struct talk {
    const struct rfc8448 *trace;
    struct tls_watch *watch;
    uint8_t said[2][8192]; size_t n[2], place[2];     /* what each side says in the trace; how far it has come */
    uint8_t octets[2][ROOM]; size_t has[2], at[2]; bool deaf[2];
    struct opening keys[2][EPOCHS];                   /* suite NULL: there are none */
    uint64_t packet;
};
static struct talk talk;

static void take(struct talk *t, unsigned side)
{
    while (!t->deaf[side]) {
        struct watch_record r;
        uint8_t *from = t->octets[side] + t->at[side];
        const size_t n = t->has[side] - t->at[side];
        const struct watch_moment m = { t->packet, t->packet, INT64_C(1530000000) * SECOND };
        enum watch_says says = watch_take(t->watch, side, from, n, &m, &r);
        t->deaf[side] = says == WATCH_OTHER || says == WATCH_BLIND;
        if (says != WATCH_RECORD) {
            check(r.used == 0);
            return;
        }
        check(r.used && r.used <= n);
        check(!r.content.n || (r.opened && r.content.at >= from && r.content.at + r.content.n <= from + r.used));
        t->at[side] += r.used;
    }
}

static void add(struct talk *t, unsigned side, const uint8_t *from, size_t n)
{
    n = n < ROOM - t->has[side] ? n : ROOM - t->has[side];
    if (n)
        memcpy(t->octets[side] + t->has[side], from, n);
    t->has[side] += n;
}

/* A record with that content, and its type behind it. */
static void add_sealed(struct talk *t, unsigned side, struct opening *o, unsigned type, const uint8_t *from, size_t n)
{
    uint8_t record[RECORD_HEADER + SEALED_MOST + 1 + AEAD_TAG], nonce[AEAD_NONCE], *content = record + RECORD_HEADER;
    const size_t length = n + 1 + AEAD_TAG;
    if (!o->suite)
        return;
    memcpy(record, (uint8_t[]){ TLS_CONTENT_APPLICATION, 3, 3, (uint8_t)(length >> 8), (uint8_t)length }, RECORD_HEADER);
    if (n)
        memcpy(content, from, n);
    content[n] = (uint8_t)type;
    record13_nonce(o, o->sequence++, nonce);
    aead_seal(&o->aead, nonce, record, RECORD_HEADER, content, n + 1, content + n + 1);
    add(t, side, record, RECORD_HEADER + length);
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static void step(struct talk *t, const uint8_t **in, const uint8_t *end)
{
    const uint8_t *s = *in;
    const unsigned side = s[0] >> 3 & 1, epoch = s[0] >> 4 & 3, type = 20 + (s[0] >> 6);
    size_t n = (size_t)(s[1] << 8 | s[2]), left = t->n[side] - t->place[side];
    *in += STEP;
    t->packet++;
    switch (s[0] & 7) {
    default:
    case 3:
        n = least(n, left);
        add(t, side, t->said[side] + t->place[side], n);
        t->place[side] += n;
        if ((s[0] & 7) == 3 && n && t->has[side] > t->at[side])
            t->octets[side][t->has[side] - 1] ^= 1;
        break;
    case 1:
        t->place[side] += least(n, left);
        break;
    case 2:
        t->place[side] += least(n, left);
        watch_gap(t->watch, side, t->has[side] - t->at[side] + n, t->packet);
        t->at[side] = t->has[side];
        break;
    case 4:
    case 5:
        n = least(least(n, (size_t)(end - *in)), SEALED_MOST);
        if ((s[0] & 7) == 4)
            add(t, side, *in, n);
        else
            add_sealed(t, side, &t->keys[side][epoch], type, *in, n);
        *in += n;
        break;
    case 6:
        if (t->keys[side][epoch].suite)
            opening_update(&t->keys[side][epoch], NULL);
    }
    take(t, side);
}

/* A view that reads every octet that is told, so that a sanitizer sees where they lie. */
static volatile unsigned sum;
static void on_event(struct view *v, const struct trace *t, const struct event *e)
{
    (void)v, (void)t;
    for (size_t i = 0; i < e->bytes.n; i++)
        sum += e->bytes.at[i];
    for (size_t i = 0; i < e->n_attrs; i++)
        for (size_t k = 0; k < e->attrs[i].bytes.n; k++)
            sum += e->attrs[i].bytes.at[k];
}
static void on_field(struct view *v, const struct trace *t, const struct field *f)
{
    (void)v, (void)t;
    for (size_t i = 0; i < f->bytes.n; i++)
        sum += f->bytes.at[i];
}

static void start_keys(struct talk *t, const struct keylog *k)
{
    static const enum keylog_label labels[2][EPOCHS] = {
        { KEYLOG_LABELS, KEYLOG_EARLY_TRAFFIC, KEYLOG_CLIENT_HANDSHAKE, KEYLOG_CLIENT_TRAFFIC },
        { KEYLOG_LABELS, KEYLOG_LABELS, KEYLOG_SERVER_HANDSHAKE, KEYLOG_SERVER_TRAFFIC } };
    uint8_t random[TLS_RANDOM];
    check(keylog_client(k, 0, random));
    for (unsigned side = 0; side < 2; side++)
        for (unsigned epoch = 0; epoch < EPOCHS; epoch++) {
            const struct keylog_secret *s = labels[side][epoch] == KEYLOG_LABELS ? NULL
                : keylog_find(k, labels[side][epoch], (struct bytes){ random, sizeof random });
            if (s)
                opening_start(&t->keys[side][epoch], tls_suite13_of(0x1301), s->secret, NULL);
        }
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

static void start(struct talk *t, const struct rfc8448 *trace)
{
    memset(t->n, 0, sizeof t->n);
    memset(t->place, 0, sizeof t->place);
    memset(t->has, 0, sizeof t->has);
    memset(t->at, 0, sizeof t->at);
    memset(t->deaf, 0, sizeof t->deaf);
    memset(t->keys, 0, sizeof t->keys);
    t->trace = trace;
    t->packet = 0;
    for (size_t i = 0; i < trace->n; i++) {
        const struct rfc8448_record *r = &trace->records[i];
        memcpy(t->said[r->side] + t->n[r->side], r->bytes, r->n);
        t->n[r->side] += r->n;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (!n)
        return 0;
    struct talk *t = &talk;
    const uint8_t *in = bytes + 1, *end = bytes + n;
    start(t, &rfc8448()[(bytes[0] & 7) % RFC8448_TRACES]);
    struct keylog *keylog = keylog_new();
    check(keylog && keylog_add(keylog, t->trace->keylog, strlen(t->trace->keylog), 0, NULL));
    start_keys(t, keylog);
    struct view view = { .event = on_event, .field = on_field };
    struct trace *trace = bytes[0] & 64 ? trace_new(0) : NULL;
    if (trace)
        trace_attach(trace, &view);
    t->watch = watch_new(&(struct watch_config){
        .keylog = bytes[0] & 16 ? keylog : NULL, .voice = { { trace, 1, 1 }, { trace, 2, 1 } },
        .stream = { trace_stream(trace, "up", 2), trace_stream(trace, "down", 4) } });
    check(t->watch != NULL);
    while (end - in >= STEP)
        step(t, &in, end);
    for (unsigned side = 0; side < 2; side++)
        watch_ended(t->watch, side);
    holds(watch_facts(t->watch));
    watch_free(t->watch);
    trace_free(trace);
    keylog_free(keylog);
    return 0;
}

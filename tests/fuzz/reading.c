/* A whole capture file of any octets, read to its end: frames, packets, connections, TLS with the secrets that stand in
 * it, HTTP, DNS, and what is diagnosed of it. What it says must hold within itself, and be the same whether anybody
 * listens or not.
 *
 * The first octet: packets get right checksums before they are read (1), so that what a mutation changed is looked at;
 * somebody listens (2); the least memory (4); the capture is of so short a snaplen (8, 16): 100, 60, 40 octets. */
#include "http/diagnose.h"
#include "net/checksum.h"
#include "net/frame.h"
#include "tests/lib/chance.h"
#include "tests/lib/seen.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { MEND = 1, LISTEN = 2, SMALL = 4, FRAME_MOST = 1 << 17 };

static void check(bool good)
{
    if (!good)
        abort();
}

/* Reads every octet that is told, so that a sanitizer sees where they lie. */
static volatile unsigned sum;
static void on_event(struct view *v, const struct trace *t, const struct event *e)
{
    (void)v, (void)t;
    for (size_t i = 0; i < e->bytes.n; i++)
        sum += e->bytes.at[i];
    for (size_t i = 0; i < e->n_attrs; i++)
        if (e->attrs[i].text)
            sum += (unsigned)strlen(e->attrs[i].text);
}

static void on_field(struct view *v, const struct trace *t, const struct field *f)
{
    (void)v, (void)t;
    sum += (unsigned)strlen(f->name);
    for (size_t i = 0; i < f->bytes.n; i++)
        sum += f->bytes.at[i];
}

/* ---- checksums ---- */

static void put16(uint8_t *at, unsigned v)
{
    at[0] = (uint8_t)(v >> 8);
    at[1] = (uint8_t)v;
}

static void mend_above(uint8_t *at, size_t n, const struct ip_header *h)
{
    size_t place = h->protocol == IP_TCP ? TCP_CHECKSUM_AT : h->protocol == IP_UDP ? 6 : n;
    if (ip_is_fragment(h) || place + 2 > n)
        return;
    put16(at + place, 0);
    put16(at + place, ip_checksum(&h->source, &h->destination, h->protocol, at, n));
}

static void mend(uint8_t *at, size_t n)
{
    struct wire_in in = wire_over(at, n, NULL), payload;
    struct ip_header h;
    size_t header = n ? (at[0] & 15u) * 4 : 0;
    if (n >= 20 && at[0] >> 4 == 4 && header >= 20 && header <= n) {
        put16(at + 10, 0);
        put16(at + 10, checksum_end(checksum_add(0, at, header)));
    }
    if (ip_read(&in, &h, &payload, NULL))
        mend_above(at + (payload.at - at), wire_left(&payload), &h);
}

/* ---- reading ---- */

struct told { uint64_t connections, finished, verified, sealed, opened, text, causes, faults, http; };

static void take_over(struct reading *r, struct told *told)
{
    struct conversation *c;
    while ((c = reading_over(r)) != NULL) {
        struct diagnosis why[DIAGNOSES_MOST];
        told->connections++;
        told->causes += diagnose(c, reading_facts(r), why, DIAGNOSES_MOST);
        told->text += c->text[0] + c->text[1];
        told->http += c->n_http;
        check(c->flow->id != 0 && c->n_http <= CONVERSATION_HTTP && c->n_icmp <= CONVERSATION_ICMP);
        for (unsigned side = 0; c->tls && side < 2; side++) {
            const struct watch_records *n = &c->tls->records[side];
            check(n->opened <= n->sealed && n->sealed <= n->n);
            check(!c->tls->finished[side].verified || c->tls->finished[side].checked);
            told->finished += c->tls->finished[side].seen;
            told->verified += c->tls->finished[side].verified;
            told->sealed += n->sealed;
            told->opened += n->opened;
        }
        told->faults += c->tls ? c->tls->n_faults : 0;
        reading_give(r, c);
    }
}

static void take_frame(struct reading *r, struct capture_frame *f, unsigned how)
{
    static const uint32_t snap[] = { FRAME_MOST, 100, 60, 40 };
    struct wire_in in, packet;
    struct frame around;
    uint32_t kept = snap[how >> 3 & 3];
    seen_packet();
    if (f->bytes.n > FRAME_MOST)
        return;
    uint8_t *copy = malloc(f->bytes.n ? f->bytes.n : 1);
    check(copy != NULL);
    if (f->bytes.n)
        memcpy(copy, f->bytes.at, f->bytes.n);
    in = wire_over(copy, f->bytes.n, NULL);
    if (how & MEND && frame_read(f->link, &in, &around, &packet, NULL) == FRAME_IP)
        mend(copy + (packet.at - copy), wire_left(&packet));
    f->bytes = (struct bytes){ copy, f->bytes.n < kept ? f->bytes.n : kept };
    reading_frame(r, f);
    free(copy);
}

static struct told read_all(const uint8_t *bytes, size_t n, unsigned how, struct trace *trace)
{
    struct test_chance chance = test_chance(1);
    struct keylog *keylog = keylog_new();
    struct reading_config config = { .trace = trace, .keylog = keylog, .chance = &chance.chance,
                                     .most = how & SMALL ? 1 << 20 : 64 << 20 };
    struct reading *r = reading_new(&config);
    struct capture *c = capture_new();
    struct capture_item item;
    struct told told = { 0 };
    struct bytes in = { bytes, n };
    struct diagnosis why[DIAGNOSES_MOST];
    enum capture_says says;
    check(r && c && keylog);
    while ((says = capture_next(c, &in, &item, NULL)) != CAPTURE_WANTS && says != CAPTURE_FAILED) {
        if (says == CAPTURE_FRAME)
            take_frame(r, &item.frame, how);
        else if (says == CAPTURE_SECRETS)
            keylog_add(keylog, (const char *)item.secrets.at, item.secrets.n, reading_facts(r)->frames, NULL);
        else if (says == CAPTURE_NAME)
            reading_name(r, &item.address, item.name);
        take_over(r, &told);
    }
    reading_end(r);
    take_over(r, &told);
    told.causes += diagnose_capture(reading_facts(r), why, DIAGNOSES_MOST);
    reading_free(r);
    capture_free(c);
    keylog_free(keylog);
    return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n == 0)
        return 0;
    struct told quiet = read_all(bytes + 1, n - 1, bytes[0], NULL);
    if (!(bytes[0] & LISTEN))
        return 0;
    struct view view = { .event = on_event, .field = on_field };
    struct trace *trace = trace_new(0);
    check(trace != NULL);
    trace_attach(trace, &view);
    struct told told = read_all(bytes + 1, n - 1, bytes[0], trace);
    trace_free(trace);
    check(memcmp(&told, &quiet, sizeof told) == 0);
    return 0;
}

#include "tests/lib/tls_tape.h"

#include "tests/lib/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tape *tls_tape_new(void)
{
    struct tape *t = calloc(1, sizeof *t);
    pair_must(t != NULL, "no memory");
    return t;
}

void tls_tape_free(struct tape *t) { free(t); }

static size_t move(struct tape *t, unsigned side, struct pair_side *from, struct pair_side *to)
{
    struct bytes b = ring_peek(&from->out);
    if (!b.n)
        return 0;
    pair_must(t->n_moves < TAPE_MOVES && t->n[side] + b.n <= TAPE_OCTETS, "a longer tape");
    t->moves[t->n_moves].side = side;
    t->moves[t->n_moves].at = t->n[side];
    t->moves[t->n_moves++].n = b.n;
    memcpy(t->octets[side] + t->n[side], b.at, b.n);
    t->n[side] += b.n;
    return pair_wire(from, to, b.n);
}

void tape_pump(struct tape *t, struct tls_pair *p)
{
    for (size_t moved = 1; moved;) {
        pair_run(&p->client);
        moved = move(t, WATCH_CLIENT, &p->client, &p->server);
        pair_run(&p->server);
        moved += move(t, WATCH_SERVER, &p->server, &p->client);
    }
    pair_run(&p->client);
}

void tape_key(struct tape *t, const struct tls_pair *p)
{
    const struct tls *c = p->client.tls;
    char random[2 * TLS_RANDOM + 1], secret[2 * TLS_MASTER_SECRET + 1];
    sodium_bin2hex(random, sizeof random, c->client_random, TLS_RANDOM);
    sodium_bin2hex(secret, sizeof secret, c->master_secret, TLS_MASTER_SECRET);
    t->n_keys += (size_t)snprintf(t->keys + t->n_keys, TAPE_KEYS - t->n_keys, "CLIENT_RANDOM %s %s\n", random, secret);
}

static void send(struct tape *t, struct tls_pair *p, struct pair_side *from, size_t n)
{
    uint8_t data[4096];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7 + n);
    while (n) {
        size_t took = tls_send(from->tls, &from->out, data, n < sizeof data ? n : sizeof data, NULL);
        pair_must(took, "no room, though the wire is empty");
        n -= took;
        tape_pump(t, p);
    }
}

bool tape_pair(struct tape *t, struct tls_pair *p, size_t data)
{
    tape_pump(t, p);
    if (tls_progress(p->client.tls) != TLS_CONNECTED || tls_progress(p->server.tls) != TLS_CONNECTED)
        return false;
    tape_key(t, p);
    send(t, p, &p->client, data);
    send(t, p, &p->server, data);
    tls_close(p->server.tls, &p->server.out);
    tape_pump(t, p);
    tls_close(p->client.tls, &p->client.out);
    tape_pump(t, p);
    return true;
}

uint64_t tape_packet(const struct tape *t, unsigned side, size_t at)
{
    for (size_t i = 0; i < t->n_moves; i++)
        if (t->moves[i].side == side && at >= t->moves[i].at && at < t->moves[i].at + t->moves[i].n)
            return i + 1;
    return 0;
}

unsigned tape_record(const struct tape *t, unsigned side, size_t at, size_t *begin, size_t *end)
{
    const uint8_t *o = t->octets[side];
    unsigned number = 1;
    *begin = 0;
    *end = 5 + (size_t)(o[3] << 8 | o[4]);
    while (at >= *end) {
        *begin = *end;
        *end = *begin + 5 + (size_t)(o[*begin + 3] << 8 | o[*begin + 4]);
        number++;
    }
    return number;
}

struct keylog *tape_keylog(const struct tape *t, uint64_t after_packet)
{
    struct keylog *k = keylog_new();
    struct fault why = { 0 };
    pair_must(k && keylog_add(k, t->keys, t->n_keys, after_packet, &why), "a key log");
    return k;
}

/* What is at hand of a side. */
static void take(struct tape_read *r, const struct tape *t, unsigned side)
{
    while (!r->other[side] && !r->blind[side]) {
        struct watch_record record;
        uint8_t *at = r->octets[side] + r->at[side];
        size_t n = r->has[side] - r->at[side];
        size_t whole = n < 5 ? n : 5 + (size_t)(at[3] << 8 | at[4]);
        size_t last = r->at[side] + (whole < n ? whole : n);
        const struct watch_moment moment = { tape_packet(t, side, r->at[side]),
                                             tape_packet(t, side, last ? last - 1 : 0), PAIR_NOW };
        enum watch_says says = watch_take(r->watch, side, at, n, &moment, &record);
        r->other[side] = says == WATCH_OTHER;
        r->blind[side] = says == WATCH_BLIND;
        if (says != WATCH_RECORD)
            return;
        pair_must(record.used && record.used <= n, "a record of at most what is there");
        if (record.type == TLS_CONTENT_APPLICATION && record.opened) {
            pair_must(record.content.at >= at && record.content.at + record.content.n <= at + record.used,
                      "content within the record");
            memcpy(r->text[side] + r->n_text[side], record.content.at, record.content.n);
            r->n_text[side] += record.content.n;
        }
        r->at[side] += record.used;
        r->records[side]++;
    }
}

void tape_watch(struct tape_read *r, const struct tape *t, const struct watch_config *config, size_t piece)
{
    const struct watch_config none = { 0 };
    memset(r, 0, sizeof *r);
    r->watch = watch_new(config ? config : &none);
    pair_must(r->watch != NULL, "no memory");
    for (size_t i = 0; i < t->n_moves; i++)
        for (size_t done = 0; done < t->moves[i].n;) {
            const unsigned side = t->moves[i].side;
            size_t n = t->moves[i].n - done < piece ? t->moves[i].n - done : piece;
            memcpy(r->octets[side] + r->has[side], t->octets[side] + t->moves[i].at + done, n);
            r->has[side] += n;
            done += n;
            take(r, t, side);
        }
    watch_ended(r->watch, WATCH_CLIENT);
    watch_ended(r->watch, WATCH_SERVER);
}

void tape_read_end(struct tape_read *r) { watch_free(r->watch); }

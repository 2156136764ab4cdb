/* TLS's habits: how messages are cut into records, how long records are, whether the session was taken up again. */
#include "trace/compare_parts.h"

#include <stdio.h>
#include <string.h>

enum { RECORD_HEADER = 5, SHORT = 1024, ENOUGH = 100 };

static const struct compare_mark *first_mark(const struct compare_run *r, const char *step, unsigned side)
{
    for (size_t i = 0; i < r->n_marks; i++)
        if (strcmp(r->marks[i].step, step) == 0 && r->marks[i].side == side)
            return &r->marks[i];
    return NULL;
}

static const char *value_of(const struct compare_run *r, const struct compare_mark *m, const char *id)
{
    for (size_t i = m ? m->first : 0; m && i < m->first + m->n; i++)
        if (strcmp(r->values[i].id, id) == 0)
            return r->values[i].text;
    return NULL;
}

/* RFC 5246 §7.3, figure 2: whoever resumes sends no Certificate, and the server is the first to finish. In TLS 1.3 it
 * says which pre_shared_key it took. */
static void resumed(struct compare_reading *g)
{
    const struct compare_run *r = g->run;
    const struct compare_mark *hello = first_mark(r, "ClientHello", COMPARE_CLIENT),
                              *answer = first_mark(r, "ServerHello", COMPARE_SERVER),
                              *server = first_mark(r, "ChangeCipherSpec", COMPARE_SERVER),
                              *client = first_mark(r, "ChangeCipherSpec", COMPARE_CLIENT);
    if (!answer)
        return;
    const char *offered = value_of(r, answer, "answer.extensions"),
               *ticket = value_of(r, hello, "hello.says:session_ticket");
    bool psk = offered && strstr(offered, "pre_shared_key"), tls13 = offered && strstr(offered, "supported_versions");
    if (psk)
        compare_put(g, "tls.resumed", NULL, "resumed by a pre-shared key");
    else if (!tls13 && server && client && server < client && !first_mark(r, "Certificate", COMPARE_SERVER))
        compare_put(g, "tls.resumed", NULL, ticket && strcmp(ticket, "a ticket") == 0 ? "resumed by a ticket"
                                                                                      : "resumed by its session id");
    else
        compare_put(g, "tls.resumed", NULL, "a full handshake");
}

static bool of_side(const struct compare_reading *g, const struct event *e, unsigned side, struct compare_place *place)
{
    return compare_place_of(g->tape, e, place) && g->stream[side] && place->stream == g->stream[side];
}

/* Messages of the plain handshake that lie in one record: all of them, or each in its own. */
static void packing(struct compare_reading *g, const char *id, unsigned side)
{
    unsigned together = 0, apart = 0;
    uint64_t record = 0, last = 0;                    /* offsets in the stream, and 1: both ends tell the same */
    for (event_no i = 1; i <= tape_events(g->tape); i++) {
        const struct event *e = tape_event(g->tape, i);
        struct compare_place place;
        if (!e || e->kind != EVENT_MESSAGE || strcmp(e->layer, "tls") != 0 || !of_side(g, e, side, &place) ||
            place.sealed || buf_letter(e->spans[0].in) != 'r' || place.off < last)
            continue;
        uint64_t lies_in = place.off - e->spans[0].off + 1;
        together += record == lies_in;
        apart += record && record != lies_in;
        record = lies_in;
        last = place.off + 1;
    }
    if (together || apart)
        compare_put(g, id, NULL, together && apart ? "some share a record" : together ? "all in one record"
                                                                                     : "a record each");
}

/* A record that nobody opened: sealed, and nothing lies on it. */
static bool is_closed(struct tape *t, const struct event *e)
{
    for (uint32_t i = 1; i <= tape_count(t, 'o'); i++) {
        const struct event *o = tape_buffer(t, tape_buf('o', i));
        if (o && o->n_spans && o->spans[0].in == e->buf)
            return false;
    }
    return true;
}

struct told { uint64_t n, octets, longest, plain_longest, plain; };

static void count(struct compare_reading *g, unsigned side, struct told *d)
{
    uint64_t end = 0;
    for (event_no i = 1; i <= tape_events(g->tape); i++) {
        const struct event *e = tape_event(g->tape, i);
        struct compare_place place;
        bool opened = e && e->kind == EVENT_BUFFER && buf_letter(e->buf) == 'o' &&
                      strcmp(e->name, "application_data") == 0;
        if (opened && of_side(g, e, side, &place) && e->bytes.n > d->plain_longest)
            d->plain_longest = e->bytes.n;
        if (!e || e->kind != EVENT_RECORD || strcmp(e->name, "application_data") != 0 || !of_side(g, e, side, &place) ||
            place.off < end)
            continue;
        end = place.off + e->bytes.n;
        uint64_t n = e->bytes.n > RECORD_HEADER ? e->bytes.n - RECORD_HEADER : 0;
        d->n++;
        d->octets += n;
        d->longest = n > d->longest ? n : d->longest;
        if (!g->run->blind && d->n < ENOUGH && strcmp(event_text(e, "way"), "read") == 0)
            g->run->blind = is_closed(g->tape, e);
    }
}

/* In the middle of a connection there is no hello, and yet there are records. */
static bool stream_has_records(struct compare_reading *g, unsigned side)
{
    for (event_no i = 1; i <= tape_events(g->tape); i++) {
        const struct event *e = tape_event(g->tape, i);
        struct compare_place place;
        if (e && e->kind == EVENT_RECORD && of_side(g, e, side, &place))
            return true;
    }
    return false;
}

void compare_records(struct compare_reading *g)
{
    static const char *const ids[2][4] = {
        { "client.packing", "client.record_longest", "client.sealed_longest", "client.sealed_octets" },
        { "server.packing", "server.record_longest", "server.sealed_longest", "server.sealed_octets" },
    };
    struct told told[2] = { { 0 }, { 0 } };
    bool tls = false;
    for (size_t i = 0; i < g->run->n_marks; i++)
        tls |= strcmp(g->run->marks[i].step, "ClientHello") == 0;
    for (unsigned side = 0; side < 2 && !tls; side++)
        tls = stream_has_records(g, side);
    if (g->stream[0])
        compare_put(g, "tls.spoken", NULL, tls ? "TLS" : "no TLS");
    resumed(g);
    for (unsigned side = 0; side < 2; side++) {
        packing(g, ids[side][0], side);
        count(g, side, &told[side]);
    }
    for (unsigned side = 0; side < 2; side++) {
        if (told[side].plain_longest)                 /* how short ones are cut is chance */
            compare_put_number(g, ids[side][1], told[side].plain_longest > SHORT ? told[side].plain_longest : SHORT);
        if (told[side].n) {
            compare_put_number(g, ids[side][2], told[side].longest);
            compare_put_number(g, ids[side][3], told[side].octets);
        }
    }
}

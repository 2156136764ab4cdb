#include "trace/quiz.h"

#include "trace/joiner.h"
#include "trace/show.h"
#include "trace/who.h"

#include <stdio.h>
#include <string.h>

enum { STANDS = 16, POOL = 64 };

/* Where a host stands in one machine: in a state for each connection. */
struct stand { int states[STANDS]; unsigned n; };

static bool has(const struct stand *s, int state)
{
    for (unsigned i = 0; i < s->n; i++)
        if (s->states[i] == state)
            return true;
    return false;
}

static void add(struct stand *s, int state)
{
    if (state >= 0 && s->n < STANDS && !has(s, state))
        s->states[s->n++] = state;
}

static bool is_later(const struct tape *t, const struct event *e, event_no before)
{
    for (event_no n = e->n + 1; n < before; n++) {
        const struct event *later = tape_event(t, n);
        if (later->kind == EVENT_STATE && later->host == e->host && later->conn == e->conn &&
            strcmp(event_text(later, "machine"), event_text(e, "machine")) == 0)
            return true;
    }
    return false;
}

/* The last state of each of its connections; a host of which nothing was told stands where the machine begins. */
static struct stand stand_of(const struct tape *t, const struct machine *m, uint16_t host, event_no before)
{
    struct stand s = { .n = 0 };
    for (event_no n = 1; n < before; n++) {
        const struct event *e = tape_event(t, n);
        if (e->kind == EVENT_STATE && e->host == host && strcmp(event_text(e, "machine"), m->name) == 0 &&
            !is_later(t, e, before))
            add(&s, machine_named(m, event_text(e, "to")));
    }
    if (!s.n)
        add(&s, 0);
    return s;
}

/* Where it came to last. */
static int last_state(const struct tape *t, const struct machine *m, uint16_t host, event_no before)
{
    for (event_no n = before - 1; n; n--) {
        const struct event *e = tape_event(t, n);
        if (e->kind == EVENT_STATE && e->host == host && strcmp(event_text(e, "machine"), m->name) == 0)
            return machine_named(m, event_text(e, "to"));
    }
    return 0;
}

/* ---- TCP: what a state allows ---- */

static bool state_says(const struct quiz_rules *r, const char *state, const char *what)
{
    for (const struct quiz_saying *s = r->sayings; s->state; s++)
        if (strcmp(s->state, state) == 0 && strcmp(s->says, what) == 0)
            return true;
    return false;
}

static bool stand_says(const struct quiz_rules *r, const struct stand *s, const char *what)
{
    for (unsigned i = 0; i < s->n; i++)
        if (state_says(r, r->tcp->states[s->states[i]].name, what))
            return true;
    return false;
}

static bool is_tcp_word(const struct quiz_rules *r, const char *what)
{
    for (const struct quiz_saying *s = r->sayings; s->state; s++)
        if (strcmp(s->says, what) == 0)
            return true;
    return false;
}

/* ---- messages: what the reader's table has a row for ---- */

static const struct machine *machine_of(const struct quiz_rules *r, uint16_t host)
{
    return host == r->client_host ? r->client : host == r->server_host ? r->server : NULL;
}

static uint16_t peer_of(const struct quiz_rules *r, uint16_t host)
{
    return host == r->client_host ? r->server_host : r->client_host;
}

static const struct machine_row *row_for(const struct machine *m, int state, const char *trigger)
{
    for (const struct machine_row *row = NULL; state >= 0 && (row = machine_next(m, (unsigned)state, row));)
        if (strcmp(row->trigger, trigger) == 0)
            return row;
    return NULL;
}

static bool knows(const struct machine *m, const char *trigger)
{
    for (unsigned i = 0; i < m->n_rows; i++)
        if (strcmp(m->rows[i].trigger, trigger) == 0)
            return true;
    return false;
}

/* Has the host told of it: a message by its name, a record by its label? */
static bool has_told(const struct tape *t, uint16_t host, const char *what, event_no before)
{
    for (event_no n = 1; n < before; n++) {
        const struct event *e = tape_event(t, n);
        if (e->host == host && event_declares(e) && e->kind != EVENT_PACKET &&
            ((e->name && strcmp(e->name, what) == 0) || (e->label && strncmp(e->label, what, strlen(what)) == 0)))
            return true;
    }
    return false;
}

/* Where the reader may stand when all that the writer has told so far is read: it may be under way. The first row of
 * a machine is taken by itself. */
static struct stand reader_stand(const struct tape *t, const struct quiz_rules *r, uint16_t writer, event_no before)
{
    uint16_t reader = peer_of(r, writer);
    const struct machine *m = machine_of(r, reader);
    struct stand s = stand_of(t, m, reader, before);
    for (unsigned i = 0; i < s.n; i++)
        for (const struct machine_row *row = NULL; (row = machine_next(m, (unsigned)s.states[i], row));)
            if (row->from == 0 || has_told(t, writer, row->trigger, before))
                add(&s, (int)row->to);
    return s;
}

static bool stand_reads(const struct machine *m, const struct stand *s, const char *what)
{
    for (unsigned i = 0; i < s->n; i++)
        if (row_for(m, s->states[i], what))
            return true;
    return false;
}

bool quiz_legal(struct tape *t, const struct quiz_rules *r, event_no n, uint16_t host, const char *what)
{
    struct stand tcp = stand_of(t, r->tcp, host, n);
    if (is_tcp_word(r, what))
        return stand_says(r, &tcp, what);
    if (!machine_of(r, host))
        return true;                                  /* a third one: nobody here can say what it may not */
    struct stand reader = reader_stand(t, r, host, n);
    const struct machine *m = machine_of(r, peer_of(r, host));
    if (!stand_says(r, &tcp, "data"))
        return false;
    if (!knows(m, what))
        return !knows(machine_of(r, host), what);
    return stand_reads(m, &reader, what) || has_told(t, host, what, n);     /* told: it may have to go again */
}

/* ---- wrong answers ---- */

struct pool { struct quiz_answer at[POOL]; unsigned n; };

static void offer(struct pool *p, struct tape *t, const struct quiz_rules *r, event_no n, struct quiz_answer a,
                  const char *what)
{
    snprintf(a.what, sizeof a.what, "%s", what);
    for (unsigned i = 0; i < p->n; i++)
        if (p->at[i].host == a.host && strcmp(p->at[i].what, a.what) == 0)
            return;
    if (p->n < POOL && !quiz_legal(t, r, n, a.host, what))
        p->at[p->n++] = a;
}

static bool are_neighbours(const struct machine_row *row, int state)
{
    return (int)row->from == state || (int)row->to == state;
}

/* What would be sent one row further on, or was one row ago. A SYN is left out: whoever wants may open a second
 * connection. */
static void offer_tcp(struct pool *p, struct tape *t, const struct quiz_rules *r, event_no n, uint16_t host)
{
    int state = last_state(t, r->tcp, host, n);
    for (unsigned k = 0; state >= 0 && k < r->tcp->n_rows; k++) {
        const struct machine_row *row = &r->tcp->rows[k];
        unsigned other = (int)row->from == state ? row->to : row->from;
        if (!are_neighbours(row, state))
            continue;
        for (const struct quiz_saying *say = r->sayings; say->state; say++)
            if (strcmp(say->state, r->tcp->states[other].name) == 0 && strcmp(say->says, "SYN") != 0)
                offer(p, t, r, n, (struct quiz_answer){ .host = host, .judge = host, .machine = r->tcp->name,
                      .state = r->tcp->states[state].name, .rfc = row->rfc }, say->says);
    }
}

/* What the reader would read one or two rows further on. */
static void offer_too_early(struct pool *p, struct tape *t, const struct quiz_rules *r, event_no n, uint16_t host)
{
    uint16_t reader = peer_of(r, host);
    const struct machine *m = machine_of(r, reader);
    struct stand s = reader_stand(t, r, host, n);
    int now = last_state(t, m, reader, n);
    for (unsigned i = 0; now >= 0 && i < s.n; i++)
        for (const struct machine_row *row = NULL; (row = machine_next(m, (unsigned)s.states[i], row));)
            for (const struct machine_row *next = NULL; (next = machine_next(m, row->to, next));)
                if (!has_told(t, host, next->trigger, n))
                    offer(p, t, r, n, (struct quiz_answer){ .host = host, .judge = reader, .machine = m->name,
                          .state = m->states[now].name, .rfc = next->rfc }, next->trigger);
}

/* What this host waits for, said by itself; `near`: only what it waits for next, or waited for last. */
static void offer_wrong_speaker(struct pool *p, struct tape *t, const struct quiz_rules *r, event_no n, uint16_t host,
                                bool near)
{
    const struct machine *own = machine_of(r, host), *m = machine_of(r, peer_of(r, host));
    int state = last_state(t, own, host, n);
    for (unsigned k = 0; state >= 0 && k < own->n_rows; k++) {
        const struct machine_row *row = &own->rows[k];
        if ((!near || are_neighbours(row, state)) && row->from != 0 && !knows(m, row->trigger))
            offer(p, t, r, n, (struct quiz_answer){ .host = host, .judge = host, .machine = own->name,
                  .state = own->states[state].name, .rfc = row->rfc }, row->trigger);
    }
}

/* ---- the question ---- */

/* The first thing that lies in it, without its parts' numbers; else what kind of packet it is. */
static void first_words(struct tape *t, const struct event *packet, char *out, size_t room)
{
    struct joiner *j = joiner_new();
    for (event_no n = 1; j && n < packet->n; n++)
        joiner_event(j, tape_event(t, n));
    struct joined joined = { .words = "" };
    if (j)
        joined = joiner_of(j, packet, 0);
    joiner_free(j);
    size_t n = strcspn(joined.words, ",(");
    while (n && joined.words[n - 1] == ' ')
        n--;
    if (n)
        show_text(joined.words, n, out, room);
    else
        show_string(packet->name, out, room);
}

/* Of the right answer the machine that allowed it: the reader's row, or the sender's TCP. */
static void reason(struct tape *t, const struct quiz_rules *r, const struct event *packet, struct quiz_answer *a)
{
    const struct machine *m = machine_of(r, a->host) ? machine_of(r, peer_of(r, a->host)) : NULL;
    struct stand reader = m ? reader_stand(t, r, a->host, packet->n) : (struct stand){ .n = 0 };
    a->rfc = packet->rfc;
    for (unsigned i = 0; i < reader.n; i++) {
        const struct machine_row *row = row_for(m, reader.states[i], a->what);
        if (!row)
            continue;
        *a = (struct quiz_answer){ .host = a->host, .right = true, .judge = peer_of(r, a->host), .machine = m->name,
                                   .state = m->states[row->from].name, .rfc = row->rfc };
        snprintf(a->what, sizeof a->what, "%s", row->trigger);
        return;
    }
    const char *state = event_text(packet, "state");
    if (machine_named(r->tcp, state) >= 0) {
        a->judge = a->host;
        a->machine = r->tcp->name;
        a->state = r->tcp->states[machine_named(r->tcp, state)].name;
    }
}

/* splitmix64: what the seed makes of a number. */
static uint64_t mixed(uint64_t v)
{
    v += UINT64_C(0x9e3779b97f4a7c15);
    v = (v ^ (v >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    v = (v ^ (v >> 27)) * UINT64_C(0x94d049bb133111eb);
    return v ^ (v >> 31);
}

/* One of the pool that is not taken yet: of the right one's kind (what TCP says, or what is said in messages) where
 * there is any, of its speaker or of the other. */
static int draw(const struct pool *p, const struct quiz_rules *r, const struct quiz_answer *right, bool same_host,
                int taken, uint64_t luck)
{
    for (int strict = right->machine ? 2 : 0; strict >= 0; strict--) {
        int fit[POOL], n = 0;
        for (int i = 0; i < (int)p->n; i++) {
            const struct quiz_answer *a = &p->at[i];
            bool same_answer = a->host == right->host && strcmp(a->what, right->what) == 0;
            if (i != taken && !same_answer &&
                (strict < 1 || is_tcp_word(r, a->what) == is_tcp_word(r, right->what)) &&
                (strict < 2 || (a->host == right->host) == same_host))
                fit[n++] = i;
        }
        if (n)
            return fit[luck % (unsigned)n];
    }
    return -1;
}

static struct pool pool_for(struct tape *t, const struct quiz_rules *r, event_no n, bool messages)
{
    const uint16_t hosts[] = { r->client_host, r->server_host };
    struct pool pool = { .n = 0 };
    for (int near = 1; near >= 0 && (near || (messages && pool.n < 4)); near--)
        for (unsigned i = 0; i < 2; i++) {
            offer_too_early(&pool, t, r, n, hosts[i]);
            offer_wrong_speaker(&pool, t, r, n, hosts[i], near);
        }
    for (unsigned i = 0; i < 2; i++)
        offer_tcp(&pool, t, r, n, hosts[i]);
    return pool;
}

struct quiz_rules quiz_rules_for(const struct tape *t, const struct quiz_rules *r, const struct event *packet)
{
    struct quiz_rules own = *r;
    uint16_t other = packet->host == r->client_host ? who_is(tape_trace(t), event_text(packet, "to")) : packet->host;
    for (event_no n = 1; other && other != r->client_host && n < packet->n; n++) {
        const struct event *e = tape_event(t, n);
        if (e->kind == EVENT_STATE && e->host == other && strcmp(event_text(e, "machine"), r->tcp->name) == 0)
            own.server_host = other;
    }
    return own;
}

bool quiz_make(struct tape *t, const struct quiz_rules *rules, buf_no b, struct quiz *q)
{
    const struct event *packet = tape_buffer(t, b);
    if (!packet || packet->kind != EVENT_PACKET)
        return false;
    const struct quiz_rules own = quiz_rules_for(t, rules, packet), *r = &own;
    struct quiz_answer right = { .host = packet->host, .right = true };
    first_words(t, packet, right.what, sizeof right.what);
    reason(t, r, packet, &right);
    struct pool pool = pool_for(t, r, packet->n, !is_tcp_word(r, right.what));
    uint64_t luck = mixed(r->seed ^ mixed(buf_count(b)));
    int first = draw(&pool, r, &right, true, -1, luck & 0xffff);
    int second = first < 0 ? -1 : draw(&pool, r, &right, false, first, luck >> 16 & 0xffff);
    if (second < 0)
        return false;
    *q = (struct quiz){ .packet = b, .right = (unsigned)(luck >> 32 & 0xffff) % QUIZ_ANSWERS };
    unsigned other = (q->right + 1 + (unsigned)(luck >> 48 & 1)) % QUIZ_ANSWERS;
    q->answers[q->right] = right;
    q->answers[other] = pool.at[first];
    q->answers[QUIZ_ANSWERS - q->right - other] = pool.at[second];
    return true;
}

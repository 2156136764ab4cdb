/* The machine (RFC 5246 §7.3), tried by cases that come out of its own tables: whatever has no row in either role is
 * sent, in each state of each kind of handshake, sealed where the state is; every part of a good handshake is played;
 * every length that the cursor names is wrong; every type of record comes empty. New rows, messages and extensions are
 * tried by themselves; a new state needs a kind of handshake in tests/lib/tls_between.c that leads through it. */
#include "tests/lib/check.h"
#include "tests/lib/tls_between.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTHS = 1200 };
static const char *const roles[] = { "client", "server" };

static struct between_script scripts[16];

static void listen_to_all(void)
{
    pair_must(between_n_kinds <= sizeof scripts / sizeof *scripts, "more kinds than there is room for");
    for (size_t k = 0; k < between_n_kinds; k++)
        between_listen(&between_kinds[k], NULL, &scripts[k]);
}

static void forget_all(void)
{
    for (size_t k = 0; k < between_n_kinds; k++)
        between_forget(&scripts[k]);
}

static size_t heard_n(size_t kind, bool server)
{
    size_t n = 0;
    while (between_heard(&scripts[kind], server, n))
        n++;
    return n;
}

/* The tried end has refused for this reason, told it with this alert (which its peer understood), and nothing of what
 * it has shall make it go on. */
static void refused(struct between *b, const char *ground, int alert, const char *what)
{
    const struct fault *f = &b->tried->fault, *theirs = &b->honest->fault;
    const char *words = tls_alert_words((unsigned)alert);
    pair_must(b->tried->says == TLS_FAILED && f->ground, "%s: taken, now in %s", what,
              tls_state_words(between_state(b)));
    pair_must(strcmp(f->ground->id, ground) == 0, "%s: refused for %s", what, f->ground->id);
    pair_must(f->expected[0] && f->came[0] && f->ground->rfc[0], "%s: a fault without words", what);
    pair_must(b->alert == alert && b->alert_level == TLS_FATAL, "%s: alert %d, level %d", what, b->alert,
              b->alert_level);
    pair_must(f->answer && strcmp(f->answer, tls_alert_answer(alert)) == 0, "%s: another answer is told", what);
    pair_must(b->honest->says == TLS_FAILED && theirs->ground && strcmp(theirs->about, words) == 0,
              "%s: the peer did not understand: %s %s", what, theirs->ground ? theirs->ground->id : "no fault",
              theirs->about);
    ck_assert_int_eq(tls_receive(b->tried->tls, &b->tried->in, &b->tried->out, PAIR_NOW, NULL), TLS_FAILED);
}

/* Some good message of that type, from any kind of handshake and either role; else one with an empty body. */
static struct between_message sample(unsigned type, uint8_t room[TLS_MESSAGE_HEADER])
{
    for (size_t k = 0; k < between_n_kinds; k++)
        for (size_t i = 0; i < scripts[k].n; i++)
            if (scripts[k].messages[i].type == type)
                return scripts[k].messages[i];
    if (type == TLS_APPLICATION_DATA)
        return (struct between_message){ false, type, memcpy(room, "data", 4), 4 };
    memset(room, 0, TLS_MESSAGE_HEADER);
    room[0] = (uint8_t)type;
    return (struct between_message){ false, type, room, TLS_MESSAGE_HEADER };
}

static void try_message(size_t kind, bool server, size_t at, unsigned type)
{
    static struct between b;
    uint8_t room[TLS_MESSAGE_HEADER];
    char what[160];
    struct between_message m = sample(type, room);
    between_start(&b, &between_kinds[kind], server);
    between_play(&b, &scripts[kind], at);
    snprintf(what, sizeof what, "%s, %s: %s (%u) in %s", between_kinds[kind].name, roles[server],
             tls_message_words(type) ? tls_message_words(type) : "message", type, tls_state_words(between_state(&b)));
    between_give(&b, &m);
    refused(&b, "tls.unexpected_message", TLS_ALERT_UNEXPECTED_MESSAGE, what);
    between_end(&b);
}

/* The state that a role is in once it has heard so many messages. */
static enum tls_state state_at(size_t kind, bool server, size_t at)
{
    static struct between b;
    between_start(&b, &between_kinds[kind], server);
    between_play(&b, &scripts[kind], at);
    enum tls_state state = between_state(&b);
    pair_must(b.tried->says != TLS_FAILED, "%s, %s: refused in the good handshake", between_kinds[kind].name,
              roles[server]);
    between_end(&b);
    return state;
}

/* Handshake types that have a name, some that have none, ChangeCipherSpec (CVE-2014-0224) and data. */
static size_t all_types(unsigned types[300])
{
    size_t n = 0;
    for (unsigned type = 0; type < 256; type++)
        if (tls_message_words(type) || type == 3 || type == 99 || type == 255)
            types[n++] = type;
    types[n++] = TLS_CHANGE_CIPHER_SPEC;
    types[n++] = TLS_APPLICATION_DATA;
    return n;
}

static void no_row(bool server)
{
    unsigned types[300];
    bool seen[TLS_STATES] = { false };
    const struct tls_row *rows = server ? tls_server_rows : tls_client_rows;
    size_t n = all_types(types), n_rows = server ? tls_n_server_rows : tls_n_client_rows, tried = 0;
    listen_to_all();
    for (size_t k = 0; k < between_n_kinds; k++)
        for (size_t at = 0; at <= heard_n(k, server); at++) {
            enum tls_state state = state_at(k, server, at);
            seen[state] = true;
            for (size_t i = 0; i < n; i++)
                if (!tls_find_row(server, state, types[i])) {
                    try_message(k, server, at, types[i]);
                    tried++;
                }
        }
    for (size_t i = 0; i < n_rows; i++)
        pair_must(rows[i].in == AT_START || rows[i].in == WAIT_SERVER_HELLO_DONE || seen[rows[i].in], "no kind of handshake leads the %s through %s",
                  roles[server], tls_state_words(rows[i].in));
    ck_assert_uint_gt(tried, 100);
    forget_all();
}

START_TEST(what_has_no_row_to_a_client) { no_row(false); } END_TEST
START_TEST(what_has_no_row_to_a_server) { no_row(true); } END_TEST

/* One part of a good handshake: which of the messages to that role it has, in order. */
struct part { size_t kind; bool server, forge; size_t path[BETWEEN_MESSAGES], n; };

static const struct between_message *part_message(const struct part *p, size_t i)
{
    return between_heard(&scripts[p->kind], p->server, p->path[i]);
}

static void play_part(struct between *b, const struct part *p)
{
    uint8_t finished[TLS_MESSAGE_HEADER + TLS_VERIFY_DATA];
    between_start(b, &between_kinds[p->kind], p->server);
    for (size_t i = 0; i < p->n; i++) {
        const struct between_message *m = part_message(p, i);
        if (p->forge && m->type == TLS_FINISHED && between_forge_finished(b, finished))
            between_give(b, &(struct between_message){ m->to_server, TLS_FINISHED, finished, sizeof finished });
        else
            between_give(b, m);
    }
}

/* What a sender may leave out: without it the handshake is another good one, if Finished says so too. */
static bool may_be_missing(unsigned type)
{
    return type == TLS_CERTIFICATE_REQUEST || type == TLS_CERTIFICATE_STATUS;
}

static bool is_good(const struct part *p)
{
    size_t all = heard_n(p->kind, p->server), have = 0;
    for (size_t i = 0; i < all; i++)
        if (have < p->n && p->path[have] == i)
            have++;
        else if (!p->forge || !may_be_missing(between_heard(&scripts[p->kind], p->server, i)->type))
            return false;
    return true;
}

static void describe_part(const struct part *p, char *out, size_t room)
{
    size_t at = (size_t)snprintf(out, room, "%s, %s%s:", between_kinds[p->kind].name, roles[p->server],
                                 p->forge ? ", Finished forged" : "");
    for (size_t i = 0; i < p->n && at < room; i++)
        at += (size_t)snprintf(out + at, room - at, " %s", tls_message_words(part_message(p, i)->type));
}

/* Tries this part and, as long as the engine has not refused, all that are longer. */
static void try_parts(struct part *p, unsigned *tried)
{
    static struct between b;
    char what[512];
    play_part(&b, p);
    bool alive = b.tried->says != TLS_FAILED, connected = between_state(&b) == CONNECTED && alive;
    describe_part(p, what, sizeof what);
    pair_must(!connected || is_good(p), "%s leads to CONNECTED", what);
    pair_must(alive || b.alert >= 0, "%s: refused without an alert", what);
    between_end(&b);
    ++*tried;
    size_t all = heard_n(p->kind, p->server), from = p->n ? p->path[p->n - 1] + 1 : 0;
    for (size_t next = from; alive && next < all; next++) {
        p->path[p->n++] = next;
        try_parts(p, tried);
        p->n--;
    }
}

START_TEST(parts_of_a_good_handshake)
{
    unsigned tried = 0;
    listen_to_all();
    for (size_t k = 0; k < between_n_kinds; k++)
        for (unsigned i = 0; i < 4; i++)
            try_parts(&(struct part){ .kind = k, .server = i & 1, .forge = i & 2 }, &tried);
    ck_assert_uint_gt(tried, 100);
    forget_all();
}
END_TEST

/* A view that keeps where the cursor found lengths: of which message, and of the certificates that lie on one. */
struct lengths {
    struct view view;
    struct { buf_no buf; uint32_t at, size; } found[LENGTHS]; size_t n;
    struct { buf_no buf, on; uint64_t off; } lying[64]; size_t n_lying;
    struct { buf_no buf; struct bytes bytes; } messages[64]; size_t n_messages;
};

static void on_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct lengths *l = (struct lengths *)v;
    (void)t;
    if (e->kind == EVENT_MESSAGE && l->n_messages < 64) {
        uint8_t *copy = malloc(e->bytes.n);
        memcpy(copy, e->bytes.at, e->bytes.n);
        l->messages[l->n_messages].buf = e->buf;
        l->messages[l->n_messages++].bytes = (struct bytes){ copy, e->bytes.n };
    }
    if (e->kind == EVENT_BUFFER && e->n_spans == 1 && buf_letter(e->spans[0].in) == 'm' && l->n_lying < 64) {
        l->lying[l->n_lying].buf = e->buf;
        l->lying[l->n_lying].on = e->spans[0].in;
        l->lying[l->n_lying++].off = e->spans[0].off;
    }
}

static void on_field(struct view *v, const struct trace *t, const struct field *f)
{
    struct lengths *l = (struct lengths *)v;
    buf_no buf = f->buf;
    uint64_t off = f->off;
    (void)t;
    for (size_t i = 0; i < l->n_lying; i++)
        if (l->lying[i].buf == buf) {
            buf = l->lying[i].on;
            off += l->lying[i].off;
            break;
        }
    if (strcmp(f->name, "length") != 0 || f->type != FIELD_NUMBER || buf_letter(buf) != 'm' || l->n == LENGTHS)
        return;
    for (size_t i = 0; i < l->n; i++)
        if (l->found[i].buf == buf && l->found[i].at == off)
            return;
    l->found[l->n].buf = buf;
    l->found[l->n].at = (uint32_t)off;
    l->found[l->n++].size = f->len;
}

static buf_no told_as(const struct lengths *l, const struct between_message *m)
{
    for (size_t i = 0; i < l->n_messages; i++)
        if (l->messages[i].bytes.n == m->n && memcmp(l->messages[i].bytes.at, m->bytes, m->n) == 0)
            return l->messages[i].buf;
    return 0;
}

/* One length of one message wrong, the rest of the handshake as it was. */
static void try_length(size_t kind, bool server, size_t at, uint32_t off, uint32_t size, uint32_t value)
{
    static struct between b;
    static uint8_t copy[1 << 16];
    char what[160];
    const struct between_message *m = between_heard(&scripts[kind], server, at);
    snprintf(what, sizeof what, "%s, %s: %s, length at %u made %u", between_kinds[kind].name, roles[server],
             tls_message_words(m->type), off, value);
    memcpy(copy, m->bytes, m->n);
    for (uint32_t i = 0; i < size; i++)
        copy[off + i] = (uint8_t)(value >> 8 * (size - 1 - i));
    between_start(&b, &between_kinds[kind], server);
    between_play(&b, &scripts[kind], at);
    between_give(&b, &(struct between_message){ m->to_server, m->type, copy, m->n });
    pair_must(off == 1 || b.tried->says == TLS_FAILED, "%s: taken, now in %s", what, tls_state_words(between_state(&b)));
    for (size_t next = at + 1; b.tried->says != TLS_FAILED && between_heard(&scripts[kind], server, next); next++)
        between_give(&b, between_heard(&scripts[kind], server, next));
    pair_must(between_state(&b) != CONNECTED, "%s: CONNECTED", what);
    pair_must(b.tried->says != TLS_FAILED || b.alert >= 0, "%s: refused without an alert", what);
    between_end(&b);
}

static void try_lengths(size_t kind, bool server, size_t at, const struct lengths *l)
{
    const struct between_message *m = between_heard(&scripts[kind], server, at);
    buf_no buf = told_as(l, m);
    pair_must(buf || m->type == TLS_CHANGE_CIPHER_SPEC, "%s was not told", tls_message_words(m->type));
    for (size_t i = 0; i < l->n; i++) {
        uint32_t is = 0, off = l->found[i].at, size = l->found[i].size, most = (uint32_t)((UINT64_C(1) << 8 * size) - 1);
        if (l->found[i].buf != buf)
            continue;
        for (uint32_t k = 0; k < size; k++)
            is = is << 8 | m->bytes[off + k];
        const uint32_t wrong[] = { is + 1, is - 1, 0, most };
        for (size_t k = 0; k < 4; k++)
            if ((wrong[k] & most) != is && (k < 2 || (wrong[k] & most) != (wrong[k - 1] & most)))
                try_length(kind, server, at, off, size, wrong[k] & most);
    }
}

/* CVE-2014-0160 and its kin. */
START_TEST(every_length_wrong)
{
    listen_to_all();
    for (size_t k = 0; k < between_n_kinds; k++) {
        static struct lengths l;
        struct between_script told;
        struct trace *trace = trace_new(0);
        l = (struct lengths){ .view = { .event = on_event, .field = on_field } };
        trace_attach(trace, &l.view);
        between_listen(&between_kinds[k], trace, &told);
        ck_assert_uint_gt(l.n, 20);
        ck_assert_uint_lt(l.n, LENGTHS);
        for (int server = 0; server < 2; server++)
            for (size_t at = 0; at < heard_n(k, server); at++)
                try_lengths(k, server, at, &l);
        for (size_t i = 0; i < l.n_messages; i++)
            free((void *)(uintptr_t)l.messages[i].bytes.at);
        between_forget(&told);
        trace_free(trace);
    }
    forget_all();
}
END_TEST

/* An empty record of each type where a message is awaited, and where one has come in half. */
static void try_empty(size_t kind, bool server, size_t at, unsigned type, bool half)
{
    static struct between b;
    char what[160];
    const struct between_message *m = between_heard(&scripts[kind], server, at);
    between_start(&b, &between_kinds[kind], server);
    between_play(&b, &scripts[kind], at);
    if (half)
        between_record(&b, TLS_CONTENT_HANDSHAKE, m->bytes, m->n / 2);
    snprintf(what, sizeof what, "%s, %s: an empty record of type %u in %s%s", between_kinds[kind].name, roles[server],
             type, tls_state_words(between_state(&b)), half ? ", in a message" : "");
    pair_must(b.tried->says == TLS_WANTS, "%s: refused before", what);
    between_record(&b, type, "", 0);
    if (type == TLS_CONTENT_APPLICATION && between_state(&b) == CONNECTED) {
        for (unsigned i = 0; i < EMPTY_MAX; i++) {
            pair_must(b.tried->says == TLS_WANTS, "%s: one is allowed", what);
            between_record(&b, type, "", 0);
        }
        refused(&b, "tls.too_many_empty", TLS_ALERT_UNEXPECTED_MESSAGE, what);
    }
    pair_must(b.tried->says == TLS_FAILED && b.tried->fault.ground && b.alert >= 0, "%s: taken", what);
    between_end(&b);
}

/* CVE-2016-6309, CVE-2016-8610 and their kin. */
START_TEST(every_record_empty)
{
    static const unsigned types[] = { 0, 20, 21, 22, 23, 24, 255 };
    listen_to_all();
    for (size_t k = 0; k < between_n_kinds; k++)
        for (int server = 0; server < 2; server++)
            for (size_t at = 0; at <= heard_n(k, server); at++)
                for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
                    const struct between_message *m = between_heard(&scripts[k], server, at);
                    try_empty(k, server, at, types[i], false);
                    if (m && m->type < TLS_BEGIN && m->n > 1)
                        try_empty(k, server, at, types[i], true);
                }
    forget_all();
}
END_TEST

int main(void)
{
    return check_run("tls_machine", (const TTest *[]){
        what_has_no_row_to_a_client, what_has_no_row_to_a_server, parts_of_a_good_handshake, every_length_wrong,
        every_record_empty, NULL });
}

/* Sessions resumed: by id and by ticket, at both ends; each cell of the two tables; what must not be resumed; the
 * store and the keys of tickets. */
#include "tests/lib/check.h"
#include "tests/lib/tls_peer.h"
#include "tls/handlers.h"

#include <sodium.h>
#include <string.h>

/* One server and one client, over several connections. */
struct twice {
    struct tls_pair p;
    struct tls_sessions *sessions;
    struct tls_tickets tickets;
    struct test_chance chance;
    struct tls_resumable session;
};

static void begin(struct twice *w, bool by_ticket)
{
    memset(w, 0, sizeof *w);
    w->chance = test_chance(7);
    w->sessions = tls_sessions_new(4, TLS_SESSION_LIFETIME);
    tls_tickets_start(&w->tickets, &w->chance.chance, TLS_SESSION_LIFETIME);
    pair_configure(&w->p, &(struct pair_wish){ 0 });
    w->p.server.config.sessions = w->sessions;
    w->p.server.config.tickets = by_ticket ? &w->tickets : NULL;
    w->p.client.config.session = &w->session;
}

/* A connection more, by the configs as they are now. */
static void again(struct twice *w, nsec now)
{
    struct pair_side *const sides[] = { &w->p.client, &w->p.server };
    for (size_t i = 0; i < 2; i++) {
        tls_free(sides[i]->tls);
        ring_consume(&sides[i]->in, ring_peek(&sides[i]->in).n);
        ring_consume(&sides[i]->out, ring_peek(&sides[i]->out).n);
        sides[i]->fault = (struct fault){ 0 };
        sides[i]->says = TLS_WANTS;
        sides[i]->got_n = 0;
        sides[i]->now = now;
        sides[i]->tls = tls_new(&sides[i]->config, now, NULL);
        ck_assert_ptr_nonnull(sides[i]->tls);
    }
}

static void must_shake(struct twice *w, bool resumed)
{
    bool good = pair_shake(&w->p);
    ck_assert_msg(good, "client: %s, server: %s", w->p.client.fault.ground ? w->p.client.fault.ground->id : "no fault",
                  w->p.server.fault.ground ? w->p.server.fault.ground->id : "no fault");
    ck_assert_int_eq(tls_facts_of(w->p.client.tls)->resumed, resumed);
    ck_assert_int_eq(tls_facts_of(w->p.server.tls)->resumed, resumed);
    pair_send(&w->p, &w->p.client, "question", 8);
    pair_send(&w->p, &w->p.server, "answer", 6);
    ck_assert_uint_eq(w->p.server.got_n, 8);
    ck_assert_uint_eq(w->p.client.got_n, 6);
}

static void finish(struct twice *w)
{
    pair_end(&w->p);
    tls_sessions_free(w->sessions);
    tls_tickets_wipe(&w->tickets);
}

START_TEST(both_ways_and_every_suite)
{
    for (size_t s = 0; s < tls_n_suites; s++)
        for (int ticket = 0; ticket < 2; ticket++) {
            struct twice w;
            const struct tls_suite *one[] = { &tls_suites[s] };
            begin(&w, ticket);
            w.p.server.config.suites = one;
            w.p.server.config.n_suites = 1;
            again(&w, PAIR_NOW);
            must_shake(&w, false);
            ck_assert_uint_eq(w.session.session.suite, one[0]->number);
            ck_assert_int_eq(w.session.ticket_n > 0, ticket);
            ck_assert_int_eq(w.session.session.id_n > 0, !ticket);
            ck_assert_int_eq(tls_facts_of(w.p.client.tls)->ticket, ticket);
            for (int i = 0; i < 3; i++) {
                again(&w, PAIR_NOW + i * SECOND);
                must_shake(&w, true);
                ck_assert_ptr_eq(tls_facts_of(w.p.client.tls)->suite, one[0]);
                ck_assert(tls_facts_of(w.p.server.tls)->extended_master_secret);
                ck_assert_uint_eq(tls_facts_of(w.p.client.tls)->chain_sent, 0);
            }
            finish(&w);
        }
}
END_TEST

/* Octet by octet, and with a server that has little room to write. */
START_TEST(in_pieces)
{
    for (int ticket = 0; ticket < 2; ticket++) {
        struct twice w;
        begin(&w, ticket);
        again(&w, PAIR_NOW);
        must_shake(&w, false);
        w.p.wish.chunk = 1;
        again(&w, PAIR_NOW);
        must_shake(&w, true);
        finish(&w);
    }
}
END_TEST

START_TEST(too_old)
{
    for (int ticket = 0; ticket < 2; ticket++) {
        struct twice w;
        begin(&w, ticket);
        again(&w, PAIR_NOW);
        must_shake(&w, false);
        again(&w, PAIR_NOW + TLS_SESSION_LIFETIME - SECOND);
        must_shake(&w, true);
        again(&w, PAIR_NOW + TLS_SESSION_LIFETIME);
        must_shake(&w, false);
        finish(&w);
    }
}
END_TEST

/* The museum's no. 14 (CVE-2020-13777): tickets of two servers that have just begun never open at each other. */
START_TEST(another_servers_ticket)
{
    struct twice w;
    begin(&w, true);
    again(&w, PAIR_NOW);
    must_shake(&w, false);
    struct test_chance other = test_chance(8);
    tls_tickets_start(&w.tickets, &other.chance, TLS_SESSION_LIFETIME);
    again(&w, PAIR_NOW);
    must_shake(&w, false);                             /* and has a new one */
    again(&w, PAIR_NOW);
    must_shake(&w, true);
    finish(&w);
}
END_TEST

static void fill_with_zeros(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c;
    (void)purpose;
    memset(out, 0, n);
}

/* A key of zeros seals nothing: then there is no ticket, and the client is told so by an empty one. */
START_TEST(no_key_of_zeros)
{
    struct twice w;
    struct chance zeros = { .fill = fill_with_zeros };
    struct tls_ticket_state state = { .n = 60 };
    uint8_t ticket[TLS_TICKET_MAX];
    begin(&w, true);
    tls_tickets_start(&w.tickets, &zeros, TLS_SESSION_LIFETIME);
    ck_assert_uint_eq(tls_ticket_seal(&w.tickets, &w.chance.chance, &state, PAIR_NOW, ticket), 0);
    again(&w, PAIR_NOW);
    must_shake(&w, false);
    ck_assert_uint_eq(w.session.ticket_n, 0);
    again(&w, PAIR_NOW);
    must_shake(&w, false);
    finish(&w);
}
END_TEST

/* The key before still opens, and who brings its ticket gets a new one; the key before that opens nothing. */
START_TEST(keys_rotate)
{
    struct twice w;
    uint8_t first[TLS_TICKET_KEPT];
    begin(&w, true);
    again(&w, PAIR_NOW);
    must_shake(&w, false);
    again(&w, PAIR_NOW + TLS_SESSION_LIFETIME / 2);    /* a session half way through the first key's time */
    tls_resumable_wipe(&w.session);
    must_shake(&w, false);
    memcpy(first, w.session.ticket, w.session.ticket_n);
    again(&w, PAIR_NOW + TLS_SESSION_LIFETIME);
    must_shake(&w, true);
    ck_assert(tls_facts_of(w.p.client.tls)->ticket);
    ck_assert_msg(memcmp(first, w.session.ticket, 16) != 0, "the ticket is under the old key still");
    again(&w, PAIR_NOW + TLS_SESSION_LIFETIME + SECOND);
    must_shake(&w, true);
    ck_assert(!tls_facts_of(w.p.client.tls)->ticket);
    finish(&w);
}
END_TEST

/* Every octet of a ticket counts, and its length: changed, it opens nothing. */
START_TEST(a_ticket_changed)
{
    struct test_chance chance = test_chance(3);
    struct tls_tickets tickets;
    struct tls_ticket_state state, out;
    struct tls_session s = { .version = 0x0303, .suite = 0xc02f, .extended_master_secret = true, .made = PAIR_NOW,
                             .host = "www.example.test", .peer_known = true }, back;
    uint8_t ticket[TLS_TICKET_MAX + 1];
    memset(s.master_secret, 5, sizeof s.master_secret);
    memset(s.peer, 6, sizeof s.peer);
    tls_tickets_start(&tickets, &chance.chance, TLS_SESSION_LIFETIME);
    tls_ticket_write(&s, &state);
    size_t n = tls_ticket_seal(&tickets, &chance.chance, &state, PAIR_NOW, ticket);
    ck_assert_uint_eq(n, TLS_TICKET_FRONT + state.n + 16);
    ck_assert_int_eq(tls_ticket_open(&tickets, (struct bytes){ ticket, n }, PAIR_NOW, &out), TICKET_OPENED);
    check_bytes(out.octets, state.octets, state.n);
    struct wire_in in = wire_over(out.octets, out.n, NULL);
    ck_assert(tls_ticket_read(&in, &back));
    ck_assert_str_eq(back.host, s.host);
    ck_assert(back.suite == s.suite && back.extended_master_secret && back.peer_known && back.made == s.made);
    check_bytes(back.master_secret, s.master_secret, sizeof s.master_secret);
    for (size_t i = 0; i < n; i++) {
        ticket[i] ^= 1;
        ck_assert_int_eq(tls_ticket_open(&tickets, (struct bytes){ ticket, n }, PAIR_NOW, &out), TICKET_FOREIGN);
        ticket[i] ^= 1;
        ck_assert_int_eq(tls_ticket_open(&tickets, (struct bytes){ ticket, i }, PAIR_NOW, &out), TICKET_FOREIGN);
    }
    ticket[n] = 0;
    ck_assert_int_eq(tls_ticket_open(&tickets, (struct bytes){ ticket, n + 1 }, PAIR_NOW, &out), TICKET_FOREIGN);
    for (size_t cut = 0; cut < state.n; cut++) {
        in = wire_over(state.octets, cut, NULL);
        ck_assert(!tls_ticket_read(&in, &back));
    }
    ck_assert_int_eq(tls_ticket_open(&tickets, (struct bytes){ ticket, n }, PAIR_NOW + 2 * TLS_SESSION_LIFETIME, &out),
                     TICKET_FOREIGN);
}
END_TEST

/* RFC 6066 §3: for another name there is a full handshake; a client does not even ask. */
START_TEST(another_host)
{
    for (int ticket = 0; ticket < 2; ticket++) {
        struct twice w;
        begin(&w, ticket);
        again(&w, PAIR_NOW);
        must_shake(&w, false);
        ck_assert(tls_resumable_fits(&w.session, PAIR_HOST, PAIR_NOW));
        ck_assert(!tls_resumable_fits(&w.session, "other.example.test", PAIR_NOW));
        ck_assert(!tls_resumable_fits(&w.session, NULL, PAIR_NOW));
        strcpy(w.session.session.host, "other.example.test");      /* a client that does all the same */
        w.p.client.config.host = "other.example.test";
        w.p.client.config.insecure = true;
        again(&w, PAIR_NOW);
        must_shake(&w, false);
        finish(&w);
    }
}
END_TEST

/* CVE-2010-4180: whatever a client lists later, the session keeps its suite; and it must be listed. */
START_TEST(the_sessions_suite)
{
    for (int ticket = 0; ticket < 2; ticket++) {
        struct twice w;
        const struct tls_suite *only[] = { &tls_suites[1] };
        begin(&w, ticket);
        again(&w, PAIR_NOW);
        must_shake(&w, false);
        uint16_t was = w.session.session.suite;
        w.p.server.config.suites = only;                           /* the server would choose another one now */
        w.p.server.config.n_suites = 1;
        again(&w, PAIR_NOW);
        must_shake(&w, was == only[0]->number);
        ck_assert_uint_eq(tls_facts_of(w.p.server.tls)->suite->number, only[0]->number);
        finish(&w);
    }
}
END_TEST

/* RFC 5246 §7.2.2: a session whose connection failed is resumed by nobody. */
START_TEST(a_failed_connection)
{
    struct twice w;
    begin(&w, false);
    again(&w, PAIR_NOW);
    must_shake(&w, false);
    ck_assert_uint_eq(tls_sessions_n(w.sessions), 1);
    struct tls_resumable kept = w.session;
    ck_assert_uint_gt(ring_write(&w.p.server.in, "\x17\x03\x03\x00\x20garbagegarbagegarbagegarbage1234", 37), 0);
    pair_pump(&w.p);
    ck_assert_int_eq(w.p.server.says, TLS_FAILED);
    ck_assert_uint_eq(tls_sessions_n(w.sessions), 0);
    ck_assert_uint_eq(w.session.session.suite, 0);     /* the alert told the client */
    w.session = kept;
    again(&w, PAIR_NOW);
    must_shake(&w, false);
    finish(&w);
}
END_TEST

START_TEST(the_store)
{
    struct tls_sessions *all = tls_sessions_new(3, 10 * SECOND);
    struct tls_session s = { .version = 0x0303, .suite = 0xc02f, .id_n = 32, .made = PAIR_NOW };
    ck_assert_ptr_null(tls_sessions_new(0, SECOND));
    for (uint8_t i = 0; i < 3; i++) {
        s.id[0] = s.id[31] = i;
        tls_sessions_put(all, &s);
        tls_sessions_put(all, &s);                     /* twice is once */
    }
    ck_assert_uint_eq(tls_sessions_n(all), 3);
    uint8_t id[32] = { 0 };
    struct bytes name = { id, 32 };
    ck_assert_ptr_nonnull(tls_sessions_find(all, name, PAIR_NOW));             /* the first, so the second is oldest */
    s.id[0] = s.id[31] = 9;
    tls_sessions_put(all, &s);
    ck_assert_uint_eq(tls_sessions_n(all), 3);
    id[0] = id[31] = 1;
    ck_assert_ptr_null(tls_sessions_find(all, name, PAIR_NOW));
    id[0] = id[31] = 9;
    ck_assert_ptr_nonnull(tls_sessions_find(all, name, PAIR_NOW + 9 * SECOND));
    ck_assert_ptr_null(tls_sessions_find(all, (struct bytes){ id, 31 }, PAIR_NOW));
    ck_assert_ptr_null(tls_sessions_find(all, (struct bytes){ id, 0 }, PAIR_NOW));
    id[31] = 8;
    ck_assert_ptr_null(tls_sessions_find(all, name, PAIR_NOW));                /* in the same row */
    id[31] = 9;
    ck_assert_ptr_null(tls_sessions_find(all, name, PAIR_NOW + 10 * SECOND));
    ck_assert_uint_eq(tls_sessions_n(all), 2);
    for (unsigned i = 0; i < 1000; i++) {              /* in and out, many times over */
        s.id[0] = (uint8_t)(i % 7);
        s.id[31] = (uint8_t)(i % 5);
        tls_sessions_put(all, &s);
        tls_sessions_drop(all, (struct bytes){ s.id, i % 3 ? 32 : 0 });
        ck_assert_uint_le(tls_sessions_n(all), 3);
    }
    tls_sessions_free(all);
    tls_sessions_free(NULL);
}
END_TEST

/* What the tables say of every set of answers, against the words of the RFCs. */
START_TEST(every_cell)
{
    for (unsigned a = 0; a < 1u << RESUME_QUESTIONS; a++) {
        const struct resume_row *row = resume_decide(true, a);
        bool lost = (a & EMS_THEN) && !(a & EMS_NOW);
        bool fits = (a & SAME_VERSION) && (a & YOUNG) && (a & SAME_NAME);
        if (!fits)
            ck_assert_int_eq(row->verdict, RESUME_NOT);
        else if (lost)                                 /* RFC 7627 §5.3: "MUST abort" */
            ck_assert(row->verdict == RESUME_REFUSED && strcmp(row->ground->id, "tls.session_ems") == 0);
        else if ((a & EMS_NOW) && !(a & EMS_THEN))     /* "MUST NOT perform the abbreviated handshake" */
            ck_assert_int_eq(row->verdict, RESUME_NOT);
        if (row->verdict == RESUME) {
            ck_assert((a & SUITE_OFFERED) && (a & SUITE_SERVED) && (a & CLIENT_KNOWN) && fits);
            ck_assert(!(a & EMS_THEN) == !(a & EMS_NOW));
        }
        if (fits && !lost && !((a & EMS_NOW) && !(a & EMS_THEN)) && (a & SUITE_SERVED) && !(a & SUITE_OFFERED))
            ck_assert_int_eq(row->verdict, a & BY_TICKET ? RESUME_NOT : RESUME_REFUSED);
    }
    for (unsigned a = 0; a < 1u << 12; a++) {
        const struct resume_row *row = resume_decide(false, a);
        bool back = (a & OFFERED) && (a & ECHOED);
        bool same = (a & SAME_VERSION) && (a & SUITE_CHOSEN) && !(a & EMS_THEN) == !(a & EMS_NOW);
        ck_assert_int_eq(row->verdict, !back ? RESUME_NOT : same ? RESUME : RESUME_REFUSED);
    }
    for (size_t i = 0; i < resume_n_server_rows + resume_n_client_rows; i++) {
        bool server = i < resume_n_server_rows;
        const struct resume_row *row = server ? &resume_server_rows[i] : &resume_client_rows[i - resume_n_server_rows];
        bool reached = false;                          /* no row is hidden behind those before it */
        for (unsigned a = 0; a < 1u << 12; a++)
            reached |= resume_decide(server, a) == row;
        ck_assert_msg(reached, "row %s", row->name);
        if (row->verdict == RESUME_REFUSED)
            ck_assert_int_ne(tls_alert_for(row->ground), TLS_ALERT_INTERNAL_ERROR);
    }
}
END_TEST

/* The cells that a server can be brought into, each by a hello: the session in the store is changed, or the hello. */
START_TEST(cells_over_the_wire)
{
    enum { VERSION, AGE, EMS_GONE, EMS_CAME, NEITHER, UNOFFERED, CLIENT, CELLS };
    for (int cell = 0; cell < CELLS; cell++) {
        struct tls_sessions *sessions = tls_sessions_new(2, 365 * 24 * 3600 * SECOND);
        struct tls_session s = { .version = 0x0303, .suite = 0xc02f, .extended_master_secret = true, .id_n = 32,
                                 .made = PAIR_NOW, .host = PAIR_HOST };
        const struct tls_suite *others[] = { tls_suite_of(0x002f) };
        struct client_hello_wishes hello = { .random = s.master_secret, .suites = others, .n_suites = 1,
                                             .groups = (const uint16_t[]){ TLS_X25519 }, .n_groups = 1,
                                             .sigalgs = tls_sigalgs, .n_sigalgs = tls_n_sigalgs,
                                             .server_name = PAIR_HOST, .session_id = { s.id, 32 } };
        struct tls_peer p;
        uint8_t m[PEER_MESSAGE];
        if (cell == VERSION)
            s.version = 0x0302;
        if (cell == AGE)
            s.made -= TLS_SESSION_LIFETIME;
        s.extended_master_secret = cell != EMS_CAME && cell != NEITHER;
        tls_sessions_put(sessions, &s);
        peer_start(&p, &(struct peer_wish){ .engine_is_server = true });
        p.careless = true;                             /* it has not the master secret of the session */
        p.engine->tls->config.sessions = sessions;
        if (cell == CLIENT)
            p.engine->tls->config.client_certificate = TLS_CLIENT_REQUIRE;
        if (cell != UNOFFERED)
            others[0] = tls_suite_of(0xc02f);
        struct wire_out out = wire_into(m, sizeof m);
        write_client_hello(&out, &hello);
        ck_assert(!out.failed);
        if (cell == EMS_GONE || cell == NEITHER) {     /* extension 23 becomes one that nobody knows */
            uint8_t *at = m;
            while (memcmp(at, "\0\x17\0\0", 4) != 0)
                at++;
            at[0] = 0x7a;
        }
        peer_message(&p, m, wire_written(&out));
        if (cell == EMS_GONE)
            peer_refused(&p, "tls.session_ems", TLS_ALERT_HANDSHAKE_FAILURE);
        else if (cell == UNOFFERED)
            peer_refused(&p, "tls.session_suite_not_listed", TLS_ALERT_ILLEGAL_PARAMETER);
        else
            ck_assert_msg(tls_facts_of(p.engine->tls)->resumed == (cell == NEITHER), "cell %d", cell);
        peer_end(&p);
        tls_sessions_free(sessions);
    }
}
END_TEST

/* Where a class looks, what lies in a ticket is named octet by octet; elsewhere the secret in it is not. */
struct ear { struct view view; unsigned buffers, marks, secrets; };

static void hear_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct ear *ear = (struct ear *)v;
    (void)t;
    ear->buffers += strcmp(e->name, "ticket") == 0 && e->kind == EVENT_BUFFER;
    ear->marks += strcmp(e->name, "ticket") == 0 && e->kind == EVENT_MARK;
}

static void hear_field(struct view *v, const struct trace *t, const struct field *f)
{
    (void)t;
    ((struct ear *)v)->secrets += strcmp(f->name, "master_secret") == 0;
}

START_TEST(a_ticket_is_told)
{
    for (int open = 0; open < 2; open++) {
        struct twice w;
        struct ear ear = { .view = { .event = hear_event, .field = hear_field } };
        struct trace *trace = trace_new(PAIR_NOW);
        trace_attach(trace, &ear.view);
        begin(&w, true);
        w.tickets.told_open = open;
        w.p.server.config.voice.trace = w.p.client.config.voice.trace = trace;
        again(&w, PAIR_NOW);
        must_shake(&w, false);
        again(&w, PAIR_NOW);
        must_shake(&w, true);
        ck_assert_uint_eq(ear.buffers, open ? 2 : 0);              /* sealed once, opened once */
        ck_assert_uint_eq(ear.marks, open ? 0 : 2);
        ck_assert_uint_eq(ear.secrets, open ? 2 : 0);
        finish(&w);
        trace_free(trace);
    }
}
END_TEST

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    return check_run("tls_session", (const TTest *[]){
        both_ways_and_every_suite, in_pieces, too_old, another_servers_ticket, no_key_of_zeros, keys_rotate,
        a_ticket_changed, another_host, the_sessions_suite, a_failed_connection, the_store, every_cell,
        cells_over_the_wire, a_ticket_is_told, NULL });
}

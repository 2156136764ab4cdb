/* session_server.c - the server takes up a session again, or leaves one behind (RFC 5246 §7.3, RFC 5077). */
#include "tls/handlers.h"

#include "trace/ascii.h"

#include <string.h>

/* A name that no session can have is kept in none. */
static bool take_host(char host[TLS_HOST_MAX + 1], struct bytes name)
{
    bool fits = name.n <= TLS_HOST_MAX && (!name.n || !memchr(name.at, 0, name.n));
    for (size_t i = 0; fits && i < name.n; i++)
        host[i] = ascii_lower((char)name.at[i]);
    host[fits ? name.n : 0] = '\0';
    return fits;
}

/* RFC 5077 §3.4: who sends a ticket means the ticket, and the id is only to be echoed. What cannot be opened is as
 * good as none. */
static bool find_session(struct tls *t, const struct client_hello *h, const struct tls_message *m, bool *old_key)
{
    const struct tls_extensions *x = &h->extensions;
    if (t->config.tickets && (x->seen & EXT_SESSION_TICKET) && x->ticket.n) {
        struct tls_ticket_state state;
        enum tls_ticket_says says = tls_ticket_open(t->config.tickets, x->ticket, t->now, &state);
        struct wire_in in = wire_over(state.octets, state.n, NULL);
        bool good = (says == TICKET_OPENED || says == TICKET_OLD) && tls_ticket_read(&in, &t->shake->session);
        *old_key = says == TICKET_OLD;
        if (says == TICKET_FOREIGN)
            tell_check(t, "session_ticket", "RFC 5077 §3.4", "a ticket that a key of ours has sealed",
                       "one that it does not open: as good as none", false);
        if (good)
            tell_ticket(t, false, &t->shake->session, &state, x->ticket, (struct span){
                m->buf, (uint32_t)state.n, (uint64_t)(x->ticket.at - m->whole.at) + TLS_TICKET_FRONT });
        sodium_memzero(&state, sizeof state);
        return good;
    }
    const struct tls_session *s = t->config.sessions && h->session_id.n
        ? tls_sessions_find(t->config.sessions, h->session_id, t->now) : NULL;
    if (s)
        t->shake->session = *s;
    return s != NULL;
}

static bool serves(const struct tls *t, unsigned suite)
{
    for (size_t i = 0; i < t->config.n_suites; i++)
        if (t->config.suites[i]->number == suite)
            return true;
    return false;
}

static unsigned answers_about(const struct tls *t, const struct client_hello *h, const char *host)
{
    const struct tls_session *s = &t->shake->session;
    nsec lifetime = t->config.tickets ? t->config.tickets->lifetime : TLS_SESSION_LIFETIME;
    bool ticket = t->config.tickets && (h->extensions.seen & EXT_SESSION_TICKET) && h->extensions.ticket.n;
    bool name = host && strcmp(s->host, host) == 0, young = t->now >= s->made && t->now - s->made < lifetime;
    return (ticket ? BY_TICKET : 0u) | (s->version == TLS_1_2 ? SAME_VERSION : 0u)
        | (list_has(h->suites, s->suite) ? SUITE_OFFERED : 0u) | (serves(t, s->suite) ? SUITE_SERVED : 0u)
        | (name ? SAME_NAME : 0u) | (s->extended_master_secret ? EMS_THEN : 0u)
        | (h->extensions.seen & EXT_EXTENDED_MASTER_SECRET ? EMS_NOW : 0u) | (young ? YOUNG : 0u)
        | (t->config.client_certificate != TLS_CLIENT_REQUIRE || s->peer_known ? CLIENT_KNOWN : 0u);
}

/* A fresh session, so far: what is known of it at the hello. */
static void begin_session(struct tls *t, const struct client_hello *h, const char *host)
{
    tls_session_wipe(&t->shake->session);
    t->shake->session = (struct tls_session){ .version = TLS_1_2, .made = t->now };
    if (!host)
        return;
    memcpy(t->shake->session.host, host, strlen(host) + 1);
    t->shake->ticket_due = t->config.tickets && (h->extensions.seen & EXT_SESSION_TICKET);
    if (!t->shake->ticket_due && t->config.sessions) {
        t->shake->session.id_n = TLS_SESSION_ID_MAX;
        chance_fill(t->config.chance, "session_id", t->shake->session.id, TLS_SESSION_ID_MAX);
    }
}

static void take_up(struct tls *t, bool renew)
{
    const struct tls_session *s = &t->shake->session;
    t->facts.resumed = true;
    t->facts.suite = tls_suite_of(s->suite);
    t->facts.client_known = s->peer_known;
    memcpy(t->facts.client, s->peer, sizeof t->facts.client);
    t->shake->ticket_due = renew;
}

enum resume_verdict server_resumes(struct tls *t, const struct client_hello *h, const struct tls_message *m,
                                   struct fault *why)
{
    char room[TLS_HOST_MAX + 1];
    const char *host = take_host(room, h->extensions.server_name) ? room : NULL;
    bool old_key = false;
    enum resume_verdict verdict = RESUME_NOT;
    if (find_session(t, h, m, &old_key)) {
        const struct resume_row *row = resume_decide(true, answers_about(t, h, host));
        tell_resumption(t, row, __func__);
        verdict = row->verdict;
        if (verdict == RESUME_REFUSED)
            refuse_about(why, row->ground, row->name, row->expected, "%s", row->found);
    }
    /* RFC 5077 §3.3: a new ticket when the old one's key is about to go */
    if (verdict == RESUME)
        take_up(t, old_key);
    else
        begin_session(t, h, host);
    return verdict;
}

/* RFC 5246 §7.4.1.3: the client's id when that session is resumed, else the one of a session that may be. */
struct bytes server_session_id(struct tls *t, const struct client_hello *h)
{
    return t->facts.resumed ? h->session_id : (struct bytes){ t->shake->session.id, t->shake->session.id_n };
}

/* What the handshake has agreed on since the hello. */
static void complete_session(struct tls *t)
{
    struct tls_session *s = &t->shake->session;
    s->suite = t->facts.suite->number;
    s->extended_master_secret = t->facts.extended_master_secret;
    s->peer_known = t->facts.client_known;
    memcpy(s->peer, t->facts.client, sizeof s->peer);
    memcpy(s->master_secret, t->master_secret, TLS_MASTER_SECRET);
}

/* RFC 5077 §3.3: an empty one says that there is none after all. The hint is what is left of the session's time. */
bool send_new_session_ticket(struct tls *t, struct fault *why)
{
    struct wire_out out;
    struct tls_ticket_state state;
    uint8_t ticket[TLS_TICKET_MAX];
    complete_session(t);
    tls_ticket_write(&t->shake->session, &state);
    size_t n = tls_ticket_seal(t->config.tickets, t->config.chance, &state, t->now, ticket);
    nsec left = t->config.tickets->lifetime - (t->now - t->shake->session.made);
    bool sent = flight_room(t, TLS_MESSAGE_HEADER + 4 + 2 + n, &out, why);
    if (sent) {
        write_new_session_ticket(&out, n ? (uint32_t)(left / SECOND) : 0, (struct bytes){ ticket, n });
        sent = flight_add(t, &out, why);
    }
    if (sent && n) {
        tell_ticket(t, true, &t->shake->session, &state, (struct bytes){ ticket, n }, (struct span){
            t->shake->n_messages ? t->shake->messages[t->shake->n_messages - 1] : 0, (uint32_t)state.n,
            TLS_MESSAGE_HEADER + 4 + 2 + TLS_TICKET_FRONT });
        t->facts.ticket = true;
    }
    sodium_memzero(&state, sizeof state);
    return sent;
}

void server_keeps_session(struct tls *t)
{
    if (!t->config.sessions || t->facts.resumed || !t->shake->session.id_n)
        return;
    complete_session(t);
    tls_sessions_put(t->config.sessions, &t->shake->session);
    tell_session_kept(t, &t->shake->session, "the server's store");
}

void forget_session(struct tls *t)
{
    note_session_id(t);
    if (t->config.sessions && t->session_id_n)
        tls_sessions_drop(t->config.sessions, (struct bytes){ t->session_id, t->session_id_n });
    if (t->config.session && !t->config.server)
        tls_resumable_wipe(t->config.session);
    if (t->shake)
        tls_session_wipe(&t->shake->session);
}

void note_session_id(struct tls *t)
{
    if (!t->shake)
        return;
    t->session_id_n = t->shake->session.id_n;
    memcpy(t->session_id, t->shake->session.id, sizeof t->session_id);
}

void resume_keys(struct tls *t)
{
    memcpy(t->master_secret, t->shake->session.master_secret, TLS_MASTER_SECRET);
    tell_known_secret(t, "RFC 5246 §7.3", "resume_keys", "the session's, kept since its full handshake");
    derive_key_block(t->facts.suite, t->master_secret, t->client_random, t->server_random, t->shake->key_block,
                     t->config.cpu);
    tell_key_block(t);
    t->progress = TLS_KEYS_DONE;
}

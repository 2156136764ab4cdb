/* session_client.c - the client offers a session, sees whether it is taken up, and keeps what the server leaves it. */
#include "tls/handlers.h"

#include <string.h>

static const struct ground no_memory = { "tls.no_memory", "RFC 5246 §7.2.2" };

static bool offers(const struct tls *t, unsigned suite)
{
    for (size_t i = 0; i < t->config.n_suites; i++)
        if (t->config.suites[i]->number == suite)
            return true;
    return false;
}

/* RFC 5077 §3.4: beside a ticket stands an id of chance, so that its echo tells whether the ticket was taken. */
void offer_session(struct tls *t, struct client_hello_wishes *w)
{
    const struct tls_resumable *r = t->config.session;
    if (!r)
        return;
    w->ticket = &t->shake->offered_ticket;
    if (!tls_resumable_fits(r, t->config.host, t->now) || !offers(t, r->session.suite))
        return;
    t->shake->session = r->session;
    t->shake->offered_id_n = r->ticket_n ? TLS_SESSION_ID_MAX : r->session.id_n;
    t->shake->offered_ticket = (struct bytes){ r->ticket, r->ticket_n };
    if (r->ticket_n)
        chance_fill(t->config.chance, "session_id", t->shake->offered_id, TLS_SESSION_ID_MAX);
    else
        memcpy(t->shake->offered_id, r->session.id, r->session.id_n);
    w->session_id = (struct bytes){ t->shake->offered_id, t->shake->offered_id_n };
}

enum resume_verdict client_resumes(struct tls *t, const struct server_hello *h, struct fault *why)
{
    const struct tls_session *s = &t->shake->session;
    const struct bytes offered = { t->shake->offered_id, t->shake->offered_id_n };
    bool echoed = h->session_id.n == offered.n && memcmp(h->session_id.at, offered.at, offered.n) == 0;
    unsigned answers = (offered.n ? OFFERED : 0u) | (offered.n && echoed ? ECHOED : 0u)
        | (h->version == s->version ? SAME_VERSION : 0u) | (h->suite == s->suite ? SUITE_CHOSEN : 0u)
        | (s->extended_master_secret ? EMS_THEN : 0u)
        | (h->extensions.seen & EXT_EXTENDED_MASTER_SECRET ? EMS_NOW : 0u);
    const struct resume_row *row = resume_decide(false, answers);
    if (t->shake->offered_id_n)
        tell_resumption(t, row, __func__);
    t->shake->ticket_due = h->extensions.seen & EXT_SESSION_TICKET;
    if (row->verdict == RESUME_REFUSED)
        refuse_about(why, row->ground, row->name, row->expected, "%s", row->found);
    if (row->verdict == RESUME_NOT) {
        tls_session_wipe(&t->shake->session);
        t->shake->session = (struct tls_session){ .version = TLS_1_2, .made = t->now };
        t->shake->session.id_n = (uint8_t)h->session_id.n;
        if (h->session_id.n)
            memcpy(t->shake->session.id, h->session_id.at, h->session_id.n);
    }
    t->facts.resumed = row->verdict == RESUME;
    return row->verdict;
}

bool on_new_session_ticket(struct tls *t, const struct tls_message *m, struct fault *why)
{
    struct new_session_ticket n;
    struct wire_in in = wire_over(m->body.at, m->body.n, NULL);
    if (!read_new_session_ticket(&in, &n, why))
        return false;
    if (n.ticket.n && n.ticket.n <= TLS_TICKET_KEPT && !keep_octets(&t->shake->ticket, n.ticket, TLS_TICKET_KEPT))
        return refuse(why, &no_memory, "memory for a ticket", "there is none");
    t->shake->ticket_hint = n.lifetime_hint;
    t->facts.ticket = t->shake->ticket.n > 0;
    add_to_transcript(t, m->whole, m->buf);
    return true;
}

/* A session that was resumed keeps its age and, where no new one came, its ticket. RFC 7627 §5.3: one without the
 * extended master secret is not kept, since it will not be offered. */
void client_keeps_session(struct tls *t)
{
    struct tls_resumable *r = t->config.session;
    struct tls_session *s = &t->shake->session;
    if (!r)
        return;
    s->suite = t->facts.suite->number;
    s->extended_master_secret = t->facts.extended_master_secret;
    memcpy(s->master_secret, t->master_secret, TLS_MASTER_SECRET);
    if (!t->config.host || strlen(t->config.host) > TLS_HOST_MAX || !s->extended_master_secret
        || !(t->shake->ticket.n || s->id_n || t->facts.resumed)) {
        tls_resumable_wipe(r);
        return;
    }
    strcpy(s->host, t->config.host);
    r->session = *s;
    if (!t->facts.resumed)
        r->ticket_n = 0;
    if (t->shake->ticket.n) {
        memcpy(r->ticket, t->shake->ticket.bytes, t->shake->ticket.n);
        r->ticket_n = t->shake->ticket.n;
    }
    if (t->shake->ticket.n || !t->facts.resumed) {
        r->lifetime_hint = t->shake->ticket_hint;
        r->got = t->now;
    }
    tell_session_kept(t, s, r->ticket_n ? "the client, with a ticket" : "the client, by its id");
}

#include "net/dns_query.h"
#include "trace/ascii.h"

#include <stdio.h>
#include <string.h>

static const struct ground no_server    = { "dns.no_server", "RFC 1123 §6.1.3" };
static const struct ground server_fails = { "dns.server_failed", "RFC 1035 §4.1.1" };
static const struct ground refuses      = { "dns.refused", "RFC 1035 §4.1.1" };
static const struct ground silent       = { "dns.silent", "RFC 1035 §4.2.1" };

enum { USUAL_TRIES = 4, TCP_LENGTH = 2 };
#define PATIENCE_MOST (4 * SECOND)
#define PATIENCE_LAST (2 * SECOND)                    /* so that four tries end after 1 + 2 + 4 + 2 seconds */

static unsigned most_tries(const struct dns_config *c) { return c->tries ? c->tries : USUAL_TRIES; }

void dns_query_stop(struct dns_query *q, struct host *host)
{
    struct carrier *c = q->carrier;
    if (q->port)
        host->ops->udp_close(host, q->port);
    q->port = 0;
    q->carrier = NULL;
    if (!c)
        return;
    if (c->open && !c->ended) {
        ring_consume(&c->in, ring_peek(&c->in).n);    /* what is left unread would be answered with a RST */
        carrier_touch(c, 0);
        carrier_close(c);
    }
    if (!c->open && !c->ended)
        carrier_abort(c);
    carrier_release(c);
}

static void failed(struct dns_query *q, struct host *host)
{
    dns_query_stop(q, host);
    q->says = DNS_FAILED;
}

/* ---- asking ---- */

/* How long the try just made is waited for. */
static nsec patience(const struct dns_query *q, const struct dns_config *c)
{
    nsec wait = c->patience ? c->patience : SECOND;
    for (unsigned i = 1; i < q->tried && wait < PATIENCE_MOST; i++)
        wait = 2 * wait < PATIENCE_MOST ? 2 * wait : PATIENCE_MOST;
    return q->tried == most_tries(c) && wait > PATIENCE_LAST ? PATIENCE_LAST : wait;
}

/* The servers take turns; one that said it will not help is not asked again. */
static unsigned next_server(const struct dns_query *q, const struct dns_config *c)
{
    unsigned i = q->tried ? (q->asked + 1) % c->n_servers : 0;
    while (q->refused >> i & 1)
        i = (i + 1) % c->n_servers;
    return i;
}

/* Each letter in either case, by chance. */
static void spell(struct dns_query *q, const struct dns_config *c)
{
    uint8_t bits[DNS_NAME / 8];
    chance_fill(c->chance, "dns_0x20", bits, sizeof bits);
    memcpy(q->spelled, q->name, sizeof q->spelled);
    for (unsigned i = 0; q->spelled[i]; i++)
        if (bits[i / 8] >> i % 8 & 1)
            q->spelled[i] = ascii_upper(q->spelled[i]);
}

static size_t write_query(struct dns_query *q, const struct dns_config *c, uint8_t out[DNS_MESSAGE])
{
    struct dns_message m = {
        .recursion_desired = true, .question_type = q->type, .question_class = DNS_CLASS_IN };
    uint8_t id[2];
    chance_fill(c->chance, "dns_id", id, sizeof id);
    spell(q, c);
    q->edns = !c->no_edns && !(q->plain >> q->asked & 1);
    m.id = q->id = (uint16_t)(id[0] << 8 | id[1]);
    m.edns = (struct dns_edns){ .here = q->edns, .udp_size = DNS_UDP_SIZE };
    memcpy(m.question, q->name, sizeof m.question);
    memcpy(m.spelled, q->spelled, sizeof m.spelled);
    return dns_write(&m, out, DNS_MESSAGE);
}

static event_no tell_asked(const struct dns_query *q, const struct dns_config *c, bool tcp, event_no cause)
{
    char text[ADDR_TEXT], label[DNS_NAME + ADDR_TEXT + 32];
    const char *type = dns_type_words(q->type);
    const struct attr attrs[] = { attr_text("domain", q->name), attr_text("qtype", type),
                                  attr_text("server", addr_text(&c->server[q->asked], text)),
                                  attr_text("over", tcp ? "TCP" : "UDP"), attr_number("query_id", q->id),
                                  attr_text("spelled", q->spelled),
                                  attr_number("try", q->tried), attr_number("port", q->port) };
    snprintf(label, sizeof label, "%s? %s, of %s%s", type, q->name, text, tcp ? " over TCP" : "");
    return dns_say(&c->voice, "asked", tcp ? "RFC 7766 §5" : "RFC 1034 §5.3.3", cause, __func__, label, attrs,
                   sizeof attrs / sizeof *attrs - (tcp ? 1 : 0));
}

static void ask_again(struct dns_query *q, const struct dns_config *c, struct host *host, event_no cause, nsec now);

/* A query that cannot leave is as lost as one on the wire. */
static void ask_over_udp(struct dns_query *q, const struct dns_config *c, struct host *host, event_no cause, nsec now)
{
    struct datagram d = { .to = c->server[q->asked], .to_port = DNS_PORT };
    q->port = host->ops->udp_open(host, 0, &q->fault);
    if (!q->port) {
        refuse(&q->fault, &no_server, "a free UDP port to ask from", "none");
        failed(q, host);
        return;
    }
    d.from_port = q->port;
    d.len = (uint32_t)write_query(q, c, d.bytes);
    q->cause = d.cause = tell_asked(q, c, false, cause);
    host->ops->udp_send(host, &d, now);
    dns_tell(&c->voice, &d);
}

static void ask_over_tcp(struct dns_query *q, const struct dns_config *c, struct host *host, event_no cause, nsec now)
{
    uint8_t ignored[DNS_MESSAGE];
    struct fault why = { 0 };
    write_query(q, c, ignored);                       /* an id and letters of its own: it is told before it opens */
    q->cause = tell_asked(q, c, true, cause);
    trace_because(c->voice.trace, q->cause ? q->cause : trace_cause(c->voice.trace));
    q->written = false;
    q->carrier = host->ops->connect(host, &c->server[q->asked], DNS_PORT, now, &why);
    if (!q->carrier)
        q->refused |= (uint8_t)(1u << q->asked);
    else
        q->carrier->user = q;
}

/* One try at the server q->asked. */
static void ask(struct dns_query *q, const struct dns_config *c, struct host *host, bool tcp, event_no cause, nsec now)
{
    dns_query_stop(q, host);
    q->tried++;
    q->deadline = now + patience(q, c);
    if (tcp || c->tcp_only)
        ask_over_tcp(q, c, host, cause, now);
    else
        ask_over_udp(q, c, host, cause, now);
    if (q->says == DNS_ASKING && !q->port && !q->carrier)
        ask_again(q, c, host, cause, now);
}

static void ask_next(struct dns_query *q, const struct dns_config *c, struct host *host, event_no cause, nsec now)
{
    q->asked = next_server(q, c);
    ask(q, c, host, q->tcp >> q->asked & 1, cause, now);
}

static void nobody_answered(struct dns_query *q, const struct dns_config *c)
{
    char text[ADDR_TEXT];
    refuse_about(&q->fault, &silent, q->name, "an answer from a name server",
                 "none to %u queries, the last to %s%s%s", q->tried,
                 addr_text(&c->server[q->asked], text), *q->dropped ? "; dropped: " : "", q->dropped);
}

/* After a silence or a server that will not help. */
static void ask_again(struct dns_query *q, const struct dns_config *c, struct host *host, event_no cause, nsec now)
{
    if (q->tried < most_tries(c) && q->refused + 1u < 1u << c->n_servers) {
        ask_next(q, c, host, cause, now);
        return;
    }
    nobody_answered(q, c);
    failed(q, host);
}

void dns_query_tick(struct dns_query *q, const struct dns_config *c, struct host *host, nsec now)
{
    if (q->says != DNS_ASKING || now < q->deadline)
        return;
    const struct attr attrs[] = { attr_text("timer", "retry"), attr_text("what", "fired") };
    event_no fired = 0;
    if (trace_hears(c->voice.trace))
        fired = trace_emit(c->voice.trace, &(struct event){
            .kind = EVENT_TIMER, .level = LEVEL_PACKETS, .layer = "dns", .name = "retry",
            .label = "no answer came in time", .rfc = "RFC 1035 §4.2.1", .by = __func__,
            .host = c->voice.host, .conn = c->voice.conn, .cause = q->cause,
            .attrs = attrs, .n_attrs = sizeof attrs / sizeof *attrs });
    trace_because(c->voice.trace, fired);
    ask_again(q, c, host, fired, now);
}

/* ---- answers ---- */

/* SERVFAIL, REFUSED and the like say nothing about the name: another server may know. */
static void will_not_help(struct dns_query *q, const struct dns_config *c, struct host *host,
                          const struct dns_message *m, nsec now)
{
    const char *words = dns_rcode_words(m->rcode);
    const struct attr attr = attr_number("rcode", m->rcode);
    event_no said = dns_say(&c->voice, "not_helped", "RFC 1035 §4.1.1", 0, __func__, words, &attr, 1);
    q->refused |= (uint8_t)(1u << q->asked);
    if (q->refused + 1u < 1u << c->n_servers) {
        ask_again(q, c, host, said, now);
        return;
    }
    refuse_about(&q->fault, m->rcode == DNS_REFUSED ? &refuses : &server_fails, q->name,
                 "a name server that looks it up", "response code %u %s", m->rcode, words ? words : "");
    failed(q, host);
}

/* RFC 6891 §6.2.2, §7: a server that does not know the OPT record. It is asked again, without. */
static bool knows_no_edns(struct dns_query *q, const struct dns_config *c, struct host *host,
                          const struct dns_message *m, nsec now)
{
    if (!q->edns || (m->rcode != DNS_FORMERR && m->rcode != DNS_NOTIMP && m->rcode != DNS_BADVERS))
        return false;
    const struct attr attr = attr_number("rcode", m->rcode);
    event_no said = dns_say(&c->voice, "no_edns", "RFC 6891 §6.2.2", 0, __func__, dns_rcode_words(m->rcode), &attr, 1);
    q->plain |= (uint8_t)(1u << q->asked);
    ask(q, c, host, q->carrier != NULL, said, now);
    return true;
}

/* RFC 7766 §5. The octets that did come are not looked at (RFC 2181 §9). */
static void ask_for_all(struct dns_query *q, const struct dns_config *c, struct host *host, nsec now)
{
    const struct attr attr = attr_text("domain", q->name);
    event_no said = dns_say(&c->voice, "truncated", "RFC 2181 §9", 0, __func__, "cut off at its end (TC): over TCP",
                            &attr, 1);
    q->tcp |= (uint8_t)(1u << q->asked);
    ask(q, c, host, true, said, now);
}

/* A message that matches the query. */
static bool answered(struct dns_query *q, const struct dns_config *c, struct host *host, const struct dns_message *m,
                     nsec now)
{
    if (knows_no_edns(q, c, host, m, now))
        return false;
    if (m->rcode != DNS_NOERROR && m->rcode != DNS_NXDOMAIN) {
        will_not_help(q, c, host, m, now);
        return false;
    }
    if (m->truncated && !q->carrier) {
        ask_for_all(q, c, host, now);
        return false;
    }
    dns_query_stop(q, host);
    q->says = DNS_FOUND;
    return true;
}

static bool message_came(struct dns_query *q, const struct dns_config *c, struct host *host, struct bytes octets,
                         nsec now, struct dns_message *m)
{
    struct fault broken = { 0 };
    struct wire_in in = wire_over(octets.at, octets.n, NULL);
    return (dns_read(&in, m, &broken) || dns_match_drop(q, c, &broken)) && dns_match(q, c, m)
           && answered(q, c, host, m, now);
}

bool dns_query_datagram(struct dns_query *q, const struct dns_config *c, struct host *host, const struct datagram *d,
                        nsec now, struct dns_message *m)
{
    if (q->says != DNS_ASKING || !q->port || d->to_port != q->port)
        return false;
    dns_tell(&c->voice, d);
    return dns_match_source(q, c, d) && message_came(q, c, host, (struct bytes){ d->bytes, d->len }, now, m);
}

/* ---- over TCP: a message behind its length (RFC 7766 §8) ---- */

static void write_over_tcp(struct dns_query *q)
{
    uint8_t octets[TCP_LENGTH + DNS_MESSAGE];
    struct dns_message m = { .id = q->id, .recursion_desired = true, .question_type = q->type,
                             .question_class = DNS_CLASS_IN,
                             .edns = { .here = q->edns, .udp_size = DNS_UDP_SIZE } };
    memcpy(m.question, q->name, sizeof m.question);
    memcpy(m.spelled, q->spelled, sizeof m.spelled);
    size_t n = dns_write(&m, octets + TCP_LENGTH, DNS_MESSAGE);
    octets[0] = (uint8_t)(n >> 8);
    octets[1] = (uint8_t)n;
    n += TCP_LENGTH;
    q->written = true;
    if (ring_write(&q->carrier->out, octets, n) != n)
        return;                                       /* no memory: patience will end */
    dns_tell_tcp(&q->carrier->voice, (struct bytes){ octets, n },
                 (struct span){ .in = q->carrier->writes, .len = (uint32_t)n }, 0);
    carrier_touch(q->carrier, q->cause);
}

/* The connection will bring no answer: another server, or none. */
static void connection_failed(struct dns_query *q, const struct dns_config *c, struct host *host, const char *how,
                              nsec now)
{
    const struct attr attr = attr_text("domain", q->name);
    event_no said = dns_say(&c->voice, "no_answer_over_tcp", "RFC 7766 §6.2.4", 0, __func__, how, &attr, 1);
    q->refused |= (uint8_t)(1u << q->asked);
    ask_again(q, c, host, said, now);
}

bool dns_query_news(struct dns_query *q, const struct dns_config *c, struct host *host, nsec now,
                    struct dns_message *m)
{
    struct carrier *t = q->carrier;
    if (q->says != DNS_ASKING || !t)
        return false;
    if (t->open && !q->written)
        write_over_tcp(q);
    struct bytes b = ring_peek(&t->in);
    size_t n = b.n < TCP_LENGTH ? 0 : TCP_LENGTH + ((size_t)b.at[0] << 8 | b.at[1]);
    if (n > DNS_TCP_MOST || (n && n <= b.n)) {
        bool whole = n <= b.n;
        if (whole)
            dns_tell_tcp(&t->voice, (struct bytes){ b.at, n }, (struct span){ .in = t->reads, .len = (uint32_t)n }, 0);
        if (whole && message_came(q, c, host, (struct bytes){ b.at + TCP_LENGTH, n - TCP_LENGTH }, now, m))
            return true;
        if (q->carrier == t && q->says == DNS_ASKING)
            connection_failed(q, c, host, whole ? "not the answer" : "longer than an answer may be", now);
        return false;
    }
    if (t->ended || t->peer_done)
        connection_failed(q, c, host, t->fault ? t->fault->came : "the server closed it", now);
    return false;
}

void dns_query_start(struct dns_query *q, const struct dns_config *c, const char *name, uint16_t type,
                     struct host *host, nsec now)
{
    *q = (struct dns_query){ .type = type, .says = DNS_ASKING };
    memcpy(q->name, name, strlen(name) + 1);
    if (!c->n_servers) {
        refuse_about(&q->fault, &no_server, q->name, "a name server to ask", "none is configured");
        q->says = DNS_FAILED;
        return;
    }
    ask_next(q, c, host, 0, now);
}

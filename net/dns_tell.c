#include "net/dns.h"

#include <inttypes.h>
#include <stdio.h>

/* The first address, and how many more there are. */
static void label_address(const struct dns_message *m, unsigned i, char out[DNS_LABEL_TEXT])
{
    char text[ADDR_TEXT], more[24] = "";
    unsigned others = 0;
    for (unsigned k = i + 1; k < m->n_answers; k++)
        others += m->answers[k].addr.len != 0;
    if (others)
        snprintf(more, sizeof more, " and %u more", others);
    snprintf(out, DNS_LABEL_TEXT, "%s %s%s, TTL %" PRIu32, dns_type_words(m->answers[i].type),
             addr_text(&m->answers[i].addr, text), more, m->answers[i].ttl);
}

static void label_answer(const struct dns_message *m, char out[DNS_LABEL_TEXT])
{
    for (unsigned i = 0; i < m->n_answers; i++)
        if (m->answers[i].addr.len) {
            label_address(m, i, out);
            return;
        }
    if (m->rcode == DNS_NOERROR && m->n_answers)
        snprintf(out, DNS_LABEL_TEXT, "CNAME %s", m->answers[0].target);
    else if (dns_rcode_words(m->rcode))
        snprintf(out, DNS_LABEL_TEXT, "%s",
                 m->rcode ? dns_rcode_words(m->rcode) : m->truncated ? "truncated" : "no address");
    else
        snprintf(out, DNS_LABEL_TEXT, "response code %u", m->rcode);
}

char *dns_label(const struct dns_message *m, char out[DNS_LABEL_TEXT])
{
    const char *type = dns_type_words(m->question_type);
    if (m->response)
        label_answer(m, out);
    else if (type)
        snprintf(out, DNS_LABEL_TEXT, "%s? %s", type, m->question);
    else
        snprintf(out, DNS_LABEL_TEXT, "type %u? %s", m->question_type, m->question);
    return out;
}

/* `octets` are the message, behind a length of two octets where it came over TCP. */
static bool read_framed(struct wire_in *in, bool framed, struct dns_message *m)
{
    if (framed)
        take_u16(in, "length");
    return dns_read(in, m, NULL);
}

static event_no tell(const struct voice *v, struct bytes octets, bool framed, struct span on, event_no cause)
{
    struct dns_message m;
    char label[DNS_LABEL_TEXT];
    if (!trace_hears(v->trace))
        return 0;
    struct wire_in in = wire_over(octets.at, octets.n, NULL);
    bool good = read_framed(&in, framed, &m);
    const struct attr attrs[] = { attr_number("query_id", m.id), attr_text("question", m.question) };
    buf_no buf = trace_buf(v->trace, 'd');
    event_no n = trace_emit(v->trace, &(struct event){
        .kind = EVENT_MESSAGE, .level = LEVEL_ALL, .layer = "dns",
        .name = !good ? "broken" : m.response ? "answer" : "query",
        .label = good ? dns_label(&m, label) : "not a DNS message",
        .rfc = framed ? "RFC 7766 §8" : "RFC 1035 §4.1", .by = __func__,
        .host = v->host, .conn = v->conn, .cause = cause, .attrs = attrs, .n_attrs = good ? 2 : 0, .buf = buf,
        .bytes = octets, .spans = &on, .n_spans = on.in && on.len ? 1 : 0 });
    if (trace_wants_fields(v->trace)) {
        const struct watch watch = { .trace = v->trace, .buf = buf, .base = octets.at };
        in = wire_over(octets.at, octets.n, &watch);
        read_framed(&in, framed, &m);
    }
    return n;
}

event_no dns_tell(const struct voice *v, const struct datagram *d)
{
    return tell(v, (struct bytes){ d->bytes, d->len }, false, (struct span){ .in = d->stream, .len = d->len },
                d->cause);
}

event_no dns_tell_tcp(const struct voice *v, struct bytes octets, struct span on, event_no cause)
{
    return tell(v, octets, true, on, cause);
}

event_no dns_say(const struct voice *v, const char *what, const char *rfc, event_no cause, const char *by,
                 const char *label, const struct attr *attrs, size_t n)
{
    if (!trace_hears(v->trace))
        return 0;
    return trace_emit(v->trace, &(struct event){
        .kind = EVENT_DNS, .level = LEVEL_PACKETS, .layer = "dns", .name = what, .label = label, .rfc = rfc,
        .by = by, .host = v->host, .conn = v->conn, .cause = cause, .attrs = attrs, .n_attrs = n });
}

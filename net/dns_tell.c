#include "net/dns.h"

#include <inttypes.h>
#include <stdio.h>

static void label_answer(const struct dns_message *m, char out[DNS_LABEL_TEXT])
{
    char text[ADDR_TEXT];
    for (unsigned i = 0; i < m->n_answers; i++)
        if (m->answers[i].type == DNS_TYPE_A) {
            snprintf(out, DNS_LABEL_TEXT, "A %s, TTL %" PRIu32, addr_text(&m->answers[i].addr, text),
                     m->answers[i].ttl);
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

event_no dns_tell(const struct voice *v, const struct datagram *d)
{
    struct dns_message m;
    char label[DNS_LABEL_TEXT];
    if (!trace_hears(v->trace))
        return 0;
    struct wire_in in = wire_over(d->bytes, d->len, NULL);
    bool good = dns_read(&in, &m, NULL);
    const struct attr attrs[] = { attr_number("query_id", m.id), attr_text("question", m.question) };
    const struct span on = { .in = d->stream, .len = d->len };
    buf_no buf = trace_buf(v->trace, 'd');
    event_no n = trace_emit(v->trace, &(struct event){
        .kind = EVENT_MESSAGE, .level = LEVEL_ALL, .layer = "dns",
        .name = !good ? "broken" : m.response ? "answer" : "query",
        .label = good ? dns_label(&m, label) : "not a DNS message", .rfc = "RFC 1035 §4.1", .by = __func__,
        .host = v->host, .conn = v->conn, .cause = d->cause, .attrs = attrs, .n_attrs = good ? 2 : 0, .buf = buf,
        .bytes = { d->bytes, d->len }, .spans = &on, .n_spans = d->stream ? 1 : 0 });
    if (trace_wants_fields(v->trace)) {
        const struct watch watch = { .trace = v->trace, .buf = buf, .base = d->bytes };
        in = wire_over(d->bytes, d->len, &watch);
        dns_read(&in, &m, NULL);
    }
    return n;
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

#include "net/dns.h"
#include "net/udp_stream.h"

#include <string.h>

static const struct ground not_a_query = { "dns.not_a_query", "RFC 1035 §4.1.1" };
static const struct ground no_room     = { "dns.answer_too_long", "RFC 1035 §4.2.1" };

/* What we know goes into the message; a name that exists without the type asked for has an answer with
 * nothing in it. */
static void look_up(struct dns_message *m, dns_find *find, void *self)
{
    struct dns_record *record = &m->answers[0];
    m->n_answers = 0;
    if (!find(self, m->question, &record->addr, &record->ttl)) {
        m->rcode = DNS_NXDOMAIN;
        return;
    }
    if (m->question_type != DNS_TYPE_A || m->question_class != DNS_CLASS_IN)
        return;
    memcpy(record->name, m->question, sizeof record->name);
    record->type = DNS_TYPE_A;
    m->n_answers = 1;
}

bool dns_serve(const struct datagram *query, dns_find *find, void *self, const struct voice *voice,
               struct datagram *answer, struct fault *why)
{
    struct dns_message m;
    struct wire_in in = wire_over(query->bytes, query->len, NULL);
    event_no read = dns_tell(voice, query);
    if (!dns_read(&in, &m, why))
        return false;
    if (m.response || m.opcode != 0)
        return refuse(why, &not_a_query, "a query with opcode 0", "%s, opcode %u",
                      m.response ? "a response" : "a query", m.opcode);
    look_up(&m, find, self);
    m.response = m.recursion_available = true;
    m.authoritative = m.truncated = false;
    *answer = (struct datagram){ .from = query->to, .from_port = query->to_port,
                                 .to = query->from, .to_port = query->from_port, .cause = read };
    answer->len = (uint32_t)dns_write(&m, answer->bytes, DNS_MESSAGE);
    if (!answer->len)
        return refuse(why, &no_room, "an answer of at most 512 octets", "a longer one");
    answer->stream = udp_stream(voice->trace, answer);
    dns_tell(voice, answer);
    return true;
}

/* dns_zone.c - what a zone says of a name (RFC 1034 §4.3.2, RFC 4592), and the answer made of it. */
#include "net/dns_zone.h"
#include "net/udp_stream.h"

#include <string.h>

static const struct ground not_a_query = { "dns.not_a_query", "RFC 1035 §4.1.1" };
static const struct ground no_room     = { "dns.answer_too_long", "RFC 1035 §4.2.1" };

/* The octets of a message, less than which nobody may be offered (RFC 6891 §6.2.3). */
static unsigned limit(const struct dns_edns *e, unsigned udp_most)
{
    unsigned offered = e->here && e->udp_size > DNS_MESSAGE ? e->udp_size : DNS_MESSAGE;
    return offered < udp_most ? offered : udp_most;
}

/* A name is there when it has records, or one below it has. */
static bool exists(const struct zone *z, const char *name)
{
    for (unsigned i = 0; i < z->n; i++)
        if (dns_name_in(z->records[i].record.name, name))
            return true;
    return false;
}

/* RFC 4592 §2.2.1: the nearest name above that is there; its wildcard stands for all that are not. */
static const char *closest_encloser(const struct zone *z, const char *name)
{
    while (*name && !exists(z, name)) {
        name += strcspn(name, ".");
        name += *name == '.';
    }
    return name;
}

/* Adds the records of this type that `owner` has, under the name that was asked for; how many. */
static unsigned add(const struct zone *z, struct dns_message *m, const char *owner, bool wildcard, const char *name,
                    uint16_t type)
{
    unsigned added = 0;
    if (type != DNS_TYPE_A && type != DNS_TYPE_AAAA && type != DNS_TYPE_CNAME)
        return 0;
    for (unsigned i = 0; i < z->n && m->n_answers < DNS_ANSWERS; i++) {
        const struct zone_record *r = &z->records[i];
        if (r->wildcard != wildcard || r->record.type != type || strcmp(r->record.name, owner) != 0)
            continue;
        m->answers[m->n_answers] = r->record;
        memmove(m->answers[m->n_answers++].name, name, strlen(name) + 1);
        added++;
    }
    return added;
}

static bool has_any(const struct zone *z, const char *owner, bool wildcard)
{
    for (unsigned i = 0; i < z->n; i++)
        if (z->records[i].wildcard == wildcard && strcmp(z->records[i].record.name, owner) == 0)
            return true;
    return false;
}

/* What is known of the question goes into the message, from alias to alias. */
static void look_up(const struct zone *z, struct dns_message *m)
{
    char name[DNS_NAME];
    memcpy(name, m->question, sizeof name);
    for (unsigned aliases = 0; aliases <= ZONE_ALIASES; aliases++) {
        bool wildcard = !exists(z, name);
        const char *owner = wildcard ? closest_encloser(z, name) : name;
        if (add(z, m, owner, wildcard, name, m->question_type))
            return;
        if (m->question_type != DNS_TYPE_CNAME && add(z, m, owner, wildcard, name, DNS_TYPE_CNAME)) {
            memcpy(name, m->answers[m->n_answers - 1].target, sizeof name);
            if (z->soa.here && !dns_name_in(name, z->soa.zone))
                return;                               /* another zone's: who asks must ask there */
            continue;
        }
        m->rcode = wildcard && !has_any(z, owner, true) ? DNS_NXDOMAIN : DNS_NOERROR;
        m->soa = z->soa;                              /* RFC 2308 §3 */
        return;
    }
}

bool zone_address(const struct zone *z, const char *name, uint16_t type, struct addr *out)
{
    struct dns_message m = { .question_type = type };
    memcpy(m.question, name, strlen(name) + 1);
    look_up(z, &m);
    for (unsigned i = 0; i < m.n_answers; i++)
        if (m.answers[i].type == type) {
            *out = m.answers[i].addr;
            return true;
        }
    return false;
}

static void answer(const struct zone *z, struct dns_message *m)
{
    m->response = m->recursion_available = true;
    m->authoritative = m->truncated = false;
    m->n_answers = 0;
    m->rcode = DNS_NOERROR;
    m->soa.here = false;
    if (m->edns.here && m->edns.version)
        m->rcode = DNS_BADVERS;
    else if (m->question_class != DNS_CLASS_IN || (z->soa.here && !dns_name_in(m->question, z->soa.zone)))
        m->rcode = DNS_REFUSED;
    else
        look_up(z, m);
    m->edns.version = 0;
    m->edns.udp_size = DNS_UDP_SIZE;
}

size_t zone_answer(const struct zone *z, struct bytes query, unsigned udp_most, uint8_t *out, size_t room,
                   struct fault *why)
{
    struct dns_message m;
    struct wire_in in = wire_over(query.at, query.n, NULL);
    if (!dns_read(&in, &m, why))
        return 0;
    if (m.response || m.opcode != 0) {
        refuse(why, &not_a_query, "a query with opcode 0", "%s, opcode %u", m.response ? "a response" : "a query",
               m.opcode);
        return 0;
    }
    size_t most = udp_most && limit(&m.edns, udp_most) < room ? limit(&m.edns, udp_most) : room;
    answer(z, &m);
    size_t n = dns_write(&m, out, most);
    if (n == 0) {                                     /* RFC 2181 §9: nobody may make sense of a part */
        m.truncated = true;
        m.n_answers = 0;
        m.soa.here = false;
        n = dns_write(&m, out, room);
    }
    if (n == 0)
        refuse(why, &no_room, "room for an answer", "none");
    return n;
}

bool dns_serve(const struct datagram *query, const struct zone *z, unsigned udp_most, const struct voice *voice,
               struct datagram *answer_out, struct fault *why)
{
    event_no read = dns_tell(voice, query);
    *answer_out = (struct datagram){ .from = query->to, .from_port = query->to_port,
                                     .to = query->from, .to_port = query->from_port, .cause = read };
    answer_out->len = (uint32_t)zone_answer(z, (struct bytes){ query->bytes, query->len }, udp_most,
                                            answer_out->bytes, sizeof answer_out->bytes, why);
    if (!answer_out->len)
        return false;
    answer_out->stream = udp_stream(voice->trace, answer_out);
    dns_tell(voice, answer_out);
    return true;
}

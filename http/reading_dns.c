#include "http/reading_inside.h"

#include <stdio.h>
#include <string.h>

static struct seen_dns *nth_last(struct reading *r, uint64_t back, struct dns_kept **kept)
{
    uint64_t n = r->dns_all - 1 - back;
    *kept = &r->kept[n % READING_DNS];
    return &r->facts.dns[n % READING_DNS];
}

static struct seen_dns *add(struct reading *r, struct dns_kept **kept)
{
    unsigned i = (unsigned)(r->dns_all++ % READING_DNS);
    r->facts.dns[i] = (struct seen_dns){ 0 };
    r->kept[i] = (struct dns_kept){ 0 };
    r->facts.n_dns = r->dns_all < READING_DNS ? (unsigned)r->dns_all : READING_DNS;
    *kept = &r->kept[i];
    return &r->facts.dns[i];
}

static bool same_question_as(const struct seen_dns *s, const struct dns_message *m)
{
    return strcmp(s->name, m->question) == 0 && s->type == m->question_type;
}

/* The latest exchange between these two with this id: about this question, else about any. Some ask for A and AAAA with
 * one id. */
static struct seen_dns *find(struct reading *r, const struct addr *client, uint16_t port, const struct addr *server,
                             const struct dns_message *m, struct dns_kept **kept)
{
    struct seen_dns *found = NULL;
    struct dns_kept *k;
    for (uint64_t i = 0; i < r->facts.n_dns; i++) {
        struct seen_dns *s = nth_last(r, i, &k);
        if (s->id != m->id || k->port != port || !addr_same(&s->client, client) || !addr_same(&s->server, server) ||
            (found && !same_question_as(s, m)))
            continue;
        found = s;
        *kept = k;
        if (m->no_question || same_question_as(s, m))
            break;
    }
    return found;
}

static void take_query(struct reading *r, const struct dns_ends *e, const struct dns_message *m)
{
    struct dns_kept *kept;
    struct seen_dns *s = find(r, &e->from, e->from_port, &e->to, m, &kept);
    if (s && !s->answered && strcmp(s->name, m->question) == 0 && s->type == m->question_type) {
        s->asked_times++;
        return;
    }
    s = add(r, &kept);
    kept->port = e->from_port;
    memcpy(s->name, m->question, sizeof s->name);
    s->type = m->question_type;
    s->id = m->id;
    s->client = e->from;
    s->server = e->to;
    s->asked_packet = r->packet;
    s->asked = r->now;
    s->asked_times = 1;
}

static unsigned addresses_of(const struct dns_message *m, struct addr out[DNS_ANSWERS])
{
    unsigned n = 0;
    for (unsigned i = 0; i < m->n_answers; i++)
        if (m->answers[i].addr.len)
            out[n++] = m->answers[i].addr;
    return n;
}

static bool in(const struct addr *a, const struct addr *all, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (addr_same(a, &all[i]))
            return true;
    return false;
}

/* The same answer with its addresses in another order is the same (a server deals them out in turn). */
static bool differs(const struct seen_dns *s, const struct dns_kept *kept, const struct dns_message *m)
{
    struct addr all[DNS_ANSWERS];
    unsigned n = addresses_of(m, all);
    if (s->rcode != m->rcode || (kept->n == 0) != (n == 0))
        return true;
    for (unsigned i = 0; i < n; i++)
        if (in(&all[i], kept->answers, kept->n))
            return false;
    return n > 0;
}

static void take_first(struct reading *r, struct seen_dns *s, struct dns_kept *kept, const struct dns_message *m)
{
    s->answered = true;
    s->answer_packet = r->packet;
    s->took = s->asked_packet ? r->now - s->asked : 0;
    s->rcode = m->rcode;
    kept->n = addresses_of(m, kept->answers);
    s->answers = kept->n;
    for (unsigned i = 0; i < kept->n && i < SEEN_ADDRESSES; i++)
        s->addresses[i] = kept->answers[i];
    if (kept->n)
        s->answer = kept->answers[0];
    for (unsigned i = 0; i < kept->n; i++)
        reading_name(r, &kept->answers[i], s->name);
}

/* A question that waits, asked from where this answer goes, and not of this id. */
static struct seen_dns *same_question(struct reading *r, const struct dns_ends *e, const struct dns_message *m)
{
    for (unsigned i = 0; i < r->facts.n_dns && i < READING_DNS; i++) {
        struct seen_dns *s = &r->facts.dns[i];
        if (!s->answered && r->kept[i].port == e->to_port && addr_same(&s->client, &e->to) &&
            addr_same(&s->server, &e->from) && s->type == m->question_type && strcmp(s->name, m->question) == 0)
            return s;
    }
    return NULL;
}

static void take_answer(struct reading *r, const struct dns_ends *e, const struct dns_message *m)
{
    struct dns_kept *kept;
    struct seen_dns *s = find(r, &e->to, e->to_port, &e->from, m, &kept);
    if (!s && (s = same_question(r, e, m)) != NULL) {  /* somebody guesses at the id */
        s->other_question = true;
        s->other_packet = r->packet;
        return;
    }
    if (!s) {                                         /* its question is not in the capture */
        s = add(r, &kept);
        kept->port = e->to_port;
        memcpy(s->name, m->question, sizeof s->name);
        s->type = m->question_type;
        s->id = m->id;
        s->client = e->to;
        s->server = e->from;
        s->asked = r->now;
    } else if (!m->no_question && (strcmp(s->name, m->question) != 0 || s->type != m->question_type)) {
        s->other_question = true;
        s->other_packet = r->packet;
        return;
    }
    if (!s->answered) {
        take_first(r, s, kept, m);
    } else if (!s->other_answer && differs(s, kept, m)) {
        struct addr all[DNS_ANSWERS];
        s->other_answer = true;
        s->other_packet = r->packet;
        if (addresses_of(m, all))
            s->other = all[0];
    }
}

void reading_dns(struct reading *r, const struct dns_ends *e, struct bytes message)
{
    struct dns_message m;
    struct wire_in wire = wire_over(message.at, message.n, NULL);
    if (!dns_read(&wire, &m, NULL) || m.opcode)
        return;
    if (m.response && e->from_port == DNS_PORT)
        take_answer(r, e, &m);
    else if (!m.response && e->to_port == DNS_PORT)
        take_query(r, e, &m);
}

/* The error quotes no id: it is about the latest question between these two ports that waits. */
void reading_dns_refused(struct reading *r, const struct ip_seen *ip, const struct icmp_message *m)
{
    bool no_port = ip->h.protocol == IP_ICMP6 ? m->type == 1 && m->code == 4 : m->type == 3 && m->code == 3;
    struct dns_kept *kept;
    for (uint64_t i = 0; no_port && m->quoted_destination_port == DNS_PORT && i < r->facts.n_dns; i++) {
        struct seen_dns *s = nth_last(r, i, &kept);
        if (s->answered || s->refused_packet || kept->port != m->quoted_source_port ||
            !addr_same(&s->client, &m->quoted.source) || !addr_same(&s->server, &m->quoted.destination))
            continue;
        s->refused_packet = r->packet;
        s->refused_by = ip->h.source;
        return;
    }
}

size_t talk_dns_take(struct talk *t, unsigned side, struct bytes b, uint64_t offset)
{
    const struct flow *f = t->c.flow;
    if (b.n < 2)
        return 0;
    size_t n = 2 + (size_t)(b.at[0] << 8 | b.at[1]);
    if (b.n < n)
        return 0;
    struct dns_ends e = { f->side[side].addr, f->side[1 - side].addr, f->side[side].port, f->side[1 - side].port };
    const struct voice v = talk_voice(t, 1 - side);
    const struct span where = { .in = t->stream[side], .len = (uint32_t)n, .off = offset };
    dns_tell_tcp(&v, (struct bytes){ b.at, n }, where, 0);
    reading_dns(t->reading, &e, (struct bytes){ b.at + 2, n - 2 });
    t->c.text[side] += n;
    return n;
}

const struct seen_dns *reading_dns_of(const struct reading *r, const struct addr *server, const struct addr *client)
{
    const struct seen_dns *found = NULL;
    for (uint64_t i = 0; i < r->facts.n_dns; i++) {
        uint64_t n = (r->dns_all - 1 - i) % READING_DNS;
        const struct seen_dns *s = &r->facts.dns[n];
        bool told = in(server, r->kept[n].answers, r->kept[n].n) ||
                    (s->other_answer && addr_same(server, &s->other));
        if (told && addr_same(&s->client, client))
            return s;
        if (told && !found)
            found = s;
    }
    return found;
}

void reading_name(struct reading *r, const struct addr *a, const char *name)
{
    uint64_t have = r->names_all < READING_NAMES ? r->names_all : READING_NAMES;
    struct known_name *k = NULL;
    for (uint64_t i = 0; i < have && !k; i++)
        if (addr_same(&r->names[i].addr, a))
            k = &r->names[i];
    if (!k)
        k = &r->names[r->names_all++ % READING_NAMES];
    k->addr = *a;
    snprintf(k->name, sizeof k->name, "%s", name);
}

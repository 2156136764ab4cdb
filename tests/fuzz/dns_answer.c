/* Whatever comes to the port of a lookup, and to the sealed resolver. What is read keeps its promises, what
 * is named lies within. */
#include "net/dns_lookup.h"
#include "net/dns_zone.h"
#include "net/seed.h"

#include <stdlib.h>
#include <string.h>

static uint16_t open_port(struct host *host, uint16_t port, struct fault *why)
{
    (void)host, (void)port, (void)why;
    return 4000;
}

static void close_port(struct host *host, uint16_t port)
{
    (void)host, (void)port;
}

static bool send_nowhere(struct host *host, struct datagram *d, nsec now)
{
    (void)host, (void)now;
    d->from = addr_v4(10, 0, 0, 2);
    d->stream = 1;
    return true;
}

/* An answer that is cut is asked for again over TCP. */
static struct carrier *connect_nowhere(struct host *host, const struct addr *to, uint16_t port, nsec now, struct fault *why)
{
    (void)host, (void)to, (void)port, (void)now, (void)why;
    return NULL;
}

static void look_at_field(struct view *v, const struct trace *t, const struct field *f)
{
    (void)v, (void)t;
    if (f->off > DATAGRAM_MAX || f->len > DATAGRAM_MAX - f->off || !f->name)
        abort();
}

static void look_up(const struct datagram *came, struct trace *t)
{
    static const struct host_ops ops = { .udp_open = open_port,
                                         .udp_close = close_port,
                                         .udp_send = send_nowhere,
                                         .connect = connect_nowhere };
    struct host host = { .ops = &ops };
    struct dns_cache cache = { .next = 0 };
    struct seed_chance chance;
    struct dns_lookup l;
    seed_chance_start(&chance, 1, 1, 0);
    const struct dns_config config = { .server = { came->from },
                                       .n_servers = 1,
                                       .cache = &cache,
                                       .chance = &chance.chance,
                                       .voice = { .trace = t, .host = 1 } };
    struct datagram d = *came;
    dns_lookup_start(&l, &config, "www.example.test", &host, 0);
    dns_lookup_step(&l, &host, &d, 0);
    const struct dns_query *q = &l.family[DNS_FAMILY_A].query;
    if (l.says == DNS_ASKING && d.len >= 2) {                     /* now one that knew the id and the letters */
        d.bytes[0] = (uint8_t)(q->id >> 8);
        d.bytes[1] = (uint8_t)q->id;
        for (unsigned i = 0, at = 13; q->spelled[i] && at < d.len; i++, at++)
            if ((d.bytes[at] | 0x20) == (q->spelled[i] | 0x20))
                d.bytes[at] = (uint8_t)q->spelled[i];
        dns_lookup_step(&l, &host, &d, 0);
    }
    if ((l.says == DNS_FOUND && l.addr.len != 4) || (l.says == DNS_FAILED && !l.fault.ground))
        abort();
}

static bool same_record(const struct dns_record *a, const struct dns_record *b)
{
    return strcmp(a->name, b->name) == 0 && a->type == b->type && a->ttl == b->ttl
           && addr_same(&a->addr, &b->addr) && strcmp(a->target, b->target) == 0;
}

static bool same_message(const struct dns_message *a, const struct dns_message *b)
{
    bool same = a->id == b->id && a->response == b->response && a->truncated == b->truncated
                && a->rcode == b->rcode && a->opcode == b->opcode && strcmp(a->question, b->question) == 0
                && a->question_type == b->question_type && a->question_class == b->question_class && a->no_question == b->no_question
                && a->n_answers == b->n_answers;
    for (unsigned i = 0; same && i < a->n_answers; i++)
        same = same_record(&a->answers[i], &b->answers[i]);
    return same;
}

/* What was read and is of our kinds can be written, and reads the same again. */
static void write_back(const struct datagram *d)
{
    struct dns_message m, back;
    uint8_t out[2 * DATAGRAM_MAX];                                /* without pointers it is longer */
    struct wire_in in = wire_over(d->bytes, d->len, NULL);
    if (!dns_read(&in, &m, NULL))
        return;
    if (m.no_question)                                            /* what may come with it is not written */
        m.n_answers = 0, m.soa.here = m.edns.here = false, m.rcode &= 15;
    size_t n = dns_write(&m, out, sizeof out);
    in = wire_over(out, n, NULL);
    if (!n || !dns_read(&in, &back, NULL) || !same_message(&m, &back))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char text[] = "$ORIGIN test.\n@ 60 SOA a b 1 2 3 4 5\nwww.example CNAME b\nb A 10.0.0.80\nb AAAA fd00::80\n"
                               "*.w A 10.0.0.81\n";
    static struct datagram d, answer;
    static struct zone zone;
    struct view view = { .field = look_at_field };
    struct trace *t = trace_new(0);
    if (n > DATAGRAM_MAX || !t) {
        trace_free(t);
        return 0;
    }
    trace_attach(t, &view);
    d = (struct datagram){ .from = addr_v4(10, 0, 0, 53),
                           .from_port = DNS_PORT,
                           .to = addr_v4(10, 0, 0, 2),
                           .to_port = 4000,
                           .len = (uint32_t)n,
                           .stream = 1 };
    if (n)
        memcpy(d.bytes, bytes, n);
    look_up(&d, t);
    write_back(&d);
    if (!zone.n)
        zone_read(&zone, text, sizeof text - 1, NULL);
    dns_serve(&d, &zone, DNS_UDP_SIZE, &(struct voice){ .trace = t, .host = 2 }, &answer, NULL);
    trace_free(t);
    return 0;
}

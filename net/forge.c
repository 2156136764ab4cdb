#include "net/forge.h"
#include "net/tell.h"
#include "net/udp.h"

#include <string.h>

static struct forged *slot(struct forger *f)
{
    return f->n < FORGED ? &f->queue[(f->first + f->n) % FORGED] : NULL;
}

/* n octets lie behind the room for the IP header of the slot: makes them a packet of `from`. */
static void post(struct forger *f, struct forged *p, enum ip_protocol protocol, const struct addr *from,
                 const struct addr *to, size_t n, event_no cause)
{
    if (n == 0)
        return;
    const struct ip_header ip = { .total_length = (uint32_t)(ip_header_size(to) + n), .dont_fragment = true,
                                  .hop_limit = IP_HOPS, .protocol = (uint8_t)protocol, .source = *from,
                                  .destination = *to };
    ip_write(&ip, p->octets);
    p->n = ip.total_length;
    p->cause = cause;
    p->stream = 0;
    f->n++;
}

void forge_segment(struct forger *f, const struct addr *from, const struct addr *to, const struct tcp_segment *s,
                   event_no cause)
{
    struct forged *p = slot(f);
    unsigned head = ip_header_size(to);
    if (p)
        post(f, p, IP_TCP, from, to, tcp_segment_write(s, from, to, p->octets + head, FORGED_OCTETS - head), cause);
}

void forge_datagram(struct forger *f, const struct datagram *d)
{
    struct forged *p = slot(f);
    if (!p)
        return;
    size_t n = udp_write(d, p->octets + ip_header_size(&d->to), FORGED_OCTETS - ip_header_size(&d->to));
    post(f, p, IP_UDP, &d->from, &d->to, n, d->cause);
    p->stream = d->stream;
}

void forge_error(struct forger *f, const struct addr *from, const struct addr *to, const struct icmp_error *e,
                 const struct bytes *quoted, event_no cause)
{
    struct forged *p = slot(f);
    size_t n = quoted->n < ICMP_QUOTED_MAX ? quoted->n : ICMP_QUOTED_MAX;
    if (p)
        post(f, p, to->len == 16 ? IP_ICMP6 : IP_ICMP, from, to,
             icmp_write_error(e, from, to, quoted->at, n, p->octets + ip_header_size(to)), cause);
}

/* ---- as a host ---- */

static bool forger_output(struct host *host, struct packet *p, nsec now)
{
    struct forger *f = (struct forger *)host;
    if (f->n == 0 || p->room < FORGED_OCTETS)
        return false;
    const struct forged *forged = &f->queue[f->first];
    f->first = (f->first + 1) % FORGED;
    f->n--;
    memcpy(p->bytes, forged->octets, forged->n);
    p->len = forged->n;
    p->at = now;
    p->buf = 0;
    p->cause = forged->cause;
    tell_packet(&host->voice, p, &(struct told){ .cause = forged->cause, .stream = forged->stream });
    return true;
}

static void forger_input(struct host *host, struct packet *p, nsec now) { (void)host, (void)p, (void)now; }
static void forger_tick(struct host *host, nsec now) { (void)host, (void)now; }
static nsec forger_wake(const struct host *host) { (void)host; return NEVER; }
static bool forger_busy(const struct host *host) { (void)host; return false; }

void forger_start(struct forger *f, const struct voice *voice)
{
    static const struct host_ops ops = {
        .input = forger_input, .output = forger_output, .wake = forger_wake, .tick = forger_tick,
        .busy = forger_busy };
    *f = (struct forger){ .host = { .ops = &ops, .voice = *voice } };
}

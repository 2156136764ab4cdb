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
    const struct ip4_header ip = { .total_length = (uint16_t)(IP4_HEADER + n), .dont_fragment = true,
                                   .time_to_live = IP4_TTL, .protocol = (uint8_t)protocol, .source = *from,
                                   .destination = *to };
    ip4_write(&ip, p->octets);
    p->n = ip.total_length;
    p->cause = cause;
    p->stream = 0;
    f->n++;
}

void forge_segment(struct forger *f, const struct addr *from, const struct addr *to, const struct tcp_segment *s,
                   event_no cause)
{
    struct forged *p = slot(f);
    if (p)
        post(f, p, IP_TCP, from, to,
             tcp_segment_write(s, from, to, p->octets + IP4_HEADER, FORGED_OCTETS - IP4_HEADER), cause);
}

void forge_datagram(struct forger *f, const struct datagram *d)
{
    struct forged *p = slot(f);
    if (!p)
        return;
    size_t n = udp_write(d, p->octets + IP4_HEADER, FORGED_OCTETS - IP4_HEADER);
    post(f, p, IP_UDP, &d->from, &d->to, n, d->cause);
    p->stream = d->stream;
}

void forge_unreachable(struct forger *f, const struct addr *from, const struct addr *to,
                       enum icmp_unreachable code, uint16_t next_hop_mtu, const struct bytes *quoted, event_no cause)
{
    struct forged *p = slot(f);
    if (!p)
        return;
    uint8_t *room = p->octets + IP4_HEADER;
    size_t n = code == ICMP_TOO_BIG ? icmp_write_too_big(next_hop_mtu, quoted->at, quoted->n, room)
                                    : icmp_write_unreachable(code, quoted->at, quoted->n, room);
    post(f, p, IP_ICMP, from, to, n, cause);
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

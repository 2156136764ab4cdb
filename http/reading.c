#include "http/reading_inside.h"
#include "net/frame.h"
#include "net/icmp.h"
#include "net/udp.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_USUAL = 1 << 30, LEAST = 1 << 20 };

struct reading *reading_new(const struct reading_config *config)
{
    struct reading *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->config = *config;
    size_t most = config->most ? config->most : MOST_USUAL;
    r->flows = flows_new(&(struct flows_config){ .most = most < LEAST ? LEAST : most, .chance = config->chance });
    r->sessions = watch_sessions_new();
    r->known = watch_known_new();
    if (r->flows && r->sessions)
        return r;
    reading_free(r);
    return NULL;
}

void reading_free(struct reading *r)
{
    struct flow *f;
    if (!r)
        return;
    if (r->flows)
        flows_end(r->flows);
    while (r->flows && (f = flows_over(r->flows)) != NULL) {      /* who wanted them has taken them */
        talk_free(f->user);
        f->user = NULL;
        flows_give(r->flows, f);
    }
    flows_free(r->flows);
    watch_sessions_free(r->sessions);
    watch_known_free(r->known);
    reassembly_free(r->fragments);
    free(r->mended);
    free(r);
}

const struct capture_facts *reading_facts(const struct reading *r) { return &r->facts; }

void reading_cut(struct reading *r, const struct fault *why)
{
    r->facts.cut = true;
    r->facts.cut_fault = *why;
}

/* ---- what a frame holds ---- */

static void refused(struct reading *r, const struct fault *why)
{
    if (r->facts.refused++ == 0) {
        r->facts.first_refused = *why;
        r->facts.first_refused_packet = r->packet;
    }
}

/* RFC 9293 §3.1. A sum that is just the pseudo-header's was left to the card: the frame was taken where it was sent. (A
 * card that is to cut a segment in pieces gets it from some systems without the length.) */
static void judge_sum(struct reading *r, const struct ip_seen *ip, struct flow_packet *p)
{
    const uint8_t *at = ip->payload.at;
    const struct ip_header *h = &ip->h;
    if (ip->missing)
        return;
    bool right = ip_checksum(&h->source, &h->destination, IP_TCP, at, ip->payload.n) == 0;
    p->sum = right ? FLOW_SUM_RIGHT : FLOW_SUM_WRONG;
    if (right)
        return;
    unsigned sum = (unsigned)(at[TCP_CHECKSUM_AT] << 8 | at[TCP_CHECKSUM_AT + 1]);
    p->sum_is_pseudo = sum == ip_pseudo_sum(&h->source, &h->destination, IP_TCP, ip->payload.n) ||
                       sum == ip_pseudo_sum(&h->source, &h->destination, IP_TCP, 0);
    r->facts.sums_wrong++;
    r->facts.sums_pseudo += p->sum_is_pseudo;
}

static bool is_wanted(const struct reading *r, const struct flow *f)
{
    for (size_t i = 0; i < r->config.n_only; i++)
        if (r->config.only[i] == f->id)
            return true;
    return r->config.n_only == 0;
}

static struct talk *talk_of(struct reading *r, struct flow *f)
{
    struct talk *t = f->user;
    if (!t && (t = talk_new(r, f)) != NULL) {
        t->c.looked = is_wanted(r, f);
        f->user = t;
    }
    return t;
}

static void take_tcp(struct reading *r, const struct ip_seen *ip, struct bytes told)
{
    struct wire_in in = wire_over(ip->payload.at, ip->payload.n, NULL);
    struct tcp_segment s;
    struct fault why = { 0 };
    unsigned side, marks;
    r->facts.tcp++;
    if (!tcp_segment_read(&in, &s, &why)) {
        refused(r, &why);
        reading_tell(r, told, NULL, 0);
        return;
    }
    uint32_t missing = ip->missing < s.text.n ? ip->missing : (uint32_t)s.text.n;
    struct flow_packet p = { .number = r->packet, .at = r->now, .ip = &ip->h, .segment = &s, .missing = missing };
    judge_sum(r, ip, &p);
    s.text.n -= missing;
    struct flow *f = flows_take(r->flows, &p, &side, &marks);
    struct talk *t = f ? talk_of(r, f) : NULL;
    if (!t || t->c.looked)
        reading_tell(r, told, f ? &(struct seen_segment){ f, side, marks } : NULL, 0);
    if (f && r->config.segment)
        r->config.segment(r->config.self, f, side, &p, marks);
    if (!t)
        return;
    talk_feed(t, side);
    talk_feed(t, 1 - side);                           /* an ACK may have said what will not come any more */
}

static void take_udp(struct reading *r, const struct ip_seen *ip, struct bytes told)
{
    struct wire_in in = wire_over(ip->payload.at, ip->payload.n, NULL), payload;
    struct udp_header h;
    struct fault why = { 0 };
    r->facts.udp++;
    if (!udp_read(&in, &h, &payload, &why))
        refused(r, &why);
    bool dns = !why.ground && !ip->missing && (h.source_port == DNS_PORT || h.destination_port == DNS_PORT);
    buf_no stream = dns && trace_hears(reading_trace(r)) ? trace_stream(reading_trace(r), &r->packet, sizeof r->packet)
                                                         : 0;
    if (dns || r->config.n_only == 0)
        reading_tell(r, told, NULL, stream);
    if (!dns)
        return;
    struct dns_ends ends = { ip->h.source, ip->h.destination, h.source_port, h.destination_port };
    const struct bytes message = { payload.at, wire_left(&payload) };
    reading_tell_dns(r, &ends, message, stream);
    reading_dns(r, &ends, message);
}

/* An error quotes the packet that it is about. */
static void take_icmp(struct reading *r, const struct ip_seen *ip, struct bytes told)
{
    struct wire_in in = wire_over(ip->payload.at, ip->payload.n, NULL);
    bool six = ip->h.protocol == IP_ICMP6;
    struct icmp_message m = { 0 };
    r->facts.icmp++;
    if (r->config.n_only == 0)
        reading_tell(r, told, NULL, 0);
    bool good = !ip->missing && (six ? icmp6_read(&in, &ip->h.source, &ip->h.destination, &m, NULL)
                                     : icmp_read(&in, &m, NULL));
    if (good && m.quoted.total_length && m.quoted.protocol == IP_UDP)
        reading_dns_refused(r, ip, &m);
    if (!good || !m.quoted.total_length || m.quoted.protocol != IP_TCP)
        return;
    struct flow *f = flows_find(r->flows, &m.quoted.source, m.quoted_source_port, &m.quoted.destination,
                                m.quoted_destination_port);
    struct talk *t = f ? talk_of(r, f) : NULL;
    if (t && t->c.n_icmp < CONVERSATION_ICMP)
        t->c.icmp[t->c.n_icmp++] = (struct seen_icmp){ .from = ip->h.source, .version = six ? 6 : 4, .type = m.type,
                                                       .code = m.code, .mtu = m.next_hop_mtu, .packet = r->packet };
}

static void take_payload(struct reading *r, const struct ip_seen *ip, struct bytes told)
{
    switch (ip->h.protocol) {
    case IP_TCP:   take_tcp(r, ip, told); break;
    case IP_UDP:   take_udp(r, ip, told); break;
    case IP_ICMP:
    case IP_ICMP6: take_icmp(r, ip, told); break;
    default:
        if (r->config.n_only == 0)
            reading_tell(r, told, NULL, 0);
        break;
    }
}

static void take_fragment(struct reading *r, const struct ip_seen *ip)
{
    struct bytes whole;
    struct ip_problem problem;
    struct fault why = { 0 };
    r->facts.fragments++;
    if (ip->missing || (!r->fragments && !(r->fragments = reassembly_new())))
        return;
    enum reassembled said = reassembly_take(r->fragments, &ip->h, ip->packet, &ip->payload, r->now, &whole, &problem,
                                            &why);
    if (said == REASSEMBLY_REFUSED)
        refused(r, &why);
    if (said != REASSEMBLY_WHOLE)
        return;
    struct ip_seen again;
    if (!reading_ip(r, whole, 0, &again, &why))
        refused(r, &why);
    else if (!ip_is_fragment(&again.h))
        take_payload(r, &again, (struct bytes){ NULL, 0 });
}

static void take_packet(struct reading *r, struct bytes kept, uint32_t lost)
{
    struct ip_seen ip;
    struct fault why = { 0 };
    struct bytes first;
    while (r->fragments && reassembly_expire(r->fragments, r->now, &first))
        ;
    if (!reading_ip(r, kept, lost, &ip, &why)) {
        refused(r, &why);
        reading_tell(r, kept, NULL, 0);
    } else if (ip_is_fragment(&ip.h)) {
        reading_tell(r, kept, NULL, 0);
        take_fragment(r, &ip);
    } else {
        take_payload(r, &ip, kept);
    }
}

static void take_time(struct reading *r, const struct capture_frame *f)
{
    if (!f->has_time)
        return;
    if (r->facts.frames == 1)
        r->facts.first_at = f->at;
    else if (f->at < r->now)
        r->facts.backwards++;
    if (r->facts.frames == 1 || f->at > r->facts.last_at)
        r->facts.last_at = f->at;
    r->now = f->at;
    trace_at(reading_trace(r), f->at);
}

void reading_frame(struct reading *r, const struct capture_frame *f)
{
    struct wire_in in = wire_over(f->bytes.at, f->bytes.n, NULL), packet;
    struct frame around;
    struct fault why = { 0 };
    r->packet = f->number;
    r->facts.frames++;
    r->facts.octets += f->wire_n;
    r->facts.cut_frames += f->wire_n > f->bytes.n;
    take_time(r, f);
    trace_because(reading_trace(r), 0);
    switch (frame_read(f->link, &in, &around, &packet, &why)) {
    case FRAME_IP:
        take_packet(r, (struct bytes){ packet.at, wire_left(&packet) },
                    f->wire_n > f->bytes.n ? (uint32_t)(f->wire_n - f->bytes.n) : 0);
        break;
    case FRAME_OTHER:
        r->facts.not_ip++;
        break;
    case FRAME_REFUSED:
        refused(r, &why);
        break;
    }
    trace_turn(reading_trace(r));
}

/* ---- conversations ---- */

void reading_end(struct reading *r) { flows_end(r->flows); }

struct conversation *reading_over(struct reading *r)
{
    struct flow *f;
    while ((f = flows_over(r->flows)) != NULL) {
        struct talk *t = f->user;
        if (t) {
            talk_ended(t);
            trace_turn(reading_trace(r));
            return &t->c;
        }
        flows_give(r->flows, f);
    }
    return NULL;
}

const struct conversation *reading_of(const struct flow *f) { return f->user; }

void reading_give(struct reading *r, struct conversation *c)
{
    struct flow *f = c->flow;
    talk_free((struct talk *)c);
    f->user = NULL;
    flows_give(r->flows, f);
}

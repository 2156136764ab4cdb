#include "net/ether.h"
#include "net/routes.h"
#include "net/tell.h"

#include <string.h>

static const struct ground ether_cut     = { "ether.cut",     "RFC 894" };
static const struct ground arp_sender    = { "arp.sender",    "RFC 826" };
static const struct ground arp_changed   = { "arp.changed",   "RFC 826" };
static const struct ground arp_conflict  = { "arp.conflict",  "RFC 5227 §2.4" };
static const struct ground arp_no_answer = { "arp.no_answer", "RFC 1122 §2.3.2.1" };

enum ethertype { TYPE_IP4 = 0x0800, TYPE_ARP = 0x0806, TYPE_IP6 = 0x86dd };
enum { PROBES = 3, TRIES = 4 };
#define PROBE_APART  (30 * MILLISECOND)               /* RFC 5227 §1.1 has 1 to 2 s */
#define PROBE_LISTEN (50 * MILLISECOND)               /* ... and 2 s after the last */
#define ASK_APART    (1 * SECOND)                     /* RFC 1122 §2.3.2.1: no oftener */
#define BELIEVED     (60 * SECOND)
#define DEFEND_APART (10 * SECOND)                    /* RFC 5227 §1.1 */

static const struct mac everybody = { { 255, 255, 255, 255, 255, 255 } }, nobody = { { 0 } };

static void tell(const struct ether *e, const struct ground *ground, const char *expected, const struct addr *who,
                 const char *answer)
{
    char text[ADDR_TEXT];
    struct fault why = { 0 };
    if (!trace_hears(e->config.voice.trace))
        return;
    refuse(&why, ground, expected, "%s", addr_text(who, text));
    why.answer = answer;
    tell_drop(&e->config.voice, "arp", __func__, &why);
}

/* --- ARP that goes --- */

static void say(struct ether *e, const struct mac *to, enum arp_operation operation, const struct addr *from,
                const struct mac *target_mac, const struct addr *target)
{
    if (e->n_answers == ETHER_ANSWERS)
        return;
    e->answers[e->n_answers].to = *to;
    e->answers[e->n_answers++].arp = (struct arp_packet){
        .operation = (uint16_t)operation, .sender_mac = e->config.mac, .sender = *from, .target_mac = *target_mac,
        .target = *target };
}

/* RFC 5227 §2.3: "this is mine", asked and answered in one. */
static void announce(struct ether *e)
{
    if (e->config.addr.len == 4)
        say(e, &everybody, ARP_REQUEST, &e->config.addr, &nobody, &e->config.addr);
}

static void probe(struct ether *e, nsec now)
{
    const struct addr none = addr_v4(0, 0, 0, 0);
    if (e->probes == PROBES) {
        e->own = ETHER_OURS;
        e->next_probe = NEVER;
        announce(e);
        nd_own(&e->nd, now);
        return;
    }
    nd_probe(&e->nd);
    if (e->config.addr.len == 4)
        say(e, &everybody, ARP_REQUEST, &none, &nobody, &e->config.addr);
    e->next_probe = now + (++e->probes < PROBES ? PROBE_APART : PROBE_LISTEN);
}

/* One that was known is asked itself, the first time, so that others are not bothered (RFC 1122 §2.3.2.1 (2)). */
static void ask(struct ether *e, struct neighbour *n, nsec now)
{
    if (n->addr.len == 16)
        nd_ask(&e->nd, &n->addr, n->known && n->asked == 0 ? &n->mac : NULL);
    else
        say(e, n->known && n->asked == 0 ? &n->mac : &everybody, ARP_REQUEST, &e->config.addr, &nobody,
            &n->addr);
    n->asked++;
    n->next = now + ASK_APART;
}

/* --- neighbours --- */

static struct neighbour *find(struct ether *e, const struct addr *addr)
{
    for (unsigned i = 0; i < ETHER_NEIGHBOURS; i++)
        if (addr->len && addr_same(&e->neighbours[i].addr, addr))
            return &e->neighbours[i];
    return NULL;
}

static void lose_waiting(struct ether *e, unsigned i)
{
    memmove(&e->waiting[i], &e->waiting[i + 1], (--e->n_waiting - i) * sizeof e->waiting[0]);
}

static void forget(struct ether *e, struct neighbour *n)
{
    for (unsigned i = e->n_waiting; i-- > 0;)
        if (addr_same(&e->waiting[i].to, &n->addr))
            lose_waiting(e, i);
    *n = (struct neighbour){ .next = NEVER };
}

/* A free place, or that of the one that was not used for longest. */
static struct neighbour *meet(struct ether *e, const struct addr *addr, nsec now)
{
    struct neighbour *n = &e->neighbours[0];
    for (unsigned i = 0; i < ETHER_NEIGHBOURS && n->addr.len; i++)
        if (!e->neighbours[i].addr.len || e->neighbours[i].used < n->used)
            n = &e->neighbours[i];
    if (n->addr.len)
        forget(e, n);
    *n = (struct neighbour){ .addr = *addr, .next = NEVER, .used = now };
    return n;
}

/* All hosts of a group hear one address: RFC 1112 §6.4, RFC 2464 §7. */
static bool group_mac(const struct addr *to, struct mac *mac)
{
    if (!addr_is_group(to))
        return false;
    if (to->len == 16)
        *mac = (struct mac){ { 0x33, 0x33, to->octets[12], to->octets[13], to->octets[14], to->octets[15] } };
    else if (to->octets[0] < 240)
        *mac = (struct mac){ { 0x01, 0x00, 0x5e, to->octets[1] & 0x7f, to->octets[2], to->octets[3] } };
    else
        *mac = everybody;
    return true;
}

/* --- ARP that came --- */

static void contradict(struct ether *e, const struct arp_packet *p, nsec now)
{
    if (e->own == ETHER_PROBING) {
        e->own = ETHER_TAKEN;
        e->next_probe = NEVER;
        tell(e, &arp_conflict, "nobody else with our address", &p->sender, "we do not use it");
    } else if (now - e->defended >= DEFEND_APART) {
        e->defended = now;
        announce(e);
        tell(e, &arp_conflict, "nobody else with our address", &p->sender, "contradicted");
    } else {
        tell(e, &arp_conflict, "nobody else with our address", &p->sender, "dropped, contradicted just now");
    }
}

void ether_learn(struct ether *e, const struct addr *who, const struct mac *mac, bool new_ones_too, nsec now)
{
    struct neighbour *n = find(e, who);
    if (!n && new_ones_too)
        n = meet(e, who, now);
    if (!n)
        return;
    if (n->known && !mac_same(&n->mac, mac))
        tell(e, &arp_changed, "the hardware address that it had", who, "believed");
    n->mac = *mac;
    n->known = true;
    n->asked = 0;
    n->next = now + BELIEVED;
}

static void arp_came(struct ether *e, struct wire_in *in, nsec now)
{
    static const uint8_t zero[4];
    struct arp_packet p;
    struct fault why = { 0 };
    if (!arp_read(in, &p, &why)) {
        tell_drop(&e->config.voice, "arp", __func__, &why);
        return;
    }
    if (mac_same(&p.sender_mac, &e->config.mac))
        return;                                       /* our own, come back */
    bool probes = memcmp(p.sender.octets, zero, sizeof zero) == 0;
    bool for_us = addr_same(&p.target, &e->config.addr);
    if (e->config.addr.len != 4)
        return;
    if (!mac_is_single(&p.sender_mac) || (!probes && (p.sender.octets[0] >= 224 || p.sender.octets[0] == 0))) {
        tell(e, &arp_sender, "the addresses of one host", &p.sender, NULL);
        return;
    }
    if (addr_same(&p.sender, &e->config.addr)
        || (probes && for_us && e->own == ETHER_PROBING && p.operation == ARP_REQUEST)) {
        contradict(e, &p, now);
        return;
    }
    if (e->own != ETHER_OURS)
        return;
    if (!probes)
        ether_learn(e, &p.sender, &p.sender_mac, for_us, now);
    if (for_us && p.operation == ARP_REQUEST)
        say(e, &p.sender_mac, ARP_REPLY, &e->config.addr, &p.sender_mac, &p.sender);
}

/* --- neighbour discovery that came --- */

/* True: it was no more than that. */
static bool nd_came(struct ether *e, const struct packet *p, nsec now)
{
    struct nd_heard heard;
    if (!nd_input(&e->nd, p, &heard, now))
        return false;
    const struct neighbour *n = heard.learned ? find(e, &heard.who) : NULL;
    bool elsewhere = n && n->known && !mac_same(&n->mac, &heard.mac);
    if (heard.learned && e->own == ETHER_OURS && (heard.overrides || !elsewhere))
        ether_learn(e, &heard.who, &heard.mac, heard.new_ones_too, now);
    if (heard.conflict && e->own == ETHER_PROBING) {
        e->own = ETHER_TAKEN;
        e->next_probe = NEVER;
    }
    return true;
}

/* --- frames --- */

void ether_start(struct ether *e, const struct ether_config *config, nsec now)
{
    memset(e, 0, sizeof *e);
    e->config = *config;
    e->defended = now - DEFEND_APART;
    nd_start(&e->nd, &config->mac, &config->addr6, config->prefix6, &config->voice);
    for (unsigned i = 0; i < ETHER_NEIGHBOURS; i++)
        e->neighbours[i].next = NEVER;
    probe(e, now);
}

bool ether_input(struct ether *e, struct packet *p, nsec now)
{
    struct wire_in in = wire_over(p->bytes, p->len, NULL);
    struct mac to, from;
    struct fault why = { 0 };
    take_bytes(&in, "destination", to.octets, MAC_LEN);
    take_bytes(&in, "source", from.octets, MAC_LEN);
    unsigned type = take_u16(&in, "ethertype");
    if (!wire_whole(&in, &ether_cut, &why)) {
        tell_drop(&e->config.voice, "arp", __func__, &why);
        return false;
    }
    bool ours = mac_same(&to, &e->config.mac);
    if (type == TYPE_ARP && (ours || mac_same(&to, &everybody)))
        arp_came(e, &in, now);
    /* RFC 1122 §3.3.6: what came to all of IPv4 is for none of our connections; IPv6 asks groups for addresses */
    bool for_us = type == TYPE_IP6 ? ours || (to.octets[0] == 0x33 && to.octets[1] == 0x33) : type == TYPE_IP4 && ours;
    if (!for_us)
        return false;
    p->bytes += ETHER_HEADER;
    p->len -= ETHER_HEADER;
    p->room -= ETHER_HEADER;
    return !(type == TYPE_IP6 && nd_came(e, p, now)) && e->own == ETHER_OURS;
}

static void put_header(const struct ether *e, uint8_t head[ETHER_HEADER], const struct mac *to, enum ethertype type)
{
    struct wire_out out = wire_into(head, ETHER_HEADER);
    put_bytes(&out, "destination", to->octets, MAC_LEN);
    put_bytes(&out, "source", e->config.mac.octets, MAC_LEN);
    put_u16(&out, "ethertype", type);
}

static void let_wait(struct ether *e, const struct packet *p, const struct addr *hop)
{
    if (p->len > PACKET_MTU)
        return;
    if (e->n_waiting == ETHER_WAITING)
        lose_waiting(e, 0);
    struct packet kept = *p;
    kept.bytes = e->waiting[e->n_waiting].bytes;
    memcpy(kept.bytes, p->bytes, p->len - p->apart.n);
    if (p->apart.n)
        memcpy(kept.bytes + p->len - p->apart.n, p->apart.at, p->apart.n);
    kept.apart = (struct bytes){ NULL, 0 };
    packet_make_sum(&kept);                           /* it goes as a frame of Ethernet's own, without facts */
    e->waiting[e->n_waiting].to = *hop;
    e->waiting[e->n_waiting++].len = p->len;
}

bool ether_output(struct ether *e, const struct packet *p, uint8_t head[ETHER_HEADER], nsec now)
{
    enum ethertype type = p->hop.len == 16 ? TYPE_IP6 : TYPE_IP4;
    struct addr hop = p->hop;
    struct mac group;
    nd_hop(&e->nd, &hop, now);
    if (hop.len == 0 || e->own == ETHER_TAKEN)
        return false;
    if (group_mac(&hop, &group)) {
        put_header(e, head, &group, type);
        return true;
    }
    struct neighbour *n = find(e, &hop);
    if (!n) {
        n = meet(e, &hop, now);
        n->next = now;                                /* while we probe for ourselves nobody else is asked */
        if (e->own == ETHER_OURS)
            ask(e, n, now);
    }
    n->used = now;
    if (n->known)
        put_header(e, head, &n->mac, type);
    else
        let_wait(e, p, &hop);
    return n->known;
}

uint32_t ether_next(struct ether *e, uint8_t frame[ETHER_FRAME], nsec now)
{
    (void)now;
    if (e->n_answers) {
        memset(frame, 0, ETHER_LEAST);
        put_header(e, frame, &e->answers[0].to, TYPE_ARP);
        arp_write(&e->answers[0].arp, frame + ETHER_HEADER);
        memmove(e->answers, e->answers + 1, --e->n_answers * sizeof e->answers[0]);
        return ETHER_LEAST;
    }
    struct mac to;
    uint32_t nd = nd_next(&e->nd, frame + ETHER_HEADER, &to);
    if (nd) {
        put_header(e, frame, &to, TYPE_IP6);
        return ETHER_HEADER + nd;
    }
    for (unsigned i = 0; i < e->n_waiting; i++) {
        const struct neighbour *n = find(e, &e->waiting[i].to);
        if (!n || !n->known)
            continue;
        uint32_t len = e->waiting[i].len;
        put_header(e, frame, &n->mac, n->addr.len == 16 ? TYPE_IP6 : TYPE_IP4);
        memcpy(frame + ETHER_HEADER, e->waiting[i].bytes, len);
        lose_waiting(e, i);
        return ETHER_HEADER + len;
    }
    return 0;
}

bool ether_wants(const struct ether *e) { return e->n_answers || e->nd.n; }

nsec ether_wake(const struct ether *e)
{
    nsec at = nd_wake(&e->nd);
    if (e->own == ETHER_PROBING)
        return e->next_probe;
    for (unsigned i = 0; i < ETHER_NEIGHBOURS; i++)
        at = e->neighbours[i].next < at ? e->neighbours[i].next : at;
    return at;
}

/* Who was not sent to since we last asked is not asked again, but forgotten. */
void ether_tick(struct ether *e, nsec now)
{
    if (e->own == ETHER_PROBING && e->next_probe <= now)
        probe(e, now);
    nd_tick(&e->nd, now);
    for (unsigned i = 0; i < ETHER_NEIGHBOURS; i++) {
        struct neighbour *n = &e->neighbours[i];
        if (n->next > now || e->own == ETHER_PROBING)
            continue;
        if (n->asked == TRIES || (n->known && n->asked == 0 && now - n->used >= BELIEVED)) {
            if (n->asked == TRIES)
                tell(e, &arp_no_answer, "an answer to what we asked", &n->addr,
                     "forgotten, and what waited for it");
            forget(e, n);
        } else {
            ask(e, n, now);
        }
    }
}

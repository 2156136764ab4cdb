#include "net/impair.h"
#include "net/ip.h"
#include "net/seed.h"
#include "net/tell.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

event_no impair_tell(const struct voice *v, const struct packet *p, const char *fate, const char *label,
                     nsec late, int64_t bit, const char *by)
{
    if (!trace_hears(v->trace))
        return 0;
    struct attr attrs[3] = { attr_text("fate", fate) };
    size_t n = 1;
    if (late >= 0)
        attrs[n++] = attr_number("by_ns", (uint64_t)late);
    if (bit >= 0)
        attrs[n++] = attr_number("bit", (uint64_t)bit);
    return trace_emit(v->trace, &(struct event){
        .kind = EVENT_FATE, .level = LEVEL_PACKETS, .layer = "wire", .name = fate, .label = label,
        .rfc = "RFC 791 §1.2", .by = by, .host = v->host, .cause = p->cause, .attrs = attrs,
        .n_attrs = n, .buf = p->buf });
}

/* What happens to a copy is why it arrives as it does. */
static void now_because(struct packet *p, event_no fate)
{
    if (fate)
        p->cause = fate;
}

static bool decide(const struct impair *im, const char *kind, uint64_t ordinal, unsigned per_mille)
{
    return per_mille && seed_draw(im->seed, kind, ordinal) % 1000 < per_mille;
}

/* A time of 0 to `most`. */
static nsec draw_time(const struct impair *im, const char *purpose, uint64_t ordinal, nsec most)
{
    return most > 0 ? (nsec)(seed_draw(im->seed, purpose, ordinal) % ((uint64_t)most + 1)) : 0;
}

static void say_late(char *label, size_t room, const char *what, nsec late)
{
    snprintf(label, room, "%s, %" PRId64 ".%03d ms", what, late / MILLISECOND,
             (int)(late % MILLISECOND / MICROSECOND));
}

/* The accident of this kind that this packet shall have; NULL: none. What happens is because of it. */
static const struct accident *accident(struct impair *im, enum accident_kind kind, struct packet *p,
                                       uint64_t ordinal)
{
    for (unsigned i = 0; i < im->wires->n_accidents; i++) {
        const struct accident *a = &im->wires->accidents[i];
        if (a->kind != kind || ordinal < a->first || ordinal > a->last)
            continue;
        now_because(p, tell_break(&im->voice, a->wish, "RFC 791 §1.2", p->cause, __func__));
        return a;
    }
    return NULL;
}

/* How long so many octets take to leave, at this rate; at 64 KB and a rate of 1 it still fits. */
static nsec time_of(const struct wires *w, uint64_t octets)
{
    return (nsec)((octets * (uint64_t)SECOND + w->rate - 1) / w->rate);
}

/* What waits is what the line needs until it is free; so the queue itself need not be kept. */
static bool is_full(const struct impair *im, const struct packet *p, nsec now)
{
    nsec waits = im->line->free_at - now;
    return im->wires->rate && waits > 0 && waits + time_of(im->wires, p->len) > time_of(im->wires, im->wires->queue);
}

static bool lose(struct impair *im, const struct packet *p, uint64_t ordinal, nsec now)
{
    struct packet gone = *p;
    bool chance = accident(im, ACCIDENT_LOSS, &gone, ordinal) || decide(im, "wire loss", ordinal, im->wires->loss);
    if (!chance && !is_full(im, p, now))
        return false;
    im->lost++;
    impair_tell(&im->voice, &gone, "lost", chance ? "lost on the wire" : "lost: the queue is full", -1, -1, __func__);
    return true;
}

/* When the packet's last octet has left. */
static nsec leaves(struct impair *im, const struct packet *p, nsec now)
{
    if (!im->wires->rate)
        return now;
    im->line->free_at = (im->line->free_at > now ? im->line->free_at : now) + time_of(im->wires, p->len);
    return im->line->free_at;
}

static void spoil(struct impair *im, struct packet *p)
{
    if (p->bytes != im->spoiled)
        memcpy(im->spoiled, p->bytes, p->len);
    p->bytes = im->spoiled;
}

/* RFC 3168 §5: the two bits, in IPv4's type of service and IPv6's traffic class. */
static void mark(struct impair *im, struct packet *p, nsec now)
{
    enum { CE = 3, SIX_SHIFT = 4 };
    bool six = p->len && p->bytes[0] >> 4 == 6;
    uint8_t both = (uint8_t)(CE << (six ? SIX_SHIFT : 0));
    nsec waits = im->line->free_at - now;
    if (!im->wires->rate || !im->wires->mark || waits <= time_of(im->wires, im->wires->mark)
        || p->len < IP4_HEADER || !(p->bytes[1] & both))
        return;
    spoil(im, p);
    p->bytes[1] |= both;
    accident_repair(p->bytes, p->len);
    im->marked++;
}

/* How much later than the others it is sent, for whatever reason. */
static nsec hold_back(struct impair *im, struct packet *p, uint64_t ordinal)
{
    char label[64];
    nsec sum = 0;
    for (enum accident_kind kind = ACCIDENT_REORDER; kind <= ACCIDENT_DELAY; kind++) {
        const struct accident *a = accident(im, kind, p, ordinal);
        bool drawn = kind == ACCIDENT_REORDER && !a && decide(im, "wire reorder", ordinal, im->wires->reorder);
        if (!a && !drawn)
            continue;
        nsec most = im->wires->delay + im->wires->delay / 2;
        nsec late = a ? a->late : draw_time(im, "wire reorder by", ordinal, most);
        say_late(label, sizeof label, "held back", late);
        now_because(p, impair_tell(&im->voice, p, kind == ACCIDENT_DELAY ? "delayed" : "reordered", label, late,
                                   -1, __func__));
        sum += late;
    }
    return sum;
}

static void corrupt(struct impair *im, struct packet *p, uint64_t ordinal)
{
    char label[64];
    const struct accident *a = accident(im, ACCIDENT_FLIP, p, ordinal);
    if (!a && !decide(im, "wire corrupt", ordinal, im->wires->corrupt))
        return;
    uint32_t bit = a ? accident_bit(a, p->len)
                     : (uint32_t)(seed_draw(im->seed, "wire corrupt bit", ordinal) % ((uint64_t)p->len * 8));
    bool repaired = a && a->repaired;
    spoil(im, p);
    p->bytes[bit / 8] ^= (uint8_t)(0x80u >> bit % 8);
    if (repaired)
        accident_repair(p->bytes, p->len);
    snprintf(label, sizeof label, "bit %u of octet %u flipped%s", (unsigned)(bit % 8), (unsigned)(bit / 8),
             repaired ? ", checksums made right" : "");
    now_because(p, impair_tell(&im->voice, p, "corrupted", label, -1, bit, __func__));
}

/* Whoever rewrites looks at every packet, and is only told of where he finds something. */
static void rewrite(struct impair *im, struct packet *p, uint64_t ordinal)
{
    for (unsigned i = 0; i < im->wires->n_accidents; i++) {
        const struct accident *a = &im->wires->accidents[i];
        if (a->kind != ACCIDENT_REWRITE || ordinal < a->first || ordinal > a->last)
            continue;
        spoil(im, p);
        if (!a->rewrite(p->bytes, p->len))
            continue;
        accident_repair(p->bytes, p->len);
        now_because(p, tell_break(&im->voice, a->wish, a->rfc, p->cause, __func__));
        now_because(p, impair_tell(&im->voice, p, "corrupted", "rewritten on the way, checksums made right", -1, -1,
                                   __func__));
    }
}

static void cut(struct impair *im, struct packet *p, uint64_t ordinal)
{
    char label[64];
    if (!accident(im, ACCIDENT_CUT, p, ordinal))
        return;
    snprintf(label, sizeof label, "cut: %u of its %u octets are left", (unsigned)p->len / 2, (unsigned)p->len);
    p->len /= 2;
    now_because(p, impair_tell(&im->voice, p, "cut", label, -1, -1, __func__));
}

static bool send_again(struct impair *im, const struct packet *p, uint64_t ordinal, nsec now)
{
    char label[64];
    struct packet copy = *p;
    const struct accident *a = accident(im, ACCIDENT_DUP, &copy, ordinal);
    if (!a && !decide(im, "wire dup", ordinal, im->wires->dup))
        return false;
    nsec late = a ? a->late : draw_time(im, "wire dup by", ordinal, im->wires->delay / 2);
    say_late(label, sizeof label, "a second copy", late);
    now_because(&copy, impair_tell(&im->voice, &copy, "duplicated", label, late, -1, __func__));
    return im->inner->send(im->inner, &copy, now + late);
}

static bool impair_send(struct link *link, const struct packet *p, nsec now)
{
    struct impair *im = (struct impair *)link;
    if (p->len > im->link.mtu)
        return false;
    uint64_t ordinal = ++*im->ordinal;
    if (lose(im, p, ordinal, now))
        return true;                                              /* whoever sent it cannot know */
    struct packet first = *p;
    mark(im, &first, now);
    now = leaves(im, p, now);
    nsec late = hold_back(im, &first, ordinal);
    if (p->len) {
        corrupt(im, &first, ordinal);
        rewrite(im, &first, ordinal);
        cut(im, &first, ordinal);
    }
    bool sent = im->inner->send(im->inner, &first, now + late);
    return send_again(im, p, ordinal, now) || sent;
}

void impair_start(struct impair *im, struct link *inner, const struct wires *wires, uint64_t seed,
                  uint64_t *ordinal, const struct voice *voice)
{
    im->link = (struct link){ .send = impair_send, .mtu = inner->mtu < PACKET_MAX ? inner->mtu : PACKET_MAX };
    im->inner = inner;
    im->wires = wires;
    im->own = (struct line){ 0 };
    im->line = &im->own;
    im->seed = seed;
    im->ordinal = ordinal;
    im->voice = *voice;
}

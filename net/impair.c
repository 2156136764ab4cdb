#include "net/impair.h"
#include "net/seed.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

event_no impair_tell(const struct voice *v, const struct packet *p, const char *fate, const char *label,
                     nsec late, int64_t bit, const char *by)
{
    if (!v->trace)
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
    return seed_draw(im->seed, kind, ordinal) % 1000 < per_mille;
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

static nsec reorder(struct impair *im, struct packet *p, uint64_t ordinal)
{
    char label[64];
    nsec late = draw_time(im, "wire reorder by", ordinal, im->wires->delay + im->wires->delay / 2);
    say_late(label, sizeof label, "held back", late);
    now_because(p, impair_tell(&im->voice, p, "reordered", label, late, -1, __func__));
    return late;
}

static void corrupt(struct impair *im, struct packet *p, uint64_t ordinal)
{
    char label[64];
    uint32_t bit = (uint32_t)(seed_draw(im->seed, "wire corrupt bit", ordinal) % ((uint64_t)p->len * 8));
    memcpy(im->spoiled, p->bytes, p->len);
    im->spoiled[bit / 8] ^= (uint8_t)(0x80u >> bit % 8);
    p->bytes = im->spoiled;
    snprintf(label, sizeof label, "bit %u of octet %u flipped", (unsigned)(bit % 8), (unsigned)(bit / 8));
    now_because(p, impair_tell(&im->voice, p, "corrupted", label, -1, bit, __func__));
}

static bool send_again(struct impair *im, const struct packet *p, uint64_t ordinal, nsec now)
{
    char label[64];
    struct packet copy = *p;
    nsec late = draw_time(im, "wire dup by", ordinal, im->wires->delay / 2);
    say_late(label, sizeof label, "a second copy", late);
    now_because(&copy, impair_tell(&im->voice, p, "duplicated", label, late, -1, __func__));
    return im->inner->send(im->inner, &copy, now + late);
}

static bool impair_send(struct link *link, const struct packet *p, nsec now)
{
    struct impair *im = (struct impair *)link;
    if (p->len > im->link.mtu)
        return false;
    uint64_t ordinal = ++*im->ordinal;
    if (decide(im, "wire loss", ordinal, im->wires->loss)) {
        impair_tell(&im->voice, p, "lost", "lost on the wire", -1, -1, __func__);
        return true;                                              /* whoever sent it cannot know */
    }
    struct packet first = *p;
    nsec late = 0;
    if (decide(im, "wire reorder", ordinal, im->wires->reorder))
        late = reorder(im, &first, ordinal);
    if (p->len && decide(im, "wire corrupt", ordinal, im->wires->corrupt))
        corrupt(im, &first, ordinal);
    bool sent = im->inner->send(im->inner, &first, now + late);
    if (decide(im, "wire dup", ordinal, im->wires->dup))
        sent = send_again(im, p, ordinal, now) || sent;
    return sent;
}

void impair_start(struct impair *im, struct link *inner, const struct wires *wires, uint64_t seed,
                  uint64_t *ordinal, const struct voice *voice)
{
    im->link = (struct link){ .send = impair_send, .mtu = inner->mtu < PACKET_MTU ? inner->mtu : PACKET_MTU };
    im->inner = inner;
    im->wires = wires;
    im->seed = seed;
    im->ordinal = ordinal;
    im->voice = *voice;
}

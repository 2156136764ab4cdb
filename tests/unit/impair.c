/* A bad wire: how often it does what, that it does it alike each time, and that it says so. */
#include "net/sealed.h"
#include "net/seed.h"
#include "tests/lib/check.h"

#include <string.h>

enum { PACKETS = 10000, LEN = 60 };
#define DELAY (20 * MILLISECOND)

/* The inner link: counts and looks. */
struct far_end {
    struct link link;
    unsigned arrived, corrupted, late, later_than_may_be;
    uint8_t digest[32];
};

static unsigned bits_of(unsigned octet)
{
    unsigned n = 0;
    for (; octet; octet >>= 1)
        n += octet & 1;
    return n;
}

static void fill_packet(uint8_t octets[LEN], unsigned number)
{
    for (unsigned i = 0; i < LEN; i++)
        octets[i] = (uint8_t)(number * 31 + i * 7);
}

static bool far_send(struct link *link, const struct packet *p, nsec now)
{
    struct far_end *f = (struct far_end *)link;
    uint8_t sent[LEN];
    unsigned differ = 0;
    fill_packet(sent, p->buf);
    for (unsigned i = 0; i < LEN; i++)
        differ += bits_of((unsigned)(sent[i] ^ p->bytes[i]));
    ck_assert_uint_le(differ, 1);                                 /* exactly one bit, or none */
    f->arrived++;
    f->corrupted += differ;
    f->late += now > p->at;
    f->later_than_may_be += now > p->at + DELAY + DELAY / 2 || now < p->at;
    struct seed_chance mix;                                /* any hash will do: all that happened, in order */
    uint64_t so_far;
    memcpy(&so_far, f->digest, 8);
    seed_chance_start(&mix, so_far ^ (uint64_t)now ^ p->buf * 1000u ^ differ, 1, 1);
    chance_fill(&mix.chance, "digest", f->digest, sizeof f->digest);
    return true;
}

static struct far_end run(uint64_t seed, const struct wires *w, struct trace *t)
{
    struct far_end far = { .link = { .send = far_send, .mtu = PACKET_MTU } };
    struct impair im;
    uint64_t ordinal = 0;
    impair_start(&im, &far.link, w, seed, &ordinal, &(struct voice){ .trace = t, .host = 1 });
    for (unsigned i = 1; i <= PACKETS; i++) {
        uint8_t octets[LEN];
        fill_packet(octets, i);
        nsec at = i * SECOND;
        ck_assert(
            im.link.send(&im.link, &(struct packet){ .bytes = octets, .len = LEN, .buf = i, .at = at }, at));
    }
    ck_assert_uint_eq(ordinal, PACKETS);
    return far;
}

static void check_near(unsigned have, unsigned want)             /* binomial: 5 standard deviations at most */
{
    unsigned sigma = 1;
    while (sigma * sigma < want)
        sigma++;
    ck_assert_uint_ge(have, want - 5 * sigma);
    ck_assert_uint_le(have, want + 5 * sigma);
}

START_TEST(a_clean_wire_changes_nothing)
{
    struct far_end f = run(1, &(struct wires){ .delay = DELAY }, NULL);
    ck_assert_uint_eq(f.arrived, PACKETS);
    ck_assert_uint_eq(f.corrupted + f.late, 0);
}
END_TEST

START_TEST(loss_is_as_often_as_told)
{
    check_near(PACKETS - run(1, &(struct wires){ .delay = DELAY, .loss = 50 }, NULL).arrived, 500);
    ck_assert_uint_eq(run(1, &(struct wires){ .delay = DELAY, .loss = 1000 }, NULL).arrived, 0);
}
END_TEST

START_TEST(duplicates_reorders_corrupts_as_often_as_told)
{
    struct far_end f = run(3, &(struct wires){ .delay = DELAY, .dup = 30 }, NULL);
    check_near(f.arrived - PACKETS, 300);
    f = run(3, &(struct wires){ .delay = DELAY, .reorder = 200 }, NULL);
    ck_assert_uint_eq(f.arrived, PACKETS);
    check_near(f.late, 2000);
    ck_assert_uint_eq(f.later_than_may_be, 0);
    f = run(3, &(struct wires){ .delay = DELAY, .corrupt = 100 }, NULL);
    check_near(f.corrupted, 1000);
    ck_assert_uint_eq(run(3, &(struct wires){ .delay = DELAY, .corrupt = 1000 }, NULL).corrupted, PACKETS);
}
END_TEST

START_TEST(every_octet_can_be_hit)
{
    unsigned hits[21] = { 0 };
    uint64_t ordinal = 0;
    struct wires w = { .corrupt = 1000 };
    struct far_end dummy = { .link = { .send = far_send, .mtu = PACKET_MTU } };
    struct impair im;
    impair_start(&im, &dummy.link, &w, 9, &ordinal, &(struct voice){ 0 });
    for (unsigned i = 0; i < 1000; i++) {
        uint8_t octets[LEN];
        fill_packet(octets, i);
        im.link.send(&im.link, &(struct packet){ .bytes = octets, .len = LEN, .buf = i }, 0);
        for (unsigned at = 0; at < 21; at++)
            hits[at] += im.spoiled[at] != octets[at];
        uint8_t again[LEN];
        fill_packet(again, i);
        check_bytes(octets, again, LEN);                        /* the sender's own octets stay as they are */
    }
    for (unsigned at = 0; at < 21; at++)
        ck_assert_uint_gt(hits[at], 0);
}
END_TEST

START_TEST(the_same_seed_has_the_same_fates)
{
    struct wires w = { .delay = DELAY, .loss = 50, .dup = 30, .reorder = 50, .corrupt = 30 };
    struct far_end a = run(5, &w, NULL), b = run(5, &w, NULL), c = run(6, &w, NULL);
    check_bytes(a.digest, b.digest, 32);
    ck_assert_int_ne(memcmp(a.digest, c.digest, 32), 0);
}
END_TEST

/* Which packets were told lost, duplicated ... */
struct fates {
    struct view view;
    uint8_t of[PACKETS + 1];
    unsigned lost, duplicated, reordered, corrupted, bad;
};

static void count(struct view *v, const struct trace *t, const struct event *e)
{
    struct fates *f = (struct fates *)v;
    const char *fate = event_text(e, "fate");
    (void)t;
    unsigned *n = strcmp(fate, "lost") == 0         ? &f->lost
                  : strcmp(fate, "duplicated") == 0 ? &f->duplicated
                  : strcmp(fate, "reordered") == 0  ? &f->reordered
                  : strcmp(fate, "corrupted") == 0  ? &f->corrupted
                                                    : &f->bad;
    ++*n;
    if (n == &f->lost)
        f->of[e->buf] = 1;
    f->bad += e->kind != EVENT_FATE || e->level != LEVEL_PACKETS || strcmp(e->name, fate) != 0 || !e->label
              || e->host != 1 || (n == &f->corrupted) != (event_attr(e, "bit") != NULL);
}

START_TEST(what_happens_is_told_and_kinds_are_decided_for_themselves)
{
    struct wires all = { .delay = DELAY, .loss = 50, .dup = 30, .reorder = 50, .corrupt = 30 };
    struct wires only_loss = { .delay = DELAY, .loss = 50 };
    static struct fates a, b;
    struct trace *t = trace_new(0), *u = trace_new(0);
    a = (struct fates){ .view = { .event = count } };
    b = a;
    trace_attach(t, &a.view);
    trace_attach(u, &b.view);
    struct far_end f = run(5, &all, t), silent = run(5, &all, NULL), g = run(5, &only_loss, u);
    check_bytes(f.digest, silent.digest, 32);                     /* being watched changes nothing */
    ck_assert_uint_eq(a.bad + b.bad, 0);
    check_near(a.duplicated, 285);                                /* of those that are not lost: no two kinds */
    check_near(a.reordered, 475);                                 /* have one draw in common */
    check_near(a.corrupted, 285);
    ck_assert_uint_eq(f.arrived, PACKETS - a.lost + a.duplicated);
    ck_assert_uint_eq(f.corrupted, a.corrupted);
    ck_assert_uint_eq(g.arrived, PACKETS - b.lost);
    check_bytes(a.of, b.of, sizeof a.of);               /* the same ones are lost with and without the rest */
    trace_free(t);
    trace_free(u);
}
END_TEST

/* The inner link: when did each packet leave? */
struct clock { struct link link; nsec left[8]; unsigned n; };

static bool note_time(struct link *link, const struct packet *p, nsec now)
{
    (void)p;
    struct clock *c = (struct clock *)link;
    c->left[c->n++] = now;
    return true;
}

START_TEST(a_line_has_a_rate_and_a_queue)
{
    static uint8_t octets[100];
    struct clock c = { .link = { .send = note_time, .mtu = PACKET_MTU } };
    struct wires w = { .rate = 100000, .queue = 250 };            /* a packet of 100 takes 1 ms; two and a half wait */
    struct impair one, other;
    uint64_t ordinal = 0;
    struct packet p = { .bytes = octets, .len = sizeof octets };
    impair_start(&one, &c.link, &w, 1, &ordinal, &(struct voice){ 0 });
    impair_start(&other, &c.link, &w, 1, &ordinal, &(struct voice){ 0 });
    for (unsigned i = 0; i < 4; i++)
        ck_assert(one.link.send(&one.link, &p, SECOND));
    ck_assert_uint_eq(c.n, 2);                                    /* the third finds 200 octets before it: no room */
    ck_assert_int_eq(c.left[0], SECOND + MILLISECOND);
    ck_assert_int_eq(c.left[1], SECOND + 2 * MILLISECOND);
    other.link.send(&other.link, &p, SECOND);                     /* a line of its own */
    ck_assert_int_eq(c.left[2], SECOND + MILLISECOND);
    other.line = one.line;
    other.link.send(&other.link, &p, SECOND);
    ck_assert_uint_eq(c.n, 3);
    other.link.send(&other.link, &p, SECOND + MILLISECOND);       /* the first has left */
    ck_assert_int_eq(c.left[3], SECOND + 3 * MILLISECOND);
    one.link.send(&one.link, &p, 2 * SECOND);                     /* an idle line sends at once */
    ck_assert_int_eq(c.left[4], 2 * SECOND + MILLISECOND);
}
END_TEST

START_TEST(what_does_not_fit_is_refused)
{
    static uint8_t octets[PACKET_MTU + 1];
    struct far_end far = { .link = { .send = far_send, .mtu = PACKET_MTU } };
    struct wires w = { 0 };
    struct impair im;
    uint64_t ordinal = 0;
    impair_start(&im, &far.link, &w, 1, &ordinal, &(struct voice){ 0 });
    ck_assert(!im.link.send(&im.link, &(struct packet){ .bytes = octets, .len = sizeof octets }, 0));
    ck_assert_uint_eq(ordinal, 0);
}
END_TEST

int main(void)
{
    return check_run("impair", (const TTest *[]){ a_clean_wire_changes_nothing, loss_is_as_often_as_told,
                                                  duplicates_reorders_corrupts_as_often_as_told,
                                                  every_octet_can_be_hit, the_same_seed_has_the_same_fates,
                                                  what_happens_is_told_and_kinds_are_decided_for_themselves,
                                                  a_line_has_a_rate_and_a_queue, what_does_not_fit_is_refused, NULL });
}

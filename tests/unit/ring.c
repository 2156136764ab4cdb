/* Rings against a naive model: whatever is done in whatever order, the octets are the right ones and the pool
 * keeps its bound. */
#include "tests/lib/check.h"
#include "trace/ring.h"

#include <stdlib.h>
#include <string.h>

START_TEST(holds_what_was_written)
{
    struct pool pool;
    struct ring r;
    pool_start(&pool, 1 << 20);
    ring_start(&r, &pool, 10000);
    ck_assert_uint_eq(ring_peek(&r).n, 0);
    ck_assert_uint_eq(ring_write(&r, "hello ", 6), 6);
    ck_assert_uint_eq(ring_write(&r, "world", 5), 5);
    ck_assert_uint_eq(ring_peek(&r).n, 11);
    check_bytes(ring_peek(&r).at, "hello world", 11);
    ck_assert_uint_eq(*ring_at(&r, 6), 'w');
    ck_assert_uint_eq(pool.used, POOL_LEAST);
    ring_consume(&r, 6);
    check_bytes(ring_peek(&r).at, "world", 5);
    ring_consume(&r, 5);
    ck_assert_uint_eq(pool.used, 0);                   /* empty: its memory is given back */
    ring_end(&r);
    pool_end(&pool);
}
END_TEST

START_TEST(full_is_not_an_error)
{
    struct pool pool;
    struct ring r;
    char text[100] = { 0 };
    pool_start(&pool, 1 << 20);
    ring_start(&r, &pool, 150);
    ck_assert_uint_eq(ring_write(&r, text, 100), 100);
    ck_assert_uint_eq(ring_room(&r), 50);
    ck_assert_uint_eq(ring_reserve(&r, 100).n, 50);
    ck_assert_uint_eq(ring_write(&r, text, 100), 50);
    ck_assert_uint_eq(ring_reserve(&r, 1).n, 0);
    ck_assert_ptr_null(ring_reserve(&r, 1).at);
    ck_assert_uint_eq(ring_write(&r, text, 1), 0);
    ring_end(&r);
    ck_assert_uint_eq(pool.used, 0);
    pool_end(&pool);
}
END_TEST

START_TEST(what_came_early_waits_for_the_gap)
{
    struct pool pool;
    struct ring r;
    pool_start(&pool, 1 << 20);
    ring_start(&r, &pool, 100);
    ck_assert_uint_eq(ring_place(&r, 6, "world", 5), 5);
    ck_assert_uint_eq(ring_peek(&r).n, 0);
    ck_assert_uint_eq(ring_place(&r, 0, "hello ", 6), 6);
    ck_assert_uint_eq(ring_peek(&r).n, 0);
    ring_commit(&r, 11);
    check_bytes(ring_peek(&r).at, "hello world", 11);
    ck_assert_uint_eq(ring_place(&r, 88, "abc", 3), 1);                        /* the limit cuts it */
    ck_assert_uint_eq(ring_place(&r, 89, "abc", 3), 0);
    ring_consume(&r, 11);
    ck_assert_uint_ne(pool.used, 0);                   /* something placed is held */
    ring_end(&r);
    pool_end(&pool);
}
END_TEST

START_TEST(an_empty_ring_holds_no_memory)
{
    struct pool pool;
    struct ring r;
    pool_start(&pool, 1 << 20);
    ring_start(&r, &pool, 100);
    ck_assert_uint_eq(ring_reserve(&r, 50).n, 50);
    ring_commit(&r, 0);
    ck_assert_uint_eq(pool.used, 0);
    ring_end(&r);
    pool_end(&pool);
}
END_TEST

/* With an empty pool there is still the room in front of what is unread: a writer that gets none would wait
 * for ever. */
START_TEST(an_exhausted_pool_still_slides)
{
    static const uint8_t text[POOL_LEAST];
    struct pool pool;
    struct ring r;
    pool_start(&pool, POOL_LEAST);
    ring_start(&r, &pool, 100000);
    /* a smaller piece than asked */
    ck_assert_uint_eq(ring_write(&r, text, 5000), POOL_LEAST);
    ring_consume(&r, 10);
    ck_assert_uint_eq(ring_reserve(&r, 5000).n, 10);
    ck_assert_uint_eq(ring_write(&r, text, 5000), 10);
    ck_assert_uint_eq(ring_write(&r, text, 5000), 0);
    ck_assert_uint_eq(ring_place(&r, 0, text, 1), 0);
    ring_end(&r);
    ck_assert_uint_eq(ring_place(&r, POOL_LEAST - 4, text, 10), 4);            /* as much as the piece has */
    ring_end(&r);
    ck_assert_uint_eq(ring_place(&r, POOL_LEAST, text, 10), 0);
    ck_assert_uint_eq(pool.used, 0);
    pool_end(&pool);
}
END_TEST

/* What is kept for reuse counts as held: pieces of one size make room for those of another. */
START_TEST(kept_pieces_make_room)
{
    struct pool pool;
    void *piece[4];
    pool_start(&pool, 4 * POOL_LEAST);
    for (uint32_t i = 0, size = POOL_LEAST; i < 4; i++)
        ck_assert_ptr_nonnull(piece[i] = pool_take(&pool, &size));
    for (unsigned i = 0; i < 4; i++)
        pool_give(&pool, piece[i], POOL_LEAST);
    ck_assert_uint_eq(pool.used, 0);
    ck_assert_uint_eq(pool.held, 4 * POOL_LEAST);
    uint32_t size = 3 * POOL_LEAST;
    ck_assert_ptr_nonnull(piece[0] = pool_take(&pool, &size));
    ck_assert_uint_eq(size, 4 * POOL_LEAST);
    ck_assert_uint_eq(pool.held, 4 * POOL_LEAST);
    pool_give(&pool, piece[0], size);
    pool_end(&pool);
}
END_TEST

START_TEST(given_back_pieces_are_wiped)
{
    struct pool pool;
    struct ring r;
    pool_start(&pool, POOL_LEAST);
    ring_start(&r, &pool, POOL_LEAST);
    ring_write(&r, "a secret of more octets than a pointer", 38);
    ring_at(&r, 0)[20] = 's';                          /* opened in place, as TLS does */
    ring_end(&r);
    struct room room = ring_reserve(&r, 38);
    for (size_t i = sizeof(void *); i < 38; i++)
        ck_assert_uint_eq(room.at[i], 0);
    ring_end(&r);
    pool_end(&pool);
}
END_TEST

/* The model: octet k of a stream is always octet_of(k), so what is written twice is the same; `placed` says
 * which octets behind the readable ones came. */
enum { LIMIT = 9000, RINGS = 3, STEPS = 20000 };
struct model { uint64_t read, readable; bool placed[LIMIT + 1]; };

static uint8_t octet_of(size_t ring, uint64_t k) { return (uint8_t)((k * 2654435761u >> 7) + ring * 37); }

static uint64_t random_state;
static size_t random_below(size_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (size_t)(random_state % n);
}

static void placed_moves(struct model *m, size_t n)
{
    memmove(m->placed, m->placed + n, (LIMIT - n) * sizeof *m->placed);
    memset(m->placed + LIMIT - n, 0, n * sizeof *m->placed);
    m->readable += n;
}

static void do_reserve(struct ring *r, struct model *m, size_t which)
{
    size_t wish = random_below(2) ? random_below(300) : random_below(12000);
    struct room room = ring_reserve(r, wish);
    ck_assert(room.n <= wish && room.n <= ring_room(r) && (room.n == 0) == (room.at == NULL));
    /* less than the limit allows: then truly all memory is in use, from front to end */
    if (room.n < wish && room.n < ring_room(r)) {
        ck_assert(!r->bytes || (r->head == 0 && r->len + room.n == r->size));
        ck_assert(r->bytes || r->pool->limit - r->pool->used < POOL_LEAST);
    }
    size_t n = room.n ? random_below(room.n + 1) : 0;
    for (size_t i = 0; i < n; i++)
        room.at[i] = octet_of(which, m->read + m->readable + i);
    ring_commit(r, n);
    placed_moves(m, n);
}

static void do_write(struct ring *r, struct model *m, size_t which)
{
    static uint8_t octets[4000];
    size_t n = random_below(sizeof octets);
    for (size_t i = 0; i < n; i++)
        octets[i] = octet_of(which, m->read + m->readable + i);
    placed_moves(m, ring_write(r, octets, n));
}

static void do_place(struct ring *r, struct model *m, size_t which)
{
    static uint8_t octets[1500];
    size_t gap = random_below(4) ? random_below(3000) : random_below(10000), n = random_below(sizeof octets);
    for (size_t i = 0; i < n; i++)
        octets[i] = octet_of(which, m->read + m->readable + gap + i);
    size_t took = ring_place(r, gap, octets, n);
    ck_assert(took <= n && (took == 0 || m->readable + gap + took <= LIMIT));
    for (size_t i = 0; i < took; i++)
        m->placed[gap + i] = true;
}

/* As a TCP does: what lies without a gap becomes readable. */
static void do_commit(struct ring *r, struct model *m)
{
    size_t n = 0;
    while (m->placed[n])
        n++;
    ring_commit(r, n);
    placed_moves(m, n);
}

static void do_consume(struct ring *r, struct model *m)
{
    size_t n = random_below(3) ? random_below(m->readable + 1) : m->readable;
    ring_consume(r, n);
    m->read += n;
    m->readable -= n;
}

static void check_against(struct ring *r, const struct model *m, size_t which)
{
    struct bytes b = ring_peek(r);
    ck_assert_uint_eq(b.n, m->readable);
    ck_assert_uint_eq(ring_room(r), LIMIT - m->readable);
    /* counted, not asserted one by one: there are many millions */
    size_t last = 0, wrong = 0;
    for (size_t i = 0; i < b.n; i++)
        wrong += b.at[i] != octet_of(which, m->read + i);
    for (size_t i = 0; i < LIMIT - m->readable; i++)
        if (m->placed[i]) {
            wrong += *ring_at(r, m->readable + i) != octet_of(which, m->read + m->readable + i);
            last = i + 1;
        }
    ck_assert_uint_eq(wrong, 0);
    ck_assert_uint_eq(r->ahead, last);
    ck_assert(b.n || last || !r->bytes);
    ck_assert_uint_le(r->head + r->len + r->ahead, r->size);
}

static void run_against_model(size_t pool_limit, uint64_t seed)
{
    static struct model m[RINGS];
    struct pool pool;
    struct ring r[RINGS];
    random_state = seed * 0x9e3779b97f4a7c15u + 1;
    memset(m, 0, sizeof m);
    pool_start(&pool, pool_limit);
    for (size_t i = 0; i < RINGS; i++)
        ring_start(&r[i], &pool, LIMIT);
    for (int step = 0; step < STEPS; step++) {
        size_t i = random_below(RINGS), used = 0;
        switch (random_below(step % 2000 < 1000 ? 7 : 10)) {           /* now filling, now draining */
        case 0: case 1: do_reserve(&r[i], &m[i], i); break;
        case 2: do_write(&r[i], &m[i], i); break;
        case 3: case 4: do_place(&r[i], &m[i], i); break;
        case 5: do_commit(&r[i], &m[i]); break;
        default: do_consume(&r[i], &m[i]); break;
        }
        if (random_below(3000) == 0) {
            ring_end(&r[i]);
            m[i] = (struct model){ .read = m[i].read + m[i].readable };
        }
        check_against(&r[i], &m[i], i);
        for (size_t k = 0; k < RINGS; k++)
            used += r[k].size;
        ck_assert_uint_eq(pool.used, used);
        ck_assert_uint_le(pool.used, pool.limit);
    }
    for (size_t i = 0; i < RINGS; i++)
        ring_end(&r[i]);
    ck_assert_uint_eq(pool.used, 0);
    pool_end(&pool);
}

START_TEST(agrees_with_the_model)           { run_against_model(1 << 20, 1); } END_TEST
START_TEST(agrees_when_the_pool_is_short)   { run_against_model(24 << 10, 2); } END_TEST
START_TEST(agrees_when_the_pool_has_little) { run_against_model(5 << 10, 3); } END_TEST
START_TEST(agrees_when_the_pool_has_none)   { run_against_model(1000, 4); } END_TEST

int main(void)
{
    return check_run("ring",
                     (const TTest *[]){
                         holds_what_was_written, full_is_not_an_error, what_came_early_waits_for_the_gap,
                         an_empty_ring_holds_no_memory, an_exhausted_pool_still_slides,
                         kept_pieces_make_room, given_back_pieces_are_wiped, agrees_with_the_model, agrees_when_the_pool_is_short,
                         agrees_when_the_pool_has_little, agrees_when_the_pool_has_none, NULL });
}

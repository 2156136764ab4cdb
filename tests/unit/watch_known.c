/* A chain that was judged before is not judged again, and what is said of it is what judging it would have said: at any
 * time, for any name, of any octets. */
#include "tests/lib/check.h"
#include "tests/lib/tls_tape.h"
#include "tls/watch_inside.h"

#include <stdio.h>
#include <string.h>

static struct tls_pair pair;

static struct tape *talk(void)
{
    struct tape *t = tls_tape_new();
    pair_configure(&pair, &(struct pair_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256" });
    pair.client.config.exporter = pair.server.config.exporter = true;
    pair.client.tls = tls_new(&pair.client.config, PAIR_NOW, &pair.client.fault);
    pair.server.tls = tls_new(&pair.server.config, PAIR_NOW, &pair.server.fault);
    ck_assert(tape_pair(t, &pair, 100));
    return t;
}

/* The handshake, as it was seen at this time. */
static struct watch_facts seen(const struct tape *t, const struct watch_config *c, nsec when)
{
    static uint8_t octets[2][TAPE_OCTETS];
    struct tls_watch *w = watch_new(c);
    struct watch_record r;
    const struct watch_moment m = { 1, 1, when };
    size_t at[2] = { 0, 0 };
    for (unsigned side = 0; side < 2; side++)
        memcpy(octets[side], t->octets[side], t->n[side]);
    for (unsigned step = 0; step < 12; step++)
        for (unsigned side = 0; side < 2; side++)
            if (at[side] < t->n[side]
                && watch_take(w, side, octets[side] + at[side], t->n[side] - at[side], &m, &r) == WATCH_RECORD)
                at[side] += r.used;
    struct watch_facts facts = *watch_facts(w);
    watch_free(w);
    return facts;
}

static const char *ground_of(const struct fault *f) { return f->ground ? f->ground->id : ""; }

static void same_said(const struct watch_facts *a, const struct watch_facts *b)
{
    ck_assert(a->chain_judged && b->chain_judged);
    ck_assert_int_eq(a->chain_holds, b->chain_holds);
    ck_assert_int_eq(a->chain_trusted, b->chain_trusted);
    ck_assert_str_eq(ground_of(&a->chain_fault), ground_of(&b->chain_fault));
    ck_assert_str_eq(a->chain_fault.came, b->chain_fault.came);
    ck_assert_str_eq(a->leaf, b->leaf);
    ck_assert_str_eq(a->issuer, b->issuer);
    ck_assert_int_eq(a->leaf_from, b->leaf_from);
    ck_assert_int_eq(a->leaf_until, b->leaf_until);
    ck_assert_uint_eq(a->n_faults, b->n_faults);
    ck_assert_int_eq(a->ske_good, b->ske_good);
}

/* In any order of times, the dates of the chain among them. */
START_TEST(it_says_what_judging_says)
{
    struct tape *t = talk();
    for (unsigned trusts = 0; trusts < 2; trusts++) {
        struct watch_config c = { .trust = trusts ? &pair.trust : NULL }, with = c;
        const struct watch_facts first = seen(t, &c, PAIR_NOW);
        const nsec from = first.leaf_from, until = first.leaf_until, times[] = {
            PAIR_NOW, PAIR_NOW, PAIR_NOW + 3600 * SECOND, until, until + 1, until + SECOND, until, PAIR_NOW, from,
            from - 1, from - SECOND, from + 1, until + 40 * 86400 * SECOND, PAIR_NOW };
        with.known = watch_known_new();
        for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
            const struct watch_facts a = seen(t, &c, times[i]), b = seen(t, &with, times[i]);
            same_said(&a, &b);
        }
        ck_assert_str_eq(ground_of(&first.chain_fault), trusts ? "" : "x509.unknown_root");
        watch_known_free(with.known);
    }
    tls_tape_free(t);
    pair_end(&pair);
}
END_TEST

/* An octet of the leaf is another: it is not the chain that was seen. */
START_TEST(a_spoiled_chain_is_another_one)
{
    struct tape *t = talk();
    const struct watch_config c = { .trust = &pair.trust, .known = watch_known_new() };
    struct watch_facts f = seen(t, &c, PAIR_NOW);
    ck_assert(f.chain_holds);
    const char *name = strstr(f.leaf, "CN=");
    ck_assert_ptr_nonnull(name);
    size_t n = strlen(name += 3);
    bool found = false;
    for (size_t i = 0; i + n <= t->n[WATCH_SERVER] && !found; i++)
        if ((found = !memcmp(t->octets[WATCH_SERVER] + i, name, n)))
            t->octets[WATCH_SERVER][i] ^= 0x20;
    ck_assert(found);
    f = seen(t, &c, PAIR_NOW);
    ck_assert(!f.chain_holds);
    watch_known_free(c.known);
    tls_tape_free(t);
    pair_end(&pair);
}
END_TEST

/* ---- what is found, and what is not ---- */

START_TEST(only_what_was_asked_the_same_way)
{
    struct tape *t = talk();
    const struct der *chain = pair.identities[0].chain;
    struct watch_known *k = watch_known_new();
    const struct x509_ask ask = { .at = PAIR_NOW, .host = "a.example.test", .key_usage = X509_DIGITAL_SIGNATURE };
    struct watch_judgement put = { .holds = true, .leaf = "CN=x" }, got;
    watch_known_put(k, &ask, chain, 2, &put);
    ck_assert(watch_known_find(k, &ask, chain, 2, &got) && got.holds && !strcmp(got.leaf, "CN=x"));
    struct x509_ask other[] = { ask, ask, ask, ask, ask };
    other[0].host = "b.example.test";
    other[1].host = NULL;
    other[2].key_usage = X509_KEY_ENCIPHERMENT;
    other[3].staple_asked = true;
    other[4].ocsp = (struct bytes){ chain[0].at, chain[0].n };
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        ck_assert_msg(!watch_known_find(k, &other[i], chain, 2, &got), "other %zu", i);
    ck_assert(!watch_known_find(k, &ask, chain, 1, &got));
    ck_assert(!watch_known_find(k, &ask, chain + 1, 1, &got));
    const struct der turned[] = { chain[1], chain[0] };
    ck_assert(!watch_known_find(k, &ask, turned, 2, &got));
    ck_assert(!watch_known_find(NULL, &ask, chain, 2, &got));
    watch_known_free(k);
    tls_tape_free(t);
    pair_end(&pair);
}
END_TEST

/* The oldest makes room; what cannot be read is not kept. */
START_TEST(it_is_bounded)
{
    struct tape *t = talk();
    const struct der *chain = pair.identities[0].chain;
    struct watch_known *k = watch_known_new();
    struct x509_ask ask = { .at = PAIR_NOW };
    struct watch_judgement got, put = { .holds = true };
    char host[32];
    for (unsigned i = 0; i < 100; i++) {
        snprintf(host, sizeof host, "h%u.example.test", i);
        ask.host = host;
        watch_known_put(k, &ask, chain, 1, &put);
        ck_assert(watch_known_find(k, &ask, chain, 1, &got));
    }
    ask.host = "h0.example.test";
    ck_assert(!watch_known_find(k, &ask, chain, 1, &got));
    ask.host = "h99.example.test";
    ck_assert(watch_known_find(k, &ask, chain, 1, &got));
    const struct der broken[] = { { chain[0].at, chain[0].n - 1, 0 } };
    watch_known_put(k, &ask, broken, 1, &put);
    ck_assert(!watch_known_find(k, &ask, broken, 1, &got));
    watch_known_free(k);
    tls_tape_free(t);
    pair_end(&pair);
}
END_TEST

int main(void)
{
    return check_run("watch_known", (const TTest *[]){ it_says_what_judging_says, a_spoiled_chain_is_another_one,
                                                       only_what_was_asked_the_same_way, it_is_bounded, NULL });
}

/* What is folded from a tape of a handshake: offers and what came of them, the hash as it grows, the short handshake
 * beside the full one. */
#include "cmd/words.h"
#include "crypto/hash.h"
#include "tests/lib/check.h"
#include "tests/lib/taped_visit.h"
#include "tls/suites.h"
#include "trace/beside.h"
#include "trace/offers.h"
#include "trace/transcript.h"

#include <string.h>

static struct tape *visit(const char *suite, bool resume, bool grease)
{
    struct fault why = { 0 };
    struct sealed_visit_config config = { .seed = 1, .size = 1200, .group = TLS_X25519, .resume = resume,
        .grease = grease, .suite = tls_suite_named(suite), .wires = { .delay = 10 * MILLISECOND } };
    ck_assert(url_parse("https://www.example.test/", &config.url, &why));
    return taped_visit(&config, 32 << 20);
}

/* ---- offers ---- */

static bool hello(struct tape *tape, struct offers *all)
{
    for (event_no n = 1; n <= tape_events(tape); n++)
        if (offers_in(tape, words_in("en"), tape_event(tape, n), tape_events(tape)))
            return offers_read(all, tape, words_in("en"), tape_event(tape, n), tape_events(tape));
    return false;
}

static void fate(const struct offers *all, const char *what, enum offer_fate fate, const char *in)
{
    for (unsigned i = 0; i < all->n; i++)
        if (strcmp(all->at[i].what, what) == 0) {
            char came[400];
            ck_assert_msg(all->at[i].fate == fate, "%s: %u", what, all->at[i].fate);
            ck_assert_str_eq(all->at[i].answer ? all->at[i].answer->name : "", in);
            for (unsigned lang = 0; lang < 2; lang++) {
                const struct words *w = words_in(lang ? "zh" : "en");
                ck_assert_msg(offer_is(w, &all->at[i]), "%s: nobody says what it is for", what);
                ck_assert_msg(offer_came(all, &all->at[i], w, came, sizeof came), "%s: what came of it?", what);
                ck_assert_msg(!strchr(came, '{'), "%s", came);
            }
            return;
        }
    ck_abort_msg("%s was not offered", what);
}

START_TEST(offers_are_followed)
{
    struct offers all;
    struct tape *tape = visit("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", false, true);
    ck_assert(hello(tape, &all));
    fate(&all, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", OFFER_ANSWERED, "ServerHello");
    fate(&all, "TLS_RSA_WITH_AES_128_CBC_SHA", OFFER_SILENT, "");
    fate(&all, "extended_master_secret", OFFER_ANSWERED, "ServerHello");
    fate(&all, "supported_groups", OFFER_USED, "ServerKeyExchange");
    fate(&all, "signature_algorithms", OFFER_USED, "ServerKeyExchange");
    fate(&all, "x25519", OFFER_ANSWERED, "ServerKeyExchange");
    fate(&all, "rsa_pkcs1_sha256", OFFER_ANSWERED, "ServerKeyExchange");
    fate(&all, "rsa_pkcs1_sha512", OFFER_SILENT, "");
    fate(&all, "GREASE", OFFER_SILENT, "");
    tape_free(tape);
}
END_TEST

/* Without a curve nobody uses the groups, and the sentence has no hole. */
START_TEST(what_is_not_needed_is_not_taken)
{
    struct offers all;
    struct tape *tape = visit("TLS_RSA_WITH_AES_128_GCM_SHA256", false, false);
    ck_assert(hello(tape, &all));
    fate(&all, "supported_groups", OFFER_SILENT, "");
    fate(&all, "x25519", OFFER_SILENT, "");
    fate(&all, "signature_algorithms", OFFER_SILENT, "");
    fate(&all, "TLS_RSA_WITH_AES_128_GCM_SHA256", OFFER_ANSWERED, "ServerHello");
    tape_free(tape);
}
END_TEST

/* A suite, a group or a signature algorithm that is spoken here is explained, in both languages. */
START_TEST(what_is_spoken_is_explained)
{
    for (unsigned lang = 0; lang < 2; lang++) {
        const struct words *w = words_in(lang ? "zh" : "en");
        for (size_t i = 0; i < tls_n_suites; i++)
            ck_assert_msg(words_find(w, "value", tls_suites[i].name), "%s", tls_suites[i].name);
        for (size_t i = 0; i < tls_n_groups; i++)
            ck_assert_msg(words_find(w, "value", tls_group_words(tls_groups[i])), "%s", tls_group_words(tls_groups[i]));
        for (size_t i = 0; i < tls_n_legacy_sigalgs; i++)
            ck_assert_msg(words_find(w, "value", tls_sigalg_words(tls_sigalgs[i])), "0x%04x", tls_sigalgs[i]);
    }
}
END_TEST

/* ---- the hash ---- */

/* Hashed once more, from the messages themselves: each row is right, and the uses stand behind the rows they have. */
static void hash_again(const char *suite, enum hash_kind kind, unsigned messages, unsigned uses)
{
    struct tape *tape = visit(suite, false, false);
    struct hash so_far;
    uint8_t digest[HASH_MAX];
    hash_start(&so_far, kind, NULL);
    for (event_no n = 1; n <= tape_events(tape); n++) {
        const struct event *e = tape_event(tape, n);
        enum transcript_line line = transcript_line(tape, e, tape_events(tape));
        if (line == TRANSCRIPT_MESSAGE) {
            const struct event *m = transcript_message(tape, e);
            const struct attr *said = transcript_digest(tape, e, tape_events(tape));
            hash_add(&so_far, m->bytes.at, m->bytes.n);
            struct hash now = so_far;
            hash_end(&now, digest);
            ck_assert_uint_eq(said->bytes.n, hash_size(kind));
            ck_assert_mem_eq(said->bytes.at, digest, said->bytes.n);
            messages--;
        } else if (line == TRANSCRIPT_USE) {
            ck_assert_mem_eq(event_attr(e, "digest")->bytes.at, digest, hash_size(kind));
            ck_assert_ptr_nonnull(transcript_use(tape, e, tape_events(tape)));
            uses--;
        }
    }
    ck_assert_uint_eq(messages, 0);
    ck_assert_uint_eq(uses, 0);
    tape_free(tape);
}

START_TEST(the_hash_grows)
{
    hash_again("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", HASH_SHA256, 8, 3);
    hash_again("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", HASH_SHA384, 8, 3);
    hash_again("TLS_RSA_WITH_AES_128_GCM_SHA256", HASH_SHA256, 7, 3);
}
END_TEST

/* ---- beside ---- */

START_TEST(the_short_one_beside_the_full_one)
{
    struct beside b;
    struct tape *tape = visit("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", true, false);
    ck_assert(beside_read(&b, tape, tape_events(tape)));
    ck_assert_uint_eq(b.sum[0].messages, 9);
    ck_assert_uint_eq(b.sum[0].trips, 2);
    ck_assert_int_eq(b.sum[0].took, 40 * MILLISECOND);
    ck_assert_uint_eq(b.sum[1].messages, 4);
    ck_assert_uint_eq(b.sum[1].trips, 1);
    ck_assert_int_eq(b.sum[1].took, 20 * MILLISECOND);
    unsigned both = 0, gone = 0;
    for (unsigned i = 0; i < b.n; i++) {
        both += b.rows[i].message[0] && b.rows[i].message[1];
        gone += b.rows[i].message[0] && !b.rows[i].message[1];
        if (b.rows[i].message[0] && b.rows[i].message[1])
            ck_assert_str_eq(b.rows[i].message[0]->name, b.rows[i].message[1]->name);
    }
    ck_assert_uint_eq(both, 3);
    ck_assert_uint_eq(gone, 6);
    tape_free(tape);
    tape = visit("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", false, false);
    ck_assert(!beside_read(&b, tape, tape_events(tape)));
    tape_free(tape);
}
END_TEST

int main(void)
{
    return check_run("glass", (const TTest *[]){ offers_are_followed, what_is_not_needed_is_not_taken,
        what_is_spoken_is_explained, the_hash_grows, the_short_one_beside_the_full_one, NULL });
}

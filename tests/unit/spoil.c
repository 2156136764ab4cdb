/* Certificates and chains that are not as they should be: the judge gives for each the ground that its row foretells,
 * and takes the same chain where nothing is spoiled. */
#include "tests/lib/certs.h"
#include "tests/lib/check.h"
#include "tls/x509/crl.h"
#include "tls/x509/spoil.h"

#include <stdlib.h>
#include <string.h>

static struct x509_scene *scene_of(const struct spoil_way *way)
{
    static struct test_chance chance;
    struct x509_scene *s = malloc(sizeof *s);
    struct fault why = { 0 };
    ck_assert_ptr_nonnull(s);
    chance = test_chance(11);
    x509_scene_plan(s, "www.example.test", TEST_NOW, &chance.chance);
    ck_assert_msg(x509_scene_make(s, way, &why), "%s cannot be made", way ? way->name : "a sound chain");
    return s;
}

static const char *judge(const struct x509_scene *s, enum x509_profile profile, struct fault *why)
{
    struct x509_store trust = { 0 };
    struct voice silence = { 0 };
    struct public_key key;
    *why = (struct fault){ 0 };
    ck_assert(x509_store_add(&trust, &s->trusted, why));
    struct x509_crl crl;
    const bool listed = s->crl.n && x509_read_crl(&(struct der){ .at = s->crl.at, .n = s->crl.n }, NULL, &crl, why);
    ck_assert(listed == (s->crl.n > 0));
    const struct x509_ask ask = { .trust = &trust, .host = s->host, .at = s->at, .purpose = X509_SERVER,
                                  .profile = profile, .classroom = true, .staple_asked = !s->ocsp.n,
                                  .crls = &crl, .n_crls = listed,
                                  .responses = &s->ocsp, .n_responses = s->ocsp.n > 0,
                                  .key_usage = X509_DIGITAL_SIGNATURE | X509_KEY_ENCIPHERMENT | X509_KEY_AGREEMENT };
    const bool fine = x509_verify_chain(&ask, &silence, s->sent, s->n_sent, &key, why);
    x509_store_free(&trust);
    return fine ? "accepted" : why->ground->id;
}

START_TEST(a_sound_chain_is_accepted)
{
    struct x509_scene *s = scene_of(NULL);
    struct fault why;
    ck_assert_str_eq(judge(s, X509_WEB, &why), "accepted");
    ck_assert_str_eq(judge(s, X509_PKIX, &why), "accepted");
    free(s);
}
END_TEST

START_TEST(each_way_is_found_out)
{
    unsigned n = 0, wrong = 0;
    for (const struct spoil_way *way = spoil_ways; way->name; way++, n++) {
        struct x509_scene *s = scene_of(way);
        struct fault why;
        const char *foretold = way->ground ? way->ground : "accepted", *found = judge(s, X509_WEB, &why);
        if (strcmp(found, foretold) != 0) {
            fprintf(stderr, "%s: foretold %s, found %s (%s: %s / %s)\n", way->name, foretold, found, why.about,
                    why.expected, why.came);
            wrong++;
        }
        free(s);
    }
    ck_assert_uint_ge(n, 40);
    ck_assert_uint_eq(wrong, 0);
}
END_TEST

START_TEST(the_same_chance_gives_the_same_octets)
{
    for (const struct spoil_way *way = spoil_ways; way->name; way++) {
        struct x509_scene *a = scene_of(way), *b = scene_of(way);
        ck_assert_uint_eq(a->n_sent, b->n_sent);
        for (size_t i = 0; i < a->n_sent; i++)
            ck_assert(a->sent[i].n == b->sent[i].n && memcmp(a->sent[i].at, b->sent[i].at, a->sent[i].n) == 0);
        free(a);
        free(b);
    }
}
END_TEST

START_TEST(names_are_found)
{
    ck_assert_str_eq(spoil_named("expired")->ground, "x509.expired");
    ck_assert_ptr_null(spoil_named("expire"));
    ck_assert_ptr_null(spoil_named(""));
    for (const struct spoil_way *way = spoil_ways; way->name; way++)
        ck_assert_ptr_eq(spoil_named(way->name), way);             /* none stands there twice */
}
END_TEST

int main(void)
{
    return check_run("spoil", (const TTest *[]){ a_sound_chain_is_accepted, each_way_is_found_out,
                                                 the_same_chance_gives_the_same_octets, names_are_found, NULL });
}

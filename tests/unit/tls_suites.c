/* The table of suites and the names of numbers; alerts and what they are said for. */
#include "tests/lib/check.h"
#include "tls/alerts.h"
#include "tls/tls.h"

#include <stdio.h>
#include <string.h>

START_TEST(suites_are_found)
{
    for (size_t i = 0; i < tls_n_suites; i++) {
        const struct tls_suite *s = &tls_suites[i];
        ck_assert_ptr_eq(tls_suite_of(s->number), s);
        ck_assert_ptr_eq(tls_suite_named(s->name), s);
        ck_assert_ptr_eq(tls_suite_named(s->openssl), s);
        ck_assert_str_eq(tls_suite_words(s->number), s->name);
        ck_assert_uint_eq(s->mac_size, tls_suite_is_cbc(s) ? hash_size(s->mac) : 0);
        ck_assert(s->prf == HASH_SHA256 || s->prf == HASH_SHA384);         /* RFC 7627 §6.2 */
        if (s->sealing == TLS_SEAL_AEAD) {
            ck_assert_uint_eq(s->key_size, aead_key_size(s->aead));
            ck_assert_uint_eq(s->fixed_iv + s->record_iv, AEAD_NONCE);
        }
    }
    ck_assert_uint_eq(tls_n_suites, 27);
    ck_assert_uint_eq(tls_suite_named("ecdhe-rsa-aes128-gcm-sha256")->number, 0xc02f);
    ck_assert_ptr_null(tls_suite_named("ECDHE-RSA"));
    ck_assert_ptr_null(tls_suite_named(""));
    ck_assert_ptr_null(tls_suite_of(0x1301));
}
END_TEST

/* Beside what is spoken; RFC 5246's NULL with MD5 alone is only named. */
START_TEST(more_is_read_than_spoken)
{
    static const unsigned numbers[] = { 0xc09c, 0x0041, 0x008c, 0x0002, 0x003b, 0xc006, 0xc010, 0xc015, 0x002c, 0x00b9 };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const struct tls_suite *s = tls_suite_readable(numbers[i]);
        ck_assert(s && s->number == numbers[i] && !tls_suite_of(numbers[i]) && !tls_suite_named(s->name));
        ck_assert_str_eq(tls_suite_words(numbers[i]), s->name);
        if (s->sealing == TLS_SEAL_NULL)
            ck_assert(s->mac_size == hash_size(s->mac) && !tls_suite_usual(s) && !s->key_size && !s->record_iv);
    }
    ck_assert_ptr_null(tls_suite_readable(0x0001));
    ck_assert_str_eq(tls_suite_words(0x0001), "TLS_RSA_WITH_NULL_MD5");
}
END_TEST

START_TEST(ecdhe_comes_before_rsa)
{
    for (size_t i = 1; i < tls_n_suites; i++) {
        ck_assert_int_le(tls_suites[i].kx, tls_suites[i - 1].kx);
        ck_assert(tls_suites[i].kx < tls_suites[i - 1].kx || tls_suite_is_cbc(&tls_suites[i])
                  || !tls_suite_is_cbc(&tls_suites[i - 1]));
    }
}
END_TEST

START_TEST(the_usual_suites_are_all_that_are_usual)
{
    size_t n = 0;
    for (size_t i = 0; i < tls_n_suites; i++)
        if (tls_suite_usual(&tls_suites[i]))
            ck_assert(n < TLS_USUAL_SUITES && tls_usual_suites[n++] == &tls_suites[i]);
    ck_assert_uint_eq(n, TLS_USUAL_SUITES);
}
END_TEST

START_TEST(numbers_have_words)
{
    ck_assert_str_eq(tls_suite_words(0x1301), "TLS_AES_128_GCM_SHA256");
    ck_assert_str_eq(tls_suite_words(0x00ff), "TLS_EMPTY_RENEGOTIATION_INFO_SCSV");
    ck_assert_str_eq(tls_suite_words(0x5a5a), "GREASE");
    ck_assert_ptr_null(tls_suite_words(0x5a6a));
    ck_assert_ptr_null(tls_suite_words(0xfefe));
    ck_assert_str_eq(tls_group_words(29), "x25519");
    ck_assert_str_eq(tls_group_words(0x11ec), "X25519MLKEM768");
    ck_assert_str_eq(tls_group_words(0xfafa), "GREASE");
    ck_assert_ptr_null(tls_group_words(1));
    ck_assert_str_eq(tls_sigalg_words(0x0401), "rsa_pkcs1_sha256");
    ck_assert_ptr_null(tls_sigalg_words(0x0999));
}
END_TEST

START_TEST(signature_algorithms)
{
    enum key_kind key;
    struct sign_scheme scheme;
    for (size_t i = 0; i < tls_n_sigalgs; i++)
        ck_assert(tls_sigalg_of(tls_sigalgs[i], &key, &scheme) && tls_sigalg_words(tls_sigalgs[i]));
    ck_assert(tls_sigalg_of(0x0403, &key, &scheme) && key == KEY_P256 && scheme.kind == SIGN_ECDSA && scheme.hash == HASH_SHA256);
    ck_assert(tls_sigalg_of(0x0601, &key, &scheme) && key == KEY_RSA && scheme.kind == SIGN_PKCS1 && scheme.hash == HASH_SHA512);
    ck_assert(tls_sigalg_of(0x0804, &key, &scheme) && key == KEY_RSA && scheme.kind == SIGN_PSS);
    ck_assert(tls_sigalg_of(0x0809, &key, &scheme) && key == KEY_RSA_PSS && scheme.hash == HASH_SHA256);
    ck_assert(tls_sigalg_of(0x0807, &key, &scheme) && key == KEY_ED25519 && scheme.kind == SIGN_ED25519);
    ck_assert(!tls_sigalg_of(0x0402, &key, &scheme) && !tls_sigalg_of(0x0808, &key, &scheme));
    for (size_t i = tls_n_sigalgs; i < tls_n_legacy_sigalgs; i++)
        ck_assert(tls_sigalg_of(tls_sigalgs[i], &key, &scheme) && scheme.hash == HASH_SHA1);
}
END_TEST

START_TEST(alerts_have_words)
{
    ck_assert_str_eq(tls_alert_words(45), "certificate_expired");
    ck_assert_str_eq(tls_alert_answer(45), "alert certificate_expired");
    ck_assert_ptr_null(tls_alert_words(1));
    ck_assert_ptr_null(tls_alert_words(4000));
    ck_assert_ptr_null(tls_alert_answer(TLS_SAYS_NOTHING));
    ck_assert_int_eq(tls_alert_for(&(struct ground){ "x509.expired", "" }), 45);
    ck_assert_int_eq(tls_alert_for(&(struct ground){ "x509.wrong_name", "" }), 42);
    ck_assert_int_eq(tls_alert_for(&(struct ground){ "x509.unknown_root", "" }), 48);
    ck_assert_int_eq(tls_alert_for(&(struct ground){ "x509.key_algorithm", "" }), 43);
    ck_assert_int_eq(tls_alert_for(&(struct ground){ "tls.alert_received", "" }), TLS_SAYS_NOTHING);
    ck_assert_int_eq(tls_alert_for(&(struct ground){ "tls.no_such_ground", "" }), 80);
}
END_TEST

/* Each ground of tls/ has a row: whoever adds one and forgets the table says internal_error. Reads the
 * sources. */
START_TEST(every_ground_has_an_alert)
{
    static const char *const sources[] = { "client", "server", "handshake", "hello", "messages", "input",
                                           "flight", "tls", "choose", "key_exchange",
                                           "extensions" };
    /* RFC 5246 §7.2.2: decryption_failed, no_certificate, export_restriction are said by nobody any more */
    static const int never[] = { 21, 41, 60 };
    static const char *const internal[] = { "tls.internal", "tls.no_memory", "tls.message_too_large",
                                            "tls.key_worn" };
    unsigned found = 0;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        char path[64], line[512], id[64];
        snprintf(path, sizeof path, "tls/%s.c", sources[i]);
        FILE *f = fopen(path, "r");
        ck_assert_msg(f, "%s is not there", path);
        while (fgets(line, sizeof line, f)) {
            const char *at = strncmp(line, "static const struct ground", 26) ? NULL : strstr(line, "\"tls.");
            if (!at || sscanf(at, "\"%63[a-z0-9_.]\"", id) != 1)
                continue;
            bool ours = false;
            for (size_t k = 0; k < sizeof internal / sizeof *internal; k++)
                ours |= strcmp(id, internal[k]) == 0;
            ck_assert_msg(ours || tls_alert_for(&(struct ground){ id, "" }) != TLS_ALERT_INTERNAL_ERROR,
                          "%s has no alert", id);
            for (size_t k = 0; k < sizeof never / sizeof *never; k++)
                ck_assert_int_ne(tls_alert_for(&(struct ground){ id, "" }), never[k]);
            found++;
        }
        fclose(f);
    }
    ck_assert_uint_gt(found, 40);
}
END_TEST

int main(void)
{
    return check_run("tls_suites", (const TTest *[]){ suites_are_found, more_is_read_than_spoken, ecdhe_comes_before_rsa,
                                                      the_usual_suites_are_all_that_are_usual, numbers_have_words,
                                                      signature_algorithms, alerts_have_words,
                                                      every_ground_has_an_alert, NULL });
}

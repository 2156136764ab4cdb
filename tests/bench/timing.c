/* timing - does what is secret show in the time? The method of dudect (Reparaz, Balasch, Verbauwhede 2017): two classes
 * of input that differ in the secret alone, in an order drawn by chance, each timed once; Welch's t-test then says how
 * far the two means lie apart in units of what chance would do. |t| of 4.5 is what chance gives once in a hundred
 * thousand. Rare long times (the machine was busy) drown what is small, so the test is made of all times and again of
 * those below the 90th and the 50th percentile of both classes together.
 *
 *     timing [RUNS]          of each class and subject; 10^6 if nothing is said
 *
 * A leak is planted, too, and must be found: else the machine is too noisy for this run to say anything. */
#define _POSIX_C_SOURCE 200809L
#include "crypto/sign.h"
#include "tests/bench/cpu.h"
#include "tls/record.h"

#include <math.h>
#include <sodium.h>
#include <string.h>
#ifdef __x86_64__
#include <x86intrin.h>
#endif

enum { INPUTS = 64, ROOM = 1024, PREMASTER = TLS_PRE_MASTER_SECRET };
static const double t_most = 4.5;
static struct cpu forms;

static uint64_t ticks(void)
{
#ifdef __x86_64__
    unsigned core;
    _mm_lfence();
    uint64_t now = __rdtscp(&core);
    _mm_lfence();
    return now;
#else
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
#endif
}

static void fill(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c;
    (void)purpose;
    randombytes_buf(out, n);
}
static struct chance chance = { fill };

/* Each class has as many inputs in memory as the other, and what runs sees a copy: so caches know no difference. */
static uint8_t inputs[2][INPUTS][ROOM], input[ROOM];

struct subject { const char *name; void (*make)(void); void (*run)(void); bool leaks; };

/* ---- RSA decryption of a premaster secret: its padding is right, or it is not (Bleichenbacher 1998) ---- */

static struct private_key rsa;

static void make_rsa(void)
{
    must(key_make_rsa(&rsa, 2048, &chance, &forms), "an RSA key");
    for (size_t i = 0; i < INPUTS; i++) {
        uint8_t secret[PREMASTER], encoded[RSA_MAX];
        randombytes_buf(secret, sizeof secret);
        secret[0] = TLS_1_2 >> 8;
        secret[1] = TLS_1_2 & 0xff;
        must(rsa_encrypt(&rsa.pub.u.rsa, &chance, secret, sizeof secret, encoded, inputs[0][i], &forms),
             "a ciphertext");
        randombytes_buf(inputs[1][i], 256);
        inputs[1][i][0] &= 0x7f;                       /* below n */
    }
}

static void run_rsa(void)
{
    uint8_t secret[PREMASTER];
    must(rsa_decrypt_premaster(&rsa.u.rsa, &chance, TLS_1_2, input, 256, secret, &forms), "a decryption");
}

/* ---- ECDSA: a key of few bits, or any ---- */

static void make_ecdsa(void)
{
    struct private_key key;
    for (size_t i = 0; i < INPUTS; i++) {
        memset(inputs[0][i], 0, 32);
        inputs[0][i][31] = 1;
        must(key_make(&key, KEY_P256, &chance, "key", &forms), "a key");
        memcpy(inputs[1][i], key.u.ec, 32);
        for (int k = 0; k < 2; k++)
            randombytes_buf(inputs[k][i] + 32, 32);    /* the digest */
    }
}

static void run_ecdsa(void)
{
    uint8_t r[32], s[32];
    ecdsa_sign(&curve_p256, input, &chance, HASH_SHA256, input + 32, r, s, &forms);
}

/* ---- CBC: the padding is as long as it can be and right, or there is none that is; the MAC is wrong in either ---- */

enum { CBC_N = RECORD_HEADER + 16 + 320 };
static struct sealing reader;

static void make_cbc(void)
{
    uint8_t keys[TLS_KEY_BLOCK_MAX];
    randombytes_buf(keys, sizeof keys);
    sealing_start(&reader, tls_suite_of(0x003c), keys, false, false, &forms);    /* TLS_RSA_WITH_AES_128_CBC_SHA256 */
    for (size_t i = 0; i < INPUTS; i++)
        for (int k = 0; k < 2; k++) {
            uint8_t *at = inputs[k][i];
            randombytes_buf(at, CBC_N);
            if (k == 0)
                memset(at + CBC_N - 256, 255, 256);
            else
                at[CBC_N - 1] = 200, at[CBC_N - 2] = 1;
            aes_cbc_encrypt(&reader.u.cbc.aes, at + RECORD_HEADER, at + RECORD_HEADER + 16, CBC_N - RECORD_HEADER - 16);
        }
}

static void run_cbc(void)
{
    struct sealing s = reader;
    struct record r = { .type = 23, .at = input, .n = CBC_N };
    must(!record_open(&s, &r), "a wrong record");
}

/* ---- GCM: the tag is wrong in its first octet, or in its last ---- */

enum { GCM_TEXT = 64 };
static struct aead gcm;
static const uint8_t nonce[AEAD_NONCE];

static void make_gcm(void)
{
    uint8_t key[AEAD_KEY_MAX];
    randombytes_buf(key, sizeof key);
    aead_set_key(&gcm, AEAD_AES_128_GCM, key, &forms);
    for (size_t i = 0; i < INPUTS; i++)
        for (int k = 0; k < 2; k++) {
            uint8_t *at = inputs[k][i];
            randombytes_buf(at, GCM_TEXT);
            aead_seal(&gcm, nonce, NULL, 0, at, GCM_TEXT, at + GCM_TEXT);
            at[GCM_TEXT + (k ? AEAD_TAG - 1 : 0)] ^= 1;
        }
}

static void run_gcm(void)
{
    must(!aead_open(&gcm, nonce, NULL, 0, input, GCM_TEXT, input + GCM_TEXT), "a wrong tag");
}

/* ---- planted: the same judged by a comparison that leaves at the first difference ---- */

static volatile size_t looked_at;

static void run_planted(void)
{
    uint8_t right[AEAD_TAG];
    gcm_open(&gcm.u.gcm, nonce, NULL, 0, input, GCM_TEXT, right);
    for (looked_at = 0; looked_at < AEAD_TAG; looked_at++)
        if (right[looked_at] != input[GCM_TEXT + looked_at])
            break;
}

/* ---- Welch's t-test ---- */

struct times { double *of[2]; size_t n[2]; };

static double t_below(const struct times *t, double limit)
{
    double mean[2] = { 0, 0 }, spread[2] = { 0, 0 }, n[2] = { 0, 0 };
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < t->n[k]; i++)
            if (t->of[k][i] <= limit) {                /* Welford: mean, and the sum of squares about it */
                double step = t->of[k][i] - mean[k];
                n[k]++;
                mean[k] += step / n[k];
                spread[k] += step * (t->of[k][i] - mean[k]);
            }
    double error = sqrt(spread[0] / (n[0] - 1) / n[0] + spread[1] / (n[1] - 1) / n[1]);
    return error > 0 ? (mean[0] - mean[1]) / error : 0;
}

static double worst_t(const struct times *t)
{
    size_t n = t->n[0] + t->n[1];
    double *sorted = malloc(n * sizeof *sorted), worst = 0;
    must(sorted != NULL, "memory");
    memcpy(sorted, t->of[0], t->n[0] * sizeof *sorted);
    memcpy(sorted + t->n[0], t->of[1], t->n[1] * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_size);
    const size_t percents[] = { 100, 90, 50 };
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        double found = fabs(t_below(t, sorted[(n - 1) * percents[i] / 100]));
        worst = found > worst ? found : worst;
    }
    free(sorted);
    return worst;
}

static double measure(const struct subject *s, size_t runs)
{
    struct times t = { { malloc(runs * sizeof(double)), malloc(runs * sizeof(double)) }, { 0, 0 } };
    must(t.of[0] && t.of[1], "memory");
    s->make();
    while (t.n[0] < runs || t.n[1] < runs) {
        const uint32_t drawn = randombytes_random();
        const int k = drawn & 1;
        if (t.n[k] == runs)
            continue;
        memcpy(input, inputs[k][drawn >> 1 & (INPUTS - 1)], ROOM);
        const uint64_t start = ticks();
        s->run();
        t.of[k][t.n[k]++] = (double)(ticks() - start);
    }
    double worst = worst_t(&t);
    free(t.of[0]);
    free(t.of[1]);
    return worst;
}

int main(int argc, char **argv)
{
    static const struct subject subjects[] = {
        { "a comparison that leaves early (planted)", make_gcm, run_planted, true },
        { "tag of AES-128-GCM: wrong at its start, at its end", make_gcm, run_gcm, false },
        { "padding of CBC: long and right, wrong", make_cbc, run_cbc, false },
        { "ECDSA P-256: the key 1, any key", make_ecdsa, run_ecdsa, false },
        { "RSA-2048 decryption: padding right, wrong", make_rsa, run_rsa, false },
    };
    const size_t runs = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 1000000;
    const char *form = getenv("VITRINE_CPU");
    int failed = 0;
    must(sodium_init() >= 0 && runs > 1, "libsodium, or a number of runs");
    forms = cpu_found();
    must(!form || cpu_force(&forms, form), "a form of this processor");
    char words[CPU_WORDS];
    printf("%zu runs of each class, by %s\n", runs, cpu_words(&forms, words));
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        const struct subject *s = &subjects[i];
        const double t = measure(s, runs);
        const bool good = s->leaks == (t >= t_most);
        printf("%s timing: %s: |t| = %.2f, %s\n", good ? "ok" : "FAIL", s->name, t,
               t >= t_most ? "the classes can be told apart" : "nothing to tell them apart");
        fflush(stdout);
        failed |= !good;
    }
    return failed;
}

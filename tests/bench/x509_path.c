/* bench-x509, its second half: what a judgement costs beside its signatures, what a store of roots costs, by CPU time.
 * Each row holds two ways against each other, in turn, several rounds in one run, and says the median of the rounds'
 * ratios and its bar; the exit status is 1 where a bar is missed.
 *
 * warm: x509_verify_read of leaf and intermediate, both read before, up to a root in a store; beside it key_verify on the
 * two signatures. cold: x509_verify_chain of the same in DER, reading them with it.
 * roots: x509_store_add_pem of this machine's bundle, from the octets of the file to the last index. */
#define _POSIX_C_SOURCE 200809L
#include "tests/bench/cpu.h"
#include "tls/x509/classroom_keys.h"
#include "tls/x509/issue.h"
#include "tls/x509/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 15, TEXT_MAX = 4 << 20 };
static const double slice = 0.03;                      /* seconds of CPU of one way in one round */
static const nsec now = 1000000 * SECOND;

/* A way does its work once. */
typedef void way(const void *about);

/* Seconds of CPU for one time. */
static double cost(way *do_it, const void *about)
{
    double from = cpu(), to;
    size_t times = 0;
    do {
        for (unsigned i = 0; i < 8; i++)
            do_it(about);
        times += 8;
    } while ((to = cpu()) < from + slice);
    return (to - from) / (double)times;
}

static void count(struct chance *c, const char *purpose, void *out, size_t n)
{
    static uint8_t last;
    (void)c, (void)purpose;
    for (size_t i = 0; i < n; i++)
        ((uint8_t *)out)[i] = ++last;
}

/* ---- a judgement and its signatures ---- */

struct bench {
    struct classroom room;
    struct x509_store trust;
    struct x509_ask ask;
    struct x509_cert sent[2];
    struct der der[2];
};

static void ready(struct bench *b, enum key_kind kind)
{
    struct chance chance = { count };
    struct fault why = { 0 };
    must(classroom_issue(&b->room, kind, "www.example.test", now, &chance, &why), "classroom_issue");
    b->trust = (struct x509_store){ 0 };
    must(x509_store_add(&b->trust, &b->room.root.der, &why), "x509_store_add");
    b->sent[0] = b->room.leaf;
    b->sent[1] = b->room.intermediate;
    for (int i = 0; i < 2; i++)
        b->der[i] = b->sent[i].der;
    b->ask = (struct x509_ask){ .trust = &b->trust, .host = "www.example.test", .at = now, .purpose = X509_SERVER,
                                .key_usage = X509_DIGITAL_SIGNATURE, .classroom = true };
}

static void bare(const void *about)
{
    const struct bench *b = about;
    const struct x509_cert *path[] = { &b->sent[0], &b->sent[1], &b->trust.certs[0] };
    for (int i = 0; i < 2; i++)
        must(key_verify(&path[i + 1]->key, path[i]->outer.scheme, path[i]->tbs.at, path[i]->tbs.n, path[i]->signature.at,
                        path[i]->signature.n, NULL), "key_verify");
}

static void warm(const void *about)
{
    const struct bench *b = about;
    const struct voice silence = { 0 };
    struct public_key key;
    must(x509_verify_read(&b->ask, &silence, b->sent, 2, &key, NULL), "x509_verify_read");
}

static void cold(const void *about)
{
    const struct bench *b = about;
    const struct voice silence = { 0 };
    struct public_key key;
    must(x509_verify_chain(&b->ask, &silence, b->der, 2, &key, NULL), "x509_verify_chain");
}

/* most 0: no bar. */
static bool compare(const char *what, way *ours, const struct bench *b, double most)
{
    double ratios[ROUNDS], best = 1, least = 1;
    cost(ours, b);                                     /* both warm */
    cost(bare, b);
    for (int i = 0; i < ROUNDS; i++) {
        double x = cost(ours, b), y = cost(bare, b);
        ratios[i] = x / y;
        best = x < best ? x : best;
        least = y < least ? y : least;
    }
    qsort(ratios, ROUNDS, sizeof *ratios, by_size);
    double median = ratios[ROUNDS / 2];
    bool met = most == 0 || median <= most;
    printf("%-44s %8.1f us  %8.1f us  %6.3f  (%.3f .. %.3f)  %s\n", what, best * 1e6, least * 1e6, median, ratios[0],
           ratios[ROUNDS - 1], met ? "" : "MISSED");
    return met;
}

/* ---- the roots of this machine ---- */

struct text { char *at; size_t n; };

static void read_roots(const void *about)
{
    const struct text *t = about;
    struct x509_store roots = { 0 };
    must(x509_store_add_pem(&roots, t->at, t->n, NULL, NULL), "x509_store_add_pem");
    x509_store_free(&roots);
}

static bool roots(const char *path)
{
    struct text t = { malloc(TEXT_MAX), 0 };
    struct x509_store store = { 0 };
    FILE *f = fopen(path, "rb");
    must(t.at != NULL, "malloc");
    if (!f) {
        printf("skipped: roots: no %s here\n", path);
        free(t.at);
        return true;
    }
    t.n = fread(t.at, 1, TEXT_MAX, f);
    fclose(f);
    must(x509_store_add_pem(&store, t.at, t.n, NULL, NULL), path);
    double costs[ROUNDS];
    cost(read_roots, &t);
    for (int i = 0; i < ROUNDS; i++)
        costs[i] = cost(read_roots, &t);
    qsort(costs, ROUNDS, sizeof *costs, by_size);
    double each = costs[ROUNDS / 2] * 150 / (double)store.n;
    printf("roots: %zu ready in %.3f ms, 150 in %.3f ms %s\n", store.n, costs[ROUNDS / 2] * 1e3, each * 1e3,
           each < 0.001 ? "" : "MISSED");
    x509_store_free(&store);
    free(t.at);
    return each < 0.001;
}

int main(void)
{
    static struct bench ec, rsa;
    must(sodium_init() >= 0, "sodium_init");
    ready(&ec, KEY_P256);
    ready(&rsa, KEY_RSA);
    printf("%-44s %11s  %11s  %6s  %s\n", "", "judged", "signatures", "ratio", "(rounds)");
    bool met = compare("warm chain of three, P-256", warm, &ec, 1.15);
    met &= compare("warm chain of three, RSA-2048", warm, &rsa, 1.15);
    compare("the same from DER, P-256", cold, &ec, 0);
    compare("the same from DER, RSA-2048", cold, &rsa, 0);
    met &= roots("/etc/ssl/certs/ca-certificates.crt");
    return met ? 0 : 1;
}

/* bench-pk - signatures and exchanges of ours beside libcrypto's: operations in a second of CPU time, each measured in
 * a process of its own, the two in turn, several rounds in one run. The key is the same for both. Prints the best round
 * of each, the ratio of these (ours by theirs) and the least and largest ratio of a round. */
#define _POSIX_C_SOURCE 200809L
#include "tests/bench/cpu.h"
#include "crypto/exchange.h"
#include "crypto/sign.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 7, SLICE = 8 };                         /* the clock is asked every so many operations */
static double seconds = 0.1;                           /* CPU time of one process */

static void fill(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c;
    (void)purpose;
    randombytes_buf(out, n);
}
static struct chance chance = { fill };

/* One key in both forms, and what is done with it. */
struct job {
    struct private_key ours;
    struct sign_scheme scheme;
    enum exchange way;
    EVP_PKEY *theirs, *peer;
    EVP_PKEY_CTX *context;
    uint8_t digest[32], signature[SIGNATURE_MAX], scalar[EXCHANGE_SCALAR_MAX], value[EXCHANGE_PUBLIC_MAX];
    size_t signature_n, value_n;
};

static void ours_sign(struct job *j)
{
    uint8_t out[SIGNATURE_MAX];
    must(key_sign_digest(&j->ours, &chance, j->scheme, j->digest, out) > 0, "our signature");
}

static void ours_verify(struct job *j)
{
    must(key_verify_digest(&j->ours.pub, j->scheme, j->digest, j->signature, j->signature_n), "our verification");
}

static void ours_make(struct job *j)
{
    uint8_t scalar[EXCHANGE_SCALAR_MAX], value[EXCHANGE_PUBLIC_MAX];
    exchange_make(j->way, &chance, "bench", scalar);
    must(exchange_public(j->way, scalar, value), "our key");
}

static void ours_derive(struct job *j)
{
    uint8_t out[EXCHANGE_SECRET_MAX];
    must(exchange_shared(j->way, j->scalar, j->value, j->value_n, out), "our exchange");
}

static void theirs_sign(struct job *j)
{
    uint8_t out[SIGNATURE_MAX];
    size_t n = sizeof out;
    must(EVP_PKEY_sign(j->context, out, &n, j->digest, sizeof j->digest), "EVP_PKEY_sign");
}

static void theirs_verify(struct job *j)
{
    must(EVP_PKEY_verify(j->context, j->signature, j->signature_n, j->digest, sizeof j->digest), "EVP_PKEY_verify");
}

static void theirs_make(struct job *j)
{
    EVP_PKEY *key = NULL;
    must(EVP_PKEY_keygen(j->context, &key), "EVP_PKEY_keygen");
    EVP_PKEY_free(key);
}

static void theirs_derive(struct job *j)
{
    uint8_t out[EXCHANGE_SECRET_MAX];
    size_t n = sizeof out;
    must(EVP_PKEY_derive(j->context, out, &n), "EVP_PKEY_derive");
}

static size_t number(const EVP_PKEY *key, const char *name, uint8_t *out, size_t n)
{
    BIGNUM *value = NULL;
    must(EVP_PKEY_get_bn_param(key, name, &value), name);
    size_t bytes = n ? n : (size_t)BN_num_bytes(value);
    must(BN_bn2binpad(value, out, (int)bytes) == (int)bytes, name);
    BN_free(value);
    return bytes;
}

static void take_rsa(struct job *j)
{
    struct rsa_private *k = &j->ours.u.rsa;
    j->ours.pub.kind = KEY_RSA;
    k->pub.n_size = number(j->theirs, OSSL_PKEY_PARAM_RSA_N, k->pub.n, 0);
    k->pub.e_size = number(j->theirs, OSSL_PKEY_PARAM_RSA_E, k->pub.e, 0);
    k->half = k->pub.n_size / 2;
    number(j->theirs, OSSL_PKEY_PARAM_RSA_FACTOR1, k->p, k->half);
    number(j->theirs, OSSL_PKEY_PARAM_RSA_FACTOR2, k->q, k->half);
    number(j->theirs, OSSL_PKEY_PARAM_RSA_EXPONENT1, k->dp, k->half);
    number(j->theirs, OSSL_PKEY_PARAM_RSA_EXPONENT2, k->dq, k->half);
    number(j->theirs, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, k->qinv, k->half);
    j->ours.pub.u.rsa = k->pub;
}

static void take_curve(struct job *j, enum key_kind kind, enum exchange way)
{
    j->ours.pub.kind = kind;
    j->way = way;
    number(j->theirs, OSSL_PKEY_PARAM_PRIV_KEY, j->ours.u.ec, key_scalar_size(kind));
    must(key_make_public(&j->ours), "our public key");
    memcpy(j->scalar, j->ours.u.ec, key_scalar_size(kind));
}

static void make_keys(struct job *j, const char *name)
{
    memset(j, 0, sizeof *j);
    randombytes_buf(j->digest, sizeof j->digest);
    j->scheme = (struct sign_scheme){ SIGN_ECDSA, HASH_SHA256 };
    if (strncmp(name, "RSA", 3) == 0) {
        j->scheme.kind = SIGN_PKCS1;
        j->theirs = EVP_RSA_gen((unsigned)atoi(name + 4));
        take_rsa(j);
    } else if (strcmp(name, "X25519") == 0) {
        j->way = EXCHANGE_X25519;
        j->theirs = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
        j->peer = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
        exchange_make(j->way, &chance, "bench", j->scalar);
    } else {
        j->theirs = EVP_EC_gen(name);
        j->peer = EVP_EC_gen(name);
        take_curve(j, strcmp(name, "P-256") == 0 ? KEY_P256 : KEY_P384,
                   strcmp(name, "P-256") == 0 ? EXCHANGE_P256 : EXCHANGE_P384);
    }
    must(j->theirs != NULL, "a key");
}

enum op { SIGN, VERIFY, MAKE, DERIVE };
static const struct { const char *name; void (*ours)(struct job *), (*theirs)(struct job *); } ops[] = {
    [SIGN] = { "sign", ours_sign, theirs_sign }, [VERIFY] = { "verify", ours_verify, theirs_verify },
    [MAKE] = { "key", ours_make, theirs_make }, [DERIVE] = { "derive", ours_derive, theirs_derive } };

/* For theirs a context; for verification a signature, of theirs, which ours must take. */
static void prepare(struct job *j, enum op op)
{
    j->context = EVP_PKEY_CTX_new(j->theirs, NULL);
    if (op == SIGN || op == VERIFY) {
        j->signature_n = sizeof j->signature;
        must(EVP_PKEY_sign_init(j->context), "EVP_PKEY_sign_init");
        must(EVP_PKEY_CTX_set_signature_md(j->context, EVP_sha256()), "EVP_PKEY_CTX_set_signature_md");
        must(EVP_PKEY_sign(j->context, j->signature, &j->signature_n, j->digest, sizeof j->digest), "EVP_PKEY_sign");
    }
    if (op == VERIFY) {
        must(EVP_PKEY_verify_init(j->context), "EVP_PKEY_verify_init");
        must(EVP_PKEY_CTX_set_signature_md(j->context, EVP_sha256()), "EVP_PKEY_CTX_set_signature_md");
    }
    if (op == MAKE)
        must(EVP_PKEY_keygen_init(j->context), "EVP_PKEY_keygen_init");
    if (op == DERIVE) {
        must(EVP_PKEY_derive_init(j->context), "EVP_PKEY_derive_init");
        must(EVP_PKEY_derive_set_peer(j->context, j->peer), "EVP_PKEY_derive_set_peer");
        must(EVP_PKEY_get_octet_string_param(j->peer, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, j->value, sizeof j->value,
                                             &j->value_n), "the peer's value");
    }
}

/* Operations a second of one process. */
static double measure(struct job *j, void (*run)(struct job *))
{
    int ends[2];
    double rate = 0;
    must(pipe(ends) == 0, "pipe");
    pid_t child = fork();
    if (child == 0) {
        double start = cpu(), passed;
        unsigned long n = 0;
        do {
            for (int i = 0; i < SLICE; i++)
                run(j);
            n += SLICE;
            passed = cpu() - start;
        } while (passed < seconds);
        rate = (double)n / passed;
        _exit(write(ends[1], &rate, sizeof rate) != sizeof rate);
    }
    close(ends[1]);
    must(read(ends[0], &rate, sizeof rate) == sizeof rate, "a measurement");
    close(ends[0]);
    waitpid(child, NULL, 0);
    return rate;
}

static void compare(const char *key, enum op op)
{
    static struct job j;
    double best[2] = { 0, 0 }, least = 1e9, most = 0;
    make_keys(&j, key);
    prepare(&j, op);
    for (int round = 0; round < ROUNDS; round++) {
        double ours = measure(&j, ops[op].ours), theirs = measure(&j, ops[op].theirs), ratio = ours / theirs;
        best[0] = ours > best[0] ? ours : best[0];
        best[1] = theirs > best[1] ? theirs : best[1];
        least = ratio < least ? ratio : least;
        most = ratio > most ? ratio : most;
    }
    printf("%-9s %-7s %9.1f us %9.1f us   %.2f  (%.2f to %.2f)\n", key, ops[op].name, 1e6 / best[0], 1e6 / best[1],
           best[0] / best[1], least, most);
    fflush(stdout);
    EVP_PKEY_CTX_free(j.context);
    EVP_PKEY_free(j.theirs);
    EVP_PKEY_free(j.peer);
}

/* bench-pk [SECONDS [KEY]] */
int main(int argc, char **argv)
{
    static const struct { const char *key; enum op op; } rows[] = {
        { "P-256", SIGN }, { "P-256", VERIFY }, { "P-256", MAKE }, { "P-256", DERIVE },
        { "P-384", SIGN }, { "P-384", VERIFY }, { "P-384", DERIVE },
        { "RSA-2048", SIGN }, { "RSA-2048", VERIFY }, { "RSA-4096", SIGN }, { "RSA-4096", VERIFY },
        { "X25519", MAKE }, { "X25519", DERIVE } };
    if (argc > 1)
        seconds = atof(argv[1]);
    must(sodium_init() >= 0, "libsodium");
    printf("%-9s %-7s %12s %12s   ratio (least to largest of %d rounds)\n", "key", "what", "ours", "libcrypto", ROUNDS);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (argc < 3 || strcmp(argv[2], rows[i].key) == 0)
            compare(rows[i].key, rows[i].op);
    return 0;
}

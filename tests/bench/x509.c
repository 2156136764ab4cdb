/* bench-x509 - certificates by CPU time. Each row holds two ways against each other, in turn, several rounds in one run,
 * and says the median of the rounds' ratios and its bar; the exit status is 1 where a bar is missed.
 *
 * parse: how many times as many certificates in a second we read as OpenSSL's d2i_X509 does. Ours is x509_read_cert:
 * strict DER, every extension's content, the public key in the form that verifies (an RSA key's numbers, an EC point
 * held against its curve). Theirs is d2i_X509, X509_get0_pubkey (which must give a key) and X509_free; extensions stay
 * octets there. */
#define _POSIX_C_SOURCE 200809L
#include "tests/bench/cpu.h"
#include "tls/x509/cert.h"
#include "tls/x509/pem.h"

#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 9, CERTS_MAX = 512, TEXT_MAX = 2000000, DER_MAX = 1000000 };
static const double slice = 0.06;                      /* seconds of CPU of one way in one round */

struct certs { const char *what; struct der der[CERTS_MAX]; size_t n; };

/* A way does its work once over and says how many units that was. */
typedef size_t way(const void *about);

static double rate(way *do_it, const void *about)
{
    double from = cpu(), now;
    size_t units = 0;
    do
        units += do_it(about);
    while ((now = cpu()) < from + slice);
    return (double)units / (now - from);
}

/* The median over the rounds of rate(a) / rate(b); false: it is below `least` (or, with `most`, above that). */
static bool compare(const char *what, way *a, way *b, const void *about, double least, double most)
{
    double ratios[ROUNDS], ra = 0, rb = 0;
    rate(a, about);                                    /* both warm */
    rate(b, about);
    for (int i = 0; i < ROUNDS; i++) {
        double x = rate(a, about), y = rate(b, about);
        ratios[i] = x / y;
        ra = x > ra ? x : ra;
        rb = y > rb ? y : rb;
    }
    qsort(ratios, ROUNDS, sizeof *ratios, by_size);
    double median = ratios[ROUNDS / 2];
    bool met = median >= least && (most == 0 || median <= most);
    printf("%-44s %9.0f/s  %9.0f/s  %6.2f  (%.2f .. %.2f)  %s\n", what, ra, rb, median, ratios[0], ratios[ROUNDS - 1],
           met ? "" : "MISSED");
    return met;
}

/* ---- parse ---- */

static size_t ours_parse(const void *about)
{
    const struct certs *c = about;
    struct x509_cert cert;
    for (size_t i = 0; i < c->n; i++)
        must(x509_read_cert(&c->der[i], NULL, &cert, NULL) && cert.key.kind != KEY_NONE, "x509_read_cert");
    return c->n;
}

static size_t theirs_parse(const void *about)
{
    const struct certs *c = about;
    for (size_t i = 0; i < c->n; i++) {
        const unsigned char *at = c->der[i].at;
        X509 *cert = d2i_X509(NULL, &at, (long)c->der[i].n);
        must(cert && X509_get0_pubkey(cert), "d2i_X509");
        X509_free(cert);
    }
    return c->n;
}

/* The certificates of a PEM file, read once; 0: the file is not there. */
static size_t load(struct certs *c, const char *path)
{
    static char text[TEXT_MAX];
    uint8_t *der = malloc(DER_MAX);
    FILE *f = fopen(path, "rb");
    struct fault why = { 0 };
    c->what = path;
    c->n = 0;
    must(der != NULL, "malloc");
    if (f) {
        size_t n = fread(text, 1, sizeof text, f);
        fclose(f);
        c->n = pem_certificates(text, n, der, DER_MAX, c->der, CERTS_MAX, &why);
        must(c->n > 0, path);
    }
    return c->n;
}

static bool parse(const char *what, const char *path)
{
    static struct certs c;
    char row[80];
    if (load(&c, path) == 0) {
        printf("skipped: parse: no %s here\n", path);
        return true;
    }
    snprintf(row, sizeof row, "parse: %s (%zu)", what, c.n);
    return compare(row, ours_parse, theirs_parse, &c, 3.0, 0);
}

int main(void)
{
    must(sodium_init() >= 0, "sodium_init");
    printf("%-44s %11s  %11s  %6s  %s\n", "", "ours", "beside it", "ratio", "(rounds)");
    bool met = parse("the roots of this machine", "/etc/ssl/certs/ca-certificates.crt");
    met &= parse("a leaf with all extensions, and its chain", "tests/vectors/x509/real.pem");
    return met ? 0 : 1;
}

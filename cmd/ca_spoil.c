/* `vitrine ca spoil`: one chain that is not as it should be. */
#define _POSIX_C_SOURCE 200809L
#include "cmd/ca_chain.h"
#include "cmd/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char *file_of(const char *before, const char *name, char out[CA_PATH])
{
    snprintf(out, CA_PATH, "%s%s", before, name);
    return out;
}

bool ca_chain_write(const struct x509_scene *s, const char *before)
{
    char path[CA_PATH];
    return ca_write_pem(file_of(before, "trust.pem", path), "CERTIFICATE", &s->trusted, 1)
        && ca_write_pem(file_of(before, "chain.pem", path), "CERTIFICATE", s->sent, s->n_sent)
        && ca_write_pem(file_of(before, "leaf.pem", path), "CERTIFICATE", s->sent, 1)
        && (!s->crl.n || ca_write_pem(file_of(before, "crl.pem", path), "X509 CRL",
                                      &(struct der){ .at = s->crl.at, .n = s->crl.n }, 1))
        && (!s->ocsp.n || ca_write(file_of(before, "ocsp.der", path), s->ocsp.at, s->ocsp.n, false));
}

char *ca_chain_line(const struct x509_scene *s, const char *before, char out[CHAIN_LINE])
{
    char crl[CA_PATH] = "", ocsp[CA_PATH] = "";
    if (s->crl.n)
        snprintf(crl, sizeof crl, " --crl %.400scrl.pem", before);
    if (s->ocsp.n)
        snprintf(ocsp, sizeof ocsp, " --ocsp %.400socsp.der", before);
    snprintf(out, CHAIN_LINE, "vitrine verify --trust %.200strust.pem --host %.100s --at %" PRId64 "%.200s%.200s "
             "%.200schain.pem", before, s->host, s->at / SECOND, crl, ocsp, before);
    return out;
}

static const char *sentence_of(const struct spoil_way *way)
{
    const char *text = words_find(words_spoken(), "spoil", way->name);
    return text ? text : "";
}

static int list(void)
{
    char said[WORDS_TEXT];
    for (const struct spoil_way *way = spoil_ways; way->name; way++)
        printf("%-26s %-28s %s\n", way->name, way->ground ? way->ground : words_said("accepted", said),
               sentence_of(way));
    return CA_DONE;
}

/* A scene has keys in it and is large. */
static int make(struct ca *ca, const struct spoil_way *way, const char *dir)
{
    struct fault why = { 0 };
    char before[CA_PATH], line[CHAIN_LINE], said[WORDS_TEXT];
    struct x509_scene *s = malloc(sizeof *s);
    if (!s)
        return CA_USAGE;
    x509_scene_plan(s, "www.example.test", ca->at, ca->chance);
    bool good = x509_scene_make(s, way, &why);
    if (!good)
        words_fault(stderr, &why);
    snprintf(before, sizeof before, "%s/", dir);
    good = good && ca_chain_write(s, before);
    if (good) {
        printf("%s\n", sentence_of(way));
        words_print(stdout, "The judge must say: %s (%s)\n", way->ground ? way->ground : words_said("accepted", said),
                    way->rfc);
        printf("%s\n", ca_chain_line(s, before, line));
    }
    x509_scene_wipe(s);
    free(s);
    return good ? CA_DONE : CA_USAGE;
}

int ca_spoil(struct ca *ca, const char *const *values, const char *const *arguments, unsigned n)
{
    if (values[OPT_LIST] || n == 0)
        return list();
    const struct spoil_way *way = spoil_named(arguments[0]);
    if (!way) {
        complain("vitrine ca: nothing is spoiled so: %s; `vitrine ca spoil --list` has all ways", arguments[0]);
        return CA_USAGE;
    }
    if (!ca_begin(ca, values))
        return CA_USAGE;
    if (mkdir(ca->dir, 0777) != 0 && errno != EEXIST) {
        complain("vitrine ca: cannot make %s: %s", ca->dir, strerror(errno));
        return CA_USAGE;
    }
    return make(ca, way, ca->dir);
}

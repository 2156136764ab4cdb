/* x509 [FIRST COUNT]: chains.h's chains, judged by us in both profiles, by OpenSSL, GnuTLS and Go (where it is). Where
 * one of them comes to another verdict than we, the pair of reasons must stand in apart.txt, with a sentence why; and no
 * chain may be accepted by us alone. Without numbers: the chain that each line of apart.txt names, and 400 more. Prints
 * what is new; exits 1 if anything is. VERSUS_ALL=1: also prints each class with its count, as lines for apart.txt. */
#include "tests/versus/judges.h"

#include <fnmatch.h>
#include <gnutls/gnutls.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLASSES = 2000, PATTERN = 200, SHORT_RUN = 400 };

/* A difference: who, our reason, theirs ("accepted": a yes). In apart.txt the reasons may have stars in them, and a
 * sentence stands behind. */
struct class_of {
    char who[16], ours[VERSUS_WORDS], theirs[VERSUS_WORDS];
    uint64_t first; unsigned seen;
    bool listed, limit;                               /* limit: they cannot follow (apart.txt) */
};
static struct class_of listed[CLASSES], found[CLASSES];
static size_t n_listed, n_found;

static struct versus_judge judges[] = {
    { "openssl", versus_openssl }, { "gnutls", versus_gnutls }, { "go", versus_go }, { NULL, NULL },
};

static const char *or_yes(const char *why) { return why[0] ? why : "accepted"; }

/* who | ours | theirs | number of the first | sentence */
static void read_listed(const char *path)
{
    char line[1000];
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f)) {
        struct class_of *c = &listed[n_listed];
        unsigned long long first = 0;
        if (line[0] == '#' || line[0] == '\n')
            continue;
        if (sscanf(line, "%15[^|] | %119[^|]| %119[^|]| %llu", c->who, c->ours, c->theirs, &first) != 4
            || n_listed + 1 == CLASSES) {
            fprintf(stderr, "%s: not a line of its kind: %s", path, line);
            exit(2);
        }
        char *const parts[] = { c->who, c->ours, c->theirs };
        for (size_t i = 0; i < 3; i++)
            for (size_t n = strlen(parts[i]); n && parts[i][n - 1] == ' '; n--)
                parts[i][n - 1] = 0;
        c->first = first;
        c->limit = strstr(line, "| limit: ") != NULL;
        n_listed++;
    }
    if (f)
        fclose(f);
}

static bool is_listed(struct class_of *c)
{
    for (size_t i = 0; i < n_listed; i++)
        if (fnmatch(listed[i].who, c->who, 0) == 0 && fnmatch(listed[i].ours, c->ours, 0) == 0
            && fnmatch(listed[i].theirs, c->theirs, 0) == 0) {
            listed[i].seen++;
            c->limit = listed[i].limit;
            return true;
        }
    return false;
}

/* True: by a limit of theirs. */
static bool count(const char *who, const char *ours, const char *theirs, uint64_t number, const char *recipe)
{
    struct class_of c = { .first = number, .seen = 1 };
    snprintf(c.who, sizeof c.who, "%s", who);
    snprintf(c.ours, sizeof c.ours, "%s", or_yes(ours));
    snprintf(c.theirs, sizeof c.theirs, "%s", or_yes(theirs));
    c.listed = is_listed(&c);
    for (size_t i = 0; i < n_found; i++)
        if (!strcmp(found[i].who, c.who) && !strcmp(found[i].ours, c.ours) && !strcmp(found[i].theirs, c.theirs)) {
            found[i].seen++;
            return c.limit;
        }
    if (!c.listed)
        printf("FAIL new: %s | %s | %s | %llu | (%s)\n", c.who, c.ours, c.theirs, (unsigned long long)number, recipe);
    if (n_found < CLASSES)
        found[n_found++] = c;
    return c.limit;
}

/* False: we alone accept it. */
static bool try_one(uint64_t number)
{
    static struct versus_chain chain;
    char pkix[VERSUS_WORDS], web[VERSUS_WORDS], theirs[VERSUS_WORDS];
    bool anyone = false, no_opinions = true;
    versus_make(&chain, number);
    versus_ours(&chain, X509_PKIX, pkix);
    versus_ours(&chain, X509_WEB, web);
    for (const struct versus_judge *j = judges; j->name; j++) {
        if (!j->judge)
            continue;
        j->judge(&chain, theirs);
        anyone |= !theirs[0];
        no_opinions &= !pkix[0] != !theirs[0] && count(j->name, pkix, theirs, number, chain.recipe);
        if (!web[0] != !theirs[0] && strcmp(web, pkix) != 0)
            count(j->name, web, theirs, number, chain.recipe);
    }
    if (anyone || web[0] || no_opinions)
        return true;
    printf("FAIL alone: chain %llu is accepted by us and by nobody else (%s)\n", (unsigned long long)number,
           chain.recipe);
    return false;
}

int main(int argc, char **argv)
{
    uint64_t first = argc > 2 ? strtoull(argv[1], NULL, 10) : 1, n = argc > 2 ? strtoull(argv[2], NULL, 10) : SHORT_RUN;
    unsigned failed = 0, unheard = 0;
    if (sodium_init() < 0 || gnutls_global_init() != 0)
        return 2;
    read_listed("tests/versus/apart.txt");
    versus_keys();
    if (!versus_go_starts())
        judges[2].judge = NULL;
    for (size_t i = 0; i < n_listed && argc < 3; i++)
        failed += !try_one(listed[i].first);
    for (uint64_t i = 0; i < n; i++)
        failed += !try_one(first + i);
    for (size_t i = 0; i < n_found; i++) {
        failed += !found[i].listed;
        if (getenv("VERSUS_ALL"))
            printf("%6u %s | %s | %s | %llu\n", found[i].seen, found[i].who, found[i].ours, found[i].theirs,
                   (unsigned long long)found[i].first);
    }
    for (size_t i = 0; i < n_listed; i++)
        unheard += !listed[i].seen && (judges[2].judge || strcmp(listed[i].who, "go") != 0);
    printf("%s %llu chains%s, %zu kinds of difference, %u new or alone; %u lines of apart.txt not met\n",
           failed ? "FAIL" : "ok", (unsigned long long)n, judges[2].judge ? "" : " without Go", n_found, failed, unheard);
    return failed > 0;
}

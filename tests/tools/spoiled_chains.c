/* spoiled_chains DIR EPOCH: a chain spoiled in each way there is (tls/x509/spoil.h), for tests/sim/verify_words.sh:
 * NAME.pem (what a server sends), NAME.root.pem (whom one trusts), NAME.crl and NAME.ocsp where something is known about
 * revocation. Prints a line each: the name, the ground on which a judge refuses ("-": none), and which files of status
 * there are ("--crl NAME.crl"). All of them are for www.example.test. */
#include "tests/lib/chance.h"
#include "tls/x509/pem.h"
#include "tls/x509/spoil.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

static FILE *open_file(const char *dir, const char *name, const char *end)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s%s", dir, name, end);
    FILE *f = fopen(path, "wb");
    if (!f) {
        fprintf(stderr, "cannot write %s\n", path);
        exit(EXIT_FAILURE);
    }
    return f;
}

static void write_chain(const char *dir, const char *name, const char *end, const struct der *certs, size_t n)
{
    FILE *f = open_file(dir, name, end);
    for (size_t i = 0; i < n; i++) {
        char text[2 * SCENE_CERT_MAX];
        fwrite(text, 1, pem_write("CERTIFICATE", &certs[i], text, sizeof text), f);
    }
    fclose(f);
}

static void write_octets(const char *dir, const char *name, const char *end, struct bytes octets)
{
    if (!octets.n)
        return;
    FILE *f = open_file(dir, name, end);
    fwrite(octets.at, 1, octets.n, f);
    fclose(f);
    printf(" --%s %s%s", end + 1, name, end);
}

int main(int argc, char **argv)
{
    static struct x509_scene s;
    if (argc != 3 || sodium_init() < 0) {
        fprintf(stderr, "usage: spoiled_chains DIR EPOCH\n");
        return EXIT_FAILURE;
    }
    nsec at = strtoll(argv[2], NULL, 10) * SECOND;
    for (const struct spoil_way *way = spoil_ways; way->name; way++) {
        struct test_chance chance = test_chance(7);
        struct fault why = { 0 };
        x509_scene_plan(&s, "www.example.test", at, &chance.chance);
        if (!x509_scene_make(&s, way, &why)) {
            fprintf(stderr, "%s: %s, not %s\n", way->name, why.expected, why.came);
            return EXIT_FAILURE;
        }
        write_chain(argv[1], way->name, ".pem", s.sent, s.n_sent);
        write_chain(argv[1], way->name, ".root.pem", &s.trusted, 1);
        printf("%s %s", way->name, way->ground ? way->ground : "-");
        write_octets(argv[1], way->name, ".crl", s.crl);
        write_octets(argv[1], way->name, ".ocsp", s.ocsp);
        printf("\n");
        x509_scene_wipe(&s);
    }
    return EXIT_SUCCESS;
}

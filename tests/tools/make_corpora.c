/* make_corpora FOLDER [KEPT] - writes seeds for the fuzz targets (tests/tools/corpora.h): FOLDER/TARGET/NUMBER, a few
 * octets each that a target finds interesting. What fuzzers found interesting lies in KEPT/TARGET.hex
 * (tests/fuzz/corpora), an input a line, and becomes FOLDER/TARGET/kNUMBER. */
#define _POSIX_C_SOURCE 200809L
#include "tests/tools/corpora.h"
#include "tests/lib/check.h"

#include <dirent.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *folder;

/* How many seeds the target has by now: some are written turn by turn with another's. */
static unsigned next_number(const char *target)
{
    static struct { char target[64]; unsigned n; } known[64];
    size_t i = 0;
    while (i < sizeof known / sizeof *known - 1 && known[i].target[0] && strcmp(known[i].target, target) != 0)
        i++;
    snprintf(known[i].target, sizeof known[i].target, "%s", target);
    return known[i].n++;
}

static void write_numbered(const char *target, const char *mark, const void *bytes, size_t n)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, target);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/%s%03u", folder, target, mark, next_number(target));
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1, n, f) != n || fclose(f) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
}

void write_seed(const char *target, const void *bytes, size_t n) { write_numbered(target, "", bytes, n); }

static void write_kept(const char *kept, const char *name)
{
    static char line[20000];
    static uint8_t octets[sizeof line / 2];
    char path[4096], target[64];
    size_t n;
    snprintf(path, sizeof path, "%s/%s", kept, name);
    snprintf(target, sizeof target, "%.*s", (int)strcspn(name, "."), name);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (sodium_hex2bin(octets, sizeof octets, line, strcspn(line, "\n"), NULL, &n, NULL) == 0 && n)
            write_numbered(target, "k", octets, n);
    if (f)
        fclose(f);
}

static void all_kept(const char *kept)
{
    DIR *all = opendir(kept);
    for (struct dirent *e; all && (e = readdir(all)) != NULL;)
        if (strstr(e->d_name, ".hex"))
            write_kept(kept, e->d_name);
    if (all)
        closedir(all);
}

void write_texts(const char *target, const char *const *texts)
{
    for (; *texts; texts++)
        write_seed(target, *texts, strlen(*texts));
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3 || sodium_init() < 0) {
        fprintf(stderr, "usage: make_corpora FOLDER [KEPT]\n");
        return 2;
    }
    folder = argv[1];
    mkdir(folder, 0777);
    corpora_of_http();
    corpora_of_net();
    corpora_of_tls();
    corpora_of_x509();
    corpora_of_capture();
    if (argc == 3)
        all_kept(argv[2]);
    return 0;
}

/* A fuzz target without a fuzzer: runs each file of the folders given once, then each again with its last
 * octet missing and 16 times with one octet changed, so that a compiler without libFuzzer still tries what is known to
 * be interesting. Says `inputs: N`. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_MAX = 1 << 17 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static unsigned long tried;

/* Memory of exactly that size, so that valgrind or a sanitizer sees a read past the end. */
static void try_input(const uint8_t *bytes, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    if (!copy)
        exit(EXIT_FAILURE);
    memcpy(copy, bytes, n);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
    tried++;
}

static void try_file(const char *folder, const char *name)
{
    static uint8_t bytes[INPUT_MAX];
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    try_input(bytes, n);
    if (n == 0)
        return;
    try_input(bytes, n - 1);
    for (size_t i = 0; i < 16; i++) {                 /* spread over the whole */
        uint8_t *spoiled = &bytes[i * n / 16], was = *spoiled;
        *spoiled ^= (uint8_t)(1u << (i % 8));
        try_input(bytes, n);
        *spoiled = was;
    }
}

int main(int argc, char **argv)
{
    try_input((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (!folder) {
            perror(argv[i]);
            return EXIT_FAILURE;
        }
        for (struct dirent *e; (e = readdir(folder)) != NULL;)
            if (e->d_name[0] != '.')
                try_file(argv[i], e->d_name);
        closedir(folder);
    }
    printf("inputs: %lu\n", tried);
    return EXIT_SUCCESS;
}

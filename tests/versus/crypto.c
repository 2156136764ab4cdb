/* crypto [COUNT [FIRST [WHAT...]]]: COUNT cases of each primitive, or of those whose name begins with a WHAT, from the
 * case FIRST on (1); of finite-field Diffie-Hellman, which is six groups, COUNT in all. COUNT 0, or none: the short
 * form. Prints a line for each, and exits 1 with the case that failed. */
#include "tests/versus/crypto.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- Chance: Steele, Lea, Flood: SplitMix64, 2014 --- */

static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static void fill(uint64_t *state, uint8_t *out, size_t n)
{
    for (uint64_t word = 0; n--; word >>= 8) {
        if (word < 256)
            word = next(state) | (uint64_t)1 << 63;
        *out++ = (uint8_t)word;
    }
}

uint64_t dice(struct versus *v, uint64_t sides) { return next(&v->state) % sides; }
bool one_time_in(struct versus *v, unsigned sides) { return dice(v, sides) == 0; }
void dice_octets(struct versus *v, void *out, size_t n) { fill(&v->state, out, n); }

static void chance_of_state(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)purpose;
    fill(&((struct versus_chance *)c)->state, out, n);
}

struct chance *same_chance(struct versus *v, uint64_t which)
{
    v->chance = (struct versus_chance){ { chance_of_state }, v->number * 16 + which };
    return &v->chance.chance;
}

/* --- Values --- */

void edge_octets(struct versus *v, uint8_t *out, size_t n)
{
    const uint64_t way = dice(v, 4);
    dice_octets(v, out, n);
    if (way == 0)                                      /* any */
        return;
    memset(out, way == 1 ? 0 : 0xff, n);
    if (way < 3 && n)                                  /* all zeros or ones but for a bit or two */
        for (uint64_t bits = dice(v, 3); bits > 0; bits--)
            flip_a_bit(v, out, n);
    bool ones = one_time_in(v, 2);
    for (size_t at = 0; way == 3 && at < 8 * n; ones = !ones)
        for (uint64_t run = 1 + dice(v, one_time_in(v, 2) ? 8 : 200); run > 0 && at < 8 * n; run--, at++)
            if (!ones)
                out[at / 8] ^= (uint8_t)(1 << at % 8);
}

size_t edge_length(struct versus *v, size_t most, size_t block)
{
    size_t n = (size_t)dice(v, one_time_in(v, 8) ? most + 1 : 1 + (most < 20 * block ? most : 20 * block));
    if (one_time_in(v, 2))
        n = n / block * block + (size_t)dice(v, 3);
    if (one_time_in(v, 2) && n > 0)
        n--;
    return n < most ? n : most;
}

void edge_below(struct versus *v, const BIGNUM *modulus, uint8_t *out, size_t n)
{
    BIGNUM *x = BN_new();
    const uint64_t way = dice(v, 8);
    edge_octets(v, out, n);
    BN_bin2bn(out, (int)n, x);
    if (way == 0)
        BN_set_word(x, dice(v, 4));
    BN_CTX *c = BN_CTX_new();
    BN_nnmod(x, x, modulus, c);
    if (way == 1) {                                    /* modulus - 1, - 2, ... */
        BN_copy(x, modulus);
        BN_sub_word(x, 1 + dice(v, 3));
    }
    BN_bn2binpad(x, out, (int)n);
    BN_CTX_free(c);
    BN_free(x);
}

void flip_a_bit(struct versus *v, void *octets, size_t n)
{
    const uint64_t bit = dice(v, 8 * n);
    ((uint8_t *)octets)[bit / 8] ^= (uint8_t)(1 << bit % 8);
}

uint8_t *some_room(struct versus *v, size_t n)
{
    const size_t before = (size_t)dice(v, 33);
    uint8_t *room = malloc(before + n + (before + n == 0));
    must(v, room && v->n_rooms < VERSUS_ROOMS, "no memory");
    v->rooms[v->n_rooms++] = room;
    return room + before;
}

/* --- What must be --- */

void note(struct versus *v, const char *name, const void *at, size_t n)
{
    if (v->n_notes < VERSUS_NOTES)
        v->notes[v->n_notes++] = (struct versus_note){ name, at, n };
}

static void print_hex(const char *name, const void *at, size_t n)
{
    printf("    %s (%zu) ", name, n);
    for (size_t i = 0; i < n; i++)
        printf("%02x", ((const uint8_t *)at)[i]);
    printf("\n");
}

static void fail(const struct versus *v, const char *why)
{
    printf("FAIL %s, form %s, case %llu: %s\n", v->what, v->form, (unsigned long long)v->number, why);
    for (size_t i = 0; i < v->n_notes; i++)
        print_hex(v->notes[i].name, v->notes[i].at, v->notes[i].n);
    printf("    again: make crypto-versus N=1 FIRST=%llu WHAT=%s\n", (unsigned long long)v->number, v->what);
}

void must(const struct versus *v, bool good, const char *why)
{
    if (good)
        return;
    fail(v, why);
    exit(1);
}

void must_same(const struct versus *v, const void *ours, const void *theirs, size_t n, const char *why)
{
    if (memcmp(ours, theirs, n) == 0)
        return;
    fail(v, why);
    print_hex("ours", ours, n);
    print_hex("theirs", theirs, n);
    exit(1);
}

/* --- All of it --- */

static uint64_t seed_of(const char *what, uint64_t number)
{
    uint64_t h = number;
    for (; *what; what++)
        h = h * 1099511628211 + (uint8_t)*what;
    return h;
}

static void try_row(const struct versus_row *row, uint64_t first, uint64_t count)
{
    struct versus v = { .what = row->what, .form = "libcrypto" };
    const clock_t start = clock();
    v.forms = test_forms(row->form, row->kind);
    if (count == 0)
        count = (uint64_t)row->brief;
    for (uint64_t i = first; i < first + count; i++) {
        v.number = i;
        v.state = seed_of(row->what, i);
        v.n_notes = 0;
        v.form = "libcrypto";
        row->try(&v, row->kind);
        while (v.n_rooms > 0)
            free(v.rooms[--v.n_rooms]);
    }
    printf("ok %s: %llu cases; forms:", row->what, (unsigned long long)count);
    for (size_t i = 0; i < v.forms.n; i++)
        printf(" %s", v.forms.name[i]);
    printf("; %.1f s\n", (double)(clock() - start) / CLOCKS_PER_SEC);
    fflush(stdout);
}

static bool wished(const char *what, char **words)
{
    for (char **word = words; *word; word++)
        if (strncmp(what, *word, strlen(*word)) == 0)
            return true;
    return !*words;
}

/* What of a long run is for a row of a table. */
static uint64_t share(uint64_t count, const struct versus_row *table, const struct versus_row *row)
{
    uint64_t all = 0;
    if (table != versus_groups)
        return count;
    for (; table->what; table++)
        all += (uint64_t)table->brief;
    return (count * (uint64_t)row->brief + all - 1) / all;
}

int main(int argc, char **argv)
{
    static const struct versus_row *const tables[] = { versus_octets, versus_curves, versus_numbers, versus_groups };
    const uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 0, first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    unsigned tried = 0;
    if (sodium_init() < 0)
        return 1;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct versus_row *row = tables[i]; row->what; row++)
            if (wished(row->what, argv + (argc > 3 ? 3 : argc))) {
                try_row(row, first, share(count, tables[i], row));
                tried++;
            }
    return tried == 0;
}

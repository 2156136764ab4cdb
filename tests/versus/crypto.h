/* crypto.h - our cryptography beside OpenSSL's libcrypto, case by case, in every form that this processor has.
 *
 * A case is drawn from its number and the name of what is tried, by nothing else: so one that fails can be made again.
 * Values are not even: lengths at the edges of blocks, numbers like 0, 1, p - 1, n - 1 and long runs of ones and zeros,
 * where carries go far, come far more often than by chance. A case asks libcrypto once, and then each of our forms. What
 * is not as it must be ends the program, with all that was noted of the case. */
#ifndef TESTS_VERSUS_CRYPTO_H
#define TESTS_VERSUS_CRYPTO_H

#include "crypto/chance.h"
#include "tests/lib/forms.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <openssl/bn.h>

enum { VERSUS_NOTES = 16, VERSUS_ROOMS = 4 };
struct versus {
    const char *what;                                  /* "sha256" */
    uint64_t number, state;                            /* of the case; of the generator */
    struct test_forms forms;
    const char *form;                                  /* the one that is asked now */
    struct versus_note { const char *name; const void *at; size_t n; } notes[VERSUS_NOTES];
    size_t n_notes;
    void *rooms[VERSUS_ROOMS]; size_t n_rooms;
    struct versus_chance { struct chance chance; uint64_t state; } chance;     /* for what draws itself */
};

/* A primitive: `kind` is handed on to try and form. `brief`: cases in the short form of a run. */
struct versus_row { const char *what; void (*try)(struct versus *, int kind); test_form_name *form; int kind, brief; };
extern const struct versus_row versus_octets[], versus_curves[], versus_numbers[];     /* end with an empty row */
/* Groups of finite-field Diffie-Hellman: one primitive, so they share the cases of a long run, as the brief ones. */
extern const struct versus_row versus_groups[];

uint64_t dice(struct versus *, uint64_t sides);        /* 0 .. sides - 1 */
bool     one_time_in(struct versus *, unsigned sides);
void     dice_octets(struct versus *, void *out, size_t n);
/* Long runs of ones and of zeros, or a few bits, or any. */
void     edge_octets(struct versus *, uint8_t *out, size_t n);
/* 0 .. most, near a multiple of `block` half of the time, and mostly short. */
size_t   edge_length(struct versus *, size_t most, size_t block);
/* As n octets: 0, 1, ... or modulus - 1, - 2, ... or runs, or any; below the modulus. */
void     edge_below(struct versus *, const BIGNUM *modulus, uint8_t *out, size_t n);
void     flip_a_bit(struct versus *, void *octets, size_t n);
/* n octets at any alignment, behind which there is nothing: with SAN=1 a step too far is seen. Until the case ends. */
uint8_t *some_room(struct versus *, size_t n);
struct chance *same_chance(struct versus *, uint64_t which);       /* gives the same again when asked for again */

/* To be printed if the case fails; `at` stays as it is until the case ends. */
void note(struct versus *, const char *name, const void *at, size_t n);
void must(const struct versus *, bool good, const char *why);
void must_same(const struct versus *, const void *ours, const void *theirs, size_t n, const char *why);

/* for (EACH_FORM(v, i)) ... v->forms.cpu[i] */
#define EACH_FORM(v, i) size_t i = 0; i < (v)->forms.n && ((v)->form = (v)->forms.name[i]) != NULL; i++

#endif

/* speed.h - the inside of `vitrine speed`: what can be measured, as one list of rows.
 *
 * A row is one thing done in one form: "aes-128-gcm", sealing, 16384 octets, by vaes512. Whoever knows how something
 * is done adds its rows to the list (speed_add_...); of these the command line selects some by their labels (what, op,
 * size, form ...), the stopwatch runs each by itself, and the table or the lines of JSON are printed as the results
 * come.
 *
 * A form is a struct cpu: what a processor would choose that had only these instructions. Rows of one thing differ by
 * the names of the forms which its module gives; the best is that of the processor as it is, or as VITRINE_CPU
 * has it. Nothing here decides anything but how long it runs. */
#ifndef CMD_SPEED_H
#define CMD_SPEED_H

#include "crypto/cpu.h"

#include <stddef.h>
#include <stdint.h>

enum { SPEED_FORM = CPU_WORDS, SPEED_ROWS = 2048, SPEED_FORMS = 24 };

/* What the stopwatch asks of a thing. `of` is what begin gave. */
struct speed_row;
struct speed_work {
    void *(*begin)(const struct speed_row *);         /* NULL: it cannot be done here */
    void (*prepare)(void *of);                        /* before each run, and not counted; NULL: nothing to prepare */
    unsigned (*run)(void *of);                        /* how many operations it was; 0: it failed */
    void (*end)(void *of);
    uint64_t (*count)(const struct speed_row *);      /* instead of all these: no rate but octets; 0: not to be had */
};

struct speed_row {
    const char *family, *what, *op;                   /* "aes", "aes-128-gcm", "seal" */
    size_t size;                                      /* octets an operation; 0: none are counted */
    const char *suite, *key, *group, *resumed;        /* of connections; NULL: it has none */
    struct cpu cpu; char form[SPEED_FORM]; bool best;
    const struct speed_work *work; unsigned which;    /* how, and which of its things this is */
};

struct speed_list {
    struct cpu cpu; bool forced;                      /* forced: this alone, no other forms beside it */
    struct speed_row rows[SPEED_ROWS]; size_t n;
};

/* The name of the form that a processor would take for one of a module's things. */
typedef void speed_form_name(unsigned which, const struct cpu *, char form[SPEED_FORM]);
struct speed_form { struct cpu cpu; char name[SPEED_FORM]; bool best; };
/* The forms that there are on this processor, each once, the best one last; how many. */
size_t speed_forms(const struct speed_list *, speed_form_name *, unsigned which, struct speed_form out[SPEED_FORMS]);
void   speed_add(struct speed_list *, const struct speed_row *);      /* as it is */
/* The row once for each form and column; the columns of a form make a line of the table, and end with an op NULL. cpu,
 * form, best, op, work and size are filled in. */
struct speed_column { const char *op; const struct speed_work *work; size_t size; };
void   speed_add_forms(struct speed_list *, struct speed_row, speed_form_name *, const struct speed_column *);
/* In the best form alone: for what is made of many things, each of which has forms. */
void   speed_add_best(struct speed_list *, struct speed_row, speed_form_name *, const struct speed_column *);

void speed_add_symmetric(struct speed_list *);        /* ciphers and hashes */
void speed_add_keys(struct speed_list *);             /* signatures, exchanges, the PRF */
void speed_add_records(struct speed_list *);
void speed_add_handshakes(struct speed_list *);       /* and what is held when they are over */

/* speed_select.c: does it fit a selector, labels with colons between ("aes-128-gcm:seal:16384")? */
bool speed_fits(const struct speed_row *, const char *selector);
/* The first of its labels that no row has, into `label`; false: there is none. */
bool speed_unknown(const struct speed_list *, const char *selector, char label[SPEED_FORM]);

/* speed_clock.c: tenths of operations a second of CPU time, the best of several slices of `time` nanoseconds in all;
 * or what count says. 0: not to be had. */
uint64_t speed_measure(const struct speed_row *, uint64_t time);

/* speed_table.c: one result. `next`: the row behind it, NULL: none. */
struct speed_print { bool json; char header[128]; };
void speed_print(struct speed_print *, const struct speed_row *rows, size_t n, size_t at, uint64_t result);
void speed_print_cpu(const struct speed_list *, bool json);   /* --cpu */

#endif

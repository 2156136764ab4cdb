/* sieve_paths.h - what a filter asks of fields, by where they stand. The table of Wireshark's names is long and its
 * paths have to be matched; the same few hundred paths come again with each packet. So a path is looked up when it
 * comes first, and is found from then on by its parent's place and its own name.
 *
 *     sieve_paths_begin(p, "packet", n)
 *     for each of the n fields of a buffer, parents first: sieve_paths_step(p, i, parent, name) */
#ifndef CMD_SIEVE_PATHS_H
#define CMD_SIEVE_PATHS_H

#include "cmd/wireshark_names.h"
#include "net/filter.h"

/* A part of what stands in several fields: a name of the DNS, a header of HTTP. */
enum sieve_joins { SIEVE_ALONE, SIEVE_LABEL, SIEVE_QTYPE, SIEVE_HEADER_NAME, SIEVE_HEADER_VALUE };

struct sieve_path {
    const char *name; enum wireshark_way way;         /* NULL: the filter asks for none such */
    const char *also;                                 /* its second name, asked for ("ip.addr"); or NULL */
    enum sieve_joins joins;
};

struct sieve_paths;
/* For one filter, which must live as long. NULL: no memory. */
struct sieve_paths *sieve_paths_new(const struct filter *);
void sieve_paths_free(struct sieve_paths *);
/* Does the filter ask for any field at all? */
bool sieve_paths_any(const struct sieve_paths *);
/* A buffer of n fields, whose paths begin with `root`. False: no memory. */
bool sieve_paths_begin(struct sieve_paths *, const char *root, size_t n);
/* Field `i`; parent: the index of the one that holds it, TAPE_ROOT where none does. Holds until the next step. */
const struct sieve_path *sieve_paths_step(struct sieve_paths *, size_t i, uint32_t parent, const char *name);

#endif

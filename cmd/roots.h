/* roots.h - certificates in files and directories, into a store: roots to be trusted, candidates for a path. */
#ifndef CMD_ROOTS_H
#define CMD_ROOTS_H

#include "tls/x509/store.h"

extern const char roots_of_system[];                  /* Debian's bundle */

/* skipped: certificates that could not be read, flaw: why the first of them could not (about: its subject). why: of
 * ROOTS_UNREADABLE. */
struct roots { size_t skipped; struct fault flaw; const char *why; };
/* NONE: no certificate, not even one that cannot be read (flaw: x509.no_anchor) */
enum roots_found { ROOTS_UNREADABLE, ROOTS_NONE, ROOTS_THERE };

/* Adds what there is: of a file, PEM (many) or DER (one, detected); of a directory, of all its files in the order of
 * their names. There, what is no file or has no certificate is passed over, and so is what is hidden. */
enum roots_found roots_add(struct x509_store *, const char *name, struct roots *);
/* The side file of a store (x509_store_add_notes). False: it cannot be read or is malformed, as stderr says. */
bool roots_add_notes(struct x509_store *, const char *command, const char *name);

#endif

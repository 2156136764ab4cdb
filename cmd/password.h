/* password.h - the pass phrase of a private key's file: from where --pass says, else asked for at the terminal
 * (/dev/tty, nothing shown). Never a word on the command line, which everybody on the machine can see.
 *
 *     struct password pass = password_of(values[OPT_PASS], name);
 *     pem_private_key_asking(text, n, &pass.pem, &key, &why); */
#ifndef CMD_PASSWORD_H
#define CMD_PASSWORD_H

#include "tls/x509/pem.h"

/* where: "file:FILE" (its first line), "env:NAME", "stdin" (its next line), NULL: the terminal. name: the key's file,
 * for whom it asks. Neither is copied. */
/* False: it is none of these (a sentence is on stderr). */
bool password_where(const char *where);
struct password { struct pem_password pem; const char *where, *name; };
struct password password_of(const char *where, const char *name);

/* The pass phrase that a new key gets: octets into out (room PEM_PASSWORD_MAX), which the caller wipes; at the terminal
 * asked for twice. False: there is none (a sentence is on stderr). */
bool password_new(const char *where, const char *name, char *out, size_t *n);

#endif

/* session_file.h - a client's session kept in a file between two runs (`get --session FILE`), as lines of text:
 *
 *     vitrine-session-1
 *     host www.example.org
 *     suite c02f
 *     made 1788249600000000000          and got, lifetime, id, ticket, peer, master_secret
 *
 * The file has mode 0600: who has it reads what was said in the session, and in all that are resumed from it. */
#ifndef CMD_SESSION_FILE_H
#define CMD_SESSION_FILE_H

#include "tls/session.h"

enum { SESSION_TEXT = 2 * TLS_TICKET_KEPT + 1024 };
/* Octets of text; 0: there is nothing to resume. */
size_t session_write_text(const struct tls_resumable *, char text[SESSION_TEXT]);
/* False, and *out is empty: not such a text, or one with a line that cannot be. */
bool session_read_text(const char *text, size_t n, struct tls_resumable *out);

/* 0, or an exit code (a sentence is on stderr). A file that is not there, or is empty, is no fault: there is no
 * session yet. */
int session_load(const char *name, struct tls_resumable *out);
/* False: a sentence is on stderr. Nothing to resume: the file is left empty. */
bool session_save(const char *name, const struct tls_resumable *);

#endif

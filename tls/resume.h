/* resume.h - may an earlier session be taken up again? Two tables, one a role; the first row that fits decides
 * (RFC 5246 §7.4.1.2, RFC 7627 §5.3, RFC 6066 §3, RFC 5077 §3.4). Nothing else in the engine decides it.
 *
 * A row asks for some answers to be yes and some to be no; the others do not matter. The last row asks for nothing, so
 * there always is one. */
#ifndef TLS_RESUME_H
#define TLS_RESUME_H

#include "trace/fault.h"

#include <stddef.h>

enum resume_question {
    BY_TICKET = 1,          /* the client named it by a ticket, not by an id */
    SAME_VERSION = 2,       /* it was made under the version spoken now */
    SUITE_OFFERED = 4,      /* its suite is among those of the ClientHello */
    SUITE_SERVED = 8,       /* and among ours, and we still have a certificate for it */
    SAME_NAME = 16,         /* its server_name is the one asked for now; none is a name of its own */
    EMS_THEN = 32,          /* its master secret was an extended one (RFC 7627) */
    EMS_NOW = 64,           /* this hello has extended_master_secret */
    YOUNG = 128,            /* it is not older than a session may be */
    CLIENT_KNOWN = 256,     /* no client certificate is required, or it had one */
    RESUME_QUESTIONS = 9,
    /* the client's own: what did the ServerHello do with it? */
    OFFERED = 512,          /* our ClientHello named a session */
    ECHOED = 1024,          /* the ServerHello has the session id of our ClientHello */
    SUITE_CHOSEN = 2048     /* and the session's suite */
};

/* RESUME_NOT: a full handshake. Whatever is neither that nor RESUME is a refusal. */
enum resume_verdict { RESUME_REFUSED, RESUME_NOT, RESUME };
const char *resume_verdict_words(enum resume_verdict);                 /* "resumed", "full", "refused" */

struct resume_row {
    const char *name;                                 /* of the row: "name", "ems_lost" */
    unsigned yes, no;
    enum resume_verdict verdict;
    const char *rfc;
    const struct ground *ground;                      /* RESUME_REFUSED: with its alert in alerts.c */
    const char *expected, *found;
};
extern const struct resume_row resume_server_rows[], resume_client_rows[];     /* each ends with its last row */
extern const size_t resume_n_server_rows, resume_n_client_rows;

/* `answers`: the questions whose answer is yes. */
const struct resume_row *resume_decide(bool server, unsigned answers);

#endif

/* machine.h - both roles' machines (RFC 5246 §7.3), each one table: in which state what may come, who
 * handles it, where it leads. What has no row cannot happen: the engine asks tls_find_row before anything
 * is done about a message, and refuses what is not found. Everything that comes goes through the table:
 * handshake messages, ChangeCipherSpec, application data. (Alerts may come in any state.) */
#ifndef TLS_MACHINE_H
#define TLS_MACHINE_H

#include "tls/messages.h"

enum tls_state {
    AT_START,
    /* client */
    WAIT_SERVER_HELLO, WAIT_CERTIFICATE, WAIT_STATUS_OR_KEY_EXCHANGE, WAIT_STATUS_OR_REQUEST, WAIT_SERVER_KEY_EXCHANGE,
    WAIT_REQUEST_OR_DONE, WAIT_SERVER_HELLO_DONE,
    WAIT_NEW_SESSION_TICKET,
    /* server */
    WAIT_CLIENT_HELLO, WAIT_CLIENT_CERTIFICATE, WAIT_CLIENT_KEY_EXCHANGE, WAIT_CERTIFICATE_VERIFY,
    /* both */
    WAIT_CHANGE_CIPHER_SPEC, WAIT_FINISHED, CONNECTED,
    TLS_STATES
};
const char *tls_state_words(enum tls_state);          /* "WAIT_SERVER_HELLO" */

struct tls;
/* A message that came: body is whole without its header. For what is no handshake message both are empty. */
struct tls_message { enum tls_message_type type; struct bytes whole, body; buf_no buf; };

enum { TLS_ROW_ENDS = 4 };
struct tls_row {
    enum tls_state in;
    enum tls_message_type comes;
    /* False: refused, *why says so. */
    bool (*handle)(struct tls *, const struct tls_message *, struct fault *why);
    /* The first, unless the handler chose another; AT_START: there are no more. */
    enum tls_state to[TLS_ROW_ENDS];
};
/* A build with -DVITRINE_CLIENT (`make size`) is for clients alone: nobody asks for the server's rows, here and in
 * tls/resume.h, and all that only they lead to falls out of the program. */
#ifdef VITRINE_CLIENT
enum { TLS_SERVES = false };
#else
enum { TLS_SERVES = true };
#endif
extern const struct tls_row tls_client_rows[], tls_server_rows[];
extern const size_t tls_n_client_rows, tls_n_server_rows;

const struct tls_row *tls_find_row(bool server, enum tls_state, unsigned comes); /* NULL: cannot happen */
struct machine;
/* A role's rows for views (trace/machine.h), "tls-client" or "tls-server"; a row with several next states is several
 * there. */
void tls_machine(bool server, struct machine *);
const char *tls_machine_name(bool server);
/* "CertificateRequest or ServerHelloDone"; returns out. */
char *tls_may_come(bool server, enum tls_state, char *out, size_t room);

#endif

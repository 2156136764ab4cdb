/* handlers.h - the steps of a handshake that have files of their own: sessions (session_server.c, session_client.c),
 * client certificates (client_auth.c, client_judge.c), a stapled OCSP response (staple.c). Handlers of the role tables
 * and what client.c and server.c ask in between. Nobody else includes it. */
#ifndef TLS_HANDLERS_H
#define TLS_HANDLERS_H

#include "tls/engine.h"
#include "tls/optional.h"
#include "tls/resume.h"

/* session_server.c */
/* What the hello asks for, and what we do about it: RESUME (suite and session are set), RESUME_NOT, or RESUME_REFUSED
 * with *why. */
enum resume_verdict server_resumes(struct tls *, const struct client_hello *, const struct tls_message *,
                                   struct fault *why);
/* the id that our ServerHello has: the client's, a fresh one, or none */
struct bytes server_session_id(struct tls *, const struct client_hello *);
bool send_new_session_ticket(struct tls *, struct fault *why);
/* the handshake is whole: into the store, where it has an id */
void server_keeps_session(struct tls *);
/* the connection failed: nobody shall resume from it (RFC 5246 §7.2.2) */
void forget_session(struct tls *);
/* The handshake is over: its session can still be forgotten. */
void note_session_id(struct tls *);

/* session_client.c */
void offer_session(struct tls *, struct client_hello_wishes *);
enum resume_verdict client_resumes(struct tls *, const struct server_hello *, struct fault *why);
bool on_new_session_ticket(struct tls *, const struct tls_message *, struct fault *why);
void client_keeps_session(struct tls *);

/* both: the session's master secret, and keys from it and the new randoms */
void resume_keys(struct tls *);

/* client_auth.c: the client's half */
bool on_certificate_request(struct tls *, const struct tls_message *, struct fault *why);
bool send_client_certificate(struct tls *, struct fault *why);
bool send_certificate_verify(struct tls *, struct fault *why);
/* can this key make, or have made, a signature of that number? */
bool sigalg_fits_key(unsigned number, const struct public_key *, struct sign_scheme *);

/* client_judge.c: the server's */
bool send_certificate_request(struct tls *, struct fault *why);
bool on_client_certificate(struct tls *, const struct tls_message *, struct fault *why);
bool on_certificate_verify(struct tls *, const struct tls_message *, struct fault *why);
/* Has this key signed the messages that are kept (shake->raw)? Told. */
bool verify_holds(const struct tls *, const struct public_key *, const struct certificate_verify *, struct sign_scheme,
                  struct fault *why);

/* application.c: asks it, if there is one; false: it takes this not, and has said by which alert */
bool ask_about_hello(struct tls *, const struct client_hello *, struct fault *why);
bool ask_about_request(struct tls *, const struct certificate_request *, struct fault *why);
bool ask_about_chain(struct tls *, const struct der *chain, size_t n, struct bytes ocsp, struct fault *why);
bool ask_about_session(struct tls *, struct fault *why);

/* staple.c */
bool staple_due(const struct tls *, const struct client_hello *);
bool scts_due(const struct tls *, const struct client_hello *);
bool send_certificate_status(struct tls *, struct fault *why);
/* Until it is known whether a response comes with it: judge_kept then gives the chain and the response (n 0: none). */
bool keep_chain(struct tls *, const struct der *chain, size_t n, struct fault *why);
bool on_certificate_status(struct tls *, const struct tls_message *, struct fault *why);
/* client.c: what is asked of a server's chain, with the response that came with it (n 0: none) */
struct x509_ask server_ask(const struct tls *, struct bytes response);
/* likewise: judges the chain that is kept, if there is one */
bool judge_kept(struct tls *, struct bytes response, struct fault *why);

/* keep.c: the handshake messages as they were, for CertificateVerify; octets of one message */
bool keep_octets(struct kept *, struct bytes, size_t most);
void keep_end(struct kept *);
void keep_message(struct tls *, struct bytes);        /* while keeps_messages; too many: nothing is kept any more */
void keep_stop(struct tls *);

/* tell_session.c: silent when nobody listens */
void tell_resumption(const struct tls *, const struct resume_row *, const char *by);
/* `ticket` lies in `in` at `off`, sealed; told is its plain form */
void tell_ticket(const struct tls *, bool ours, const struct tls_session *, const struct tls_ticket_state *,
                 struct bytes ticket, struct span sealed);
void tell_session_kept(const struct tls *, const struct tls_session *, const char *where);

#endif

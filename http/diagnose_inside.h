/* diagnose_inside.h - what the rows of diagnose.h share: a conversation with what can be read out of it once, and small
 * questions about it. */
#ifndef HTTP_DIAGNOSE_INSIDE_H
#define HTTP_DIAGNOSE_INSIDE_H

#include "http/diagnose.h"
#include "tls/messages13.h"

struct evidence {
    const struct conversation *c; const struct capture_facts *all; const struct flow *f;
    const struct watch_facts *t;                      /* never NULL: one without anything in it */
    const struct flow_side *client, *server;
    bool has_hello; struct client_hello hello;        /* could be read to its end */
    bool has_answer; struct server_hello answer;
    unsigned n_certs; struct x509_cert certs[X509_CHAIN_MAX];     /* as sent, leaf first; those that could be read */
    nsec judged;                                      /* when the certificate was shown; else the first packet */
    const struct cause *cause;                        /* the row that asks */
};

/* The chain of a Certificate message, of either version. */
bool chain_of(const struct evidence *, struct bytes message, struct certificate_message *chain);

/* ---- the finding: values and packets; each returns true, so that a row can end with it */
bool show(struct diagnosis *, uint64_t packet);
bool expected(struct diagnosis *, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool came(struct diagnosis *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "TLS_A, TLS_B": GREASE left out, cut with "and 3 more". */
void list_words(char out[DIAGNOSIS_TEXT], struct bytes list, wire_words *words);
unsigned list_count(struct bytes list);               /* items that are no GREASE and no signalling value */

/* ---- who did what */
const struct watch_alert *alert_of(const struct evidence *, unsigned side, int description);   /* readable; -1: any */
const struct watch_alert *fatal_alert(const struct evidence *, unsigned side);         /* readable, no close_notify */
bool hello_seen(const struct evidence *);             /* a ClientHello, whole */
bool answered(const struct evidence *);               /* a ServerHello */
bool is_tls13(const struct evidence *);
struct flow_moment closed_by(const struct evidence *, unsigned side);  /* its FIN or RST, the earlier; packet 0: none */
bool closed_first(const struct evidence *, unsigned side);
nsec last_packet(const struct evidence *);            /* of either side */
nsec quiet(const struct evidence *);                  /* from then to the end of the capture */
bool tls_message(const struct evidence *, unsigned side, unsigned type, uint64_t *packet);

/* What of TLS can be told without keys, from the records' types and sizes (RFC 8446 §5.2: of TLS 1.3 that is all). */
enum { SEALED_ALERT_13 = 19, EMPTY_CERTIFICATE_13 = 25, FINISHED_256_13 = 53, FINISHED_384_13 = 69 };
struct shape {
    bool client_finished, server_finished;            /* its Finished was sent */
    uint64_t client_finished_packet; nsec client_finished_at;
    bool client_alert_instead;                        /* TLS 1.3: a sealed alert where its Finished belongs */
    bool asked, empty, offered;                       /* CertificateRequest; the client had none; it sent one */
    unsigned client_data, server_data;                /* records of application data; server's: behind the client's */
    uint64_t server_octets;                           /* of those */
    bool bulk;                                        /* the server's answer begins with a record of full size */
    bool answered; unsigned answer_n; nsec answer_took; uint64_t answer_packet;  /* first data to first answer */
    nsec asked_at, last_asked_at;                     /* the client's first data, and its latest */
    /* HTTP/2 answers SETTINGS at once: the longest time to a record that holds more than that */
    bool h2, h2_waits; nsec h2_took; uint64_t h2_asked, h2_answer, last_asked;
    unsigned alike; struct watch_seen first_alike;    /* records behind Finished that may be tickets */
    uint64_t first_client_data, first_server_data, client_alert, server_alert;        /* packets; 0: none */
    bool server_only_alerted;                         /* behind the client's Finished it sent a sealed alert alone */
};
struct shape shape_of(const struct evidence *);
/* A record with the size that it would have with a whole tag. */
struct watch_seen seen_as(const struct evidence *, const struct watch_seen *);
/* Did the client turn away from the server's certificate, and how sure is that? Many check a name when the handshake is
 * over; but who only wants to know whether somebody answers goes then, too. *packet shows it. */
enum turned {
    STAYED,
    LEFT,                                             /* behind the handshake, without data */
    LEFT_AT_ONCE,                                     /* at once, and without good bye or in spite of its ALPN */
    TURNED                                            /* by an alert about certificates, or within the handshake */
};
enum turned client_turned(const struct evidence *, uint64_t *packet);
bool offers_http(const struct evidence *);            /* its ALPN has http/1.1 */
/* OpenSSL judges a chain within the handshake; others leave that to the program, which does it behind Finished. Its
 * signalling suite tells it (RFC 5746 §3.3): others send the extension. */
bool like_openssl(const struct evidence *);
/* Has anything of an exchange come to pass: data of the client, then of the server? */
bool exchanged(const struct evidence *);

/* Another connection by whose side this one was not needed: to the same place (browsers open one more than they use),
 * or to another address of it that answered sooner (RFC 8305). One that said something: a scan says nothing. */
bool spare(const struct evidence *, bool same_place);

/* ---- the rows, by file */
bool tcp_refused(const struct evidence *, struct diagnosis *);
bool icmp_port(const struct evidence *, struct diagnosis *);
bool icmp_prohibited(const struct evidence *, struct diagnosis *);
bool icmp_unreachable(const struct evidence *, struct diagnosis *);
bool icmp_hops(const struct evidence *, struct diagnosis *);
bool tcp_silent(const struct evidence *, struct diagnosis *);
bool tcp_half_opening(const struct evidence *, struct diagnosis *);
bool tcp_syn_ack_refused(const struct evidence *, struct diagnosis *);
bool tcp_old_connection(const struct evidence *, struct diagnosis *);
bool tcp_injected(const struct evidence *, struct diagnosis *);
bool tcp_mtu(const struct evidence *, struct diagnosis *);
bool tcp_peer_gone(const struct evidence *, struct diagnosis *);
bool tcp_half_open(const struct evidence *, struct diagnosis *);
bool tcp_reset(const struct evidence *, struct diagnosis *);
bool tcp_zero_window(const struct evidence *, struct diagnosis *);
bool tcp_storm(const struct evidence *, struct diagnosis *);
bool tcp_conflict(const struct evidence *, struct diagnosis *);
bool tcp_closed_at_once(const struct evidence *, struct diagnosis *);
bool tcp_nothing_said(const struct evidence *, struct diagnosis *);
bool tcp_slow(const struct evidence *, struct diagnosis *);

bool plain_http(const struct evidence *, struct diagnosis *);
bool plain_server(const struct evidence *, struct diagnosis *);
bool other_server(const struct evidence *, struct diagnosis *);
bool other_client(const struct evidence *, struct diagnosis *);
bool hello_split(const struct evidence *, struct diagnosis *);
bool hello_unanswered(const struct evidence *, struct diagnosis *);
bool hello_reset(const struct evidence *, struct diagnosis *);
bool hello_closed(const struct evidence *, struct diagnosis *);
bool hello_mute(const struct evidence *, struct diagnosis *);
bool no_common_version(const struct evidence *, struct diagnosis *);
bool no_common_suite(const struct evidence *, struct diagnosis *);
bool no_common_group(const struct evidence *, struct diagnosis *);
bool no_common_sigalg(const struct evidence *, struct diagnosis *);
bool wrong_sni(const struct evidence *, struct diagnosis *);
bool missing_sni(const struct evidence *, struct diagnosis *);
bool alpn_refused(const struct evidence *, struct diagnosis *);
bool alpn_none(const struct evidence *, struct diagnosis *);
bool fallback(const struct evidence *, struct diagnosis *);

bool cert_revoked(const struct evidence *, struct diagnosis *);
bool cert_expired(const struct evidence *, struct diagnosis *);
bool cert_early(const struct evidence *, struct diagnosis *);
bool client_clock(const struct evidence *, struct diagnosis *);
bool cert_self_signed(const struct evidence *, struct diagnosis *);
bool cert_proxy(const struct evidence *, struct diagnosis *);
bool cert_wrong_name(const struct evidence *, struct diagnosis *);
bool cert_unknown_ca(const struct evidence *, struct diagnosis *);
bool cert_missing(const struct evidence *, struct diagnosis *);
bool cert_weak(const struct evidence *, struct diagnosis *);
bool cert_must_staple(const struct evidence *, struct diagnosis *);
bool cert_no_staple(const struct evidence *, struct diagnosis *);

bool client_certificate_wanted(const struct evidence *, struct diagnosis *);
bool client_certificate_refused(const struct evidence *, struct diagnosis *);
bool renegotiation_refused(const struct evidence *, struct diagnosis *);
bool by_alert(const struct evidence *, struct diagnosis *);
bool flight_refused(const struct evidence *, struct diagnosis *);
bool client_left(const struct evidence *, struct diagnosis *);
bool handshake_broken(const struct evidence *, struct diagnosis *);
bool handshake_stalled(const struct evidence *, struct diagnosis *);
bool tls_truncated(const struct evidence *, struct diagnosis *);
bool http_empty(const struct evidence *, struct diagnosis *);
bool http_no_answer(const struct evidence *, struct diagnosis *);
bool http_truncated(const struct evidence *, struct diagnosis *);

bool dns_two_answers(const struct evidence *, struct diagnosis *);
bool dns_other_question(const struct evidence *, struct diagnosis *);
bool dns_other_address(const struct evidence *, struct diagnosis *);
bool dns_slow(const struct evidence *, struct diagnosis *);
unsigned dns_of_capture(const struct capture_facts *, struct diagnosis *out, unsigned most);

/* Has the issuer's name a word that such a CA is known by? */
enum name_like { LIKE_PROXY, LIKE_ROOT, LIKE_BETWEEN };
bool name_is_like(const struct bytes *name, enum name_like);

const struct cause *cause_named(const char *id);

#endif

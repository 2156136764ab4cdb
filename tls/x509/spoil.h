/* spoil.h - certificates and chains that are not as they should be, a table of ways; for lessons and tests.
 *
 * A way spoils one certificate (a leaf's or a CA's, by asking issue.h for something else or by changing what was
 * written and signing it again), or a chain. Which ground a judge must then give (x509_verify_chain, profile X509_WEB)
 * stands beside it; some ways look wrong and are not. What each does says cmd/words_spoil.c.
 *
 *     struct x509_scene *s = ...;                     // about 90,000 octets
 *     x509_scene_plan(s, "www.example.test", now, chance);
 *     s->certs[SCENE_LEAF].issue.must_staple = true;  // whoever wants it different
 *     x509_scene_make(s, spoil_named("expired"), &why);       // NULL: nothing is spoiled
 *
 * Then certs[...].der are the certificates, sent[] those that a server would send, leaf first, trusted[] whom one
 * trusts. Everything in it follows from what chance gives: same chance, same octets. */
#ifndef TLS_X509_SPOIL_H
#define TLS_X509_SPOIL_H

#include "tls/x509/issue.h"
#include "tls/x509/verify.h"

enum spoil_of { SPOIL_LEAF, SPOIL_CA, SPOIL_CHAIN };   /* what is spoiled */
struct spoil_hands;                                   /* how it is done: spoil_inside.h */

struct spoil_way {
    const char *name, *rfc;                           /* "expired", "RFC 5280 §4.1.2.5" */
    enum spoil_of of;
    const char *ground;                               /* "x509.expired"; NULL: accepted all the same */
    const struct spoil_hands *hands;
};
extern const struct spoil_way spoil_ways[];           /* ends with a NULL name */
const struct spoil_way *spoil_named(const char *name);                 /* NULL: there is none */

/* Issues one certificate, spoiled in a way that is not of chains. host: for whom it would be; at: the moment that dates
 * are meant for. The issue is changed and may point into room, which must outlive it. 0: as x509_issue, or this way
 * cannot be gone with this certificate. */
struct spoil_room { char host[256], text[320]; const char *names[1]; struct general_name name;
                    struct private_key other; uint8_t octets[512]; };
size_t x509_issue_spoiled(const struct spoil_way *, struct x509_issue *, const char *host, nsec at, struct chance *,
                          struct spoil_room *, uint8_t *out, size_t room);

enum { SCENE_ROOT, SCENE_CA, SCENE_LEAF, SCENE_MORE, SCENE_LAST, SCENE_CERTS };
enum { SCENE_CERT_MAX = 4096, SCENE_STATUS_MAX = 2048, SCENE_SENT = 6 };

struct scene_cert {
    struct x509_issue issue; struct private_key key;  /* what it shall be, whose it is */
    uint8_t octets[SCENE_CERT_MAX]; struct der der;
    struct x509_cert cert;                            /* read from der; without key where it cannot be read */
};
struct x509_scene {
    const char *host; nsec at; struct chance *chance;
    struct scene_cert certs[SCENE_CERTS];
    struct der sent[SCENE_SENT]; size_t n_sent;
    struct der trusted;
    struct bytes crl, ocsp;                           /* what is known about revocation; n 0: nothing */
    uint8_t crl_octets[SCENE_STATUS_MAX], ocsp_octets[SCENE_STATUS_MAX];
    /* inside */
    const char *names[1]; struct bytes ips[1]; struct spoil_room room;
};
/* Root, CA and leaf as they should be, of P-256: may be changed before they are made. The host must outlive it. */
void x509_scene_plan(struct x509_scene *, const char *host, nsec at, struct chance *);
bool x509_scene_make(struct x509_scene *, const struct spoil_way *, struct fault *why);
void x509_scene_wipe(struct x509_scene *);            /* the private keys */

#endif

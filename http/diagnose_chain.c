/* diagnose_chain.c - causes in the server's certificate. All want that the client turned away: who goes on has judged
 * for itself. */
#include "http/diagnose_inside.h"

#include "tls/x509/names.h"
#include "tls/x509/ocsp.h"

#include <stdio.h>
#include <string.h>

static bool turned(const struct evidence *e, struct diagnosis *d, enum turned least)
{
    uint64_t packet = 0;
    if (!e->n_certs || client_turned(e, &packet) < least)
        return false;
    show(d, e->t->certificate_at.packet);
    return show(d, packet);
}

static bool alert_is(const struct evidence *e, int description)
{
    return alert_of(e, WATCH_CLIENT, description) != NULL;
}

static const char *subject(const struct x509_cert *c, char out[X509_NAME_TEXT])
{
    return x509_name_short(&c->subject, out, X509_NAME_TEXT);
}

static const char *issuer(const struct x509_cert *c, char out[X509_NAME_TEXT])
{
    return x509_name_short(&c->issuer, out, X509_NAME_TEXT);
}

static bool own_issuer(const struct x509_cert *c) { return x509_name_same(&c->subject, &c->issuer); }

/* ---- the staple */
static bool staple_revoked(const struct evidence *e, nsec *when)
{
    struct bytes m = e->t->certificate_status;
    struct x509_ocsp_response r;
    struct x509_ocsp_word w = { .found = false };
    if (m.n <= TLS_MESSAGE_HEADER + 4 || !e->n_certs)
        return false;
    const struct der der = { m.at + TLS_MESSAGE_HEADER + 4, m.n - TLS_MESSAGE_HEADER - 4, 0 };     /* type, length */
    if (!x509_read_ocsp(&der, NULL, &r, NULL) || r.status)
        return false;
    for (struct wire_in in = wire_over(r.singles.at, r.singles.n, NULL); wire_left(&in) && !in.failed;) {
        x509_take_ocsp_single(&in, NULL, NULL, &w);
        if (w.status == 1) {                           /* revoked [1], RFC 6960 §4.2.1 */
            *when = w.revoked;
            return true;
        }
    }
    return false;
}

bool cert_revoked(const struct evidence *e, struct diagnosis *d)
{
    char name[X509_NAME_TEXT], date[DER_TIME_TEXT];
    nsec when = 0;
    bool stapled = staple_revoked(e, &when);
    if (!(stapled && turned(e, d, LEFT)) && !(alert_is(e, TLS_ALERT_CERTIFICATE_REVOKED) && turned(e, d, TURNED)))
        return false;
    expected(d, "a certificate that is not revoked");
    if (stapled)
        return came(d, "%s, revoked since %s, as the staple says", subject(&e->certs[0], name),
                    der_time_text(when, date));
    return came(d, "%s, and the client's alert certificate_revoked", subject(&e->certs[0], name));
}

bool cert_must_staple(const struct evidence *e, struct diagnosis *d)
{
    char name[X509_NAME_TEXT];
    if (!e->n_certs || !e->certs[0].must_staple || e->t->stapled || alert_is(e, TLS_ALERT_UNKNOWN_CA) ||
        !turned(e, d, offers_http(e) && e->t->staple_asked ? LEFT : LEFT_AT_ONCE))
        return false;
    expected(d, "CertificateStatus, as the leaf demands (TLS feature status_request)");
    return came(d, e->t->staple_asked ? "%s without a staple" : "%s without a staple, which the client did not ask for",
                subject(&e->certs[0], name));
}

/* Browsers of Chromium's kin: they ask for a staple, and need none; and they open connections that they leave
 * unused. */
static bool greases(const struct evidence *e)
{
    struct wire_in in = wire_over(e->hello.suites.at, e->hello.suites.n, NULL);
    while (e->has_hello && wire_left(&in) >= 2)
        if (tls_is_grease(take_u16(&in, "cipher_suite")))
            return true;
    return false;
}

bool cert_no_staple(const struct evidence *e, struct diagnosis *d)
{
    if (!e->t->staple_asked || e->t->stapled || greases(e) || !offers_http(e) || !turned(e, d, LEFT_AT_ONCE))
        return false;
    expected(d, "CertificateStatus, which the client asked for");
    return came(d, "none; the client went behind the handshake");
}

/* ---- strength */
static bool weak_hash(const struct x509_cert *c) { return c->outer.weak && !own_issuer(c); }
static bool weak_key(const struct x509_cert *c) { return c->rsa_bits && c->rsa_bits < 2048; }

static bool weak(const struct evidence *e)
{
    for (unsigned i = 0; i < e->n_certs; i++)
        if (weak_hash(&e->certs[i]) || weak_key(&e->certs[i]))
            return true;
    return false;
}

/* ---- dates */
bool cert_expired(const struct evidence *e, struct diagnosis *d)
{
    char name[X509_NAME_TEXT], date[DER_TIME_TEXT], now[DER_TIME_TEXT];
    for (unsigned i = 0; i < e->n_certs; i++) {
        const struct x509_cert *c = &e->certs[i];
        if (c->not_after >= e->judged || alert_is(e, TLS_ALERT_UNKNOWN_CA) || !turned(e, d, LEFT))
            continue;
        expected(d, "notAfter behind %s, the time of the capture", der_time_text(e->judged, now));
        return came(d, "%s expired on %s", subject(c, name), der_time_text(c->not_after, date));
    }
    return false;
}

bool cert_early(const struct evidence *e, struct diagnosis *d)
{
    char name[X509_NAME_TEXT], date[DER_TIME_TEXT], now[DER_TIME_TEXT];
    for (unsigned i = 0; i < e->n_certs; i++) {
        const struct x509_cert *c = &e->certs[i];
        if (c->not_before <= e->judged || alert_is(e, TLS_ALERT_UNKNOWN_CA) || !turned(e, d, LEFT))
            continue;
        expected(d, "notBefore before %s, the time of the capture", der_time_text(e->judged, now));
        return came(d, "%s begins on %s", subject(c, name), der_time_text(c->not_before, date));
    }
    return false;
}

/* OpenSSL says bad_certificate of one that has not begun, but also of a wrong name or a weak key; it never says so of
 * an issuer that it does not know. */
static bool openssl_finds_early(const struct evidence *e)
{
    struct bytes none = { NULL, 0 };
    return alert_is(e, TLS_ALERT_BAD_CERTIFICATE) && like_openssl(e) && *e->t->sni && e->n_certs &&
           x509_cert_is_for(&e->certs[0], e->t->sni, &none) && !weak(e);
}

/* Not valid for the client, valid at the time of the capture: one of both clocks is wrong. */
bool client_clock(const struct evidence *e, struct diagnosis *d)
{
    char from[DER_TIME_TEXT], until[DER_TIME_TEXT], now[DER_TIME_TEXT];
    bool expired = alert_is(e, TLS_ALERT_CERTIFICATE_EXPIRED);
    if ((!expired && !openssl_finds_early(e)) || !turned(e, d, TURNED))
        return false;
    for (unsigned i = 0; i < e->n_certs; i++)
        if (e->certs[i].not_after < e->judged || e->certs[i].not_before > e->judged)
            return false;
    expected(d, "a clock of the client between %s and %s", der_time_text(e->certs[0].not_before, from),
             der_time_text(e->certs[0].not_after, until));
    return came(d, expired ? "alert certificate_expired, at %s by the clock of the capture"
                           : "alert bad_certificate, at %s by the clock of the capture, and nothing else is wrong",
                der_time_text(e->judged, now));
}

/* ---- names */
bool cert_wrong_name(const struct evidence *e, struct diagnosis *d)
{
    char names[X509_SAY], addr[ADDR_TEXT];
    struct bytes none = { NULL, 0 };
    bool sni = *e->t->sni;
    if (!e->n_certs || alert_is(e, TLS_ALERT_UNKNOWN_CA) || alert_is(e, TLS_ALERT_CERTIFICATE_EXPIRED) || !sni ||
        x509_cert_is_for(&e->certs[0], e->t->sni, &none) || !turned(e, d, LEFT))
        return false;
    show(d, e->t->client_hello_at.packet);
    expected(d, "a certificate for %.150s (SNI; server %s)", e->t->sni, addr_text(&e->server->addr, addr));
    return came(d, "a certificate for %s", x509_cert_names(&e->certs[0], names));
}

/* ---- who issued it */
static const struct x509_cert *top(const struct evidence *e) { return &e->certs[e->n_certs - 1]; }

static bool proxy_named(const struct evidence *e)
{
    for (unsigned i = 0; i < e->n_certs; i++)
        if (name_is_like(&e->certs[i].issuer, LIKE_PROXY))
            return true;
    return false;
}

bool cert_proxy(const struct evidence *e, struct diagnosis *d)
{
    char name[X509_NAME_TEXT], began[DER_TIME_TEXT];
    bool connect = e->c->proxy && alert_is(e, TLS_ALERT_UNKNOWN_CA);
    if (!turned(e, d, LEFT_AT_ONCE) || (!connect && !proxy_named(e)))
        return false;
    expected(d, "a certificate of a public CA for %.150s", *e->t->sni ? e->t->sni : "the server");
    return came(d, "a certificate by %s, made on %s", issuer(&e->certs[0], name),
                der_time_text(e->certs[0].not_before, began));
}

bool cert_self_signed(const struct evidence *e, struct diagnosis *d)
{
    char name[X509_NAME_TEXT];
    if (!e->n_certs || !own_issuer(&e->certs[0]) || !turned(e, d, LEFT_AT_ONCE))
        return false;
    expected(d, "a certificate that somebody trusted has signed");
    return came(d, "%s, its own issuer", subject(&e->certs[0], name));
}

/* How surely did the client turn away for want of an issuer? By unknown_ca; or without a word of why, as GnuTLS and
 * browsers may: everything else would fit (rows before have asked). Of who left behind the handshake only a leaf that
 * came alone is evidence; if it says where its issuer is to be had, a public CA's it is, and then leaving is enough. */
static bool nobody_known(const struct evidence *e, enum turned *how)
{
    uint64_t packet = 0;
    bool alone = e->n_certs == 1 && !own_issuer(&e->certs[0]) && !(e->t->chain_trusted && e->t->chain_holds) &&
                 !(e->t->staple_asked && !e->t->stapled && offers_http(e));
    *how = client_turned(e, &packet);
    if (*how == TURNED && e->t->client_asked && greases(e) && !fatal_alert(e, WATCH_CLIENT))
        return false;                                 /* a browser asks its user for a certificate, and comes again */
    if (*how == TURNED)
        return !fatal_alert(e, WATCH_CLIENT) || alert_is(e, TLS_ALERT_UNKNOWN_CA) ||
               alert_is(e, TLS_ALERT_CERTIFICATE_UNKNOWN) || alert_is(e, TLS_ALERT_BAD_CERTIFICATE);
    return alone && (*how == LEFT_AT_ONCE || (*how == LEFT && e->certs[0].info_access.n));
}

/* "Contoso CA": what those call theirs who have one alone. */
static bool bare_name(const struct bytes *name)
{
    char text[X509_NAME_TEXT];
    size_t n = strlen(x509_name_short(name, text, sizeof text));
    return n > 3 && memcmp(text + n - 3, " CA", 3) == 0;
}

/* Is the issuer at the end one that stands in stores, or below such a one? Its name is all there is to tell by, and
 * whether the certificate says where to fetch it: no root's needs that. */
static bool ends_at_root(const struct evidence *e)
{
    const struct bytes *last = &top(e)->issuer;
    if (own_issuer(top(e)))
        return true;
    if (name_is_like(last, LIKE_BETWEEN))
        return false;
    return e->n_certs > 1 || name_is_like(last, LIKE_ROOT) || (bare_name(last) && !top(e)->info_access.n);
}

bool cert_unknown_ca(const struct evidence *e, struct diagnosis *d)
{
    char name[X509_NAME_TEXT];
    enum turned how;
    if (!e->n_certs || !nobody_known(e, &how) || !ends_at_root(e) || !turned(e, d, how))
        return false;
    expected(d, "a chain to a CA that the client trusts");
    return came(d, "%u certificates, up to %s", e->n_certs, issuer(top(e), name));
}

bool cert_missing(const struct evidence *e, struct diagnosis *d)
{
    char name[X509_NAME_TEXT], leaf[X509_NAME_TEXT];
    enum turned how;
    if (!e->n_certs || !nobody_known(e, &how) || own_issuer(top(e)) || !turned(e, d, how))
        return false;
    expected(d, "the certificate of %s, behind that of %s", issuer(top(e), name), subject(&e->certs[0], leaf));
    return came(d, e->n_certs == 1 ? "the leaf alone" : "%u certificates, and not that one", e->n_certs);
}

bool cert_weak(const struct evidence *e, struct diagnosis *d)
{
    char name[X509_NAME_TEXT];
    if (alert_is(e, TLS_ALERT_UNKNOWN_CA) || alert_is(e, TLS_ALERT_CERTIFICATE_EXPIRED))
        return false;
    for (unsigned i = 0; i < e->n_certs; i++) {
        const struct x509_cert *c = &e->certs[i];
        bool hash = weak_hash(c);
        if ((!hash && !weak_key(c)) || !turned(e, d, TURNED))
            continue;
        expected(d, "SHA-256 or better, RSA of 2048 bits or more");
        return came(d, hash ? "%s, key %s, signed by way of SHA-1 or older" : "%s, key %s", subject(c, name),
                    c->key_words);
    }
    return false;
}

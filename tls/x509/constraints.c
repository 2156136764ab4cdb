#include "tls/x509/names.h"

#include <stdio.h>
#include <string.h>

/* BAD_NAME: no name of its form, so no rule can hold it. BAD_BASE: no rule for this form here, or the constraint is
 * malformed. Neither may pass where such names are constrained. */
enum fit { OUTSIDE, INSIDE, BAD_NAME, BAD_BASE };

/* ---- one rule a form, RFC 5280 §4.2.1.10 ---- */

static bool ends_with(const char *s, size_t n, const char *end, size_t m)
{
    return n >= m && x509_same_text(s + (n - m), end, m);
}

/* "test" holds "test" and all below it. What is no name of a host, on either side, cannot be judged: a dot in
 * front is another form's manner (and means less), a star is nobody's. */
static enum fit dns_fits(const struct bytes *name, const struct bytes *base, bool excluding)
{
    const char *n = (const char *)name->at, *b = (const char *)base->at;
    size_t star = name->n > 2 && n[0] == '*' && n[1] == '.' ? 2 : 0;
    if (base->n > 0 && x509_host_labels(b, base->n) == 0)
        return BAD_BASE;
    if (x509_host_labels(n + star, name->n - star) == 0)
        return BAD_NAME;
    if (base->n == 0)
        return INSIDE;
    if (ends_with(n, name->n, b, base->n) && (name->n == base->n || n[name->n - base->n - 1] == '.'))
        return INSIDE;
    /* "*.example.test" may stand for the excluded "www.example.test". */
    const char *dot = memchr(b, '.', base->n);
    if (excluding && dot && star) {
        size_t rest = base->n - (size_t)(dot + 1 - b);
        if (rest == name->n - 2 && x509_same_text(n + 2, dot + 1, rest))
            return INSIDE;
    }
    return OUTSIDE;
}

/* Hosts of mail addresses and URIs: "example.test" is that host alone, ".example.test" those below it. */
static enum fit host_fits(const char *host, size_t n, const char *base, size_t m)
{
    size_t dot = m > 0 && base[0] == '.';
    if (m > 0 && x509_host_labels(base + dot, m - dot) == 0)
        return BAD_BASE;
    if (x509_host_labels(host, n) == 0)
        return BAD_NAME;
    if (m == 0)
        return INSIDE;
    return (dot ? n > m : n == m) && ends_with(host, n, base, m) ? INSIDE : OUTSIDE;
}

/* Where the host begins in "local@host"; 0: that is no mailbox. A local part in quotes may hold an @ and much else: it
 * is read nowhere, and so passes nowhere. */
static size_t mail_host(const struct bytes *mail)
{
    const uint8_t *at = mail->n ? memchr(mail->at, '@', mail->n) : NULL;
    size_t local = at ? (size_t)(at - mail->at) : 0;
    if (local == 0 || memchr(at + 1, '@', mail->n - local - 1))
        return 0;
    for (size_t i = 0; i < local; i++)
        if (mail->at[i] <= ' ' || mail->at[i] > '~' || mail->at[i] == '"')
            return 0;
    return x509_host_labels((const char *)at + 1, mail->n - local - 1) ? local + 1 : 0;
}

/* A base with an @ is one mailbox, its local part to the octet (RFC 5321 §2.4); else it is of hosts. */
static enum fit mail_fits(const struct bytes *name, const struct bytes *base)
{
    const char *n = (const char *)name->at, *b = (const char *)base->at;
    bool mailbox = base->n > 0 && memchr(b, '@', base->n);
    size_t host = mail_host(name), wanted = mailbox ? mail_host(base) : 0;
    if (mailbox && wanted == 0)
        return BAD_BASE;
    if (host == 0)
        return BAD_NAME;
    if (!mailbox)
        return host_fits(n + host, name->n - host, b, base->n);
    return name->n == base->n && host == wanted && memcmp(n, b, host) == 0
        && x509_same_text(n + host, b + host, name->n - host) ? INSIDE : OUTSIDE;
}

/* The host of "scheme://user@host:port/..." (RFC 3986 §3.2). No authority, or an address for a host: "MUST reject". */
static enum fit uri_fits(const struct bytes *name, const struct bytes *base)
{
    const char *end = (const char *)name->at + name->n, *host = (const char *)name->at;
    const char *colon = name->n ? memchr(host, ':', name->n) : NULL;
    if (!colon || end - colon < 3 || colon[1] != '/' || colon[2] != '/')
        return BAD_NAME;
    host = colon + 3;
    const char *stop = host;
    while (stop < end && !memchr("/?#", *stop, 3)) {
        if (*stop++ == '@')
            host = stop;
    }
    const char *port = memchr(host, ':', (size_t)(stop - host));
    return host_fits(host, (size_t)((port ? port : stop) - host), (const char *)base->at, base->n);
}

/* Address and mask, which is ones and then zeros (RFC 4632); IPv4 in 8 octets, IPv6 in 32. */
static enum fit ip_fits(const struct bytes *name, const struct bytes *base)
{
    size_t n = base->n / 2;
    if ((base->n != 8 && base->n != 32) || x509_mask_bits(base->at + n, n) < 0)
        return BAD_BASE;
    bool inside = name->n == n;
    for (size_t i = 0; i < n && inside; i++)
        inside = ((name->at[i] ^ base->at[i]) & base->at[n + i]) == 0;
    return inside ? INSIDE : OUTSIDE;
}

static enum fit fits(const struct general_name *name, const struct general_name *base, bool excluding)
{
    switch (name->choice) {
    case NAME_DNS:       return dns_fits(&name->value, &base->value, excluding);
    case NAME_IP:        return ip_fits(&name->value, &base->value);
    case NAME_EMAIL:     return mail_fits(&name->value, &base->value);
    case NAME_URI:       return uri_fits(&name->value, &base->value);
    case NAME_DIRECTORY: return x509_name_within(&name->value, &base->value) ? INSIDE : OUTSIDE;
    case NAME_OTHER: case NAME_X400: case NAME_EDI: case NAME_OID: break;
    }
    return BAD_BASE;
}

/* ---- one name against the lists ---- */

static bool say_why(enum fit worst, bool excluding, const struct general_name *base, char expected[X509_SAY])
{
    char text[X509_SAY];
    x509_general_text(base, text);
    if (worst == BAD_BASE)
        snprintf(expected, X509_SAY, "a constraint that has a meaning (§4.2.1.10), not: %.40s", text);
    else if (worst == BAD_NAME)
        snprintf(expected, X509_SAY, "a well-formed name, to be held against %.50s", text);
    else
        snprintf(expected, X509_SAY, "%s%.64s", excluding ? "only names outside " : "only names within ", text);
    return false;
}

/* Permitted: inside one of them, if any is of its form. Excluded: inside none. */
static bool list_allows(struct wire_in *list, bool excluding, const struct general_name *name,
                        char expected[X509_SAY])
{
    bool concerned = false, inside = false;
    enum fit worst = OUTSIDE;
    struct general_name told = { NAME_OTHER, { NULL, 0 } };
    while (list->at < list->end) {
        struct wire_in subtree = der_open(list, "general_subtree", DER_SEQUENCE);
        struct general_name base = x509_take_general_name(&subtree);
        if (subtree.failed || base.choice != name->choice)
            continue;
        enum fit fit = fits(name, &base, excluding);
        if (!concerned || fit > worst)
            told = base;
        concerned = true;
        inside |= fit == INSIDE;
        worst = fit > worst ? fit : worst;
    }
    if (!concerned || (worst < BAD_NAME && inside != excluding))
        return true;
    return say_why(worst, excluding, &told, expected);
}

static bool name_allowed(const struct bytes *constraints, const struct general_name *name,
                         char expected[X509_SAY], char found[X509_SAY])
{
    struct wire_in in = wire_over(constraints->at, constraints->n, NULL);
    bool allowed = true;
    for (unsigned excluding = 0; excluding <= 1 && allowed; excluding++)
        if (der_next_is(&in, DER_CONTEXT_CONSTRUCTED | excluding)) {
            struct wire_in list = der_open(&in, "subtrees", DER_CONTEXT_CONSTRUCTED | excluding);
            allowed = list_allows(&list, excluding, name, expected);
        }
    if (!allowed)
        x509_general_text(name, found);
    return allowed;
}

/* ---- all names of a certificate ---- */

static bool has_alt_name(const struct x509_cert *c, enum general_choice form)
{
    for (struct wire_in in = wire_over(c->alt_names.at, c->alt_names.n, NULL); in.at < in.end;)
        if (x509_take_general_name(&in).choice == form)
            return true;
    return false;
}

/* Names that stand in the subject because there is no subjectAltName for them: mail addresses (RFC 5280 §4.2.1.10), and
 * of who is no CA the host that its CN seems to be, unless it names hosts by their addresses. */
static bool subject_allowed(const struct bytes *constraints, const struct x509_cert *c, char expected[X509_SAY],
                            char found[X509_SAY])
{
    bool mail = !has_alt_name(c, NAME_EMAIL);
    bool dns = !c->is_ca && !has_alt_name(c, NAME_DNS) && !has_alt_name(c, NAME_IP);
    struct general_name name = { NAME_EMAIL, { NULL, 0 } };
    for (size_t nth = 0; mail && x509_name_attribute(&c->subject, OID_EMAIL, nth, &name.value); nth++)
        if (!name_allowed(constraints, &name, expected, found))
            return false;
    name.choice = NAME_DNS;
    for (size_t nth = 0; dns && x509_name_attribute(&c->subject, OID_COMMON_NAME, nth, &name.value); nth++)
        if (x509_host_labels((const char *)name.value.at, name.value.n) > 1
            && !name_allowed(constraints, &name, expected, found))
            return false;
    return true;
}

bool x509_constraints_allow(const struct bytes *constraints, const struct x509_cert *below,
                            char expected[X509_SAY], char found[X509_SAY])
{
    struct general_name subject = { NAME_DIRECTORY, below->subject };
    if (!x509_name_empty(&below->subject)
        && (!name_allowed(constraints, &subject, expected, found)
            || !subject_allowed(constraints, below, expected, found)))
        return false;
    for (struct wire_in in = wire_over(below->alt_names.at, below->alt_names.n, NULL); in.at < in.end;) {
        struct general_name name = x509_take_general_name(&in);
        if (!name_allowed(constraints, &name, expected, found))
            return false;
    }
    return true;
}

static size_t elements_of(struct wire_in in)
{
    size_t n = 0;
    for (; in.at < in.end; n++)
        der_skip(&in, "element", NULL);
    return n;
}

size_t x509_names_of(const struct x509_cert *c)
{
    return 1 + elements_of(wire_over(c->alt_names.at, c->alt_names.n, NULL));
}

size_t x509_subtrees_of(const struct x509_cert *c)
{
    size_t n = 0;
    for (struct wire_in in = wire_over(c->name_constraints.at, c->name_constraints.n, NULL); in.at < in.end;)
        n += elements_of(der_open(&in, "subtrees", in.at[0]));
    return n;
}

#include "tls/x509/names.h"
#include "tls/x509/parts.h"
#include "trace/show.h"

#include <stdio.h>
#include <string.h>

enum { HOST_MAX = 253, LABEL_MAX = 63 };              /* RFC 1035 §2.3.4, as text without the root's dot */

static int lower(int c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; }

static bool same_text(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (lower((unsigned char)a[i]) != lower((unsigned char)b[i]))
            return false;
    return true;
}

/* Labels of 1 to 63 letters, digits, hyphens and (in use, if not allowed) underscores, with single dots
 * between them, and the last not all digits: such a thing is an address (RFC 1123 §2.1). How many labels, 0:
 * not a name. */
static size_t labels_of(const char *s, size_t n)
{
    size_t labels = 0, label = 0;
    bool digits = true;
    if (n > HOST_MAX)
        return 0;
    for (size_t i = 0; i <= n; i++) {
        if (i == n || s[i] == '.') {
            if (label == 0 || label > LABEL_MAX)
                return 0;
            labels++;
            if (i < n) {
                label = 0;
                digits = true;
            }
            continue;
        }
        int c = lower((unsigned char)s[i]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return 0;
        digits = digits && c >= '0' && c <= '9';
        label++;
    }
    return digits ? 0 : labels;
}

bool x509_dns_matches(const char *reference, const struct bytes *presented)
{
    size_t n = strlen(reference), m = presented->n;
    const char *name = (const char *)presented->at;
    if (n > 0 && reference[n - 1] == '.')
        n--;
    if (labels_of(reference, n) == 0)
        return false;
    if (m > 2 && name[0] == '*' && name[1] == '.') {
        const char *dot = memchr(reference, '.', n);
        if (!dot || labels_of(name + 2, m - 2) < 2)
            return false;
        n -= (size_t)(dot + 1 - reference);
        reference = dot + 1;
        name += 2;
        m -= 2;
    }
    return labels_of(name, m) > 0 && n == m && same_text(reference, name, n);
}

/* ---- subjectAltName ---- */

static struct wire_in alt_names(const struct x509_cert *c)
{
    return wire_over(c->alt_names.at, c->alt_names.n, NULL);
}

static bool same_bytes(const struct bytes *a, const struct bytes *b)
{
    return a->n == b->n && a->n > 0 && memcmp(a->at, b->at, a->n) == 0;
}

bool x509_cert_is_for(const struct x509_cert *c, const char *host, const struct bytes *ip)
{
    for (struct wire_in in = alt_names(c); in.at < in.end;) {
        struct general_name name = x509_take_general_name(&in);
        if (ip->n > 0 ? name.choice == NAME_IP && same_bytes(&name.value, ip)
                      : name.choice == NAME_DNS && host && x509_dns_matches(host, &name.value))
            return true;
    }
    return false;
}

static size_t add_address(const uint8_t *at, size_t n, char *out, size_t room)
{
    size_t used = 0;
    if (n == 4)
        return (size_t)snprintf(out, room, "%u.%u.%u.%u", at[0], at[1], at[2], at[3]);
    for (size_t i = 0; i + 1 < n && used + 6 <= room; i += 2)
        used += (size_t)snprintf(out + used, room - used, i ? ":%x" : "%x",
                                 (unsigned)(at[i] << 8 | at[i + 1]));
    return used;
}

char *x509_ip_text(const struct bytes *ip, char out[X509_SAY])
{
    size_t one = ip->n == 8 || ip->n == 32 ? ip->n / 2 : ip->n;
    if (one != 4 && one != 16) {
        snprintf(out, X509_SAY, "(an address of %u octets)", (unsigned)ip->n);
        return out;
    }
    size_t used = add_address(ip->at, one, out, X509_SAY);
    if (one != ip->n && used + 1 < X509_SAY) {
        out[used++] = '/';
        add_address(ip->at + one, one, out + used, X509_SAY - used);
    }
    return out;
}

static char *general_text(const struct general_name *name, char out[X509_SAY])
{
    if (name->choice == NAME_IP)
        return x509_ip_text(&name->value, out);
    if (name->choice == NAME_DIRECTORY)
        return x509_name_text(&name->value, out, X509_SAY);
    return show_text(name->value.at, name->value.n, out, X509_SAY);
}

char *x509_cert_names(const struct x509_cert *c, char out[X509_SAY])
{
    char one[X509_SAY];
    size_t used = 0, untold = 0;
    snprintf(out, X509_SAY, c->alt_names.n ? "no DNS name and no address"
                                           : "no subjectAltName (a name in its subject does not count)");
    for (struct wire_in in = alt_names(c); in.at < in.end;) {
        struct general_name name = x509_take_general_name(&in);
        if (in.failed || (name.choice != NAME_DNS && name.choice != NAME_IP))
            continue;
        size_t n = strlen(general_text(&name, one));
        if (untold || used + n + 20 > X509_SAY)                    /* room for ", " and " and 1234 more" */
            untold++;
        else
            used += (size_t)snprintf(out + used, X509_SAY - used, "%s%s", used ? ", " : "", one);
    }
    if (untold && used)
        snprintf(out + used, X509_SAY - used, " and %u more", (unsigned)untold);
    else if (untold)
        snprintf(out, X509_SAY, "%u names, each long", (unsigned)untold);
    return out;
}

/* ---- constraints ---- */

/* UNJUDGED: no rule for this form here, or the constraint is malformed */
enum fit { OUTSIDE, INSIDE, UNJUDGED };

/* "test" holds "test" and all below it. What is no name of a host, on either side, cannot be judged: a dot in
 * front is another RFC's manner (and means less), a star is nobody's. */
static enum fit dns_fits(const struct bytes *name, const struct bytes *base, bool excluding)
{
    const char *n = (const char *)name->at, *b = (const char *)base->at;
    size_t star = name->n > 2 && n[0] == '*' && n[1] == '.' ? 2 : 0;
    if ((base->n > 0 && labels_of(b, base->n) == 0) || labels_of(n + star, name->n - star) == 0)
        return UNJUDGED;
    if (base->n == 0)
        return INSIDE;
    if (name->n >= base->n && same_text(n + (name->n - base->n), b, base->n)
        && (name->n == base->n || n[name->n - base->n - 1] == '.'))
        return INSIDE;
    /* "*.example.test" may stand for the excluded "www.example.test". */
    const char *dot = memchr(b, '.', base->n);
    if (excluding && dot && star) {
        size_t rest = base->n - (size_t)(dot + 1 - b);
        if (rest == name->n - 2 && same_text(n + 2, dot + 1, rest))
            return INSIDE;
    }
    return OUTSIDE;
}

/* Address and mask, which is ones and then zeros (RFC 4632); IPv4 in 8 octets, IPv6 in 32. */
static enum fit ip_fits(const struct bytes *name, const struct bytes *base)
{
    if (base->n != 8 && base->n != 32)
        return UNJUDGED;
    size_t n = base->n / 2;
    const uint8_t *mask = base->at + n;
    bool zeros = false, inside = true;
    for (size_t bit = 0; bit < 8 * n; bit++) {
        bool one = mask[bit / 8] >> (7 - bit % 8) & 1;
        if (one && zeros)
            return UNJUDGED;
        zeros |= !one;
    }
    if (name->n != n)
        return OUTSIDE;
    for (size_t i = 0; i < n; i++)
        inside = inside && ((name->at[i] ^ base->at[i]) & mask[i]) == 0;
    return inside ? INSIDE : OUTSIDE;
}

static enum fit fits(const struct general_name *name, const struct general_name *base, bool excluding)
{
    switch (name->choice) {
    case NAME_DNS:       return dns_fits(&name->value, &base->value, excluding);
    case NAME_IP:        return ip_fits(&name->value, &base->value);
    case NAME_DIRECTORY: return x509_name_within(&name->value, &base->value) ? INSIDE : OUTSIDE;
    default:             return UNJUDGED;
    }
}

/* One name against one list of subtrees. Permitted: inside one of them, if any is of its form. Excluded:
 * inside none. */
static bool list_allows(struct wire_in *list, bool excluding, const struct general_name *name,
                        char expected[X509_SAY])
{
    bool concerned = false, inside = false, unjudged = false;
    char text[X509_SAY] = "";
    while (list->at < list->end) {
        struct wire_in subtree = der_open(list, "general_subtree", DER_SEQUENCE);
        struct general_name base = x509_take_general_name(&subtree);
        if (subtree.failed || base.choice != name->choice)
            continue;
        enum fit fit = fits(name, &base, excluding);
        if (!concerned || (excluding && fit != OUTSIDE && !inside))
            general_text(&base, text);
        concerned = true;
        inside |= fit == INSIDE;
        unjudged |= fit == UNJUDGED;
    }
    if (!concerned || (!unjudged && inside != excluding))
        return true;
    if (unjudged)
        snprintf(expected, X509_SAY, "a constraint with a rule known here, not: %.50s", text);
    else
        snprintf(expected, X509_SAY, "%s%.64s", excluding ? "only names outside " : "only names within ",
                 text);
    return false;
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
        general_text(name, found);
    return allowed;
}

static size_t elements_of(struct wire_in in)
{
    size_t n = 0;
    for (; in.at < in.end; n++)
        der_skip(&in, "element", NULL);
    return n;
}

/* Each name is held against each subtree. Two certificates as long as they may be would take minutes: so not
 * more than OpenSSL does, which honest ones never come near. */
static bool few_enough(const struct bytes *constraints, const struct x509_cert *below, char expected[X509_SAY],
                       char found[X509_SAY])
{
    enum { COMPARISONS_MAX = 1 << 20 };
    size_t names = 1 + elements_of(alt_names(below)), subtrees = 0;
    for (struct wire_in in = wire_over(constraints->at, constraints->n, NULL); in.at < in.end;)
        subtrees += elements_of(der_open(&in, "subtrees", in.at[0]));
    if (subtrees <= COMPARISONS_MAX / names)
        return true;
    snprintf(expected, X509_SAY, "names and constraints that take no more than %u comparisons", COMPARISONS_MAX);
    snprintf(found, X509_SAY, "%zu names against %zu constraints", names, subtrees);
    return false;
}

bool x509_constraints_allow(const struct bytes *constraints, const struct x509_cert *below,
                            char expected[X509_SAY], char found[X509_SAY])
{
    struct general_name subject = { NAME_DIRECTORY, below->subject };
    if (!few_enough(constraints, below, expected, found))
        return false;
    if (!x509_name_empty(&below->subject) && !name_allowed(constraints, &subject, expected, found))
        return false;
    for (struct wire_in in = alt_names(below); in.at < in.end;) {
        struct general_name name = x509_take_general_name(&in);
        if (!name_allowed(constraints, &name, expected, found))
            return false;
    }
    return true;
}

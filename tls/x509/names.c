#include "tls/x509/names.h"
#include "trace/ascii.h"
#include "trace/show.h"

#include <stdio.h>
#include <string.h>

enum { HOST_MAX = 253, LABEL_MAX = 63 };              /* RFC 1035 §2.3.4, as text without the root's dot */

bool x509_same_text(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ascii_lower(a[i]) != ascii_lower(b[i]))
            return false;
    return true;
}

size_t x509_host_labels(const char *s, size_t n)
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
        int c = (unsigned char)ascii_lower(s[i]);
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
    if (x509_host_labels(reference, n) == 0)
        return false;
    if (m > 2 && name[0] == '*' && name[1] == '.') {
        const char *dot = memchr(reference, '.', n);
        if (!dot || x509_host_labels(name + 2, m - 2) < 2)
            return false;
        n -= (size_t)(dot + 1 - reference);
        reference = dot + 1;
        name += 2;
        m -= 2;
    }
    return x509_host_labels(name, m) > 0 && n == m && x509_same_text(reference, name, n);
}

bool x509_name_attribute(const struct bytes *name, enum x509_oid type, size_t nth, struct bytes *value)
{
    struct wire_in in = wire_over(name->at, name->n, NULL), rdns = der_open(&in, "name", DER_SEQUENCE);
    while (rdns.at < rdns.end) {
        struct wire_in set = der_open(&rdns, "set", DER_SET);
        while (set.at < set.end) {
            struct wire_in pair = der_open(&set, "attribute", DER_SEQUENCE);
            struct bytes oid = der_take_oid(&pair, "type");
            if (x509_oid_of(&oid) != type || nth-- > 0)
                continue;
            *value = der_skip(&pair, "value", NULL);
            return !pair.failed;
        }
    }
    return false;
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

/* RFC 5952 §4: small letters, no zeros in front, and "::" for the first of the longest runs of two zeros or more. */
static size_t add_ipv6(const uint8_t *at, char *out, size_t room)
{
    unsigned group[8];
    size_t run = 0, run_n = 1, used = 0;
    for (size_t i = 0; i < 8; i++)
        group[i] = (unsigned)(at[2 * i] << 8 | at[2 * i + 1]);
    for (size_t i = 0, n = 0; i < 8; i++) {
        n = group[i] ? 0 : n + 1;
        if (n > run_n) {
            run_n = n;
            run = i + 1 - n;
        }
    }
    for (size_t i = 0; i < 8 && used + 6 <= room; i++) {
        bool hole = run_n > 1 && i == run;
        used += hole ? (size_t)snprintf(out + used, room - used, i ? ":" : "::")
                     : (size_t)snprintf(out + used, room - used, "%x%s", group[i], i < 7 ? ":" : "");
        i += hole ? run_n - 1 : 0;
    }
    return used;
}

static size_t add_address(const uint8_t *at, size_t n, char *out, size_t room)
{
    return n == 16 ? add_ipv6(at, out, room)
                   : (size_t)snprintf(out, room, "%u.%u.%u.%u", at[0], at[1], at[2], at[3]);
}

int x509_mask_bits(const uint8_t *mask, size_t n)
{
    int ones = 0;
    while ((size_t)ones < 8 * n && mask[ones / 8] >> (7 - ones % 8) & 1)
        ones++;
    for (size_t bit = (size_t)ones; bit < 8 * n; bit++)
        if (mask[bit / 8] >> (7 - bit % 8) & 1)
            return -1;
    return ones;
}

char *x509_ip_text(const struct bytes *ip, char out[X509_SAY])
{
    size_t one = ip->n == 8 || ip->n == 32 ? ip->n / 2 : ip->n;
    if (one != 4 && one != 16) {
        snprintf(out, X509_SAY, "(an address of %u octets)", (unsigned)ip->n);
        return out;
    }
    size_t used = add_address(ip->at, one, out, X509_SAY);
    if (one == ip->n)
        return out;
    int bits = x509_mask_bits(ip->at + one, one);
    used += (size_t)snprintf(out + used, X509_SAY - used, "/");
    if (bits >= 0)
        snprintf(out + used, X509_SAY - used, "%d", bits);
    else
        add_address(ip->at + one, one, out + used, X509_SAY - used);
    return out;
}

char *x509_general_text(const struct general_name *name, char out[X509_SAY])
{
    char oid[OID_TEXT];
    struct wire_in in = wire_over(name->value.at, name->value.n, NULL);
    out[0] = 0;
    if (!FAULT_SPEAKS)
        return out;
    switch (name->choice) {
    case NAME_IP:
        return x509_ip_text(&name->value, out);
    case NAME_DIRECTORY:
        return x509_name_text(&name->value, out, X509_SAY);
    case NAME_OTHER: {
        struct bytes type = der_take_oid(&in, "type_id");
        snprintf(out, X509_SAY, "an otherName of the type %s", in.failed ? "?" : x509_oid_text(&type, oid));
        return out;
    }
    case NAME_OID:
        snprintf(out, X509_SAY, "the registeredID %s", x509_oid_text(&name->value, oid));
        return out;
    case NAME_X400: case NAME_EDI:
        snprintf(out, X509_SAY, "%s", name->choice == NAME_X400 ? "an x400Address" : "an ediPartyName");
        return out;
    case NAME_EMAIL: case NAME_DNS: case NAME_URI:
        break;
    }
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
        size_t n = strlen(x509_general_text(&name, one));
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

/* Names as one types them: subjects, alternative names, subtrees of constraints. */
#include "cmd/ca.h"
#include "cmd/words.h"
#include "net/addr.h"

#include <stdlib.h>
#include <string.h>

uint8_t *ca_room(struct ca_wish *w, size_t n)
{
    if (n > sizeof w->octets - w->used) {
        complain("vitrine ca: so much does not go into one certificate");
        return NULL;
    }
    w->used += n;
    return w->octets + w->used - n;
}

const char *ca_text(struct ca_wish *w, const char *at, size_t n)
{
    char *out = (char *)ca_room(w, n + 1);
    if (out) {
        memcpy(out, at, n);
        out[n] = 0;
    }
    return out;
}

bool ca_oid_good(const char *text)
{
    unsigned arcs = 0;
    unsigned long first = 0;
    for (const char *at = text;; at++) {
        char *end;
        if (*at < '0' || *at > '9' || (*at == '0' && at[1] >= '0' && at[1] <= '9'))
            return false;
        const unsigned long arc = strtoul(at, &end, 10);
        if (end - at > 9 || (arcs == 0 && arc > 2) || (arcs == 1 && first < 2 && arc > 39))
            return false;
        first = arcs++ ? first : arc;
        if (!*end)
            return arcs > 1 && end - text < OID_TEXT;
        if (*end != '.')
            return false;
        at = end;
    }
}

/* ---- subjects ---- */

static const struct { const char *word; enum x509_oid oid; unsigned tag; } attributes[] = {
    { "CN", OID_COMMON_NAME, DER_UTF8 },       { "O", OID_ORGANIZATION, DER_UTF8 },
    { "OU", OID_ORGANIZATIONAL_UNIT, DER_UTF8 }, { "C", OID_COUNTRY, DER_PRINTABLE },
    { "ST", OID_STATE, DER_UTF8 },             { "L", OID_LOCALITY, DER_UTF8 },
    { "DC", OID_DOMAIN_COMPONENT, DER_IA5 },   { "emailAddress", OID_EMAIL, DER_IA5 },
    { "serialNumber", OID_SERIAL_NUMBER, DER_PRINTABLE },
};

static bool put_attribute(struct wire_out *out, const char *at, size_t n)
{
    const char *equals = memchr(at, '=', n);
    for (size_t i = 0; equals && i < sizeof attributes / sizeof *attributes; i++)
        if (strlen(attributes[i].word) == (size_t)(equals - at)
            && memcmp(attributes[i].word, at, (size_t)(equals - at)) == 0) {
            struct put_der set = put_der_open(out, DER_SET), pair = put_der_open(out, DER_SEQUENCE);
            put_der_oid(out, x509_oid_dotted(attributes[i].oid));
            put_der_bytes(out, attributes[i].tag, equals + 1, n - (size_t)(equals + 1 - at));
            put_der_close(out, pair);
            put_der_close(out, set);
            return true;
        }
    return false;
}

bool ca_subject_read(struct ca_wish *w, enum option_id id, const char *text, size_t n, struct bytes *out)
{
    uint8_t room[4096];
    struct wire_out to = wire_into(room, sizeof room);
    struct put_der name = put_der_open(&to, DER_SEQUENCE);
    const char *end = text + n;
    bool good = true;
    if (n && *text != '/') {
        struct put_der set = put_der_open(&to, DER_SET), pair = put_der_open(&to, DER_SEQUENCE);
        put_der_oid(&to, x509_oid_dotted(OID_COMMON_NAME));
        put_der_bytes(&to, DER_UTF8, text, n);
        put_der_close(&to, pair);
        put_der_close(&to, set);
    }
    for (const char *at = text; good && n && *text == '/' && at < end;) {
        const char *slash = memchr(at + 1, '/', (size_t)(end - at - 1));
        const char *stop = slash ? slash : end;
        good = stop == at + 1 || put_attribute(&to, at + 1, (size_t)(stop - at - 1));
        at = stop;
    }
    put_der_close(&to, name);
    if (!good || to.failed) {
        complain("vitrine ca: --%s is a name as /C=CN/O=Lesson/CN=www.example.test, or a CN alone, not %.*s",
                 options[id].name, (int)n, text);
        return false;
    }
    uint8_t *place = ca_room(w, wire_written(&to));
    if (!place)
        return false;
    memcpy(place, room, wire_written(&to));
    *out = (struct bytes){ place, wire_written(&to) };
    return true;
}

/* ---- general names ---- */

/* ADDR, or with subtrees ADDR/LEN: address and mask (RFC 5280 §4.2.1.10). */
static bool read_ip(struct ca_wish *w, const char *text, bool subtree, struct bytes *out)
{
    struct addr a;
    const char *slash = subtree ? strchr(text, '/') : NULL;
    const size_t n = slash ? (size_t)(slash - text) : strlen(text);
    if (!addr_parse(text, n, &a))
        return false;
    uint8_t *place = ca_room(w, subtree ? 2u * a.len : a.len);
    const unsigned long bits = slash ? strtoul(slash + 1, NULL, 10) : 8ul * a.len;
    if (!place || bits > 8ul * a.len)
        return false;
    memcpy(place, a.octets, a.len);
    for (unsigned i = 0; subtree && i < a.len; i++) {
        const unsigned long here = bits > 8ul * i ? bits - 8ul * i : 0;
        place[a.len + i] = (uint8_t)(here >= 8 ? 0xff : 0xff00u >> here);
        place[i] &= place[a.len + i];
    }
    *out = (struct bytes){ place, subtree ? 2u * a.len : a.len };
    return true;
}

static bool read_one(struct ca_wish *w, enum option_id id, const char *text, bool subtree, struct general_name *out)
{
    static const struct { const char *word; enum general_choice choice; } kinds[] = {
        { "dns:", NAME_DNS }, { "ip:", NAME_IP }, { "email:", NAME_EMAIL }, { "uri:", NAME_URI },
        { "dir:", NAME_DIRECTORY },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const size_t n = strlen(kinds[i].word);
        if (strncmp(text, kinds[i].word, n) != 0)
            continue;
        out->choice = kinds[i].choice;
        if (out->choice == NAME_IP && read_ip(w, text + n, subtree, &out->value))
            return true;
        if (out->choice == NAME_IP)
            break;
        if (out->choice == NAME_DIRECTORY)
            return ca_subject_read(w, id, text + n, strlen(text + n), &out->value);
        out->value = (struct bytes){ (const uint8_t *)text + n, strlen(text + n) };
        return true;
    }
    complain("vitrine ca: --%s has names as dns:www.example.test, ip:10.0.0.80%s, email:, uri: or dir:/O=X, not %s",
             options[id].name, subtree ? "/24" : "", text);
    return false;
}

bool ca_names_read(struct ca_wish *w, enum option_id id, const char *text, bool subtrees, struct general_name *out,
                   size_t *n)
{
    while (text && *text) {
        const size_t here = strcspn(text, ",");
        const char *one = ca_text(w, text, here);
        if (!one || *n == WISH_NAMES) {
            complain("vitrine ca: --%s has too many names", options[id].name);
            return false;
        }
        if (!read_one(w, id, one, subtrees, &out[(*n)++]))
            return false;
        text += here + (text[here] == ',');
    }
    return true;
}

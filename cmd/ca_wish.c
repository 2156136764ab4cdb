/* What a certificate shall say, from options. */
#include "cmd/ca.h"
#include "cmd/files.h"
#include "cmd/words.h"
#include "crypto/rsa_make.h"
#include "tls/x509/pem.h"
#include "tls/x509/put_parts.h"
#include "tls/x509/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY (86400 * SECOND)
enum { LEAF_DAYS = 90, CA_DAYS = 1825, ROOT_DAYS = 3650 };

static bool number(const char *const *values, enum option_id id, uint64_t most, uint64_t *out)
{
    return !values[id] || option_number(id, values[id], most, out);
}

/* The next piece of a list with commas, as a text of its own; NULL: there is none more, or no room. */
static const char *piece(struct ca_wish *w, const char **text)
{
    const size_t n = *text ? strcspn(*text, ",") : 0;
    if (n == 0)
        return NULL;
    const char *at = ca_text(w, *text, n);
    *text += n + ((*text)[n] == ',');
    return at;
}

/* ---- keys ---- */

static bool make_key(struct ca_wish *w, const struct ca *ca, const char *kind)
{
    static const struct { const char *word; enum key_kind kind; unsigned bits; } kinds[] = {
        { "p256", KEY_P256, 0 }, { "p384", KEY_P384, 0 }, { "p521", KEY_P521, 0 }, { "ed25519", KEY_ED25519, 0 },
        { "rsa:2048", KEY_RSA, 2048 }, { "rsa:3072", KEY_RSA, 3072 }, { "rsa:4096", KEY_RSA, 4096 },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kind ? kind : "p256", kinds[i].word) != 0)
            continue;
        bool made = false;
        if (kinds[i].kind == KEY_RSA) {
            w->key.pub.kind = KEY_RSA;
            made = rsa_make(&w->key.u.rsa, kinds[i].bits, ca->chance, NULL);
            w->key.pub.u.rsa = w->key.u.rsa.pub;
        } else {
            made = key_make(&w->key, kinds[i].kind, ca->chance, "private_key", NULL);
        }
        if (!made)
            complain("vitrine ca: no key could be made");
        return made;
    }
    return false;
}

static bool read_hash(struct ca_wish *w, const char *text)
{
    const struct private_key *signer = w->issue.signer;
    w->scheme = x509_scheme_of(&signer->pub);
    if (text && strncmp(text, "pss-", 4) == 0) {
        w->scheme.kind = SIGN_PSS;
        text += 4;
    }
    if (text)
        w->scheme.hash = strcmp(text, "sha256") == 0 ? HASH_SHA256 : strcmp(text, "sha384") == 0 ? HASH_SHA384
                                                                                                 : HASH_SHA512;
    w->issue.scheme = &w->scheme;
    if (key_can(&signer->pub, w->scheme))
        return true;
    complain("vitrine ca: the issuer's key cannot sign so: --hash pss-... is for RSA, Ed25519 has its own hash");
    return false;
}

/* ---- requests ---- */

static bool names_of_request(struct ca_wish *w)
{
    for (struct wire_in in = wire_over(w->request.alt_names.at, w->request.alt_names.n, NULL); in.at < in.end;) {
        if (w->issue.n_alt_names == WISH_NAMES) {
            complain("vitrine ca: --%s has too many names", options[OPT_CSR].name);
            return false;
        }
        w->alt[w->issue.n_alt_names++] = x509_take_general_name(&in);
    }
    return true;
}

/* Its key, and its names where no others are asked for. Whatever else it wishes for is not granted. */
static bool read_request(struct ca_wish *w, const char *const *values)
{
    enum { REQUEST_MOST = 1 << 20 };
    struct fault why = { 0 };
    const char *name = values[OPT_CSR], *reason, *at;
    size_t n;
    at = w->request_text = file_read(name, REQUEST_MOST, &n, &reason);
    if (!at) {
        complain("vitrine ca: cannot read %s: %s", name, reason);
        return false;
    }
    w->request_der = malloc(n + 1);
    size_t der_n = 0;
    if (w->request_der)
        der_n = pem_next(&at, at + n, "CERTIFICATE REQUEST", NULL, w->request_der, n, &why);
    if (der_n == 0 && !why.ground) {
        complain("vitrine ca: there is no request in %s", name);
        return false;
    }
    const struct der der = { .at = w->request_der, .n = der_n };
    if (der_n == 0 || !x509_read_request(&der, &w->request, &why)) {
        fprintf(stderr, "vitrine ca: %s: ", name);
        words_fault(stderr, &why);
        return false;
    }
    w->key.pub = w->request.key;
    if (!values[OPT_SUBJECT] && !values[OPT_SAN])
        w->issue.subject_name = w->request.subject;
    return values[OPT_SAN] || names_of_request(w);
}

/* ---- what the key is for ---- */

static bool read_usage(struct ca_wish *w, const char *text)
{
    static const char *const words[] = { "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment",
                                         "keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly" };
    const bool rsa = w->issue.key->kind == KEY_RSA;
    w->issue.usage = w->issue.ca ? X509_KEY_CERT_SIGN | X509_CRL_SIGN
                                 : X509_DIGITAL_SIGNATURE | (rsa ? X509_KEY_ENCIPHERMENT : 0);
    if (text)
        w->issue.usage = 0;
    for (const char *word; (word = piece(w, &text)) != NULL;) {
        unsigned bit = 0;
        while (bit < 9 && strcmp(word, words[bit]) != 0)
            bit++;
        if (bit == 9 && strcmp(word, "none") != 0) {
            complain("vitrine ca: --usage has words as digitalSignature, keyEncipherment, keyCertSign, cRLSign, not %s",
                     word);
            return false;
        }
        w->issue.usage |= bit < 9 ? 1u << bit : 0;
    }
    return true;
}

static bool read_purposes(struct ca_wish *w, const char *text)
{
    static const struct { const char *word; enum x509_oid oid; } words[] = {
        { "server", OID_SERVER_AUTH }, { "client", OID_CLIENT_AUTH }, { "code", OID_CODE_SIGNING },
        { "email", OID_EMAIL_PROTECTION }, { "time", OID_TIME_STAMPING }, { "ocsp", OID_OCSP_SIGNING },
        { "any", OID_ANY_PURPOSE },
    };
    w->issue.purposes = w->purposes;
    w->issue.server_auth = !text && !w->issue.ca;
    for (const char *word; (word = piece(w, &text)) != NULL && strcmp(word, "none") != 0;) {
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (strcmp(word, words[i].word) == 0)
                word = x509_oid_dotted(words[i].oid);
        if (!ca_oid_good(word) || w->issue.n_purposes == WISH_LIST) {
            complain("vitrine ca: --eku has server, client, code, email, time, ocsp, any or an OID, not %s", word);
            return false;
        }
        w->purposes[w->issue.n_purposes++] = word;
    }
    return true;
}

/* ---- policies ---- */

static bool read_policies(struct ca_wish *w, const char *text)
{
    w->issue.policies = w->policies;
    for (const char *word; (word = piece(w, &text)) != NULL;) {
        word = strcmp(word, "any") == 0 ? x509_oid_dotted(OID_ANY_POLICY) : word;
        if (!ca_oid_good(word) || w->issue.n_policies == WISH_LIST) {
            complain("vitrine ca: --policy has OIDs as 2.23.140.1.2.1, or any, not %s", word);
            return false;
        }
        w->policies[w->issue.n_policies++] = word;
    }
    return true;
}

static bool read_mappings(struct ca_wish *w, const char *text)
{
    w->issue.mappings = w->mappings;
    for (const char *word; (word = piece(w, &text)) != NULL;) {
        const char *equals = strchr(word, '=');
        const char *from = equals ? ca_text(w, word, (size_t)(equals - word)) : NULL;
        if (!from || !ca_oid_good(from) || !ca_oid_good(equals + 1) || w->issue.n_mappings == WISH_LIST) {
            complain("vitrine ca: --map has OIDs as 1.2.3=2.23.140.1.2.1, not %s", word);
            return false;
        }
        w->mappings[w->issue.n_mappings++] = (struct x509_mapping){ from, equals + 1 };
    }
    return true;
}

static bool read_skip(const char *const *values, enum option_id id, struct x509_skip *out)
{
    uint64_t certs = 0;
    out->said = values[id];
    bool good = number(values, id, 1000, &certs);
    out->certs = (unsigned)certs;
    return good;
}

/* ---- any extension: OID[,critical]=HEX ---- */

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) % 16 : -1;
}

static bool read_hex(struct ca_wish *w, const char *text, struct bytes *out)
{
    const size_t n = strlen(text) / 2;
    uint8_t *place = strlen(text) % 2 == 0 ? ca_room(w, n) : NULL;
    for (size_t i = 0; place && i < n; i++) {
        if (digit(text[2 * i]) < 0 || digit(text[2 * i + 1]) < 0)
            return false;
        place[i] = (uint8_t)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
    }
    *out = (struct bytes){ place, n };
    return place;
}

static bool read_extras(struct ca_wish *w, const char *const *values)
{
    const char *text;
    w->issue.extras = w->extras;
    for (unsigned i = 0; (text = option_again(values, OPT_EXT, i)) != NULL; i++) {
        static const char critical[] = ",critical";
        struct x509_extra *e = &w->extras[w->issue.n_extras++];
        const char *equals = strchr(text, '=');
        size_t n = equals ? (size_t)(equals - text) : 0;
        e->critical = n > strlen(critical) && memcmp(equals - strlen(critical), critical, strlen(critical)) == 0;
        e->oid = ca_text(w, text, e->critical ? n - strlen(critical) : n);
        if (!equals || !e->oid || !ca_oid_good(e->oid) || !read_hex(w, equals + 1, &e->value)) {
            complain("vitrine ca: --ext is an OID and DER in hex, as 1.2.3.4,critical=0500, not %s", text);
            return false;
        }
    }
    return true;
}

/* ---- names, dates, numbers ---- */

static bool read_constraints(struct ca_wish *w, const char *const *values)
{
    w->issue.permitted = w->permitted;
    w->issue.excluded = w->excluded;
    if ((values[OPT_PERMIT] || values[OPT_EXCLUDE]) && !w->issue.ca) {
        complain("vitrine ca: --permit and --exclude are for a CA (--ca)");
        return false;
    }
    return ca_names_read(w, OPT_PERMIT, values[OPT_PERMIT], true, w->permitted, &w->issue.n_permitted)
        && ca_names_read(w, OPT_EXCLUDE, values[OPT_EXCLUDE], true, w->excluded, &w->issue.n_excluded);
}

/* The CN where nobody gave a subject: the first name, if it is one of DNS and fits. */
static bool read_who(struct ca_wish *w, const char *const *values)
{
    const char *subject = values[OPT_SUBJECT];
    w->issue.alt_names = w->alt;
    if (values[OPT_CSR] && !read_request(w, values))
        return false;
    if (!ca_names_read(w, OPT_SAN, values[OPT_SAN], false, w->alt, &w->issue.n_alt_names))
        return false;
    for (size_t i = w->issue.n_alt_names; i-- > 0;)
        if (w->alt[i].choice == NAME_DNS && w->alt[i].value.n < sizeof w->host)
            snprintf(w->host, sizeof w->host, "%.*s", (int)w->alt[i].value.n, (const char *)w->alt[i].value.at);
    if (!subject && !w->issue.subject_name.n && strlen(w->host) <= 64)
        w->issue.subject_cn = *w->host ? w->host : NULL;
    return !subject || ca_subject_read(w, OPT_SUBJECT, subject, strlen(subject), &w->issue.subject_name);
}

static bool read_dates(struct ca_wish *w, const struct ca *ca, const char *const *values, bool root)
{
    uint64_t days = root ? ROOT_DAYS : w->issue.ca ? CA_DAYS : LEAF_DAYS;
    if (!number(values, OPT_DAYS, 36500, &days))
        return false;
    w->issue.not_before = ca->at / SECOND * SECOND - (root ? 3600 * SECOND : 0);
    w->issue.not_after = ca->at / SECOND * SECOND + (nsec)days * DAY - SECOND;
    return true;
}

static bool read_path_len(struct ca_wish *w, const char *const *values)
{
    uint64_t most = 0;
    w->issue.path_len = -1;
    if (!values[OPT_PATH_LEN])
        return true;
    if (!w->issue.ca) {
        complain("vitrine ca: --path-len is for a CA (--ca)");
        return false;
    }
    bool good = number(values, OPT_PATH_LEN, 100000, &most);
    w->issue.path_len = (int)most;
    return good;
}

/* File names: letters, digits, dots and dashes; all else becomes an underscore. */
static void name_files(struct ca_wish *w, const char *given)
{
    char subject[X509_NAME_TEXT] = "";
    const struct bytes *name = &w->issue.subject_name;
    if (name->n)
        x509_name_short(name, subject, sizeof subject);
    const char *equals = strchr(subject, '=');
    const char *from = given ? given : *w->host ? w->host : equals ? equals + 1 : "certificate";
    snprintf(w->name, sizeof w->name, "%.*s", CA_NAME - 1, from);
    for (char *at = w->name; *at; at++) {
        const bool good = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9')
                       || *at == '-' || (*at == '.' && at > w->name);
        *at = good ? *at : '_';
    }
}

static bool read_where(struct ca_wish *w, const char *const *values)
{
    w->issue.crl_uri = values[OPT_CRL_URI];
    w->issue.ocsp_uri = values[OPT_OCSP_URI];
    w->issue.issuer_uri = values[OPT_ISSUER_URI];
    w->issue.must_staple = values[OPT_MUST_STAPLE];
    return true;
}

bool ca_wish_read(struct ca_wish *w, const struct ca *ca, const char *const *values, const struct private_key *signer)
{
    *w = (struct ca_wish){ .issue = { .ca = !signer || values[OPT_CA] } };
    w->issue.signer = signer ? signer : &w->key;
    w->issue.key = &w->key.pub;
    const bool good = read_who(w, values) && read_constraints(w, values) && read_dates(w, ca, values, !signer)
        && read_path_len(w, values) && read_purposes(w, values[OPT_EKU]) && read_policies(w, values[OPT_POLICIES])
        && read_mappings(w, values[OPT_MAP]) && read_skip(values, OPT_REQUIRE_POLICY, &w->issue.require_explicit)
        && read_skip(values, OPT_NO_MAPPING, &w->issue.inhibit_mapping)
        && read_skip(values, OPT_NO_ANY_POLICY, &w->issue.inhibit_any) && read_extras(w, values)
        && read_where(w, values) && (values[OPT_CSR] || make_key(w, ca, values[OPT_KEY_KIND]))
        && read_usage(w, values[OPT_USAGE]) && read_hash(w, values[OPT_HASH]);
    name_files(w, values[OPT_NAME]);
    x509_make_serial(&w->issue, ca->chance);
    return good;
}

void ca_wish_wipe(struct ca_wish *w)
{
    key_wipe(&w->key);
    free(w->request_text);
    free(w->request_der);
}

#include "tls/x509/crl.h"
#include "tls/x509/parts.h"

#include <string.h>

static const struct ground not_der = { "x509.crl_der", "RFC 5280 §5.1" };
static const struct ground too_big = { "x509.crl_size", "RFC 5280 §5.1" };

enum { DER_ENUMERATED = 0x0a, EXTENSIONS_MAX = X509_EXTENSIONS_MAX, NUMBER_MAX = 20 /* §5.2.3 */ };

const char *x509_reason_words(unsigned reason)
{
    static const char *const words[] = { "unspecified", "keyCompromise", "cACompromise", "affiliationChanged",
                                         "superseded", "cessationOfOperation", "certificateHold", NULL,
                                         "removeFromCRL", "privilegeWithdrawn", "aACompromise" };
    return reason < sizeof words / sizeof *words ? words[reason] : NULL;
}

/* ---- extensions ---- */

static const char once[] = "each extension once (RFC 5280 §4.2)";

struct extension { struct bytes oid; bool critical; struct wire_in value; };

/* Extension, §4.1: opened, to be closed when the value has been read. */
static struct wire_in open_extension(struct wire_in *list, struct extension *e)
{
    struct wire_in whole = der_open(list, "extension", DER_SEQUENCE);
    *e = (struct extension){ .oid = der_take_oid(&whole, "extn_id") };
    if (der_next_is(&whole, DER_BOOLEAN)) {
        e->critical = der_take_bool(&whole, "critical");
        if (!e->critical)
            wire_fail_at(&whole, NULL, "critical", "a default that is not written (X.690 §11.5)",
                         "FALSE, which is the default");
    }
    e->value = der_open(&whole, "extn_value", DER_OCTET_STRING);
    return whole;
}

static void close_extension(struct wire_in *list, struct wire_in *whole, const struct extension *e)
{
    wire_close(whole, &e->value);
    wire_close(list, whole);
}

/* What a list's and an entry's extensions are called ends in one octet behind id-ce, 2.5.29; 0: it is none of them. */
static unsigned id_ce(struct bytes oid)
{
    return oid.n == 3 && oid.at[0] == 0x55 && oid.at[1] == 0x1d ? oid.at[2] : 0;
}
enum { CE_ISSUER_ALT_NAME = 18, CE_CRL_NUMBER = 20, CE_REASON = 21, CE_HOLD_INSTRUCTION = 23, CE_INVALIDITY_DATE = 24,
       CE_DELTA = 27, CE_ISSUING_POINT = 28, CE_CERTIFICATE_ISSUER = 29, CE_AUTHORITY_KEY_ID = 35, CE_FRESHEST = 46 };

static void note_unknown(struct x509_crl *c, const struct extension *e)
{
    if (!e->critical || c->unknown_critical)
        return;
    c->unknown_critical = true;
    x509_oid_text(&e->oid, c->unknown_oid);
}

static struct bytes take_names(struct wire_in *in, const char *name, unsigned tag)
{
    struct wire_in names = der_open(in, name, tag);
    struct bytes whole = { names.at, wire_left(&names) };
    do
        x509_take_general_name(&names);
    while (names.at < names.end);
    wire_close(in, &names);
    return in->failed ? (struct bytes){ in->at, 0 } : whole;
}

static void read_key_id(struct wire_in *in, struct x509_crl *c)
{
    struct wire_in id = der_open(in, "authority_key_identifier", DER_SEQUENCE);
    if (der_next_is(&id, DER_CONTEXT | 0))
        c->authority_key_id = der_take(&id, "key_identifier", DER_CONTEXT | 0);
    if (der_next_is(&id, DER_CONTEXT_CONSTRUCTED | 1))
        take_names(&id, "authority_cert_issuer", DER_CONTEXT_CONSTRUCTED | 1);
    if (der_next_is(&id, DER_CONTEXT | 2))
        der_take(&id, "authority_cert_serial_number", DER_CONTEXT | 2);
    wire_close(in, &id);
}

static struct bytes take_number(struct wire_in *in, const char *name)
{
    struct bytes n = der_take_uint(in, name);
    if (n.n > NUMBER_MAX)
        wire_fail_at(in, NULL, name, "a number in at most 20 octets (RFC 5280 §5.2.3)", "a number in %zu octets", n.n);
    return n;
}

/* A BOOLEAN DEFAULT FALSE under `tag`: written when it is TRUE, and then as 0xff. */
static bool take_flag(struct wire_in *in, const char *name, unsigned tag)
{
    if (!der_next_is(in, tag))
        return false;
    struct bytes b = der_take(in, name, tag);
    if (b.n != 1 || b.at[0] != 0xff)
        wire_fail(in, name);
    return true;
}

static unsigned take_reasons(struct wire_in *in)
{
    static const char *const names[] = { NULL, "key_compromise", "ca_compromise", "affiliation_changed", "superseded",
                                         "cessation_of_operation", "certificate_hold", "privilege_withdrawn",
                                         "aa_compromise" };
    struct wire_in content = der_open(in, "only_some_reasons", DER_CONTEXT | 3);
    uint8_t unused = take_u8(&content, "unused_bits");
    struct bytes bits = take_rest(&content, "only_some_reasons");
    unsigned reasons = 0;
    if (unused > 7 || bits.n == 0 || bits.n > 2 || (bits.at[bits.n - 1] & ((1u << unused) - 1)))
        wire_fail(&content, "only_some_reasons");
    for (unsigned i = 1; i < 9 && i / 8 < bits.n && !content.failed; i++)
        if (bits.at[i / 8] >> (7 - i % 8) & 1) {
            reasons |= 1u << i;
            wire_bits(&content, names[i], bits.n, 1, NULL);
        }
    wire_close(in, &content);
    return reasons;
}

static void read_issuing_point(struct wire_in *in, struct x509_crl *c)
{
    struct x509_crl_scope *s = &c->scope;
    struct wire_in seq = der_open(in, "issuing_distribution_point", DER_SEQUENCE);
    c->issuing_point = (struct bytes){ seq.at, wire_left(&seq) };
    if (der_next_is(&seq, DER_CONTEXT_CONSTRUCTED | 0)) {
        struct wire_in choice = der_open(&seq, "distribution_point", DER_CONTEXT_CONSTRUCTED | 0);
        s->has_point = true;
        s->relative = !der_next_is(&choice, DER_CONTEXT_CONSTRUCTED | 0);
        s->point = s->relative ? der_skip(&choice, "name_relative_to_crl_issuer", NULL)
                               : take_names(&choice, "full_name", DER_CONTEXT_CONSTRUCTED | 0);
        wire_close(&seq, &choice);
    }
    s->user_only = take_flag(&seq, "only_contains_user_certs", DER_CONTEXT | 1);
    s->ca_only = take_flag(&seq, "only_contains_ca_certs", DER_CONTEXT | 2);
    if (der_next_is(&seq, DER_CONTEXT | 3))
        s->reasons = take_reasons(&seq);
    s->indirect = take_flag(&seq, "indirect_crl", DER_CONTEXT | 4);
    s->attribute_only = take_flag(&seq, "only_contains_attribute_certs", DER_CONTEXT | 5);
    if (s->user_only + s->ca_only + s->attribute_only > 1)         /* at most one of them (§5.2.5) */
        wire_fail_at(&seq, NULL, "issuing_distribution_point", "one kind of certificates at most", "more of them");
    wire_close(in, &seq);
}

static struct bytes take_crl_extension(struct wire_in *list, struct x509_crl *c)
{
    struct extension e;
    struct wire_in whole = open_extension(list, &e);
    switch (e.value.failed ? 0 : id_ce(e.oid)) {
    case CE_CRL_NUMBER:
        c->number = take_number(&e.value, "crl_number");
        c->number_critical = e.critical;
        break;
    case CE_DELTA:
        c->is_delta = true;
        c->base_number = take_number(&e.value, "base_crl_number");
        break;
    case CE_AUTHORITY_KEY_ID: read_key_id(&e.value, c); note_unknown(c, &e); break;
    case CE_ISSUING_POINT:    read_issuing_point(&e.value, c); break;
    case CE_ISSUER_ALT_NAME:  take_names(&e.value, "issuer_alt_name", DER_SEQUENCE); note_unknown(c, &e); break;
    case CE_FRESHEST:         der_skip(&e.value, "freshest_crl", NULL); note_unknown(c, &e); break;
    default:                  take_rest(&e.value, "data"); note_unknown(c, &e); break;
    }
    close_extension(list, &whole, &e);
    return e.oid;
}

static void take_crl_extensions(struct wire_in *tbs, struct x509_crl *c)
{
    struct bytes seen[EXTENSIONS_MAX];
    size_t n = 0;
    struct wire_in choice = der_open(tbs, "crl_extensions", DER_CONTEXT_CONSTRUCTED | 0),
        list = der_open(&choice, "crl_extensions", DER_SEQUENCE);
    do {
        struct bytes oid = take_crl_extension(&list, c);
        for (size_t i = 0; i < n; i++)
            if (seen[i].n == oid.n && memcmp(seen[i].at, oid.at, oid.n) == 0)
                wire_fail_at(&list, NULL, "extension", once, "it stands there twice");
        if (n == EXTENSIONS_MAX)
            wire_fail_at(&list, NULL, "extension", "at most 32 extensions", "one more");
        else
            seen[n++] = oid;
    } while (list.at < list.end);
    wire_close(&choice, &list);
    wire_close(tbs, &choice);
}

/* ---- entries ---- */

static const char *reason_words(unsigned v) { return x509_reason_words(v); }

static void take_reason(struct wire_in *in, struct x509_crl_entry *entry)
{
    struct wire_in content = der_open(in, "reason_code", DER_ENUMERATED);
    entry->reason = take_code8(&content, "reason_code", reason_words);
    entry->has_reason = true;
    if (!x509_reason_words(entry->reason))
        wire_fail_at(&content, NULL, "reason_code", "a reason of RFC 5280 §5.3.1", "%u", entry->reason);
    wire_close(in, &content);
}

/* §5.3. A certificateIssuer (§5.3.3) says that this entry, and those behind it, are another CA's: who does not follow
 * it must not use the list, and it is critical. */
static void take_entry_extensions(struct wire_in *in, struct x509_crl_entry *entry, struct x509_crl *c)
{
    uint32_t seen = 0;
    struct wire_in list = der_open(in, "crl_entry_extensions", DER_SEQUENCE);
    do {
        struct extension e;
        struct wire_in whole = open_extension(&list, &e);
        const unsigned which = e.value.failed ? 0 : id_ce(e.oid);
        const uint32_t bit = which && which < 32 ? UINT32_C(1) << which : 0;
        if (seen & bit)
            wire_fail_at(&whole, NULL, "extension", once, "it stands there twice");
        seen |= bit;
        switch (which) {
        case CE_REASON:             take_reason(&e.value, entry); break;
        case CE_INVALIDITY_DATE:    der_take_time(&e.value, "invalidity_date"); break;
        case CE_HOLD_INSTRUCTION:   der_take_oid(&e.value, "hold_instruction_code"); note_unknown(c, &e); break;
        case CE_CERTIFICATE_ISSUER:
            take_names(&e.value, "certificate_issuer", DER_SEQUENCE);
            note_unknown(c, &e);
            break;
        default:                    take_rest(&e.value, "data"); note_unknown(c, &e); break;
        }
        close_extension(&list, &whole, &e);
    } while (list.at < list.end);
    wire_close(in, &list);
}

static struct bytes take_entry(struct wire_in *list, struct x509_crl_entry *entry, struct x509_crl *c)
{
    *entry = (struct x509_crl_entry){ .date = 0 };
    struct wire_in seq = der_open(list, "revoked_certificate", DER_SEQUENCE);
    struct bytes serial = der_take_int(&seq, "user_certificate");
    entry->date = der_take_time(&seq, "revocation_date");
    if (seq.at < seq.end) {
        if (!c->has_v2)                                /* §5.1.2.1 */
            wire_fail_at(&seq, NULL, "crl_entry_extensions", "version 2 where there are extensions", "version 1");
        take_entry_extensions(&seq, entry, c);
    }
    wire_close(list, &seq);
    return serial;
}

/* Absent when there are none (§5.1.2.6); that a CA writes an empty list instead leaves nothing in doubt. */
static void take_revoked(struct wire_in *tbs, struct x509_crl *c)
{
    struct x509_crl_entry entry;
    struct wire_in list = der_open(tbs, "revoked_certificates", DER_SEQUENCE);
    c->revoked = (struct bytes){ list.at, wire_left(&list) };
    for (; list.at < list.end; c->n_revoked++)
        take_entry(&list, &entry, c);
    wire_close(tbs, &list);
}

bool x509_crl_find(const struct x509_crl *c, struct bytes serial, struct x509_crl_entry *entry)
{
    struct x509_crl scratch = { .has_v2 = true };
    struct wire_in list = wire_over(c->revoked.at, c->revoked.n, NULL);
    while (list.at < list.end) {
        struct wire_in whole = list, seq = der_open(&list, "revoked_certificate", DER_SEQUENCE);
        struct bytes own = der_take_int(&seq, "user_certificate");
        if (own.n != serial.n || memcmp(own.at, serial.at, own.n) != 0)
            continue;
        take_entry(&whole, entry, &scratch);
        return !whole.failed;
    }
    return false;
}

/* ---- the list ---- */

static bool next_is_time(const struct wire_in *in)
{
    return der_next_is(in, DER_UTC_TIME) || der_next_is(in, DER_GENERALIZED_TIME);
}

/* TBSCertList, §5.1.2. Version 2 is written as 1; version 1 is not written, and has no extensions. */
static void take_tbs(struct wire_in *whole, struct x509_crl *c)
{
    const uint8_t *start = whole->at;
    struct wire_in tbs = der_open(whole, "tbs_cert_list", DER_SEQUENCE);
    if (der_next_is(&tbs, DER_INTEGER)) {
        c->has_v2 = true;
        if (der_take_small(&tbs, "version") != 1)
            wire_fail_at(&tbs, NULL, "version", "version 2, where one is written (RFC 5280 §5.1.2.1)", "another one");
    }
    c->inner = x509_take_algorithm(&tbs, "signature_algorithm");
    c->issuer = x509_take_name(&tbs, "issuer");
    if (!tbs.failed && x509_name_empty(&c->issuer))                /* §5.1.2.3 */
        wire_fail_at(&tbs, NULL, "issuer", "an issuer with a name", "an empty one");
    c->this_update = der_take_time(&tbs, "this_update");
    if (next_is_time(&tbs)) {
        c->has_next_update = true;
        c->next_update = der_take_time(&tbs, "next_update");
    }
    if (der_next_is(&tbs, DER_SEQUENCE))
        take_revoked(&tbs, c);
    if (c->has_v2 && der_next_is(&tbs, DER_CONTEXT_CONSTRUCTED | 0))
        take_crl_extensions(&tbs, c);
    wire_close(whole, &tbs);
    if (!whole->failed)
        c->tbs = (struct bytes){ start, (size_t)(whole->at - start) };
}

static bool take_list(const struct der *der, const struct watch *w, struct x509_crl *c)
{
    *c = (struct x509_crl){ .der = *der, .scope.reasons = X509_REASONS_ALL };
    struct wire_in in = wire_over(der->at, der->n, w);
    struct wire_in whole = der_open(&in, "certificate_list", DER_SEQUENCE);
    take_tbs(&whole, c);
    c->signature = x509_take_signature(&whole, &c->outer);
    wire_close(&in, &whole);
    if (in.at < in.end)
        wire_fail_at(&in, NULL, "certificate_list", "nothing behind it", "%zu octets behind it", wire_left(&in));
    return !in.failed;
}

bool x509_read_crl(const struct der *der, const struct watch *w, struct x509_crl *c, struct fault *why)
{
    if (der->n > X509_CRL_MAX) {
        *c = (struct x509_crl){ .der = *der };
        return refuse_about(why, &too_big, "CRL", "a list of at most 32 MiB", "%zu octets", der->n);
    }
    if (take_list(der, w, c))
        return true;
    struct wire_why found = wire_why_over(der->at);
    return why && !take_list(der, &found.watch, c) && der_refuse(&found, &not_der, "CRL", why);
}

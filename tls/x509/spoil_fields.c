/* Ways that ask for something else: what issue.h writes is well formed, and still not what it should be. */
#include "crypto/rsa_make.h"
#include "tls/x509/classroom_keys.h"
#include "tls/x509/spoil_inside.h"
#include "tls/x509/written_curve.h"

#include <stdio.h>
#include <string.h>

#define DAY (86400 * SECOND)

/* ---- dates ---- */

static void expire(struct spoiling *s)
{
    s->issue->not_after = s->at / DAY * DAY - SECOND;              /* the second before today */
    s->issue->not_before = s->issue->not_after + SECOND - 90 * DAY;
}
const struct spoil_hands hands_expired = { .fields = expire };

static void postpone(struct spoiling *s)
{
    s->issue->not_before = (s->at / DAY + 1) * DAY;                /* tomorrow */
    s->issue->not_after = s->issue->not_before + 90 * DAY - SECOND;
}
const struct spoil_hands hands_not_yet_valid = { .fields = postpone };

/* ---- names ---- */

static const char *parent_of(const char *host)
{
    const char *dot = strchr(host, '.');
    return dot ? dot + 1 : host;
}

static const char *last_label(const char *host)
{
    const char *dot = strrchr(host, '.');
    return dot ? dot + 1 : host;
}

/* The one name that it is for; a CN that says the same would be looked at, too. */
static void name_it(struct spoiling *s, const char *name)
{
    s->room->names[0] = name;
    s->issue->dns = s->room->names;
    s->issue->n_dns = 1;
    s->issue->n_ips = s->issue->n_alt_names = 0;
}

static void wrong_name(struct spoiling *s)
{
    name_it(s, "www.elsewhere.test");
    s->issue->subject_cn = s->issue->subject_cn ? "www.elsewhere.test" : NULL;
}
const struct spoil_hands hands_wrong_name = { .fields = wrong_name };

static void too_wide(struct spoiling *s)
{
    snprintf(s->room->text, sizeof s->room->text, "*.%s", last_label(s->host));
    name_it(s, s->room->text);
    /* so that it would fit, were it not too wide */
    s->issue->subject_cn = NULL;
}
const struct spoil_hands hands_wildcard_too_wide = { .fields = too_wide };

static void partial(struct spoiling *s)
{
    snprintf(s->room->text, sizeof s->room->text, "%c*.%s", s->host[0], parent_of(s->host));
    name_it(s, s->room->text);
}
const struct spoil_hands hands_wildcard_partial = { .fields = partial };

static void inner(struct spoiling *s)
{
    const size_t first = strcspn(s->host, ".");
    snprintf(s->room->text, sizeof s->room->text, "%.*s.*.%s", (int)first, s->host, last_label(s->host));
    name_it(s, s->room->text);
}
const struct spoil_hands hands_wildcard_inner = { .fields = inner };

static void cn_only(struct spoiling *s)
{
    s->issue->n_dns = s->issue->n_ips = s->issue->n_alt_names = 0;
    s->issue->subject_cn = strlen(s->host) <= 64 ? s->host : "www.example.test";
}
const struct spoil_hands hands_cn_only = { .fields = cn_only };

static void one_alt_name(struct spoiling *s, enum general_choice choice, const void *octets, size_t n)
{
    s->room->name = (struct general_name){ choice, { octets, n } };
    s->issue->n_dns = s->issue->n_ips = 0;
    s->issue->alt_names = &s->room->name;
    s->issue->n_alt_names = 1;
}

static void nul_in_name(struct spoiling *s)
{
    const int n = snprintf(s->room->text, sizeof s->room->text, "%s#.elsewhere.test", s->host);
    *strchr(s->room->text, '#') = 0;
    one_alt_name(s, NAME_DNS, s->room->text, (size_t)n);
}
const struct spoil_hands hands_nul_in_name = { .fields = nul_in_name };

static void ulabel(struct spoiling *s)
{
    const int n = snprintf(s->room->text, sizeof s->room->text, "b\xc3\xbc" "cher.%s", parent_of(s->host));
    one_alt_name(s, NAME_DNS, s->room->text, (size_t)n);
}
static void ask_for_ulabel(struct x509_scene *s) { s->host = "xn--bcher-kva.example.test"; }
const struct spoil_hands hands_ulabel = { .fields = ulabel, .plan = ask_for_ulabel };

static void trailing_dot(struct spoiling *s)
{
    snprintf(s->room->text, sizeof s->room->text, "%s.", s->host);
    name_it(s, s->room->text);
}
const struct spoil_hands hands_trailing_dot = { .fields = trailing_dot };

static const uint8_t empty_sequence[] = { DER_SEQUENCE, 0 };

static void empty_san(struct spoiling *s)
{
    static const struct x509_extra none = { "2.5.29.17", false, { empty_sequence, sizeof empty_sequence } };
    s->issue->n_dns = s->issue->n_ips = s->issue->n_alt_names = 0;
    s->issue->extras = &none;
    s->issue->n_extras = 1;
}
const struct spoil_hands hands_empty_san = { .fields = empty_san };

/* Names that look odd and are right. */
static void right_wildcard(struct spoiling *s)
{
    snprintf(s->room->text, sizeof s->room->text, "*.%s", parent_of(s->host));
    name_it(s, s->room->text);
    s->issue->subject_cn = s->room->text;
}
const struct spoil_hands hands_wildcard_right = { .fields = right_wildcard };

static void capitals(struct spoiling *s)
{
    snprintf(s->room->text, sizeof s->room->text, "%s", s->host);
    for (char *at = s->room->text; *at; at++)
        *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 32 : *at);
    name_it(s, s->room->text);
    s->issue->subject_cn = s->room->text;
}
const struct spoil_hands hands_capitals = { .fields = capitals };

static void another_cn(struct spoiling *s) { s->issue->subject_cn = "www.elsewhere.test"; }
const struct spoil_hands hands_another_cn = { .fields = another_cn };

/* ---- purposes, keys and signatures ---- */

static void only_for(struct spoiling *s, const char *const *purpose)
{
    s->issue->server_auth = false;
    s->issue->purposes = purpose;
    s->issue->n_purposes = 1;
}

static void client_only(struct spoiling *s)
{
    static const char *const purpose = "1.3.6.1.5.5.7.3.2";
    only_for(s, &purpose);
}
const struct spoil_hands hands_eku_client_only = { .fields = client_only };

static void any_purpose(struct spoiling *s)
{
    static const char *const purpose = "2.5.29.37.0";
    only_for(s, &purpose);
}
const struct spoil_hands hands_eku_any = { .fields = any_purpose };

static void no_signing(struct spoiling *s) { s->issue->usage = X509_NON_REPUDIATION; }
const struct spoil_hands hands_leaf_no_signing = { .fields = no_signing };

/* A key of the issuer's kind, so that its algorithm stays. */
static void other_signs(struct spoiling *s)
{
    struct private_key *other = &s->room->other;
    const enum key_kind kind = s->issue->signer->pub.kind;
    if (kind == KEY_RSA || kind == KEY_RSA_PSS) {
        rsa_make(&other->u.rsa, 2048, s->chance, NULL);
        other->pub = s->issue->signer->pub;           /* and what it is bound to */
        other->pub.u.rsa = other->u.rsa.pub;
    } else {
        key_make(other, kind, s->chance, "somebody_elses_key", NULL);
    }
    s->issue->signer = other;
}
const struct spoil_hands hands_signature_other_key = { .fields = other_signs };

static void over_sha1(struct spoiling *s)
{
    static const struct sign_scheme rsa = { SIGN_PKCS1, HASH_SHA1 }, ecdsa = { SIGN_ECDSA, HASH_SHA1 };
    s->issue->scheme = s->issue->signer->pub.kind == KEY_RSA ? &rsa : &ecdsa;
}
const struct spoil_hands hands_weak_hash_sha1 = { .fields = over_sha1 };

static void short_key(struct spoiling *s) { s->issue->key = &classroom_weak_key.pub; }
const struct spoil_hands hands_weak_rsa_1024 = { .fields = short_key };

/* Of a key of another kind one on P-256 takes the place. */
static void want_p256(struct spoiling *s)
{
    if (s->issue->key->kind == KEY_P256)
        return;
    key_make(&s->room->other, KEY_P256, s->chance, "somebody_elses_key", NULL);
    s->issue->key = &s->room->other.pub;
}

/* The base point of the curve that is written down is the key itself: then its private half is 1. */
static void explicit_curve(struct spoiling *s)
{
    want_p256(s);
    s->issue->key_info = (struct bytes){ s->room->octets,
        written_curve_key(s->issue->key->u.ec, s->room->octets, sizeof s->room->octets) };
}
const struct spoil_hands hands_explicit_curve = { .fields = explicit_curve };

static void off_curve(struct spoiling *s)
{
    want_p256(s);
    const struct public_key key = *s->issue->key;
    s->room->other.pub = key;
    s->room->other.pub.u.ec[64] ^= 1;                 /* the last octet of y */
    s->issue->key = &s->room->other.pub;
}
const struct spoil_hands hands_point_off_curve = { .fields = off_curve };

/* ---- what a certificate says of itself ---- */

static void zero_serial(struct spoiling *s)
{
    s->issue->serial[0] = 0;
    s->issue->serial_n = 1;
}
const struct spoil_hands hands_zero_serial = { .fields = zero_serial };

static void version_1(struct spoiling *s) { s->issue->version = 1; }
const struct spoil_hands hands_v1_with_extensions = { .fields = version_1 };

static void one_extra(struct spoiling *s, const struct x509_extra *extra)
{
    s->issue->extras = extra;
    s->issue->n_extras = 1;
}

static void twice(struct spoiling *s)
{
    static const uint8_t usage[] = { DER_BIT_STRING, 2, 7, 0x80 };
    static const struct x509_extra extra = { "2.5.29.15", true, { usage, sizeof usage } };
    one_extra(s, &extra);
}
const struct spoil_hands hands_duplicate_extension = { .fields = twice };

static void unknown(struct spoiling *s)
{
    static const struct x509_extra extra = { "1.3.6.1.4.1.55738.666.1", true, { empty_sequence, 2 } };
    one_extra(s, &extra);
}
const struct spoil_hands hands_unknown_critical = { .fields = unknown };

static void no_key_ids(struct spoiling *s)
{
    s->issue->leave_out |= X509_EXT_AUTHORITY_KEY_ID | X509_EXT_SUBJECT_KEY_ID;
}
const struct spoil_hands hands_no_key_ids = { .fields = no_key_ids };

/* A hint that leads nowhere: authorityKeyIdentifier helps to find an issuer, and vouches for nothing. */
static void other_authority(struct spoiling *s)
{
    static const uint8_t id[] = { DER_SEQUENCE, 6, DER_CONTEXT | 0, 4, 0xde, 0xad, 0xbe, 0xef };
    static const struct x509_extra extra = { "2.5.29.35", false, { id, sizeof id } };
    s->issue->leave_out |= X509_EXT_AUTHORITY_KEY_ID;
    one_extra(s, &extra);
}
const struct spoil_hands hands_other_authority = { .fields = other_authority };

/* ---- what a CA may do ---- */

static void no_ca_bit(struct spoiling *s)
{
    s->issue->ca = false;
    s->issue->path_len = -1;
}
const struct spoil_hands hands_missing_ca_bit = { .fields = no_ca_bit };

static void no_basic(struct spoiling *s) { s->issue->leave_out |= X509_EXT_BASIC_CONSTRAINTS; }
const struct spoil_hands hands_missing_basic_constraints = { .fields = no_basic };

static void may_not_sign(struct spoiling *s) { s->issue->usage = X509_CRL_SIGN; }
const struct spoil_hands hands_key_usage_no_sign = { .fields = may_not_sign };

static void permit(struct spoiling *s, enum general_choice choice, const void *octets, size_t n)
{
    s->room->name = (struct general_name){ choice, { octets, n } };
    s->issue->permitted = &s->room->name;
    s->issue->n_permitted = 1;
}

static void only_elsewhere(struct spoiling *s) { permit(s, NAME_DNS, "elsewhere.test", 14); }
const struct spoil_hands hands_nc_violated_dns = { .fields = only_elsewhere };

static void only_other_addresses(struct spoiling *s)
{
    static const uint8_t documentation[] = { 192, 0, 2, 0, 255, 255, 255, 0 };
    permit(s, NAME_IP, documentation, sizeof documentation);
}
const struct spoil_hands hands_nc_violated_ip = { .fields = only_other_addresses };

static void only_another_house(struct spoiling *s)
{
    static const uint8_t name[] = { 0x30, 20, 0x31, 18, 0x30, 16, 6, 3, 0x55, 4, 10, DER_UTF8, 9,
                                    'E', 'l', 's', 'e', 'w', 'h', 'e', 'r', 'e' };
    permit(s, NAME_DIRECTORY, name, sizeof name);
}
const struct spoil_hands hands_nc_violated_directory = { .fields = only_another_house };

static void not_these(struct spoiling *s)
{
    const char *parent = parent_of(s->host);
    s->room->name = (struct general_name){ NAME_DNS, { (const uint8_t *)parent, strlen(parent) } };
    s->issue->excluded = &s->room->name;
    s->issue->n_excluded = 1;
}
const struct spoil_hands hands_nc_excluded = { .fields = not_these };

static void only_here(struct spoiling *s)
{
    const char *parent = parent_of(s->host);
    permit(s, NAME_DNS, parent, strlen(parent));
}
const struct spoil_hands hands_nc_kept = { .fields = only_here };

static void not_critical(struct spoiling *s)
{
    only_here(s);
    s->issue->turn_critical |= X509_EXT_NAME_CONSTRAINTS;
}
const struct spoil_hands hands_nc_not_critical = { .fields = not_critical };

static void policy_wanted(struct spoiling *s) { s->issue->require_explicit = (struct x509_skip){ true, 0 }; }
const struct spoil_hands hands_policy_missing = { .fields = policy_wanted };

static void map_any(struct spoiling *s)
{
    static const struct x509_mapping any = { "2.5.29.32.0", "2.23.140.1.2.1" };
    s->issue->mappings = &any;
    s->issue->n_mappings = 1;
}
const struct spoil_hands hands_mapping_any = { .fields = map_any };

static void old_version(struct spoiling *s)
{
    s->issue->version = 1;
    s->issue->no_extensions = true;
}
const struct spoil_hands hands_v1_ca = { .fields = old_version };

/* What can be wrong with a certificate chain: the browser judges it, and nothing that the wire or the keys do can
 * make up for it. */
#include "http/break_chain.h"
#include "http/breaks.h"
#include "tls/x509/written_curve.h"
#include "tls/forge.h"
#include "tls/x509/classroom_keys.h"

#include <string.h>

enum { DAY = 86400 };

/* ---- the plan: dates, names, rights, keys ---- */

static void expired(struct classroom_plan *p, nsec now)
{
    p->leaf.not_after = now / (DAY * SECOND) * (DAY * SECOND) - 1 * SECOND;         /* the second before today */
    p->leaf.not_before = p->leaf.not_after + 1 * SECOND - 31 * (DAY * SECOND);
}

static void not_yet(struct classroom_plan *p, nsec now)
{
    p->leaf.not_before = (now / (DAY * SECOND) + 1) * (DAY * SECOND);
    p->leaf.not_after = p->leaf.not_before + 31 * (DAY * SECOND);
}

static void wrong_name(struct classroom_plan *p, nsec now)
{
    (void)now;
    p->leaf.subject_cn = p->names[0] = "www.elsewhere.test";
}

/* Somebody with a good certificate of his own issues one for a host that is not his. */
static void not_ca(struct classroom_plan *p, nsec now)
{
    (void)now;
    p->intermediate.ca = false;
    p->intermediate.path_len = -1;
    p->intermediate.subject_cn = "www.elsewhere.test";
}

static void path_len(struct classroom_plan *p, nsec now)
{
    (void)now;
    p->root.path_len = 0;                             /* may issue leaves, no further CA */
}

static void name_constraint(struct classroom_plan *p, nsec now)
{
    (void)now;
    p->names[1] = "www.example.com";                  /* the root may only speak for names under .test */
    p->leaf.n_dns = 2;
}

static void key_usage(struct classroom_plan *p, nsec now)
{
    (void)now;
    p->leaf.usage = X509_CRL_SIGN;
}

static void weak_key(struct classroom_plan *p, nsec now)
{
    (void)now;
    p->leaf_key = &classroom_weak_key;
    p->leaf.key = &classroom_weak_key.pub;
}

static void self_signed(struct classroom_plan *p, nsec now)
{
    (void)now;
    p->leaf.issuer = NULL;
    p->leaf.signer = p->leaf_key;
}

/* A NUL behind the host: what C takes for the end of the name. (The root speaks for every name here: the name itself is
 * to be judged.) */
static void nul_name(struct classroom_plan *p, nsec now)
{
    static const char name[] = "www.example.test\0.elsewhere.test";
    static const struct x509_attribute subject = { "2.5.4.3", DER_UTF8, { (const uint8_t *)name, sizeof name - 1 } };
    static const struct general_name alt = { NAME_DNS, { (const uint8_t *)name, sizeof name - 1 } };
    (void)now;
    p->root.permitted_dns = NULL;
    p->leaf.subject = &subject;
    p->leaf.n_subject = 1;
    p->leaf.n_dns = 0;
    p->leaf.alt_names = &alt;
    p->leaf.n_alt_names = 1;
}

/* x400Address, an ORAddress with nothing in it: in the leaf, and, as the only one that is allowed, in the root. */
static void x400_name(struct classroom_plan *p, nsec now)
{
    static const uint8_t address[] = { DER_SEQUENCE, 2, DER_SEQUENCE, 0 };
    static const struct general_name x400 = { NAME_X400, { address, sizeof address } };
    (void)now;
    p->root.permitted_dns = NULL;
    p->root.permitted = p->leaf.alt_names = &x400;
    p->root.n_permitted = p->leaf.n_alt_names = 1;
}

/* The leaf's key becomes the root's own point, on a curve whose base point that is: its private half is 1. */
static void own_curve(struct classroom_plan *p, nsec now)
{
    (void)now;
    p->leaf.key_info = (struct bytes){ p->octets, written_curve_key(p->root.key->u.ec, p->octets, sizeof p->octets) };
}

static void unknown_critical(struct classroom_plan *p, nsec now)
{
    static const uint8_t null[] = { DER_NULL, 0 };
    static const struct x509_extra extra = { "2.5.29.99", true, { null, sizeof null } };
    (void)now;
    p->leaf.extras = &extra;
    p->leaf.n_extras = 1;
}

static void purpose(struct classroom_plan *p, nsec now)
{
    static const char *const client = "1.3.6.1.5.5.7.3.2";
    (void)now;
    p->leaf.server_auth = false;
    p->leaf.purposes = &client;
    p->leaf.n_purposes = 1;
}

static void weak_hash(struct classroom_plan *p, nsec now)
{
    static const struct sign_scheme rsa = { SIGN_PKCS1, HASH_SHA1 }, ecdsa = { SIGN_ECDSA, HASH_SHA1 };
    (void)now;
    p->leaf.scheme = p->leaf.signer->pub.kind == KEY_RSA ? &rsa : &ecdsa;
}

/* Two policies, each mapped onto both: of these a tree would double with every certificate. One of them is required,
 * and the leaf has neither. */
static void policies(struct classroom_plan *p, nsec now)
{
    static const char *const two[] = { "2.23.140.1.2.1", "2.23.140.1.2.2" }, *const other[] = { "2.23.140.1.1" };
    static const struct x509_mapping onto[] = {
        { "2.23.140.1.2.1", "2.23.140.1.2.1" }, { "2.23.140.1.2.1", "2.23.140.1.2.2" },
        { "2.23.140.1.2.2", "2.23.140.1.2.1" }, { "2.23.140.1.2.2", "2.23.140.1.2.2" },
    };
    (void)now;
    p->intermediate.policies = two;
    p->intermediate.n_policies = 2;
    p->intermediate.mappings = onto;
    p->intermediate.n_mappings = 4;
    p->intermediate.require_explicit = (struct x509_skip){ .said = true };
    p->leaf.policies = other;
    p->leaf.n_policies = 1;
}

/* ---- what then lies there ---- */

static const struct private_key *key_of_intermediate(const struct shown_chain *c)
{
    const struct private_key *keys = c->key.pub.kind == KEY_RSA ? classroom_rsa_keys : classroom_p256_keys;
    return &keys[CLASSROOM_INTERMEDIATE];
}

static bool pad_carelessly(struct shown_chain *c, struct chance *chance)
{
    const struct x509_cert *leaf = &c->room.leaf;
    uint8_t *signature = c->room.leaf_der + (leaf->signature.at - c->room.leaf_der);
    return forge_padding(key_of_intermediate(c), chance, leaf->tbs, signature, leaf->signature.n);
}

static bool bad_signature(struct shown_chain *c, struct chance *chance)
{
    (void)chance;
    c->room.leaf_der[c->chain[0].n - 1] ^= 1;
    return true;
}

static bool not_der(struct shown_chain *c, struct chance *chance)
{
    (void)chance;
    c->room.leaf_der[0] ^= 1;                         /* a SET, where a SEQUENCE must be */
    return true;
}

static bool leaf_alone(struct shown_chain *c, struct chance *chance)
{
    (void)chance;
    c->identity.n = 1;
    return true;
}

static bool nothing(struct shown_chain *c, struct chance *chance)
{
    (void)chance;
    c->identity.n = 0;
    return true;
}

static bool unknown_root(struct shown_chain *c, struct chance *chance)
{
    (void)chance;
    c->trust.n = 0;
    return true;
}

/* Certificates are public: whoever has one has no key yet. */
static bool stolen(struct shown_chain *c, struct chance *chance)
{
    (void)chance;
    const struct private_key *keys = c->key.pub.kind == KEY_RSA ? classroom_rsa_keys : classroom_p256_keys;
    c->key = keys[CLASSROOM_INTERMEDIATE];
    return true;
}

#define TOLD(what, rfc) .told = { what, rfc, .type = TLS_CERTIFICATE }
static const struct chain_lie
    is_expired = { TOLD("the leaf's notAfter was yesterday", "RFC 5280 §4.1.2.5"), .plan = expired },
    is_not_yet = { TOLD("the leaf's notBefore is tomorrow", "RFC 5280 §4.1.2.5"), .plan = not_yet },
    has_nul = { TOLD("a NUL stands in the leaf's name, behind www.example.test", "RFC 5280 §4.2.1.6"),
                .plan = nul_name },
    has_x400 = { TOLD("the leaf has an X.400 address, and the root allows that one", "RFC 5280 §4.2.1.10"),
                 .plan = x400_name },
    has_own_curve = { TOLD("the leaf's curve is written down; its base point is the root's key", "RFC 5480 §2.1.1"),
                      .plan = own_curve },
    is_forged = { TOLD("the padding of the leaf's signature is cut short, and something follows the digest",
                       "RFC 8017 §9.2"), .show = pad_carelessly },
    is_wrong_name = { TOLD("the leaf is for www.elsewhere.test", "RFC 9525 §6"), .plan = wrong_name },
    is_unknown = { TOLD("the browser does not trust this root", "RFC 5280 §6.1.1"), .show = unknown_root },
    is_alone = { TOLD("the intermediate is not sent", "RFC 5246 §7.4.2"), .show = leaf_alone },
    is_self_signed = { TOLD("the leaf is signed with its own key", "RFC 5280 §6.1.1"), .plan = self_signed,
                       .show = leaf_alone },
    is_not_ca = { TOLD("the issuer is no CA", "RFC 5280 §4.2.1.9"), .plan = not_ca },
    is_path_len = { TOLD("the root allows no CA below it", "RFC 5280 §4.2.1.9"), .plan = path_len },
    is_constrained = { TOLD("the leaf is for www.example.com, too", "RFC 5280 §4.2.1.10"), .plan = name_constraint },
    has_policies = { TOLD("the intermediate wants one of two policies below it, and the leaf has another",
                          "RFC 9618 §5"), .plan = policies },
    is_badly_signed = { TOLD("a bit of the leaf's signature is flipped", "RFC 5280 §6.1.3"), .show = bad_signature },
    is_weak_hash = { TOLD("the leaf is signed over SHA-1", "RFC 9155 §2"), .plan = weak_hash },
    is_weak = { TOLD("the leaf's key has 1024 bits", "RFC 9325 §4.5"), .plan = weak_key },
    is_misused = { TOLD("the leaf's key is for signing CRLs", "RFC 5280 §4.2.1.3"), .plan = key_usage },
    is_for_clients = { TOLD("the leaf is for clients", "RFC 5280 §4.2.1.12"), .plan = purpose },
    is_unknown_critical = { TOLD("the leaf has an unknown critical extension", "RFC 5280 §4.2"),
                            .plan = unknown_critical },
    is_not_der = { TOLD("the leaf begins with the tag of a SET", "RFC 5280 §4.1"), .show = not_der },
    is_nothing = { TOLD("the list of certificates is empty", "RFC 5246 §7.4.2"), .show = nothing },
    is_stolen = { TOLD("the server has not the key of this certificate", "RFC 5246 §7.4.3"), .show = stolen };

#define CHAIN(lie) .chain = &lie, .web = &lie.told
/* The browser's check of this name refuses, with this ground; it sends this alert, in the clear. */
#define REFUSED(check, id, alert, number)                                                                       \
    .notices = { "browser", "x509", EVENT_CHECK, check, "verdict", "refused" }, .fault = id,                    \
    .answer = "alert " alert, .answered = { "browser", "x509", EVENT_FAULT, id, "answer", alert }, .ends = id,  \
    .filter = "tls.alert_message.desc == " #number, .needs = NEEDS_TLS

const struct break_row breaks_of_certificates[] = {
    { "cert:expired", CHAIN(is_expired), REFUSED("validity", "x509.expired", "certificate_expired", 45) },
    { "cert:not-yet", CHAIN(is_not_yet), REFUSED("validity", "x509.not_yet_valid", "certificate_expired", 45) },
    { "cert:wrong-name", CHAIN(is_wrong_name), REFUSED("host_name", "x509.wrong_name", "bad_certificate", 42) },
    { "cert:nul-name", CHAIN(has_nul), REFUSED("host_name", "x509.wrong_name", "bad_certificate", 42) },
    { "cert:x400-name", CHAIN(has_x400),
      REFUSED("name_constraints", "x509.name_constraint", "bad_certificate", 42) },
    { "cert:explicit-curve", CHAIN(has_own_curve),
      REFUSED("key", "x509.key_algorithm", "unsupported_certificate", 43) | NEEDS_EC_KEY },
    { "cert:forged-padding", CHAIN(is_forged),
      REFUSED("signature", "x509.bad_signature", "bad_certificate", 42) | NEEDS_RSA_KEY },
    { "cert:unknown-root", CHAIN(is_unknown), REFUSED("trust", "x509.unknown_root", "unknown_ca", 48) },
    { "cert:missing-intermediate", CHAIN(is_alone),
      REFUSED("trust", "x509.missing_intermediate", "unknown_ca", 48) },
    { "cert:self-signed", CHAIN(is_self_signed), REFUSED("trust", "x509.self_signed", "unknown_ca", 48) },
    { "cert:not-ca", CHAIN(is_not_ca), REFUSED("basic_constraints", "x509.not_ca", "bad_certificate", 42) },
    { "cert:path-len", CHAIN(is_path_len), REFUSED("path_length", "x509.path_len", "bad_certificate", 42) },
    { "cert:name-constraint", CHAIN(is_constrained),
      REFUSED("name_constraints", "x509.name_constraint", "bad_certificate", 42) },
    { "cert:policies", CHAIN(has_policies), REFUSED("policy", "x509.policy", "bad_certificate", 42) },
    { "cert:bad-signature", CHAIN(is_badly_signed),
      REFUSED("signature", "x509.bad_signature", "bad_certificate", 42) },
    { "cert:weak-hash", CHAIN(is_weak_hash), REFUSED("algorithm", "x509.weak_hash", "bad_certificate", 42) },
    { "cert:weak-key", CHAIN(is_weak), REFUSED("key", "x509.weak_key", "bad_certificate", 42) | NEEDS_RSA_KEY },
    { "cert:key-usage", CHAIN(is_misused), REFUSED("key_usage", "x509.key_usage", "unsupported_certificate", 43) },
    { "cert:purpose", CHAIN(is_for_clients), REFUSED("purpose", "x509.purpose", "unsupported_certificate", 43) },
    { "cert:unknown-critical", CHAIN(is_unknown_critical),
      REFUSED("extensions", "x509.unknown_critical", "bad_certificate", 42) },
    { "cert:not-der", CHAIN(is_not_der),
      .notices = { "browser", "x509", EVENT_CHECK, "certificate", "verdict", "refused" }, .fault = "x509.der",
      .answer = "alert bad_certificate",
      .answered = { "browser", "x509", EVENT_FAULT, "x509.der", "answer", "bad_certificate" }, .ends = "x509.der",
      .filter = "tls.alert_message.desc == 42", .needs = NEEDS_TLS },
    { "cert:none", CHAIN(is_nothing),
      .notices = { "browser", "tls", EVENT_FAULT, .name = "tls.no_certificate" }, .fault = "tls.no_certificate",
      .answer = "alert decode_error",
      .answered = { "browser", "tls", EVENT_FAULT, "tls.no_certificate", "answer", "decode_error" },
      .ends = "tls.no_certificate", .filter = "tls.alert_message.desc == 50", .needs = NEEDS_TLS },
    { "cert:stolen", CHAIN(is_stolen),
      .notices = { "browser", "tls", EVENT_CHECK, "server_key_exchange_signature", "verdict", "refused" },
      .fault = "tls.ske_signature", .answer = "alert decrypt_error",
      .answered = { "browser", "tls", EVENT_FAULT, "tls.ske_signature", "answer", "decrypt_error" },
      .ends = "tls.ske_signature", .filter = "tls.alert_message.desc == 51", .needs = NEEDS_TLS | NEEDS_ECDHE },
    { .what = NULL },
};

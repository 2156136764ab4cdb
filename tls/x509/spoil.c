/* The ways, and how a certificate goes them. */
#include "tls/x509/put_parts.h"
#include "tls/x509/spoil_inside.h"

#include <stdio.h>
#include <string.h>

const struct spoil_way spoil_ways[] = {
    { "expired", "RFC 5280 §4.1.2.5", SPOIL_LEAF, "x509.expired", &hands_expired },
    { "not-yet-valid", "RFC 5280 §4.1.2.5", SPOIL_LEAF, "x509.not_yet_valid", &hands_not_yet_valid },
    { "wrong-name", "RFC 9525 §6", SPOIL_LEAF, "x509.wrong_name", &hands_wrong_name },
    { "wildcard-too-wide", "RFC 9525 §6.3", SPOIL_LEAF, "x509.wrong_name", &hands_wildcard_too_wide },
    { "wildcard-partial", "RFC 9525 §6.3", SPOIL_LEAF, "x509.wrong_name", &hands_wildcard_partial },
    { "wildcard-inner", "RFC 9525 §6.3", SPOIL_LEAF, "x509.wrong_name", &hands_wildcard_inner },
    { "cn-only", "RFC 9525 §2", SPOIL_LEAF, "x509.wrong_name", &hands_cn_only },
    { "cn-another", "BR §7.1.4.3", SPOIL_LEAF, "x509.web_common_name", &hands_another_cn },
    { "nul-in-name", "RFC 5280 §4.2.1.6", SPOIL_LEAF, "x509.wrong_name", &hands_nul_in_name },
    { "ulabel", "RFC 5280 §4.2.1.6", SPOIL_LEAF, "x509.der", &hands_ulabel },
    { "trailing-dot", "RFC 9525 §6.3", SPOIL_LEAF, "x509.wrong_name", &hands_trailing_dot },
    { "empty-san", "RFC 5280 §4.2.1.6", SPOIL_LEAF, "x509.der", &hands_empty_san },
    { "eku-client-only", "RFC 5280 §4.2.1.12", SPOIL_LEAF, "x509.purpose", &hands_eku_client_only },
    { "eku-any", "RFC 5280 §4.2.1.12", SPOIL_LEAF, "x509.purpose", &hands_eku_any },
    { "key-usage-no-signing", "RFC 5280 §4.2.1.3", SPOIL_LEAF, "x509.key_usage", &hands_leaf_no_signing },
    { "bad-signature-bit", "RFC 5280 §6.1.3", SPOIL_LEAF, "x509.bad_signature", &hands_bad_signature_bit },
    { "signature-other-key", "RFC 5280 §6.1.3", SPOIL_LEAF, "x509.bad_signature", &hands_signature_other_key },
    { "signature-unused-bits", "X.690 §8.6.2", SPOIL_LEAF, "x509.der", &hands_unused_bits },
    { "weak-hash-sha1", "RFC 9155 §2", SPOIL_LEAF, "x509.weak_hash", &hands_weak_hash_sha1 },
    { "weak-hash-md5", "RFC 6151 §2", SPOIL_LEAF, "x509.weak_hash", &hands_weak_hash_md5 },
    { "weak-rsa-1024", "RFC 9325 §4.5", SPOIL_LEAF, "x509.weak_key", &hands_weak_rsa_1024 },
    { "explicit-curve", "RFC 5480 §2.1.1", SPOIL_LEAF, "x509.key_algorithm", &hands_explicit_curve },
    { "point-off-curve", "RFC 5480 §2.2", SPOIL_LEAF, "x509.key_algorithm", &hands_point_off_curve },
    { "wrong-inner-algorithm", "RFC 5280 §4.1.1.2", SPOIL_LEAF, "x509.algorithm", &hands_wrong_inner_algorithm },
    { "non-minimal-length", "X.690 §10.1", SPOIL_LEAF, "x509.der", &hands_non_minimal_length },
    { "indefinite-length", "X.690 §10.1", SPOIL_LEAF, "x509.der", &hands_indefinite_length },
    { "bool-not-ff", "X.690 §11.1", SPOIL_LEAF, "x509.der", &hands_bool_not_ff },
    { "default-written", "X.690 §11.5", SPOIL_LEAF, "x509.der", &hands_default_written },
    { "non-minimal-integer", "X.690 §8.3.2", SPOIL_LEAF, "x509.der", &hands_non_minimal_integer },
    { "set-for-sequence", "RFC 5280 §4.1", SPOIL_LEAF, "x509.der", &hands_set_for_sequence },
    { "trailing-octets", "RFC 5280 §4.1", SPOIL_LEAF, "x509.der", &hands_trailing_octets },
    { "negative-serial", "RFC 5280 §4.1.2.2", SPOIL_LEAF, "x509.serial", &hands_negative_serial },
    { "zero-serial", "RFC 5280 §4.1.2.2", SPOIL_LEAF, "x509.serial", &hands_zero_serial },
    { "long-serial", "RFC 5280 §4.1.2.2", SPOIL_LEAF, "x509.serial", &hands_long_serial },
    { "v1-with-extensions", "RFC 5280 §4.1.2.1", SPOIL_LEAF, "x509.version", &hands_v1_with_extensions },
    { "duplicate-extension", "RFC 5280 §4.2", SPOIL_LEAF, "x509.der", &hands_duplicate_extension },
    { "unknown-critical", "RFC 5280 §4.2", SPOIL_LEAF, "x509.unknown_critical", &hands_unknown_critical },
    { "time-without-z", "RFC 5280 §4.1.2.5.1", SPOIL_LEAF, "x509.der", &hands_time_without_z },
    { "time-fraction", "RFC 5280 §4.1.2.5.2", SPOIL_LEAF, "x509.der", &hands_time_fraction },
    { "generalized-before-2050", "RFC 5280 §4.1.2.5", SPOIL_LEAF, NULL, &hands_generalized_before_2050 },
    { "must-staple-without", "RFC 7633 §4.2.3", SPOIL_LEAF, "x509.must_staple", &hands_must_staple_without },
    { "no-key-ids", "RFC 5280 §4.2.1.1", SPOIL_LEAF, "x509.authority_key_id", &hands_no_key_ids },
    { "key-id-of-another", "RFC 5280 §4.2.1.1", SPOIL_LEAF, NULL, &hands_other_authority },
    { "wildcard-right", "RFC 9525 §6.3", SPOIL_LEAF, NULL, &hands_wildcard_right },
    { "capitals", "RFC 9525 §6.3", SPOIL_LEAF, NULL, &hands_capitals },

    { "missing-ca-bit", "RFC 5280 §4.2.1.9", SPOIL_CA, "x509.not_ca", &hands_missing_ca_bit },
    { "missing-basic-constraints", "RFC 5280 §4.2.1.9", SPOIL_CA, "x509.not_ca", &hands_missing_basic_constraints },
    { "v1-ca", "RFC 5280 §6.1.4", SPOIL_CA, "x509.not_ca", &hands_v1_ca },
    { "key-usage-no-sign", "RFC 5280 §4.2.1.3", SPOIL_CA, "x509.key_usage", &hands_key_usage_no_sign },
    { "ca-expired", "RFC 5280 §4.1.2.5", SPOIL_CA, "x509.expired", &hands_expired },
    { "ca-eku-client-only", "RFC 5280 §4.2.1.12", SPOIL_CA, "x509.purpose", &hands_eku_client_only },
    { "ca-unknown-critical", "RFC 5280 §4.2", SPOIL_CA, "x509.unknown_critical", &hands_unknown_critical },
    { "nc-violated-dns", "RFC 5280 §4.2.1.10", SPOIL_CA, "x509.name_constraint", &hands_nc_violated_dns },
    { "nc-violated-ip", "RFC 5280 §4.2.1.10", SPOIL_CA, "x509.name_constraint", &hands_nc_violated_ip },
    { "nc-violated-directory", "RFC 5280 §4.2.1.10", SPOIL_CA, "x509.name_constraint", &hands_nc_violated_directory },
    { "nc-excluded", "RFC 5280 §4.2.1.10", SPOIL_CA, "x509.name_constraint", &hands_nc_excluded },
    { "nc-not-critical", "RFC 5280 §4.2.1.10", SPOIL_CA, "x509.must_be_critical", &hands_nc_not_critical },
    { "nc-kept", "RFC 5280 §4.2.1.10", SPOIL_CA, NULL, &hands_nc_kept },
    { "must-staple-dropped", "RFC 7633 §4.2.2", SPOIL_CA, "x509.must_staple", &hands_must_staple_without },
    { "policy-missing", "RFC 5280 §4.2.1.11", SPOIL_CA, "x509.policy", &hands_policy_missing },
    { "mapping-any", "RFC 5280 §4.2.1.5", SPOIL_CA, "x509.policy_mapping", &hands_mapping_any },

    { "path-too-long", "RFC 5280 §4.2.1.9", SPOIL_CHAIN, "x509.path_len", &hands_path_too_long },
    { "leaf-issues", "RFC 5280 §4.2.1.9", SPOIL_CHAIN, "x509.not_ca", &hands_leaf_issues },
    { "empty-issuer", "RFC 5280 §4.1.2.4", SPOIL_CHAIN, "x509.issuer", &hands_empty_issuer },
    { "self-signed", "RFC 5280 §6.1.1", SPOIL_CHAIN, "x509.self_signed", &hands_self_signed },
    { "unknown-root", "RFC 5280 §6.1.1", SPOIL_CHAIN, "x509.unknown_root", &hands_unknown_root },
    { "root-expired", "RFC 5280 §4.1.2.5", SPOIL_CHAIN, "x509.expired", &hands_root_expired },
    { "same-name-other-key", "RFC 5280 §6.1.1", SPOIL_CHAIN, "x509.bad_signature", &hands_same_name_other_key },
    { "missing-intermediate", "RFC 5246 §7.4.2", SPOIL_CHAIN, "x509.missing_intermediate",
      &hands_missing_intermediate },
    { "loop", "RFC 5280 §6.1", SPOIL_CHAIN, "x509.unknown_root", &hands_loop },
    { "wrong-order", "RFC 8446 §4.4.2", SPOIL_CHAIN, NULL, &hands_wrong_order },
    { "cross-signed-expired", "RFC 4158 §2.4", SPOIL_CHAIN, NULL, &hands_cross_signed_expired },
    { "revoked", "RFC 5280 §5.1", SPOIL_CHAIN, "x509.revoked", &hands_revoked },
    { "ocsp-revoked", "RFC 6960 §2.2", SPOIL_CHAIN, "x509.revoked", &hands_ocsp_revoked },
    { "crl-stale", "RFC 5280 §5.1.2.5", SPOIL_CHAIN, "x509.crl", &hands_crl_stale },
    { "crl-of-others", "RFC 5280 §5.1", SPOIL_CHAIN, NULL, &hands_crl_others },
    { "must-staple-with", "RFC 7633 §4.2.3", SPOIL_CHAIN, NULL, &hands_must_staple_with },
    { .name = NULL },
};

const struct spoil_way *spoil_named(const char *name)
{
    for (const struct spoil_way *way = spoil_ways; way->name; way++)
        if (strcmp(way->name, name) == 0)
            return way;
    return NULL;
}

/* ---- one certificate ---- */

bool spoil_sign(struct spoiling *s)
{
    uint8_t tbs[SCENE_CERT_MAX];
    const struct private_key *key = s->issue->signer;
    memcpy(tbs, s->octets, s->n);
    const struct bytes octets = { tbs, s->n };
    s->n = x509_sign_so(&octets, key, s->issue->scheme ? *s->issue->scheme : x509_scheme_of(&key->pub), s->chance,
                        s->octets, sizeof s->octets);
    return s->n > 0;
}

static bool change(struct spoiling *s, const struct spoil_hands *hands)
{
    if (hands->before) {
        const struct bytes tbs = spoil_child(spoil_whole(s), 0);
        if (tbs.n == 0)
            return false;
        memmove(s->octets, tbs.at, s->n = tbs.n);
        if (!hands->before(s) || !spoil_sign(s))
            return false;
    }
    return !hands->after || hands->after(s);
}

size_t x509_issue_spoiled(const struct spoil_way *way, struct x509_issue *issue, const char *host, nsec at,
                          struct chance *chance, struct spoil_room *room, uint8_t *out, size_t out_room)
{
    struct spoiling s = { .issue = issue, .host = room->host, .at = at, .chance = chance, .room = room };
    if (way->of == SPOIL_CHAIN || strlen(host) >= sizeof room->host)
        return 0;
    snprintf(room->host, sizeof room->host, "%s", host);
    if (way->hands->fields)
        way->hands->fields(&s);
    s.n = x509_issue(issue, chance, s.octets, sizeof s.octets);
    if (s.n == 0 || !change(&s, way->hands) || s.n > out_room)
        return 0;
    memcpy(out, s.octets, s.n);
    return s.n;
}

/* spoil_inside.h - inside of spoiling: what a way does, and the octets of a certificate that is being changed. */
#ifndef TLS_X509_SPOIL_INSIDE_H
#define TLS_X509_SPOIL_INSIDE_H

#include "tls/x509/spoil.h"

/* One certificate on its way: what it shall be, for whom, and then its octets. */
struct spoiling {
    struct x509_issue *issue; const char *host; nsec at; struct chance *chance; struct spoil_room *room;
    uint8_t octets[SCENE_CERT_MAX]; size_t n;         /* a TBSCertificate; or the whole, when it is signed */
};

/* Each may be absent. They are called in this order, those of a certificate first. */
struct spoil_hands {
    void (*fields)(struct spoiling *);                /* asks for something else */
    bool (*before)(struct spoiling *);                /* changes the TBSCertificate, which is then signed (again) */
    bool (*after)(struct spoiling *);                 /* changes the certificate */
    void (*plan)(struct x509_scene *);                /* before anything is issued */
    bool (*arrange)(struct x509_scene *);             /* behind root, CA and leaf */
};

/* Hands by the name of their way: spoil_fields.c, spoil_octets.c, spoil_chains.c, spoil_status.c. */
extern const struct spoil_hands
    hands_expired, hands_not_yet_valid, hands_wrong_name, hands_wildcard_too_wide, hands_wildcard_partial,
    hands_wildcard_inner, hands_cn_only, hands_nul_in_name, hands_ulabel, hands_trailing_dot,
    hands_wildcard_right, hands_capitals, hands_another_cn, hands_nc_kept, hands_other_authority,
    hands_empty_san,
    hands_eku_client_only, hands_eku_any, hands_leaf_no_signing, hands_signature_other_key, hands_weak_hash_sha1,
    hands_weak_rsa_1024, hands_explicit_curve, hands_point_off_curve, hands_zero_serial, hands_v1_with_extensions,
    hands_duplicate_extension, hands_unknown_critical,
    hands_missing_ca_bit, hands_missing_basic_constraints, hands_key_usage_no_sign, hands_nc_violated_dns,
    hands_nc_violated_ip, hands_nc_violated_directory, hands_nc_excluded, hands_nc_not_critical, hands_policy_missing,
    hands_mapping_any, hands_v1_ca, hands_no_key_ids;
extern const struct spoil_hands
    hands_bad_signature_bit, hands_weak_hash_md5, hands_wrong_inner_algorithm, hands_non_minimal_length,
    hands_indefinite_length, hands_bool_not_ff, hands_default_written, hands_non_minimal_integer,
    hands_trailing_octets, hands_negative_serial, hands_long_serial, hands_time_without_z, hands_time_fraction,
    hands_generalized_before_2050, hands_set_for_sequence, hands_unused_bits;
extern const struct spoil_hands
    hands_path_too_long, hands_leaf_issues, hands_empty_issuer, hands_self_signed, hands_unknown_root,
    hands_missing_intermediate, hands_wrong_order, hands_loop, hands_cross_signed_expired, hands_same_name_other_key,
    hands_root_expired;
extern const struct spoil_hands
    hands_must_staple_without, hands_must_staple_with, hands_revoked, hands_crl_others, hands_crl_stale,
    hands_ocsp_revoked;

/* Signs what stands under the signature of who issued it; the algorithm is the issuer's. */
bool spoil_sign(struct spoiling *);
/* An element by its place in another one, from 0: with tag and length; n 0: there is none. */
struct bytes spoil_child(struct bytes parent, unsigned index);
/* Puts other octets in the place of some (n 0: before them); the lengths of all around them follow. */
bool spoil_replace(struct spoiling *, struct bytes old, const void *octets, size_t n);
struct bytes spoil_whole(const struct spoiling *);

bool scene_issue(struct x509_scene *, unsigned number);
void scene_send(struct x509_scene *, unsigned number);

#endif

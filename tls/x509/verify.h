/* verify.h - should this server be believed? One call (RFC 5280 §6, RFC 9525).
 *
 * Given the chain a peer sent (leaf first, then anything in any order), more candidates and the anchors we trust,
 * builds a path leaf -> intermediates -> anchor and judges each certificate on it by the table of checks.h. All paths
 * there are get tried, anchors before others, within budgets of steps, signatures and paths; the first that holds
 * is taken. Key identifiers and dates say who is tried first and leave nobody out.
 *
 * Where none holds, the most telling is shown. Which that is:
 *     1. the signatures on it fit, and it ends at an anchor: what is wrong stands in some certificate;
 *     2. the signatures fit, and it ends at nobody whom we trust;
 *     3. it ends at an anchor by the names, but some signature does not fit;
 *     4. neither;
 * and among equals the one that the fewest checks refuse, then the one found first.
 *
 * Each check on that path is told as an EVENT_CHECK of layer "x509" (name: the check; attributes subject,
 * expected, found, verdict: "accepted", "refused", "skipped"), accepted or not, so that a refused chain is
 * still shown whole; then each certificate as one more of the name "certificate" (subject, issuer, verdict,
 * why). The first refusal from the anchor down fills *why, naming the certificate ("leaf
 * CN=www.example.test"). Its ground is x509. and one of
 *
 *     der  empty_chain  too_many                          before there is a path; or the path would be too long
 *     budget                                              looking takes too long: `expected` says what there was of
 *     self_signed  missing_intermediate  unknown_root     no anchor: leaf alone; leaf's issuer; further up
 *     algorithm  weak_hash  bad_signature  key_algorithm  weak_key  known_to_all  version  serial  issuer
 *     expired  not_yet_valid  unknown_critical  not_ca  path_len  key_usage  purpose  name_constraint  wrong_name
 *     max_depth  distrusted
 *     must_be_critical  ca_bit  subject_key_id  authority_key_id  alt_name  web_...       by profile
 *
 * An anchor is judged like all others (an expired or constrained root counts as such) but for its signature,
 * serial number and version. A leaf that is itself an anchor is a path of one. What RFC 5280 §4.2 asks of who
 * issues, and §6 not of who verifies, refuses nobody in X509_PKIX: a missing authorityKeyIdentifier (`openssl
 * x509 -req` writes none), name constraints not marked critical, a server's certificate that says CA.
 * Includes nothing of tls/. */
#ifndef TLS_X509_VERIFY_H
#define TLS_X509_VERIFY_H

#include "tls/x509/store.h"

/* Chains made to cost time. Honest ones need some ten of each. A step is a candidate looked at; a path is judged when
 * it has reached its end. To say why none holds, steps and paths are taken once more. */
enum { X509_STEPS = 1000, X509_SIGNATURES = 64, X509_PATHS = 40,
       X509_COMPARISONS = 50000,                      /* of names with name constraints, in each walk */
       X509_PATH_MAX = 16 };                          /* certificates on one path, leaf and anchor with it */
/* By which rules:
 *
 *     X509_PKIX     RFC 5280 §6 and RFC 9525: what who verifies must ask
 *     X509_RFC5280  and what §4 demands of who issues: key identifiers, extensions marked critical
 *     X509_WEB      and the Baseline Requirements of the CA/Browser Forum, as far as browsers heed them: no CA for a
 *                   server, its CN one of its names, nothing odd about a root
 *     X509_BR       the same to the letter: a server without extKeyUsage is refused, and name constraints need not be
 *                   critical (BR §7.1.2.7.6, §7.1.2.5.2) */
enum x509_profile { X509_PKIX, X509_WEB, X509_RFC5280, X509_BR };
const char       *x509_profile_name(enum x509_profile);                 /* "pkix", "web", "rfc5280", "br" */
enum x509_profile x509_profile_named(const char *);                     /* X509_PKIX: no such name */

/* What the search came to; of interest to whoever draws it. */
struct x509_cost { unsigned steps, signatures, paths, comparisons; };

/* RFC 5280 §6.1.1 (c) to (f). No `initial` policies (n 0): any will do. */
struct x509_policy_ask {
    const struct bytes *initial; size_t n;            /* content octets of OBJECT IDENTIFIERs */
    bool explicit_policy, inhibit_mapping, inhibit_any;
};

struct x509_crl;                                      /* crl.h */

struct x509_ask {
    const struct x509_store *trust;                   /* NULL: nobody is trusted */
    /* nobody said whom to trust, and `trust` is only where the chain ends, one of those sent: told as that */
    bool trust_assumed;
    const struct x509_store *untrusted;               /* more candidates beside what was sent; NULL: none */
    enum x509_profile profile;
    struct x509_policy_ask policy;
    bool has_max_depth; unsigned max_depth;           /* CA certificates between leaf and anchor, at most */
    const struct x509_crl *crls; size_t n_crls;       /* revocation lists at hand */
    /* OCSP responses at hand (the octets of an OCSPResponse each), beside the stapled one */
    const struct bytes *responses; size_t n_responses;
    const struct cpu *cpu;                            /* whose instructions may be used; NULL: portable code alone */
    bool need_status;                                 /* who cannot be asked about is refused */
    bool staple_asked;                                /* the server was asked for a staple (RFC 6066 §8) */
    /* tell of the search, too, by EVENT_CHECKs. "candidate", depth first: the leaf (depth 0), and each certificate
     * tried on top of the last one told of a smaller depth: depth, source (trusted, sent, untrusted), subject, issuer,
     * serial, sha256 (hex); fits: does its key fit the signature below it (fits, does not fit, unknown, not tried);
     * verdict and why; check and ground, where a check refuses it by itself. "path", behind the candidate at its top:
     * length, subject (of the top), ends (trusted, nowhere), verdict; ground, about, expected, found of the
     * refusal. Where a path holds, the walk that found it is told; else the one that looked for the most telling. */
    bool tell_search;
    struct x509_cost *cost;                           /* filled, whatever the verdict; NULL: of no interest */
    const char *host;  /* the reference identity: a DNS name (A-label), or NULL */
    struct bytes ip;  /* or an address of 4 or 16 octets (n > 0): then only iPAddress names count */
    nsec at;                                          /* the moment of judgement */
    enum x509_purpose purpose;                        /* X509_SERVER */
    /* bits of which the leaf needs one: digitalSignature for ECDHE, keyEncipherment for RSA */
    unsigned key_usage;
    struct bytes ocsp;                                /* a response that the server stapled (RFC 6066 §8); n 0: none */
    /* the sealed world: the classroom CA's keys, which are public, may be believed */
    bool classroom;
};

/* True: accepted, *leaf is its key. False: refused, *why says so; *leaf is filled in all the same when the
 * leaf could be read (kind KEY_NONE otherwise), so that a person who asked for it (-k) can go on. A
 * certificate with a buffer in the trace (der.buf) is read here with that watch, once: so its bytes get their
 * names here and nowhere else. */
bool x509_verify_chain(const struct x509_ask *, const struct voice *, const struct der *chain, size_t n,
                       struct public_key *leaf, struct fault *why);
/* The same of certificates that were read before (x509_read_cert), whose octets are not told again. */
bool x509_verify_read(const struct x509_ask *, const struct voice *, const struct x509_cert *chain, size_t n,
                      struct public_key *leaf, struct fault *why);

#endif

/* policy.h - under which certificate policies is a path valid? (RFC 5280 §6.1 as amended by RFC 9618.)
 *
 * A policy is an OBJECT IDENTIFIER by which a CA says how it makes sure of its subjects. Each CA on a path may map
 * its issuer's policies onto its own. What comes of it was a tree in RFC 5280, in which a policy had a node for each
 * way that leads to it: two policies, each mapped onto both, double the tree with every certificate (CVE-2023-0464).
 * Here it is RFC 9618's graph: at each depth one node a policy, with an edge to every node above that expects it, so
 * that it is no larger than what the certificates say. What §6.1 deletes in passing (nodes without children) is left
 * until the end, and found by walking up from the leaf. Qualifiers are not processed.
 *
 * Nodes stand in the order of their depth; anyPolicy has none: it is at a depth, or is not, its parent is always
 * anyPolicy, and it is never mapped. A node without edges hangs on the anyPolicy above it.
 *
 * All is bounded, and beyond the bounds the answer is POLICY_TOO_MANY (RFC 9618 §6.3). Known bridges of PKIs have
 * some forty policies a certificate. No allocation: the graph (some 45 KB) is on the stack while it is built. */
#ifndef TLS_X509_POLICY_H
#define TLS_X509_POLICY_H

#include "tls/x509/verify.h"

enum {
    X509_POLICIES = 128,                              /* that a certificate names; and mappings in it */
    X509_POLICY_NODES = 512, X509_POLICY_EDGES = 1024,             /* of the graph, all depths together */
    X509_POLICY_OID = 128                             /* content octets that x509_policy_oid writes, at most */
};

/* What is wrong with a certificate's extensions, or with the path. NONE_VALID: one was required and there is none. */
enum x509_policy_flaw { POLICY_FINE, POLICY_TWICE, POLICY_ANY_MAPPED, POLICY_TOO_MANY, POLICY_NONE_VALID };

struct x509_policies {
    enum x509_policy_flaw flaw;
    /* which certificate is to blame: of NONE_VALID the first at whose depth nothing was left, and what those above had
     * allowed it; or the leaf, where only what was wanted is not valid */
    size_t at;
    struct bytes allowed[X509_POLICIES]; size_t n_allowed;
    bool required;                                    /* explicit_policy came to 0: there has to be one */
    /* the authorities-constrained-policy-set: what the leaf's policies are called where the anchor issues; anyPolicy
     * beside them (the graph has it at the leaf's depth) */
    struct bytes authority[X509_POLICIES]; size_t n_authority; bool any;
    /* the user-constrained-policy-set: those that were wanted, as well; user_any: anyPolicy is in it */
    struct bytes user[X509_POLICIES]; size_t n_user; bool user_any;
    unsigned nodes, edges;                            /* how large the graph was; of interest to tests */
};

/* certs: the path without its anchor, leaf first. False: out->flaw says why not. (More than X509_POLICIES valid ones:
 * the sets hold the first of them; the verdict counts all.) */
bool x509_policies(const struct x509_policy_ask *, const struct x509_cert *const certs[], size_t n,
                   struct x509_policies *out);

/* A certificate alone: are the contents of its certificatePolicies and policyMappings such as RFC 5280 allows? No
 * policy twice (§4.2.1.4), nothing mapped to or from anyPolicy (§4.2.1.5). *which is the one that is wrong. */
enum x509_policy_flaw x509_policy_form(const struct x509_cert *, struct bytes *which);

/* "2.16.840.1.101.3.2.1.48.1" as the content octets of an OBJECT IDENTIFIER (X.690 §8.19): at least two arcs of at most
 * 63 bits, in decimal without leading zeros. *oid is then in `out`. */
bool x509_policy_oid(const char *dotted, uint8_t out[X509_POLICY_OID], struct bytes *oid);

#endif

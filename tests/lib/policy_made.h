/* policy_made.h - certificates of which there is nothing but what they say of policies, from a line of words; and what
 * RFC 5280's tree says of a path of them, to hold RFC 9618's graph against.
 *
 *     a b *       policies (1.2.1, 1.2.2) and anyPolicy
 *     a>b         a mapped onto b
 *     e0 m1 i2    requireExplicitPolicy 0, inhibitPolicyMapping 1, inhibitAnyPolicy 2
 *     self        self-issued
 *
 * A path is such lines, the one below the anchor first, with "/" between: "a b e0 / a b>c / c". */
#ifndef TESTS_LIB_POLICY_MADE_H
#define TESTS_LIB_POLICY_MADE_H

#include "tls/x509/policy.h"

enum { POLICY_PATH = 10, POLICY_ROOM = 4096 };

struct policy_made {
    struct x509_cert certs[POLICY_PATH]; const struct x509_cert *path[POLICY_PATH]; size_t n;      /* leaf first */
    uint8_t octets[POLICY_ROOM];
    size_t used;
};

/* False: it does not fit, or is no such line. (What is made points into *m.) */
bool policy_make(struct policy_made *m, const char *words);
/* The policy of a letter, "*" for anyPolicy. */
struct bytes policy_letter(char letter);
/* "ab*": the letters of a set. */
char *policy_letters(const struct bytes *set, size_t n, bool any, char out[64]);

/* RFC 5280 §6.1.2 to §6.1.5 as it stands there, by a tree. False: it grew larger than is looked at (*valid is not
 * written). `authority` and `user` are as policy_letters has them, sorted. */
struct policy_verdict { bool valid; char authority[64], user[64]; };
bool policy_tree(const struct x509_policy_ask *, const struct x509_cert *const certs[], size_t n,
                 struct policy_verdict *);

#endif

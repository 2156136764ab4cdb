#include "tests/lib/policy_made.h"
#include "tls/x509/checks.h"

#include <string.h>

/* ---- from words ---- */

static const uint8_t letters[] = "\x2a\x01\x2a\x02\x2a\x03\x2a\x04\x2a\x05\x2a\x06\x2a\x07\x2a\x08\x2a\x09\x2a\x0a"
    "\x2a\x0b\x2a\x0c\x2a\x0d\x2a\x0e\x2a\x0f\x2a\x10\x2a\x11\x2a\x12\x2a\x13\x2a\x14\x2a\x15\x2a\x16\x2a\x17\x2a\x18"
    "\x2a\x19\x2a\x1a";

struct bytes policy_letter(char letter)
{
    if (letter == '*')
        return (struct bytes){ (const uint8_t *)"\x55\x1d\x20", 4 };
    return (struct bytes){ letters + 2 * (letter - 'a'), 2 };
}

static char letter_of(const struct bytes *policy)
{
    return policy->n == 2 ? (char)('a' + policy->at[1] - 1) : '*';
}

static void sort_letters(char *text)
{
    for (size_t i = 1; text[0] && text[i]; i++)
        for (size_t k = i; k > 0 && text[k - 1] > text[k]; k--) {
            char c = text[k];
            text[k] = text[k - 1];
            text[k - 1] = c;
        }
}

char *policy_letters(const struct bytes *set, size_t n, bool any, char out[64])
{
    size_t at = 0;
    if (any)
        out[at++] = '*';
    for (size_t i = 0; i < n && at < 63; i++)
        if (letter_of(&set[i]) != '*')
            out[at++] = letter_of(&set[i]);
    out[at] = 0;
    sort_letters(out);
    return out;
}

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || c == '*'; }
static bool ends(char c) { return c == ' ' || c == 0 || c == '/'; }

static void put_policy(struct wire_out *out, char letter)
{
    struct bytes oid = policy_letter(letter);
    put_der_bytes(out, DER_OID, oid.at, oid.n);
}

/* The contents of one extension: policies, or mappings. */
static struct bytes put_list(struct policy_made *m, const char *words, bool mappings)
{
    struct wire_out out = wire_into(m->octets + m->used, sizeof m->octets - m->used);
    for (const char *s = words; *s && *s != '/'; s++) {
        bool starts = (s == words || s[-1] == ' ') && is_letter(*s);
        if (!starts || !(mappings ? s[1] == '>' : ends(s[1])))
            continue;
        struct put_der one = put_der_open(&out, DER_SEQUENCE);
        put_policy(&out, *s);
        if (mappings)
            put_policy(&out, s[2]);
        put_der_close(&out, one);
    }
    struct bytes list = { out.start, out.failed ? 0 : wire_written(&out) };
    m->used += list.n;
    return list.n ? list : (struct bytes){ NULL, 0 };
}

static bool read_word(struct x509_cert *c, const char *s)
{
    uint32_t skip = (uint32_t)(s[1] - '0');
    if ((is_letter(*s) && ends(s[1])) || (is_letter(*s) && s[1] == '>' && is_letter(s[2]) && ends(s[3])))
        return true;
    if (strncmp(s, "self", 4) == 0) {
        c->issuer = c->subject;
        return ends(s[4]);
    }
    if (skip > 9 || !ends(s[2]))
        return false;
    switch (*s) {
    case 'e': c->require_explicit_policy = skip; return true;
    case 'm': c->inhibit_policy_mapping = skip; return true;
    case 'i': c->inhibit_any_policy = skip; return true;
    }
    return false;
}

static bool make_one(struct policy_made *m, struct x509_cert *c, const char *words)
{
    *c = (struct x509_cert){ .require_explicit_policy = X509_NO_SKIP, .inhibit_policy_mapping = X509_NO_SKIP,
                             .inhibit_any_policy = X509_NO_SKIP };
    c->subject = (struct bytes){ (const uint8_t *)"\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01" "A", 14 };
    c->issuer = (struct bytes){ (const uint8_t *)"\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01" "B", 14 };
    bool fine = true;
    for (const char *s = words; *s && *s != '/'; s++)
        if (*s != ' ' && (s == words || s[-1] == ' '))
            fine &= read_word(c, s);
    c->policies = put_list(m, words, false);
    c->policy_mappings = put_list(m, words, true);
    return fine && m->used < POLICY_ROOM - 256;
}

bool policy_make(struct policy_made *m, const char *words)
{
    m->used = m->n = 0;
    bool fine = true;
    for (const char *s = words; s; s = strchr(s, '/') ? strchr(s, '/') + 1 : NULL) {
        if (m->n == POLICY_PATH)
            return false;
        fine &= make_one(m, &m->certs[m->n++], s);
    }
    for (size_t i = 0; i < m->n; i++)
        m->path[i] = &m->certs[m->n - 1 - i];
    return fine;
}

/* ---- RFC 5280's tree ---- */

enum { TREE_NODES = 1024, ANY = 1u << 26 };            /* sets are bits: 1 << letter */

struct tree_node { unsigned policy, expected; int parent; size_t depth; bool gone; };
struct tree { struct tree_node nodes[TREE_NODES]; int n; bool null, full; size_t deepest; };
struct said { unsigned policies, issuers, subjects[27]; };

static unsigned bit_of(const struct bytes *policy)
{
    return policy->n == 2 ? 1u << (policy->at[1] - 1) : ANY;
}

static struct said read_cert(const struct x509_cert *c)
{
    struct said said = { 0 };
    struct wire_in in = wire_over(c->policies.at, c->policies.n, NULL);
    while (in.at < in.end) {
        struct wire_in one = der_open(&in, "policy", DER_SEQUENCE);
        struct bytes oid = der_take_oid(&one, "policy");
        said.policies |= bit_of(&oid);
    }
    in = wire_over(c->policy_mappings.at, c->policy_mappings.n, NULL);
    while (in.at < in.end) {
        struct wire_in one = der_open(&in, "mapping", DER_SEQUENCE);
        struct bytes issuer = der_take_oid(&one, "issuer"), subject = der_take_oid(&one, "subject");
        said.issuers |= bit_of(&issuer);
        said.subjects[issuer.at[1] - 1] |= bit_of(&subject);
    }
    return said;
}

static void grow(struct tree *t, size_t depth, unsigned policy, unsigned expected, int parent)
{
    if (t->n == TREE_NODES)
        t->full = true;
    else
        t->nodes[t->n++] = (struct tree_node){ policy, expected, parent, depth, false };
}

static bool at_depth(const struct tree *t, int i, size_t depth)
{
    return !t->nodes[i].gone && t->nodes[i].depth == depth;
}

/* Nodes above `depth` without children go, until there are none (§6.1.3 d 3); none left is NULL. */
static void prune(struct tree *t, size_t depth)
{
    bool changed = true, some = false;
    while (changed) {
        changed = false;
        for (int i = 0; i < t->n; i++) {
            bool parent = t->nodes[i].gone || t->nodes[i].depth >= depth;
            for (int k = 0; k < t->n && !parent; k++)
                parent = !t->nodes[k].gone && t->nodes[k].parent == i;
            changed |= !parent;
            t->nodes[i].gone |= !parent;
        }
    }
    for (int i = 0; i < t->n; i++)
        some |= !t->nodes[i].gone;
    t->null = !some;
}

/* §6.1.3 d */
static void grow_level(struct tree *t, size_t depth, const struct said *said, bool any_counts)
{
    const int above = t->n;
    for (unsigned policy = 1; policy < ANY; policy <<= 1) {
        bool match = false;
        if (!(said->policies & policy))
            continue;
        for (int i = 0; i < above; i++)
            if (at_depth(t, i, depth - 1) && (t->nodes[i].expected & policy)) {
                match = true;
                grow(t, depth, policy, policy, i);
            }
        for (int i = 0; i < above && !match; i++)
            if (at_depth(t, i, depth - 1) && t->nodes[i].policy == ANY)
                grow(t, depth, policy, policy, i);
    }
    for (int i = 0; i < above && any_counts && (said->policies & ANY); i++) {
        if (!at_depth(t, i, depth - 1))
            continue;
        for (unsigned policy = 1; policy <= ANY; policy <<= 1) {
            bool has = !(t->nodes[i].expected & policy);
            for (int k = above; k < t->n && !has; k++)
                has = t->nodes[k].parent == i && t->nodes[k].policy == policy;
            if (!has)
                grow(t, depth, policy, policy, i);
        }
    }
    prune(t, depth);
}

/* §6.1.4 b */
static void map_level(struct tree *t, size_t depth, const struct said *said, bool may_map)
{
    for (unsigned k = 0; k < 26; k++) {
        const unsigned policy = 1u << k;
        bool found = false;
        if (!(said->issuers & policy))
            continue;
        for (int i = 0; i < t->n; i++)
            if (at_depth(t, i, depth) && t->nodes[i].policy == policy) {
                found = true;
                t->nodes[i].expected = said->subjects[k];
                t->nodes[i].gone = !may_map;
            }
        const int n = t->n;
        for (int i = 0; i < n && !found && may_map; i++)
            if (at_depth(t, i, depth) && t->nodes[i].policy == ANY)
                grow(t, depth, policy, said->subjects[k], t->nodes[i].parent);
    }
    if (!may_map)
        prune(t, depth);
}

static unsigned wanted(const struct x509_policy_ask *ask)
{
    unsigned bits = ask->n ? 0 : ANY;
    for (size_t i = 0; i < ask->n; i++)
        bits |= bit_of(&ask->initial[i]);
    return bits;
}

static void spell(unsigned bits, char out[64])
{
    size_t n = 0;
    if (bits & ANY)
        out[n++] = '*';
    for (unsigned k = 0; k < 26; k++)
        if (bits >> k & 1)
            out[n++] = (char)('a' + k);
    out[n] = 0;
}

/* §6.1.5 g: valid_policy_node_set, and anyPolicy at the leaf's depth. */
static void intersect(const struct tree *t, size_t depth, unsigned initial, unsigned *authority, unsigned *user)
{
    *authority = 0;
    for (int i = 0; i < t->n && !t->null; i++) {
        const struct tree_node *n = &t->nodes[i];
        if (n->gone || n->parent < 0)
            continue;
        if (n->policy != ANY && t->nodes[n->parent].policy == ANY)
            *authority |= n->policy;
        if (n->policy == ANY && n->depth == depth)
            *authority |= ANY;
    }
    *user = initial & ANY ? *authority : *authority & ANY ? initial : *authority & initial;
}

static void step(unsigned *counter, bool lower, uint32_t skip)
{
    if (lower && *counter > 0)
        --*counter;
    if (skip < *counter)
        *counter = skip;
}

bool policy_tree(const struct x509_policy_ask *ask, const struct x509_cert *const certs[], size_t n,
                 struct policy_verdict *out)
{
    static struct tree t;
    const unsigned never = (unsigned)n + 1;
    unsigned explicit_policy = ask->explicit_policy ? 0 : never, mapping = ask->inhibit_mapping ? 0 : never,
        inhibit = ask->inhibit_any ? 0 : never, authority = 0, user = 0;
    t.n = 0;
    t.null = t.full = false;
    grow(&t, 0, ANY, ANY, -1);
    bool fine = true;
    for (size_t depth = 1; depth <= n && !t.full && fine; depth++) {
        const struct x509_cert *c = certs[n - depth];
        const struct said said = read_cert(c);
        const bool self = x509_self_issued(c), leaf = depth == n;
        if (!c->policies.n)
            t.null = true;                             /* e */
        else if (!t.null)
            grow_level(&t, depth, &said, inhibit > 0 || (!leaf && self));
        fine = explicit_policy > 0 || !t.null;         /* f */
        if (!leaf && !t.null)
            map_level(&t, depth, &said, mapping > 0);
        step(&explicit_policy, leaf || !self, c->require_explicit_policy);
        step(&mapping, !self, c->inhibit_policy_mapping);
        step(&inhibit, !self, c->inhibit_any_policy);
    }
    if (t.full)
        return false;
    if (fine)
        intersect(&t, n, wanted(ask), &authority, &user);
    spell(authority, out->authority);
    spell(user, out->user);
    out->valid = fine && (explicit_policy > 0 || user);
    return true;
}

#include "tls/x509/policy.h"
#include "tls/x509/checks.h"

#include <string.h>

/* ---- lists of policies, sorted ---- */

/* A policy that a certificate names (other: none); one that it maps onto `other`; one that the node expects below. */
struct entry { struct bytes policy, other; uint16_t node; };
struct list { struct entry *at; size_t n, room; bool full; };

static int order_of(const struct bytes *a, const struct bytes *b)
{
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    return a->n ? memcmp(a->at, b->at, a->n) : 0;
}

static int entry_order(const struct entry *a, const struct entry *b)
{
    int order = order_of(&a->policy, &b->policy);
    if (order == 0)
        order = order_of(&a->other, &b->other);
    return order ? order : (int)a->node - (int)b->node;
}

static void sink(struct entry *at, size_t i, size_t n)
{
    for (size_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && entry_order(&at[child], &at[child + 1]) < 0)
            child++;
        if (entry_order(&at[i], &at[child]) >= 0)
            return;
        struct entry e = at[i];
        at[i] = at[child];
        at[child] = e;
    }
}

/* By heap: who chooses the policies chooses their order, too. What stood there twice stands there once after it. */
static void sort(struct list *l)
{
    size_t kept = 0;
    for (size_t i = l->n / 2; i-- > 0;)
        sink(l->at, i, l->n);
    for (size_t n = l->n; n > 1; n--) {
        struct entry e = l->at[0];
        l->at[0] = l->at[n - 1];
        l->at[n - 1] = e;
        sink(l->at, 0, n - 1);
    }
    for (size_t i = 0; i < l->n; i++)
        if (kept == 0 || entry_order(&l->at[kept - 1], &l->at[i]) != 0)
            l->at[kept++] = l->at[i];
    l->n = kept;
}

static void empty(struct list *l)
{
    l->n = 0;
    l->full = false;
}

static void add(struct list *l, struct entry e)
{
    if (l->n < l->room)
        l->at[l->n++] = e;
    else
        l->full = true;
}

/* How many entries from i on are of the same policy. */
static size_t alike(const struct list *l, size_t i)
{
    size_t n = 1;
    while (i + n < l->n && order_of(&l->at[i].policy, &l->at[i + n].policy) == 0)
        n++;
    return n;
}

/* ---- what one certificate says ---- */

static bool is_any(const struct bytes *oid)            /* 2.5.29.32.0 */
{
    return oid->n == 4 && memcmp(oid->at, "\x55\x1d\x20", 4) == 0;
}

/* RFC 5280 §4.2.1.4: the policies but anyPolicy, of which *any says whether it is there. */
static enum x509_policy_flaw read_policies(const struct x509_cert *c, struct list *out, bool *any, struct bytes *which)
{
    struct wire_in in = wire_over(c->policies.at, c->policies.n, NULL);
    *any = false;
    empty(out);
    while (in.at < in.end && !out->full) {
        struct wire_in one = der_open(&in, "policy_information", DER_SEQUENCE);
        *which = der_take_oid(&one, "policy_identifier");
        if (is_any(which) && *any)
            return POLICY_TWICE;
        if (is_any(which))
            *any = true;
        else
            add(out, (struct entry){ .policy = *which });
    }
    if (out->full)
        return POLICY_TOO_MANY;
    const size_t n = out->n;
    sort(out);
    if (out->n == n)
        return POLICY_FINE;
    return POLICY_TWICE;
}

/* §4.2.1.5 */
static enum x509_policy_flaw read_mappings(const struct x509_cert *c, struct list *out, struct bytes *which)
{
    struct wire_in in = wire_over(c->policy_mappings.at, c->policy_mappings.n, NULL);
    empty(out);
    while (in.at < in.end && !out->full) {
        struct wire_in pair = der_open(&in, "policy_mapping", DER_SEQUENCE);
        struct bytes issuer = der_take_oid(&pair, "issuer_domain_policy"),
            subject = der_take_oid(&pair, "subject_domain_policy");
        *which = is_any(&issuer) ? subject : issuer;
        if (is_any(&issuer) || is_any(&subject))
            return POLICY_ANY_MAPPED;
        add(out, (struct entry){ .policy = issuer, .other = subject });
    }
    sort(out);
    return out->full ? POLICY_TOO_MANY : POLICY_FINE;
}

enum x509_policy_flaw x509_policy_form(const struct x509_cert *c, struct bytes *which)
{
    struct entry room[X509_POLICIES];
    struct list list = { .at = room, .room = X509_POLICIES };
    bool any;
    enum x509_policy_flaw flaw = read_policies(c, &list, &any, which);
    return flaw == POLICY_FINE ? read_mappings(c, &list, which) : flaw;
}

/* ---- the graph ---- */

/* A valid_policy; edges to those above it that expect it. None: it hangs on the anyPolicy above. */
struct node { struct bytes policy; uint16_t first_edge, edges; bool reached; };

struct graph {
    struct node nodes[X509_POLICY_NODES]; size_t n_nodes;
    uint16_t edges[X509_POLICY_EDGES]; size_t n_edges;             /* the node above */
    size_t level;                                     /* its first node */
    bool any;                                         /* is there anyPolicy at this depth? */
    struct list policies, mappings, expected;         /* of this certificate; expected by this depth of the next */
    struct entry policies_at[X509_POLICIES], mappings_at[X509_POLICIES], expected_at[X509_POLICY_NODES];
    size_t lost;                                      /* the certificate at whose depth nothing was left */
    bool full;
};

/* With edges to the nodes that expect it: n entries of `expected` from `from` on. Its number. */
static size_t add_node(struct graph *g, const struct bytes *policy, size_t from, size_t n)
{
    if (g->n_nodes == X509_POLICY_NODES || g->n_edges + n > X509_POLICY_EDGES) {
        g->full = true;
        return 0;
    }
    g->nodes[g->n_nodes] = (struct node){ .policy = *policy, .first_edge = (uint16_t)g->n_edges, .edges = (uint16_t)n };
    for (size_t i = 0; i < n; i++)
        g->edges[g->n_edges++] = g->expected.at[from + i].node;
    return g->n_nodes++;
}

/* §6.1.3 d and e: the next depth. Both lists are sorted, so they are walked side by side, and the nodes come sorted. */
static void descend(struct graph *g, bool names_any)
{
    const struct list *named = &g->policies, *expected = &g->expected;
    g->level = g->n_nodes;
    for (size_t i = 0, k = 0; i < named->n || k < expected->n;) {
        int order = i == named->n ? 1 : k == expected->n ? -1
                                       : order_of(&named->at[i].policy, &expected->at[k].policy);
        size_t n = order < 0 ? 0 : alike(expected, k);
        if (order == 0 || (order < 0 && g->any))       /* d 1 i; d 1 ii */
            add_node(g, &named->at[i].policy, k, n);
        else if (order > 0 && names_any)               /* d 2 */
            add_node(g, &expected->at[k].policy, k, n);
        i += order <= 0;
        k += n;
    }
    g->any = g->any && names_any;
}

/* §6.1.4 b: what this depth expects of the next. A policy that is mapped expects what it is mapped onto, or nothing
 * where mapping is inhibited; any other expects itself. */
static void expect(struct graph *g, bool may_map)
{
    const struct list *m = &g->mappings;
    const size_t end = g->n_nodes;
    size_t i = 0;
    empty(&g->expected);
    for (size_t k = g->level; k < end || i < m->n;) {
        int order = i == m->n ? -1 : k == end ? 1 : order_of(&g->nodes[k].policy, &m->at[i].policy);
        size_t node = k, n = order < 0 ? 0 : alike(m, i);
        if (order < 0)
            add(&g->expected, (struct entry){ .policy = g->nodes[k].policy, .node = (uint16_t)k });
        if (order > 0 && g->any && may_map)            /* b 1, second half: it was there as part of anyPolicy */
            node = add_node(g, &m->at[i].policy, 0, 0);
        for (size_t j = 0; j < n && may_map && (order == 0 || g->any); j++)
            add(&g->expected, (struct entry){ .policy = m->at[i + j].other, .node = (uint16_t)node });
        k += order <= 0;
        i += n;
    }
    sort(&g->expected);
}

/* What has a way down to the leaf: the rest is what RFC 5280 deletes for want of children. Leaves in `expected` those
 * that hang on anyPolicy, the valid_policy_node_set of §6.1.5 g. */
static void walk_up(struct graph *g)
{
    empty(&g->expected);
    for (size_t i = g->n_nodes; i-- > 0;) {
        struct node *node = &g->nodes[i];
        node->reached |= i >= g->level;
        if (!node->reached)
            continue;
        for (size_t k = 0; k < node->edges; k++)
            g->nodes[g->edges[node->first_edge + k]].reached = true;
        if (node->edges == 0)
            add(&g->expected, (struct entry){ .policy = node->policy });
    }
    sort(&g->expected);
}

/* ---- the path ---- */

/* The three counters of §6.1.2 d to f: certificates until it holds. */
struct counters { uint32_t explicit_policy, policy_mapping, inhibit_any; };

static void lower(uint32_t *counter, bool step, uint32_t skip)
{
    *counter -= step && *counter > 0;
    if (skip < *counter)
        *counter = skip;
}

/* §6.1.4 h to j; at the leaf §6.1.5 a and b, where the other two are of no interest any more. */
static void count(struct counters *n, const struct x509_cert *c, bool step)
{
    lower(&n->explicit_policy, step, c->require_explicit_policy);
    lower(&n->policy_mapping, step, c->inhibit_policy_mapping);
    lower(&n->inhibit_any, step, c->inhibit_any_policy);
}

static bool wants(const struct x509_policy_ask *ask, const struct bytes *policy)
{
    for (size_t i = 0; i < ask->n; i++)
        if (order_of(&ask->initial[i], policy) == 0)
            return true;
    return false;
}

static bool wants_any(const struct x509_policy_ask *ask)
{
    bool any = ask->n == 0;
    for (size_t i = 0; i < ask->n; i++)
        any |= is_any(&ask->initial[i]);
    return any;
}

static void keep(struct bytes list[X509_POLICIES], size_t *n, const struct bytes *policy)
{
    if (*n < X509_POLICIES)
        list[(*n)++] = *policy;
}

/* §6.1.5 g. Where anyPolicy is valid, all that were wanted are. */
static void wrap_up(struct graph *g, const struct x509_policy_ask *ask, struct x509_policies *out)
{
    const bool all = wants_any(ask);
    walk_up(g);
    out->any = g->any;
    out->user_any = g->any && all;
    for (size_t i = 0; i < g->expected.n; i++) {
        const struct bytes *policy = &g->expected.at[i].policy;
        keep(out->authority, &out->n_authority, policy);
        if (all || (!g->any && wants(ask, policy)))
            keep(out->user, &out->n_user, policy);
    }
    for (size_t i = 0; i < ask->n && g->any && !all; i++)
        keep(out->user, &out->n_user, &ask->initial[i]);
}

static bool is_null(const struct graph *g) { return !g->any && g->level == g->n_nodes; }

/* Here it ends: with what was expected, before anything else is. */
static void note_loss(struct graph *g, size_t i, struct x509_policies *out)
{
    g->lost = i;
    for (size_t k = 0; k < g->expected.n; k += alike(&g->expected, k))
        keep(out->allowed, &out->n_allowed, &g->expected.at[k].policy);
}

/* One certificate, the ith from the leaf. False: out->flaw. */
static bool take_certificate(struct graph *g, struct counters *n, const struct x509_cert *c, size_t i,
                             struct x509_policies *out)
{
    const bool self_issued = x509_self_issued(c);
    struct bytes which;
    bool names_any;
    out->at = i;
    out->flaw = read_policies(c, &g->policies, &names_any, &which);
    if (out->flaw == POLICY_FINE)
        out->flaw = read_mappings(c, &g->mappings, &which);
    if (out->flaw != POLICY_FINE)
        return false;
    const bool was_null = is_null(g);
    descend(g, names_any && (n->inhibit_any > 0 || (i > 0 && self_issued)));
    if (is_null(g) && !was_null)
        note_loss(g, i, out);
    if (is_null(g) && n->explicit_policy == 0)         /* §6.1.3 f */
        out->flaw = POLICY_NONE_VALID;
    if (i > 0)
        expect(g, n->policy_mapping > 0);
    if (g->full || g->expected.full)
        out->flaw = POLICY_TOO_MANY;
    count(n, c, i == 0 || !self_issued);
    return out->flaw == POLICY_FINE;
}

bool x509_policies(const struct x509_policy_ask *ask, const struct x509_cert *const certs[], size_t n,
                   struct x509_policies *out)
{
    const uint32_t never = (uint32_t)n + 1;
    struct counters counters = { ask->explicit_policy ? 0 : never, ask->inhibit_mapping ? 0 : never,
                                 ask->inhibit_any ? 0 : never };
    struct graph g;
    g.n_nodes = g.n_edges = g.level = g.lost = 0;
    g.any = true;
    g.full = false;
    g.policies = (struct list){ .at = g.policies_at, .room = X509_POLICIES };
    g.mappings = (struct list){ .at = g.mappings_at, .room = X509_POLICIES };
    g.expected = (struct list){ .at = g.expected_at, .room = X509_POLICY_NODES };
    *out = (struct x509_policies){ .flaw = POLICY_FINE };
    bool fine = true;
    for (size_t i = n; i-- > 0 && fine;)
        fine = take_certificate(&g, &counters, certs[i], i, out);
    out->required = counters.explicit_policy == 0;
    out->nodes = (unsigned)g.n_nodes;
    out->edges = (unsigned)g.n_edges;
    if (fine) {
        wrap_up(&g, ask, out);
        if (out->required && !out->user_any && out->n_user == 0)
            out->flaw = POLICY_NONE_VALID;
    }
    if (out->flaw == POLICY_NONE_VALID)
        out->at = is_null(&g) ? g.lost : 0;
    return out->flaw == POLICY_FINE;
}

/* ---- a policy by its numbers ---- */

static const char *take_arc(const char *s, uint64_t *arc)
{
    if (*s < '0' || *s > '9' || (*s == '0' && s[1] >= '0' && s[1] <= '9'))
        return NULL;
    for (*arc = 0; *s >= '0' && *s <= '9'; s++) {
        const uint64_t digit = (uint64_t)(*s - '0');
        if (*arc > ((uint64_t)INT64_MAX - digit) / 10)
            return NULL;
        *arc = *arc * 10 + digit;
    }
    return *s == 0 || (*s == '.' && s[1]) ? s : NULL;
}

/* Seven bits an octet, the highest first, all but the last with the top bit set. Octets now written; 0: no room. */
static size_t put_arc(uint8_t out[X509_POLICY_OID], size_t at, uint64_t arc)
{
    size_t octets = 1;
    while (octets < 10 && arc >> (7 * octets))
        octets++;
    if (at + octets > X509_POLICY_OID)
        return 0;
    for (size_t i = octets; i-- > 0; arc >>= 7)
        out[at + i] = (uint8_t)((arc & 0x7f) | (i + 1 < octets ? 0x80 : 0));
    return at + octets;
}

bool x509_policy_oid(const char *dotted, uint8_t out[X509_POLICY_OID], struct bytes *oid)
{
    uint64_t first, arc;
    const char *s = take_arc(dotted, &first);
    size_t n = 0;
    if (!s || *s == 0 || first > 2 || !(s = take_arc(s + 1, &arc)) || (first < 2 && arc > 39)
        || arc > (uint64_t)INT64_MAX - 80)
        return false;
    arc += 40 * first;                                 /* the first two share a number */
    while ((n = put_arc(out, n, arc)) > 0 && *s)
        if (!(s = take_arc(s + 1, &arc)))
            return false;
    *oid = (struct bytes){ out, n };
    return n > 0;
}

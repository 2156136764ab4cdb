/* Certificate policies: a path of certificates that name and map some of five policies, judged by the graph of RFC 9618
 * (tls/x509/policy.c) and by RFC 5280's tree (tests/lib/policy_made.c), which must agree: on the verdict, and on the
 * policies that come out. What is left of the input stands as it is in the extensions of one certificate more, of which
 * nothing is asked but an end. */
#include "tests/lib/policy_made.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LETTERS = 5, WORDS = 1024 };

static unsigned take(const uint8_t **at, const uint8_t *end) { return *at < end ? *(*at)++ : 0; }

static void put(char words[WORDS], const char *word)
{
    if (strlen(words) + strlen(word) + 1 < WORDS)
        strcat(words, word);
}

/* Two bits a number: 0 none, else 0 to 2. */
static void put_skip(char words[WORDS], char kind, unsigned bits)
{
    if (bits & 3)
        put(words, (char[]){ kind, (char)('0' + (bits & 3) - 1), ' ', 0 });
}

static void put_certificate(char words[WORDS], const uint8_t **at, const uint8_t *end)
{
    const unsigned names = take(at, end), more = take(at, end), mappings = names & 0x40 ? take(at, end) & 7 : 0;
    for (unsigned k = 0; k < LETTERS; k++)
        if (names >> k & 1)
            put(words, (char[]){ (char)('a' + k), ' ', 0 });
    put(words, names & 0x20 ? "* " : "");
    put(words, names & 0x80 ? "self " : "");
    put_skip(words, 'e', more);
    put_skip(words, 'm', more >> 2);
    put_skip(words, 'i', more >> 4);
    for (unsigned k = 0; k < mappings; k++) {
        unsigned pair = take(at, end);
        put(words, (char[]){ (char)('a' + (pair & 15) % LETTERS), '>', (char)('a' + (pair >> 4) % LETTERS), ' ', 0 });
    }
}

static size_t read_ask(struct x509_policy_ask *ask, struct bytes initial[LETTERS + 1], unsigned bits)
{
    *ask = (struct x509_policy_ask){ .initial = initial, .explicit_policy = bits & 1, .inhibit_mapping = bits & 2,
                                     .inhibit_any = bits & 4 };
    for (unsigned k = 0; k < LETTERS; k++)
        if (bits >> (3 + k) & 1)
            initial[ask->n++] = policy_letter((char)('a' + k));
    return ask->n;
}

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void compare(const struct x509_policy_ask *ask, const struct policy_made *m)
{
    static struct x509_policies got;
    struct policy_verdict tree;
    char letters[64];
    if (!policy_tree(ask, m->path, m->n, &tree))
        return;
    check(x509_policies(ask, m->path, m->n, &got) == tree.valid);
    check(got.flaw == (tree.valid ? POLICY_FINE : POLICY_NONE_VALID));
    if (!tree.valid)
        return;
    check(strcmp(policy_letters(got.authority, got.n_authority, got.any, letters), tree.authority) == 0);
    check(strcmp(policy_letters(got.user, got.n_user, got.user_any, letters), tree.user) == 0);
}

/* Octets nobody has read before: half of them policies, half mappings. */
static void put_up_with(struct policy_made *m, const struct x509_policy_ask *ask, const uint8_t *at, size_t n)
{
    static struct x509_policies got;
    m->certs[0].policies = (struct bytes){ at, n / 2 };
    m->certs[0].policy_mappings = (struct bytes){ at + n / 2, n - n / 2 };
    x509_policies(ask, m->path, m->n, &got);
    check(got.nodes <= X509_POLICY_NODES && got.edges <= X509_POLICY_EDGES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct policy_made m;
    const uint8_t *at = data, *end = data + size;
    char words[WORDS] = "";
    struct x509_policy_ask ask;
    struct bytes initial[LETTERS + 1];
    read_ask(&ask, initial, take(&at, end));
    const unsigned depth = 1 + take(&at, end) % 6;
    for (unsigned i = 0; i < depth; i++) {
        put(words, i ? "/ " : "");
        put_certificate(words, &at, end);
    }
    check(policy_make(&m, words));
    compare(&ask, &m);
    put_up_with(&m, &ask, at, (size_t)(end - at));
    return 0;
}

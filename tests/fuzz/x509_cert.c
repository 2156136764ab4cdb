/* A certificate, read with every octet watched, said in OpenSSL's words, and judged: as leaf, as what was sent beside it,
 * and as an anchor. Whatever comes is read or refused with a ground that names an octet; every octet has a name; text
 * keeps to its room and is printable; and nothing is accepted that the root did not sign. */
#include "tls/x509/classroom_keys.h"
#include "tls/x509/issue.h"
#include "tls/x509/text.h"
#include "tls/x509/names.h"
#include "tls/x509/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NAMED_MAX = 70000 };
static size_t input_n;
static bool named[NAMED_MAX];                          /* octets of the input that lie in a field which is no group */

static void look_at_field(struct view *v, const struct trace *t, const struct field *f)
{
    (void)v, (void)t;
    if (f->off > input_n || f->len > input_n - f->off || !f->name)
        abort();
    if (f->type != FIELD_GROUP && f->off + f->len <= NAMED_MAX)
        memset(named + f->off, true, f->len);
}

static void look_at_event(struct view *v, const struct trace *t, const struct event *e)
{
    (void)v, (void)t;
    for (size_t i = 0; i < e->n_attrs; i++)
        if (e->attrs[i].type == ATTR_TEXT && strlen(e->attrs[i].text) >= X509_NAME_TEXT)
            abort();
}

static void zeros(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c, (void)purpose;
    memset(out, 0, n);
}

/* Made once: a classroom whose root is the anchor, and whose certificates stand beside the input. */
static const struct classroom *classroom(void)
{
    static struct classroom room;
    static bool made;
    struct chance chance = { zeros };
    if (!made && (sodium_init() < 0
                  || !classroom_issue(&room, KEY_P256, "www.example.test", 1000000 * SECOND, &chance, NULL)))
        abort();
    made = true;
    return &room;
}

/* In rooms of many sizes: an end within, and octets that any terminal may see. */
static void check_text(const char *text, size_t room)
{
    const char *end = memchr(text, 0, room);
    if (!end)
        abort();
    for (const char *c = text; c < end; c++)
        if (*c < ' ' || *c > '~')
            abort();
}

static void say(const struct x509_cert *c)
{
    static const size_t rooms[] = { 1, 2, 5, 17, 64, 300, 20000 };
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        char *text = malloc(rooms[i]);                 /* the sanitizer stands behind its end */
        if (!text)
            return;
        check_text(x509_rfc2253(&c->subject, text, rooms[i]), rooms[i]);
        check_text(x509_rfc2253(&c->issuer, text, rooms[i]), rooms[i]);
        check_text(x509_serial_text(&c->serial, text, rooms[i]), rooms[i]);
        check_text(x509_extensions_text(c, text, rooms[i]), rooms[i]);
        free(text);
    }
    char date[X509_DATE_TEXT], hash[X509_SHA256_TEXT];
    check_text(x509_date_text(&c->not_before_digits, date), sizeof date);
    check_text(x509_date_text(&c->not_after_digits, date), sizeof date);
    check_text(x509_sha256_text(&c->der, hash), sizeof hash);
    if (!*date || strlen(hash) != 95 || !x509_name_same(&c->subject, &c->subject)
        || x509_name_same(&c->subject, &c->issuer) != x509_name_same(&c->issuer, &c->subject)
        || (x509_name_same(&c->subject, &c->issuer) && x509_name_hash(&c->subject) != x509_name_hash(&c->issuer)))
        abort();
}

/* Read: watched and unwatched it is the same, every octet has a name, and a refusal says which octet is wrong. */
static void read_it(struct trace *t, struct der input)
{
    struct watch w = { t, input.buf, input.at };
    struct x509_cert c, again;
    struct fault why = { 0 };
    memset(named, 0, input.n < NAMED_MAX ? input.n : NAMED_MAX);
    bool read = x509_read_cert(&input, &w, &c, &why);
    if (read != x509_read_cert(&input, NULL, &again, NULL) || read == (why.ground != NULL))
        abort();
    if (read)
        say(&c);
    else if (!*why.expected || !*why.came || strncmp(why.ground->id, "x509.", 5) != 0 || c.key.kind != KEY_NONE)
        abort();
    size_t at;
    const char *octet = strstr(why.came, ", octet ");
    if (!read && input.n <= X509_CERT_MAX && (!octet || sscanf(octet, ", octet %zu: ", &at) != 1 || at > input.n))
        abort();
    if (input.n <= X509_CERT_MAX && input.n && memchr(named, 0, input.n))
        abort();
}

/* As leaf, with a good intermediate behind it: accepted or not? */
static bool judge(const struct x509_store *trust, struct trace *t, struct der input)
{
    struct voice voice = { .trace = t };
    struct x509_ask ask = { .trust = trust, .host = "www.example.test", .at = 1000000 * SECOND,
                            .purpose = X509_SERVER, .key_usage = X509_DIGITAL_SIGNATURE,
                            .profile = (enum x509_profile)(input.n % 4), .classroom = true };
    struct der chain[] = { input, classroom()->intermediate.der };
    struct public_key key;
    struct fault why = { 0 };
    bool fine = x509_verify_chain(&ask, &voice, chain, 2, &key, &why);
    if (fine == (why.ground != NULL) || (fine && key.kind == KEY_NONE))
        abort();
    return fine;
}

/* The input among what a good leaf is sent with: it neither helps nor harms. */
static void stand_beside(const struct x509_store *trust, struct trace *t, struct der input)
{
    const struct classroom *room = classroom();
    struct voice voice = { .trace = t };
    struct x509_ask ask = { .trust = trust, .host = "www.example.test", .at = 1000000 * SECOND,
                            .purpose = X509_SERVER, .classroom = true };
    struct der chain[] = { room->leaf.der, input, room->intermediate.der };
    struct public_key key;
    if (!x509_verify_chain(&ask, &voice, chain, 3, &key, NULL))
        abort();
}

static void under_its_own(const struct x509_cert *c)
{
    char expected[X509_SAY] = "", found[X509_SAY] = "";
    if (x509_names_of(c) * x509_subtrees_of(c) > X509_COMPARISONS)
        return;
    if (!x509_constraints_allow(&c->name_constraints, c, expected, found) && !expected[0])
        abort();
}

/* Several certificates, one behind the other: the first as leaf, the others as candidates; or all as candidates for a
 * good leaf. The verdict is the same whether it is told or not, within the budgets, and nobody vouches for a leaf but
 * the root. */
static void search(const struct x509_store *trust, struct trace *t, struct der input)
{
    struct wire_in in = wire_over(input.at, input.n, NULL);
    struct x509_store at_hand = { 0 };
    struct der chain[] = { { .n = 0 }, classroom()->intermediate.der };
    while (in.at < in.end && at_hand.n < 64) {
        const uint8_t *start = in.at;
        der_skip(&in, "certificate", NULL);
        if (in.failed)
            break;
        struct der one = { .at = start, .n = (size_t)(in.at - start) };
        if (!chain[0].n)
            chain[0] = one;
        x509_store_add(&at_hand, &one, NULL);
    }
    for (unsigned way = 0; way < 4 && chain[0].n; way++) {
        struct x509_cost cost;
        struct x509_ask ask = { .trust = trust, .untrusted = &at_hand, .host = "www.example.test", .at = 1000000 * SECOND,
                                .purpose = X509_SERVER, .classroom = true, .cost = &cost, .tell_search = true,
                                .profile = way & 2 ? X509_WEB : X509_PKIX };
        const struct der *leaf = &classroom()->leaf.der;
        struct public_key key;
        bool silent, told;
        if (way & 1)
            chain[0] = *leaf;
        silent = x509_verify_chain(&ask, &(struct voice){ 0 }, chain, 2, &key, NULL);
        told = x509_verify_chain(&ask, &(struct voice){ .trace = t }, chain, 2, &key, NULL);
        if (silent != told || cost.steps > 2 * X509_STEPS || cost.signatures > X509_SIGNATURES
            || cost.paths > 2 * X509_PATHS || cost.comparisons > X509_COMPARISONS)
            abort();
        if (silent && (chain[0].n != leaf->n || memcmp(chain[0].at, leaf->at, leaf->n) != 0))
            abort();
        if (!silent && way == 1)
            abort();
    }
    x509_store_free(&at_hand);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view view = { .event = look_at_event, .field = look_at_field };
    struct trace *t = trace_new(0);
    struct x509_store trust = { 0 };
    struct der input = { .at = data, .n = size, .buf = trace_buf(t, 'c') };
    if (!t)
        return 0;
    trace_attach(t, &view);
    input_n = size;
    read_it(t, input);
    x509_store_add(&trust, &classroom()->root.der, NULL);
    const struct der *leaf = &classroom()->leaf.der;
    if (judge(&trust, t, input) && (size != leaf->n || memcmp(data, leaf->at, size) != 0))
        abort();
    search(&trust, t, input);
    if (x509_store_add(&trust, &input, NULL)) {        /* it can be read: then as an anchor, too */
        judge(&trust, t, input);
        stand_beside(&trust, t, input);
    }
    struct x509_cert cert;
    if (x509_read_cert(&input, NULL, &cert, NULL))     /* its names under its own constraints */
        under_its_own(&cert);
    x509_store_free(&trust);
    trace_free(t);
    return 0;
}

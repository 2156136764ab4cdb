/* What a connection leaves behind. Each kind of handshake is run twice with the same seed: once aloud, and what is told
 * as secret is remembered (turned over, so that this copy is not found); once in silence, on a stack of its own and with
 * an allocator that gives no block away again. When both engines are freed, no 16 octets of any secret may stand in that
 * stack or in those blocks, neither as octets nor as limbs do, lowest first. (The linker puts our allocator in front of
 * the real one.)
 *
 * A compiler that does not optimize copies each operand to the stack and leaves it there, and so does one that guards
 * each variable with a sanitizer: then all is run, and only the heap has to be clean. */
#define _XOPEN_SOURCE 700
#include "crypto/bignum.h"
#include "crypto/sign.h"
#include "tests/lib/check.h"
#include "tests/lib/tls_between.h"
#include "trace/trace.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

/* ---- blocks that are never given away ---- */

enum { BLOCKS = 4096 };
static bool keeps;
static struct { uint8_t *at; size_t n; } blocks[BLOCKS];
static size_t n_blocks;

void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void __real_free(void *);
void *__wrap_malloc(size_t);
void *__wrap_calloc(size_t, size_t);
void *__wrap_realloc(void *, size_t);
void __wrap_free(void *);

static void *keep(void *at, size_t n)
{
    if (keeps && at) {
        pair_must(n_blocks < BLOCKS, "more blocks than there are rows for");
        blocks[n_blocks].at = at;
        blocks[n_blocks++].n = n;
    }
    return at;
}

static size_t kept(const void *at)
{
    for (size_t i = 0; i < n_blocks; i++)
        if (blocks[i].at == at)
            return blocks[i].n;
    return 0;
}

void *__wrap_malloc(size_t n) { return keep(__real_malloc(n), n); }
void *__wrap_calloc(size_t n, size_t size) { return keep(__real_calloc(n, size), n * size); }

void __wrap_free(void *at)
{
    if (at && !kept(at))
        __real_free(at);
}

/* What the real one might do: the old block stays behind as it was. */
void *__wrap_realloc(void *old, size_t n)
{
    const size_t had = kept(old);
    if (old && !had)
        return __real_realloc(old, n);
    void *at = __wrap_malloc(n);
    if (old && at)
        memcpy(at, old, had < n ? had : n);
    return at;
}

static void forget_blocks(void)
{
    for (size_t i = 0; i < n_blocks; i++)
        __real_free(blocks[i].at);
    n_blocks = 0;
}

/* ---- secrets ---- */

enum { SECRETS = 64, SECRET_MAX = 512, WINDOW = 16 };
struct secret { char name[48]; uint8_t turned[SECRET_MAX]; size_t n; };
static struct secret secrets[SECRETS];
static size_t n_secrets;

static void remember(const char *name, const char *attr, struct bytes octets)
{
    pair_must(n_secrets < SECRETS, "more secrets than there are rows for");
    struct secret *s = &secrets[n_secrets++];
    snprintf(s->name, sizeof s->name, "%s.%s", name, attr);
    s->n = octets.n < SECRET_MAX ? octets.n : SECRET_MAX;
    for (size_t i = 0; i < s->n; i++)
        s->turned[i] = (uint8_t)~octets.at[i];
}

/* A line of a key log is text made for the view, and has no place in a silent run. */
static void hear(struct view *v, const struct trace *t, const struct event *e)
{
    (void)v;
    (void)t;
    for (size_t i = 0; e->kind == EVENT_KEY && i < e->n_attrs; i++)
        if (e->attrs[i].type == ATTR_SECRET && e->attrs[i].bytes.n >= WINDOW && strcmp(e->attrs[i].name, "keylog"))
            remember(e->name, e->attrs[i].name, e->attrs[i].bytes);
}

static void remember_key(const struct private_key *key)
{
    const struct rsa_private *r = &key->u.rsa;
    if (key->pub.kind == KEY_RSA) {
        remember("rsa", "p", (struct bytes){ r->p, r->half });
        remember("rsa", "q", (struct bytes){ r->q, r->half });
        remember("rsa", "dp", (struct bytes){ r->dp, r->half });
        remember("rsa", "dq", (struct bytes){ r->dq, r->half });
        remember("rsa", "qinv", (struct bytes){ r->qinv, r->half });
    } else
        remember("ecdsa", "private_key", (struct bytes){ key->u.ec, key_scalar_size(key->pub.kind) });
}

/* ---- the search ---- */

#if defined __SANITIZE_ADDRESS__ || !defined __OPTIMIZE__
static const bool stack_counts = false;
#else
static const bool stack_counts = true;
#endif
static size_t found;
static bool planted;                                   /* what is found then was put there, and is not said */

static void look_for(const struct secret *s, const char *where, const uint8_t *at, size_t n)
{
    uint8_t forward[WINDOW], backward[WINDOW];
    for (size_t from = 0; from + WINDOW <= s->n; from += 8) {
        for (size_t i = 0; i < WINDOW; i++) {
            forward[i] = (uint8_t)~s->turned[from + i];
            backward[WINDOW - 1 - i] = forward[i];
        }
        if (sodium_is_zero(forward, WINDOW))
            continue;
        const uint8_t *hit = NULL;
        for (const uint8_t *look = at; look + WINDOW <= at + n && !hit; look++) {
            look = memchr(look, forward[0], (size_t)(at + n - look) - WINDOW + 1);
            if (!look)
                break;
            hit = memcmp(look, forward, WINDOW) == 0 ? look : NULL;
        }
        for (const uint8_t *look = at; look + WINDOW <= at + n && !hit; look++) {
            look = memchr(look, backward[0], (size_t)(at + n - look) - WINDOW + 1);
            if (!look)
                break;
            hit = memcmp(look, backward, WINDOW) == 0 ? look : NULL;
        }
        if (hit && found++ < 20 && !planted)
            fprintf(stderr, "octets %zu.. of %s stand in the %s, at %zu of %zu\n", from, s->name, where,
                    (size_t)(hit - at), n);
    }
}

enum { STACK = 1 << 19 };
static _Alignas(16) uint8_t stack[STACK];

static void look_for_all(void)
{
    for (size_t i = 0; i < n_secrets; i++) {
        if (stack_counts || planted)
            look_for(&secrets[i], "stack", stack, sizeof stack);
        for (size_t k = 0; k < n_blocks; k++)
            look_for(&secrets[i], "heap", blocks[k].at, blocks[k].n);
    }
}

/* ---- on a stack of its own ---- */

static ucontext_t here, there;

static void on_own_stack(void (*run)(void))
{
    memset(stack, 0, sizeof stack);
    getcontext(&there);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = sizeof stack;
    there.uc_link = &here;
    makecontext(&there, run, 0);
    swapcontext(&here, &there);
}

static struct tls_pair pair;
static const struct between_kind *kind;
static struct cpu cpu;
static bool good;

static void run_pair(void)
{
    pair.client.tls = tls_new(&pair.client.config, PAIR_NOW, &pair.client.fault);
    pair.server.tls = tls_new(&pair.server.config, PAIR_NOW, &pair.server.fault);
    good = pair_shake(&pair);
    pair_send(&pair, &pair.client, "a question", 10);
    pair_send(&pair, &pair.server, "an answer", 9);
    tls_close(pair.client.tls, &pair.client.out);
    pair_pump(&pair);
    tls_free(pair.client.tls);
    tls_free(pair.server.tls);
    pair.client.tls = pair.server.tls = NULL;
}

static void prepare(struct trace *trace)
{
    struct pair_wish wish = kind->wish;
    wish.trace = trace;
    pair_configure(&pair, &wish);
    if (kind->configure)
        kind->configure(&pair);
    pair.client.config.cpu = pair.server.config.cpu = &cpu;
}

static void search(const char *form)
{
    struct view view = { .event = hear };
    struct trace *trace = trace_new(0);
    trace_attach(trace, &view);
    n_secrets = found = 0;
    prepare(trace);
    run_pair();
    pair_must(good, "%s: no handshake", kind->name);
    pair_end(&pair);
    trace_free(trace);
    for (size_t i = 0; i < 2; i++)
        remember_key(pair.identities[i].key);

    struct pair_wish wish = kind->wish;
    pair_configure(&pair, &wish);
    if (kind->configure)
        kind->configure(&pair);
    pair.client.config.cpu = pair.server.config.cpu = &cpu;
    good = false;
    keeps = true;
    on_own_stack(run_pair);
    keeps = false;
    pair_must(good, "%s: no handshake in silence", kind->name);
    look_for_all();
    pair_must(found == 0, "%s, %s: %zu places hold a secret of %zu that were told", kind->name, form, found, n_secrets);
    pair_must(n_secrets > 6, "no secrets were told");
    pair_end(&pair);
    forget_blocks();
}

static const struct between_kind more_kinds[] = {
    { "ChaCha20", { .suite = "ECDHE-RSA-CHACHA20-POLY1305" }, NULL },
    { "AES-256-GCM", { .suite = "ECDHE-ECDSA-AES256-GCM-SHA384" }, NULL },
    { "CBC with SHA-256", { .suite = "ECDHE-ECDSA-AES128-SHA256" }, NULL },
    { "DHE", { .suite = "DHE-RSA-AES128-GCM-SHA256", .group = TLS_FFDHE2048 }, NULL },
};
enum { MORE = sizeof more_kinds / sizeof *more_kinds };

static void search_all(const char *form)
{
    for (size_t i = 0; i < between_n_kinds + MORE; i++) {
        kind = i < MORE ? &more_kinds[i] : &between_kinds[i - MORE];
        search(form);
    }
}

START_TEST(nothing_is_left_by_portable_forms)
{
    cpu = (struct cpu){ 0 };
    search_all("portable");
}
END_TEST

START_TEST(nothing_is_left_by_what_this_processor_has)
{
    char words[CPU_WORDS];
    cpu = cpu_found();
    search_all(cpu_words(&cpu, words));
}
END_TEST

/* ---- the nonce of ECDSA, from which the key follows ---- */

static struct { const struct private_key *key; uint8_t digest[HASH_MAX], signature[SIGNATURE_MAX]; size_t n; } signed_one;

static void sign_one(void)
{
    struct test_chance chance = test_chance(5);
    signed_one.n = key_sign_digest(signed_one.key, &chance.chance, (struct sign_scheme){ SIGN_ECDSA, HASH_SHA256 },
                                   signed_one.digest, signed_one.signature, &cpu);
}

/* k = (z + r d) / s */
static void remember_nonce(const struct curve *c)
{
    uint64_t r[CURVE_LIMBS], s[CURVE_LIMBS], d[CURVE_LIMBS], k[CURVE_LIMBS];
    uint8_t octets[2][CURVE_SCALAR_MAX];
    ck_assert(ecdsa_read_der(signed_one.signature, signed_one.n, octets[0], octets[1], c->octets));
    bn_read(r, c->limbs, octets[0], c->octets);
    bn_read(s, c->limbs, octets[1], c->octets);
    bn_read(d, c->limbs, signed_one.key->u.ec, c->octets);
    bn_read(k, c->limbs, signed_one.digest, 32);
    c->mod_n->mul(r, r, d);
    c->mod_n->add(k, k, r);
    c->mod_n->invert(s, s);
    c->mod_n->mul(k, k, s);
    bn_write(k, c->limbs, octets[0], c->octets);
    remember("ecdsa", "k", (struct bytes){ octets[0], c->octets });
    c->mod_n->invert(k, k);
    bn_write(k, c->limbs, octets[0], c->octets);
    remember("ecdsa", "1/k", (struct bytes){ octets[0], c->octets });
    sodium_memzero(k, sizeof k);
    sodium_memzero(octets, sizeof octets);
}

START_TEST(no_nonce_is_left)
{
    static struct private_key key;
    struct test_chance chance = test_chance(6);
    for (enum key_kind k = KEY_P256; k <= KEY_P384; k++)
        for (int portable = 0; portable < 2; portable++) {
            cpu = portable ? (struct cpu){ 0 } : cpu_found();
            ck_assert(key_make(&key, k, &chance.chance, "key", NULL));
            signed_one.key = &key;
            chance_fill(&chance.chance, "digest", signed_one.digest, sizeof signed_one.digest);
            signed_one.digest[0] &= 0x7f;              /* below n */
            on_own_stack(sign_one);
            n_secrets = found = 0;
            remember_nonce(key_curve(k));
            remember_key(&key);
            look_for_all();
            pair_must(found == 0, "%s, %s: %zu places hold the nonce or the key", key_curve(k)->name,
                      portable ? "portable" : "fast", found);
        }
}
END_TEST

/* ---- that the search finds ---- */

static volatile uint8_t left[64];

static void leave(void)
{
    volatile uint8_t copy[64];
    for (size_t i = 0; i < sizeof copy; i++)
        copy[i] = left[i];
}

START_TEST(what_is_left_is_found)
{
    uint8_t octets[64];
    for (size_t i = 0; i < sizeof octets; i++)
        left[i] = octets[i] = (uint8_t)(i * 37 + 11);
    n_secrets = found = 0;
    planted = true;
    remember("planted", "secret", (struct bytes){ octets, sizeof octets });
    on_own_stack(leave);
    look_for_all();
    ck_assert_uint_gt(found, 0);
    for (size_t i = 0; i < sizeof octets; i++)
        left[i] = octets[sizeof octets - 1 - i];
    found = 0;
    on_own_stack(leave);
    look_for_all();
    ck_assert_uint_gt(found, 0);
    planted = false;
}
END_TEST

int main(void)
{
    return check_run("tls_wiped", (const TTest *[]){
        what_is_left_is_found, no_nonce_is_left, nothing_is_left_by_portable_forms,
        nothing_is_left_by_what_this_processor_has, NULL });
}

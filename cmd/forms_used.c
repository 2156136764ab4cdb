#define _POSIX_C_SOURCE 200809L
#include "cmd/forms_used.h"
#include "cmd/words.h"

#include <unistd.h>

void forms_used_note(struct forms_used *u, const struct visit *v, const struct cpu *cpu)
{
    u->known = v->secured;
    u->facts = v->agreed;
    u->cpu = *cpu;
}

static void line(FILE *f, const char *what, const char *form) { fprintf(f, "  %-20s%s\n", what, form); }

/* What protects records. */
static void say_sealing(FILE *f, const struct tls_suite *s, const struct cpu *cpu)
{
    char hmac[32];
    if (s->sealing == TLS_SEAL_AEAD) {
        line(f, aead_words(s->aead), aead_form_name(s->aead, cpu));
        return;
    }
    line(f, s->key_size == 16 ? "AES-128-CBC" : "AES-256-CBC", aes_cbc_form_name(cpu));
    snprintf(hmac, sizeof hmac, "HMAC %s", hash_name(s->mac));
    line(f, hmac, hash_form_name(s->mac, cpu));
}

/* The key of the certificate: it signed, or the pre-master secret was encrypted under it. */
static enum key_kind certificate_key(const struct tls_facts *f)
{
    enum key_kind kind = KEY_RSA;
    struct sign_scheme scheme;
    if (f->exchange != EXCHANGE_NONE && !tls_sigalg_of(f->sigalg, &kind, &scheme))
        return KEY_NONE;
    return kind;
}

static const char *key_words(enum key_kind kind)
{
    switch (kind) {
    case KEY_P256:    return "ECDSA P-256";
    case KEY_P384:    return "ECDSA P-384";
    case KEY_P521:    return "ECDSA P-521";
    case KEY_ED25519: return "Ed25519";
    default:          return "RSA";
    }
}

void forms_used_say(FILE *f, const struct forms_used *u)
{
    const struct tls_facts *facts = &u->facts;
    const struct cpu *cpu = &u->cpu;
    if (!u->known || !f || !isatty(fileno(f)))
        return;
    fprintf(f, "\n");
    words_print(f, "Cryptography here ran by these forms (files do not have it):");
    fprintf(f, "\n");
    say_sealing(f, facts->suite, cpu);
    line(f, hash_name(facts->suite->prf), hash_form_name(facts->suite->prf, cpu));
    if (facts->resumed)
        return;
    if (facts->exchange != EXCHANGE_NONE)
        line(f, tls_exchange_words(facts->exchange), exchange_form_name(facts->exchange, cpu));
    const enum key_kind key = certificate_key(facts);
    if (key != KEY_NONE)
        line(f, key_words(key), key_form_name(key, cpu));
}

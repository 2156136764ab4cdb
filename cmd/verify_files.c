#include "cmd/files.h"
#include "cmd/roots.h"
#include "cmd/verify.h"
#include "cmd/words.h"
#include "tls/x509/pem.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 64 << 20 };

/* The octets stay until the end. */
static const char *read_file(struct verify *v, const char *name, size_t *n)
{
    const char *why;
    char *text = file_read(name, FILE_MOST, n, &why);
    if (!text) {
        complain("vitrine verify: cannot read %s: %s", name, why);
        return NULL;
    }
    v->files[v->n_files++] = text;
    return text;
}

static bool no_certificate(const char *name)
{
    complain("vitrine verify: there is no certificate in %s, neither as PEM nor as DER", name);
    return false;
}

static bool looks_like_der(const char *text, size_t n) { return n > 1 && (uint8_t)text[0] == (DER_SEQUENCE & 0xff); }

/* A certificate that breaks DER is left out, as if it were not in the file: whom it was to vouch for is refused. */
static bool read_store(struct verify *v, struct x509_store *store, const char *name)
{
    struct roots roots;
    switch (roots_add(store, name, &roots)) {
    case ROOTS_UNREADABLE:
        complain("vitrine verify: cannot read %s: %s", name, roots.why);
        return false;
    case ROOTS_NONE:  return no_certificate(name);
    case ROOTS_THERE: break;
    }
    if (roots.skipped && v->n_left_out < VERIFY_LEFT_OUT_MAX)
        v->left_out[v->n_left_out++] =
            (struct verify_left_out){ .file = name, .how_many = roots.skipped, .why = roots.flaw };
    return true;
}

static bool read_stores(struct verify *v, const char *const *values)
{
    const char *name, *notes = values[OPT_TRUST_NOTES];
    if (notes && !roots_add_notes(&v->trust, "verify", notes))
        return false;
    for (unsigned i = 0; (name = option_again(values, OPT_UNTRUSTED, i)) != NULL; i++)
        if (!read_store(v, &v->untrusted, name))
            return false;
    v->system_trust = !values[OPT_TRUST];
    if (v->system_trust)
        return read_store(v, &v->trust, roots_of_system);
    for (unsigned i = 0; (name = option_again(values, OPT_TRUST, i)) != NULL; i++)
        if (!read_store(v, &v->trust, name))
            return false;
    return true;
}

static bool read_sent(struct verify *v)
{
    struct fault why = { 0 };
    size_t n;
    const char *text = read_file(v, v->name, &n);
    if (!text)
        return false;
    if (looks_like_der(text, n)) {
        v->sent[v->n_sent++] = (struct der){ .at = (const uint8_t *)text, .n = n };
        return true;
    }
    uint8_t *store = malloc(n ? n : 1);
    if (!store)
        return no_certificate(v->name);
    v->files[v->n_files++] = store;
    v->n_sent = pem_certificates(text, n, store, n, v->sent, VERIFY_SENT_MAX, &why);
    if (v->n_sent)
        return true;
    if (!why.ground)
        return no_certificate(v->name);
    words_fault_of(stderr, "vitrine verify", v->name, &why);
    return false;
}

static bool read_responses(struct verify *v, const char *const *values)
{
    const char *name;
    for (unsigned i = 0; (name = option_again(values, OPT_OCSP, i)) != NULL; i++) {
        size_t n;
        const char *octets = read_file(v, name, &n);
        if (!octets)
            return false;
        v->responses[i] = (struct bytes){ (const uint8_t *)octets, n };
        v->ask.n_responses = i + 1;
    }
    v->ask.responses = v->responses;
    return true;
}

/* ---- lists ---- */

static bool add_list(struct verify *v, const char *name, const uint8_t *at, size_t n)
{
    struct fault why = { 0 };
    if (v->n_crls == v->room_crls) {
        size_t room = v->room_crls ? 2 * v->room_crls : 8;
        struct x509_crl *grown = realloc(v->crls, room * sizeof *grown);
        if (!grown)
            return false;
        v->crls = grown;
        v->room_crls = room;
    }
    if (x509_read_crl(&(struct der){ .at = at, .n = n }, NULL, &v->crls[v->n_crls], &why))
        v->n_crls++;
    else if (!v->crl_flaw.ground) {
        v->crl_flaw = why;
        v->crl_flawed = (struct der){ .at = at, .n = n };
        snprintf(v->crl_flaw.about, sizeof v->crl_flaw.about, "%s", name);
    }
    return true;
}

static bool read_list_file(struct verify *v, const char *name)
{
    struct fault why = { 0 };
    size_t n, used = 0, got = 1, found = 0;
    const char *text = read_file(v, name, &n), *at = text;
    if (!text)
        return false;
    if (looks_like_der(text, n))
        return add_list(v, name, (const uint8_t *)text, n);
    uint8_t *store = malloc(n ? n : 1);
    v->files[v->n_files++] = store;
    for (; store && got; used += got, found += got > 0) {
        got = pem_next(&at, text + n, "X509 CRL", NULL, store + used, n - used, &why);
        if (got && !add_list(v, name, store + used, got))
            return false;
    }
    if (!found || why.ground)
        complain("vitrine verify: there is no list of revoked certificates in %s, neither as PEM nor as DER", name);
    return found && !why.ground;
}

static bool read_lists(struct verify *v, const char *const *values)
{
    const char *name;
    for (unsigned i = 0; (name = option_again(values, OPT_CRL, i)) != NULL; i++)
        if (!read_list_file(v, name))
            return false;
    v->ask.crls = v->crls;
    v->ask.n_crls = v->n_crls;
    return true;
}

bool verify_files_read(struct verify *v, const char *const *values)
{
    return read_sent(v) && read_stores(v, values) && read_lists(v, values) && read_responses(v, values);
}

void verify_files_free(struct verify *v)
{
    x509_store_free(&v->trust);
    x509_store_free(&v->untrusted);
    free(v->crls);
    while (v->n_files)
        free(v->files[--v->n_files]);
}

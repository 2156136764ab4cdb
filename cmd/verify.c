/* verify.c - `vitrine verify`: should this certificate be believed? */
#include "cmd/files.h"
#include "cmd/verify_draw.h"
#include "cmd/verify_json.h"
#include "cmd/watch.h"
#include "cmd/words.h"

#include <stdlib.h>
#include <string.h>

/* Each gets a number, by which what is told of it can be told apart from what is told of another of its name. */
static void number_all(struct verify *v, struct trace *t)
{
    struct x509_store *stores[] = { &v->trust, &v->untrusted };
    for (size_t i = 0; i < v->n_sent; i++)
        v->sent[i].buf = trace_buf(t, 'c');
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < stores[k]->n; i++)
            stores[k]->certs[i].der.buf = trace_buf(t, 'c');
}

/* Servers sign their key exchange; one with an RSA key may be sent the secret instead (RFC 5246 §7.4.2). */
static void ask_for_usage(struct verify *v)
{
    struct x509_cert leaf;
    if (v->ask.purpose == X509_SERVER && v->ask.key_usage && x509_read_cert(&v->sent[0], NULL, &leaf, NULL))
        v->ask.key_usage = X509_DIGITAL_SIGNATURE | (leaf.rsa_bits ? X509_KEY_ENCIPHERMENT : 0u);
}

const struct verify_cert *verify_refused(const struct verify *v)
{
    for (size_t i = 0; !v->accepted && i < v->told.n_certs; i++)
        if (v->told.certs[i].said == VERIFY_NO && strcmp(v->told.certs[i].about, v->why.about) == 0)
            return &v->told.certs[i];
    return NULL;
}

/* Who was missing was there, and could not be read: then that is what is wrong. */
static void blame_left_out(struct verify *v)
{
    static const char *const missing[] = { "x509.missing_intermediate", "x509.unknown_root", "x509.self_signed" };
    bool asked = false;
    const struct verify_cert *top = verify_refused(v);
    for (size_t i = 0; top && i < 3; i++)
        asked |= strcmp(v->why.ground->id, missing[i]) == 0;
    for (size_t i = 0; asked && i < v->n_left_out; i++) {
        const struct fault *flaw = &v->left_out[i].why;
        size_t n = strlen(flaw->about);
        bool same = n && strncmp(top->issuer, flaw->about, n) == 0 && (!top->issuer[n] || top->issuer[n] == ',');
        if (flaw->ground && same)
            v->why = *flaw;
    }
}

static void judge(struct verify *v)
{
    struct public_key key;
    struct trace *trace = trace_new(v->ask.at);
    struct voice voice = { .trace = trace };
    verify_told_start(&v->told);
    if (trace) {
        trace_attach(trace, &v->told.view);
        number_all(v, trace);
    }
    v->ask.tell_search = true;
    ask_for_usage(v);
    v->accepted = x509_verify_chain(&v->ask, &voice, v->sent, v->n_sent, &key, &v->why);
    verify_told_end(&v->told);
    blame_left_out(v);
    if (v->accepted && v->crl_flaw.ground) {          /* who brings a list wants it to be heard */
        v->accepted = false;
        v->why = v->crl_flaw;
    }
    trace_free(trace);
}

static bool show(const struct verify *v, const char *const *values)
{
    struct file_sink out;
    if (!file_sink_open(&out, "-", false, ""))
        return false;
    const struct words *words = words_spoken();
    struct verify_screen screen = {
        .pen = { .sink = &out.sink, .color = watch_color(stdout), .ascii = values[OPT_ASCII],
                 .keep_wide = words_are_wide(words), .blank = true },
        .columns = watch_columns(stdout), .explain = values[OPT_EXPLAIN], .words = words };
    bool whole = true;
    if (values[OPT_VERDICT_JSON])
        whole = verify_json(v, &out.sink);
    else
        verify_draw(&screen, v);
    if (values[OPT_BYTES])
        verify_draw_bytes(&screen, v);
    return file_sink_close(&out) && whole;
}

int verify_run(const struct command *self, const char *const *values, const char *const *arguments, unsigned n)
{
    (void)self;
    if (n == 0) {
        complain("vitrine verify: which certificate? For example: vitrine verify --host www.example.org LEAF.pem");
        return VERIFY_USAGE;
    }
    struct verify *v = calloc(1, sizeof *v);
    int code = VERIFY_USAGE;
    if (v && verify_ask_read(v, values, arguments[0])) {
        judge(v);
        code = v->accepted ? VERIFY_ACCEPTED : VERIFY_REFUSED;
        if (!show(v, values))
            code = VERIFY_USAGE;
    }
    if (v) {
        verify_told_free(&v->told);
        verify_files_free(v);
    }
    free(v);
    return code;
}

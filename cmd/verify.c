/* verify.c - `vitrine verify`: should this certificate be believed? */
#include "cmd/files.h"
#include "cmd/verify_draw.h"
#include "cmd/verify_json.h"
#include "cmd/watch.h"
#include "cmd/words.h"

#include <stdlib.h>

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

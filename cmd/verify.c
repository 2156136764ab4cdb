/* verify.c - `vitrine verify`: should this certificate be believed? */
#include "cmd/verify.h"
#include "cmd/words.h"

#include <stdlib.h>

enum { TAPE_MOST = 64 << 20 };

static void judge(struct verify *v)
{
    struct public_key key;
    struct trace *trace = trace_new(v->ask.at);
    struct voice voice = { .trace = v->tape ? trace : NULL };
    if (voice.trace) {
        trace_attach(trace, tape_view(v->tape));
        for (size_t i = 0; i < v->n_sent; i++)
            v->sent[i].buf = trace_buf(trace, 'c');
    }
    v->ask.tell_search = voice.trace;
    v->accepted = x509_verify_chain(&v->ask, &voice, v->sent, v->n_sent, &key, &v->why);
    trace_free(trace);
}

static void show(const struct verify *v)
{
    if (v->accepted)
        words_print(stdout, "Accepted.\n");
    else
        words_fault(stdout, &v->why);
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
        v->tape = tape_new(TAPE_MOST);
        judge(v);
        show(v);
        code = v->accepted ? VERIFY_ACCEPTED : VERIFY_REFUSED;
        if (fflush(stdout) != 0)
            code = VERIFY_USAGE;
    }
    if (v) {
        tape_free(v->tape);
        verify_ask_free(v);
    }
    free(v);
    return code;
}

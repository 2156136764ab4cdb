#include "cmd/explain.h"
#include "cmd/words.h"
#include "trace/show.h"

#include <inttypes.h>
#include <string.h>

static const char *const what_words[] = {
    [WATCH_BAD_RECORD] = "record", [WATCH_BAD_FINISHED] = "Finished", [WATCH_BAD_SIGNATURE] = "signature",
    [WATCH_BAD_CHAIN] = "chain", [WATCH_BAD_ORDER] = "order", [WATCH_BAD_MESSAGE] = "message" };

static void add(struct explain_judged *j, const struct explain_wrong *w)
{
    if (j->n_wrong < EXPLAIN_WRONG)
        j->wrong[j->n_wrong++] = *w;
    else
        j->more_wrong++;
}

/* Whom nobody knows: without --trust there is nobody to be known by. */
static bool is_unknown_root(const struct explain *x, const struct fault *f)
{
    static const char *const unknown[] = { "x509.unknown_root", "x509.self_signed", "x509.missing_intermediate" };
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        if (!x->trusts && f->ground && strcmp(f->ground->id, unknown[i]) == 0)
            return true;
    return false;
}

static void judge_faults(const struct explain *x, const struct watch_facts *t, struct explain_judged *j)
{
    bool chain = false;
    j->unknown_client_root = t->client_chain.judged && is_unknown_root(x, &t->client_chain.fault);
    for (unsigned i = 0; i < t->n_faults; i++) {
        const struct watch_fault *f = &t->faults[i];
        chain |= f->what == WATCH_BAD_CHAIN && f->side == WATCH_SERVER;
        if (f->what == WATCH_BAD_CHAIN && is_unknown_root(x, &f->fault)) {
            j->unknown_root = true;
            continue;
        }
        add(j, &(struct explain_wrong){ .what = what_words[f->what], .fault = f->fault, .side = f->side,
                                        .packet = f->packet, .record = f->record,
                                        .message = f->message ? tls_message_words(f->message) : NULL });
    }
    j->more_wrong += t->more_faults;
    if (chain || !t->chain_judged || t->chain_holds)
        return;
    if (is_unknown_root(x, &t->chain_fault))
        j->unknown_root = true;
    else
        add(j, &(struct explain_wrong){ .what = "chain", .fault = t->chain_fault, .side = WATCH_SERVER,
                                        .packet = t->certificate_at.packet, .message = "Certificate" });
}

void explain_judge(const struct explain *x, const struct conversation *c, struct explain_judged *j)
{
    const struct watch_facts *t = c->tls;
    *j = (struct explain_judged){ 0 };
    if (c->looked)
        j->n_causes = diagnose(c, reading_facts(x->reading), j->causes, DIAGNOSES_MOST);
    if (!t || !t->tls)
        return;
    for (unsigned side = 0; side < 2; side++) {
        j->finished += t->finished[side].seen;
        j->verified += t->finished[side].verified;
        j->sealed += t->records[side].sealed;
        j->opened += t->records[side].opened;
    }
    judge_faults(x, t, j);
}

const char *explain_who(unsigned side) { return side == WATCH_CLIENT ? "the client" : "the server"; }

char *explain_wrong_text(const struct explain_wrong *w, char out[EXPLAIN_TEXT])
{
    char text[WORDS_TEXT], said[WORDS_TEXT], which[96], why[WORDS_TEXT] = "";
    const struct fault *f = &w->fault;
    if (w->record && !w->message)
        snprintf(which, sizeof which, "record %" PRIu64 " of %s", w->record, explain_who(w->side));
    else
        snprintf(which, sizeof which, w->side == WATCH_CLIENT ? "the client's %s" : "the server's %s",
                 w->message ? w->message : w->what);
    snprintf(text, sizeof text, "%s, in packet %" PRIu64, which, w->packet);
    size_t n = (size_t)snprintf(why, sizeof why, "%s: ", words_said(text, said));
    if (f->ground && n < sizeof why)
        n += (size_t)snprintf(why + n, sizeof why - n, "%s (%s, %s); ", words_lead(f, said), f->ground->id,
              f->ground->rfc);
    snprintf(text, sizeof text, "expected %s, and found %s", *f->expected ? f->expected : "-",
             *f->came ? f->came : "-");
    if (n < sizeof why)
        snprintf(why + n, sizeof why - n, "%s", words_said(text, said));
    return show_string(why, out, EXPLAIN_TEXT);
}

bool explain_keylog_useless(const struct explain *x)
{
    return x->keylog_given && x->tally.sealed && !x->tally.opened;
}

int explain_verdict(struct explain *x)
{
    const struct explain_tally *t = &x->tally;
    char line[WORDS_TEXT], what[EXPLAIN_TEXT], said[WORDS_TEXT], tail[64];
    snprintf(line, sizeof line, "%" PRIu64 " of %" PRIu64 " Finished verified, %" PRIu64 " of %" PRIu64
             " sealed records opened", t->verified, t->finished, t->opened, t->sealed);
    fputs(words_said(line, said), x->out);
    snprintf(tail, sizeof tail, "connection %" PRIu32, t->first_id);
    if (t->wrong)
        fprintf(x->out, "; %s: %s", words_said(tail, said), explain_wrong_text(&t->first, what));
    else if (explain_keylog_useless(x))
        fprintf(x->out, "; %s", words_said("the key log that was given opens nothing", said));
    if (t->wrong > 1)
        fprintf(x->out, " (+%" PRIu64 ")", t->wrong - 1);
    fputc('\n', x->out);
    return t->wrong || explain_keylog_useless(x) ? EXPLAIN_FAILS : EXPLAIN_HOLDS;
}

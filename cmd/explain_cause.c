#include "cmd/explain.h"
#include "cmd/diagnosis.h"
#include "trace/show.h"

#include <inttypes.h>

static void say_one(FILE *out, unsigned indent, const struct diagnosis *d, bool first)
{
    const struct words *w = words_spoken();
    const char *sentence = diagnosis_sentence(w, d->cause), *remedy = diagnosis_cure(w, d->cause);
    char packets[DIAGNOSIS_PACKETS * 22] = "";
    size_t n = 0;
    for (unsigned i = 0; i < d->n; i++)
        n += (size_t)snprintf(packets + n, sizeof packets - n, "%s%" PRIu64, i ? ", " : "", d->packets[i]);
    explain_say(out, indent, first ? "WHY: %s (%s, %s)" : "ALSO: %s (%s, %s)", sentence, d->cause->id, d->cause->rfc);
    if (*d->expected || *d->came)
        explain_say(out, indent + 2, "expected %s, and found %s", *d->expected ? d->expected : "-",
                    *d->came ? d->came : "-");
    if (d->n)
        explain_say(out, indent + 2, d->n == 1 ? "seen in packet %s" : "seen in packets %s", packets);
    explain_say(out, indent + 2, "%s", remedy);
}

void explain_causes(FILE *out, unsigned indent, const struct explain_judged *j)
{
    for (unsigned i = 0; i < j->n_causes; i++)
        say_one(out, indent, &j->causes[i], i == 0);
}

void explain_causes_file(struct explain *x, FILE *out)
{
    struct explain_judged j = { 0 };
    if (!x->tally.diagnosed)
        j.n_causes = diagnose_capture(reading_facts(x->reading), j.causes, DIAGNOSES_MOST);
    explain_causes(out, 0, &j);
    explain_find(x, NULL, &j);
}

/* ---- for the page ---- */

static void say_finding(struct explain_finding *f, unsigned language, const struct diagnosis *d)
{
    const struct words *w = words_in(language ? "zh" : "en");
    const bool has_evidence = *d->expected || *d->came;
    char evidence[WORDS_TEXT], said[WORDS_TEXT], more[2 * WORDS_TEXT];
    snprintf(f->lead[language], sizeof f->lead[language], "%s (%s, %s)", diagnosis_sentence(w, d->cause), d->cause->id,
             d->cause->rfc);
    snprintf(evidence, sizeof evidence, "expected %s, and found %s", *d->expected ? d->expected : "-",
             *d->came ? d->came : "-");
    snprintf(more, sizeof more, "%s%s%s", has_evidence ? words_phrase(w, evidence, said, sizeof said) : "",
             has_evidence ? " · " : "", diagnosis_cure(w, d->cause));
    show_string(more, f->more[language], sizeof f->more[language]);      /* names in it come from outside */
}

void explain_find(struct explain *x, const struct conversation *c, const struct explain_judged *j)
{
    char client[END_TEXT], server[END_TEXT];
    for (unsigned i = 0; i < j->n_causes && x->n_findings < EXPLAIN_FINDINGS; i++) {
        const struct diagnosis *d = &j->causes[i];
        struct explain_finding *f = &x->findings[x->n_findings];
        struct page_finding *shown = &x->shown[x->n_findings++];
        if (c)
            snprintf(f->about, sizeof f->about, "%" PRIu32 "  %s > %s", c->flow->id,
                     explain_end(&c->flow->side[FLOW_CLIENT], client),
                     explain_end(&c->flow->side[FLOW_SERVER], server));
        *shown = (struct page_finding){ .about = f->about, .lead = { f->lead[0], f->lead[1] },
                                        .more = { f->more[0], f->more[1] }, .bad = d->cause->fatal };
        say_finding(f, 0, d);
        say_finding(f, 1, d);
        for (unsigned k = 0; k < d->n && k < sizeof shown->steps / sizeof *shown->steps; k++)
            shown->steps[shown->n_steps++] = (uint32_t)d->packets[k];
    }
    x->watching.page.findings = x->shown;
    x->watching.page.n_findings = x->n_findings;
}

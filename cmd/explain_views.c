#include "cmd/explain_views.h"
#include "cmd/explain_figures.h"
#include "cmd/filter_names.h"
#include "cmd/options.h"
#include "cmd/words.h"

#include <stdlib.h>

static bool ask_filter(struct explain_views *v, const char *text)
{
    struct fault why = { 0 };
    v->filter = text ? filter_new(text, filter_name, &why) : NULL;
    if (!text || v->filter)
        return true;
    words_fault_of(stderr, "vitrine explain", NULL, &why);
    if (filter_is_unknown(&why)) {
        complain("vitrine explain: what is known:");
        filter_complain(why.about);
    }
    return false;
}

bool views_ask(struct explain_views *v, const char *const *values, const char *capture)
{
    if (values[OPT_STRIP_SECRETS] && !values[OPT_PCAP]) {
        complain("vitrine explain: --strip-secrets is about the copy that --pcap FILE writes");
        return false;
    }
    if (values[OPT_FOLLOW_OUT] && !values[OPT_FOLLOW]) {
        complain("vitrine explain: -o is about what --follow N writes");
        return false;
    }
    if (values[OPT_STATS] && !(v->figures = tmpfile())) {
        complain("vitrine explain: there is no memory for that");
        return false;
    }
    return ask_filter(v, values[OPT_FILTER]) && (!values[OPT_FOLLOW] || follow_ask(&v->follow, values[OPT_FOLLOW]))
        && (!values[OPT_PCAP] || copy_open(&v->copy, values[OPT_PCAP], values[OPT_STRIP_SECRETS], capture));
}

/* ---- hooks of the reading ---- */

static void on_text(void *self, const struct flow *f, unsigned side, struct bytes b, uint64_t packet)
{
    struct explain_views *v = self;
    follow_text(&v->follow, f, side, b, packet);
}

static void on_segment(void *self, const struct flow *f, unsigned side, const struct flow_packet *p, unsigned marks)
{
    struct explain_views *v = self;
    v->copy.flow = f;
    if (v->sieve)
        sieve_segment(v->sieve, f, side, p, marks);
}

bool views_start(struct explain_views *v, const char *const *values, FILE *out, const struct keylog *keylog,
                 struct reading_config *config, nsec at)
{
    if (v->filter && !(v->sieve = sieve_new(v->filter, config->trace, at))) {
        complain("vitrine explain: there is no memory for that");
        return false;
    }
    if (v->sieve)
        config->trace = sieve_trace(v->sieve);
    copy_start(&v->copy, keylog, config);
    config->self = v;
    config->text = v->follow.id ? on_text : NULL;
    config->segment = v->sieve || v->copy.on ? on_segment : NULL;
    return !v->follow.id || follow_start(&v->follow, out, values[OPT_FOLLOW_OUT]);
}

/* ---- what comes ---- */

void views_name(struct explain_views *v, const struct addr *addr, const char *name)
{
    copy_name(&v->copy, addr, name);
}

void views_frame(struct explain_views *v, const struct capture_frame *f)
{
    v->copy.flow = NULL;
    if (v->sieve)
        sieve_frame(v->sieve, f);
}

void views_framed(struct explain_views *v, const struct capture_frame *f, const struct reading *r)
{
    bool held = !v->sieve || sieve_held(v->sieve);
    v->frames++;
    v->held += held;
    if (v->copy.on)
        copy_frame(&v->copy, f, r, held);
}

void views_over(struct explain_views *v, const struct conversation *c)
{
    struct figures one;
    if (!v->figures)
        return;
    figures_of(c, &one);
    figures_add(&v->all, &one);
    if (c->looked)
        figures_row(v->figures, c->flow->id, &one);
}

static void show_figures(struct explain_views *v, FILE *out)
{
    char piece[4096];
    size_t n;
    figures_head(out);
    rewind(v->figures);
    while ((n = fread(piece, 1, sizeof piece, v->figures)) > 0)
        fwrite(piece, 1, n, out);
    if (v->all.connections != 1)
        figures_row(out, 0, &v->all);
    fputc('\n', out);
}

bool views_end(struct explain_views *v, FILE *out)
{
    bool whole = follow_end(&v->follow);
    if (v->figures)
        show_figures(v, out);
    if (v->filter)
        words_print(out, "The filter lets %llu of %llu packets through\n", (unsigned long long)v->held,
                    (unsigned long long)v->frames);
    if (v->copy.on)
        words_print(out, "%llu packets stand in the copy\n", (unsigned long long)v->copy.frames);
    return whole;
}

bool views_free(struct explain_views *v)
{
    sieve_free(v->sieve);
    filter_free(v->filter);
    if (v->figures)
        fclose(v->figures);
    return !v->copy.on || copy_close(&v->copy);
}

#include "cmd/verify_draw.h"
#include "cmd/words.h"
#include "tls/x509/names.h"
#include "trace/say.h"
#include "trace/show.h"

#include <stdio.h>
#include <string.h>

enum { TEXT = 2048 };

char *verify_words(const struct verify_screen *s, const char *name, const struct attr *attrs, size_t n, char *out,
                   size_t room)
{
    const char *template = words_find(s->words, "verify", name);
    const struct event filled = { .attrs = attrs, .n_attrs = n };
    return say(out, room, template ? template : name, &filled, s->words);
}

char *verify_phrase(const struct verify_screen *s, const char *text, char *out, size_t room)
{
    char said[WORDS_TEXT];
    return show_string(words_phrase(s->words, text, said, sizeof said), out, room);
}

void verify_line(struct verify_screen *s, const char *text, unsigned indent)
{
    pen_wrap(&s->pen, text, indent, s->columns);
    pen_end(&s->pen);
}

/* The host asked for, or its address; "": none was. */
static const char *who_is_meant(const struct x509_ask *ask, char ip[X509_SAY])
{
    return ask->ip.n ? x509_ip_text(&ask->ip, ip) : ask->host ? ask->host : "";
}

static void draw_gap(struct verify_screen *s)
{
    if (!s->pen.blank)
        pen_end(&s->pen);
}

/* ---- the question ---- */

static void draw_question(struct verify_screen *s, const struct verify *v)
{
    char text[TEXT], ip[X509_SAY], at[DER_TIME_TEXT];
    const struct x509_ask *ask = &v->ask;
    const struct attr attrs[] = {
        attr_text("file", v->name), attr_text("host", who_is_meant(ask, ip)),
        attr_text("at", der_time_text(ask->at, at)),
        attr_number("sent", v->n_sent), attr_number("trusted", v->trust.n),
        attr_number("untrusted", v->untrusted.n) };
    const char *whose = ask->ip.n || ask->host ? "question_server" : ask->purpose == X509_CLIENT ? "question_client"
                                                                                                 : "question";
    pen_ink(&s->pen, INK_BOLD);
    verify_words(s, whose, attrs, 6, text, sizeof text);
    pen_wrap(&s->pen, text, 0, s->columns);
    pen_ink(&s->pen, INK_PLAIN);
    pen_end(&s->pen);
    static const char *const rules[] = { [X509_PKIX] = "rules_pkix", [X509_WEB] = "rules_web",
                                         [X509_RFC5280] = "rules_rfc5280", [X509_BR] = "rules_br" };
    verify_words(s, rules[ask->profile], attrs, 6, text, sizeof text);
    verify_line(s, text, 2);
    verify_line(s, verify_words(s, v->system_trust ? "given_system" : "given", attrs, 6, text, sizeof text), 2);
    for (size_t i = 0; i < v->n_left_out; i++) {
        const struct verify_left_out *l = &v->left_out[i];
        const struct attr said[] = { attr_text("file", l->file), attr_number("n", l->how_many),
                                     attr_text("came", l->why.ground ? l->why.came : "") };
        verify_line(s, verify_words(s, l->why.ground ? "left_out" : "left_out_some", said, 3, text, sizeof text), 2);
    }
}

/* ---- what could not be asked ---- */

static const char *unchecked_key(const struct verify_row *row)
{
    if (strcmp(row->name, "host_name") == 0)
        return "unchecked_host";
    bool nothing_there = strcmp(row->name, "status") == 0 && strncmp(row->found, "none of", 7) == 0;
    return nothing_there ? "unchecked_status" : "unchecked";
}

static void draw_unchecked(struct verify_screen *s, const struct verify *v)
{
    char text[TEXT];
    for (size_t i = v->told.n_certs; i-- > 0;) {
        const struct verify_cert *cert = &v->told.certs[i];
        for (size_t k = 0; k < cert->n_rows; k++) {
            const struct verify_row *row = &v->told.rows[cert->row + k];
            if (!verify_unchecked(row))
                continue;
            const struct attr attrs[] = { attr_text("check", row->name), attr_text("about", cert->about),
                                          attr_text("issuer", cert->issuer), attr_text("expected", row->expected),
                                          attr_text("found", row->found) };
            verify_line(s, verify_words(s, unchecked_key(row), attrs, 5, text, sizeof text), 0);
        }
    }
}

/* ---- the verdict ---- */

/* Is it the one that is trusted? */
static bool is_trusted(const struct verify *v, const struct verify_cert *cert)
{
    for (size_t k = 0; cert && k < cert->n_rows; k++) {
        const struct verify_row *row = &v->told.rows[cert->row + k];
        if (strcmp(row->name, "trust") == 0 && row->said == VERIFY_YES)
            return true;
    }
    return false;
}

/* One sentence for each ground, and for some another one where it is the anchor that is refused; where a ground has
 * none, what holds for all. */
static const char *remedy_for(const struct verify_screen *s, const struct verify *v, const struct verify_cert *cert)
{
    char key[64];
    snprintf(key, sizeof key, "%s.trusted", v->why.ground->id);
    const char *remedy = is_trusted(v, cert) ? words_find(s->words, "remedy", key) : NULL;
    if (!remedy)
        remedy = words_find(s->words, "remedy", v->why.ground->id);
    return remedy ? remedy : words_find(s->words, "remedy", "any");
}

static void draw_remedy(struct verify_screen *s, const struct verify *v)
{
    const struct verify_cert *cert = verify_refused(v);
    char text[TEXT], ip[X509_SAY];
    const struct x509_ask *ask = &v->ask;
    const struct attr attrs[] = {
        attr_text("about", v->why.about), attr_text("subject", cert ? cert->subject : v->why.about),
        attr_text("issuer", cert ? cert->issuer : "?"), attr_text("file", v->name),
        attr_text("host", who_is_meant(ask, ip)),
        attr_text("kind", ask->ip.n ? "IP" : "DNS"), attr_text("expected", v->why.expected),
        attr_text("purpose", ask->purpose == X509_CLIENT ? "clientAuth" : "serverAuth"),
        attr_text("found", v->why.came) };
    const char *remedy = remedy_for(s, v, cert);
    const struct event filled = { .attrs = attrs, .n_attrs = sizeof attrs / sizeof *attrs };
    pen_ink(&s->pen, INK_BOLD);
    pen_text(&s->pen, verify_words(s, "what_to_do", NULL, 0, text, sizeof text));
    pen_ink(&s->pen, INK_PLAIN);
    say(text, sizeof text, remedy ? remedy : "", &filled, s->words);
    verify_line(s, text, s->pen.column);
}

static const char *anchor_of(const struct verify_told *t)
{
    for (size_t i = 0; i < t->n_certs; i++)
        if (t->certs[i].n_rows)
            return t->certs[i].subject;
    return "";
}

static void draw_verdict(struct verify_screen *s, const struct verify *v)
{
    char text[TEXT];
    const struct fault *why = &v->why;
    const struct verify_told *t = &v->told;
    const struct verify_cert *leaf = verify_on_path(t, 0);
    const char *lead = v->accepted ? "" : words_find(s->words, "fault", why->ground->id);
    const struct attr attrs[] = {
        attr_text("lead", lead ? lead : ""), attr_text("about", why->about), attr_text("expected", why->expected),
        attr_text("found", *why->came ? why->came : words_ui(s->words, "nothing came")),
        attr_text("rfc", v->accepted ? "" : why->ground->rfc),
        attr_text("leaf", leaf ? leaf->subject : v->name), attr_text("anchor", anchor_of(t)) };
    pen_ink(&s->pen, INK_BOLD);
    pen_ink(&s->pen, v->accepted ? INK_GREEN : INK_RED);
    pen_text(&s->pen, verify_words(s, v->accepted ? "accepted" : "refused", NULL, 0, text, sizeof text));
    pen_ink(&s->pen, INK_PLAIN);
    const char *accepted = verify_on_path(t, 1) ? "accepted_because" : "accepted_itself",
               *refused = *why->about ? "refused_because" : "refused_because_of_all",
               *because = v->accepted ? accepted : refused;
    verify_words(s, because, attrs, 7, text, sizeof text);
    verify_line(s, text, s->pen.column);
    if (!v->accepted)
        draw_remedy(s, v);
}

static void draw_cost(struct verify_screen *s, const struct verify *v)
{
    char text[TEXT];
    const struct attr attrs[] = {
        attr_number("steps", v->cost.steps), attr_number("most_steps", X509_STEPS),
        attr_number("signatures", v->cost.signatures), attr_number("most_signatures", X509_SIGNATURES),
        attr_number("paths", v->cost.paths), attr_number("most_paths", X509_PATHS) };
    pen_ink(&s->pen, INK_DIM);
    verify_words(s, "cost", attrs, 6, text, sizeof text);
    pen_wrap(&s->pen, text, 0, s->columns);
    pen_ink(&s->pen, INK_PLAIN);
    pen_end(&s->pen);
}

void verify_draw(struct verify_screen *s, const struct verify *v)
{
    draw_question(s, v);
    draw_gap(s);
    verify_draw_tree(s, &v->told);
    draw_gap(s);
    verify_draw_checks(s, v);
    draw_gap(s);
    draw_verdict(s, v);
    draw_unchecked(s, v);
    draw_cost(s, v);
}

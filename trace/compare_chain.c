/* Of each certificate what people mean by it: whose, by whom, what key, how signed, for which names, how long. */
#include "trace/compare_parts.h"

#include <stdio.h>
#include <string.h>

enum { TEXT = 300 };

static bool named(const struct tape_field *f, const char *name) { return strcmp(f->field.name, name) == 0; }

static bool below(struct tape_fields f, size_t i, const char *group)
{
    for (uint32_t up = f.at[i].parent; up != TAPE_ROOT && up < f.n; up = f.at[up].parent)
        if (named(&f.at[up], group))
            return true;
    return false;
}

/* The values of a name (issuer, subject), with commas. */
static void whose(struct compare_reading *g, struct tape_fields f, const char *group, const char *id, const char *about)
{
    char text[TEXT] = "", one[120];
    size_t n = 0;
    for (size_t i = 0; i < f.n; i++)
        if (f.at[i].leaf && f.at[i].field.type == FIELD_TEXT && below(f, i, group)) {
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n ? ", " : "",
                                  compare_field(&f.at[i].field, one, sizeof one));
            if (n >= sizeof text)
                break;
        }
    compare_put(g, id, about, text);
}

static void key(struct compare_reading *g, struct tape_fields f, const char *about)
{
    char kind[80] = "", more[80] = "", text[200];
    size_t n = 0;
    for (size_t i = 0; i < f.n; i++) {
        if (!f.at[i].leaf || !below(f, i, "subject_public_key_info"))
            continue;
        if (named(&f.at[i], "algorithm") && f.at[i].field.words)
            compare_field(&f.at[i].field, kind, sizeof kind);
        else if (f.at[i].field.words && below(f, i, "algorithm") && !named(&f.at[i], "tag") &&
                 !strstr(f.at[i].field.name, "length"))
            snprintf(more, sizeof more, "%.70s", f.at[i].field.words);
        else if (named(&f.at[i], "modulus"))
            n = f.at[i].field.len;
    }
    if (n > 1)
        snprintf(more, sizeof more, "%zu bits", 8 * (n - 1));
    snprintf(text, sizeof text, "%s %s", kind, more);
    compare_put(g, "chain.key", about, text);
}

static void one_certificate(struct compare_reading *g, buf_no b, unsigned number)
{
    static const struct { const char *field, *id; } texts[] = {
        { "not_before", "chain.not_before" }, { "not_after", "chain.not_after" },
    };
    struct tape_fields f = tape_fields(g->tape, b);
    struct compare_items names = { .n = 0 }, extensions = { .n = 0 };
    char about[16], text[TEXT];
    snprintf(about, sizeof about, "%u", number);
    whose(g, f, "subject", "chain.subject", about);
    whose(g, f, "issuer", "chain.issuer", about);
    key(g, f, about);
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        const struct tape_field *x = compare_find(g->tape, b, texts[k].field);
        if (x)
            compare_put(g, texts[k].id, about, compare_field(&x->field, text, sizeof text));
    }
    const char *signature = NULL;
    for (size_t i = 0; i < f.n; i++) {
        if (f.at[i].leaf && named(&f.at[i], "algorithm") && !below(f, i, "subject_public_key_info"))
            signature = f.at[i].field.words;
        if (f.at[i].leaf && below(f, i, "subject_alt_name") && !named(&f.at[i], "tag") &&
            !strstr(f.at[i].field.name, "length"))
            compare_item(&names, compare_field(&f.at[i].field, text, sizeof text));
        if (f.at[i].leaf && named(&f.at[i], "extn_id"))
            compare_item(&extensions, compare_field(&f.at[i].field, text, sizeof text));
    }
    if (signature)
        compare_put(g, "chain.signature", about, signature);
    compare_put(g, "chain.names", about, names.text);
    compare_put(g, "chain.extensions", about, extensions.text);
    const struct tape_field *serial = compare_find(g->tape, b, "serial_number");
    if (serial)
        compare_put_nature(g, "nature.serial", compare_field(&serial->field, text, sizeof text));
}

void compare_certificates(struct compare_reading *g, const struct event *message)
{
    unsigned n = 0;
    struct tape_fields f = tape_fields(g->tape, message->buf);
    unsigned in_message = 0;
    for (size_t i = 0; i < f.n; i++)
        in_message += named(&f.at[i], "certificate") && !f.at[i].leaf;
    compare_put_number(g, "chain.length", in_message);
    for (uint32_t i = 1; i <= tape_count(g->tape, 'c'); i++) {
        const struct event *c = tape_buffer(g->tape, tape_buf('c', i));
        if (c && c->n_spans && c->spans[0].in == message->buf && ++n <= 6)
            one_certificate(g, c->buf, n);
    }
}

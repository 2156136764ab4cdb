/* explain_list.c - the list of connections: a line for each, in columns. */
#include "cmd/explain.h"
#include "cmd/words.h"
#include "tls/messages13.h"
#include "trace/show.h"
#include "trace/text.h"

#include <inttypes.h>
#include <string.h>

/* A line as it is kept until all are known: its cells, a tab behind each but the last. No cell has a tab in it. */
enum { ROW = 2 * END_TEXT + 96 + 160 + 96 + WORDS_TEXT };

const char *explain_version(const struct watch_facts *t)
{
    const char *words = t->version ? tls_version_words(t->version) : NULL;
    return words ? words : "TLS";
}

const char *explain_suite(const struct watch_facts *t, char out[16])
{
    if (t->suite)
        return t->suite->openssl;
    const char *words = t->suite_number ? tls_suite_words(t->suite_number) : NULL;
    if (words)
        return words;
    snprintf(out, 16, t->suite_number ? "0x%04x" : "-", t->suite_number);
    return out;
}

/* What the connection holds, in a few words. */
static const char *kind_of(const struct conversation *c, char out[96])
{
    char number[16];
    int before = c->prelude ? snprintf(out, 96, "%.*s + ", (int)strcspn(c->prelude->name, ","), c->prelude->name) : 0;
    if (c->tls && c->tls->tls)
        snprintf(out + before, 96 - (size_t)before, "%s %s%s", explain_version(c->tls), explain_suite(c->tls, number),
                 c->tls->resumed ? " resumed" : "");
    else
        snprintf(out, 96, "%s", c->plain_http ? c->http2 ? "HTTP/2" : "HTTP" : !c->looked ? "-"
                                : c->text[0] + c->text[1] ? "other" : "-");
    return out;
}

static const char *mark_of(const struct conversation *c, const struct explain_judged *j)
{
    if (j->n_wrong)
        return "WRONG";
    if (j->n_causes && j->causes[0].cause->fatal)
        return "FAILED";
    if (!c->tls || !c->tls->tls || !j->sealed)
        return "-";
    return j->opened == j->sealed && j->verified == j->finished ? "good" : j->opened ? "partly" : "closed";
}

/* Calls `each` with every cell of a line. */
static void cells(const char *row, void (*each)(struct explain *, unsigned column, const char *cell, size_t n),
                  struct explain *x)
{
    for (unsigned column = 0; column < EXPLAIN_COLUMNS; column++) {
        size_t n = strcspn(row, "\t\n");
        each(x, column, row, n);
        row += n + (row[n] == '\t');
    }
}

static void widen(struct explain *x, unsigned column, const char *cell, size_t n)
{
    unsigned wide = text_width(cell, n);
    if (x->columns[column] < wide)
        x->columns[column] = wide;
}

/* Numbers stand to the right; nothing is behind the last cell. */
static void put(struct explain *x, unsigned column, const char *cell, size_t n)
{
    int blank = (int)(x->columns[column] - text_width(cell, n));
    bool last = column == EXPLAIN_COLUMNS - 1;
    fprintf(x->out, "%s%*s%.*s%*s", column ? "  " : "", column ? 0 : blank, "", (int)n, cell,
            column && !last ? blank : 0, "");
    if (last)
        fputc('\n', x->out);
}

static const char *heading(char row[ROW])
{
    static const char *const names[EXPLAIN_COLUMNS] = { "#", "client > server", "protocol", "host", "octets",
                                                        "judged" };
    char said[WORDS_TEXT];
    size_t n = 0;
    for (unsigned i = 0; i < EXPLAIN_COLUMNS; i++)
        n += (size_t)snprintf(row + n, ROW - n, "%s%s", i ? "\t" : "", words_said(names[i], said));
    return row;
}

void explain_list(struct explain *x, const struct conversation *c, const struct explain_judged *j)
{
    char client[END_TEXT], server[END_TEXT], kind[96], name[160], mark[WORDS_TEXT], row[ROW];
    const struct flow *f = c->flow;
    const char *host = c->tls && *c->tls->sni ? c->tls->sni : c->n_http ? c->http[0].host
                     : c->dns ? c->dns->name : "";
    snprintf(row, sizeof row, "%" PRIu32 "\t%s > %s\t%s\t%s\t%" PRIu64 " + %" PRIu64 "\t%s", f->id,
             explain_end(&f->side[0], client), explain_end(&f->side[1], server), kind_of(c, kind),
             *host ? show_string(host, name, sizeof name) : "-", f->side[0].text, f->side[1].text,
             words_said(mark_of(c, j), mark));
    if (x->list != x->out) {
        fprintf(x->list, "%s\n", row);
        return;
    }
    cells(row, widen, x);                             /* columns as wide as they had to be up to here */
    cells(row, put, x);
}

void explain_list_end(struct explain *x)
{
    char row[ROW];
    bool some = false;
    if (x->list == x->out)
        return;
    for (rewind(x->list); fgets(row, sizeof row, x->list); some = true)
        cells(row, widen, x);
    if (!some)
        return;
    cells(heading(row), widen, x);
    cells(row, put, x);
    for (rewind(x->list); fgets(row, sizeof row, x->list); )
        cells(row, put, x);
}

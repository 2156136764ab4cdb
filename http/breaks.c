#include "http/breaks.h"
#include "tls/suites.h"

#include <stdio.h>
#include <string.h>

static const struct break_row *const tables[] = {
    breaks_of_wire, breaks_of_tcp, breaks_of_dns, breaks_of_certificates, breaks_of_hellos, breaks_by_rewriting,
    breaks_of_handshakes, breaks_of_records, breaks_of_secrets
};

const struct break_row *break_row(unsigned i)
{
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (const struct break_row *r = tables[t]; r->what; r++)
            if (i-- == 0)
                return r;
    return NULL;
}

/* ---- reading WHAT ---- */

/* Is `text` this row's WHAT, alone or with something behind a colon? That is *where, or NULL. */
static bool is_what(const struct break_row *r, const char *text, const char **where)
{
    size_t n = strlen(r->what);
    if (strncmp(text, r->what, n) != 0 || (text[n] && text[n] != ':'))
        return false;
    *where = text[n] ? text + n + 1 : NULL;
    return true;
}

/* The longest WHAT that fits: "dns:spoof" before "dns". */
static const struct break_row *row_for(const char *text, const char **where)
{
    const struct break_row *best = NULL;
    for (unsigned i = 0; break_row(i); i++) {
        const char *rest;
        const struct break_row *r = break_row(i);
        if (is_what(r, text, &rest) && (!best || strlen(r->what) > strlen(best->what))) {
            best = r;
            *where = rest;
        }
    }
    return best;
}

/* How many letters two words begin with alike. */
static size_t alike(const char *a, const char *b)
{
    size_t n = 0;
    while (a[n] && a[n] == b[n])
        n++;
    return n;
}

static bool nothing_like(const char *text, char sentence[BREAK_SENTENCE])
{
    const struct break_row *nearest = NULL;
    for (unsigned i = 0; break_row(i); i++)
        if (!nearest || alike(break_row(i)->what, text) > alike(nearest->what, text))
            nearest = break_row(i);
    if (nearest && alike(nearest->what, text) >= 2)
        snprintf(sentence, BREAK_SENTENCE, "there is no break %.60s (%s comes nearest; `vitrine breaks` has all)",
                 text, nearest->what);
    else
        snprintf(sentence, BREAK_SENTENCE, "there is no break %.60s (`vitrine breaks` lists those there are)",
                 text);
    return false;
}

/* ---- reading WHERE ---- */

/* The next part of a list with commas; brackets around what may be left out do not count. */
static struct bytes part(const char **at)
{
    *at += strspn(*at, "[,]");
    size_t n = strcspn(*at, "[,]");
    struct bytes b = { (const uint8_t *)*at, n };
    *at += n;
    return b;
}

/* A whole number of at most nine digits. */
static bool number(const struct bytes *b, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < b->n; i++) {
        if (b->at[i] < '0' || b->at[i] > '9')
            return false;
        *out = *out * 10 + b->at[i] - '0';
    }
    return b->n > 0 && b->n < 10;
}

/* The place of a word in "raw|repaired". */
static bool word(const struct bytes *b, const struct bytes *words, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i <= words->n; i += strcspn((const char *)words->at + i, "|],") + 1, ++*out) {
        size_t n = strcspn((const char *)words->at + i, "|],");
        if (n == b->n && memcmp(words->at + i, b->at, n) == 0)
            return true;
    }
    return false;
}

static bool read_value(const struct bytes *form, const struct bytes *given, uint32_t *out)
{
    if (memchr(form->at, '|', form->n))
        return word(given, form, out);
    return number(given, out) && (*out > 0 || form->n != 1 || form->at[0] != 'N');     /* packets count from 1 */
}

/* Each value as given, else as usual. */
static bool read_where(struct break_wish *w, const char *where, char *out, size_t room)
{
    const char *forms = w->row->where, *usuals = w->row->usual, *left = where;
    for (unsigned i = 0; *forms; i++) {
        struct bytes form = part(&forms), usual = part(&usuals), given = usual;
        if (form.n == 0)
            break;
        if (left) {
            size_t n = strcspn(left, ",");
            given = (struct bytes){ (const uint8_t *)left, n };
            left = left[n] ? left + n + 1 : NULL;
        }
        if (i == BREAK_VALUES || !read_value(&form, &given, &w->value[i]))
            return false;
        int n = snprintf(out, room, "%s%.*s", i ? "," : ":", (int)given.n, (const char *)given.at);
        if (n < 0 || (size_t)n >= room)
            return false;
        out += n;
        room -= (size_t)n;
    }
    return !left;
}

/* Of the rows with this WHAT the one that is usually meant so, if there is one, knows what then happens. */
static void choose_row(struct break_wish *w)
{
    const struct break_row *r;
    for (unsigned i = 0; (r = break_row(i)) != NULL; i++) {
        struct break_wish usual;
        if (strcmp(r->what, w->row->what) != 0)
            continue;
        break_usual(r, &usual);
        if (strcmp(usual.text, w->text) == 0)
            w->row = r;
    }
}

void break_usual(const struct break_row *row, struct break_wish *w)
{
    *w = (struct break_wish){ .row = row };
    int n = snprintf(w->text, sizeof w->text, "%s", row->what);
    if (row->where)
        read_where(w, NULL, w->text + n, sizeof w->text - (size_t)n);
}

bool break_read(const char *text, struct break_wish *w, char sentence[BREAK_SENTENCE])
{
    const char *where = NULL;
    *w = (struct break_wish){ .row = row_for(text, &where) };
    if (!w->row)
        return nothing_like(text, sentence);
    int n = snprintf(w->text, sizeof w->text, "%s", w->row->what);
    if (!w->row->where) {
        if (where)
            snprintf(sentence, BREAK_SENTENCE, "nothing follows %s, not %.40s", w->row->what, where);
        return !where;
    }
    if (read_where(w, where, w->text + n, sizeof w->text - (size_t)n)) {
        choose_row(w);
        return true;
    }
    snprintf(sentence, BREAK_SENTENCE, "%s:%s is its form, as %s:%s, not %.60s", w->row->what, w->row->where,
             w->row->what, w->row->usual, text);
    return false;
}

/* ---- what it needs ---- */

bool break_goes(const struct break_row *r, const struct tls_suite *s, unsigned group, bool https,
                char sentence[BREAK_SENTENCE])
{
    bool cbc = tls_suite_is_cbc(s), gcm = !cbc && s->aead != AEAD_CHACHA20_POLY1305;
    const struct { unsigned need; bool fits; const char *what; } needs[] = {
        { NEEDS_TLS,          https,                  "a visit over TLS (https)" },
        { NEEDS_ECDHE,        s->kx == TLS_KX_ECDHE,  "a suite with ECDHE" },
        { NEEDS_RSA_EXCHANGE, s->kx == TLS_KX_RSA,    "a suite with the RSA key exchange" },
        { NEEDS_DHE,          s->kx == TLS_KX_DHE,    "a suite with DHE" },
        { NEEDS_EC_KEY,       s->auth == TLS_AUTH_ECDSA, "a certificate with an ECDSA key" },
        { NEEDS_RSA_KEY,      s->auth == TLS_AUTH_RSA, "a certificate with an RSA key" },
        { NEEDS_CBC,          cbc,                    "a suite with CBC" },
        { NEEDS_GCM,          gcm,                    "a suite with GCM" },
        { NEEDS_P256,         group == TLS_SECP256R1, "the group p256" },
        { NEEDS_X25519,       group == TLS_X25519,    "the group x25519" },
    };
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if ((r->needs & needs[i].need) && !needs[i].fits) {
            if (sentence)
                snprintf(sentence, BREAK_SENTENCE, "%s cannot go with what else was asked for: it needs %s", r->what,
                         needs[i].what);
            return false;
        }
    return true;
}

/* ---- spoiling ---- */

void breaks_apply(struct spoils *s, const struct break_wish *wishes, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        const struct break_wish *w = &wishes[i];
        if (w->row->spoil)
            w->row->spoil(s, w);
        if (w->row->browser)
            s->browser = w;
        if (w->row->web)
            s->web = w;
        if (w->row->chain)
            s->chain = w;
        if (w->row->suites)
            s->suites = w;
    }
}

/* A row makes one or two of either; of more wishes than BREAKS_MOST the last ones count (cmd/ takes no more). */
struct accident *spoil_packet(struct spoils *s, const struct break_wish *w, enum accident_kind kind)
{
    static const unsigned last = 2 * BREAKS_MOST - 1;
    struct accident *a = &s->accidents[s->n_accidents < last ? s->n_accidents++ : last];
    *a = (struct accident){ .kind = kind, .first = w->value[0], .last = w->value[0], .wish = w->text };
    return a;
}

struct act *spoil_act(struct spoils *s, const struct break_wish *w, enum act_kind kind)
{
    static const unsigned last = LAB_ACTS - 1;
    struct act *a = &s->acts[s->n_acts < LAB_ACTS ? s->n_acts++ : last];
    *a = (struct act){ .kind = kind, .packet = w->value[0], .number = w->value[1], .wish = w->text };
    return a;
}

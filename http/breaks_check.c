#include "http/breaks_check.h"
#include "http/made_pages.h"

#include <stdio.h>
#include <string.h>

/* ---- what is seen ---- */

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

static bool trouble(const struct event *e)
{
    static const char *const good[] = { "accepted", "skipped", "", NULL };
    static const char *const waits[] = { "rto", "probe", "persist", "patience", NULL };
    switch (e->kind) {
    case EVENT_FAULT:
        return true;
    case EVENT_CHECK:
        return !is_one_of(event_text(e, "verdict"), good);
    case EVENT_TIMER:
        return strcmp(e->layer, "dns") == 0
               || (strcmp(event_text(e, "what"), "fired") == 0 && is_one_of(e->name, waits));
    case EVENT_PACKET:
        return event_attr(e, "retransmission") || strcmp(e->name, "RST") == 0;
    default:
        return false;
    }
}

static const char *host_name(const struct trace *t, uint16_t host)
{
    const struct trace_host *h = trace_host_of(t, host);
    return h ? h->name : "nobody";
}

static bool shows(const struct sign *s, const struct trace *t, const struct event *e)
{
    return s->host && e->kind == s->kind && strcmp(host_name(t, e->host), s->host) == 0
           && (!s->layer || strcmp(e->layer, s->layer) == 0) && (!s->name || strcmp(e->name, s->name) == 0)
           && (!s->attr || strstr(event_text(e, s->attr), s->value));
}

static void add_words(char out[BREAK_FOUND], const char *form, const char *a, const char *b)
{
    size_t n = strlen(out);
    snprintf(out + n, BREAK_FOUND - n, form, a, b);
}

static void describe(char out[BREAK_FOUND], const struct trace *t, const struct event *e)
{
    static const char *const attrs[] = { "verdict", "what", "retransmission", "expected", "found", "came" };
    snprintf(out, BREAK_FOUND, "%s %s %s %s", host_name(t, e->host), e->layer, event_kind_name(e->kind), e->name);
    for (size_t i = 0; i < sizeof attrs / sizeof *attrs; i++)
        if (*event_text(e, attrs[i]))
            add_words(out, ", %s %s", attrs[i], event_text(e, attrs[i]));
}

char *sign_words(const struct sign *s, char out[BREAK_FOUND])
{
    *out = '\0';
    if (!s->host) {
        snprintf(out, BREAK_FOUND, "nobody");
        return out;
    }
    add_words(out, "%s %s", s->host, s->layer ? s->layer : "any layer");
    add_words(out, " %s %s", event_kind_name(s->kind), s->name ? s->name : "of any name");
    if (s->attr)
        add_words(out, ", %s %s", s->attr, s->value);
    return out;
}

static void note(uint64_t *sum, const void *octets, size_t n)
{
    for (const uint8_t *at = octets; n; n--)
        *sum = (*sum ^ *at++) * UINT64_C(0x100000001b3);
}

/* What somebody on the wire sees of a packet, who can open nothing. What a lying end has sealed differs: that is
 * the lie. */
static void look_from_outside(struct break_watch *w, const struct trace *t, const struct event *e)
{
    uint8_t seen[18];
    struct wire_out out = wire_into(seen, sizeof seen);
    bool honest = w->row->notices.host && strcmp(host_name(t, e->host), w->row->notices.host) == 0;
    put_u64(&out, "time", (uint64_t)e->t);
    put_u64(&out, "size", e->bytes.n);
    put_u16(&out, "host", e->host);
    note(&w->outside, seen, sizeof seen);
    if (honest)
        note(&w->outside, e->bytes.at, e->bytes.n);
}

static void watch_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct break_watch *w = (struct break_watch *)v;
    if (e->kind == EVENT_MARK && strcmp(e->layer, "lab") == 0)
        w->marked = true;
    if (e->kind == EVENT_FAULT)
        add_words(w->faults, "%s %s; ", host_name(t, e->host), e->name);
    if (!w->marked)
        return;
    if (e->kind == EVENT_PACKET)
        look_from_outside(w, t, e);
    if (!w->noticed && e->host != SEALED_ATTACKER && trouble(e)) {
        w->noticed = true;
        w->as_predicted = shows(&w->row->notices, t, e);
        describe(w->first, t, e);
    }
    w->answered |= shows(&w->row->answered, t, e);
    w->faulted |= w->row->fault && e->kind == EVENT_FAULT && strcmp(e->name, w->row->fault) == 0
                  && strcmp(host_name(t, e->host), w->row->notices.host) == 0;
}

void break_watch_start(struct break_watch *w, const struct break_row *row)
{
    *w = (struct break_watch){ .view = { .event = watch_event }, .row = row, .first = "nobody",
                                .outside = UINT64_C(0xcbf29ce484222325) };
}

/* ---- runs ---- */

bool sealed_visit_run(const struct sealed_visit_config *config, struct view *const *views, unsigned n,
                      struct fault *why)
{
    struct sealed_visit_config c = *config;
    *why = (struct fault){ 0 };
    c.trace = trace_new(SEALED_START);
    if (trace_hears(c.trace)) {
        sealed_visit_name_hosts(c.trace);
        for (unsigned i = 0; i < n; i++)
            trace_attach(c.trace, views[i]);
    }
    struct sealed_visit *v = c.trace ? sealed_visit_new(&c, why) : NULL;
    bool begun = v != NULL;
    while (v && sealed_visit_turn(v))
        ;
    if (v)
        sealed_visit_outcome(v, why);
    trace_end(c.trace);
    sealed_visit_free(v);
    trace_free(c.trace);
    return begun;
}

void break_needs(const struct break_row *row, struct sealed_visit_config *c, const struct break_free *free_to)
{
    struct fault why = { 0 };
    if (row->size && free_to->size)
        c->size = row->size;
    c->resume |= row->resume;
    if (row->url && free_to->url)
        url_parse(row->url, &c->url, &why);
    if (row->suite && free_to->suite)
        c->suite = tls_suite_named(row->suite);
    if (row->needs & (NEEDS_P256 | NEEDS_X25519) && free_to->group)
        c->group = row->needs & NEEDS_P256 ? TLS_SECP256R1 : TLS_X25519;
    for (size_t i = 0; i < tls_n_suites && free_to->suite; i++) {
        if (break_goes(row, c->suite, c->group, true, NULL))
            return;
        c->suite = &tls_suites[i];
    }
}

/* False: this part of the prediction is missed. */
static bool miss(char expected[BREAK_FOUND], char found[BREAK_FOUND], const char *what, const char *wanted,
                 const char *came)
{
    snprintf(expected, BREAK_FOUND, "%s: %s", what, wanted);
    snprintf(found, BREAK_FOUND, "%s", came);
    return false;
}

static bool judge(const struct break_watch *w, const struct fault *why, char expected[BREAK_FOUND],
                  char found[BREAK_FOUND])
{
    const struct break_row *r = w->row;
    char words[BREAK_FOUND];
    const char *ends = why->ground ? why->ground->id : "a whole page";
    if (!w->marked)
        return miss(expected, found, "a mark of the lab", r->what, "none: nothing was spoiled");
    if (r->notices.host ? !w->as_predicted : w->noticed)
        return miss(expected, found, "notices first", sign_words(&r->notices, words), w->first);
    if (r->fault ? !w->faulted : *w->faults && !r->ends)
        return miss(expected, found, "fault", r->fault ? r->fault : "none", *w->faults ? w->faults : "none");
    if (r->answered.host && !w->answered)
        return miss(expected, found, "answer", sign_words(&r->answered, words), "nothing like it");
    if (strcmp(r->ends ? r->ends : "a whole page", ends) != 0)
        return miss(expected, found, "the visit ends with", r->ends ? r->ends : "a whole page", ends);
    return true;
}

/* A visit with this row's break, watched. False: it could not begin. */
static bool run(const struct break_row *row, uint64_t seed, const struct tls_suite *suite, struct break_watch *watch,
                struct fault *why)
{
    struct break_wish wish;
    struct view *views[] = { &watch->view };
    struct sealed_visit_config c = { .seed = seed, .size = MADE_PAGE_SIZE, .group = TLS_X25519,
                                     .wires = { .delay = SEALED_DELAY_MS * MILLISECOND },
                                     .suite = suite ? suite : sealed_visit_suite(TLS_KX_ECDHE, KEY_RSA),
                                     .breaks = &wish, .n_breaks = 1 };
    break_usual(row, &wish);
    break_watch_start(watch, row);
    url_parse("https://www.example.test/", &c.url, why);
    break_needs(row, &c, &(struct break_free){ .suite = !suite, .group = true, .url = true, .size = true });
    return sealed_visit_run(&c, views, 1, why);
}

/* Can somebody outside tell it from the other, which must look the same? */
static bool looks_alike(const struct break_watch *watch, uint64_t seed, const struct tls_suite *suite)
{
    struct break_wish other;
    struct break_watch others;
    struct fault why = { 0 };
    char sentence[BREAK_SENTENCE];
    if (!watch->row->alike)
        return true;
    return break_read(watch->row->alike, &other, sentence) && run(other.row, seed, suite, &others, &why)
           && watch->outside == others.outside;
}

bool break_check(const struct break_row *row, uint64_t seed, const struct tls_suite *suite,
                 char expected[BREAK_FOUND], char found[BREAK_FOUND])
{
    struct break_watch watch;
    struct fault why = { 0 };
    if (!run(row, seed, suite, &watch, &why))
        return miss(expected, found, "a visit", "one that begins", why.came);
    return judge(&watch, &why, expected, found)
           && (looks_alike(&watch, seed, suite)
               || miss(expected, found, "packets and times that nobody can tell from those of", row->alike, "others"));
}

/* visit.c - `vitrine visit`: the whole visit in the sealed world, shown. */
#include "cmd/step.h"
#include "cmd/tcp_wish.h"
#include "cmd/what_if.h"
#include "cmd/wires.h"
#include "cmd/wanted_tls.h"
#include "cmd/words.h"
#include "http/breaks_check.h"
#include "http/made_pages.h"
#include "trace/show.h"

#include <stdlib.h>
#include <string.h>

enum { STOPPED = 130 };                               /* what a shell says of a Ctrl-C */

/* --break: did anything happen? A packet of that number may never have been sent. */
struct tally { struct view view; unsigned packets, marks; };

static void tally_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct tally *y = (struct tally *)v;
    (void)t;
    y->packets += e->kind == EVENT_PACKET;
    y->marks += e->kind == EVENT_MARK && strcmp(e->layer, "lab") == 0;
}

/* -o: the page, as it comes. Further targets belong to the page but are not it. */
struct page_file { struct visit_sink sink; struct file_sink file; };

static bool page_body(struct visit_sink *s, unsigned which, struct bytes b)
{
    struct page_file *p = (struct page_file *)s;
    return which > 0 || !p->file.file || p->file.sink.write(&p->file.sink, b.at, b.n);
}

/* The suite that --cipher, or --kx and --cert, ask for. */
static const struct tls_suite *suite_wanted(const char *const *values)
{
    const char *kx = values[OPT_KX], *cert = values[OPT_CERT_KIND];
    enum key_kind auth = cert && strcmp(cert, "ecdsa") == 0 ? KEY_P256 : KEY_RSA;
    if (values[OPT_CIPHER]) {
        const struct tls_suite *s = tls_suite_named(values[OPT_CIPHER]);
        if (!s) {
            complain("vitrine visit: --cipher is one of these, not %s:", values[OPT_CIPHER]);
            for (size_t i = 0; i < tls_n_suites; i++)
                fprintf(stderr, "  %-45s %s\n", tls_suites[i].name, tls_suites[i].openssl);
        } else if (cert && !tls_auth_fits(s->auth, auth)) {
            complain("vitrine visit: %s needs a certificate with %s key, and --cert says %s",
                     s->name, s->auth == TLS_AUTH_RSA ? "an RSA" : "an ECDSA", cert);
            return NULL;
        }
        return s;
    }
    enum tls_kx kind = !kx || strcmp(kx, "ecdhe") == 0 ? TLS_KX_ECDHE : *kx == 'r' ? TLS_KX_RSA : TLS_KX_DHE;
    const struct tls_suite *s = sealed_visit_suite(kind, auth);
    if (!s && kind == TLS_KX_RSA)
        complain("vitrine visit: the RSA key exchange encrypts under the certificate's RSA key; it cannot "
                 "go with --cert ecdsa");
    else if (!s)
        complain("vitrine visit: DHE is signed with the certificate's RSA key here; it cannot go with --cert ecdsa");
    return s;
}

/* --group, or what is usual for this kind of exchange. A group of the other kind is offered, and of no use. */
static uint16_t group_wanted(const char *name, const struct tls_suite *suite)
{
    return (uint16_t)(name ? tls_group_named(name) : suite->kx == TLS_KX_DHE ? TLS_FFDHE2048 : TLS_X25519);
}

/* --break, each time it was given. What a break needs of the visit it gets where nobody wished otherwise. */
static bool breaks_wanted(const char *const *values, bool any_url, struct sealed_visit_config *c,
                          struct break_wish wishes[BREAKS_MOST])
{
    const struct break_free free_to = { .suite = !values[OPT_CIPHER] && !values[OPT_KX] && !values[OPT_CERT_KIND],
                                        .group = !values[OPT_GROUP], .url = any_url, .size = !values[OPT_SIZE] };
    char sentence[BREAK_SENTENCE], shown[2 * BREAK_SENTENCE];
    const char *text = values[OPT_BREAK];
    for (c->breaks = wishes; text; text = values[OPT_MORE + c->n_breaks - 1]) {
        struct break_wish *w = &wishes[c->n_breaks++];
        if (!break_read(text, w, sentence)) {
            complain("vitrine visit: --break: %s", show_string(sentence, shown, sizeof shown));
            return false;
        }
        break_needs(w->row, c, &free_to);
        if (c->n_breaks == BREAKS_MOST)
            break;
    }
    for (unsigned i = 0; i < c->n_breaks; i++)
        if (!break_goes(wishes[i].row, c->suite, c->group, c->url.https, sentence)) {
            complain("vitrine visit: --break: %s", sentence);
            return false;
        }
    return true;
}

static bool wanted(const char *const *values, const char *url, struct sealed_visit_config *c,
                   struct break_wish wishes[BREAKS_MOST], int *code)
{
    struct fault why = { 0 };
    *c = (struct sealed_visit_config){ .seed = 1, .size = MADE_PAGE_SIZE, .ipv6 = values[OPT_IPV6] != NULL,
                                        .resume = values[OPT_RESUME] != NULL, .grease = values[OPT_GREASE] != NULL };
    *code = 2;
    if (values[OPT_SEED] && !option_number(OPT_SEED, values[OPT_SEED], UINT64_MAX, &c->seed))
        return false;
    if (values[OPT_SIZE] && !option_number(OPT_SIZE, values[OPT_SIZE], UINT64_C(1) << 32, &c->size))
        return false;
    if (!wires_wanted(values, &c->wires) || !tcp_wished(values, &c->stack) || !(c->suite = suite_wanted(values)))
        return false;
    if (!wanted_limits(values, &c->record_size_limit, &c->max_fragment))
        return false;
    c->group = group_wanted(values[OPT_GROUP], c->suite);
    if (url_parse(url ? url : "https://www.example.test/", &c->url, &why))
        return breaks_wanted(values, !url, c, wishes);
    words_fault(stderr, &why);
    *code = words_exit(&why);
    return false;
}

/* `recording`: what a thief has, when the server's key is stolen; NULL: it is not.
 * Until all is over, or nobody wants to see more: then what was written so far is whole. */
static void run(const struct sealed_visit_config *config, const struct step *step, struct tape *recording,
                struct fault *why)
{
    struct sealed_visit *v = sealed_visit_new(config, why);
    if (!v)
        return;
    while (!step_quit(step) && sealed_visit_turn(v))
        ;
    if (!step_quit(step))
        sealed_visit_outcome(v, why);
    if (!step_quit(step) && recording)
        sealed_visit_steal(v, recording);
    sealed_visit_free(v);
}

/* The last words, behind all that the views had to say; the exit code. */
static int conclude(const struct fault *why, FILE *words, const char *capture)
{
    if (why->ground) {
        fflush(words);
        words_fault(stderr, why);
        return words_exit(why);
    }
    if (capture && strcmp(capture, "-") != 0)
        words_print(words, "\nThe capture is in %s, with the secrets inside. Open it:  wireshark %s\n", capture,
                    capture);
    return 0;
}

/* `zone`: what the resolver knows; NULL: as usual. */
static int visit(const char *const *values, const char *const *arguments, unsigned n, struct bytes zone)
{
    struct sealed_visit_config config;
    struct break_wish wishes[BREAKS_MOST];
    struct page_file page = { .sink = { .body = page_body } };
    struct watching watching;
    struct what_ifs what_ifs;
    struct step_config steps;
    struct tally tally = { .view = { .event = tally_event } };
    int code = 2;
    if (!wanted(values, n ? arguments[0] : NULL, &config, wishes, &code) || !step_wanted(values, &steps))
        return code;
    config.zone = (const char *)zone.at;
    config.zone_n = zone.n;
    if (!watch_can_write(values, NULL) || !what_ifs_read(&what_ifs, values[OPT_WHAT_IF], &config))
        return 2;
    FILE *words = watch_words(values);
    if (values[OPT_OUTPUT] && !file_sink_open(&page.file, values[OPT_OUTPUT], false, ""))
        return 23;
    bool opened = watch_open(&watching, values, false, words, SEALED_START,
                             config.ipv6 ? sealed_visit_name_hosts6 : sealed_visit_name_hosts) &&
                  (!values[OPT_STEAL_KEY] || watch_tape(&watching));
    struct step *step = NULL;
    if (opened && step_asked(values)) {
        steps.watching = &watching;
        opened = (step = step_new(&steps)) != NULL;
    }
    if (opened && config.n_breaks)
        trace_attach(watching.trace, &tally.view);
    watching.page.url = n ? arguments[0] : NULL;
    watching.page.seeded = true;
    watching.page.seed = config.seed;
    config.trace = watching.trace;
    config.sink = &page.sink;
    struct fault why = { 0 };
    if (opened)
        run(&config, step, values[OPT_STEAL_KEY] ? watching.tape : NULL, &why);
    opened = opened && what_ifs_run(&what_ifs, &config, &watching.page);
    bool views = watch_close(&watching), stopped = step_stopped(step), written = file_sink_close(&page.file) && views;
    what_ifs_free(&what_ifs);
    step_free(step);
    if (!opened || stopped)
        return opened ? STOPPED : 23;
    if (config.n_breaks && !tally.marks)
        words_print(words, "\nNothing was spoiled: this visit has %u packets.\n", tally.packets);
    code = conclude(&why, words, values[OPT_PCAP]);
    return code ? code : written ? 0 : 23;
}

int visit_run(const struct command *self, const char *const *values, const char *const *arguments, unsigned n)
{
    enum { ZONE_FILE_MOST = 16 << 20 };
    const char *name = values[OPT_ZONE], *why;
    size_t zone_n = 0;
    char *zone = name ? file_read(name, ZONE_FILE_MOST, &zone_n, &why) : NULL;
    (void)self;
    if (name && !zone) {
        complain("vitrine visit: cannot read the zone in %s: %s", name, why);
        return 2;
    }
    int code = visit(values, arguments, n, (struct bytes){ (const uint8_t *)zone, zone_n });
    free(zone);
    return code;
}

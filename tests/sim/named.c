/* What is told of a visit, on good wires and bad ones, of visits that succeed, that fail and that are broken: each line of JSON is one
 * JSON object; each event says who, what, where the RFC has it, and why; the causes lead back to the URL that was typed,
 * to a server's start, or to what the lab did unasked; and every octet of every packet, lost and repeated ones too, has a name. */
#include "http/breaks_check.h"
#include "http/made_pages.h"
#include "net/tcp.h"
#include "tests/lib/check.h"
#include "tests/lib/json_line.h"
#include "tls/machine.h"
#include "trace/machine.h"
#include "trace/views.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LINE = 1 << 18 };

/* ---- each line ---- */

struct lines { struct sink sink; char line[LINE]; size_t n; uint64_t told; char last[256]; };

static void line_over(struct lines *l)
{
    const char *fault = json_line_fault(l->line, l->n);
    if (fault)
        ck_abort_msg("%s: %.*s", fault, (int)(l->n < 400 ? l->n : 400), l->line);
    snprintf(l->last, sizeof l->last, "%.*s", (int)(l->n < sizeof l->last ? l->n : 0), l->line);
    l->n = 0;
    l->told++;
}

static bool lines_write(struct sink *s, const void *bytes, size_t n)
{
    struct lines *l = (struct lines *)s;
    for (const char *c = bytes; n; c++, n--)
        if (*c == '\n')
            line_over(l);
        else if (l->n < LINE)
            l->line[l->n++] = *c;
        else
            ck_abort_msg("a line of more than %d characters", LINE);
    return true;
}

/* ---- each event ---- */

struct judge { struct view view; event_no n; nsec t; };

/* Nothing that was told came before these. */
static bool begins_a_visit(const struct event *e)
{
    return (e->kind == EVENT_MARK && strcmp(e->name, "url") == 0)
        || (e->kind == EVENT_MARK && strcmp(e->name, "server_key") == 0 && e->host == SEALED_WEB)
        || (e->kind == EVENT_STATE && strcmp(e->name, "LISTEN") == 0
            && (e->host == SEALED_WEB || e->host == SEALED_RESOLVER || e->host == SEALED_ATTACKER))
        || (e->kind == EVENT_MARK && strcmp(e->layer, "lab") == 0);
}

/* "RFC 9293 §3.10.7.4", or a whole one: "RFC 768"; or several: "RFC 3522, RFC 3708". */
static bool cites_rfc(const char *rfc)
{
    while (rfc) {
        unsigned number = 0;
        int end = 0;
        if (sscanf(rfc, "RFC %u%n", &number, &end) != 1 || !number)
            return false;
        rfc += end;
        if (!*rfc)
            return true;
        if (strncmp(rfc, ", ", 2) != 0 && strncmp(rfc, " §", 3) != 0 && strncmp(rfc, " Appendix ", 10) != 0)
            return false;
        const char *next = strstr(rfc, ", RFC ");
        if (!next)
            return strncmp(rfc, ", ", 2) != 0;
        rfc = next + 2;
    }
    return false;
}

/* A state is a row of the table that drives the code, in the table's own words. */
static bool is_no_row(const struct event *e)
{
    static struct machine machines[4];
    tcp_machine(&machines[0]);
    tls_machine(false, &machines[1]);
    tls_machine(true, &machines[2]);
    tcp_congestion_machine(&machines[3]);
    for (size_t i = 0; i < 4; i++)
        if (strcmp(machines[i].name, event_text(e, "machine")) == 0) {
            const struct machine_row *r = machine_find(&machines[i], event_text(e, "from"), event_text(e, "to"),
                                                       event_text(e, "trigger"));
            return !r || strcmp(r->rfc, e->rfc) != 0 || strcmp(e->name, machines[i].states[r->to].name) != 0;
        }
    return true;
}

/* A cause is an event told before; so causes lead back to what has none. */
static void judge_event(struct view *v, const struct trace *t, const struct event *e)
{
    static const char *const layers[] = { "wire", "ip", "icmp", "udp", "dns", "tcp", "tls", "x509", "http",
                                          "visit", "story", "lab", "happy" };
    struct judge *j = (struct judge *)v;
    bool known = false;
    for (size_t i = 0; e->layer && i < sizeof layers / sizeof *layers; i++)
        known |= strcmp(e->layer, layers[i]) == 0;
    const char *fault = !e->name || !*e->name       ? "without a name"
                        : !known                    ? "of no layer"
                        : !e->by || !*e->by         ? "without who speaks"
                        : !trace_host_of(t, e->host) ? "at no host"
                        : !cites_rfc(e->rfc)        ? "without an RFC"
                        : e->cause >= e->n          ? "because of what came later"
                        : !e->cause && !begins_a_visit(e) ? "without a cause"
                        : e->kind == EVENT_STATE && is_no_row(e) ? "a state that no row leads to"
                        : e->n != j->n + 1          ? "out of order"
                        : e->t < j->t               ? "before the one before it" : NULL;
    if (fault)
        ck_abort_msg("n%" PRIu64 " is %s: %s %s %s, by %s, %s", e->n, fault, event_kind_name(e->kind), e->layer, e->name,
                     e->by, e->rfc ? e->rfc : "-");
    j->n = e->n;
    j->t = e->t;
}

/* ---- visits ---- */

struct outcome { bool whole; uint64_t packets, octets; };

static struct outcome judged(const char *url, const struct sealed_visit_config *wish)
{
    static struct lines lines;
    struct sealed_visit_config c = *wish;
    struct judge judge = { .view = { .event = judge_event } };
    struct fault why = { 0 };
    struct outcome o;
    uint64_t named = 0;
    lines = (struct lines){ .sink = { .write = lines_write } };
    struct view *json = json_view_new(&lines.sink, true);
    c.trace = trace_new(SEALED_START);
    (c.ipv6 ? sealed_visit_name_hosts6 : sealed_visit_name_hosts)(c.trace);
    trace_attach(c.trace, &judge.view);
    trace_attach(c.trace, json);
    ck_assert_msg(url_parse(url, &c.url, &why), "%s: %s", url, why.came);
    struct sealed_visit *v = sealed_visit_new(&c, &why);
    ck_assert_msg(v != NULL, "%s", why.came);
    while (sealed_visit_turn(v))
        ;
    o.whole = sealed_visit_whole(v);
    trace_end(c.trace);
    sealed_visit_free(v);
    view_free(json);
    trace_free(c.trace);
    ck_assert_uint_eq(lines.n, 0);
    ck_assert_msg(sscanf(lines.last, "{\"kind\":\"summary\",\"packets\":%" SCNu64 ",\"bytes\":%" SCNu64 ",\"named\":%" SCNu64 "}",
                         &o.packets, &o.octets, &named) == 3, "the last line is %s", lines.last);
    ck_assert_msg(named == o.octets, "%s --break %s --seed %" PRIu64 " --size %" PRIu64 " --cipher %s: %" PRIu64 " of %" PRIu64
                  " octets have names", url, c.n_breaks ? c.breaks->text : "nothing", c.seed, c.size, c.suite->name, named, o.octets);
    return o;
}

static const uint64_t sizes[] = { 0, 1, 16384, 16385, 100000 };
enum { SIZES = sizeof sizes / sizeof *sizes };

static struct sealed_visit_config wish_of(uint64_t seed, const struct tls_suite *suite, struct wires wires)
{
    wires.delay = wires.delay ? wires.delay : 10 * MILLISECOND;
    return (struct sealed_visit_config){ .seed = seed, .size = sizes[seed % SIZES], .wires = wires, .suite = suite,
                                         .group = seed / SIZES % 2 ? TLS_SECP256R1 : TLS_X25519 };
}

START_TEST(every_suite_group_and_size)
{
    for (size_t s = 0; s < tls_n_suites; s++)
        for (uint64_t seed = 0; seed < (sealed_visit_offers(&tls_suites[s]) ? 2 * SIZES : 2); seed++) {
            struct sealed_visit_config c = wish_of(seed, &tls_suites[s], (struct wires){ 0 });
            struct outcome o = judged(seed % 2 ? "https://www.example.test/" : "https://a.b-c.test:8443/x/?y=%5A", &c);
            ck_assert_msg(o.whole, "seed %" PRIu64 ", %s", seed, c.suite->name);
            ck_assert_uint_gt(o.octets, c.size);
        }
}
END_TEST

START_TEST(long_names_and_paths)
{
    char url[URL_TARGET + URL_HOST];
    struct sealed_visit_config c = wish_of(3, &tls_suites[2], (struct wires){ 0 });
    snprintf(url, sizeof url, "https://%060d.%060d.%060d.test/", 1, 2, 3);
    ck_assert(judged(url, &c).whole);
    for (int n = 60; n < URL_TARGET; n = n * 5 / 2) {
        snprintf(url, sizeof url, "https://a.test/%0*d?%0*d", n / 2, 1, n / 3, 2);
        ck_assert(judged(url, &c).whole);
    }
}
END_TEST

START_TEST(whatever_wires_do)
{
    for (uint64_t seed = 1; seed <= 48; seed++) {
        static const struct wires kinds[] = {
            { .loss = 50, .dup = 30, .reorder = 50, .corrupt = 30, .delay = 20 * MILLISECOND }, { .loss = 200 },
            { .dup = 500 }, { .reorder = 500 }, { .corrupt = 150 }, { .corrupt = 100, .dup = 100, .delay = SECOND },
            { .loss = 600 }, { .loss = 300, .dup = 300, .reorder = 300, .corrupt = 300, .delay = 1 } };
        struct sealed_visit_config c = wish_of(seed, &tls_suites[seed % tls_n_suites], kinds[seed % 8]);
        judged(seed % 5 ? "https://www.example.test/" : "http://www.example.test/", &c);
    }
}
END_TEST

/* All that goes over IPv4 goes over IPv6. */
START_TEST(over_ipv6)
{
    for (uint64_t seed = 1; seed <= 2 * SIZES; seed++) {
        struct wires bad = { .loss = 50, .dup = 30, .reorder = 50, .corrupt = 30, .delay = 20 * MILLISECOND };
        struct sealed_visit_config c = wish_of(seed, &tls_suites[seed % tls_n_suites], (struct wires){ 0 });
        c.ipv6 = true;
        ck_assert(judged("https://www.example.test/", &c).whole);
        c.wires = bad;
        judged("https://www.example.test/", &c);
    }
}
END_TEST

/* Every break, in visits of each kind of suite that it goes with; on URLs of their own those that need one. */
START_TEST(whatever_is_broken)
{
    const struct break_row *r;
    for (unsigned i = 0; (r = break_row(i)) != NULL; i++)
        for (size_t k = 0; k < tls_n_suites; k++) {
            struct break_wish wish;
            struct sealed_visit_config c = wish_of(2, &tls_suites[(i + k) % tls_n_suites], (struct wires){ 0 });
            c.size = r->size ? r->size : MADE_PAGE_SIZE;
            c.breaks = &wish;
            c.n_breaks = 1;
            break_usual(r, &wish);
            if (!sealed_visit_offers(c.suite))
                continue;
            bool https = !r->url || strncmp(r->url, "https", 5) == 0;
            if (break_goes(r, c.suite, c.group, https, NULL))
                judged(r->url ? r->url : "https://www.example.test/", &c);
        }
}
END_TEST

START_TEST(visits_that_fail)
{
    static const char *const urls[] = {
        "https://www.example.com/", "https://nobody.invalid/", "https://localhost/", "https://browser/", "https://10.0.0.80/",
        "https://10.0.0.53/", "https://10.0.0.99/", "https://[::1]/", "http://255.255.255.255/" };
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct sealed_visit_config c = wish_of(i, &tls_suites[i % tls_n_suites], (struct wires){ 0 });
        ck_assert_msg(!judged(urls[i], &c).whole, "%s came", urls[i]);
    }
    struct sealed_visit_config deaf = wish_of(1, &tls_suites[0], (struct wires){ .loss = 1000 });
    struct outcome o = judged("https://www.example.test/", &deaf);
    ck_assert(!o.whole);
    ck_assert_uint_eq(o.packets, 10);
}
END_TEST

int main(void)
{
    return check_run("named", (const TTest *[]){ every_suite_group_and_size, long_names_and_paths, whatever_wires_do, over_ipv6,
                                                   whatever_is_broken, visits_that_fail, NULL });
}

/* What a filter asks of a field is found by where the field stands, the first time and the next. */
#include "cmd/filter_names.h"
#include "cmd/sieve_paths.h"
#include "tests/lib/check.h"
#include "trace/tape.h"

#include <stdio.h>
#include <string.h>

enum { DEEP = 32 };

/* "packet/tcp/window", step by step. */
static struct sieve_path walk(struct sieve_paths *p, const char *path)
{
    char copy[512], *part[DEEP];
    size_t n = 0;
    snprintf(copy, sizeof copy, "%s", path);
    for (char *at = strtok(copy, "/"); at && n < DEEP; at = strtok(NULL, "/"))
        part[n++] = at;
    ck_assert_uint_ge(n, 2);
    ck_assert(sieve_paths_begin(p, part[0], n - 1));
    struct sieve_path last = { .name = NULL };
    for (size_t i = 0; i + 1 < n; i++)
        last = *sieve_paths_step(p, i, i ? (uint32_t)i - 1 : TAPE_ROOT, part[i + 1]);
    return last;
}

static struct sieve_paths *paths_for(const char *text, struct filter **f)
{
    struct fault why = { 0 };
    *f = filter_new(text, filter_name, &why);
    ck_assert_msg(*f != NULL, "%s", text);
    struct sieve_paths *p = sieve_paths_new(*f);
    ck_assert_ptr_nonnull(p);
    return p;
}

static void end(struct sieve_paths *p, struct filter *f)
{
    sieve_paths_free(p);
    filter_free(f);
}

START_TEST(each_row_is_found_twice)
{
    struct filter *f;
    struct sieve_paths *p = paths_for("ip or ipv6 or tcp.flags or tls.handshake or http.response", &f);
    unsigned asked = 0;
    for (int round = 0; round < 2; round++)
        for (const struct wireshark_row *r = wireshark_rows; r->path || r->name; r++) {
            if (!r->path || strchr(r->path, '*') || !strchr(r->path, '/'))
                continue;
            bool wanted = r->name && filter_asks(f, r->name);
            struct sieve_path s = walk(p, r->path);
            ck_assert_msg(wanted ? s.name && strcmp(s.name, r->name) == 0 && s.way == r->way : !s.name, "%s", r->path);
            asked += wanted;
        }
    ck_assert_uint_gt(asked, 10);
    end(p, f);
}
END_TEST

/* It was "not asked for" as soon as the first name was. */
START_TEST(a_field_has_both_its_names)
{
    struct filter *f;
    struct sieve_paths *p = paths_for("ip.src == 10.0.0.1 or ip.addr == 10.0.0.9", &f);
    struct sieve_path s = walk(p, "packet/ip/source_address");
    ck_assert_str_eq(s.name, "ip.src");
    ck_assert_str_eq(s.also, "ip.addr");
    s = walk(p, "packet/ip/destination_address");
    ck_assert_ptr_null(s.name);
    ck_assert_str_eq(s.also, "ip.addr");
    end(p, f);
}
END_TEST

START_TEST(names_of_parts)
{
    struct filter *f;
    struct sieve_paths *p = paths_for("dns.qry.name contains \"x\"", &f);
    ck_assert_int_eq(walk(p, "query/question/label").joins, SIEVE_LABEL);
    ck_assert_int_eq(walk(p, "query/question/qtype").joins, SIEVE_QTYPE);
    ck_assert_int_eq(walk(p, "request/header/name").joins, SIEVE_ALONE);
    end(p, f);
    p = paths_for("http.host == \"x\"", &f);
    ck_assert_int_eq(walk(p, "request/header/name").joins, SIEVE_HEADER_NAME);
    ck_assert_int_eq(walk(p, "request/header/value").joins, SIEVE_HEADER_VALUE);
    ck_assert_int_eq(walk(p, "query/question/label").joins, SIEVE_ALONE);
    end(p, f);
}
END_TEST

START_TEST(whether_fields_are_wanted)
{
    static const struct { const char *text; bool any; } tries[] = {
        { "frame.number < 10 and tcp.retransmission", false }, { "tcp.stream == 3 || tls", false },
        { "tcp.port == 443", true }, { "http.user_agent", true }, { "dns.qry.name", true }, { "ip.ttl < 9", true },
        { "tls.handshake", true } };
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct filter *f;
        struct sieve_paths *p = paths_for(tries[i].text, &f);
        ck_assert_msg(sieve_paths_any(p) == tries[i].any, "%s", tries[i].text);
        end(p, f);
    }
}
END_TEST

/* Names that no program would have: the table begins anew, and what it says stays right. */
START_TEST(more_paths_than_there_is_room_for)
{
    struct filter *f;
    struct sieve_paths *p = paths_for("ip.ttl == 1", &f);
    for (unsigned i = 0; i < 20000; i++) {
        char path[64];
        snprintf(path, sizeof path, "packet/ip/odd_%u", i);
        ck_assert_ptr_null(walk(p, path).name);
        if (i % 500 == 0)
            ck_assert_str_eq(walk(p, "packet/ip/time_to_live").name, "ip.ttl");
    }
    ck_assert(sieve_paths_begin(p, "packet", 20001));
    sieve_paths_step(p, 0, TAPE_ROOT, "ip");
    for (uint32_t i = 1; i < 20001; i++) {
        char name[32];
        snprintf(name, sizeof name, "very_odd_%u", i);
        ck_assert_ptr_null(sieve_paths_step(p, i, 0, name)->name);
    }
    ck_assert_str_eq(walk(p, "packet/ip/time_to_live").name, "ip.ttl");
    end(p, f);
}
END_TEST

int main(void)
{
    return check_run("sieve_paths", (const TTest *[]){ each_row_is_found_twice, a_field_has_both_its_names,
                                                       names_of_parts, whether_fields_are_wanted,
                                                       more_paths_than_there_is_room_for, NULL });
}

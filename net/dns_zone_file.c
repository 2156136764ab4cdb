/* dns_zone_file.c - a master file (RFC 1035 §5.1). */
#include "net/dns_zone.h"
#include "trace/ascii.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ground broken_line = { "dns.zone_line", "RFC 1035 §5.1" };
static const struct ground too_many    = { "dns.zone_too_large", "RFC 1035 §5.1" };

enum { WORDS_MOST = 16, WORD = 300 };

/* One entry: its words, over several lines where it has parentheses; and what is remembered from one to the next. */
struct reader {
    const char *at, *end;
    unsigned line, began;
    char words[WORDS_MOST][WORD]; unsigned n;
    bool owner_left_out;                              /* the entry begins with white space: the owner is the last one */
    char origin[DNS_NAME], owner[DNS_NAME];
    bool wildcard;
    uint32_t ttl;
    struct zone *zone;
    struct fault *why;
};

static bool bad(struct reader *r, const char *expected, const char *came)
{
    char about[24];
    snprintf(about, sizeof about, "line %u", r->began);
    return refuse_about(r->why, &broken_line, about, expected, "%.60s", came);
}

/* ---- words ---- */

static bool add_word(struct reader *r, const char *from, const char *to)
{
    size_t n = (size_t)(to - from);
    if (r->n == WORDS_MOST || n >= WORD)
        return bad(r, "an entry of sixteen short words at most", "a longer one");
    memcpy(r->words[r->n], from, n);
    r->words[r->n++][n] = '\0';
    return true;
}

static bool ends_word(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || strchr("();\"", c); }

/* A word, or a text between quotation marks. */
static bool take_word(struct reader *r)
{
    const char *from = r->at;
    bool quoted = *from == '"';
    for (r->at++; r->at < r->end && (quoted ? *r->at != '"' && *r->at != '\n' : !ends_word(*r->at)); r->at++)
        ;
    if (!quoted)
        return add_word(r, from, r->at);
    if (r->at == r->end || *r->at != '"')
        return bad(r, "a text that ends", "one without its second quotation mark");
    return add_word(r, from + 1, r->at++);
}

static void skip_comment(struct reader *r)
{
    while (r->at < r->end && *r->at != '\n')
        r->at++;
}

/* The next entry's words; false at the end of the file, or with a fault. */
static bool take_entry(struct reader *r)
{
    unsigned depth = 0;
    r->n = 0;
    r->began = r->line + 1;
    r->owner_left_out = r->at < r->end && (*r->at == ' ' || *r->at == '\t');
    while (r->at < r->end) {
        char c = *r->at;
        r->line += c == '\n';
        if (c == ';') {
            skip_comment(r);
        } else if (c == '(' || c == ')') {
            if (c == ')' && !depth)
                return bad(r, "as many ( as )", ")");
            depth = c == '(' ? depth + 1 : depth - 1;
            r->at++;
        } else if (c == '\n' && !depth) {
            r->at++;
            if (r->n)
                return true;
            r->began = r->line + 1;
            r->owner_left_out = r->at < r->end && (*r->at == ' ' || *r->at == '\t');
        } else if (c == '\n' || c == ' ' || c == '\t' || c == '\r') {
            r->at++;
        } else if (!take_word(r)) {
            return false;
        }
    }
    return depth ? bad(r, "as many ) as (", "the end of the file") : r->n > 0;
}

/* ---- names and numbers ---- */

/* "@", one with a dot at its end, or one below the origin. */
static bool take_name(struct reader *r, const char *word, char name[DNS_NAME])
{
    char whole[WORD + DNS_NAME + 1];
    size_t n = strlen(word);
    if (strcmp(word, "@") == 0)
        memcpy(name, r->origin, DNS_NAME);
    else if (strcmp(word, ".") == 0)
        name[0] = '\0';
    else {
        bool whole_already = n && word[n - 1] == '.';
        snprintf(whole, sizeof whole, "%s%s%s", word, whole_already || !*r->origin ? "" : ".",
                 whole_already ? "" : r->origin);
        if (!dns_tidy_name(whole, name, NULL))
            return bad(r, "a name", word);
    }
    return true;
}

/* "*" or "*.shop": what stands behind it. */
static bool take_owner(struct reader *r, const char *word)
{
    r->wildcard = word[0] == '*' && (!word[1] || word[1] == '.');
    return take_name(r, !r->wildcard ? word : word[1] ? word + 2 : "@", r->owner);
}

/* Seconds, or with BIND's letters: 1h30m. */
static bool take_seconds(const char *word, uint32_t *out)
{
    static const struct { char letter; uint32_t seconds; } units[] = {
        { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 } };
    uint64_t all = 0, v = 0;
    bool digits = false;
    for (; *word; word++) {
        uint32_t unit = 0;
        for (unsigned i = 0; i < sizeof units / sizeof *units; i++)
            if (ascii_lower(*word) == units[i].letter)
                unit = units[i].seconds;
        if (*word >= '0' && *word <= '9')
            v = v * 10 + (unsigned)(*word - '0'), digits = true;
        else if (unit && digits)
            all += v * unit, v = 0, digits = false;
        else
            return false;
        if (all + v > INT32_MAX)
            return false;
    }
    *out = (uint32_t)(all + v);
    return true;
}

/* ---- records ---- */

static bool is_word(const char *word, const char *upper)
{
    for (; *word && ascii_upper(*word) == *upper; word++, upper++)
        ;
    return !*word && !*upper;
}

static uint16_t type_of(const char *word)
{
    static const uint16_t known[] = { DNS_TYPE_A, DNS_TYPE_NS, DNS_TYPE_CNAME, DNS_TYPE_SOA, 12, DNS_TYPE_MX,
                                      DNS_TYPE_TXT, DNS_TYPE_AAAA, 33, 43, 46, 65 };
    for (unsigned i = 0; i < sizeof known / sizeof *known; i++)
        if (is_word(word, dns_type_words(known[i])))
            return known[i];
    return 0;
}

static bool keep(struct reader *r, const struct dns_record *record)
{
    struct zone *z = r->zone;
    if (z->n == z->room) {
        unsigned room = z->room ? 2 * z->room : 16;
        struct zone_record *more = room <= ZONE_MOST ? realloc(z->records, room * sizeof *more) : NULL;
        if (!more)
            return refuse(r->why, &too_many, "a zone of at most 4096 records", "a larger one");
        z->records = more;
        z->room = room;
    }
    z->records[z->n++] = (struct zone_record){ *record, r->wildcard };
    return true;
}

static bool take_soa(struct reader *r, unsigned at, uint32_t ttl)
{
    struct dns_soa s = { .here = true, .ttl = ttl };
    uint32_t *numbers[] = { &s.serial, &s.refresh, &s.retry, &s.expire, &s.minimum };
    if (r->n != at + 7 || r->zone->soa.here)
        return bad(r, "one SOA: two names and five numbers", r->zone->soa.here ? "a second one" : "something else");
    memcpy(s.zone, r->owner, sizeof s.zone);
    if (!take_name(r, r->words[at], s.mname) || !take_name(r, r->words[at + 1], s.rname))
        return false;
    for (unsigned i = 0; i < 5; i++)
        if (!take_seconds(r->words[at + 2 + i], numbers[i]))
            return bad(r, "a number", r->words[at + 2 + i]);
    r->zone->soa = s;
    return true;
}

static bool take_rdata(struct reader *r, unsigned at, struct dns_record *record)
{
    const char *word = at < r->n ? r->words[at] : "";
    bool six = record->type == DNS_TYPE_AAAA;
    if (record->type == DNS_TYPE_CNAME)
        return r->n == at + 1 ? take_name(r, word, record->target) : bad(r, "one name", "not one");
    if (record->type != DNS_TYPE_A && !six)
        return true;
    if (r->n != at + 1 || !addr_parse(word, strlen(word), &record->addr) || record->addr.len != (six ? 16 : 4))
        return bad(r, six ? "an IPv6 address" : "an IPv4 address", word);
    return true;
}

/* [owner] [ttl] [class] type data; ttl and class in either order. */
static bool take_record(struct reader *r)
{
    unsigned at = 0;
    struct dns_record record = { .ttl = r->ttl };
    if (!r->owner_left_out && !take_owner(r, r->words[at++]))
        return false;
    while (at < r->n && !type_of(r->words[at])) {
        if (!is_word(r->words[at], "IN") && !take_seconds(r->words[at], &record.ttl))
            return bad(r, "the type of a record", r->words[at]);
        at++;
    }
    if (at == r->n)
        return bad(r, "the type of a record", "the end of the entry");
    record.type = type_of(r->words[at++]);
    memcpy(record.name, r->owner, sizeof record.name);
    if (record.type == DNS_TYPE_SOA && !take_soa(r, at, record.ttl))
        return false;
    return take_rdata(r, at, &record) && keep(r, &record);
}

static bool take_directive(struct reader *r)
{
    if (is_word(r->words[0], "$ORIGIN") && r->n == 2)
        return take_name(r, r->words[1], r->origin);
    if (is_word(r->words[0], "$TTL") && r->n == 2 && take_seconds(r->words[1], &r->ttl))
        return true;
    return bad(r, "$ORIGIN or $TTL", r->words[0]);
}

bool zone_read(struct zone *z, const char *text, size_t n, struct fault *why)
{
    struct fault fault = { 0 };
    struct reader *r = calloc(1, sizeof *r);
    *z = (struct zone){ 0 };
    if (!r)
        return refuse(why, &too_many, "memory for a zone", "none");
    *r = (struct reader){ .at = text, .end = n ? text + n : text, .ttl = 3600, .zone = z, .why = &fault };
    while (!fault.ground && take_entry(r))
        if (r->words[0][0] == '$')
            take_directive(r);
        else
            take_record(r);
    for (unsigned i = 0; i < z->n && z->soa.here && !fault.ground; i++)
        if (!dns_name_in(z->records[i].record.name, z->soa.zone))
            refuse_about(&fault, &broken_line, z->records[i].record.name, "a name in the zone of the SOA", "another");
    free(r);
    if (!fault.ground)
        return true;
    zone_free(z);
    return refuse_about(why, fault.ground, fault.about, fault.expected, "%s", fault.came);
}

void zone_free(struct zone *z)
{
    free(z->records);
    *z = (struct zone){ 0 };
}

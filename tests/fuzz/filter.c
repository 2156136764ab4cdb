/* Any text as a filter (net/filter.h), and packets that are asked about (cmd/sieve.h): a text is a filter or says why it
 * is none; one that is negated lets through what it did not, one in parentheses the same; and what was learnt of paths
 * with the first packets changes nothing about the next.
 *
 * The text goes up to the first LF; then each packet: how many fields (3 bits), what else is told (4 and 5: a record of
 * an alert, a message), its length; then each field: which row of Wireshark's names (2 octets), octets or a number
 * (1 bit of the next), how many octets (7 bits), where they begin. */
#include "cmd/filter_names.h"
#include "cmd/sieve.h"
#include "cmd/wireshark_names.h"
#include "net/frame.h"
#include "tests/lib/seen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { TEXT = 2048, PACKETS = 12, FIELDS = 7, PATH = 512, OCTETS = 256 };
struct in { const uint8_t *at, *end; };

static void check(bool good)
{
    if (!good)
        abort();
}

static unsigned take(struct in *in) { return in->at < in->end ? *in->at++ : 0; }

static const struct wireshark_row *row(unsigned which)
{
    size_t n = 0;
    while (wireshark_rows[n].path || wireshark_rows[n].name)
        n++;
    const struct wireshark_row *r = &wireshark_rows[which % n];
    return r->path ? r : NULL;
}

/* Octets of the packet at hand, and the paths of its fields, whose names stay until the turn is over. */
static uint8_t octets[OCTETS];
static char paths[FIELDS][PATH];

/* The groups that hold a field, then itself, all of the same octets. The path's first name is the buffer's. */
static void tell_field(struct trace *t, char *path, const struct field *last)
{
    for (char *name = strchr(path, '/'), *next; name; name = next) {
        struct field f = *last;
        *name++ = 0;
        next = strchr(name, '/');
        f.name = name;
        f.type = next ? FIELD_GROUP : last->type;
        if (next)
            *next = 0;
        trace_field(t, &f);
    }
}

static void tell_packet(struct trace *t, struct in *in, unsigned how, uint64_t number)
{
    trace_count(t, 'p', number);
    const buf_no buf = trace_buf(t, 'p');
    uint32_t at = 0;
    for (unsigned i = 0; i < (how & FIELDS); i++) {
        const struct wireshark_row *r = row(take(in) | take(in) << 8);
        unsigned shape = take(in), from = take(in);
        uint32_t n = shape & 0x7f;
        if (!r || at + n > OCTETS)
            continue;
        for (uint32_t k = 0; k < n; k++)
            octets[at + k] = (uint8_t)(from + k);
        snprintf(paths[i], PATH, "%s", r->path);
        tell_field(t, paths[i], &(struct field){ .buf = buf, .off = at, .len = n, .number = (uint64_t)from << n % 64,
                                                 .type = shape & 0x80 ? FIELD_BYTES : FIELD_NUMBER });
        at += n;
    }
    trace_emit(t, &(struct event){ .kind = EVENT_PACKET, .layer = "wire", .name = "packet", .buf = buf,
                                   .bytes = { octets, at } });
    const uint8_t alert[] = { 21, 3, 3, 0, 2, 2, 40 };
    if (how & 16)
        trace_emit(t, &(struct event){ .kind = EVENT_RECORD, .layer = "tls", .name = "record", .buf = trace_buf(t, 'r'),
                                       .bytes = { alert, sizeof alert } });
    if (how & 32)
        trace_emit(t, &(struct event){ .kind = EVENT_MESSAGE, .layer = how & 64 ? "http" : "tls",
                                       .name = how & 64 ? "request" : "ClientHello", .buf = trace_buf(t, 'm') });
}

/* One way to read the same packets: a filter of its own. */
struct reader { struct filter *filter; struct sieve *sieve; bool held[PACKETS]; };

static bool read_filter(struct reader *r, const char *before, const char *text, const char *behind, struct fault *why)
{
    static char whole[TEXT + 16];
    strcpy(whole, before);
    strcat(strcat(whole, text), behind);
    r->filter = filter_new(whole, filter_name, why);
    check((r->filter != NULL) == (why->ground == NULL));
    r->sieve = r->filter ? sieve_new(r->filter, NULL, 0) : NULL;
    return r->sieve != NULL;
}

static unsigned ask(struct reader *r, struct in in)
{
    unsigned n = 0;
    for (; n < PACKETS && in.at < in.end; n++) {
        unsigned how = take(&in), size = take(&in);
        static const uint8_t frame[255];
        const struct capture_frame f = { .number = n + 1, .has_time = true, .at = SECOND, .link = LINK_ETHERNET,
                                         .wire_n = size, .bytes = { frame, size } };
        seen_packet();
        sieve_frame(r->sieve, &f);
        tell_packet(sieve_trace(r->sieve), &in, how, n + 1);
        trace_turn(sieve_trace(r->sieve));
        r->held[n] = sieve_held(r->sieve);
    }
    return n;
}

static void end(struct reader *r)
{
    sieve_free(r->sieve);
    filter_free(r->filter);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static char text[TEXT];
    struct reader plain = { .filter = NULL }, negated = plain, again = plain;
    struct fault why = { 0 }, none = { 0 };
    size_t size = 0;
    while (size < n && size < TEXT - 1 && bytes[size] != '\n' && bytes[size])
        size++;
    memcpy(text, bytes, size);
    text[size] = 0;
    const struct in in = { bytes + size + (size < n), bytes + n };
    if (!read_filter(&plain, "", text, "", &why)) {
        check(*why.expected && (!filter_is_unknown(&why) || *why.about));
        end(&plain);
        return 0;
    }
    unsigned packets = ask(&plain, in);
    /* a text that leaves a parenthesis or a quote to its end is another in parentheses; so deep it may be too deep */
    if (read_filter(&negated, "not (", text, ")", &none) && ask(&negated, in) == packets)
        for (unsigned i = 0; i < packets; i++)
            check(negated.held[i] != plain.held[i]);
    none = (struct fault){ 0 };
    if (read_filter(&again, "((", text, "))", &none) && ask(&again, in) == packets && ask(&again, in) == packets)
        for (unsigned i = 0; i < packets; i++)
            check(again.held[i] == plain.held[i]);
    end(&plain);
    end(&negated);
    end(&again);
    return 0;
}

#include "cmd/filter_names.h"
#include "cmd/wireshark_names.h"
#include "cmd/words.h"
#include "net/flow.h"
#include "trace/ascii.h"

#include <stdio.h>
#include <string.h>

/* What no field of ours has as it stands there, or has in another type. */
static const struct { const char *name; enum filter_type type; } own[] = {
    { "frame", FILTER_FLAG }, { "frame.number", FILTER_NUMBER }, { "frame.len", FILTER_NUMBER },
    { "frame.cap_len", FILTER_NUMBER }, { "frame.time_relative", FILTER_TIME }, { "frame.time_delta", FILTER_TIME },
    { "frame.time_epoch", FILTER_TIME }, { "frame.interface_id", FILTER_NUMBER },
    { "eth", FILTER_FLAG }, { "eth.type", FILTER_NUMBER }, { "eth.src", FILTER_OCTETS }, { "eth.dst", FILTER_OCTETS },
    { "eth.addr", FILTER_OCTETS }, { "vlan", FILTER_FLAG }, { "vlan.id", FILTER_NUMBER }, { "arp", FILTER_FLAG },
    { "sll", FILTER_FLAG }, { "sll.pkttype", FILTER_NUMBER }, { "sll.hatype", FILTER_NUMBER },
    { "sll.halen", FILTER_NUMBER }, { "sll.etype", FILTER_NUMBER }, { "sll.ifindex", FILTER_NUMBER },
    { "sll.src.eth", FILTER_OCTETS },
    { "ip.addr", FILTER_ADDRESS }, { "ipv6.addr", FILTER_ADDRESS }, { "tcp.port", FILTER_NUMBER },
    { "udp.port", FILTER_NUMBER }, { "tcp.stream", FILTER_NUMBER }, { "tcp.len", FILTER_NUMBER },
    { "tcp.seq", FILTER_NUMBER }, { "tcp.nxtseq", FILTER_NUMBER }, { "tcp.ack", FILTER_NUMBER },
    { "tcp.window_size", FILTER_NUMBER }, { "tcp.flags", FILTER_NUMBER }, { "tcp.analysis", FILTER_FLAG },
    { "tcp.analysis.flags", FILTER_FLAG }, { "dns", FILTER_FLAG }, { "dns.qry.name", FILTER_TEXT },
    { "tls", FILTER_FLAG }, { "tls.record", FILTER_FLAG }, { "tls.handshake", FILTER_FLAG },
    { "tls.alert_message", FILTER_FLAG }, { "tls.handshake.type", FILTER_NUMBER }, { "tls.app_data", FILTER_FLAG },
    { "http", FILTER_FLAG }, { "http.request", FILTER_FLAG }, { "http.response", FILTER_FLAG },
    { "http.response.code", FILTER_NUMBER }, { "http.content_length_header", FILTER_TEXT },
};

static const struct { const char *name, *full; } shorts[] = {
    { .name = "tls.alert", .full = "tls.alert_message" },
    { .name = "tcp.flags.rst", .full = "tcp.flags.reset" },
    { .name = "tcp.flags.psh", .full = "tcp.flags.push" },
    { .name = "ssl", .full = "tls" },
};

static const char *const headers[] = {
    "http.host", "http.user_agent", "http.accept", "http.accept_language", "http.accept_encoding", "http.connection",
    "http.cookie", "http.set_cookie", "http.referer", "http.location", "http.server", "http.date", "http.content_type",
    "http.content_encoding", "http.transfer_encoding", "http.last_modified", "http.cache_control", "http.authorization",
    "http.www_authenticate", "http.upgrade", "http.x_forwarded_for",
};

static enum filter_type type_of(enum wireshark_way way)
{
    switch (way) {
    case WS_NUMBER: case WS_BITS: case WS_TAG: case WS_SIZE: case WS_WORDS: return FILTER_NUMBER;
    case WS_OCTETS:  return FILTER_OCTETS;
    case WS_TEXT:    return FILTER_TEXT;
    case WS_ADDRESS: return FILTER_ADDRESS;
    case WS_NONE: case WS_THEIRS: case WS_WAYS: return FILTER_UNKNOWN;
    default:         return FILTER_FLAG;
    }
}

/* "tcp.retransmission", as people write it, is "tcp.analysis.retransmission". */
static bool is_mark(char name[FILTER_NAME])
{
    size_t before = strncmp(name, "tcp.analysis.", 13) == 0 ? 13 : strncmp(name, "tcp.", 4) == 0 ? 4 : 0;
    const char *mark = before ? name + before : "";
    for (unsigned bit = 0; bit < FLOW_MARKS; bit++)
        if (strcmp(mark, flow_mark_name(bit)) == 0) {
            snprintf(name, FILTER_NAME, "tcp.analysis.%s", flow_mark_name(bit));
            return true;
        }
    return false;
}

static enum filter_type row_type(const char *name)
{
    enum filter_type best = FILTER_UNKNOWN;
    for (const struct wireshark_row *r = wireshark_rows; r->path || r->name; r++) {
        enum filter_type type = r->path && r->name && strcmp(r->name, name) == 0 ? type_of(r->way) : FILTER_UNKNOWN;
        if (type != FILTER_UNKNOWN && (best == FILTER_UNKNOWN || best == FILTER_FLAG))
            best = type;
    }
    return best;
}

enum filter_type filter_name(char name[FILTER_NAME])
{
    for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++)
        if (strcmp(shorts[i].name, name) == 0)
            snprintf(name, FILTER_NAME, "%s", shorts[i].full);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i].name, name) == 0)
            return own[i].type;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (strcmp(headers[i], name) == 0)
            return FILTER_TEXT;
    return is_mark(name) ? FILTER_FLAG : row_type(name);
}

const char *filter_header(const void *name, size_t n)
{
    const char *at = name;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        const char *want = headers[i] + sizeof "http." - 1;
        size_t same = 0;
        while (same < n && want[same] && (ascii_lower(at[same]) == want[same]
                                          || (at[same] == '-' && want[same] == '_')))
            same++;
        if (same == n && !want[same])
            return headers[i];
    }
    return NULL;
}

bool filter_asks_header(const struct filter *f)
{
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (filter_asks(f, headers[i]))
            return true;
    return false;
}

/* ---- what there is ---- */

struct list { const char *protocol; size_t n; unsigned column; };

static void print(struct list *l, const char *name)
{
    if (strncmp(name, l->protocol, l->n) != 0 || (name[l->n] && name[l->n] != '.'))
        return;
    unsigned n = (unsigned)strlen(name) + 1;
    if (l->column + n > 78) {
        fputs("\n ", stderr);
        l->column = 1;
    }
    fprintf(stderr, " %s", name);
    l->column += n;
}

static bool is_own(const char *name)
{
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i].name, name) == 0)
            return true;
    return false;
}

/* Rows of one name stand in several places; it is said at the first of them. */
static bool is_first(const struct wireshark_row *r)
{
    for (const struct wireshark_row *b = wireshark_rows; b < r; b++)
        if (b->path && b->name && strcmp(b->name, r->name) == 0)
            return false;
    return true;
}

static void print_all(struct list *l)
{
    char mark[FILTER_NAME];
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        print(l, own[i].name);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        print(l, headers[i]);
    for (unsigned bit = 0; bit < FLOW_MARKS; bit++) {
        snprintf(mark, sizeof mark, "tcp.analysis.%s", flow_mark_name(bit));
        print(l, mark);
    }
    for (const struct wireshark_row *r = wireshark_rows; r->path || r->name; r++)
        if (r->path && r->name && type_of(r->way) != FILTER_UNKNOWN && !is_own(r->name) && is_first(r))
            print(l, r->name);
}

void filter_complain(const char *name)
{
    static const char *const protocols[] = {
        "frame", "eth", "vlan", "sll", "arp", "ip", "ipv6", "icmp", "icmpv6", "udp", "tcp", "dns", "tls", "http",
        "x509af", "x509sat", "x509ce", "pkix1implicit"
    };
    char protocol[FILTER_NAME];
    size_t n = strcspn(name, ".");
    snprintf(protocol, sizeof protocol, "%.*s", (int)n, name);
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
        if (strcmp(protocols[i], protocol) == 0) {
            struct list l = { protocol, strlen(protocol), 1 };
            fputc(' ', stderr);
            print_all(&l);
            fputc('\n', stderr);
            return;
        }
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
        fprintf(stderr, "%s%s", i ? " " : "  ", protocols[i]);
    fputc('\n', stderr);
}

/* Whatever a client sends to our server: at once, and in pieces of the size that the first octet says. Both
 * runs must say the same; each octet is told and named; what the server says our own client can read. */
#include "tests/lib/leaves.h"
#include "http/message.h"
#include "http/server.h"

#include <stdlib.h>
#include <string.h>

enum { OUT_MAX = 1 << 18, PIECE = 512, SIZE = 700 };

struct said { uint8_t bytes[OUT_MAX]; size_t n; };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void find(struct pages *p, const char *path, struct page *out)
{
    (void)p;
    check(path[0] == '/' && !strstr(path, "//") && !strstr(path, "/../") && !strstr(path, "/./"));
    size_t n = strlen(path);
    check(n < 3 || strcmp(path + n - 3, "/..") != 0);
    *out = (struct page){
        .status = n % 5 ? 200 : 404, .type = "text/plain", .size = n % 7 ? SIZE : 0, .chunked = n % 2
    };
}

static size_t read_page(struct pages *p, const struct page *page, uint64_t off, void *out, size_t n)
{
    (void)p;
    uint64_t left = page->size - off;
    n = left < n ? (size_t)left : n;
    memset(out, 'x', n);
    return n;
}

static void pull(struct http_server *s, struct trace *t, struct said *out)
{
    uint8_t piece[PIECE];
    for (size_t n; out->n < OUT_MAX - PIECE && (n = http_server_give(s, piece, PIECE, 0)) > 0;) {
        memcpy(out->bytes + out->n, piece, n);
        http_server_gave(s, piece, n, (struct span){ .in = trace_stream(t, "out", 3), .off = out->n });
        out->n += n;
    }
}

static void serve(const uint8_t *bytes, size_t n, size_t step, struct said *out)
{
    struct pages pages = { .find = find, .read = read_page };
    struct leaves l;
    leaves_start(&l);
    struct http_server *s = http_server_new(&pages, &(struct voice){ .trace = l.trace });
    check(s != NULL);
    out->n = 0;
    for (size_t at = 0; at < n && out->n < OUT_MAX - PIECE;) {
        size_t have = n - at < step ? n - at : step, before = out->n;
        uint8_t *copy = malloc(have);                 /* of its own, so that a read past its end is seen */
        check(copy != NULL);
        memcpy(copy, bytes + at, have);
        size_t took = http_server_take(s, copy, have,
                                       (struct span){ .in = trace_stream(l.trace, "in", 2), .off = at }, 0);
        free(copy);
        pull(s, l.trace, out);
        check(took <= have && (took || out->n > before));          /* it goes on */
        at += took;
    }
    http_server_ended(s);
    pull(s, l.trace, out);
    check(http_server_wants_close(s) || out->n >= OUT_MAX - PIECE);
    http_server_free(s);
    leaves_end(&l);
}

/* Who sends its body without waiting hears no 100 Continue: in pieces it comes, at once it doesn't. */
static void drop_continue(struct said *out)
{
    static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";
    size_t size = sizeof interim - 1, kept = 0;
    for (size_t at = 0; at < out->n;) {
        if (out->n - at >= size && memcmp(out->bytes + at, interim, size) == 0)
            at += size;
        else
            out->bytes[kept++] = out->bytes[at++];
    }
    out->n = kept;
}

/* The first head that we said can be read. */
static void read_answer(const struct said *out)
{
    struct http_head h;
    struct fault why = { 0 };
    long size = http_head_size(out->bytes, out->n, &why);
    check(size >= 0 && (out->n == 0 || size > 0));
    if (size > 0)
        check(http_read_response(out->bytes, (size_t)size, "GET", NULL, &h, &why));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static struct said whole, pieces;
    if (n < 2 || n > 60000)
        return 0;
    size_t step = bytes[0] ? bytes[0] : 1;
    serve(bytes + 1, n - 1, n, &whole);
    serve(bytes + 1, n - 1, step, &pieces);
    bool cut = whole.n >= OUT_MAX - PIECE || pieces.n >= OUT_MAX - PIECE;
    drop_continue(&whole);
    drop_continue(&pieces);
    size_t both = whole.n < pieces.n ? whole.n : pieces.n;
    check(whole.n == pieces.n || cut);
    check(memcmp(whole.bytes, pieces.bytes, both) == 0);
    read_answer(&whole);
    return 0;
}

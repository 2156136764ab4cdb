#include "http/made_pages.h"

#include <string.h>

static const char front[] =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Behind glass</title>\n"
    "<link rel=\"stylesheet\" href=\"/style.css\">\n</head>\n<body>\n<h1>You are looking through glass</h1>\n"
    "<p>This page was asked for by name, carried in packets, sealed in records and believed because of a "
    "certificate.\n"
    "Everything that made it come can be read, byte by byte. What follows is filler, drawn from the seed of "
    "the visit.</p>\n<pre>\n";
static const char back[] = "</pre>\n</body>\n</html>\n";
static const char style[] =
    "body { font-family: serif; margin: 3em auto; max-width: 40em; background: #f4f1ea; color: #222; }\n"
    "h1 { font-weight: normal; border-bottom: 1px solid #999; }\npre { color: #777; white-space: pre-wrap; "
    "}\n";

enum { PAGE, STYLE, COLUMNS = 72 };

/* splitmix64: evenly mixed numbers by place, so that any part of the filler can be made without what comes
 * before it. */
static uint64_t mixed(uint64_t seed, uint64_t place)
{
    uint64_t z = seed + (place + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint8_t filler(uint64_t seed, uint64_t i)
{
    static const char letters[] = "etaoinshrdlu etaoinshrdlcmfw ypvbgk ";
    if (i % COLUMNS == COLUMNS - 1)
        return '\n';
    uint64_t word = mixed(seed, i / 8);
    return (uint8_t)letters[(word >> 8 * (i % 8) & 0xff) % (sizeof letters - 1)];
}

static uint8_t page_octet(const struct made_pages *m, uint64_t i)
{
    const size_t before = sizeof front - 1, behind = sizeof back - 1;
    if (i < before)
        return (uint8_t)front[i];
    if (m->size >= before + behind && i >= m->size - behind)
        return (uint8_t)back[i - (m->size - behind)];
    return filler(m->seed, i - before);
}

static void made_find(struct pages *p, const char *path, struct page *out)
{
    const struct made_pages *m = (const struct made_pages *)p;
    *out =
        (struct page){ .status = 200, .type = "text/html; charset=utf-8", .size = m->size, .handle = PAGE };
    if (strcmp(path, "/style.css") == 0)
        *out = (struct page){
            .status = 200, .type = "text/css", .size = sizeof style - 1, .chunked = true, .handle = STYLE
        };
}

static size_t made_read(struct pages *p, const struct page *page, uint64_t off, void *out, size_t n)
{
    const struct made_pages *m = (const struct made_pages *)p;
    uint64_t left = page->size > off ? page->size - off : 0;
    n = n < left ? n : (size_t)left;
    if (page->handle == STYLE)
        memcpy(out, style + off, n);
    else
        for (size_t i = 0; i < n; i++)
            ((uint8_t *)out)[i] = page_octet(m, off + i);
    return n;
}

void made_pages_start(struct made_pages *m, uint64_t seed, uint64_t size)
{
    *m = (struct made_pages){ .seed = seed, .size = size };
    m->pages = (struct pages){ .find = made_find, .read = made_read };
}

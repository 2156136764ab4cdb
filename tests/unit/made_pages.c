/* The sealed web server's pages: the same octets whichever way they are read, other ones for another seed. */
#include "http/made_pages.h"
#include "tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

static size_t whole(uint64_t seed, uint64_t size, const char *path, size_t piece, uint8_t *out)
{
    struct made_pages m;
    struct page p;
    size_t n = 0, got;
    made_pages_start(&m, seed, size);
    m.pages.find(&m.pages, path, &p);
    ck_assert_uint_eq(p.status, 200);
    while ((got = m.pages.read(&m.pages, &p, n, out + n, piece)) > 0)
        n += got;
    return n;
}

START_TEST(the_size_is_the_size)
{
    static const uint64_t sizes[] = { 0, 1, 100, 431, 480, 500, MADE_PAGE_SIZE, 70001 };
    uint8_t *out = malloc(80000);
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++)
        ck_assert_uint_eq(whole(1, sizes[i], "/", 4096, out), sizes[i]);
    free(out);
}
END_TEST

START_TEST(any_pieces_make_the_same_page)
{
    uint8_t *a = malloc(80000), *b = malloc(80000);
    static const size_t pieces[] = { 1, 7, 8, 9, 72, 1000, 80000 };
    size_t n = whole(7, 20000, "/", 4096, a);
    for (unsigned i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        ck_assert_uint_eq(whole(7, 20000, "/any/path", pieces[i], b), n);
        check_bytes(b, a, n);
    }
    free(a), free(b);
}
END_TEST

START_TEST(the_seed_decides_and_the_frame_stays)
{
    uint8_t a[MADE_PAGE_SIZE + 1] = "", b[MADE_PAGE_SIZE + 1] = "";
    whole(1, MADE_PAGE_SIZE, "/", 4096, a);
    whole(2, MADE_PAGE_SIZE, "/", 4096, b);
    ck_assert(memcmp(a, b, MADE_PAGE_SIZE) != 0);
    ck_assert_msg(strncmp((char *)a, "<!doctype html>", 15) == 0 && strstr((char *)a, "</html>\n"),
                  "a whole page of HTML");
    for (const char *at = (char *)a; *at; at++)
        ck_assert_msg(*at == '\n' || (*at >= ' ' && *at <= '~'), "octet %d", *at);
}
END_TEST

START_TEST(the_style_comes_in_chunks)
{
    struct made_pages m;
    struct page p;
    uint8_t out[4096];
    made_pages_start(&m, 1, 10);
    m.pages.find(&m.pages, "/style.css", &p);
    ck_assert(p.chunked);
    ck_assert_str_eq(p.type, "text/css");
    ck_assert_uint_eq(whole(1, 10, "/style.css", 5, out), p.size);
    m.pages.find(&m.pages, "/style.css/", &p);
    ck_assert(!p.chunked && p.size == 10);
}
END_TEST

/* Long pages are made by place, not by walking there. */
START_TEST(beyond_32_bits)
{
    struct made_pages m;
    struct page p;
    uint8_t out[100];
    made_pages_start(&m, 1, (UINT64_C(1) << 32) + 50);
    m.pages.find(&m.pages, "/", &p);
    ck_assert_uint_eq(m.pages.read(&m.pages, &p, UINT64_C(1) << 32, out, sizeof out), 50);
    ck_assert_uint_eq(m.pages.read(&m.pages, &p, p.size, out, sizeof out), 0);
    ck_assert_uint_eq(m.pages.read(&m.pages, &p, p.size + 1, out, sizeof out), 0);
}
END_TEST

int main(void)
{
    return check_run("made_pages", (const TTest *[]){ the_size_is_the_size, any_pieces_make_the_same_page,
                                                      the_seed_decides_and_the_frame_stays,
                                                      the_style_comes_in_chunks, beyond_32_bits, NULL });
}

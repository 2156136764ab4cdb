#include "tests/lib/capture_made.h"

#include <string.h>

void made_start(struct capture_made *m, bool little)
{
    m->little = little;
    m->n = 0;
}

void made_put(struct capture_made *m, uint64_t v, size_t size)
{
    for (size_t i = 0; i < size && m->n < CAPTURE_MADE; i++)
        m->octets[m->n++] = (uint8_t)(v >> 8 * (m->little ? i : size - 1 - i));
}

void made_octets(struct capture_made *m, const void *octets, size_t n)
{
    if (n && n <= CAPTURE_MADE - m->n) {
        memcpy(m->octets + m->n, octets, n);
        m->n += n;
    }
}

void made_pad(struct capture_made *m) { made_put(m, 0, (4 - m->n % 4) % 4); }

static void put_text(struct capture_made *m, const void *octets, size_t n)
{
    made_octets(m, octets, n);
    made_pad(m);
}

static void put_option(struct capture_made *m, unsigned code, size_t n)
{
    made_put(m, code, 2);
    made_put(m, n, 2);
}

void made_pcap(struct capture_made *m, uint32_t magic, uint32_t link)
{
    made_put(m, magic, 4);
    put_option(m, 2, 4);                              /* version 2.4 */
    made_put(m, 0, 8);
    made_put(m, 0, 4);
    made_put(m, link, 4);
}

void made_record(struct capture_made *m, uint32_t seconds, uint32_t part, const void *octets, size_t n, uint32_t wire_n)
{
    made_put(m, seconds, 4);
    made_put(m, part, 4);
    made_put(m, n, 4);
    made_put(m, wire_n, 4);
    made_octets(m, octets, n);
}

size_t made_open(struct capture_made *m, uint32_t type)
{
    made_put(m, type, 4);
    made_put(m, 0, 4);
    return m->n - 8;
}

void made_close(struct capture_made *m, size_t from)
{
    made_pad(m);
    size_t end = m->n + 4;
    m->n = from + 4;
    made_put(m, end - from, 4);
    m->n = end - 4;
    made_put(m, end - from, 4);
}

void made_section(struct capture_made *m, bool little)
{
    m->little = little;
    size_t b = made_open(m, 0x0a0d0d0a);
    made_put(m, 0x1a2b3c4d, 4);
    put_option(m, 1, 0);                              /* version 1.0 */
    made_put(m, UINT64_MAX, 8);
    made_close(m, b);
}

void made_interface(struct capture_made *m, unsigned link, uint32_t snaplen, int resolution, int64_t offset)
{
    size_t b = made_open(m, 1);
    put_option(m, link, 0);
    made_put(m, snaplen, 4);
    put_option(m, 2, 3);
    put_text(m, "eth", 3);
    if (resolution >= 0) {
        put_option(m, 9, 1);
        made_put(m, (uint64_t)resolution, 1);
        made_pad(m);
    }
    if (offset) {
        put_option(m, 14, 8);
        made_put(m, (uint64_t)offset, 8);
    }
    put_option(m, 0, 0);
    made_close(m, b);
}

void made_packet(struct capture_made *m, uint32_t interface, uint64_t units, const void *octets, size_t n, uint32_t wire_n)
{
    size_t b = made_open(m, 6);
    made_put(m, interface, 4);
    made_put(m, units >> 32, 4);
    made_put(m, (uint32_t)units, 4);
    made_put(m, n, 4);
    made_put(m, wire_n, 4);
    put_text(m, octets, n);
    put_option(m, 1, 2);
    put_text(m, "hi", 2);
    put_option(m, 0, 0);
    made_close(m, b);
}

void made_simple(struct capture_made *m, const void *octets, size_t n, uint32_t wire_n)
{
    size_t b = made_open(m, 3);
    made_put(m, wire_n, 4);
    made_octets(m, octets, n);
    made_close(m, b);
}

void made_secrets(struct capture_made *m, uint32_t type, const char *text)
{
    size_t b = made_open(m, 10);
    made_put(m, type, 4);
    made_put(m, strlen(text), 4);
    made_octets(m, text, strlen(text));
    made_close(m, b);
}

void made_names(struct capture_made *m)
{
    size_t b = made_open(m, 4);
    put_option(m, 1, 4 + 10);
    put_text(m, "\x0a\0\0\1" "a.test\0b.\0", 14);
    put_option(m, 7, 3);                              /* a kind that is not known */
    put_text(m, "abc", 3);
    put_option(m, 2, 16 + 7);
    put_text(m, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\2" "six.te\0", 23);
    put_option(m, 0, 0);
    made_close(m, b);
}

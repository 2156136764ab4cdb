/* store_notes.c - the side file of a store (store.h). */
#include "tls/x509/store.h"

#include <stdlib.h>
#include <string.h>

static const struct ground bad_note = { "x509.notes", "" };
static const struct ground no_memory = { "x509.no_memory", "" };

enum { WORDS = 4, SHA256 = 32, DNS_MOST = 253 };

struct line { unsigned number; const char *words[WORDS]; size_t n[WORDS], n_words; };

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/* Words between spaces, up to '#'; of a fourth only that it is there. */
static void split(struct line *l, const char *at, const char *end)
{
    l->n_words = 0;
    while (at < end && *at != '#' && l->n_words < WORDS) {
        while (at < end && is_space(*at))
            at++;
        const char *start = at;
        while (at < end && !is_space(*at) && *at != '#')
            at++;
        if (at > start) {
            l->words[l->n_words] = start;
            l->n[l->n_words++] = (size_t)(at - start);
        }
    }
}

static int hex(char c)
{
    c |= 0x20;                                         /* letters small, digits as they are */
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_digest(const char *at, size_t n, uint8_t out[SHA256])
{
    size_t got = 0;
    for (size_t i = 0; i + 1 < n && got < SHA256; i += i + 2 < n && at[i + 2] == ':' ? 3 : 2) {
        if (hex(at[i]) < 0 || hex(at[i + 1]) < 0)
            return false;
        out[got++] = (uint8_t)(hex(at[i]) << 4 | hex(at[i + 1]));
    }
    return got == SHA256 && (n == 2 * SHA256 || n == 3 * SHA256 - 1);
}

/* YYYY-MM-DD: the last second of that day. der_take_time knows the calendar. */
static bool read_date(const char *at, size_t n, nsec *out)
{
    uint8_t time[] = "\x18\x0f" "00000000235959Z";
    if (n != 10 || at[4] != '-' || at[7] != '-')
        return false;
    memcpy(time + 2, at, 4);
    memcpy(time + 6, at + 5, 2);
    memcpy(time + 8, at + 8, 2);
    struct wire_in in = wire_over(time, sizeof time - 1, NULL);
    if (memcmp(at, "2050", 4) < 0) {                   /* UTCTime until 2049 */
        time[2] = 0x17, time[3] = 0x0d;
        in = wire_over(time + 2, sizeof time - 3, NULL);
        memcpy(time + 4, at + 2, 2);
    }
    *out = der_take_time(&in, "distrust_after");
    return !in.failed;
}

static struct x509_note *note_of(struct x509_store *t, const uint8_t digest[SHA256])
{
    for (size_t i = 0; i < t->n_notes; i++)
        if (memcmp(t->notes[i].sha256, digest, SHA256) == 0)
            return &t->notes[i];
    struct x509_note *more = realloc(t->notes, (t->n_notes + 1) * sizeof *more);
    if (!more)
        return NULL;
    t->notes = more;
    more[t->n_notes] = (struct x509_note){ 0 };
    memcpy(more[t->n_notes].sha256, digest, SHA256);
    return &more[t->n_notes++];
}

/* permittedSubtrees, with one more (RFC 5280 §4.2.1.10). */
static bool permit(struct x509_note *note, const char *name, size_t n)
{
    size_t had = note->n_permitted, room = had + n + 16;
    uint8_t *permitted = malloc(room);
    if (!permitted)
        return false;
    struct wire_out out = wire_into(permitted, room);
    struct put_der list = put_der_open(&out, DER_CONTEXT_CONSTRUCTED | 0);
    if (had) {
        struct wire_in in = wire_over(note->permitted, had, NULL),
            old = der_open(&in, "permitted", DER_CONTEXT_CONSTRUCTED | 0);
        put_bytes(&out, "permitted", old.at, wire_left(&old));
    }
    struct put_der subtree = put_der_open(&out, DER_SEQUENCE);
    put_der_bytes(&out, DER_CONTEXT | 2, name, n);
    put_der_close(&out, subtree);
    put_der_close(&out, list);
    free(note->permitted);
    note->permitted = permitted;
    note->n_permitted = wire_written(&out);
    return true;
}

static bool word_is(const struct line *l, size_t i, const char *word)
{
    return l->n[i] == strlen(word) && memcmp(l->words[i], word, l->n[i]) == 0;
}

static bool read_line(struct x509_store *t, const struct line *l, struct fault *why)
{
    uint8_t digest[SHA256];
    nsec after = 0;
    bool all = l->n_words == 2 && word_is(l, 1, "distrust"),
         later = l->n_words == 3 && word_is(l, 1, "distrust-after") && read_date(l->words[2], l->n[2], &after),
         names = l->n_words == 3 && word_is(l, 1, "permit-dns") && l->n[2] <= DNS_MOST;
    if (l->n_words == 0)
        return true;
    if (!read_digest(l->words[0], l->n[0], digest) || !(all || later || names))
        return refuse(why, &bad_note, "SHA256 and distrust, distrust-after YYYY-MM-DD or permit-dns NAME",
                      "something else in line %u", l->number);
    struct x509_note *note = note_of(t, digest);
    if (!note || (names && !permit(note, l->words[2], l->n[2])))
        return refuse(why, &no_memory, "memory for one more note", "none was left");
    note->distrusted |= all;
    if (later && (!note->has_after || after < note->after))
        note->after = after;
    note->has_after |= later;
    return true;
}

bool x509_store_add_notes(struct x509_store *t, const char *text, size_t n, struct fault *why)
{
    const char *at = text, *end = text + n;
    for (struct line l = { .number = 1 }; at < end; l.number++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        split(&l, at, stop ? stop : end);
        if (!read_line(t, &l, why))
            return false;
        at = stop ? stop + 1 : end;
    }
    return true;
}

const struct x509_note *x509_store_note(const struct x509_store *t, const struct x509_cert *c)
{
    uint8_t digest[HASH_MAX];
    if (t->n_notes == 0)
        return NULL;
    hash_of(HASH_SHA256, c->der.at, c->der.n, digest, NULL);
    for (size_t i = 0; i < t->n_notes; i++)
        if (memcmp(t->notes[i].sha256, digest, SHA256) == 0)
            return &t->notes[i];
    return NULL;
}

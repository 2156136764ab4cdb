#include "trace/json.h"

#include "trace/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *reserve(struct json *j, size_t n)
{
    if (j->n + n > j->room && !j->failed) {
        size_t room = 2 * j->room + n + 256;
        char *more = realloc(j->line, room);
        j->failed = !more;
        if (more) {
            j->line = more;
            j->room = room;
        }
    }
    return j->failed ? NULL : j->line + j->n;
}

static void add(struct json *j, const void *text, size_t n)
{
    char *to = reserve(j, n);
    if (to) {
        memcpy(to, text, n);
        j->n += n;
    }
}

/* Every value and every name begins here. */
static void separate(struct json *j)
{
    if (j->comma)
        add(j, ",", 1);
    j->comma = true;
}

void json_free(struct json *j)
{
    free(j->line);
    *j = (struct json){ 0 };
}

void json_start(struct json *j)
{
    j->n = 0;
    j->comma = j->failed = false;
}

void json_open(struct json *j, char bracket)
{
    separate(j);
    add(j, &bracket, 1);
    j->comma = false;
}

void json_close(struct json *j, char bracket)
{
    add(j, &bracket, 1);
    j->comma = true;
}

void json_name(struct json *j, const char *name)
{
    json_words(j, name);
    add(j, ":", 1);
    j->comma = false;
}

void json_number(struct json *j, uint64_t v)
{
    char digits[24];
    separate(j);
    add(j, digits, (size_t)snprintf(digits, sizeof digits, "%" PRIu64, v));
}

/* A character that cannot stand in a string as it is: \u, above U+FFFF in two halves (RFC 8259 §7). */
static void escape(struct json *j, uint32_t code)
{
    char word[16];
    if (code < 0x10000)
        snprintf(word, sizeof word, "\\u%04x", (unsigned)code);
    else
        snprintf(word, sizeof word, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (code >> 10)),
                 (unsigned)(0xdc00 + (code & 0x3ff)));
    add(j, word, strlen(word));
}

void json_string(struct json *j, const void *text, size_t n)
{
    const uint8_t *at = text;
    separate(j);
    add(j, "\"", 1);
    for (size_t i = 0, size; i < n; i += size ? size : 1) {
        uint32_t code = 0;
        char word[8];
        size = utf8_next(at + i, n - i, &code);
        if (size == 0)
            add(j, word, (size_t)snprintf(word, sizeof word, "<0x%02X>", at[i]));
        else if (utf8_hidden(code))
            escape(j, code);
        else {
            if (code == '"' || code == '\\')
                add(j, "\\", 1);
            add(j, at + i, size);
        }
    }
    add(j, "\"", 1);
}

void json_words(struct json *j, const char *text) { json_string(j, text, strlen(text)); }

void json_hex(struct json *j, struct bytes b)
{
    static const char digits[] = "0123456789abcdef";
    separate(j);
    char *to = reserve(j, 2 * b.n + 2);
    if (!to)
        return;
    *to++ = '"';
    for (size_t i = 0; i < b.n; i++) {
        *to++ = digits[b.at[i] >> 4];
        *to++ = digits[b.at[i] & 15];
    }
    *to = '"';
    j->n += 2 * b.n + 2;
}

void json_buf(struct json *j, buf_no b)
{
    char word[16];
    snprintf(word, sizeof word, "%c%" PRIu32, buf_letter(b), buf_count(b));
    json_words(j, word);
}

bool json_write(struct json *j, struct sink *sink)
{
    add(j, "\n", 1);
    return !j->failed && sink->write(sink, j->line, j->n);
}

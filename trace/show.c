#include "trace/show.h"

#include "trace/utf8.h"

#include <stdio.h>
#include <string.h>

static const char *const c0_names[] = {
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
};

/* What stands for the next character: itself, or its name. Returns how many octets of the text it took. */
static size_t harmless(const uint8_t *at, size_t n, char word[16])
{
    uint32_t code = 0;
    size_t size = utf8_next(at, n, &code);
    if (size == 0)
        snprintf(word, 16, "<0x%02X>", at[0]);
    else if (code < 0x20)
        snprintf(word, 16, "<%s>", c0_names[code]);
    else if (code == 0x7f)
        snprintf(word, 16, "<DEL>");
    else if (utf8_hidden(code))
        snprintf(word, 16, "<U+%04X>", (unsigned)code);
    else {
        memcpy(word, at, size);
        word[size] = 0;
    }
    return size ? size : 1;
}

char *show_text(const void *bytes, size_t n, char *out, size_t room)
{
    static const char ellipsis[] = "…";
    const uint8_t *at = n ? bytes : (const uint8_t *)"", *end = at + n;
    size_t len = 0, cut = 0;                          /* cut: where an ellipsis would still fit */
    if (room == 0)
        return out;
    while (at < end) {
        char word[16];
        size_t took = harmless(at, (size_t)(end - at), word), size = strlen(word);
        if (size >= room - len) {
            len = cut;
            if (sizeof ellipsis <= room - len) {
                memcpy(out + len, ellipsis, sizeof ellipsis - 1);
                len += sizeof ellipsis - 1;
            }
            break;
        }
        memcpy(out + len, word, size);
        len += size;
        if (sizeof ellipsis <= room - len)
            cut = len;
        at += took;
    }
    out[len] = 0;
    return out;
}

char *show_string(const char *text, char *out, size_t room)
{
    return show_text(text ? text : "", text ? strlen(text) : 0, out, room);
}

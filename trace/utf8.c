#include "trace/utf8.h"

size_t utf8_next(const uint8_t *at, size_t n, uint32_t *code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    if (n == 0)
        return 0;
    size_t size = at[0] < 0x80 ? 1 : at[0] < 0xc0 ? 0 : at[0] < 0xe0 ? 2
                : at[0] < 0xf0 ? 3 : at[0] < 0xf8 ? 4 : 0;
    if (size == 0 || size > n)
        return 0;
    uint32_t value = size == 1 ? at[0] : at[0] & (0x7fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (at[i] & 0x3fu);
    }
    if (value < least[size] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return 0;
    *code = value;
    return size;
}

struct range { uint32_t first, last; };

static bool in_ranges(const struct range *ranges, size_t n, uint32_t code)
{
    for (size_t i = 0; i < n; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

bool utf8_hidden(uint32_t code)
{
    static const struct range hidden[] = {
        { 0x0000, 0x001f }, { 0x007f, 0x009f },       /* C0, DEL, C1 */
        { 0x00ad, 0x00ad }, { 0x034f, 0x034f },       /* soft hyphen, combining grapheme joiner */
        { 0x061c, 0x061c }, { 0x200e, 0x200f }, { 0x202a, 0x202e }, { 0x2066, 0x206f },     /* bidi */
        /* fillers */
        { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x3164, 0x3164 }, { 0xffa0, 0xffa0 },
        /* zero width, line ends */
        { 0x200b, 0x200d }, { 0x2028, 0x2029 }, { 0x2060, 0x2065 }, { 0xfeff, 0xfeff },
        /* variation selectors, no characters */
        { 0xfdd0, 0xfdef }, { 0xfe00, 0xfe0f }, { 0xfff0, 0xfffb }, { 0xfffe, 0xffff },
        /* shorthand, music, tags */
        { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
    };
    return (code & 0xfffe) == 0xfffe || in_ranges(hidden, sizeof hidden / sizeof *hidden, code);
}

unsigned utf8_columns(uint32_t code)
{
    static const struct range combining[] = {
        { 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x0610, 0x061a }, { 0x064b, 0x065f },
        { 0x0e34, 0x0e3a }, { 0x0e47, 0x0e4e }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x20d0, 0x20ff },
        { 0x302a, 0x302f }, { 0x3099, 0x309a }, { 0xfe20, 0xfe2f },
    };
    static const struct range wide[] = {
        { 0x1100, 0x115f }, { 0x2e80, 0x303e }, { 0x3041, 0xa4cf }, { 0xa960, 0xa97f }, { 0xac00, 0xd7a3 },
        { 0xf900, 0xfaff }, { 0xfe30, 0xfe6f }, { 0xff01, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x1f300, 0x1f64f },
        { 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
    };
    if (code < 0x300)
        return 1;
    if (in_ranges(combining, sizeof combining / sizeof *combining, code))
        return 0;
    return in_ranges(wide, sizeof wide / sizeof *wide, code) ? 2 : 1;
}

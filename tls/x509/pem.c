#include "tls/x509/pem.h"

#include <stdio.h>
#include <string.h>

static const struct ground bad_pem = { "x509.pem", "RFC 7468 §2" };

static const char *find(const char *at, const char *end, const char *text)
{
    size_t n = strlen(text);
    while ((size_t)(end - at) >= n && (at = memchr(at, *text, (size_t)(end - at) - n + 1)) != NULL) {
        if (memcmp(at, text, n) == 0)
            return at;
        at++;
    }
    return NULL;
}

/* RFC 7468 §3: printable characters, with one space or hyphen between two of them at most. One that ends in a hyphen
 * could not be told from the dashes behind it. */
static bool is_label(const char *at, size_t n)
{
    bool between = true;
    for (size_t i = 0; i < n; i++) {
        const bool joint = at[i] == '-' || at[i] == ' ';
        if (joint ? between : at[i] < '!' || at[i] > '~')
            return false;
        between = joint;
    }
    return n == 0 || !between;
}

/* "-----BEGIN label-----" from `at` on: the label, and where the line ends. NULL: there is none more. */
static const char *find_begin(const char *at, const char *end, char label[PEM_LABEL])
{
    static const char begin[] = "-----BEGIN ", dashes[] = "-----";
    while ((at = find(at, end, begin)) != NULL) {
        at += sizeof begin - 1;
        const char *stop = find(at, end, dashes);
        if (!stop)
            return NULL;
        size_t n = (size_t)(stop - at);
        if (n < PEM_LABEL && is_label(at, n)) {
            memcpy(label, at, n);
            label[n] = 0;
            return stop + sizeof dashes - 1;
        }
    }
    return NULL;
}

enum { NO = 0x80 };
static const uint8_t values[128] = {
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO,
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, 62, NO, NO, NO, 63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, NO, NO, NO, NO, NO, NO,
    NO, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, NO, NO, NO, NO, NO,
    NO, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, NO, NO, NO, NO, NO,
};

/* The value of a base64 digit (RFC 4648 §4), or NO. */
static unsigned digit(char c)
{
    return (unsigned char)c < sizeof values ? values[(unsigned char)c] : NO;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');    /* tab, line feed, VT, FF, carriage return */
}

/* Whole groups of four digits, as many as come one behind the other and have room: most of every line. */
static const char *decode_groups(const char *at, const char *end, uint8_t *out, size_t room, size_t *n)
{
    for (; end - at >= 4 && room - *n >= 3; at += 4) {
        unsigned a = digit(at[0]), b = digit(at[1]), c = digit(at[2]), d = digit(at[3]);
        if ((a | b | c | d) & NO)
            break;
        uint32_t bits = a << 18 | b << 12 | c << 6 | d;
        out[(*n)++] = (uint8_t)(bits >> 16);
        out[(*n)++] = (uint8_t)(bits >> 8);
        out[(*n)++] = (uint8_t)bits;
    }
    return at;
}

/* Base64: four digits, three octets. Padding is there, and the bits beneath it are zero. */
static bool decode(const char *at, const char *end, uint8_t *out, size_t room, size_t *n, struct fault *why)
{
    uint32_t bits = 0;
    unsigned digits = 0, pads = 0;
    *n = 0;
    for (; at < end; at++) {
        if (digits + pads == 0 && (at = decode_groups(at, end, out, room, n)) == end)
            break;
        if (is_space(*at))
            continue;
        unsigned d = digit(*at);
        if (*at == '=' ? digits + pads < 2 || digits + pads >= 4 : d == NO || pads)
            return refuse(why, &bad_pem, "base64 digits between BEGIN and END",
                          "an octet 0x%02x at the wrong place", (unsigned char)*at);
        if (*at == '=') {
            pads++;
            continue;
        }
        bits = bits << 6 | d;
        if (++digits < 4)
            continue;
        if (room - *n < 3)
            return refuse(why, &bad_pem, "a block that is not too long", "more than %zu octets", room);
        for (unsigned i = 0; i < 3; i++)
            out[(*n)++] = (uint8_t)(bits >> (16 - 8 * i));
        digits = 0;
        bits = 0;
    }
    if (digits == 0 && pads == 0)
        return true;
    if (digits + pads != 4 || room - *n < 3 - pads)
        return refuse(why, &bad_pem, "whole groups of four base64 digits", "%u digits and %u '=' at the end",
                      digits, pads);
    bits <<= 6 * pads;
    for (unsigned i = 0; i < 3 - pads; i++)
        out[(*n)++] = (uint8_t)(bits >> (16 - 8 * i));
    return (bits & ((1u << 8 * pads) - 1)) == 0
        || refuse(why, &bad_pem, "zero bits under the padding", "others");
}

size_t pem_next(const char **at, const char *end, const char *label, char *label_out, uint8_t *out,
                size_t room, struct fault *why)
{
    char found[PEM_LABEL], last[PEM_LABEL + 32];
    size_t n;
    const char *body;
    do {
        body = find_begin(*at, end, found);
        *at = body ? body : end;
    } while (body && label && strcmp(found, label) != 0);
    if (!body)
        return 0;
    if (label_out)
        snprintf(label_out, PEM_LABEL, "%s", found);
    snprintf(last, sizeof last, "-----END %s-----", found);
    const char *stop = find(body, end, last);
    if (!stop) {
        refuse_about(why, &bad_pem, found, last, "the text ends without it");
        return 0;
    }
    if (!decode(body, stop, out, room, &n, why))
        return 0;
    *at = stop + strlen(last);
    if (n == 0)
        refuse_about(why, &bad_pem, found, "something between BEGIN and END", "nothing");
    return n;
}

size_t pem_certificates(const char *text, size_t n, uint8_t *store, size_t room, struct der *chain, size_t most,
                        struct fault *why)
{
    struct fault flaw = { 0 };
    const char *at = text;
    size_t found = 0, used = 0, got = 1;
    while (got && found < most) {
        got = pem_next(&at, text + n, "CERTIFICATE", NULL, store + used, room - used, &flaw);
        if (got)
            chain[found++] = (struct der){ .at = store + used, .n = got };
        used += got;
    }
    if (flaw.ground && why && !why->ground)
        *why = flaw;
    return flaw.ground ? 0 : found;
}

size_t pem_write(const char *label, const struct der *der, char *out, size_t room)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    enum { LINE = 48 };                                            /* octets a line: 64 digits, RFC 7468 §2 */
    size_t lines = (der->n + LINE - 1) / LINE, need = 2 * (strlen(label) + 16) + (der->n + 2) / 3 * 4 + lines;
    if (need > room)  /* BEGIN and END lines have 33 octets beside their labels */
        return 0;
    size_t n = (size_t)snprintf(out, room, "-----BEGIN %s-----\n", label);
    for (size_t i = 0; i < der->n; i += 3) {
        size_t have = der->n - i < 3 ? der->n - i : 3;
        uint32_t bits = 0;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (k < have ? der->at[i + k] : 0u);
        for (size_t k = 0; k < 4; k++)
            out[n++] = k <= have ? digits[bits >> (18 - 6 * k) & 63] : '=';
        if (i + 3 >= der->n || (i + 3) % LINE == 0)
            out[n++] = '\n';
    }
    return n + (size_t)snprintf(out + n, room - n, "-----END %s-----\n", label);
}

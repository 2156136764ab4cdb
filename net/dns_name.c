#include "net/dns.h"

#include "trace/ascii.h"

#include <string.h>

static const struct ground name_cut       = { "dns.name_cut", "RFC 1035 §3.1" };
static const struct ground label_type     = { "dns.label_type", "RFC 1035 §4.1.4" };
static const struct ground pointer_ahead  = { "dns.pointer_not_backwards", "RFC 1035 §4.1.4" };
static const struct ground pointer_runs   = { "dns.pointer_runs_into_itself", "RFC 1035 §4.1.4" };
static const struct ground name_long      = { "dns.name_too_long", "RFC 1035 §2.3.4" };
static const struct ground label_long     = { "dns.label_too_long", "RFC 1035 §2.3.4" };
static const struct ground label_empty    = { "dns.label_empty", "RFC 1035 §3.1" };
static const struct ground name_empty     = { "dns.name_empty", "RFC 1035 §3.1" };
static const struct ground name_odd       = { "dns.name_odd_character", "RFC 1123 §2.1" };

enum { POINTER = 0xc0 };                /* the two highest bits of a length octet: 00 a label, 11 a pointer */

/* What a name of ours is made of. A dot inside a label, a NUL, an escape sequence would make two names look
 * alike. */
static bool ordinary(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* ---- reading ---- */

/* A name while it is gathered from labels; name NULL: only its length counts, and it may have any octets. */
struct gather { char *name, *spelled; size_t n; struct fault *why; };

static void gather_octet(struct gather *g, char c)
{
    if (g->name)
        g->name[g->n] = ascii_lower(c);
    if (g->spelled)
        g->spelled[g->n] = c;
    g->n++;
}

static bool gather_label(struct gather *g, struct bytes label)
{
    /* In octets it is two longer: there are more lengths than dots, and the root's. */
    if (g->n + (g->n ? 1 : 0) + label.n > DNS_NAME_MAX - 2)
        return refuse(g->why, &name_long, "a name of at most 255 octets", "a longer one");
    if (g->n)
        gather_octet(g, '.');
    for (size_t i = 0; i < label.n; i++) {
        if (g->name && !ordinary(ascii_lower((char)label.at[i])))
            return refuse(g->why, &name_odd, "letters, digits, hyphens and underscores in a name",
                          "octet 0x%02x", label.at[i]);
        gather_octet(g, (char)label.at[i]);
    }
    return true;
}

/* Labels up to the root or a pointer; *pointer is the offset it leads to, or -1 at the root. */
static bool read_labels(struct wire_in *in, struct gather *g, const struct ground *cut, int *pointer)
{
    *pointer = -1;
    for (;;) {
        if (wire_left(in) >= 1 && *in->at >= POINTER) {
            *pointer = take_u16(in, "compression_pointer") & 0x3fff;
            return wire_whole(in, cut, g->why);
        }
        unsigned length = take_u8(in, "label_length");
        if (length > DNS_LABEL_MAX)
            return refuse(g->why, &label_type, "a label of at most 63 octets, or a pointer",
                          "length octet 0x%02x", length);
        if (length == 0)
            return wire_whole(in, cut, g->why);
        struct bytes label = take_text(in, "label", length);
        if (!wire_whole(in, cut, g->why) || !gather_label(g, label))
            return false;
    }
}

/* A pointer leads to a name that stood in the message before (RFC 1035 §4.1.4): strictly before where the
 * name that holds it began, and what it leads to ends before there as well. So each jump has less to read
 * than the one before, and no loop is possible. */
static bool follow(const uint8_t *base, size_t began, int pointer, struct gather *g)
{
    while (pointer >= 0) {
        if ((size_t)pointer >= began)
            return refuse(g->why, &pointer_ahead, "a pointer back to an earlier name",
                          "offset %d in a name at %zu", pointer, began);
        struct wire_in earlier = wire_over(base + pointer, began - (size_t)pointer, NULL);
        began = (size_t)pointer;
        if (!read_labels(&earlier, g, &pointer_runs, &pointer))
            return false;
    }
    return true;
}

static bool read_name(struct wire_in *in, const uint8_t *base, struct gather *g)
{
    size_t began = (size_t)(in->at - base);
    int pointer;
    bool good = !in->failed && read_labels(in, g, &name_cut, &pointer) && follow(base, began, pointer, g);
    if (!good) {
        wire_fail(in, "name");
        g->n = 0;
    }
    return good;
}

bool dns_read_name(struct wire_in *in, const uint8_t *base, char name[DNS_NAME], char *spelled, struct fault *why)
{
    struct gather g = { .name = name, .spelled = spelled, .why = why };
    bool good = read_name(in, base, &g);
    name[g.n] = '\0';
    if (spelled)
        spelled[g.n] = '\0';
    return good;
}

bool dns_skip_name(struct wire_in *in, const uint8_t *base, struct fault *why)
{
    return read_name(in, base, &(struct gather){ .why = why });
}

/* ---- writing ---- */

bool dns_write_name(struct wire_out *out, const char *name)
{
    char tidy[DNS_NAME];
    if (*name && !dns_tidy_name(name, tidy, NULL))
        return false;
    for (const char *label = name; *label && *label != '.';) {
        size_t n = strcspn(label, ".");
        put_u8(out, "label_length", (unsigned)n);
        put_bytes(out, "label", label, n);
        label += n + (label[n] == '.');
    }
    put_u8(out, "label_length", 0);
    return !out->failed;
}

/* One label that somebody typed: how many characters of it; 0 with a refusal. */
static size_t tidy_label(const char *label, const char *typed, struct fault *why)
{
    size_t n = strcspn(label, ".");
    if (n == 0)
        refuse_about(why, &label_empty, typed, "something between two dots", "nothing");
    if (n > DNS_LABEL_MAX) {
        refuse_about(why, &label_long, typed, "at most 63 characters between two dots", "%zu", n);
        return 0;
    }
    for (size_t i = 0; i < n; i++)
        if (!ordinary(ascii_lower(label[i]))) {
            refuse_about(why, &name_odd, typed, "letters, digits, hyphens, underscores and dots in a name",
                         "octet 0x%02x", (unsigned)(unsigned char)label[i]);
            return 0;
        }
    return n;
}

bool dns_tidy_name(const char *typed, char name[DNS_NAME], struct fault *why)
{
    size_t n = strlen(typed);
    if (n > 1 && typed[n - 1] == '.')              /* "www.example.test.": fully qualified; ours always are */
        n--;
    name[0] = '\0';
    if (n == 0)
        return refuse(why, &name_empty, "the name of a host", "an empty name");
    if (n > DNS_NAME_MAX - 2)
        return refuse(why, &name_long, "a name of at most 253 characters", "%zu", n);
    for (size_t at = 0; at <= n;) {                    /* <=: a dot at the end has an empty label behind it */
        size_t label = tidy_label(typed + at, typed, why);
        if (!label)
            return false;
        at += label + 1;
    }
    for (size_t i = 0; i < n; i++)
        name[i] = ascii_lower(typed[i]);
    name[n] = '\0';
    return true;
}

bool dns_name_in(const char *name, const char *domain)
{
    size_t n = strlen(name), d = strlen(domain);
    return d == 0 || (n >= d && strcmp(name + n - d, domain) == 0 && (n == d || name[n - d - 1] == '.'));
}

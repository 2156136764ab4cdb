#include "tests/versus/elements.h"

#include <string.h>

enum change { RETAG, LEAVE_OUT, WRITE_TWICE, EXCHANGE, OCTET, SHORTEN, LENGTHEN, CHANGES };
static const char *const change_words[] = { "another tag", "an element left out", "an element twice",
                                            "two elements exchanged", "an octet changed", "an octet less",
                                            "an octet more" };

/* Elements are counted as they are come to; the one with the number `victim` is changed. */
struct walk { unsigned seen, victim; enum change change; struct versus_choice *choice; };

static bool is_der(struct bytes b)
{
    struct wire_in in = wire_over(b.at, b.n, NULL);
    der_skip(&in, "element", NULL);
    return b.n > 0 && !in.failed && in.at == in.end;
}

static void copy_all(struct wire_in *, struct wire_out *, struct walk *);

static void copy_content(unsigned tag, struct bytes content, struct wire_out *out, struct walk *w)
{
    if ((tag & DER_CONSTRUCTED) || (tag == DER_OCTET_STRING && is_der(content))) {
        struct wire_in in = wire_over(content.at, content.n, NULL);
        copy_all(&in, out, w);
        return;
    }
    put_bytes(out, "content", content.at, content.n);
}

static void copy_one(unsigned tag, struct bytes content, struct wire_out *out, struct walk *w)
{
    struct put_der d = put_der_open(out, tag);
    copy_content(tag, content, out, w);
    put_der_close(out, d);
}

/* A primitive with other octets; of a constructed one the first octet of what it holds. */
static void copy_changed(unsigned tag, struct bytes content, struct wire_out *out, struct walk *w)
{
    uint8_t octets[2048];
    size_t n = content.n < sizeof octets - 1 ? content.n : sizeof octets - 1, place = n ? versus_choose(w->choice, (unsigned)n) : 0;
    memcpy(octets, content.at, n);
    octets[n] = 0;
    if (w->change == OCTET)
        octets[place] = (uint8_t)versus_choose(w->choice, 256);
    n += w->change == LENGTHEN ? 1 : w->change == SHORTEN && n ? (size_t)-1 : 0;
    put_der_bytes(out, tag, octets, n);
}

static void copy_victim(unsigned tag, struct bytes content, struct wire_in *in, struct wire_out *out, struct walk *w)
{
    static const uint8_t tags[] = { DER_BOOLEAN, DER_INTEGER, DER_BIT_STRING, DER_OCTET_STRING, DER_NULL, DER_OID, 0x0a,
                                    DER_UTF8, DER_PRINTABLE, DER_T61, DER_IA5, DER_UTC_TIME, DER_GENERALIZED_TIME,
                                    DER_UNIVERSAL, DER_BMP, DER_SEQUENCE, DER_SET, 0x80, 0x81, 0x82, 0xa0, 0xa1, 0xa3 };
    unsigned next;
    switch (w->change) {
    case RETAG:
        copy_one(tags[versus_choose(w->choice, sizeof tags)], content, out, w);
        break;
    case LEAVE_OUT:
        break;
    case WRITE_TWICE:
        copy_one(tag, content, out, w);
        copy_one(tag, content, out, w);
        break;
    case EXCHANGE:
        if (in->at < in->end) {
            struct bytes following = der_skip(in, "element", &next);
            copy_one(next, following, out, w);
        }
        copy_one(tag, content, out, w);
        break;
    default:
        copy_changed(tag, content, out, w);
    }
}

static void copy_all(struct wire_in *in, struct wire_out *out, struct walk *w)
{
    while (in->at < in->end && !in->failed && !out->failed) {
        unsigned tag;
        struct bytes content = der_skip(in, "element", &tag);
        if (in->failed)
            return;
        if (w->seen++ == w->victim)
            copy_victim(tag, content, in, out, w);
        else
            copy_one(tag, content, out, w);
    }
}

size_t versus_change_element(const struct bytes *element, uint8_t *out, size_t room, struct versus_choice *choice,
                             const char **words)
{
    struct walk count = { .victim = ~0u }, w = { .change = (enum change)versus_choose(choice, CHANGES), .choice = choice };
    struct wire_in in = wire_over(element->at, element->n, NULL);
    struct wire_out to = wire_into(out, room);
    copy_all(&in, &to, &count);
    if (count.seen < 2 || to.failed)
        return 0;
    w.victim = 1 + versus_choose(choice, count.seen - 1);              /* not the whole itself */
    in = wire_over(element->at, element->n, NULL);
    to = wire_into(out, room);
    copy_all(&in, &to, &w);
    *words = change_words[w.change];
    return in.failed || to.failed ? 0 : wire_written(&to);
}

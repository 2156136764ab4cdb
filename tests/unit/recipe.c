/* Templates filled with the octets of a run. */
#include "trace/recipe.h"
#include "tests/lib/check.h"

#include <stdio.h>
#include <string.h>

static const uint8_t octets[20] = { 0x00, 0x01, 0x02, 0x03, 0xaa, 0xbb, 0xcc, 0xdd, 0xff };

static void tell_buffer(struct trace *t, char letter, const uint8_t *at, size_t n, const char *field, uint32_t off,
                        uint32_t len, struct span on, const struct attr *attrs, size_t n_attrs)
{
    buf_no buf = trace_buf(t, letter);
    trace_emit(t, &(struct event){ .kind = EVENT_BUFFER, .layer = "test", .name = "buffer", .by = "tell_buffer",
                                   .host = 1, .buf = buf, .bytes = { at, n }, .spans = &on, .n_spans = on.in ? 1 : 0,
                                   .attrs = attrs, .n_attrs = n_attrs });
    trace_field(t, &(struct field){ .buf = buf, .off = off, .len = len, .name = field, .type = FIELD_BYTES,
                                    .bytes = { at + off, len } });
}

/* A key, two buffers, and one on the first that names the key and lists both. */
static struct tape *made_tape(void)
{
    struct tape *tape = tape_new(1 << 20);
    struct trace *t = trace_new(0);
    trace_attach(t, tape_view(tape));
    trace_host(t, "a", octets, 4);
    const struct attr key[] = { attr_secret("secret", octets + 4, 5) };
    const struct attr own[] = { attr_hex("nonce", octets, 4), attr_secret("hidden", octets, 2), attr_number("at", 12),
                                attr_text("key", "write_key"), attr_text("messages", "m1 m2"),
                                attr_text("verdict", "accepted"), attr_text("evil", "'; rm -r $HOME; '") };
    trace_emit(t, &(struct event){ .kind = EVENT_KEY, .layer = "test", .name = "write_key", .by = "made_tape", .host = 1,
                                   .attrs = key, .n_attrs = 1 });
    tell_buffer(t, 'm', octets, 4, "middle", 1, 2, (struct span){ 0 }, NULL, 0);
    tell_buffer(t, 'm', octets + 4, 5, "first", 0, 1, (struct span){ 0 }, NULL, 0);
    tell_buffer(t, 'o', octets + 6, 3, "mac", 2, 1, (struct span){ tape_buf('m', 1), 3, 1 }, own,
                sizeof own / sizeof *own);
    trace_free(t);
    return tape;
}

static const char *filled(const char *template, bool secrets)
{
    static char out[400];
    struct tape *tape = made_tape();
    struct recipe_text text = { 0 };
    const struct event *e = tape_buffer(tape, tape_buf('o', 1));
    ck_assert_ptr_nonnull(e);
    bool good = recipe_fill(&text, tape, e, template, strlen(template), secrets);
    snprintf(out, sizeof out, "%s", good ? text.at ? text.at : "" : "nothing");
    recipe_free(&text);
    tape_free(tape);
    return out;
}

START_TEST(holes_are_filled)
{
    static const struct { const char *template, *text; } rows[] = {
        { "", "" },
        { "printf '%s'", "printf '%s'" },
        { "-n {nonce} -a {at}.", "-n 00010203 -a 12." },
        { "{absent|nonce}", "00010203" },
        { "{bytes} {.mac} {.mac@} {^middle}", "ccddff ff 2 0102" },
        { "{messages*}", "00010203aabbccddff" },
        { "{key>secret} {=write_key>secret}", "aabbccddff aabbccddff" },
        { "{nonce:octets} {messages*:octets} {key>secret:octets}", "4 9 5" },
        { "{nonce}{nonce:pad16}", "00010203000000000000000000000000" },
        { "{nonce:bits} {nonce:le}", "0000000000000020 0400000000000000" },
        { "{verdict}: {verdict:accepted?so be it;no} {messages:accepted?yes;not at all}", "accepted: so be it not at all" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_str_eq(filled(rows[i].template, true), rows[i].text);
}
END_TEST

/* A hole without a value spoils the whole: half a command is worse than none. */
START_TEST(what_is_missing_is_not_made_up)
{
    static const char *const templates[] = { "{absent}", "{.absent}", "{^mac}", "{absent*}", "{key>absent}",
                                             "{=absent>secret}", "{nonce:absent}", "{}", "{evil}", "a {absent|} b" };
    for (size_t i = 0; i < sizeof templates / sizeof *templates; i++)
        ck_assert_msg(strcmp(filled(templates[i], true), "nothing") == 0, "%s: %s", templates[i],
                      filled(templates[i], true));
}
END_TEST

START_TEST(secrets_stay_secret)
{
    ck_assert_str_eq(filled("{hidden}", true), "0001");
    ck_assert_str_eq(filled("{hidden}", false), "nothing");
    ck_assert_str_eq(filled("{key>secret}", false), "nothing");
    ck_assert_str_eq(filled("{nonce}", false), "00010203");
}
END_TEST

int main(void)
{
    return check_run("recipe", (const TTest *[]){ holes_are_filled, what_is_missing_is_not_made_up,
        secrets_stay_secret, NULL });
}

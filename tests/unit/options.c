/* The table of options and what reads it. Sentences go to stderr: here only that they come, and the word
 * that must be in them. */
#define _POSIX_C_SOURCE 200809L
#include "cmd/options.h"
#include "tests/lib/check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The commands themselves are not linked here. */
int visit_run(const struct command *c, const char *const *v, const char *const *a, unsigned n)
{
    (void)c, (void)v, (void)a;
    return (int)n;
}
int breaks_run(const struct command *c, const char *const *v, const char *const *a, unsigned n)
{
    return visit_run(c, v, a, n);
}
int states_run(const struct command *c, const char *const *v, const char *const *a, unsigned n)
{
    return visit_run(c, v, a, n);
}
int lab_run(const struct command *c, const char *const *v, const char *const *a, unsigned n)
{
    return visit_run(c, v, a, n);
}
int get_run(const struct command *c, const char *const *v, const char *const *a, unsigned n)
{
    return visit_run(c, v, a, n);
}

int resolve_run(const struct command *c, const char *const *v, const char *const *a, unsigned n)
{
    return visit_run(c, v, a, n);
}
int serve_run(const struct command *c, const char *const *v, const char *const *a, unsigned n)
{
    return visit_run(c, v, a, n);
}

int verify_run(const struct command *c, const char *const *v, const char *const *a, unsigned n)
{
    return visit_run(c, v, a, n);
}
int speed_run(const struct command *c, const char *const *v, const char *const *a, unsigned n)
{
    return visit_run(c, v, a, n);
}
int compare_run_command(const struct command *c, const char *const *v, const char *const *a, unsigned n)
{
    return visit_run(c, v, a, n);
}
int explain_run(const struct command *c, const char *const *v, const char *const *a, unsigned n)
{
    return visit_run(c, v, a, n);
}
int ca_run(const struct command *c, const char *const *v, const char *const *a, unsigned n)
{
    return visit_run(c, v, a, n);
}

static const char *values[OPT_VALUES], *arguments[8];
static unsigned n_arguments;
static char said[1024];

/* What a call writes to stderr, caught in a file. */
static int before;
static FILE *caught;

static void listen_begins(void)
{
    fflush(stderr);
    before = dup(2);
    caught = tmpfile();
    dup2(fileno(caught), 2);
}

static void listen_ends(void)
{
    fflush(stderr);
    dup2(before, 2);
    close(before);
    rewind(caught);
    said[fread(said, 1, sizeof said - 1, caught)] = '\0';
    fclose(caught);
}

static bool reads(const char *command, int argc, const char *const *argv)
{
    memset(values, 0, sizeof values);
    listen_begins();
    bool good =
        options_read(command_named(command), argc, (char **)(uintptr_t)argv, values, arguments, &n_arguments);
    listen_ends();
    ck_assert_msg(good ? !*said
                       : *said && said[strlen(said) - 1] == '\n' &&
                             strchr(said, '\n') == said + strlen(said) - 1,
                  "one sentence when it is refused, none else: %s", said);
    return good;
}

#define READS(command, ...)                                                       \
    reads(command, (int)(sizeof(const char *[]){ __VA_ARGS__ } / sizeof(char *)), \
          (const char *[]){ __VA_ARGS__ })

static const char *first_choice(const struct option *o)
{
    static char text[32];
    snprintf(text, sizeof text, "%.*s", o->choices ? (int)strcspn(o->choices, "|") : 3,
             o->choices ? o->choices : "any");
    return text;
}

static bool belongs(const struct option *o, const struct command *c) { return (o->commands & c->id) != 0; }

START_TEST(the_table_is_in_order)
{
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        ck_assert_msg(options[i].id == i, "row %u is not the option of that number", i);
        ck_assert_msg(options[i].commands && *options[i].help && !strchr(options[i].help, '\n'), "--%s",
                      options[i].name);
        for (unsigned j = 0; j < i; j++)
            if (options[i].commands & options[j].commands) {
                ck_assert_str_ne(options[i].name, options[j].name);
                ck_assert_msg(!options[i].letter || options[i].letter != options[j].letter, "-%c twice",
                              options[i].letter);
            }
    }
}
END_TEST

START_TEST(every_option_of_every_command_is_read)
{
    for (const struct command *c = commands; c->name; c++)
        for (unsigned i = 0; i < OPT_COUNT; i++) {
            const struct option *o = &options[i];
            char word[32], both[64], letter[3] = { '-', o->letter };
            snprintf(word, sizeof word, "--%s", o->name);
            snprintf(both, sizeof both, "--%s=%s", o->name, first_choice(o));
            if (!belongs(o, c)) {
                bool other = false;                    /* --cert is one of visit's and one of serve's */
                for (unsigned j = 0; j < OPT_COUNT; j++)
                    other |= belongs(&options[j], c) && strcmp(options[j].name, o->name) == 0;
                ck_assert_msg(other || (!READS(c->name, word, first_choice(o)) && strstr(said, o->name)),
                              "%s %s", c->name, word);
                continue;
            }
            bool optional = o->value && o->value[0] == '[';    /* --slow, --slow=50 */
            ck_assert_msg(o->value && !optional ? READS(c->name, word, first_choice(o)) : READS(c->name, word),
                          "%s %s: %s", c->name, word, said);
            ck_assert_str_eq(values[i], o->value && !optional ? first_choice(o) : "");
            ck_assert_int_eq(READS(c->name, both), o->value != NULL);
            ck_assert_int_eq(READS(c->name, word), o->value == NULL || optional);
            if (o->letter)
                ck_assert(o->value ? READS(c->name, letter, first_choice(o)) : READS(c->name, letter));
            if (o->choices) {
                ck_assert(!READS(c->name, word, "neither") && strstr(said, o->choices));
                ck_assert(!READS(c->name, word, ""));
                snprintf(both, sizeof both, "--%s=%.*s", o->name, (int)strlen(first_choice(o)) - 1,
                         o->choices);
                ck_assert_msg(!READS(c->name, both), "half a word is none: %s", both);
            }
        }
}
END_TEST

START_TEST(values_in_any_form)
{
    ck_assert(READS("get", "-ofile", "-kv", "-ioutput", "http://a/"));
    ck_assert_str_eq(values[OPT_OUTPUT], "utput");
    ck_assert(values[OPT_INSECURE] && values[OPT_VERBOSE] && values[OPT_INCLUDE]);
    ck_assert(n_arguments == 1 && strcmp(arguments[0], "http://a/") == 0);
    ck_assert(READS("get", "-o", "-v", "--header=A: b=c", "--header", "D: e"));
    ck_assert_str_eq(values[OPT_OUTPUT], "-v");
    ck_assert_msg(!values[OPT_VERBOSE] && strcmp(values[OPT_HEADER], "D: e") == 0, "the last one wins");
    ck_assert(READS("get", "--output=", "-"));
    ck_assert(*values[OPT_OUTPUT] == '\0' && strcmp(arguments[0], "-") == 0);
    ck_assert(READS("get", "--", "--insecure"));
    ck_assert(!values[OPT_INSECURE] && strcmp(arguments[0], "--insecure") == 0);
}
END_TEST

START_TEST(what_is_refused)
{
    ck_assert(!READS("get", "--no-such") && strstr(said, "--no-such") && strstr(said, "vitrine help get"));
    ck_assert(!READS("get", "--no-such=3"));
    ck_assert(!READS("get", "-z") && strstr(said, "-z"));
    ck_assert(!READS("get", "-kz") && strstr(said, "-z"));
    ck_assert(!READS("get", "--insecur"));
    ck_assert(!READS("get", "--insecure=yes") && strstr(said, "takes no value"));
    ck_assert(!READS("get", "-o") && strstr(said, "wants a value"));
    ck_assert(!READS("get", "http://a/", "http://b/") && strstr(said, "http://b/"));
    ck_assert(!READS("serve", "extra") && strstr(said, "no argument"));
    ck_assert(!READS("get", "--", "a", "--", "b"));
    ck_assert_ptr_null(command_named("no-such"));
    ck_assert_ptr_null(command_named(""));
}
END_TEST

static bool number(const char *text, uint64_t most, uint64_t *out)
{
    listen_begins();
    bool good = option_number(OPT_SEED, text, most, out);
    listen_ends();
    ck_assert_msg(good || strstr(said, "--seed"), "%s", said);
    return good;
}

START_TEST(numbers)
{
    uint64_t n;
    ck_assert(number("0", 0, &n) && n == 0);
    ck_assert(number("007", 7, &n) && n == 7);
    ck_assert(number("18446744073709551615", UINT64_MAX, &n) && n == UINT64_MAX);
    ck_assert(!number("18446744073709551616", UINT64_MAX, &n));
    ck_assert(!number("99999999999999999999999", UINT64_MAX, &n));
    ck_assert(number("65535", 65535, &n) && !number("65536", 65535, &n) && !number("655350", 65535, &n));
    ck_assert(number("5", 5, &n) && !number("6", 5, &n) && !number("10", 9, &n));
    static const char *const odd[] = { "", "-1", "+1", " 1", "1 ", "1.5", "0x10", "1e3", "١" };
    for (unsigned i = 0; i < sizeof odd / sizeof *odd; i++)
        ck_assert_msg(!number(odd[i], UINT64_MAX, &n), "\"%s\"", odd[i]);
}
END_TEST

static bool tenths(const char *text, unsigned *out)
{
    listen_begins();
    bool good = option_tenths(OPT_LOSS, text, 100, out);
    listen_ends();
    return good;
}

START_TEST(percents)
{
    unsigned n;
    ck_assert(tenths("0", &n) && n == 0);
    ck_assert(tenths("2.5", &n) && n == 25);
    ck_assert(tenths("05", &n) && n == 50);
    ck_assert(tenths("100", &n) && n == 1000);
    ck_assert(tenths("100.0", &n) && n == 1000);
    static const char *const odd[] = { "",   ".5",  "5.", "2.55", "100.1", "101", "9999", "99999999999",
                                       "-1", "1,5", "5%", " 5",   "1e1" };
    for (unsigned i = 0; i < sizeof odd / sizeof *odd; i++)
        ck_assert_msg(!tenths(odd[i], &n), "\"%s\"", odd[i]);
}
END_TEST

START_TEST(certificates_are_gathered)
{
    ck_assert(READS("serve", "--cert", "a", "--key", "1", "--cert=b", "--cert", "c", "--key=2", "--key", "3"));
    ck_assert_str_eq(option_again(values, OPT_CERT, 0), "a");
    ck_assert_str_eq(option_again(values, OPT_CERT, 2), "c");
    ck_assert_str_eq(option_again(values, OPT_KEY, 0), "1");
    ck_assert_str_eq(option_again(values, OPT_KEY, 1), "2");
    ck_assert_str_eq(option_again(values, OPT_KEY, 2), "3");
    ck_assert_ptr_null(option_again(values, OPT_CERT, 3));
    ck_assert_ptr_null(option_again(values, OPT_CERT, 4));
    ck_assert(!READS("serve", "--cert=1", "--cert=2", "--cert=3", "--cert=4", "--cert=5"));
}
END_TEST

START_TEST(breaks_are_gathered)
{
    ck_assert(READS("visit", "--break", "a", "--seed", "1", "--break=b", "--break", "c", "--seed", "2"));
    ck_assert_str_eq(values[OPT_BREAK], "a");
    ck_assert_str_eq(values[OPT_MORE], "b");
    ck_assert_str_eq(values[OPT_MORE + 1], "c");
    ck_assert_ptr_null(values[OPT_MORE + 2]);
    ck_assert_str_eq(values[OPT_SEED], "2");
    ck_assert(!READS("visit", "--break=1", "--break=2", "--break=3", "--break=4", "--break=5", "--break=6",
                     "--break=7", "--break=8", "--break=9"));
}
END_TEST

int main(void)
{
    return check_run("options",
                     (const TTest *[]){ the_table_is_in_order, breaks_are_gathered, certificates_are_gathered, every_option_of_every_command_is_read,
                                        values_in_any_form, what_is_refused, numbers, percents, NULL });
}

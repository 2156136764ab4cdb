/* help.c - what the table of options says, in three forms: for a person, for man, for the shell. */
#include "cmd/options.h"
#include "cmd/version.h"
#include "cmd/words.h"
#include "cmd/wireshark_names.h"

#include <stdio.h>
#include <string.h>

static void option_words(const struct option *o, char *out, size_t room)
{
    char letter[8] = "";
    if (o->letter)
        snprintf(letter, sizeof letter, "-%c, ", o->letter);
    bool optional = o->value && *o->value == '[';     /* --slow[=50] */
    snprintf(out, room, "%s--%s%s%s", letter, o->name, optional ? "[=" : o->value ? " " : "",
             !o->value ? "" : o->choices ? o->choices : o->value + optional);
}

static void print_command(const struct command *c)
{
    char said[3][WORDS_TEXT];
    printf("vitrine %s %s %s\n\n%s%s\n%s%s", c->name, words_said("[options]", said[0]), c->arguments,
           words_said(c->summary, said[1]), words_ui(words_spoken(), "."), words_said(c->detail, said[2]),
           *c->detail ? "\n" : "");
    printf("\n");
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        char words[64];
        if (!(options[i].commands & c->id))
            continue;
        option_words(&options[i], words, sizeof words);
        bool long_one = strlen(words) > 27;
        printf("  %-27s%s%*s %s\n", words, long_one ? "\n" : "", long_one ? 29 : 0, "",
               words_said(options[i].help, said[0]));
    }
}

static void print_all(void)
{
    char said[WORDS_TEXT];
    words_print(stdout, "vitrine - a whole HTTPS visit behind glass: DNS, TCP, TLS 1.2, X.509, HTTP, every byte "
                        "named.");
    printf("\n\n");
    for (const struct command *c = commands; c->name; c++)
        printf("  vitrine %-8s %-10s %s\n", c->name, c->arguments, words_said(c->summary, said));
    printf("\n");
    words_print(stdout, "vitrine help COMMAND lists a command's options. Begin with:  vitrine visit");
    printf("\n");
}

/* A line of text, which may be broken behind each comma of a list. */
static void print_troff(const char *text)
{
    for (const char *at = text; *at; at++)
        printf(*at == ',' && at[1] && at[1] != ' ' ? "%c\\:" : "%c", *at);
    printf("\n");
}

static void print_man(void)
{
    printf(".TH VITRINE 1 \"\" \"vitrine %s\"\n.SH NAME\nvitrine \\- a whole HTTPS visit behind glass\n"
           ".SH SYNOPSIS\n", VITRINE_VERSION);
    for (const struct command *c = commands; c->name; c++)
        printf(".B vitrine %s\n[options] %s\n.br\n", c->name, c->arguments);
    printf(".SH COMMANDS\n");
    for (const struct command *c = commands; c->name; c++) {
        printf(".SS %s %s\n%s.\n%s\n", c->name, c->arguments, c->summary, c->detail);
        for (unsigned i = 0; i < OPT_COUNT; i++) {
            char words[64];
            if (!(options[i].commands & c->id))
                continue;
            option_words(&options[i], words, sizeof words);
            printf(".TP\n.B ");
            for (const char *at = words; *at; at++)
                printf(*at == '-' ? "\\-" : "%c", *at);
            printf("\n");
            print_troff(options[i].help);
        }
    }
    printf(".SH EXIT STATUS\n0 when the page came whole and everything was closed in order; else curl's code "
           "where curl has one:\n"
           "2 usage, 3 URL, 6 name, 7 connect, 18 page cut short, 23 writing, 28 time, 35 handshake, 56 "
           "broken off, 60 certificate.\n");
}

static void print_completion(void)
{
    printf("_vitrine() {\n    local now=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n    "
           "case $before in\n");
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        if (!options[i].choices)
            continue;
        printf("    --%s) COMPREPLY=($(compgen -W '", options[i].name);
        for (const char *at = options[i].choices; *at; at++)
            putchar(*at == '|' ? ' ' : *at);
        printf("' -- \"$now\")); return ;;\n");
    }
    printf("    esac\n    case ${COMP_WORDS[1]} in\n");
    for (const struct command *c = commands; c->name; c++) {
        printf("    %s) COMPREPLY=($(compgen -f -W '", c->name);
        for (unsigned i = 0; i < OPT_COUNT; i++)
            if (options[i].commands & c->id)
                printf("--%s ", options[i].name);
        printf("' -- \"$now\")) ;;\n");
    }
    printf("    *) COMPREPLY=($(compgen -W '");
    for (const struct command *c = commands; c->name; c++)
        printf("%s ", c->name);
    printf("' -- \"$now\")) ;;\n    esac\n}\ncomplete -F _vitrine vitrine\n");
}

int help_run(const struct command *self, const char *const *values, const char *const *arguments, unsigned n)
{
    (void)self;
    if (values[OPT_MAN]) {
        print_man();
    } else if (values[OPT_COMPLETION]) {
        print_completion();
    } else if (values[OPT_WIRESHARK]) {
        wireshark_print(stdout);
    } else if (n == 0) {
        print_all();
    } else {
        const struct command *c = command_named(arguments[0]);
        if (!c) {
            complain("vitrine help: there is no command %s; `vitrine help` lists those there are",
                     arguments[0]);
            return 2;
        }
        print_command(c);
    }
    return 0;
}

int version_run(const struct command *self, const char *const *values, const char *const *arguments,
                unsigned n)
{
    (void)self, (void)values, (void)arguments, (void)n;
    printf("vitrine %s\n", VITRINE_VERSION);
    return 0;
}

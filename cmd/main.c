/* main.c - the program: finds the command and hands it its options. */
#include "cmd/options.h"
#include "cmd/words.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char *command_word(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return "help";
    return strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0 ? "version" : argv[1];
}

/* Looked for before all else, so that even a refusal of the command line is in the language asked for. */
static const char *language_asked(int argc, char **argv)
{
    const char *asked = NULL;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strncmp(argv[i], "--lang=", 7) == 0)
            asked = argv[i] + 7;
        else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
            asked = argv[i + 1];
    }
    return asked;
}

int main(int argc, char **argv)
{
    words_speak(language_asked(argc, argv));
    const struct command *c = command_named(command_word(argc, argv));
    if (!c) {
        complain("vitrine: there is no command %s; `vitrine help` lists those there are", argv[1]);
        return 2;
    }
    if (sodium_init() < 0) {
        complain("vitrine: libsodium could not be started, so there is no safe randomness here");
        return 2;
    }
    const char *values[OPT_VALUES] = { NULL }, *arguments[8] = { NULL };
    unsigned n = 0;
    if (!options_read(c, argc > 2 ? argc - 2 : 0, argv + 2, values, arguments, &n))
        return 2;
    /* the locale's Chinese has no likeness in ASCII */
    if (values[OPT_ASCII] && !values[OPT_LANG])
        words_speak("en");
    if (values[OPT_HELP]) {
        static const char *const none[OPT_COUNT] = { NULL };
        arguments[0] = c->name;
        return help_run(c, none, arguments, c->id == CMD_HELP ? 0 : 1);
    }
    return c->run(c, values, arguments, n);
}

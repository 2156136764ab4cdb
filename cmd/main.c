/* main.c - the program: finds the command and hands it its options. */
#include "cmd/options.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char *command_word(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return "help";
    return strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0 ? "version" : argv[1];
}

int main(int argc, char **argv)
{
    const struct command *c = command_named(command_word(argc, argv));
    if (!c) {
        fprintf(stderr, "vitrine: there is no command %s; `vitrine help` lists those there are\n", argv[1]);
        return 2;
    }
    if (sodium_init() < 0) {
        fprintf(stderr, "vitrine: libsodium could not be started, so there is no safe randomness here\n");
        return 2;
    }
    const char *values[OPT_COUNT] = { NULL }, *arguments[8] = { NULL };
    unsigned n = 0;
    if (!options_read(c, argc > 2 ? argc - 2 : 0, argv + 2, values, arguments, &n))
        return 2;
    if (values[OPT_HELP]) {
        static const char *const none[OPT_COUNT] = { NULL };
        arguments[0] = c->name;
        return help_run(c, none, arguments, c->id == CMD_HELP ? 0 : 1);
    }
    return c->run(c, values, arguments, n);
}

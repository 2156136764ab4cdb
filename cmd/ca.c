/* ca.c - `vitrine ca`: a CA of one's own, in a directory of plain files. */
#include "cmd/ca.h"
#include "cmd/words.h"

#include <string.h>

static const struct { const char *name; ca_verb *run; unsigned least, most; } verbs[] = {
    { "init", ca_init, 0, 0 },     { "issue", ca_issue, 0, 0 },   { "revoke", ca_revoke, 1, 1 },
    { "crl", ca_crl, 0, 0 },       { "ocsp", ca_ocsp, 1, 1 },     { "spoil", ca_spoil, 0, 1 },
    { "exercise", ca_exercise, 0, 0 },
};

int ca_run(const struct command *self, const char *const *values, const char *const *arguments, unsigned n)
{
    struct ca ca = { 0 };
    (void)self;
    for (size_t i = 0; n && i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(arguments[0], verbs[i].name) != 0)
            continue;
        if (n - 1 < verbs[i].least || n - 1 > verbs[i].most) {
            complain(verbs[i].least ? "vitrine ca: %s wants one certificate, by serial number or file"
                                    : "vitrine ca: %s was given one argument too many", arguments[0]);
            return CA_USAGE;
        }
        int code = verbs[i].run(&ca, values, arguments + 1, n - 1);
        ca_close(&ca);
        return code;
    }
    complain("vitrine ca: what shall it do? init, issue, revoke, crl, ocsp, spoil or exercise (`vitrine help ca`)");
    return CA_USAGE;
}

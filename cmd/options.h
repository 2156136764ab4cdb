/* options.h - the command line as one table, which feeds the parser, `vitrine help`, the man page and
 * shell completion. */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* bits, so that an option may belong to many */
enum command_id { CMD_VISIT = 1, CMD_GET = 2, CMD_SERVE = 4, CMD_HELP = 8, CMD_VERSION = 16, CMD_BREAKS = 32,
                  CMD_STATES = 64, CMD_RESOLVE = 128, CMD_LAB = 256, CMD_VERIFY = 512, CMD_CA = 1024,
                  CMD_SPEED = 2048, CMD_EXPLAIN = 4096, CMD_COMPARE = 8192 };

enum option_id {
    OPT_KX, OPT_CERT_KIND, OPT_CIPHER, OPT_GROUP,
    OPT_CIPHERS, OPT_CURVES, OPT_SIGALGS, OPT_ALPN, OPT_TLS_MAX, OPT_LEGACY, OPT_GREASE, OPT_CLIENT_ORDER,
    OPT_RECORD_LIMIT, OPT_MAX_FRAGMENT,
    OPT_SEED, OPT_SIZE, OPT_IPV6, OPT_OUTPUT,
    OPT_LOSS, OPT_DUP, OPT_REORDER, OPT_CORRUPT, OPT_DELAY, OPT_MTU, OPT_BREAK, OPT_CHECK, OPT_SEEDS,
    OPT_TEXT, OPT_DOT, OPT_SVG, OPT_FORM,
    OPT_LEVEL, OPT_AS, OPT_STEAL_KEY, OPT_RESUME, OPT_STEP, OPT_SLOW, OPT_ASK, OPT_ASCII, OPT_LANG,
    OPT_PCAP, OPT_PCAP_AT, OPT_KEYLOG, OPT_JSON, OPT_HTML, OPT_WHAT_IF, OPT_SHOW_SECRETS,
    OPT_VIA, OPT_TUN, OPT_INTERFACE, OPT_ADDR, OPT_GW, OPT_NO_OFFLOAD,
    OPT_CC, OPT_RECOVERY, OPT_NO_SACK, OPT_NO_TIMESTAMPS, OPT_NO_ECN, OPT_MSS, OPT_WINDOW, OPT_USER_TIMEOUT, OPT_DNS,
    OPT_SEALED, OPT_ZONE, OPT_TYPE, OPT_TCP, OPT_NO_EDNS,
    OPT_RATE, OPT_QUEUE, OPT_MARK, OPT_FLOWS, OPT_SECONDS, OPT_LATER, OPT_AGAINST, OPT_FIGURES,
    OPT_CACERT, OPT_INSECURE, OPT_VERBOSE, OPT_RESOLVE, OPT_INCLUDE, OPT_METHOD, OPT_HEADER, OPT_MAX_TIME,
    OPT_SESSION, OPT_ROOT, OPT_SIMPLE, OPT_STACKS, OPT_CERT, OPT_KEY, OPT_PASS, OPT_CLIENT_CERT, OPT_CLIENT_CA,
    OPT_TICKETS, OPT_STAPLE, OPT_LISTEN,
    OPT_TRUST, OPT_TRUST_NOTES,
    OPT_UNTRUSTED, OPT_HOST, OPT_IP, OPT_AS_CLIENT, OPT_AT, OPT_CRL, OPT_OCSP, OPT_NEED_STATUS, OPT_POLICY,
    OPT_EXPLICIT_POLICY, OPT_INHIBIT_MAPPING, OPT_INHIBIT_ANY_POLICY, OPT_MAX_DEPTH, OPT_PROFILE, OPT_EXPLAIN,
    OPT_VERDICT_JSON, OPT_BYTES,
    OPT_DIR, OPT_SAN, OPT_SUBJECT, OPT_NAME, OPT_CA, OPT_ISSUER, OPT_DAYS, OPT_CSR, OPT_KEY_KIND,
    OPT_KEY_FORM, OPT_ENCRYPT, OPT_HASH, OPT_USAGE, OPT_EKU, OPT_PATH_LEN, OPT_PERMIT, OPT_EXCLUDE,
    OPT_POLICIES, OPT_MAP, OPT_REQUIRE_POLICY, OPT_NO_MAPPING, OPT_NO_ANY_POLICY, OPT_CRL_URI, OPT_OCSP_URI,
    OPT_ISSUER_URI, OPT_MUST_STAPLE, OPT_EXT, OPT_SPOIL, OPT_OUT, OPT_REASON, OPT_LIST, OPT_COUNT_OF,
    OPT_CPU_SECONDS, OPT_SPEED_JSON, OPT_CPU,
    OPT_NATURE, OPT_SAMPLES, OPT_READ_KEYS, OPT_COMPARE_JSON, OPT_COMPARE_HTML,
    OPT_SERVER_KEY, OPT_ONLY, OPT_MAX_MEMORY, OPT_LADDER, OPT_CAUSES, OPT_FACTS,
    OPT_FILTER, OPT_FOLLOW, OPT_FOLLOW_OUT, OPT_STATS, OPT_STRIP_SECRETS,
    OPT_MAN, OPT_COMPLETION, OPT_WIRESHARK, OPT_HELP, OPT_COUNT
};

/* --break, --cert, --key and the files of `vitrine verify` may be given several times: their further values stand
 * behind those of all options, in the order given. option_again finds them: 0 is the first; NULL: not given so
 * often. */
enum { OPT_BREAKS = 8, OPT_PAIRS = 4, OPT_FILES = 16, OPT_AGAIN = 5 * (OPT_FILES - 1),
       OPT_MORE = OPT_COUNT, OPT_VALUES = OPT_COUNT + OPT_AGAIN };
const char *option_again(const char *const *values, enum option_id, unsigned n);

struct option {
    enum option_id id;
    char letter;                                      /* -o; 0: none */
    /* "output", "FILE"; value NULL: a flag; "[N]": --slow or --slow=N */
    const char *name, *value;
    const char *choices;                              /* "rsa|ecdhe"; NULL: free */
    unsigned commands;
    const char *help;                                 /* one line */
};

struct command {
    enum command_id id;
    const char *name, *arguments, *summary, *detail;
    unsigned most;                                    /* arguments at most */
    int (*run)(const struct command *, const char *const *values, const char *const *arguments, unsigned n);
};

extern const struct option options[OPT_COUNT];
extern const struct command commands[];               /* ends with a NULL name */

const struct command *command_named(const char *name);
/* Reads argv behind the command: values[id] is the text given (flags: ""), NULL where absent; the last one
 * wins, but for --break. False: a sentence is on stderr. */
bool options_read(const struct command *, int argc, char **argv, const char *values[OPT_VALUES],
                  const char *arguments[8], unsigned *n);

/* Values as numbers; each says on stderr what is wrong with `text`, naming the option. */
bool option_number(enum option_id, const char *text, uint64_t most, uint64_t *out);
bool option_between(enum option_id, const char *text, uint64_t least, uint64_t most, uint64_t *out);
/* "2.5" (percent) -> 25 */
bool option_tenths(enum option_id, const char *text, unsigned most, unsigned *out);

int help_run(const struct command *, const char *const *values, const char *const *arguments, unsigned n);
int version_run(const struct command *, const char *const *values, const char *const *arguments, unsigned n);
int visit_run(const struct command *, const char *const *values, const char *const *arguments, unsigned n);
int breaks_run(const struct command *, const char *const *values, const char *const *arguments, unsigned n);
int lab_run(const struct command *, const char *const *values, const char *const *arguments, unsigned n);
int get_run(const struct command *, const char *const *values, const char *const *arguments, unsigned n);
int resolve_run(const struct command *, const char *const *values, const char *const *arguments, unsigned n);
int states_run(const struct command *, const char *const *values, const char *const *arguments, unsigned n);
int verify_run(const struct command *, const char *const *values, const char *const *arguments, unsigned n);
int ca_run(const struct command *, const char *const *values, const char *const *arguments, unsigned n);
int speed_run(const struct command *, const char *const *values, const char *const *arguments, unsigned n);
int compare_run_command(const struct command *, const char *const *values, const char *const *arguments, unsigned n);
int explain_run(const struct command *, const char *const *values, const char *const *arguments, unsigned n);
int serve_run(const struct command *, const char *const *values, const char *const *arguments, unsigned n);

#endif

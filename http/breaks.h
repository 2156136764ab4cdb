/* breaks.h - what can be spoiled in a sealed visit, and what then happens: the one table of breaks.
 *
 * A break is asked for as WHAT[:WHERE]: "loss:18", "flip:13,60,raw", "dns:spoof". Each has a row: what may
 * stand behind it, which part of the visit it spoils and how (struct spoils), and its *prediction*: who
 * notices first, with which fault, what goes back, what the browser ends with, and what Wireshark shows. The
 * rows are printed (`vitrine breaks`), documented (docs/breaks.md) and tested (http/breaks_check.h): whoever
 * adds one predicts, and is held to it for every seed.
 *
 * No engine asks whether it is to break: a break spoils what lies around one (the wire, a name server's
 * answer, the certificates), or is an attacker's packet, or a hook that a live link cannot reach. */
#ifndef HTTP_BREAKS_H
#define HTTP_BREAKS_H

#include "http/attacker.h"
#include "http/lab.h"
#include "net/accident.h"
#include "trace/fault.h"

struct break_row;
struct tls_lie;                                       /* break_end.h */
struct chain_lie;                                     /* break_chain.h */
struct tls_suite;                                     /* tls/suites.h */

/* One break as it was asked for. The row's `where` names its values in order; one of several words is its
 * place among them. */
enum { BREAK_VALUES = 3, BREAK_TEXT = 40 };
struct break_wish {
    const struct break_row *row;
    uint32_t value[BREAK_VALUES];
    char text[BREAK_TEXT];                            /* "loss:18", with all that was left out */
};

/* Which suites the ends have: those that let the wished one happen; the browser none of the web's; all, both. */
enum break_suites { SUITES_FIT, SUITES_STRANGE, SUITES_ALL };

/* What every part of a visit is to do wrong, brought together from the wishes. All zero: nothing. Of two wishes
 * for the same end the later one counts. */
enum { BREAKS_MOST = 8 };
struct spoils {
    struct accident accidents[2 * BREAKS_MOST]; unsigned n_accidents;
    struct act acts[LAB_ACTS]; unsigned n_acts;
    enum attacker_serves attacker;                    /* what lies at the attacker's own address */
    bool resolver_silent;                             /* the name server hears, and never answers */
    bool resolver_cuts;                               /* no answer of it fits into a datagram */
    bool ipv6_hole;                                   /* the browser has both kinds of address; IPv6 leads nowhere */
    const struct break_wish *browser, *web, *chain, *suites;      /* whose row says what; NULL: none */
};

/* What a break cannot do without. */
enum break_need { NEEDS_TLS = 1, NEEDS_ECDHE = 2, NEEDS_RSA_EXCHANGE = 4, NEEDS_RSA_KEY = 8, NEEDS_CBC = 16,
                  NEEDS_GCM = 32, NEEDS_P256 = 64, NEEDS_X25519 = 128, NEEDS_DHE = 256, NEEDS_EC_KEY = 512 };

/* An event to be looked for; NULL: any. `value` is part of the text of attribute `attr`. */
struct sign {
    const char *host, *layer;
    enum event_kind kind;
    const char *name, *attr, *value;
};

struct break_row {
    const char *what;                                 /* "loss", "dns:spoof" */
    /* What may follow, as "N,byte[,raw|repaired]" (numbers, and words with a bar between them), and what is
     * meant where nothing does; NULL: nothing follows. N is a packet's number, as in the ladder. */
    const char *where, *usual;
    void (*spoil)(struct spoils *, const struct break_wish *);    /* NULL: it is one of the next four */
    /* Which end lies in TLS; what is wrong with the web's certificates; which suites there are. */
    const struct tls_lie *browser, *web;
    const struct chain_lie *chain;
    enum break_suites suites;
    unsigned needs;                                   /* enum break_need */
    /* What the visit must be like for the prediction to hold; NULL, 0: as it is anyway. */
    const char *suite, *url;
    uint64_t size;
    bool resume;                                      /* a second visit, which resumes the session */

    /* The prediction. The first event that tells of trouble (breaks_check.h); host NULL: nobody notices. */
    struct sign notices;
    const char *fault;                                /* of whoever notices; NULL: it goes on */
    const char *answer;                               /* in words: "a challenge ACK" */
    struct sign answered;                             /* the event that shows the answer; host NULL: none does */
    /* Another break from which nobody outside can tell it: the same packets at the same times. NULL: none. */
    const char *alike;
    const char *ends;                                 /* the visit's fault; NULL: the page comes whole */
    const char *filter;                               /* display filter of Wireshark that finds it; NULL: */
    const char *silent;                               /* why Wireshark has nothing to show */
};

/* The tables, each ended by a row without `what`. Several rows may have the same `what`, each with a place of
 * its own and its own prediction. */
extern const struct break_row breaks_of_wire[], breaks_of_tcp[], breaks_of_dns[], breaks_of_certificates[],
    breaks_of_hellos[], breaks_by_rewriting[], breaks_of_handshakes[], breaks_of_records[], breaks_of_secrets[];

/* Row number i over all tables, in order; NULL: there are not so many. */
const struct break_row *break_row(unsigned i);

/* Reads WHAT[:WHERE]. False: *sentence says what is wrong, without an end. */
enum { BREAK_SENTENCE = 200 };
bool break_read(const char *text, struct break_wish *, char sentence[BREAK_SENTENCE]);

/* The wish of a row as it is usually meant. */
void break_usual(const struct break_row *, struct break_wish *);

/* Can it be had in such a visit? False: *sentence (may be NULL) says why not, without an end. */
bool break_goes(const struct break_row *, const struct tls_suite *, unsigned group, bool https,
                char sentence[BREAK_SENTENCE]);

/* Spoils what the wishes ask for; they outlive it. */
void breaks_apply(struct spoils *, const struct break_wish *, unsigned n);

/* Room for one more accident of this wish, to its first value as a packet's number; for the rows. */
struct accident *spoil_packet(struct spoils *, const struct break_wish *, enum accident_kind);
struct act *spoil_act(struct spoils *, const struct break_wish *, enum act_kind);

#endif

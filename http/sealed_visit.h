/* sealed_visit.h - a whole visit in the sealed world: three hosts of ours in memory, browser 10.0.0.2,
 * resolver 10.0.0.53, web 10.0.0.80, virtual time, no privileges. The same configuration gives the same
 * octets on every run and every machine. A fourth one, attacker 10.0.0.66, is there only when a break needs it.
 * Where the visit speaks IPv6, each has an address of that kind too, 2001:db8::2 and so on.
 *
 *     struct sealed_visit *v = sealed_visit_new(&config, &why);
 *     while (sealed_visit_turn(v)) ;                 one happening a turn; whoever looks may stop between any
 * two sealed_visit_of(v)->fault ...                  why it failed, or visit_whole sealed_visit_free(v);
 */
#ifndef HTTP_SEALED_VISIT_H
#define HTTP_SEALED_VISIT_H

#include "http/breaks.h"
#include "http/visit.h"
#include "net/sealed.h"
#include "net/stack.h"
#include "tls/stolen_key.h"

/* 2026-09-01 08:00:00 UTC: when every sealed visit begins */
#define SEALED_START (INT64_C(1788249600) * SECOND)
enum sealed_host { SEALED_BROWSER = 1, SEALED_RESOLVER, SEALED_WEB, SEALED_ATTACKER };

struct addr sealed_address(enum sealed_host, bool ipv6);

struct sealed_visit_config {
    bool ipv6;                                        /* the browser asks for AAAA, over IPv6; else A, over IPv4 */
    struct url url;
    uint64_t seed, size;                              /* size of the page, octets */
    struct wires wires;
    struct stack_config stack;                        /* what every honest host's is like, but for what is its own */
    /* the one the visit shall use; it decides key exchange and kind of certificate */
    const struct tls_suite *suite;
    uint16_t group;                                   /* preferred: TLS_X25519 or TLS_SECP256R1 */
    uint16_t record_size_limit; uint8_t max_fragment; /* the browser's, as in struct tls_config */
    const char *zone; size_t zone_n;                  /* what the resolver knows (net/dns_zone.h); NULL: all of .test */
    struct trace *trace;                              /* NULL: nobody watches. Made with SEALED_START */
    const struct cpu *cpu;                            /* whose instructions may be used; NULL: portable code alone */
    struct visit_sink *sink;                          /* NULL: the page is thrown away */
    bool grease;                                      /* the browser offers values that mean nothing (RFC 8701) */
    bool resume;                                      /* a second visit follows, which resumes the TLS session */
    /* what is to be spoiled; outlive the visit */
    const struct break_wish *breaks; unsigned n_breaks;
};

struct sealed_visit;
struct sealed_visit *sealed_visit_new(const struct sealed_visit_config *, struct fault *why);
bool sealed_visit_turn(struct sealed_visit *);        /* false: all is over, TIME-WAIT too */
const struct visit *sealed_visit_of(const struct sealed_visit *);
/* the page came whole and both ends' connections are closed in order */
bool sealed_visit_whole(const struct sealed_visit *);
/* What it ended with: *why is the visit's fault, "visit.not_closed" where only the close was not in order, or
 * without a ground when all is well. */
void sealed_visit_outcome(const struct sealed_visit *, struct fault *why);
/* When the visit is over: a year later the server's key is stolen, and tried on what a listener has on tape
 * (tls/stolen_key.h). Told to the visit's trace, as a ninth chapter of the story. */
struct stolen_loot sealed_visit_steal(struct sealed_visit *, struct tape *);
nsec sealed_visit_now(const struct sealed_visit *);
void sealed_visit_free(struct sealed_visit *);

/* The first suite of this key exchange and kind of certificate; NULL: there is none. */
const struct tls_suite *sealed_visit_suite(enum tls_kx, enum key_kind);
/* Is it one of those that the sealed browser offers whatever is wished for? A few of each kind, so that a class can
 * read them. */
bool sealed_visit_offers(const struct tls_suite *);

/* The names of the three hosts for a trace (trace_host), in the order of enum sealed_host; before anything
 * else is told. The second: with their IPv6 addresses. */
void sealed_visit_name_hosts(struct trace *);
void sealed_visit_name_hosts6(struct trace *);

#endif

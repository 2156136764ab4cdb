/* fault.h - a refusal that explains itself.
 *
 * Nothing fails with a bare code. A `struct ground` is a constant of the layer that refuses: an id, by
 * which alert, exit code and sentence are found, and the RFC section that says so. A `struct fault` is one
 * refusal on that ground: what it is about, what was expected, what came, and what was sent in answer.
 * Faults are out-parameters, owned by the caller, values without pointers into anything that moves.
 * `expected` reads as a noun phrase ("a certificate that has begun"), `came` as what stands against it. */
#ifndef TRACE_FAULT_H
#define TRACE_FAULT_H

#include <stdbool.h>
#include <stddef.h>

/* A build with -DVITRINE_SMALL (`make size`) keeps the grounds and has no words: `about`, `expected`, `came` and
 * `answer` stay empty, texts of names are "". What would be said is not reckoned; what is only SAID is in no table,
 * and nothing is found by it. */
#ifdef VITRINE_SMALL
enum { FAULT_SPEAKS = false };
#define SAID(text) NULL
#else
enum { FAULT_SPEAKS = true };
#define SAID(text) (text)
#endif

struct ground { const char *id, *rfc; };              /* "x509.expired", "RFC 5280 §4.1.2.5" */

struct fault {
    const struct ground *ground;                      /* NULL: no fault */
    /* "alert certificate_expired", "RST", "HTTP 400"; NULL: nothing was sent */
    const char *answer;
    /* which certificate, field, header, host; may be empty */
    char about[64];
    char expected[96], came[96];
};

/* Fills *why (NULL is allowed: nobody asks) and is always false, so that a refusal is one line. The first
 * refusal stays: a fault whose ground is set is left as it is. Text from outside goes through `came` raw;
 * who shows it makes it harmless (trace/show.h). */
bool refuse(struct fault *why, const struct ground *ground, const char *expected, const char *came, ...)
    __attribute__((format(printf, 4, 5)));
/* The same, naming what it is about. */
bool refuse_about(struct fault *why, const struct ground *ground, const char *about, const char *expected,
                  const char *came, ...) __attribute__((format(printf, 5, 6)));
/* The same without words: the ground alone. */
bool refuse_bare(struct fault *why, const struct ground *ground);

/* Which layer refuses on this ground, as its id says: "tls.bad_record_mac" is "tls". Returns out. */
enum { FAULT_LAYER = 16 };
char *fault_layer(const struct ground *, char out[FAULT_LAYER]);

#ifdef VITRINE_SMALL
#define refuse(why, ground, ...) refuse_bare(FAULT_SPEAKS && refuse(why, ground, __VA_ARGS__) ? NULL : (why), ground)
#define refuse_about(why, ground, ...) \
    refuse_bare(FAULT_SPEAKS && refuse_about(why, ground, __VA_ARGS__) ? NULL : (why), ground)
#endif

#endif

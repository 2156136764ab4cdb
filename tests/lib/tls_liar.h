/* tls_liar.h - an engine of ours as a peer that lies where a fuzzer's octets say so: its handshake messages are changed
 * before they are hashed and sealed, so that its Finished is right for what it has really said, and wrong where the
 * octets spoil Finished itself. Records are doubled, lost, or others put between them.
 *
 *     struct liar l;
 *     liar_start(&l, octets, n);
 *     config.spoil = &l.spoil;                        of the engine that lies; then let it act
 *
 * Each handshake message takes an octet from the script that says what becomes of it (LIAR_HONEST and above 24: nothing),
 * then what that needs; each record another one. A script that is at its end is honest from there on. Hellos are changed
 * extension by extension, with all lengths around put right; other messages by octets, with their own length right or
 * not. */
#ifndef TESTS_LIB_TLS_LIAR_H
#define TESTS_LIB_TLS_LIAR_H

#include "tests/lib/fuzz_script.h"
#include "tls/spoil.h"
#include "tls/tls.h"

enum { LIAR_MESSAGE = 40000, LIAR_QUEUE = 4, LIAR_SAID = 1 << 16, LIAR_PAST = 12, LIAR_PAST_ROOM = 4096 };
enum liar_kind {
    LIAR_HONEST, LIAR_FLIP, LIAR_TYPE, LIAR_LENGTH, LIAR_CUT, LIAR_MORE, LIAR_DROP, LIAR_TWICE, LIAR_ANOTHER,
    LIAR_PAST_AGAIN, LIAR_SPLICE, LIAR_INSERT, LIAR_DELETE, LIAR_NUMBER, LIAR_EXTENSION_AWAY, LIAR_EXTENSION_TWICE,
    LIAR_EXTENSION_SWAP, LIAR_EXTENSION_NEW, LIAR_EXTENSION_FLIP, LIAR_EXTENSION_MORE, LIAR_EXTENSION_LESS,
    LIAR_EXTENSION_TYPE, LIAR_KINDS
};

struct liar {
    struct tls_spoil spoil;
    struct script script;
    bool records;                                     /* are records spoiled, too? */
    struct { uint8_t bytes[LIAR_MESSAGE]; size_t n; } queue[LIAR_QUEUE];
    unsigned queued, given;
    struct { uint8_t bytes[LIAR_PAST_ROOM]; size_t n; } past[LIAR_PAST];   /* its own messages, as it wrote them */
    unsigned n_past;
    bool changed[256];                                /* by the type of the message; a message that came more often, too */
    unsigned lies;                                    /* how many */
    uint8_t extra[600]; struct { unsigned type; size_t n; bool due; } more;
    unsigned times; bool dress_flip; unsigned flip_at, flip_by;
    uint8_t said[LIAR_SAID]; size_t said_n;            /* application data that it sealed, in order */
};
void liar_start(struct liar *, const uint8_t *script, size_t n);

/* Changes *n octets of a message, header included, in room for LIAR_MESSAGE, as the kind and the script say. */
void liar_change(enum liar_kind, struct script *, uint8_t *message, size_t *n);

#endif

/* tls_tape.h - what two engines of ours say to each other, written down, and read by a third (tls/watch.h).
 *
 *     struct tape *tape = tls_tape_new();
 *     tape_pair(tape, &pair, true);                  pumps until nothing moves; data to and fro, close_notify
 *     struct tape_read read;
 *     tape_watch(&read, tape, &config, 1 << 14);     reads it all, in pieces of at most so many octets
 *     watch_facts(read.watch) ...
 *     tape_read_end(&read);
 *     tls_tape_free(tape);
 *
 * A move is what one side sent in one breath: packet 1, 2, ... */
#ifndef TESTS_LIB_TLS_TAPE_H
#define TESTS_LIB_TLS_TAPE_H

#include "tests/lib/tls_pair.h"
#include "tls/engine.h"
#include "tls/watch.h"

enum { TAPE_MOVES = 256, TAPE_OCTETS = 1 << 18, TAPE_KEYS = 4096 };

struct tape {
    struct { unsigned side; size_t at, n; } moves[TAPE_MOVES]; size_t n_moves;
    uint8_t octets[2][TAPE_OCTETS]; size_t n[2];
    char keys[TAPE_KEYS]; size_t n_keys;               /* lines for a key log */
};
struct tape_read {
    struct tls_watch *watch;
    uint8_t octets[2][TAPE_OCTETS]; size_t at[2], has[2];          /* what came, and how much is used up */
    uint8_t text[2][TAPE_OCTETS]; size_t n_text[2];    /* application data */
    unsigned records[2];
    bool other[2], blind[2];
};

struct tape *tls_tape_new(void);
void tls_tape_free(struct tape *);
/* Lets both act and writes down what moves, until nothing does. */
void tape_pump(struct tape *, struct tls_pair *);
/* A whole connection: the handshake, n octets of data each way, close_notify. False: the handshake failed. Adds the line
 * of a key log (the engines must have been made with exporter set). */
bool tape_pair(struct tape *, struct tls_pair *, size_t data);
void tape_key(struct tape *, const struct tls_pair *);
/* The packet in which octet `at` of a side lies. */
uint64_t tape_packet(const struct tape *, unsigned side, size_t at);

/* Reads it, piece octets at a time; where config is NULL, without any key. */
void tape_watch(struct tape_read *, const struct tape *, const struct watch_config *, size_t piece);
void tape_read_end(struct tape_read *);
/* The record (from 1) of a side in which an octet lies, and where it begins and ends. */
unsigned tape_record(const struct tape *, unsigned side, size_t at, size_t *begin, size_t *end);
struct keylog *tape_keylog(const struct tape *, uint64_t after_packet);

#endif

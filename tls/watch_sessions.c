/* watch_sessions.c - what earlier connections of a capture leave to be resumed: master secrets, by the id or the ticket
 * that will name them. Bounded: a place for each name, four in a row, of which the oldest is given up. */
#include "tls/watch_inside.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 1024, WAYS = 4, NAME = 32 };

struct slot { uint8_t name[NAME]; uint64_t put; struct watch_session session; };       /* put 0: empty */
struct watch_sessions { uint64_t puts; struct slot slots[ROWS][WAYS]; };

struct watch_sessions *watch_sessions_new(void) { return calloc(1, sizeof(struct watch_sessions)); }

void watch_sessions_free(struct watch_sessions *s)
{
    if (!s)
        return;
    sodium_memzero(s, sizeof *s);
    free(s);
}

/* Ids and tickets have names of their own kind: nobody finds one by the other. */
static size_t row_of(bool ticket, struct bytes name, uint8_t digest[NAME])
{
    struct hash h;
    const uint8_t kind = ticket;
    hash_start(&h, HASH_SHA256, NULL);
    hash_add(&h, &kind, 1);
    hash_add(&h, name.at, name.n);
    hash_end(&h, digest);
    return (size_t)(digest[0] << 8 | digest[1]) % ROWS;
}

void watch_sessions_put(struct watch_sessions *s, bool ticket, struct bytes name, const struct watch_session *session)
{
    uint8_t digest[NAME];
    if (!s || !name.n)
        return;
    struct slot *row = s->slots[row_of(ticket, name, digest)], *to = row;
    for (size_t i = 0; i < WAYS; i++) {
        if (row[i].put && memcmp(row[i].name, digest, NAME) == 0) {
            to = &row[i];
            break;
        }
        to = row[i].put < to->put ? &row[i] : to;
    }
    memcpy(to->name, digest, NAME);
    to->put = ++s->puts;
    to->session = *session;
}

bool watch_sessions_find(const struct watch_sessions *s, bool ticket, struct bytes name, struct watch_session *out)
{
    uint8_t digest[NAME];
    if (!s || !name.n)
        return false;
    const struct slot *row = s->slots[row_of(ticket, name, digest)];
    for (size_t i = 0; i < WAYS; i++)
        if (row[i].put && memcmp(row[i].name, digest, NAME) == 0) {
            *out = row[i].session;
            return true;
        }
    return false;
}

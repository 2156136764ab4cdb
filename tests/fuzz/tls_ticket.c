/* Tickets: as they come in a hello, and their state as it lies within, as if somebody had our key. What opens was sealed
 * here; what is read is written the same again. */
#include "tests/lib/chance.h"
#include "tls/messages.h"
#include "tls/ticket.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW (INT64_C(1767225600) * SECOND)

static void holds(bool good)
{
    if (!good)
        abort();
}

/* Bent in one octet, or cut, nothing opens any more. */
static void bend(struct tls_tickets *t, uint8_t *ticket, size_t n, unsigned at, unsigned by)
{
    struct tls_ticket_state state;
    holds(tls_ticket_open(t, (struct bytes){ ticket, n }, NOW, &state) == TICKET_OPENED);
    ticket[at % n] = (uint8_t)(ticket[at % n] ^ by);
    holds(!by || tls_ticket_open(t, (struct bytes){ ticket, n }, NOW, &state) == TICKET_FOREIGN);
    ticket[at % n] = (uint8_t)(ticket[at % n] ^ by);
    holds(tls_ticket_open(t, (struct bytes){ ticket, at % n }, NOW, &state) == TICKET_FOREIGN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct test_chance chance = test_chance(1);
    struct tls_tickets tickets;
    struct tls_ticket_state state, again;
    struct tls_session session;
    uint8_t ticket[TLS_TICKET_MAX];
    holds(sodium_init() >= 0);
    if (size < 4)
        return 0;
    tls_tickets_start(&tickets, &chance.chance, TLS_SESSION_LIFETIME);
    holds(tls_ticket_open(&tickets, (struct bytes){ data, size }, NOW, &state) == TICKET_FOREIGN);
    struct wire_in in = wire_over(data + 3, size - 3, NULL);
    if (!tls_ticket_read(&in, &session))
        return 0;
    holds(memchr(session.host, 0, sizeof session.host) != NULL && session.id_n == 0);
    if (strlen(session.host) != data[3 + 2 + 2 + 1 + 8 + TLS_MASTER_SECRET])
        return 0;                                      /* a name with a zero within: nobody asks for it */
    tls_ticket_write(&session, &state);
    in = wire_over(state.octets, state.n, NULL);
    struct tls_session back;
    holds(tls_ticket_read(&in, &back));
    tls_ticket_write(&back, &again);
    holds(again.n == state.n && memcmp(again.octets, state.octets, state.n) == 0);
    size_t n = tls_ticket_seal(&tickets, &chance.chance, &state, NOW, ticket);
    bend(&tickets, ticket, n, (unsigned)(data[0] << 8 | data[1]), data[2]);
    return 0;
}

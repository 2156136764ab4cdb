/* Handshakes for `vitrine speed`, full and resumed: both ends, the client alone, the server alone; and the memory
 * that a connection holds when its handshake is over. */
#include "cmd/speed.h"
#include "cmd/speed_pair.h"

#include <stdlib.h>
#include <string.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

static const struct { const char *what, *suite, *key, *group; unsigned number; bool resumed; } handshakes[] = {
#define HANDSHAKE(suite) "handshake " suite, suite
    { HANDSHAKE("ECDHE-ECDSA-AES128-GCM-SHA256"), "ecdsap256", "x25519", TLS_X25519, true },
    { HANDSHAKE("ECDHE-ECDSA-AES128-GCM-SHA256"), "ecdsap256", "p256", TLS_SECP256R1, false },
    { HANDSHAKE("ECDHE-ECDSA-CHACHA20-POLY1305"), "ecdsap256", "x25519", TLS_X25519, false },
    { HANDSHAKE("ECDHE-ECDSA-AES256-GCM-SHA384"), "ecdsap384", "p384", TLS_SECP384R1, true },
    { HANDSHAKE("ECDHE-ECDSA-AES128-GCM-SHA256"), "ed25519", "x25519", TLS_X25519, false },
    { HANDSHAKE("ECDHE-RSA-AES128-GCM-SHA256"), "rsa2048", "x25519", TLS_X25519, true },
    { HANDSHAKE("ECDHE-RSA-AES128-GCM-SHA256"), "rsa3072", "x25519", TLS_X25519, false },
    { HANDSHAKE("DHE-RSA-AES128-GCM-SHA256"), "rsa2048", "ffdhe2048", TLS_FFDHE2048, false },
    { HANDSHAKE("AES128-GCM-SHA256"), "rsa2048", "rsa", 0, false },
    { HANDSHAKE("ECDHE-RSA-AES128-SHA256"), "rsa2048", "x25519", TLS_X25519, false },
};
static const char *const resumed_words[] = { [SPEED_FULL] = "no", [SPEED_BY_ID] = "id",
                                             [SPEED_BY_TICKET] = "ticket" };

static void *begin(const struct speed_row *r)
{
    struct speed_wish wish = { .suite = r->suite, .key = r->key, .group = handshakes[r->which].number,
                               .cpu = r->cpu };
    while (strcmp(resumed_words[wish.resumed], r->resumed) != 0)
        wish.resumed++;
    return speed_pair_new(&wish);
}

static void *begin_recorded(const struct speed_row *r)
{
    struct speed_pair *p = begin(r);
    if (!p || speed_pair_record(p))
        return p;
    speed_pair_free(p);
    return NULL;
}

static void end(void *of) { speed_pair_free(of); }
static unsigned both_run(void *of) { return speed_pair_both(of); }
static unsigned client_run(void *of) { return speed_pair_alone(of, false); }
static unsigned server_run(void *of) { return speed_pair_alone(of, true); }

static const struct speed_work both_work = { begin, NULL, both_run, end, NULL },
    client_work = { begin_recorded, NULL, client_run, end, NULL },
    server_work = { begin_recorded, NULL, server_run, end, NULL };

/* ---- memory ---- */

/* Octets of the blocks that the heap has given out, with what malloc adds to each; 0: nobody can tell. */
static size_t heap(void)
{
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
    return mallinfo2().uordblks;
#else
    return 0;
#endif
}

/* Many connections stand; what is given back when one end of each goes, is what it held. */
static uint64_t held(const struct speed_row *r, bool server)
{
    enum { CONNECTIONS = 64 };
    struct tls *ends[CONNECTIONS][2];
    const struct speed_wish wish = { .suite = r->suite, .key = r->key, .group = TLS_X25519, .cpu = r->cpu };
    struct speed_pair *p = speed_pair_new(&wish);
    size_t n = 0;
    while (p && n < CONNECTIONS && speed_pair_stand(p, ends[n]))
        n++;
    const size_t before = heap();
    for (size_t i = 0; i < n; i++)
        tls_free(ends[i][server]);
    const size_t after = heap();
    for (size_t i = 0; i < n; i++)
        tls_free(ends[i][!server]);
    if (p)
        speed_pair_free(p);
    return n == CONNECTIONS ? (before - after) / CONNECTIONS : 0;
}

static uint64_t client_held(const struct speed_row *r) { return held(r, false); }
static uint64_t server_held(const struct speed_row *r) { return held(r, true); }
static const struct speed_work client_held_work = { .count = client_held },
    server_held_work = { .count = server_held };

/* ---- all of them ---- */

static const struct speed_column columns[] = { { "both", &both_work, 0 }, { "client", &client_work, 0 },
                                               { "server", &server_work, 0 }, { NULL, NULL, 0 } },
    held_columns[] = { { "client", &client_held_work, 0 }, { "server", &server_held_work, 0 }, { NULL, NULL, 0 } };

/* Of everything that a connection may use. */
static void form(unsigned which, const struct cpu *cpu, char out[SPEED_FORM])
{
    (void)which;
    cpu_words(cpu, out);
}

void speed_add_handshakes(struct speed_list *l)
{
    for (unsigned i = 0; i < sizeof handshakes / sizeof *handshakes; i++)
        for (unsigned j = SPEED_FULL; j <= (handshakes[i].resumed ? SPEED_BY_TICKET : SPEED_FULL); j++)
            speed_add_best(l, (struct speed_row){ "handshake", handshakes[i].what, .suite = handshakes[i].suite,
                                                  .key = handshakes[i].key, .group = handshakes[i].group,
                                                  .resumed = resumed_words[j], .which = i }, form, columns);
    speed_add_best(l, (struct speed_row){ "idle", "idle", .suite = handshakes[0].suite, .key = handshakes[0].key },
                   form, held_columns);
}

#include "tls/ticket.h"

#include <sodium.h>
#include <string.h>

enum { FLAG_EXTENDED_MASTER_SECRET = 1, KEY = 32 };
/* Random nonces of 96 bits: far fewer than 2^32 under one key (SP 800-38D §8.3). */
#define SEALED_MOST (UINT64_C(1) << 30)

void tls_tickets_start(struct tls_tickets *t, struct chance *chance, nsec lifetime)
{
    *t = (struct tls_tickets){ .chance = chance, .lifetime = lifetime };
}

void tls_tickets_wipe(struct tls_tickets *t) { sodium_memzero(t, sizeof *t); }

static void draw_key(struct tls_tickets *t, struct tls_ticket_key *k, nsec now)
{
    uint8_t key[KEY];
    *k = (struct tls_ticket_key){ .made = now };
    chance_fill(t->chance, "ticket_key_name", k->name, sizeof k->name);
    chance_fill(t->chance, "ticket_key", key, sizeof key);
    aead_set_key(&k->aead, AEAD_AES_256_GCM, key, NULL);
    k->usable = !sodium_is_zero(key, sizeof key);
    sodium_memzero(key, sizeof key);
}

/* The key that seals now: drawn at the first call, and anew when it is old or has sealed enough. */
static struct tls_ticket_key *key_now(struct tls_tickets *t, nsec now)
{
    struct tls_ticket_key *k = &t->current;
    if (k->usable && now - k->made < t->lifetime && k->sealed < SEALED_MOST)
        return k;
    t->previous = *k;
    if (t->previous.usable && now - t->previous.made >= 2 * t->lifetime)
        sodium_memzero(&t->previous, sizeof t->previous);
    draw_key(t, k, now);
    return k->usable ? k : NULL;
}

void tls_ticket_write(const struct tls_session *s, struct tls_ticket_state *state)
{
    struct wire_out out = wire_into(state->octets, sizeof state->octets);
    put_u16(&out, "version", s->version);
    put_u16(&out, "cipher_suite", s->suite);
    put_u8(&out, "flags", s->extended_master_secret ? FLAG_EXTENDED_MASTER_SECRET : 0);
    put_u64(&out, "made", (uint64_t)s->made);
    put_bytes(&out, "master_secret", s->master_secret, TLS_MASTER_SECRET);
    struct put_block host = put_open(&out, "server_name", 1);
    put_text(&out, "host_name", s->host);
    put_close(&out, host);
    struct put_block client = put_open(&out, "client_certificate", 1);
    put_bytes(&out, "certificate_digest", s->peer, s->peer_known ? TLS_CERTIFICATE_DIGEST : 0);
    put_close(&out, client);
    state->n = wire_written(&out);
}

static const char *flag_words(unsigned flags)
{
    return flags == FLAG_EXTENDED_MASTER_SECRET ? "extended_master_secret" : NULL;
}

bool tls_ticket_read(struct wire_in *in, struct tls_session *s)
{
    *s = (struct tls_session){ .version = take_code16(in, "version", tls_version_words) };
    s->suite = take_code16(in, "cipher_suite", tls_suite_words);
    s->extended_master_secret = take_code8(in, "flags", flag_words) & FLAG_EXTENDED_MASTER_SECRET;
    s->made = (nsec)take_u64(in, "made");
    take_bytes(in, "master_secret", s->master_secret, TLS_MASTER_SECRET);
    struct wire_in host = take_vec8(in, "server_name");
    struct bytes name = take_text(&host, wire_left(&host) > 64 ? "data" : "host_name", wire_left(&host));
    if (name.n)
        memcpy(s->host, name.at, name.n);
    wire_close(in, &host);
    struct wire_in client = take_vec8(in, "client_certificate");
    s->peer_known = wire_left(&client) > 0;
    if (s->peer_known)
        take_bytes(&client, "certificate_digest", s->peer, TLS_CERTIFICATE_DIGEST);
    wire_close(in, &client);
    return !in->failed && wire_left(in) == 0;
}

size_t tls_ticket_seal(struct tls_tickets *t, struct chance *chance, const struct tls_ticket_state *state, nsec now,
                       uint8_t out[TLS_TICKET_MAX])
{
    struct tls_ticket_key *k = key_now(t, now);
    if (!k)
        return 0;
    uint8_t *nonce = out + TLS_TICKET_NAME, *sealed = nonce + AEAD_NONCE;
    memcpy(out, k->name, TLS_TICKET_NAME);
    chance_fill(chance, "ticket_nonce", nonce, AEAD_NONCE);
    memcpy(sealed, state->octets, state->n);
    aead_seal(&k->aead, nonce, k->name, TLS_TICKET_NAME, sealed, state->n, sealed + state->n);
    k->sealed++;
    return TLS_TICKET_FRONT + state->n + AEAD_TAG;
}

/* NULL: no key of ours, or one that is too old. */
static const struct tls_ticket_key *key_named(const struct tls_tickets *t, const uint8_t *name, nsec now)
{
    const struct tls_ticket_key *const keys[] = { &t->current, &t->previous };
    for (size_t i = 0; i < 2; i++)
        if (keys[i]->usable && memcmp(keys[i]->name, name, TLS_TICKET_NAME) == 0)
            return now - keys[i]->made < 2 * t->lifetime ? keys[i] : NULL;
    return NULL;
}

enum tls_ticket_says tls_ticket_open(struct tls_tickets *t, struct bytes ticket, nsec now,
                                     struct tls_ticket_state *state)
{
    state->n = 0;
    if (ticket.n < TLS_TICKET_FRONT + AEAD_TAG || ticket.n > TLS_TICKET_MAX)
        return TICKET_FOREIGN;
    const struct tls_ticket_key *current = key_now(t, now), *k = key_named(t, ticket.at, now);
    const uint8_t *nonce = ticket.at + TLS_TICKET_NAME, *sealed = nonce + AEAD_NONCE;
    size_t n = ticket.n - TLS_TICKET_FRONT - AEAD_TAG;
    if (!k)
        return TICKET_FOREIGN;
    memcpy(state->octets, sealed, n);
    if (!aead_open(&k->aead, nonce, k->name, TLS_TICKET_NAME, state->octets, n, sealed + n))
        return TICKET_FOREIGN;
    state->n = n;
    return k == current ? TICKET_OPENED : TICKET_OLD;
}

#include "tls/keys.h"

#include "crypto/prf.h"

void transcript_start(struct transcript *t, const struct cpu *cpu)
{
    t->octets = 0;
    t->chosen = false;
    hash_start(&t->sha256, HASH_SHA256, cpu);
    hash_start(&t->sha384, HASH_SHA384, cpu);
}

void transcript_choose(struct transcript *t, enum hash_kind kind)
{
    t->chosen = true;
    t->kind = kind;
}

void transcript_add(struct transcript *t, struct bytes message)
{
    if (!t->chosen || t->kind == HASH_SHA256)
        hash_add(&t->sha256, message.at, message.n);
    if (!t->chosen || t->kind == HASH_SHA384)
        hash_add(&t->sha384, message.at, message.n);
    t->octets += message.n;
}

size_t transcript_hash(const struct transcript *t, enum hash_kind kind, uint8_t digest[HASH_MAX])
{
    struct hash so_far = kind == HASH_SHA384 ? t->sha384 : t->sha256;
    hash_end(&so_far, digest);
    return hash_size(kind);
}

void derive_master_secret(enum hash_kind prf, const uint8_t *pre_master_secret, size_t n,
                          const uint8_t client_random[TLS_RANDOM],
                          const uint8_t server_random[TLS_RANDOM], uint8_t master_secret[TLS_MASTER_SECRET],
                          const struct cpu *cpu)
{
    tls_prf(prf, pre_master_secret, n, "master secret", client_random, TLS_RANDOM, server_random, TLS_RANDOM,
            master_secret, TLS_MASTER_SECRET, cpu);
}

void derive_extended_master_secret(enum hash_kind prf, const uint8_t *pre_master_secret, size_t n,
                                   const uint8_t *session_hash,
                                   size_t hash_n, uint8_t master_secret[TLS_MASTER_SECRET], const struct cpu *cpu)
{
    tls_prf(prf, pre_master_secret, n, "extended master secret", session_hash, hash_n, NULL, 0,
            master_secret, TLS_MASTER_SECRET, cpu);
}

const char *const key_piece_names[KEY_PIECES] = {
    [CLIENT_WRITE_MAC_KEY] = "client_write_MAC_key", [SERVER_WRITE_MAC_KEY] = "server_write_MAC_key",
    [CLIENT_WRITE_KEY] = "client_write_key", [SERVER_WRITE_KEY] = "server_write_key",
    [CLIENT_WRITE_IV] = "client_write_IV", [SERVER_WRITE_IV] = "server_write_IV",
};

static size_t piece_size(const struct tls_suite *s, enum key_piece piece)
{
    return piece <= SERVER_WRITE_MAC_KEY ? s->mac_size : piece <= SERVER_WRITE_KEY ? s->key_size : s->fixed_iv;
}

size_t key_block_size(const struct tls_suite *s)
{
    return 2 * (s->mac_size + s->key_size + s->fixed_iv);
}

struct bytes key_block_piece(const struct tls_suite *s, const uint8_t *key_block, enum key_piece piece)
{
    for (unsigned before = 0; before < piece; before++)
        key_block += piece_size(s, (enum key_piece)before);
    return (struct bytes){ key_block, piece_size(s, piece) };
}

/* Here the server's random comes first, other than for the master secret. */
void derive_key_block(const struct tls_suite *s, const uint8_t master_secret[TLS_MASTER_SECRET],
                      const uint8_t client_random[TLS_RANDOM], const uint8_t server_random[TLS_RANDOM],
                          uint8_t *key_block, const struct cpu *cpu)
{
    tls_prf(s->prf, master_secret, TLS_MASTER_SECRET, "key expansion", server_random, TLS_RANDOM, client_random,
            TLS_RANDOM,
            key_block, key_block_size(s), cpu);
}

void derive_verify_data(enum hash_kind prf, const uint8_t master_secret[TLS_MASTER_SECRET], bool of_server,
                        const struct transcript *t, uint8_t verify_data[TLS_VERIFY_DATA], const struct cpu *cpu)
{
    uint8_t digest[HASH_MAX];
    size_t n = transcript_hash(t, prf, digest);
    tls_prf(prf, master_secret, TLS_MASTER_SECRET, of_server ? "server finished" : "client finished", digest, n,
            NULL, 0,
            verify_data, TLS_VERIFY_DATA, cpu);
}

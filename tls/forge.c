#include "tls/forge.h"
#include "crypto/rsa_number.h"
#include "tls/ticket.h"

#include <string.h>

bool forge_ticket(uint8_t *ticket, size_t n, nsec made)
{
    static const uint8_t zeros[AEAD_KEY_MAX] = { 0 };
    const struct tls_session session = { .version = TLS_1_2, .suite = 0xc02f, .extended_master_secret = true,
                                         .made = made };
    uint8_t *sealed = ticket + TLS_TICKET_FRONT;
    struct tls_ticket_state state;
    struct aead key;
    if (n < TLS_TICKET_FRONT + AEAD_TAG)
        return false;
    const size_t sealed_n = n - TLS_TICKET_FRONT - AEAD_TAG;
    tls_ticket_write(&session, &state);
    memset(sealed, 0, sealed_n);
    memcpy(sealed, state.octets, state.n < sealed_n ? state.n : sealed_n);
    aead_set_key(&key, AEAD_AES_256_GCM, zeros, NULL);
    aead_seal(&key, ticket + TLS_TICKET_NAME, ticket, TLS_TICKET_NAME, sealed, sealed_n, sealed + sealed_n);
    return true;
}

/* 00 01 ff..ff 00, then DigestInfo (RFC 8017 §9.2): with eight times ff in place of two hundred. */
bool forge_padding(const struct private_key *key, struct chance *chance, struct bytes text, uint8_t *signature,
                   size_t n)
{
    static const uint8_t front[] = { 0, 1, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0x30, 0x31, 0x30, 0x0d, 6, 9,
                                     0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 32 };
    uint8_t padded[RSA_MAX] = { 0 };
    if (key->pub.kind != KEY_RSA || n != key->pub.u.rsa.n_size)
        return false;
    memcpy(padded, front, sizeof front);
    hash_of(HASH_SHA256, text.at, text.n, padded + sizeof front, NULL);
    return rsa_undo(&key->u.rsa, chance, padded, signature, NULL) != 0;
}

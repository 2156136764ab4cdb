#include "tls/suites.h"

static const struct group { uint16_t number; const char *name, *openssl; enum exchange way; } groups[] = {
    { TLS_X25519, SAID("x25519"), SAID("X25519"), EXCHANGE_X25519 },
    { TLS_SECP256R1, SAID("secp256r1"), SAID("P-256"), EXCHANGE_P256 },
    { TLS_SECP384R1, SAID("secp384r1"), SAID("P-384"), EXCHANGE_P384 },
    { TLS_SECP521R1, SAID("secp521r1"), SAID("P-521"), EXCHANGE_P521 },
    { TLS_FFDHE2048, SAID("ffdhe2048"), SAID("dh_2048"), EXCHANGE_FFDHE2048 },
    { TLS_FFDHE3072, SAID("ffdhe3072"), SAID("dh_3072"), EXCHANGE_FFDHE3072 },
    { TLS_FFDHE4096, SAID("ffdhe4096"), SAID("dh_4096"), EXCHANGE_FFDHE4096 },
    /* Known by name: hellos of today's browsers and libraries have them. */
    { 19, "secp192r1", "P-192", EXCHANGE_NONE }, { 21, "secp224r1", "P-224", EXCHANGE_NONE },
    { 22, "secp256k1", NULL, EXCHANGE_NONE }, { 26, "brainpoolP256r1", NULL, EXCHANGE_NONE },
    { 27, "brainpoolP384r1", NULL, EXCHANGE_NONE }, { 28, "brainpoolP512r1", NULL, EXCHANGE_NONE },
    { 30, "x448", NULL, EXCHANGE_NONE }, { 259, "ffdhe6144", NULL, EXCHANGE_NONE },
    { 260, "ffdhe8192", NULL, EXCHANGE_NONE }, { 0x11eb, "SecP256r1MLKEM768", NULL, EXCHANGE_NONE },
    { 0x11ec, "X25519MLKEM768", NULL, EXCHANGE_NONE }, { 0x11ed, "SecP384r1MLKEM1024", NULL, EXCHANGE_NONE },
    { 0x6399, "X25519Kyber768Draft00", NULL, EXCHANGE_NONE },
};
enum { GROUPS = sizeof groups / sizeof *groups };

/* X25519 first (RFC 9325 §4.2.1 likes it no less, and it is the fastest here), then by cost. */
const uint16_t tls_groups[] = { TLS_X25519, TLS_SECP256R1, TLS_SECP384R1, TLS_SECP521R1, TLS_FFDHE2048, TLS_FFDHE3072,
                                TLS_FFDHE4096 };
const size_t tls_n_groups = sizeof tls_groups / sizeof *tls_groups;

bool tls_group_is_ffdhe(unsigned number) { return number >> 8 == 1; }

const char *tls_group_words(unsigned number)
{
    for (size_t i = 0; i < GROUPS; i++)
        if (groups[i].number == number)
            return groups[i].name;
    return tls_is_grease(number) ? "GREASE" : NULL;
}

enum exchange tls_group_exchange(unsigned number)
{
    for (size_t i = 0; i < GROUPS; i++)
        if (groups[i].number == number)
            return groups[i].way;
    return EXCHANGE_NONE;
}

const char *tls_exchange_words(enum exchange way)
{
    for (size_t i = 0; i < GROUPS; i++)
        if (groups[i].way == way && way)
            return groups[i].name;
    return way == EXCHANGE_MODP2048 ? "modp2048" : way == EXCHANGE_MODP3072 ? "modp3072"
         : way == EXCHANGE_MODP4096 ? "modp4096" : "none";
}

unsigned tls_group_of_exchange(enum exchange way)
{
    for (size_t i = 0; i < GROUPS; i++)
        if (groups[i].way == way && way)
            return groups[i].number;
    return 0;
}

/* "p256", "prime256v1": other names of the same. */
unsigned tls_group_named(const char *name)
{
    static const struct { const char *name; uint16_t number; } also[] = {
        { "p256", TLS_SECP256R1 }, { "prime256v1", TLS_SECP256R1 }, { "p384", TLS_SECP384R1 },
        { "p521", TLS_SECP521R1 } };
    for (size_t i = 0; i < GROUPS && groups[i].way; i++)
        if (tls_same_name(name, groups[i].name) || tls_same_name(name, groups[i].openssl))
            return groups[i].number;
    for (size_t i = 0; i < sizeof also / sizeof *also; i++)
        if (tls_same_name(name, also[i].name))
            return also[i].number;
    return 0;
}

/* key_exchange.c - ECDHE and DHE, both ends: the two halves, what the server signs of its own, and the secret that
 * comes of them (RFC 8422 §5.4, §5.10, RFC 5246 §7.4.3, §8.1.2, RFC 7919). */
#include "tls/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ground bad_point = { "tls.bad_point", "RFC 8422 §5.11" };
static const struct ground bad_dh_value = { "tls.bad_dh_value", "RFC 7919 §5.1" };
static const struct ground dh_group = { "tls.dh_group", "RFC 7919 §4" };
static const struct ground group_not_offered = { "tls.group_not_offered", "RFC 8422 §5.4" };
static const struct ground sigalg_not_offered = { "tls.sigalg_not_offered", "RFC 5246 §7.4.3" };
static const struct ground ske_signature = { "tls.ske_signature", "RFC 5246 §7.4.3" };
static const struct ground internal = { "tls.internal", "RFC 5246 §7.2.2" };
static const struct ground no_memory = { "tls.no_memory", "RFC 5246 §7.2.2" };

static bool is_dhe(const struct tls *t) { return t->facts.suite->kx == TLS_KX_DHE; }

/* RFC 8422 §5.4.1, §5.11: of a curve only uncompressed points on it; of X25519 any 32 octets. */
static bool point_fits(const struct tls *t, struct bytes p, struct fault *why)
{
    const enum exchange way = t->facts.exchange;
    const char *name = tls_exchange_words(way);
    char wanted[64];
    snprintf(wanted, sizeof wanted, "%zu octets (%s)", exchange_public_size(way), name);
    if (p.n != exchange_public_size(way))
        return refuse(why, &bad_point, wanted, "%zu octets", p.n);
    if (way != EXCHANGE_X25519 && p.at[0] != 4)
        return refuse(why, &bad_point, "an uncompressed point, which begins with 4", "one that begins with %u",
                      p.at[0]);
    snprintf(wanted, sizeof wanted, "a point on the curve %s", name);
    return exchange_valid(way, p.at, p.n) || refuse(why, &bad_point, wanted, "one beside it");
}

bool value_fits(const struct tls *t, struct bytes value, struct fault *why)
{
    if (!is_dhe(t))
        return point_fits(t, value, why);
    return exchange_valid(t->facts.exchange, value.at, value.n)
        || refuse(why, &bad_dh_value, "a public value from 2 to p - 2", "one of %zu octets that is none", value.n);
}

size_t make_half(struct tls *t, uint8_t value[EXCHANGE_PUBLIC_MAX])
{
    const struct tls_spoil *spoil = t->config.spoil;
    const enum exchange way = t->facts.exchange;
    exchange_make(way, t->config.chance, half_name(t), t->shake->scalar);
    exchange_public(way, t->shake->scalar, value, t->config.cpu);
    tell_scalar(t, value, exchange_public_size(way));
    if (spoil && spoil->point)
        spoil->point(spoil->self, t->facts.group, value, exchange_public_size(way));
    return exchange_public_size(way);
}

const char *half_name(const struct tls *t)
{
    if (is_dhe(t))
        return t->config.server ? "server_dh_exponent" : "client_dh_exponent";
    return t->config.server ? "server_ecdh_scalar" : "client_ecdh_scalar";
}

/* RFC 5246 §8.1.2: the zeros in front of a secret modulo a prime are left out; those of a curve stay (RFC 8422
 * §5.10). */
size_t agree_on_secret(struct tls *t, struct bytes value, uint8_t secret[EXCHANGE_SECRET_MAX], struct fault *why)
{
    const enum exchange way = t->facts.exchange;
    if (!exchange_shared(way, t->shake->scalar, value.at, value.n, secret, t->config.cpu)) {
        refuse(why, is_dhe(t) ? &bad_dh_value : &bad_point, "a point that gives a secret",
               "one of small order: the secret would be zero");
        return 0;
    }
    size_t n = exchange_secret_size(way), zeros = exchange_zeros(way, secret);
    memmove(secret, secret + zeros, n - zeros);
    sodium_memzero(secret + n - zeros, zeros);
    return n - zeros;
}

/* ---- the server's half ---- */

size_t make_params(struct tls *t, uint8_t params[PARAMS_ROOM])
{
    static const uint8_t generator[] = { EXCHANGE_GENERATOR };
    const struct tls_spoil *spoil = t->config.spoil;
    struct wire_out to = wire_into(params, PARAMS_ROOM);
    uint8_t value[EXCHANGE_PUBLIC_MAX];
    size_t n = make_half(t, value);
    if (is_dhe(t))
        write_dh_params(&to, (struct bytes){ exchange_prime(t->facts.exchange), n }, (struct bytes){ generator, 1 },
                        value, n);
    else
        write_ecdh_params(&to, t->facts.group, value, n);
    n = wire_written(&to);
    if (spoil && spoil->params)
        spoil->params(spoil->self, params, &n, PARAMS_ROOM);
    return n;
}

size_t signed_text(const struct tls *t, struct bytes params, uint8_t text[2 * TLS_RANDOM + PARAMS_ROOM])
{
    memcpy(text, t->client_random, TLS_RANDOM);
    memcpy(text + TLS_RANDOM, t->server_random, TLS_RANDOM);
    memcpy(text + 2 * TLS_RANDOM, params.at, params.n);
    return 2 * TLS_RANDOM + params.n;
}

size_t sign_params(struct tls *t, struct bytes params, uint8_t signature[SIGNATURE_MAX], struct fault *why)
{
    uint8_t text[2 * TLS_RANDOM + PARAMS_ROOM];
    enum key_kind key;
    struct sign_scheme scheme;
    size_t text_n = signed_text(t, params, text), n = 0;
    if (tls_sigalg_of(t->facts.sigalg, &key, &scheme))
        n = key_sign(t->shake->identity->key, t->config.chance, scheme, text, text_n, signature, t->config.cpu);
    if (n)
        tell_signed_params(t, true, params, t->facts.sigalg, (struct bytes){ signature, n }, true);
    else
        refuse(why, &internal, "a private key that can sign", "ours cannot");
    return n;
}

/* ---- the client reads it ---- */

static bool offered(const struct tls *t, unsigned group)
{
    for (size_t i = 0; i < t->config.n_groups; i++)
        if (t->config.groups[i] == group)
            return true;
    return false;
}

/* RFC 7919 §4: a prime is taken only where it is known to be a safe one. A group of 1024 bits fell to those who can
 * afford it (Logjam, 2015), and a number that looks prime need not be one. */
static bool take_dh_group(struct tls *t, const struct server_key_exchange *k, struct fault *why)
{
    t->facts.exchange = exchange_of_group(k->p.at, k->p.n, k->g.at, k->g.n);
    t->facts.group = (uint16_t)tls_group_of_exchange(t->facts.exchange);
    return t->facts.exchange != EXCHANGE_NONE
        || refuse(why, &dh_group, "a group of RFC 7919 or RFC 3526, of 2048 to 4096 bits", "a prime of %zu octets that "
                  "is none of theirs", k->p.n);
}

static bool take_curve(struct tls *t, const struct server_key_exchange *k, struct fault *why)
{
    if (k->curve_type != TLS_NAMED_CURVE)
        return refuse(why, &group_not_offered, "a named curve", "curve_type %u", k->curve_type);
    if (!offered(t, k->group) || tls_group_is_ffdhe(k->group))
        return refuse(why, &group_not_offered, "a group that our ClientHello offered", "%u %s", k->group,
                      tls_group_words(k->group) ? tls_group_words(k->group) : "(not known by name)");
    t->facts.group = k->group;
    t->facts.exchange = tls_group_exchange(k->group);
    return true;
}

/* The server's key signs its parameters and both randoms, so that nobody plays them back. */
bool params_signed(const struct tls *t, const struct server_key_exchange *k, struct sign_scheme scheme,
                   struct fault *why)
{
    uint8_t text[2 * TLS_RANDOM + PARAMS_ROOM];
    bool good = k->params.n <= PARAMS_ROOM
        && key_verify(&t->shake->peer_key, scheme, text, signed_text(t, k->params, text), k->signature.at,
                      k->signature.n, t->config.cpu);
    tell_signed_params(t, false, k->params, k->sigalg, k->signature, good);
    tell_check(t, "server_key_exchange_signature", ske_signature.rfc, "a signature by the certificate's key",
               good ? "one" : "one that does not verify", good);
    return good || refuse(why, &ske_signature, "a signature by the certificate's key over randoms and parameters",
                          "one that does not verify");
}

static bool check_signature(struct tls *t, const struct server_key_exchange *k, struct fault *why)
{
    enum key_kind key;
    struct sign_scheme scheme;
    if (!sigalg_offered(t, k->sigalg) || !tls_sigalg_fits(k->sigalg, &t->shake->peer_key)
        || !tls_sigalg_of(k->sigalg, &key, &scheme))
        return refuse(why, &sigalg_not_offered, "a signature algorithm that we offered, for the certificate's key",
                      "0x%04x %s", k->sigalg,
                      tls_sigalg_words(k->sigalg) ? tls_sigalg_words(k->sigalg) : "(not known by name)");
    t->facts.sigalg = k->sigalg;
    return params_signed(t, k, scheme, why);
}

/* The value is needed once more, for our own half. */
static bool keep_value(struct tls *t, struct bytes value, struct fault *why)
{
    uint8_t *copy = malloc(value.n);
    if (!copy)
        return refuse(why, &no_memory, "memory for a public value", "there is none");
    memcpy(copy, value.at, value.n);
    t->shake->peer_value = (struct bytes){ copy, value.n };
    return true;
}

bool take_params(struct tls *t, const struct server_key_exchange *k, struct fault *why)
{
    return (is_dhe(t) ? take_dh_group(t, k, why) : take_curve(t, k, why)) && check_signature(t, k, why)
        && value_fits(t, k->value, why) && keep_value(t, k->value, why);
}

bool sigalg_offered(const struct tls *t, unsigned number)
{
    for (size_t i = 0; i < t->config.n_sigalgs; i++)
        if (t->config.sigalgs[i] == number)
            return true;
    return false;
}

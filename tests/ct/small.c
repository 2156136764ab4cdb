/* The forms for little room (crypto/cpu.h) with secrets. */
#include "crypto/chacha20_form.h"
#include "crypto/curve.h"
#include "crypto/ed25519_form.h"
#include "crypto/hash_form.h"
#include "crypto/x25519_form.h"
#include "tests/ct/ct.h"

static void hashes(const struct hash_form *form, size_t block)
{
    union hash_value h;
    uint8_t data[256] = { 1 };
    memset(&h, 2, sizeof h);
    ct_secret(&h, sizeof h);
    ct_secret(data, sizeof data);
    form->blocks(&h, data, sizeof data / block);
}

static void chacha20(void)
{
    uint8_t key[32] = { 1 }, nonce[12] = { 2 }, data[100] = { 3 }, tag[16];
    ct_secret(key, sizeof key);
    ct_secret(data, sizeof data);
    chacha20_portable.seal(key, nonce, nonce, sizeof nonce, data, sizeof data, tag);
    ct_expect(chacha20_portable.open(key, nonce, nonce, sizeof nonce, data, sizeof data, tag), "ChaCha20-Poly1305");
}

static void curves25519(void)
{
    uint8_t scalar[32] = { 1 }, point[32] = { 9 }, key[32], sig[64];
    ct_secret(scalar, sizeof scalar);
    x25519_portable.public(scalar, key);
    ct_secret(point, sizeof point);
    x25519_portable.shared(scalar, point, key);
    ed25519_portable.public(scalar, key);
    ed25519_portable.sign(scalar, "m", 1, sig);
    ct_public(key, sizeof key);
    ct_public(sig, sizeof sig);
    ct_expect(ed25519_portable.verify(key, "m", 1, sig), "Ed25519");
}

static void curve(const struct curve *c, const struct curve_form *form, const struct curve_order *order)
{
    uint64_t scalar[CURVE_LIMBS] = { 7 }, product[CURVE_LIMBS];
    uint8_t point[CURVE_POINT_MAX] = { 4 }, x[CURVE_SCALAR_MAX];
    ct_secret(scalar, sizeof scalar);
    form->multiply(c, NULL, scalar, point + 1, point + 1 + c->octets);
    ct_public(point, sizeof point);
    ct_expect(form->valid(point), c->name);
    form->multiply(c, point, scalar, x, NULL);
    order->invert(product, scalar);
    order->mul(product, product, scalar);
    order->add(product, product, scalar);
    ct_public(product, sizeof product);
    ct_expect(product[0] == 8, c->name);
}

int main(void)
{
    ct_start();
    hashes(&sha256_portable, 64);
    hashes(&sha512_portable, 128);
    chacha20();
    curves25519();
    curve(&curve_p256, &p256_form_small, &p256_order_small);
    curve(&curve_p384, &p384_form_small, &p384_order_small);
    curve(&curve_p521, &p521_form_small, &p521_order_small);
    puts("run: the small forms");
}

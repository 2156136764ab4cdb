#include "crypto/p256_field.h"
#include "crypto/p256_curve.h"

static const struct curve_form portable = { "portable", group_valid, multiply, sum_public, sum_has_x };

const struct curve curve_p256 = {
    .name = "P-256", .octets = OCTETS, .limbs = LIMBS, .bits = BITS,
    .prime = prime, .b = curve_b.limb, .generator = generator_octets,
    .mod_n = CPU_SMALL ? &p256_order_small : &p256_order,
    .portable = CPU_SMALL ? &p256_form_small : &portable, .adx = &p256_form_adx,
    .ifma = &p256_form_ifma,
    .order = { 0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff, 0xffffffff00000000 },
};

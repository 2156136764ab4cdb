#include "crypto/p384_field.h"
#include "crypto/p384_curve.h"

static const struct curve_form portable = { "portable", group_valid, group_multiply, group_sum_public,
                                            group_sum_has_x };

const struct curve curve_p384 = {
    .name = "P-384", .octets = OCTETS, .limbs = LIMBS, .bits = BITS,
    .prime = prime, .b = curve_b.limb, .generator = generator_octets,
    .mod_n = CPU_SMALL ? &p384_order_small : &p384_order,
    .portable = CPU_SMALL ? &p384_form_small : &portable, .adx = &p384_form_adx,
    .order = { 0xecec196accc52973, 0x581a0db248b0a77a, 0xc7634d81f4372ddf,
               0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff },
};

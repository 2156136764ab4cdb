/* Numbers modulo the order of P-384. */
#include <stdint.h>

enum { LIMBS = 6, OCTETS = 48, BITS = 384 };
struct field { uint64_t limb[LIMBS]; };

static const uint64_t prime[LIMBS] = {
    0xecec196accc52973, 0x581a0db248b0a77a, 0xc7634d81f4372ddf, 0xffffffffffffffff,
    0xffffffffffffffff, 0xffffffffffffffff };
static const struct field square_of_r = { {
    0x2d319b2419b409a9, 0xff3d81e5df1aa419, 0xbc3e483afcb82947, 0xd40d49174aab1cc5,
    0x3fb05b7a28266895, 0x0c84ee012b39bf21 } };
static const uint64_t minus_inverse = 0x6ed46089e88fdc45;     /* -1/n mod 2^64 */

#include "crypto/curve_order.h"

const struct curve_order p384_order = { order_mul, order_add, order_invert };

/* Numbers modulo the order of P-521. */
#include <stdint.h>

enum { LIMBS = 9, OCTETS = 66, BITS = 521 };
struct field { uint64_t limb[LIMBS]; };

static const uint64_t prime[LIMBS] = {
    0xbb6fb71e91386409, 0x3bb5c9b8899c47ae, 0x7fcc0148f709a5d0, 0x51868783bf2f966b,
    0xfffffffffffffffa, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff,
    0x00000000000001ff };
static const struct field square_of_r = { {
    0x137cd04dcf15dd04, 0xf707badce5547ea3, 0x12a78d38794573ff, 0xd3721ef557f75e06,
    0xdd6e23d82e49c7db, 0xcff3d142b7756e3e, 0x5bcc6d61a8e567bc, 0x2d8e03d1492d0d45,
    0x000000000000003d } };
static const uint64_t minus_inverse = 0x1d2f5ccd79a995c7;     /* -1/n mod 2^64 */

#include "crypto/curve_order.h"

const struct curve_order p521_order = { order_mul, order_add, order_invert };

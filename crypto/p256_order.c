/* Numbers modulo the order of P-256. */
#include <stdint.h>

enum { LIMBS = 4, OCTETS = 32, BITS = 256 };
struct field { uint64_t limb[LIMBS]; };

static const uint64_t prime[LIMBS] = {
    0xf3b9cac2fc632551, 0xbce6faada7179e84, 0xffffffffffffffff, 0xffffffff00000000 };
static const struct field square_of_r = { {
    0x83244c95be79eea2, 0x4699799c49bd6fa6, 0x2845b2392b6bec59, 0x66e12d94f3d95620 } };
static const uint64_t minus_inverse = 0xccd1c8aaee00bc4f;     /* -1/n mod 2^64 */

#include "crypto/curve_order.h"

const struct curve_order p256_order = { order_mul, order_add, order_invert };

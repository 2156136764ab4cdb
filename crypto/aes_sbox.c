/* The circuit is that of Joan Boyar and René Peralta, "A new combinational logic minimization technique with
 * applications to cryptology" (2010; IACR ePrint 2009/191): 32 ANDs and 83 XORs and XNORs, found by search.
 * Its variables keep their names from there.
 *
 * SubBytes takes an octet as an element of GF(2^8), inverts it (0 stays 0) and applies an affine map.
 * Inverting is the hard part, and easy in a smaller field: seen as a pair of elements of GF(2^4), which are
 * pairs of GF(2^2), which are pairs of bits, the inverse needs only a few products of bits (Itoh-Tsujii,
 * Canright). Changing to that view and back is linear, XORs alone, and so is the final map, but for the
 * constant 0x63, which are the four XNORs at the end. So there are three layers: linear in, the shared
 * inversion, linear out. */
#include "crypto/aes_sbox.h"

void aes_sub_bytes(uint64_t q[8])
{
    /* The paper counts bits from the highest. */
    const uint64_t x0 = q[7], x1 = q[6], x2 = q[5], x3 = q[4], x4 = q[3], x5 = q[2], x6 = q[1], x7 = q[0];

    /* Into the tower of fields: sums of input bits, which the products below need. */
    const uint64_t y14 = x3 ^ x5, y13 = x0 ^ x6, y9 = x0 ^ x3, y8 = x0 ^ x5, t0 = x1 ^ x2, y1 = t0 ^ x7;
    const uint64_t y4 = y1 ^ x3, y12 = y13 ^ y14, y2 = y1 ^ x0, y5 = y1 ^ x6, y3 = y5 ^ y8, t1 = x4 ^ y12;
    const uint64_t y15 = t1 ^ x5, y20 = t1 ^ x1, y6 = y15 ^ x7, y10 = y15 ^ t0, y11 = y20 ^ y9;
    const uint64_t y7 = x7 ^ y11, y17 = y10 ^ y11, y19 = y10 ^ y8, y16 = t0 ^ y11, y21 = y13 ^ y16;
    const uint64_t y18 = x0 ^ y16;

    /* From GF(2^8) down to GF(2^4): the norm, 4 bits t21 to t24, ... */
    const uint64_t t2 = y12 & y15, t3 = y3 & y6, t4 = t3 ^ t2, t5 = y4 & x7, t6 = t5 ^ t2, t7 = y13 & y16;
    const uint64_t t8 = y5 & y1, t9 = t8 ^ t7, t10 = y2 & y7, t11 = t10 ^ t7, t12 = y9 & y11;
    const uint64_t t13 = y14 & y17, t14 = t13 ^ t12, t15 = y8 & y10, t16 = t15 ^ t12, t17 = t4 ^ t14;
    const uint64_t t18 = t6 ^ t16, t19 = t9 ^ t14, t20 = t11 ^ t16, t21 = t17 ^ y20, t22 = t18 ^ y19;
    const uint64_t t23 = t19 ^ y21, t24 = t20 ^ y18;

    /* ... inverted there: t29, t33, t37, t40 and their sums, ... */
    const uint64_t t25 = t21 ^ t22, t26 = t21 & t23, t27 = t24 ^ t26, t28 = t25 & t27, t29 = t28 ^ t22;
    const uint64_t t30 = t23 ^ t24, t31 = t22 ^ t26, t32 = t31 & t30, t33 = t32 ^ t24, t34 = t23 ^ t33;
    const uint64_t t35 = t27 ^ t33, t36 = t24 & t35, t37 = t36 ^ t34, t38 = t27 ^ t36, t39 = t29 & t38;
    const uint64_t t40 = t25 ^ t39, t41 = t40 ^ t37, t42 = t29 ^ t33, t43 = t29 ^ t40, t44 = t33 ^ t37;
    const uint64_t t45 = t42 ^ t41;

    /* ... and multiplied back up to GF(2^8). */
    const uint64_t z0 = t44 & y15, z1 = t37 & y6, z2 = t33 & x7, z3 = t43 & y16, z4 = t40 & y1;
    const uint64_t z5 = t29 & y7, z6 = t42 & y11, z7 = t45 & y17, z8 = t41 & y10, z9 = t44 & y12;
    const uint64_t z10 = t37 & y3, z11 = t33 & y4, z12 = t43 & y13, z13 = t40 & y5, z14 = t29 & y2;
    const uint64_t z15 = t42 & y9, z16 = t45 & y14, z17 = t41 & y8;

    /* Out of the tower, together with the affine map. */
    const uint64_t t46 = z15 ^ z16, t47 = z10 ^ z11, t48 = z5 ^ z13, t49 = z9 ^ z10, t50 = z2 ^ z12;
    const uint64_t t51 = z2 ^ z5, t52 = z7 ^ z8, t53 = z0 ^ z3, t54 = z6 ^ z7, t55 = z16 ^ z17;
    const uint64_t t56 = z12 ^ t48, t57 = t50 ^ t53, t58 = z4 ^ t46, t59 = z3 ^ t54, t60 = t46 ^ t57;
    const uint64_t t61 = z14 ^ t57, t62 = t52 ^ t58, t63 = t49 ^ t58, t64 = z4 ^ t59, t65 = t61 ^ t62;
    const uint64_t t66 = z1 ^ t63, t67 = t64 ^ t65, s0 = t59 ^ t63, s6 = ~(t56 ^ t62), s7 = ~(t48 ^ t60);
    const uint64_t s3 = t53 ^ t66, s4 = t51 ^ t66, s5 = t47 ^ t65, s1 = ~(t64 ^ s3), s2 = ~(t55 ^ t67);

    q[7] = s0, q[6] = s1, q[5] = s2, q[4] = s3, q[3] = s4, q[2] = s5, q[1] = s6, q[0] = s7;
}

/* Undoes the affine map of the S-box: the inverse map is in FIPS 197 §5.3.2, its constant is 0x05. */
static void undo_affine(uint64_t q[8])
{
    uint64_t was[8];
    for (unsigned i = 0; i < 8; i++)
        was[i] = q[i];
    for (unsigned i = 0; i < 8; i++)
        q[i] = was[(i + 2) % 8] ^ was[(i + 5) % 8] ^ was[(i + 7) % 8];
    q[0] = ~q[0];
    q[2] = ~q[2];
}

/* S is inversion, then an affine map A. Inversion undoes itself, so it is also undo_affine(S(.)), and
 *     the inverse of S  =  inversion after undo_affine  =  undo_affine, S, undo_affine.
 * The same circuit serves both ways, at the price of a few XORs. */
void aes_inv_sub_bytes(uint64_t q[8])
{
    undo_affine(q);
    aes_sub_bytes(q);
    undo_affine(q);
}

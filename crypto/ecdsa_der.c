/* The DER of an ECDSA signature: SEQUENCE { r INTEGER, s INTEGER } (RFC 3279 §2.2.3). */
#include "crypto/sign.h"

#include <string.h>

enum { DER_SEQUENCE = 0x30, DER_INTEGER = 0x02, LONG_FORM = 0x81, SHORT_MAX = 127 };

/* INTEGER: without zeros in front, but with one where the number would else be negative (X.690 §8.3). */
static size_t write_integer(const uint8_t *number, size_t size, uint8_t *der)
{
    size_t zeros = 0;
    while (zeros < size - 1 && number[zeros] == 0)
        zeros++;
    size_t sign = number[zeros] >> 7, n = sign + size - zeros;
    der[0] = DER_INTEGER;
    der[1] = (uint8_t)n;                               /* at most 67 */
    der[2] = 0;                                        /* stays if there is a sign octet */
    memcpy(der + 2 + sign, number + zeros, size - zeros);
    return 2 + n;
}

size_t ecdsa_write_der(const uint8_t *r, const uint8_t *s, size_t size, uint8_t der[ECDSA_DER_MAX])
{
    uint8_t both[ECDSA_DER_MAX];
    size_t n = write_integer(r, size, both), at = 0;
    n += write_integer(s, size, both + n);
    der[at++] = DER_SEQUENCE;
    if (n > SHORT_MAX)                                 /* only P-521's are so long */
        der[at++] = LONG_FORM;
    der[at++] = (uint8_t)n;
    memcpy(der + at, both, n);
    return at + n;
}

/* Octets read, 0 when this is no INTEGER from 0 to 2^(8 size) - 1 in its one form. */
static size_t read_integer(const uint8_t *der, size_t room, uint8_t *number, size_t size)
{
    if (room < 3 || der[0] != DER_INTEGER || der[1] == 0 || der[1] > size + 1 || der[1] > room - 2)
        return 0;
    size_t n = der[1];
    const uint8_t *at = der + 2;
    if (at[0] & 0x80)                                  /* negative */
        return 0;
    if (n > 1 && at[0] == 0) {
        if (!(at[1] & 0x80))                           /* a zero too many */
            return 0;
        at++;
        n--;
    }
    if (n > size)
        return 0;
    memset(number, 0, size - n);
    memcpy(number + size - n, at, n);
    return 2 + (size_t)der[1];
}

/* Octets of tag and length in front of exactly the rest; 0: another form. */
static size_t read_sequence(const uint8_t *der, size_t n)
{
    if (n < 2 || der[0] != DER_SEQUENCE)
        return 0;
    if (der[1] <= SHORT_MAX)
        return der[1] == n - 2 ? 2 : 0;
    return n > 3 && der[1] == LONG_FORM && der[2] > SHORT_MAX && der[2] == n - 3 ? 3 : 0;
}

bool ecdsa_read_der(const uint8_t *der, size_t n, uint8_t *r, uint8_t *s, size_t size)
{
    size_t front = read_sequence(der, n);
    if (!front)
        return false;
    der += front;
    n -= front;
    size_t r_size = read_integer(der, n, r, size), s_size = n - r_size;
    return r_size > 0 && s_size > 0 && read_integer(der + r_size, s_size, s, size) == s_size;
}

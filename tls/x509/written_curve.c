#include "tls/x509/written_curve.h"
#include "tls/x509/der.h"

/* P-256 (SP 800-186 §3.2.1.3): the prime, the two coefficients, the order. */
static const uint8_t prime[] = {
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff
};
static const uint8_t coefficient_a[] = {
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfc
};
static const uint8_t coefficient_b[] = {
    0x5a, 0xc6, 0x35, 0xd8, 0xaa, 0x3a, 0x93, 0xe7, 0xb3, 0xeb, 0xbd, 0x55, 0x76, 0x98, 0x86, 0xbc, 0x65,
    0x1d, 0x06, 0xb0, 0xcc, 0x53, 0xb0, 0xf6, 0x3b, 0xce, 0x3c, 0x3e, 0x27, 0xd2, 0x60, 0x4b
};
static const uint8_t order[] = {
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc,
    0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51
};

static void put_part(struct wire_out *out, const char *name, const uint8_t *at, size_t n)
{
    struct put_block part = put_open(out, name, 1);
    put_bytes(out, "octets", at, n);
    put_close(out, part);
}

/* RFC 4492 §5.4: explicit_prime(1), then ECParameters, each part with its length, and the server's point. */
size_t written_curve_params(const uint8_t point[WRITTEN_POINT], uint8_t *out, size_t room)
{
    static const uint8_t one = 1;
    struct wire_out to = wire_into(out, room);
    put_u8(&to, "curve_type", 1);
    put_part(&to, "prime_p", prime, sizeof prime);
    put_part(&to, "curve_a", coefficient_a, sizeof coefficient_a);
    put_part(&to, "curve_b", coefficient_b, sizeof coefficient_b);
    put_part(&to, "base", point, WRITTEN_POINT);
    put_part(&to, "order", order, sizeof order);
    put_part(&to, "cofactor", &one, 1);
    put_part(&to, "ecdhe_server_public", point, WRITTEN_POINT);
    return to.failed ? 0 : wire_written(&to);
}

/* SpecifiedECDomain, SEC 1 §C.2: version 1, the field, the coefficients, base point, order. */
static void put_domain(struct wire_out *out, const uint8_t point[WRITTEN_POINT])
{
    static const uint8_t one = 1;
    struct put_der domain = put_der_open(out, DER_SEQUENCE);
    put_der_uint(out, &one, 1);
    struct put_der field = put_der_open(out, DER_SEQUENCE);
    put_der_oid(out, "1.2.840.10045.1.1");
    put_der_uint(out, prime, sizeof prime);
    put_der_close(out, field);
    struct put_der curve = put_der_open(out, DER_SEQUENCE);
    put_der_bytes(out, DER_OCTET_STRING, coefficient_a, sizeof coefficient_a);
    put_der_bytes(out, DER_OCTET_STRING, coefficient_b, sizeof coefficient_b);
    put_der_close(out, curve);
    put_der_bytes(out, DER_OCTET_STRING, point, WRITTEN_POINT);
    put_der_uint(out, order, sizeof order);
    put_der_close(out, domain);
}

size_t written_curve_key(const uint8_t point[WRITTEN_POINT], uint8_t *out, size_t room)
{
    struct wire_out to = wire_into(out, room);
    struct put_der spki = put_der_open(&to, DER_SEQUENCE), algorithm = put_der_open(&to, DER_SEQUENCE);
    put_der_oid(&to, "1.2.840.10045.2.1");
    put_domain(&to, point);
    put_der_close(&to, algorithm);
    struct put_der bits = put_der_open(&to, DER_BIT_STRING);
    put_u8(&to, "unused_bits", 0);
    put_bytes(&to, "public_key", point, WRITTEN_POINT);
    put_der_close(&to, bits);
    put_der_close(&to, spki);
    return to.failed ? 0 : wire_written(&to);
}

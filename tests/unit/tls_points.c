/* The public values of Wycheproof that are none, over the wire: a server that is sent one in ClientKeyExchange ends with
 * tls.bad_point and illegal_parameter (RFC 8422 §5.11), whichever it is; good ones lead on. (CVE-2015-7940: a point
 * beside the curve gave the key away, a piece at a time.) */
#include "tests/lib/check.h"
#include "tests/lib/tls_peer.h"
#include "tests/lib/vectors.h"

#include <string.h>

/* The engine's answer to this value; the number of those refused. */
static size_t offer(uint16_t group, const uint8_t *value, size_t n, bool good)
{
    struct tls_peer p;
    uint8_t m[5 + 255] = { TLS_CLIENT_KEY_EXCHANGE, 0, 0, (uint8_t)(n + 1), (uint8_t)n };
    if (n == 0 || n > 200)
        return 0;
    memcpy(m + 5, value, n);
    peer_start(&p, &(struct peer_wish){ .engine_is_server = true, .suite = "ECDHE-RSA-AES128-GCM-SHA256",
                                        .group = group });
    peer_to(&p, WAIT_CLIENT_KEY_EXCHANGE);
    peer_message(&p, m, 5 + n);
    if (good)
        ck_assert_int_eq(peer_state(&p), WAIT_CHANGE_CIPHER_SPEC);
    else
        peer_refused(&p, "tls.bad_point", TLS_ALERT_ILLEGAL_PARAMETER);
    peer_end(&p);
    return !good;
}

static size_t offer_file(uint16_t group, const char *path, const char *bad_flag)
{
    struct vectors v;
    uint8_t value[256];
    size_t refused = 0, taken = 0;
    if (tls_group_exchange(group) == EXCHANGE_NONE)
        return SIZE_MAX;
    vectors_open(&v, path);
    while (vectors_next(&v)) {
        size_t n = vectors_hex(&v, "public", value, sizeof value);
        bool good = bad_flag ? !vectors_has(&v, "flags", bad_flag) : vectors_is(&v, "result", "valid");
        if (!good || taken++ % 16 == 0)                /* of the good ones, some */
            refused += offer(group, value, n, good);
    }
    return refused;
}

START_TEST(of_p256)
{
    ck_assert_uint_ge(offer_file(TLS_SECP256R1, "tests/vectors/wycheproof/ecdh-p256.txt", NULL), 20);
}
END_TEST

START_TEST(of_p384)
{
    ck_assert_uint_ge(offer_file(24, "tests/vectors/wycheproof/ecdh-p384.txt", NULL), 18);
}
END_TEST

START_TEST(of_x25519)                                  /* any point is one, but not every secret (RFC 7748 §6.1) */
{
    ck_assert_uint_ge(offer_file(TLS_X25519, "tests/vectors/wycheproof/x25519.txt", "ZeroSharedSecret"), 10);
}
END_TEST

int main(void)
{
    return check_run("tls_points", (const TTest *[]){ of_p256, of_p384, of_x25519, NULL });
}

/* The handshake messages: written and read again, cut at every octet, changed in every length. */
#include "tests/lib/check.h"
#include "tls/messages.h"

#include <string.h>

static const uint8_t random_octets[32] = { 1, 2, 3 };

static size_t make_hello(uint8_t *out, size_t room)
{
    const struct tls_suite *suites[] = { &tls_suites[0], &tls_suites[1], &tls_suites[2] };
    const uint16_t groups[] = { TLS_X25519, TLS_SECP256R1 };
    struct wire_out to = wire_into(out, room);
    write_client_hello(&to, &(struct client_hello_wishes){
        .random = random_octets, .suites = suites, .n_suites = 3, .groups = groups, .n_groups = 2,
        .sigalgs = tls_sigalgs, .n_sigalgs = tls_n_sigalgs, .server_name = "a.test" });
    ck_assert(!to.failed);
    return wire_written(&to);
}

START_TEST(client_hello)
{
    uint8_t m[512];
    struct client_hello h;
    struct fault why = { 0 };
    size_t n = make_hello(m, sizeof m);
    struct wire_in in = wire_over(m, n, NULL);
    struct tls_message_header header = read_message_header(&in);
    ck_assert_uint_eq(header.type, TLS_CLIENT_HELLO);
    ck_assert_uint_eq(header.length, n - 4);
    ck_assert(read_client_hello(&in, &h, &why));
    ck_assert_uint_eq(h.version, 0x0303);
    check_bytes(h.random, random_octets, 32);
    ck_assert_uint_eq(list_n(h.suites), 3);
    ck_assert_uint_eq(list_item(h.suites, 1), tls_suites[1].number);
    ck_assert(list_has(h.suites, tls_suites[2].number) && !list_has(h.suites, 0x1301));
    ck_assert_uint_eq(h.extensions.seen, EXT_SERVER_NAME | EXT_SUPPORTED_GROUPS | EXT_EC_POINT_FORMATS
                      | EXT_SIGNATURE_ALGORITHMS
                      | EXT_EXTENDED_MASTER_SECRET | EXT_RENEGOTIATION_INFO);
    ck_assert_int_eq(h.extensions.other, -1);
    ck_assert_uint_eq(h.extensions.server_name.n, 6);
    check_bytes(h.extensions.server_name.at, "a.test", 6);
    ck_assert_uint_eq(list_item(h.extensions.groups, 0), TLS_X25519);
    ck_assert_uint_eq(list_n(h.extensions.sigalgs), tls_n_sigalgs);
    ck_assert_uint_eq(h.extensions.point_formats.n, 1);
    ck_assert_uint_eq(h.extensions.renegotiated_connection.n, 0);
}
END_TEST

/* RFC 5077 §3.2, RFC 6066 §8: a session that is wanted back, by id and by ticket, and a stapled response. */
START_TEST(client_hello_that_resumes)
{
    static const uint8_t octets[200] = { 7 };
    const struct tls_suite *suites[] = { &tls_suites[0] };
    const uint16_t groups[] = { TLS_X25519 };
    const struct bytes ticket = { octets, 200 }, none = { octets, 0 };
    for (unsigned i = 0; i < 2; i++) {
        uint8_t m[512];
        struct client_hello h;
        struct wire_out to = wire_into(m, sizeof m);
        write_client_hello(&to, &(struct client_hello_wishes){
            .random = random_octets, .suites = suites, .n_suites = 1, .groups = groups, .n_groups = 1,
            .sigalgs = tls_sigalgs, .n_sigalgs = 1, .session_id = { octets, 32 }, .ticket = i ? &none : &ticket,
            .ask_ocsp = true });
        struct wire_in in = wire_over(m, wire_written(&to), NULL);
        read_message_header(&in);
        ck_assert(!to.failed && read_client_hello(&in, &h, NULL));
        ck_assert_uint_eq(h.session_id.n, 32);
        ck_assert((h.extensions.seen & EXT_SESSION_TICKET) && (h.extensions.seen & EXT_STATUS_REQUEST));
        ck_assert_uint_eq(h.extensions.ticket.n, i ? 0 : 200);
        ck_assert(h.extensions.ocsp_asked);
    }
}
END_TEST

static bool reads(unsigned type, const uint8_t *body, size_t n)
{
    struct wire_in in = wire_over(body, n, NULL);
    struct client_hello ch;
    struct server_hello sh;
    struct certificate_message c;
    struct server_key_exchange ske;
    struct certificate_request r;
    struct bytes b;
    struct fault why = { 0 };
    bool good;
    switch (type) {
    case TLS_CLIENT_HELLO:        good = read_client_hello(&in, &ch, &why); break;
    case TLS_SERVER_HELLO:        good = read_server_hello(&in, &sh, &why); break;
    case TLS_CERTIFICATE:         good = read_certificate(&in, &c, &why); break;
    case TLS_SERVER_KEY_EXCHANGE: good = read_server_key_exchange(&in, TLS_KX_ECDHE, &ske, &why); break;
    case TLS_CERTIFICATE_REQUEST: good = read_certificate_request(&in, &r, &why); break;
    case TLS_CLIENT_KEY_EXCHANGE: good = read_client_key_exchange(&in, TLS_KX_RSA, &b, &why); break;
    case TLS_FINISHED:            good = read_finished(&in, &b, &why); break;
    default:                      good = read_empty_message(&in, &why); break;
    }
    ck_assert_msg(good != (why.ground != NULL), "message %u: a verdict without its reason", type);
    return good;
}

/* All messages, one after another in one array: where each begins. */
static size_t make_all(uint8_t *out, size_t room, size_t *starts)
{
    static const uint8_t octets[300] = { 4 };
    const struct der chain[] = { { octets, 200, 0 }, { octets, 300, 0 } };
    struct wire_out to = wire_into(out, room);
    size_t n = 0;
    starts[n++] = 0;
    to.at += make_hello(out, room);
    starts[n++] = wire_written(&to);
    write_server_hello(&to, &(struct server_hello_wishes){
        .random = random_octets, .session_id = { octets, 32 }, .suite = 0xc02f,
        .extensions = EXT_EC_POINT_FORMATS | EXT_EXTENDED_MASTER_SECRET | EXT_RENEGOTIATION_INFO
                      | EXT_SESSION_TICKET | EXT_STATUS_REQUEST });
    starts[n++] = wire_written(&to);
    write_certificate(&to, chain, 2);
    starts[n++] = wire_written(&to);
    uint8_t params[69];
    struct wire_out p = wire_into(params, sizeof params);
    write_ecdh_params(&p, TLS_SECP256R1, octets, 65);
    write_server_key_exchange(&to, (struct bytes){ params, 69 }, TLS_RSA_PKCS1_SHA256, octets, 256);
    starts[n++] = wire_written(&to);
    write_client_key_exchange(&to, TLS_KX_RSA, octets, 256);
    starts[n++] = wire_written(&to);
    write_finished(&to, octets);
    starts[n++] = wire_written(&to);
    write_empty_message(&to, TLS_SERVER_HELLO_DONE);
    starts[n] = wire_written(&to);
    ck_assert(!to.failed);
    return n;
}

START_TEST(what_is_written_can_be_read_and_nothing_shorter)
{
    uint8_t m[4096];
    size_t starts[12], n = make_all(m, sizeof m, starts);
    ck_assert_uint_eq(n, 7);
    for (size_t i = 0; i < n; i++) {
        const uint8_t *at = m + starts[i];
        size_t body = starts[i + 1] - starts[i] - 4;
        ck_assert_uint_eq((size_t)(at[1] << 16 | at[2] << 8 | at[3]), body);
        ck_assert_msg(reads(at[0], at + 4, body), "message %u", at[0]);
        /* a hello ends well where its extensions would begin: absent, not empty */
        for (size_t cut = 0; cut < body; cut++)
            if (!(at[0] == TLS_CLIENT_HELLO && cut == 2 + 32 + 1 + 8 + 2) && !(at[0] == TLS_SERVER_HELLO
                    && cut == 2 + 32 + 1 + 32 + 3))
                ck_assert_msg(!reads(at[0], at + 4, cut), "message %u cut to %zu octets", at[0], cut);
        uint8_t longer[4096];
        memcpy(longer, at + 4, body);
        longer[body] = 0;
        ck_assert_msg(!reads(at[0], longer, body + 1), "message %u with an octet left over", at[0]);
    }
}
END_TEST

/* Every octet changed in several ways: whatever it says, the reader stays inside (the sanitizers look). */
START_TEST(every_octet_changed)
{
    uint8_t m[4096];
    size_t starts[12], n = make_all(m, sizeof m, starts);
    for (size_t i = 0; i < n; i++)
        for (size_t at = starts[i] + 4; at < starts[i + 1]; at++) {
            static const uint8_t changes[] = { 1, 0x80, 0xff, 2 };
            for (size_t k = 0; k < sizeof changes; k++) {
                m[at] ^= changes[k];
                reads(m[starts[i]], m + starts[i] + 4, starts[i + 1] - starts[i] - 4);
                m[at] ^= changes[k];
            }
        }
}
END_TEST

START_TEST(chains)
{
    uint8_t m[256];
    struct certificate_message c;
    struct fault why = { 0 };
    struct der chain[X509_CHAIN_MAX + 1];
    for (size_t i = 0; i <= X509_CHAIN_MAX; i++)
        chain[i] = (struct der){ random_octets, i + 1, 0 };
    struct wire_out out = wire_into(m, sizeof m);
    write_certificate(&out, chain, X509_CHAIN_MAX);
    struct wire_in in = wire_over(m + 4, wire_written(&out) - 4, NULL);
    ck_assert(read_certificate(&in, &c, &why));
    ck_assert_uint_eq(c.n, X509_CHAIN_MAX);
    ck_assert_uint_eq(c.certificates[3].n, 4);
    out = wire_into(m, sizeof m);
    write_certificate(&out, chain, X509_CHAIN_MAX + 1);
    in = wire_over(m + 4, wire_written(&out) - 4, NULL);
    ck_assert(!read_certificate(&in, &c, &why));
    ck_assert_str_eq(why.ground->id, "tls.chain_too_long");
}
END_TEST

START_TEST(explicit_curves_are_not_read)
{
    struct server_key_exchange k;
    struct wire_in in = wire_over("\1\2\3", 3, NULL);
    ck_assert(read_server_key_exchange(&in, TLS_KX_ECDHE, &k, NULL));
    ck_assert_uint_eq(k.curve_type, 1);
    ck_assert_uint_eq(k.value.n, 0);
}
END_TEST

START_TEST(words)
{
    ck_assert_str_eq(tls_message_words(14), "ServerHelloDone");
    ck_assert_ptr_null(tls_message_words(99));
    ck_assert_str_eq(tls_extension_words(10), "supported_groups");
    ck_assert_str_eq(tls_extension_words(0x2a2a), "GREASE");
    ck_assert_ptr_null(tls_extension_words(0x2a3a));
    ck_assert_str_eq(tls_version_words(0x0301), "TLS 1.0");
    ck_assert_ptr_null(tls_version_words(0x0305));
}
END_TEST

int main(void)
{
    return check_run("tls_messages", (const TTest *[]){ client_hello, client_hello_that_resumes,
                                                        what_is_written_can_be_read_and_nothing_shorter,
                                                        every_octet_changed,
                                                        chains, explicit_curves_are_not_read, words, NULL });
}

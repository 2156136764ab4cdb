#include "tests/tools/corpora.h"
#include "tls/optional.h"
#include "tls/ticket.h"

#include <stdio.h>
#include <string.h>

/* The first octet chooses suite and group; a row of zeros is an honest handshake, another octet among them a
 * step aside. */
static void handshakes(const char *target)
{
    uint8_t out[49];
    for (unsigned suite = 0; suite < 8; suite++)
        for (unsigned step = 0; step < 8; step++) {
            memset(out, 0, sizeof out);
            out[0] = (uint8_t)(suite | (step % 2 ? 0x40 : 0));
            if (step)
                memcpy(out + 1 + step, (const uint8_t[]){ (uint8_t)step, 5, 1, 2, 3, 4, 5 }, 7);
            write_seed(target, out, sizeof out);
        }
}

/* Eight octets of agreements (tests/lib/tls_deep.c), then what becomes of each message and record: of zeros nothing. A
 * lie of each kind, early and late; and at the end records behind the handshake. */
static void deep(const char *target)
{
    enum { HEAD = 8, KINDS = 22 };
    uint8_t out[96];
    for (unsigned k = 0; k < 40; k++) {
        memset(out, 0, sizeof out);
        out[0] = (uint8_t)(k * 7);
        out[1] = (uint8_t)k;
        out[2] = (uint8_t)(k * 37);
        out[3] = (uint8_t)(k * 11);
        out[5] = (uint8_t)(k % 5 ? 0 : k);
        if (k >= 8 && k < 8 + KINDS)
            memcpy(out + HEAD + k % 6, (const uint8_t[]){ (uint8_t)(k - 7), 0, 5, 1, 3, 1, 2, 3 }, 8);
        if (k >= 8 + KINDS)
            memcpy(out + HEAD + k, (const uint8_t[]){ (uint8_t)(0xe0 + k % 4), 3, 4, 1, 2, 3, 4 }, 7);
        write_seed(target, out, sizeof out);
    }
}

/* Two octets of who is tried and how, then as for tls_deep. */
static void versus(void)
{
    enum { HEAD = 3, KINDS = 22 };
    uint8_t out[64];
    for (unsigned k = 0; k < 2 * KINDS + 6; k++) {
        memset(out, 0, sizeof out);
        out[0] = (uint8_t)k;
        out[1] = (uint8_t)(k * 5);
        out[2] = (uint8_t)(k % 8);
        if (k < 2 * KINDS)
            memcpy(out + HEAD + k % 6, (const uint8_t[]){ (uint8_t)(k / 2), 0, 5, 1, 3, 1, 2, 3 }, 8);
        write_seed("tls_versus", out, sizeof out);
    }
}

/* The body of each message that has a writer, behind the number by which tests/fuzz/tls_message.c knows its reader. */
static void write_message(unsigned reader, const uint8_t *message, const struct wire_out *to)
{
    uint8_t out[2048] = { (uint8_t)reader };
    size_t n = wire_written(to) - TLS_MESSAGE_HEADER;
    memcpy(out + 1, message + TLS_MESSAGE_HEADER, n);
    write_seed("tls_message", out, 1 + n);
}

static void messages(void)
{
    static const uint8_t octets[64] = { 3, 1, 4, 1, 5, 9 };
    static const char *const protocols[] = { "h2", "http/1.1" };
    static const struct bytes ticket = { octets, sizeof octets };
    uint8_t m[2048];
    struct wire_out to;
#define SEED(reader, call) to = wire_into(m, sizeof m), call, write_message(reader, m, &to)
    SEED(0, write_client_hello(&to, &(struct client_hello_wishes){
        .random = octets, .suites = tls_usual_suites, .n_suites = TLS_USUAL_SUITES, .groups = tls_groups, .n_groups = 4,
        .sigalgs = tls_sigalgs, .n_sigalgs = tls_n_sigalgs, .server_name = "www.example.test", .ticket = &ticket,
        .session_id = { octets, 32 }, .ask_ocsp = true, .protocols = protocols, .n_protocols = 2,
        .encrypt_then_mac = true, .max_fragment = 2, .record_size_limit = 512, .grease_suite = 0x0a0a,
        .grease = { 0x1a1a, 0x2a2a }, .padding_to = 512 }));
    SEED(1, write_server_hello(&to, &(struct server_hello_wishes){
        .random = octets, .session_id = { octets, 32 }, .suite = 0xc02f, .extensions = EXT_ALPN
        | EXT_EXTENDED_MASTER_SECRET | EXT_RENEGOTIATION_INFO | EXT_ENCRYPT_THEN_MAC | EXT_RECORD_SIZE_LIMIT,
        .protocol = { (const uint8_t *)"h2", 2 }, .max_fragment = 2, .record_size_limit = 512 }));
    SEED(4, write_new_session_ticket(&to, 7200, ticket));
    SEED(5, write_certificate_status(&to, ticket));
    SEED(6, write_certificate_verify(&to, 0x0403, octets, 40));
    SEED(7, write_certificate_request(&to, NULL, tls_sigalgs, tls_n_sigalgs));
    SEED(8, write_certificate(&to, (const struct der[]){ { octets, 40, 0 }, { octets, 9, 0 } }, 2));
    SEED(11, write_client_key_exchange(&to, TLS_KX_ECDHE, octets, 32));
    SEED(14, write_finished(&to, octets));
#undef SEED
    static const struct { uint8_t octets[24]; size_t n; } extensions[] = {
        { { 2, 0, 0, 0, 6, 0, 0, 3, 'a', '.', 'b' }, 11 }, { { 2, 0, 10, 0, 4, 0, 29, 0, 23 }, 9 },
        { { 2, 0, 11, 1, 0 }, 5 }, { { 2, 0, 13, 0, 4, 4, 3, 8, 4 }, 9 }, { { 2, 0, 16, 0, 3, 2, 'h', '2' }, 8 },
        { { 2, 0, 43, 2, 3, 3 }, 6 }, { { 2, 0xff, 1, 0 }, 4 }, { { 3, 0xff, 1, 0 }, 4 }, { { 2, 0, 1, 2 }, 4 },
        { { 2, 0, 5, 1, 0, 0, 0, 0 }, 8 }, { { 2, 0, 28, 2, 0 }, 5 }, { { 3, 0, 16, 0, 3, 2, 'h', '2' }, 8 },
        { { 2, 0, 35, 1, 2, 3 }, 6 }, { { 2, 0, 18 }, 3 }, { { 3, 0, 18, 0, 4, 0, 2, 1, 1 }, 9 }, { { 2, 0, 21, 0 }, 4 },
    };
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
        write_seed("tls_message", extensions[i].octets, extensions[i].n);
}

static void sessions(void)
{
    struct tls_ticket_state state;
    struct tls_session s = { .version = TLS_1_2, .suite = 0xc02f, .extended_master_secret = true, .made = 7,
                             .host = "www.example.test", .peer_known = true };
    uint8_t out[3 + TLS_TICKET_STATE_MAX] = { 0, 20, 1 };
    for (int i = 0; i < 2; i++, s.peer_known = false, s.host[0] = 0) {
        tls_ticket_write(&s, &state);
        memcpy(out + 3, state.octets, state.n);
        write_seed("tls_ticket", out, 3 + state.n);
    }
    char text[600];
    int n = snprintf(text, sizeof text, "vitrine-session-1\nhost www.example.test\nsuite c02f\nmade 1788249600000000000\n"
                     "got 1788249600000000000\nlifetime 7200\nid \nticket 00ff10\nmaster_secret %096d\n", 7);
    write_seed("session_file", text, (size_t)n);
    write_seed("session_file", text, 40);
}

void corpora_of_tls(void)
{
    handshakes("tls_client");
    handshakes("tls_server");
    versus();
    messages();
    sessions();
    deep("tls_deep_client");
    deep("tls_deep_server");
}

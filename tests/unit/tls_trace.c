/* What the trace hears of a connection: every byte named on both sides, the rows of the tables, keys, the
 * lines of the key log. */
#include "tests/lib/check.h"
#include "tests/lib/heard.h"
#include "tests/lib/tls_peer.h"

#include <stdio.h>
#include <string.h>

/* Tells of each octet that crosses the wire as if it were a packet, so that the coverage has something to
 * cover. */
static void wire(struct tls_pair *p, struct pair_side *from, struct pair_side *to, uint64_t *at, size_t most)
{
    struct bytes b = ring_peek(&from->out);
    size_t n = b.n < most ? b.n : most;
    if (!n)
        return;
    const struct carry carry = { from->config.writes, *at, 0, (uint32_t)n };
    trace_emit(p->wish.trace, &(struct event){ .kind = EVENT_PACKET, .layer = "wire", .name = "packet",
                                               .by = __func__,
        .buf = trace_buf(p->wish.trace, 'p'), .bytes = { b.at, n }, .carries = &carry, .n_carries = 1 });
    *at += n;
    ck_assert_uint_eq(pair_wire(from, to, n), n);
}

static void pump(struct tls_pair *p, uint64_t at[2], size_t most)
{
    for (unsigned i = 0; i < 200000 / most + 12; i++) {
        pair_run(&p->client);
        wire(p, &p->client, &p->server, &at[0], most);
        pair_run(&p->server);
        wire(p, &p->server, &p->client, &at[1], most);
    }
}

START_TEST(every_byte_has_a_name)
{
    for (size_t i = 0; i < tls_n_suites; i++) {
        struct heard *h = heard_new();
        struct tls_pair p;
        uint64_t at[2] = { 0 };
        pair_start(&p, &(struct pair_wish){ .suite = tls_suites[i].name, .trace = h->trace, .group = i % 2
                                            ? TLS_SECP256R1 : 0 });
        pump(&p, at, 1000);
        ck_assert_int_eq(tls_progress(p.client.tls), TLS_CONNECTED);
        tls_close(p.client.tls, &p.client.out);
        tls_close(p.server.tls, &p.server.out);
        pump(&p, at, 1000);
        ck_assert_int_eq(p.client.says, TLS_CLOSED);
        heard_all_named(h);
        pair_end(&p);
        heard_free(h);
    }
}
END_TEST

#define DERIVED "pre_master_secret session_hash master_secret key_block client_write_key server_write_key " \
                "client_write_IV server_write_IV "

START_TEST(rows_keys_and_messages)
{
    struct heard *h = heard_new();
    struct tls_pair p;
    uint64_t at[2] = { 0 };
    pair_start(&p, &(struct pair_wish){ .suite = "ECDHE-RSA-AES128-GCM-SHA256", .trace = h->trace });
    pump(&p, at, 100000);
    ck_assert_str_eq(heard_events(h, 1, EVENT_STATE), "WAIT_SERVER_HELLO WAIT_CERTIFICATE WAIT_SERVER_KEY_EXCHANGE "
                     "WAIT_REQUEST_OR_DONE WAIT_CHANGE_CIPHER_SPEC WAIT_FINISHED CONNECTED");
    ck_assert_str_eq(heard_events(h, 2, EVENT_STATE),
                     "WAIT_CLIENT_HELLO WAIT_CLIENT_KEY_EXCHANGE WAIT_CHANGE_CIPHER_SPEC "
                     "WAIT_FINISHED CONNECTED");
    ck_assert_str_eq(heard_events(h, 1, EVENT_MESSAGE),
                     "ClientHello ServerHello Certificate ServerKeyExchange ServerHelloDone "
                     "ClientKeyExchange Finished Finished");
    ck_assert_str_eq(heard_events(h, 2, EVENT_MESSAGE), heard_events(h, 1, EVENT_MESSAGE));
    ck_assert_str_eq(heard_events(h, 1, EVENT_KEY), "signed_params client_ecdh_scalar " DERIVED
                     "handshake_hash client_verify_data handshake_hash server_verify_data");
    ck_assert_str_eq(heard_events(h, 2, EVENT_KEY), "server_ecdh_scalar signed_params " DERIVED
                     "handshake_hash client_verify_data handshake_hash server_verify_data");
    ck_assert_ptr_nonnull(strstr(heard_events(h, 1, EVENT_CHECK), "server_key_exchange_signature server_finished"));
    ck_assert_str_eq(heard_events(h, 2, EVENT_CHECK), "client_finished");
    bool labelled = false;
    for (size_t i = 0; i < h->n; i++)
        labelled |= strncmp(h->events[i].label, "ClientHello  TLS 1.2, ", 22) == 0
                    && strstr(h->events[i].label, " suites, SNI " PAIR_HOST) != NULL;
    ck_assert(labelled);
    pair_end(&p);
    heard_free(h);
}
END_TEST

/* The lines of the key log, as they were told: one CLIENT_RANDOM a side, and one RSA line in an RSA
 * exchange; both sides alike. */
struct lines { struct view view; char line[8][256]; size_t n; };

static void on_event(struct view *v, const struct trace *t, const struct event *e)
{
    struct lines *l = (struct lines *)v;
    const struct attr *a = event_attr(e, "keylog");
    (void)t;
    if (a && l->n < 8) {
        ck_assert_int_eq(a->type, ATTR_SECRET);
        ck_assert_uint_lt(a->bytes.n, sizeof l->line[0]);
        memcpy(l->line[l->n], a->bytes.at, a->bytes.n);
        l->line[l->n++][a->bytes.n] = '\0';
    }
    for (size_t i = 0; i < e->n_attrs; i++)            /* a secret is of its class */
        ck_assert(strcmp(e->attrs[i].name, "secret") != 0 || e->attrs[i].type == ATTR_SECRET);
}

START_TEST(key_log)
{
    for (int rsa = 0; rsa < 2; rsa++) {
        struct lines lines = { .view = { .event = on_event } };
        struct trace *trace = trace_new(0);
        struct tls_pair p;
        trace_attach(trace, &lines.view);
        pair_start(&p, &(struct pair_wish){ .suite = rsa ? "AES128-SHA" : "ECDHE-RSA-AES128-GCM-SHA256",
                                            .trace = trace });
        ck_assert(pair_shake(&p));
        ck_assert_uint_eq(lines.n, rsa ? 4 : 2);
        for (size_t i = 0; i < lines.n / 2; i++)
            ck_assert_str_eq(lines.line[i], lines.line[lines.n / 2 + i]);
        const char *line = lines.line[rsa ? 1 : 0];
        ck_assert(strncmp(line, "CLIENT_RANDOM ", 14) == 0);
        ck_assert_uint_eq(strlen(line), 14 + 64 + 1 + 96 + 1);
        if (rsa) {
            ck_assert(strncmp(lines.line[0], "RSA ", 4) == 0);
            ck_assert_uint_eq(strlen(lines.line[0]), 4 + 16 + 1 + 96 + 1);
            ck_assert(strncmp(lines.line[0] + 4 + 16 + 1, "0303", 4) == 0);
        }
        pair_end(&p);
        trace_free(trace);
    }
}
END_TEST

/* A message in records of one octet: its spans name every one of them. */
START_TEST(a_message_over_records)
{
    struct heard *h = heard_new();
    struct tls_peer p;
    uint8_t m[PEER_MESSAGE];
    peer_start(&p, &(struct peer_wish){ .engine_is_server = true, .trace = h->trace });
    size_t n = peer_make(&p, TLS_CLIENT_HELLO, m);
    for (size_t i = 0; i < n; i++)
        peer_record(&p, TLS_CONTENT_HANDSHAKE, m + i, 1);
    ck_assert_int_eq(peer_state(&p), WAIT_CLIENT_KEY_EXCHANGE);
    const struct carry carry = { p.engine->config.reads, 0, 0, (uint32_t)(6 * n) };
    trace_emit(h->trace, &(struct event){ .kind = EVENT_PACKET, .layer = "wire", .name = "packet", .by = __func__,
        .buf = trace_buf(h->trace, 'p'), .bytes = { m, 6 * n }, .carries = &carry, .n_carries = 1 });
    heard_all_named(h);
    peer_end(&p);
    heard_free(h);
}
END_TEST

/* The trace changes nothing: the same octets with and without. */
START_TEST(watching_changes_nothing)
{
    uint8_t sent[2][4096];
    size_t n[2];
    for (int watched = 0; watched < 2; watched++) {
        struct heard *h = heard_new();
        struct tls_pair p;
        pair_start(&p, &(struct pair_wish){ .suite = "AES128-SHA", .trace = watched ? h->trace : NULL });
        ck_assert(pair_shake(&p));
        ck_assert(tls_send(p.client.tls, &p.client.out, "hello", 5, NULL) == 5);
        struct bytes b = ring_peek(&p.client.out);
        n[watched] = b.n;
        memcpy(sent[watched], b.at, b.n);
        pair_end(&p);
        heard_free(h);
    }
    ck_assert_uint_eq(n[0], n[1]);
    check_bytes(sent[0], sent[1], n[0]);
}
END_TEST

int main(void)
{
    return check_run("tls_trace", (const TTest *[]){ every_byte_has_a_name, rows_keys_and_messages, key_log,
                                                     a_message_over_records,
                                                     watching_changes_nothing, NULL });
}

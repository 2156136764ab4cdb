/* What is compared, how, and what may explain it. A difference follows from another one where that one's id stands in
 * its row; what follows from none is a root. Rows stand in the order of a visit, so that the earlier root is named. An
 * id with '*' behind means all that begin so; a chain of rows is walked to its end. */
#include "trace/compare_parts.h"

#include <string.h>

#define HELLO "hello.* "
#define VERSIONS "hello.says:supported_versions hello.extensions:supported_versions "
#define OTHER_VERSIONS "hello.says:supported_versions "
/* What a server may heed of a ClientHello, and for what. WHOSE: a name can lead to quite another server (RFC 6066 §3);
 * SPEAKS: version and suite; PROVES: which certificate and signature fit (RFC 5246 §7.4.2, RFC 8446 §4.4.2.2) and which
 * group; RESUMES: whether an earlier session is taken up. An answer to an extension follows from that extension
 * (compare.c). All else that a server says differently it does on its own. */
#define WHOSE "hello.says:server_name hello.extensions:server_name "
#define SPEAKS "hello.version hello.suites " VERSIONS WHOSE
#define PROVES SPEAKS "hello.says:signature_algorithms hello.extensions:signature_algorithms " \
               "hello.says:signature_algorithms_cert hello.extensions:signature_algorithms_cert " \
               "hello.says:supported_groups hello.extensions:supported_groups hello.says:key_share " \
               "hello.extensions:key_share "
#define RESUMES "hello.session_id hello.says:session_ticket hello.extensions:session_ticket " \
                "hello.says:pre_shared_key hello.extensions:pre_shared_key " \
                "hello.says:psk_key_exchange_modes hello.extensions:psk_key_exchange_modes "
#define HANDSHAKE HELLO "tls.spoken answer.* chain.* exchange.* tls.resumed step:CertificateRequest wanted.* "
#define WIRE "wire.* time.round_trip client.zero server.zero "
#define SIZES "tcp.mss tcp.options ip.version request.* response.* step:request step:response client.sealed_octets " \
              "server.sealed_octets client.record_longest server.record_longest "
#define AGAIN "client.again server.again "
#define OVER "step:* tcp.close "

static const struct compare_aspect aspects[] = {
    { "wire.lost", COMPARE_TEXT, 0, NULL },
    { "wire.corrupted", COMPARE_TEXT, 0, NULL },
    { "wire.duplicated", COMPARE_TEXT, 0, NULL },
    { "wire.reordered", COMPARE_TEXT, 0, NULL },
    { "wire.delayed", COMPARE_TEXT, 0, "wire.reordered" },
    { "wire.cut", COMPARE_TEXT, 0, NULL },
    { "ip.version", COMPARE_TEXT, 0, NULL },
    { "ip.ttl", COMPARE_TEXT, 0, "ip.version" },
    { "ip.dont_fragment", COMPARE_TEXT, 0, "ip.version" },
    { "ip.tos", COMPARE_TEXT, 0, "tcp.ecn" },
    { "tls.spoken", COMPARE_TEXT, 0, NULL },
    { "tcp.port", COMPARE_TEXT, 0, "tls.spoken" },
    { "tcp.options", COMPARE_SET, 0, NULL },
    { "tcp.option_layout", COMPARE_TEXT, 0, "tcp.options" },
    { "tcp.mss", COMPARE_TEXT, 0, "ip.version" },
    { "tcp.window", COMPARE_TEXT, 0, "tcp.mss tcp.options" },
    { "tcp.window_scale", COMPARE_TEXT, 0, "tcp.window" },
    { "tcp.user_timeout", COMPARE_TEXT, 0, NULL },
    { "tcp.ecn", COMPARE_TEXT, 0, NULL },
    { "client.zero", COMPARE_TEXT, 0, NULL },
    { "server.zero", COMPARE_TEXT, 0, NULL },
    { "time.round_trip", COMPARE_RATHER, 250, "wire.*" },
    { "hello.version", COMPARE_TEXT, 0, NULL },
    { "hello.suites", COMPARE_ITEMS, 0, VERSIONS "hello.says:signature_algorithms" },
    { "hello.extensions", COMPARE_SET, 0, NULL },
    { "hello.extensions:supported_groups", COMPARE_SET, 0, "hello.suites " OTHER_VERSIONS },
    { "hello.extensions:ec_point_formats", COMPARE_SET, 0, "hello.suites " OTHER_VERSIONS },
    { "hello.extensions:extended_master_secret", COMPARE_SET, 0, OTHER_VERSIONS },
    { "hello.extensions:encrypt_then_mac", COMPARE_SET, 0, "hello.suites " OTHER_VERSIONS },
    { "hello.extensions:renegotiation_info", COMPARE_SET, 0, OTHER_VERSIONS },
    { "hello.extensions:session_ticket", COMPARE_SET, 0, OTHER_VERSIONS },
    { "hello.extensions:key_share", COMPARE_SET, 0, VERSIONS },
    { "hello.extensions:psk_key_exchange_modes", COMPARE_SET, 0, VERSIONS },
    { "hello.extensions:signature_algorithms_cert", COMPARE_SET, 0, VERSIONS },
    { "hello.extensions:post_handshake_auth", COMPARE_SET, 0, VERSIONS },
    { "hello.extensions:early_data", COMPARE_SET, 0, VERSIONS "hello.extensions:pre_shared_key" },
    { "hello.extensions:cookie", COMPARE_SET, 0, VERSIONS },
    { "hello.extensions:padding", COMPARE_SET, 0, HELLO },
    { "hello.says", COMPARE_ITEMS, 0, NULL },
    { "hello.says:key_share", COMPARE_ITEMS, 0, "hello.says:supported_groups " VERSIONS },
    { "hello.says:supported_groups", COMPARE_ITEMS, 0, VERSIONS "hello.suites" },
    { "hello.says:signature_algorithms", COMPARE_ITEMS, 0, VERSIONS },
    { "hello.record_version", COMPARE_TEXT, 0, "hello.version hello.extensions:supported_versions" },
    { "hello.session_id", COMPARE_TEXT, 0, "hello.extensions:supported_versions hello.says:supported_versions "
      "hello.says:session_ticket" },
    { "hello.compression", COMPARE_ITEMS, 0, NULL },
    { "hello.grease", COMPARE_TEXT, 0, NULL },
    { "tls.resumed", COMPARE_TEXT, 0, SPEAKS RESUMES "answer.session_id" },
    { "answer.version", COMPARE_TEXT, 0, SPEAKS },
    { "answer.session_id", COMPARE_TEXT, 0, SPEAKS RESUMES "tls.resumed answer.version "
      "answer.extensions:supported_versions answer.extensions:session_ticket" },
    { "answer.suite", COMPARE_TEXT, 0, PROVES RESUMES "chain.key answer.version answer.extensions:supported_versions" },
    { "answer.compression", COMPARE_TEXT, 0, SPEAKS "hello.compression" },
    { "answer.extensions:supported_versions", COMPARE_SET, 0, SPEAKS "answer.version" },
    { "answer.extensions", COMPARE_SET, 0, PROVES RESUMES "answer.suite answer.version tls.resumed "
      "answer.extensions:supported_versions" },
    { "answer.says", COMPARE_ITEMS, 0, PROVES RESUMES "answer.suite" },
    { "chain.key", COMPARE_TEXT, 0, PROVES },
    { "chain.subject", COMPARE_TEXT, 0, PROVES "chain.key" },
    { "chain.names", COMPARE_ITEMS, 0, PROVES "chain.key chain.subject" },
    { "chain.length", COMPARE_TEXT, 0, PROVES "chain.key chain.subject" },
    { "chain.issuer", COMPARE_TEXT, 0, PROVES "chain.key chain.subject chain.length" },
    { "chain.not_after", COMPARE_TEXT, 0, PROVES "chain.key chain.subject chain.issuer" },
    { "chain.not_before", COMPARE_TEXT, 0, PROVES "chain.key chain.subject chain.issuer chain.not_after" },
    { "chain.signature", COMPARE_TEXT, 0, PROVES "chain.key chain.subject chain.issuer" },
    { "chain.extensions", COMPARE_ITEMS, 0, PROVES "chain.key chain.subject chain.issuer" },
    { "exchange.group", COMPARE_TEXT, 0, PROVES "answer.suite" },
    { "exchange.prime_octets", COMPARE_TEXT, 0, PROVES "answer.suite exchange.group" },
    { "exchange.sigalg", COMPARE_TEXT, 0, PROVES "answer.suite chain.key" },
    { "verify.sigalg", COMPARE_TEXT, 0, "wanted.* chain.key" },
    { "wanted.types", COMPARE_ITEMS, 0, SPEAKS "answer.suite" },
    { "wanted.sigalgs", COMPARE_ITEMS, 0, SPEAKS "answer.suite" },
    { "ticket.lifetime", COMPARE_TEXT, 0, SPEAKS RESUMES },
    { "alert.level", COMPARE_TEXT, 0, NULL },
    { "step:CertificateRequest", COMPARE_TEXT, 0, SPEAKS RESUMES "tls.resumed answer.suite" },
    { "step:CertificateStatus", COMPARE_TEXT, 0, SPEAKS RESUMES "hello.says:status_request "
      "hello.extensions:status_request answer.extensions tls.resumed" },
    { "step:NewSessionTicket", COMPARE_TEXT, 0, SPEAKS RESUMES "answer.extensions tls.resumed" },
    { "step:alert", COMPARE_TEXT, 0, HANDSHAKE WIRE "step:CertificateRequest" },
    { "step:SYN-ACK", COMPARE_TEXT, 0, "wire.* ip.version tcp.port" },
    { "step:close_notify", COMPARE_TEXT, 0, HANDSHAKE WIRE "step:alert step:SYN-ACK tcp.close request.* response.*" },
    { "step:request", COMPARE_TEXT, 0, HANDSHAKE WIRE "step:alert step:SYN-ACK tcp.close request.*" },
    { "step:response", COMPARE_TEXT, 0, HANDSHAKE WIRE "step:alert step:SYN-ACK tcp.close request.* step:request "
      "response.*" },
    { "step", COMPARE_TEXT, 0, HANDSHAKE WIRE "step:alert step:SYN-ACK tcp.close step:CertificateRequest" },
    { "request.method", COMPARE_TEXT, 0, NULL },
    { "request.target", COMPARE_TEXT, 0, NULL },
    { "request.version", COMPARE_TEXT, 0, HELLO "answer.*" },
    { "request.headers", COMPARE_SET, 0, "request.method" },
    { "request.header:Host", COMPARE_TEXT, 0, "tcp.port hello.says:server_name" },
    { "request.header", COMPARE_TEXT, 0, "hello.says:server_name request.method" },
    { "response.status", COMPARE_TEXT, 0, "request.*" },
    { "response.version", COMPARE_TEXT, 0, "request.*" },
    { "response.headers", COMPARE_SET, 0, "request.* response.status" },
    { "response.header", COMPARE_TEXT, 0, "request.* response.status response.headers" },
    { "tcp.close", COMPARE_TEXT, 0, HANDSHAKE WIRE "step:alert step:SYN-ACK step:CertificateRequest request.* "
      "response.*" },
    { "time.answer", COMPARE_RATHER, 150, WIRE OVER HANDSHAKE "client.again server.again request.*" },
    { "client.again", COMPARE_TEXT, 0, WIRE "tcp.mss step:SYN-ACK step:RST" },
    { "server.again", COMPARE_TEXT, 0, WIRE "tcp.mss step:SYN-ACK step:RST client.again" },
    { "client.ip_id", COMPARE_TEXT, 0, "ip.version" },
    { "server.ip_id", COMPARE_TEXT, 0, "ip.version" },
    { "client.window_first", COMPARE_TEXT, 0, "tcp.window tcp.window_scale tcp.mss tcp.options ip.version" },
    { "server.window_first", COMPARE_TEXT, 0, "tcp.window tcp.window_scale tcp.mss tcp.options ip.version " HANDSHAKE },
    { "client.record_longest", COMPARE_RATHER, 64, HANDSHAKE "request.* step:*" },
    { "server.record_longest", COMPARE_RATHER, 64, HANDSHAKE "request.* response.* step:*" },
    { "client.sealed_octets", COMPARE_NEARLY, 8, HANDSHAKE "request.* step:* client.record_longest" },
    { "server.sealed_octets", COMPARE_NEARLY, 8, HANDSHAKE "request.* response.* step:* server.record_longest" },
    { "client.sealed_longest", COMPARE_NEARLY, 64, HANDSHAKE SIZES "step:*" },
    { "server.sealed_longest", COMPARE_NEARLY, 64, HANDSHAKE SIZES "step:*" },
    { "client.packing", COMPARE_TEXT, 0, HANDSHAKE "step:*" },
    { "server.packing", COMPARE_TEXT, 0, HANDSHAKE "step:*" },
    { "client.ack_held", COMPARE_RATHER, 2,
      WIRE SIZES OVER HANDSHAKE AGAIN "time.answer tcp.window client.flight server.flight" },
    { "server.ack_held", COMPARE_RATHER, 2,
      WIRE SIZES OVER HANDSHAKE AGAIN "time.answer tcp.window client.flight server.flight" },
    { "client.ack_ratio", COMPARE_RATHER, 5, WIRE SIZES OVER HANDSHAKE AGAIN "tcp.window server.flight" },
    { "server.ack_ratio", COMPARE_RATHER, 5, WIRE SIZES OVER HANDSHAKE AGAIN "tcp.window client.flight" },
    { "client.flight", COMPARE_RATHER, 2, WIRE SIZES OVER HANDSHAKE "client.again server.again tcp.window" },
    { "server.flight", COMPARE_RATHER, 2, WIRE SIZES OVER HANDSHAKE "client.again server.again tcp.window" },
    { "client.nagle", COMPARE_TEXT, 0, WIRE SIZES OVER HANDSHAKE "client.again server.again client.packing" },
    { "server.nagle", COMPARE_TEXT, 0, WIRE SIZES OVER HANDSHAKE "client.again server.again server.packing" },
    { "client.pieces", COMPARE_RATHER, 4, WIRE SIZES OVER HANDSHAKE "client.again server.again client.packing" },
    { "server.pieces", COMPARE_RATHER, 4, WIRE SIZES OVER HANDSHAKE AGAIN "server.packing server.flight" },
    { "client.push", COMPARE_TEXT, 0, WIRE SIZES OVER HANDSHAKE "client.again server.again" },
    { "server.push", COMPARE_TEXT, 0, WIRE SIZES OVER HANDSHAKE "client.again server.again server.flight" },
};

static bool same_base(const char *id, const char *base)
{
    size_t n = strlen(base);
    return strncmp(id, base, n) == 0 && (id[n] == 0 || id[n] == ':');
}

const struct compare_aspect *compare_aspect_of(const char *id)
{
    const struct compare_aspect *best = NULL;
    for (size_t i = 0; i < sizeof aspects / sizeof *aspects; i++)
        if (same_base(id, aspects[i].id) && (!best || strlen(aspects[i].id) > strlen(best->id)))
            best = &aspects[i];
    return best;
}

bool compare_named(const char *list, const char *id)
{
    while (list && *list) {
        size_t n = strcspn(list, " ");
        bool all = n && list[n - 1] == '*';
        if (all ? strncmp(id, list, n - 1) == 0
                : n && strncmp(id, list, n) == 0 && (id[n] == 0 || id[n] == ':'))
            return true;
        list += n + strspn(list + n, " ");
    }
    return false;
}

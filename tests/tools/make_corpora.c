/* make_corpora FOLDER [KEPT] - writes seeds for the fuzz targets: FOLDER/TARGET/NUMBER, a few octets each that a
 * target finds interesting. What they must look like stands at the head of each tests/fuzz/TARGET.c. What fuzzers found
 * interesting lies in KEPT/TARGET.hex (tests/fuzz/corpora), an input a line, and becomes FOLDER/TARGET/kNUMBER. */
#define _POSIX_C_SOURCE 200809L
#include "net/dns.h"
#include "net/ether.h"
#include "net/ip4.h"
#include "net/tcp_segment.h"
#include "tests/lib/crl_made.h"
#include "tests/lib/request_made.h"
#include "tests/lib/ocsp_made.h"
#include "tls/x509/classroom_keys.h"
#include "tls/optional.h"
#include "tls/ticket.h"
#include "tls/x509/issue.h"
#include "tls/x509/pbes2.h"
#include "tls/x509/pem.h"

#include <dirent.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *folder;

static void write_numbered(const char *target, const char *mark, const void *bytes, size_t n)
{
    static char last[64];
    static unsigned number;
    char path[4096];
    if (strcmp(last, target) != 0)
        number = 0;
    snprintf(last, sizeof last, "%s", target);
    snprintf(path, sizeof path, "%s/%s", folder, target);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/%s/%s%03u", folder, target, mark, number++);
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1, n, f) != n || fclose(f) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
}

static void write_seed(const char *target, const void *bytes, size_t n) { write_numbered(target, "", bytes, n); }

static void write_kept(const char *kept, const char *name)
{
    static char line[20000];
    static uint8_t octets[sizeof line / 2];
    char path[4096], target[64];
    size_t n;
    snprintf(path, sizeof path, "%s/%s", kept, name);
    snprintf(target, sizeof target, "%.*s", (int)strcspn(name, "."), name);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (sodium_hex2bin(octets, sizeof octets, line, strcspn(line, "\n"), NULL, &n, NULL) == 0 && n)
            write_numbered(target, "k", octets, n);
    if (f)
        fclose(f);
}

static void all_kept(const char *kept)
{
    DIR *all = opendir(kept);
    for (struct dirent *e; all && (e = readdir(all)) != NULL;)
        if (strstr(e->d_name, ".hex"))
            write_kept(kept, e->d_name);
    if (all)
        closedir(all);
}

static void write_texts(const char *target, const char *const *texts)
{
    for (; *texts; texts++)
        write_seed(target, *texts, strlen(*texts));
}

static void urls(void)
{
    static const char *const texts[] = { "https://www.example.test/",
                                         "http://a.test:8080/a%20b?c[]=d#e",
                                         "www.example.test",
                                         "https://[2001:db8::1]:8443/x",
                                         "https://10.0.0.80",
                                         "https://0x7f.1/",
                                         "https://user@a.test/",
                                         "https://a_b.xn--bcher-kva.test.",
                                         "ftp://a.test/",
                                         NULL };
    write_texts("url", texts);
}

/* The first octet says how many octets come at a time. */
static void requests(void)
{
    static const char *const texts[] = {
        "\003GET / HTTP/1.1\r\nHost: www.example.test\r\nUser-Agent: x\r\n\r\n",
        "\001HEAD /a/../b//c?d HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\nHost: "
        "a.test\r\nConnection: close\r\n\r\n",
        "\007POST /a HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhelloOPTIONS * HTTP/1.1\r\nHost: "
        "a.test\r\n\r\n",
        "\011GET /ab HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: "
        "chunked\r\n\r\n5;a=\"b\"\r\nhello\r\n0\r\nX: y\r\n\r\n",
        "\002GET / HTTP/1.1\r\nHost: a.test:80\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok",
        "\100GET http://a.test/%61 HTTP/1.1\r\nHost: a.test\r\n\r\n",
        "\005GET /%2e%2e HTTP/1.1\r\nHost: [::1]:1\r\n\r\n",
        "\005POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        NULL
    };
    write_texts("http_request", texts);
}

static void responses(void)
{
    static const char *const texts[] = {
        "\003HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello",
        "\001HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nTransfer-Encoding: "
        "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nA: b\r\n\r\n",
        "\007HTTP/1.0 200 OK\r\n\r\nuntil the end",
        "\211HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
        "\004HTTP/1.1 204\r\n\r\n",
        "\020HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nConnection: close\r\n\r\n",
        "\002SSH-2.0-x\r\n",
        NULL
    };
    write_texts("http_response", texts);
}

/* Steps of tests/fuzz/ether.c: a request for us, one for others, a claim on our address, packets to send. */
static void ether(void)
{
    static const struct { enum arp_operation operation; uint8_t sender, target; } said[] = {
        { ARP_REQUEST, 9, 1 }, { ARP_REPLY, 0x89, 1 }, { ARP_REQUEST, 9, 8 }, { ARP_REQUEST, 1, 1 }, { ARP_REPLY, 1, 9 },
    };
    uint8_t out[512];
    struct wire_out to = wire_into(out, sizeof out);
    for (unsigned i = 0; i < sizeof said / sizeof *said; i++) {
        uint8_t arp[ARP_LEN];
        const struct mac them = { { 2, 0, 0, 0, 0, 9 } }, all = { { 255, 255, 255, 255, 255, 255 } };
        arp_write(&(struct arp_packet){ (uint16_t)said[i].operation, them, all, addr_v4(10, 0, 0, said[i].sender),
                                        addr_v4(10, 0, 0, said[i].target) }, arp);
        for (unsigned wait = 0; i == 0 && wait < 12; wait++)           /* until the address is ours */
            put_u8(&to, "step", 1), put_u8(&to, "data", 0);
        put_u8(&to, "step", 0x89);
        put_u8(&to, "step", ETHER_HEADER + ARP_LEN);
        put_bytes(&to, "destination", all.octets, MAC_LEN);
        put_bytes(&to, "source", them.octets, MAC_LEN);
        put_u16(&to, "ethertype", 0x0806);
        put_bytes(&to, "arp", arp, sizeof arp);
        write_seed("ether", out, wire_written(&to));
    }
}

static void hosts(void)
{
    static const char *const texts[] = {
        "127.0.0.1 localhost\n10.0.0.80\twww.example.test www # the web\n::1 localhost\n",
        "nameserver 10.0.0.53\nnameserver 10.0.0.54\nsearch test\n", "# nothing\n\n", "10.0.0.1", NULL
    };
    write_texts("hosts", texts);
    static const char *const zones[] = {
        "$ORIGIN test.\n$TTL 1h\n@ SOA ns host ( 1 2h\n 3 4 5 ) ; c\nwww A 10.0.0.80\n  AAAA fd00::80\n*.w 60 IN A 1.2.3.4\n",
        "a CNAME b\nb TXT \"x y\" z\n", "b\xc3\xbc""cher.example", "xn--bcher-kva.test", "-> $1.00 <--",
        "\xe4\xbe\x8b\xe5\xad\x90\xe3\x80\x82test", NULL
    };
    write_texts("zone", zones);
}

/* Messages of tests/fuzz/nd.c: who it is from, its length, then itself without a checksum. */
static void neighbours(void)
{
    static const uint8_t messages[][60] = {
        { 2, 32, 135, 0, 0, 0, 0, 0, 0, 0, 0xfd, [25] = 1, 1, 1, 2, 0, 0, 0, 0, 9 },
        { 2, 32, 136, 0, 0, 0, 0x60, 0, 0, 0, 0xfd, [25] = 9, 2, 1, 2, 0, 0, 0, 0, 9 },
        { 0, 24, 135, 0, 0, 0, 0, 0, 0, 0, 0xfd, [25] = 1 },
        { 1, 56, 134, 0, 0, 0, 64, 0, 0, 30, [18] = 1, 1, 2, 0, 0, 0, 0, 9, 3, 4, 64, 0xc0, 0, 0, 1, 0, 0, 0, 1, 0, [42] = 0xfd },
    };
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        write_seed("nd", messages[i], 2u + messages[i][1]);
}

/* Whole packets of both versions, in and out of order, and overlaps (tests/fuzz/reassembly.c). */
static void fragments(void)
{
    static const uint8_t seeds[][18] = {
        { 0x08, 0, 0, 0, 64, 0, 0x08, 0, 8, 0, 64, 0, 0x00, 0, 16, 0, 9, 0 },
        { 0x04, 0, 16, 0, 9, 0, 0x0c, 0, 8, 0, 64, 0, 0x0c, 0, 0, 0, 64, 0 },
        { 0x08, 0, 0, 0, 64, 0, 0x18, 0, 7, 0, 64, 0, 0x00, 0, 8, 0, 64, 0 },
        { 0x08, 0, 0, 0, 64, 0, 0x00, 0x1f, 0xff, 0, 64, 255, 0x0c, 0, 0, 0, 64, 255 },
    };
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++)
        write_seed("reassembly", seeds[i], sizeof seeds[i]);
}

static void dns_answers(void)
{
    uint8_t out[DNS_MESSAGE];
    for (unsigned kind = 0; kind < 4; kind++) {
        struct dns_message m = { .id = 0x1234,
                                 .response = kind > 0,
                                 .recursion_desired = true,
                                 .rcode = kind == 3 ? DNS_NXDOMAIN : DNS_NOERROR,
                                 .question = "www.example.test",
                                 .question_type = DNS_TYPE_A,
                                 .question_class = DNS_CLASS_IN };
        if (kind == 1 || kind == 2)
            m.answers[m.n_answers++] = (struct dns_record){ .name = "www.example.test",
                                                            .type = kind == 1 ? DNS_TYPE_A : DNS_TYPE_CNAME,
                                                            .ttl = 300,
                                                            .addr = addr_v4(10, 0, 0, 80),
                                                            .target = "web.example.test" };
        if (kind == 2)
            m.answers[m.n_answers++] = (struct dns_record){
                .name = "web.example.test", .type = DNS_TYPE_A, .ttl = 60, .addr = addr_v4(10, 0, 0, 80)
            };
        write_seed("dns_answer", out, dns_write(&m, out, sizeof out));
    }
}

/* A scene, then packets: how to mend them (0xc2: a segment for a connection), half their size, octets. */
static void packets(void)
{
    static const uint8_t scenes[] = { 0, 1, 2, 3, 7, 15, 63 };
    static const uint8_t flags[] = { TCP_SYN,           TCP_ACK, TCP_ACK | TCP_PSH,
                                     TCP_ACK | TCP_FIN, TCP_RST, TCP_RST | TCP_ACK };
    const struct addr peer = addr_v4(10, 0, 0, 2), us = addr_v4(10, 0, 0, 1);
    for (size_t i = 0; i < sizeof scenes; i++) {
        uint8_t out[1024] = { scenes[i] };
        size_t at = 1;
        for (size_t k = 0; k < sizeof flags; k++) {
            const struct tcp_segment s = { .source_port = 5000,
                                           .destination_port = 443,
                                           .seq = 128,
                                           .ack = 128,
                                           .flags = flags[k],
                                           .window = 1000,
                                           .mss = flags[k] == TCP_SYN ? 300 : 0,
                                           .text = { (const uint8_t *)"hello", 5 } };
            size_t n = IP4_HEADER + tcp_segment_write(&s, &peer, &us, out + at + 2 + IP4_HEADER, 200);
            out[at] = 0xc2;
            out[at + 1] = (uint8_t)((n + 1) / 2);
            at += 2 + (n + 1) / 2 * 2;
        }
        memcpy(out + at, (const uint8_t[]){ 0, 9, 12, 4, 17, 1 }, 6); /* twice more, otherwise */
        write_seed("net_input", out, at + 6);
    }
}

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

static void zeros(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c, (void)purpose;
    memset(out, 0, n);
}

/* RSA asks for a number to hide behind, which zeros are not. */
static void steps(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c, (void)purpose;
    for (size_t i = 0; i < n; i++)
        ((uint8_t *)out)[i] = (uint8_t)(7 * i + 1);
}

static void write_pem(const char *label, const uint8_t *der, size_t n)
{
    static char text[8192];
    write_seed("pem", text, pem_write(label, &(struct der){ .at = der, .n = n }, text, sizeof text));
}

/* With the date and the randomness of the target x509_cert, so that its own leaf is among them. */
static void certificates(void)
{
    static struct classroom rooms[2];
    for (int i = 0; i < 2; i++) {
        struct chance chance = { i ? steps : zeros };
        struct classroom *room = &rooms[i];
        if (!classroom_issue(room, i ? KEY_RSA : KEY_P256, "www.example.test", 1000000 * SECOND, &chance,
                             NULL))
            exit(EXIT_FAILURE);
        const struct der *all[] = { &room->leaf.der, &room->intermediate.der, &room->root.der };
        for (int k = 0; k < 3; k++)
            write_seed("x509_cert", all[k]->at, all[k]->n);
    }
    uint8_t key[512];
    for (int i = 0; i < 2; i++)
        write_pem("CERTIFICATE", rooms[i].leaf.der.at, rooms[i].leaf.der.n);
    write_pem("PRIVATE KEY", key, private_key_write(&rooms[0].leaf_key, KEY_PKCS8, key, sizeof key));
    write_seed("pem", "some words\n-----BEGIN X-----\nAA==\n-----END X-----\n", 49);
}

/* Of each kind in each of its forms, then sealed for the pass phrase that the targets know. */
static void private_keys(void)
{
    static uint8_t der[PRIVATE_KEY_MAX], sealed[PRIVATE_KEY_MAX + PBES2_MORE];
    struct chance chance = { steps };
    for (enum key_kind kind = KEY_RSA; kind <= KEY_ED25519; kind++) {
        static struct private_key key;
        if (kind <= KEY_RSA_PSS)
            key = classroom_rsa_keys[CLASSROOM_LEAF];
        else
            key_make(&key, kind, &chance, "key");
        key.pub.kind = kind;
        for (enum key_form form = KEY_PKCS8; form <= KEY_SEC1; form++) {
            size_t n = private_key_write(&key, form, der, sizeof der);
            if (n)
                write_seed("pkcs8", der, n);
        }
        write_seed("request", der, request_made(&key, "www.example.test", &chance, der, sizeof der));
        struct der whole = { .at = der, .n = private_key_write(&key, KEY_PKCS8, der, sizeof der) };
        size_t n = pbes2_seal(&whole, (struct bytes){ (const uint8_t *)"secret", 6 }, 2, &chance, sealed, sizeof sealed);
        write_seed("pkcs8", sealed, n);
        if (kind >= KEY_P521)
            write_pem("ENCRYPTED PRIVATE KEY", sealed, n);
    }
}

/* As the target ocsp makes its own, by the same chance. */
static void ocsp_responses(void)
{
    static struct classroom room;
    static uint8_t der[OCSP_MADE_MAX];
    const nsec now = 1000000 * SECOND;
    struct chance chance = { zeros };
    if (!classroom_issue(&room, KEY_P256, "www.example.test", now, &chance, NULL))
        exit(EXIT_FAILURE);
    struct ocsp_made m = ocsp_made(&room.leaf, &room.intermediate, &classroom_p256_keys[CLASSROOM_INTERMEDIATE], now);
    write_seed("ocsp", der, ocsp_made_write(&m, der));
    m.status = X509_STATUS_REVOKED;
    m.by_key = m.with_responder = true;
    m.other = &room.root;
    write_seed("ocsp", der, ocsp_made_write(&m, der));
    m.answer = 3;
    write_seed("ocsp", der, ocsp_made_write(&m, der));
    static uint8_t octets[OCSP_MADE_MAX];
    const struct x509_cert delegate =
        ocsp_made_delegate(&room.intermediate, &classroom_p256_keys[CLASSROOM_INTERMEDIATE], now, octets);
    m = ocsp_made(&room.leaf, &room.intermediate, &classroom_p256_keys[CLASSROOM_LEAF], now);
    m.responder = &delegate;
    m.with_responder = true;
    m.nonce = (struct bytes){ octets, 16 };
    write_seed("ocsp", der, ocsp_made_write(&m, der));
}

/* As the target crl makes its own. */
static void lists(void)
{
    static struct classroom room;
    static uint8_t der[CRL_MADE_MAX];
    const nsec now = 1000000 * SECOND;
    struct chance chance = { zeros };
    if (!classroom_issue(&room, KEY_P256, "www.example.test", now, &chance, NULL))
        exit(EXIT_FAILURE);
    for (unsigned i = 0; i < CRL_MADE_KINDS; i++)
        write_seed("crl", der, crl_made_write(i, &room.intermediate, &classroom_p256_keys[CLASSROOM_INTERMEDIATE],
                                              &room.leaf, now, der));
}

/* As the target policy reads them: what is asked, how many certificates, and what each names and maps. */
static void policies(void)
{
    static const char *const octets[] = {
        "\x01\x02\x01\0\x01\0\x01\0",              /* one policy all the way down */
        "\x09\x02\x41\0\x01\x10\x02\0\x02\0",       /* one that is mapped */
        "\x01\x05\x43\0\x04\x00\x01\x10\x11\x43\0\x04\x00\x01\x10\x11\x43\0\x04\x00\x01\x10\x11\x03\0\x03\0",
        "\x01\x03\x20\x20\xa0\0\x60\0\x01\x10\x02\0", /* anyPolicy, inhibited below, and self-issued */
    };
    static const size_t sizes[] = { 8, 10, 27, 13 };
    for (size_t i = 0; i < sizeof octets / sizeof *octets; i++)
        write_seed("policy", octets[i], sizes[i]);
}

static void signatures(void)
{
    static const uint8_t first[] = { 1, 0x7f, 0x80, 0xff };
    for (size_t i = 0; i < sizeof first; i++) {
        uint8_t r[CURVE_SCALAR_MAX] = { 0 }, s[CURVE_SCALAR_MAX] = { 0 }, der[ECDSA_DER_MAX];
        r[i * 8] = first[i];
        s[31] = first[sizeof first - 1 - i];
        write_seed("ecdsa_der", der, ecdsa_write_der(r, s, 32, der));
        s[65] = 1;
        write_seed("ecdsa_der", der, ecdsa_write_der(r, s, 66, der));
    }
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3 || sodium_init() < 0) {
        fprintf(stderr, "usage: make_corpora FOLDER [KEPT]\n");
        return 2;
    }
    folder = argv[1];
    mkdir(folder, 0777);
    urls();
    requests();
    responses();
    hosts();
    ether();
    fragments();
    neighbours();
    dns_answers();
    packets();
    handshakes("tls_client");
    handshakes("tls_server");
    versus();
    messages();
    sessions();
    deep("tls_deep_client");
    deep("tls_deep_server");
    certificates();
    private_keys();
    ocsp_responses();
    policies();
    lists();
    signatures();
    if (argc == 3)
        all_kept(argv[2]);
    return 0;
}

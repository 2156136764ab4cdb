#include "http/reading_inside.h"

#include "trace/ascii.h"

#include <stdio.h>
#include <string.h>

enum { PRELUDE_MOST = 1 << 16,                        /* octets of the client in which TLS may still begin */
       HELLO_TOLD = 11,                               /* octets that tell a ClientHello: two headers and a version */
       ANSWER_TOLD = 6,                               /* a ServerHello, or an alert */
       HELLO_LEAST = 38 };

/* ---- who said what before ---- */

/* How a protocol is known: the server's first octets, or the client's; and what the client asked for last. */
struct known_prelude {
    struct prelude prelude;
    const char *server; size_t server_n;
    const char *client; size_t client_n;
    const char *last; size_t last_n;
};
#define NOT_TOLD NULL, 0
#define OCTETS(s) s, sizeof s - 1

static const struct known_prelude known[] = {
    { { "smtp", "SMTP, STARTTLS", "RFC 3207" }, OCTETS("220"), NOT_TOLD, OCTETS("STARTTLS") },
    { { "imap", "IMAP, STARTTLS", "RFC 9051 §6.2.1" }, OCTETS("* "), NOT_TOLD, OCTETS("STARTTLS") },
    { { "pop3", "POP3, STLS", "RFC 2595 §4" }, OCTETS("+OK"), NOT_TOLD, OCTETS("STLS") },
    { { "ftp", "FTP, AUTH TLS", "RFC 4217 §4" }, OCTETS("220"), NOT_TOLD, OCTETS("AUTH TLS") },
    { { "ftp", "FTP, AUTH SSL", "RFC 4217 §4" }, OCTETS("220"), NOT_TOLD, OCTETS("AUTH SSL") },
    { { "nntp", "NNTP, STARTTLS", "RFC 4642 §2.2" }, OCTETS("20"), NOT_TOLD, OCTETS("STARTTLS") },
    { { "sieve", "ManageSieve, STARTTLS", "RFC 5804 §2.2" }, OCTETS("\""), NOT_TOLD, OCTETS("STARTTLS") },
    { { "irc", "IRC, STARTTLS", NULL }, OCTETS(":"), NOT_TOLD, OCTETS("STARTTLS") },
    { { "xmpp", "XMPP, starttls", "RFC 6120 §5" }, NOT_TOLD, NOT_TOLD, OCTETS("urn:ietf:params:xml:ns:xmpp-tls") },
    { { "ldap", "LDAP, StartTLS", "RFC 4511 §4.14" }, NOT_TOLD, NOT_TOLD, OCTETS("1.3.6.1.4.1.1466.20037") },
    { { "postgresql", "PostgreSQL, SSLRequest", NULL }, NOT_TOLD, NOT_TOLD,
      OCTETS("\x00\x00\x00\x08\x04\xd2\x16\x2f") },
    { { "rdp", "RDP, TPKT", NULL }, OCTETS("\x03\x00\x00"), OCTETS("\x03\x00\x00"), NOT_TOLD },
    { { "socks", "SOCKS 5", "RFC 1928" }, OCTETS("\x05"), OCTETS("\x05"), NOT_TOLD },
    { { "socks", "SOCKS 4", NULL }, OCTETS("\x00"), OCTETS("\x04\x01"), NOT_TOLD },
    { { "mysql", "MySQL, SSLRequest", NULL }, NOT_TOLD, OCTETS("\x20\x00\x00\x01"), NOT_TOLD },
};
static const struct prelude other = { "other", "a protocol that is not known here", NULL };

static bool begins(const uint8_t *at, size_t n, const char *with, size_t with_n)
{
    return !with || (n >= with_n && memcmp(at, with, with_n) == 0);
}

/* Commands are written in capitals or not. */
static bool holds(const uint8_t *at, size_t n, const char *word, size_t word_n)
{
    for (size_t i = 0; word && i + word_n <= n; i++) {
        size_t k = 0;
        while (k < word_n && ascii_lower((char)at[i + k]) == ascii_lower(word[k]))
            k++;
        if (k == word_n)
            return true;
    }
    return !word;
}

const struct prelude *prelude_of(const struct talk *t)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const struct known_prelude *k = &known[i];
        if (begins(t->first[FLOW_SERVER], t->n_first[FLOW_SERVER], k->server, k->server_n) &&
            begins(t->first[FLOW_CLIENT], t->n_first[FLOW_CLIENT], k->client, k->client_n) &&
            holds(t->last, t->n_last, k->last, k->last_n))
            return &k->prelude;
    }
    return &other;
}

/* A request may come in pieces: the stream's last octets are kept, whatever they came in. */
void prelude_keep(struct talk *t, unsigned side, struct bytes b)
{
    if (side != FLOW_CLIENT || t->c.prelude || flow_offset(t->c.flow, side) > PRELUDE_MOST)
        return;
    size_t n = b.n < LAST_OCTETS ? b.n : LAST_OCTETS, kept = t->n_last < LAST_OCTETS - n ? t->n_last : LAST_OCTETS - n;
    memmove(t->last, t->last + t->n_last - kept, kept);
    memcpy(t->last + kept, b.at + b.n - n, n);
    t->n_last = (uint8_t)(kept + n);
}

/* ---- where TLS begins ---- */

/* As far as there are octets: is this a record with a ClientHello, which has the record for itself (RFC 8446 §5.1)? */
static bool like_hello(const uint8_t *at, size_t n)
{
    unsigned record = n > 4 ? (unsigned)(at[3] << 8 | at[4]) : 0, hello = n > 8 ? (unsigned)(at[7] << 8 | at[8]) : 0;
    return at[0] == TLS_CONTENT_HANDSHAKE && (n < 2 || at[1] == 3) && (n < 3 || at[2] <= 4) &&
           (n < 6 || at[5] == TLS_CLIENT_HELLO) && (n < 7 || at[6] == 0) &&
           (n < 9 || (hello >= HELLO_LEAST && record <= hello + 4 && record > ANSWER_TOLD)) && (n < 10 || at[9] == 3) &&
           (n < 11 || at[10] <= 4);
}

static bool like_answer(const uint8_t *at, size_t n)
{
    if ((n > 1 && at[1] != 3) || (n > 2 && at[2] > 4))
        return false;
    if (at[0] == TLS_CONTENT_ALERT)
        return (n < 4 || at[3] == 0) && (n < 5 || at[4] == 2) && (n < 6 || at[5] == 1 || at[5] == 2);
    return at[0] == TLS_CONTENT_HANDSHAKE && (n < 6 || at[5] == TLS_SERVER_HELLO);
}

/* A ClientHello begins a segment, and something was said to the client before: so a file that goes over the line, with
 * a captured ClientHello in it, is none. */
static bool may_begin(const struct talk *t, unsigned side, uint64_t offset)
{
    const struct flow *f = t->c.flow;
    if (side == FLOW_SERVER)
        return t->speaks[FLOW_CLIENT] == SPEAKS_TLS;
    return offset < PRELUDE_MOST && t->n_first[FLOW_SERVER] &&
           (!offset || flow_packet_of(f, side, offset) != flow_packet_of(f, side, offset - 1));
}

enum prelude_says prelude_look(const struct talk *t, unsigned side, struct bytes b, size_t *plain)
{
    const uint64_t offset = flow_offset(t->c.flow, side);
    const size_t told = side == FLOW_CLIENT ? HELLO_TOLD : ANSWER_TOLD;
    *plain = b.n;
    if (side == FLOW_CLIENT ? offset >= PRELUDE_MOST : t->speaks[FLOW_CLIENT] != SPEAKS_TLS)
        return PRELUDE_PLAIN;
    for (size_t i = 0; i < b.n; i++) {
        const size_t left = b.n - i;
        if (!(side == FLOW_CLIENT ? like_hello(b.at + i, left) : like_answer(b.at + i, left)) ||
            !may_begin(t, side, offset + i))
            continue;
        *plain = i;
        return left >= told ? PRELUDE_TLS : PRELUDE_WANTS;
    }
    return PRELUDE_PLAIN;
}

/* ---- the PROXY protocol ---- */

static size_t proxied_1(struct talk *t, struct bytes b, bool *wants)
{
    enum { LINE_MOST = 107 };
    char line[LINE_MOST + 1], address[ADDR_TEXT];
    unsigned port = 0;
    const uint8_t *end = memchr(b.at, '\n', b.n < LINE_MOST ? b.n : LINE_MOST);
    *wants = !end && b.n < LINE_MOST;
    if (!end)
        return 0;
    size_t n = (size_t)(end - b.at) + 1;
    memcpy(line, b.at, n);
    line[n] = '\0';
    t->c.proxied.version = 1;
    if (sscanf(line, "PROXY TCP%*1[46] %45s %*45s %5u", address, &port) == 2 && port <= 0xffff &&
        addr_parse(address, strlen(address), &t->c.proxied.addr))
        t->c.proxied.port = (uint16_t)port;
    return n;
}

static size_t proxied_2(struct talk *t, struct bytes b, bool *wants)
{
    enum { SIGNATURE = 12, PROXY = 0x21, TCP_4 = 0x11, TCP_6 = 0x21 };
    struct wire_in in = wire_over(b.at, b.n, NULL);
    struct seen_proxied p = { .version = 2 };
    take_ref(&in, "signature", SIGNATURE);
    uint8_t command = take_u8(&in, "version_command"), family = take_u8(&in, "family_protocol");
    struct wire_in rest = take_vec16(&in, "addresses");
    *wants = in.failed;
    if (*wants)
        return 0;
    if (command == PROXY && (family == TCP_4 || family == TCP_6)) {
        p.addr.len = family == TCP_4 ? 4 : 16;
        take_bytes(&rest, "source_address", p.addr.octets, p.addr.len);
        take_ref(&rest, "destination_address", p.addr.len);
        p.port = take_u16(&rest, "source_port");
    }
    t->c.proxied = rest.failed ? (struct seen_proxied){ .version = 2 } : p;
    return b.n - wire_left(&in);
}

size_t prelude_proxied(struct talk *t, struct bytes b, uint64_t packet, bool *wants)
{
    static const char one[] = "PROXY ", two[] = "\r\n\r\n\0\r\nQUIT\n";
    size_t n = 0;
    if (b.n && memcmp(b.at, one, b.n < 6 ? b.n : 6) == 0)
        n = proxied_1(t, b, wants);
    else if (b.n && memcmp(b.at, two, b.n < 12 ? b.n : 12) == 0)
        n = proxied_2(t, b, wants);
    if (n)
        t->c.proxied.packet = packet;
    return n;
}

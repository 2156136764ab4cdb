/* TLS that begins late in a connection: behind STARTTLS and its kin, behind a proxy's header; and what only looks like it. */
#include "http/diagnose.h"
#include "tests/lib/check.h"
#include "tests/lib/tls_tape.h"

#include <stdlib.h>
#include <string.h>

enum { DATA = 500, FRAME = 40 + TAPE_OCTETS / 8 };

static struct tls_pair pair;
static struct tape *tape;

struct talk_made {
    struct test_chance chance; struct keylog *keylog; struct reading *reading; const struct conversation *c;
    uint64_t number; nsec at; uint32_t seq[2]; uint16_t port;
    uint64_t text[2];                                 /* octets that were shown, opened or in the open */
};

static void count_text(void *self, const struct flow *f, unsigned side, struct bytes b, uint64_t packet)
{
    struct talk_made *m = self;
    (void)f, (void)packet;
    m->text[side] += b.n;
}

/* A segment: n octets, which lie `ahead` octets behind what was said last. */
static void frame(struct talk_made *m, unsigned side, unsigned flags, const void *text, size_t n, uint32_t ahead)
{
    static uint8_t octets[FRAME];
    const struct addr ends[2] = { addr_v4(10, 0, 0, 1), addr_v4(10, 0, 0, 2) };
    const uint16_t ports[2] = { 40000, m->port };
    const struct tcp_segment s = { .source_port = ports[side], .destination_port = ports[!side], .seq = m->seq[side] + ahead,
                                   .ack = m->seq[!side], .flags = (uint8_t)flags, .window = 60000, .text = { text, n } };
    size_t size = tcp_segment_write(&s, &ends[side], &ends[!side], octets + 20, sizeof octets - 20);
    ck_assert(size);
    const struct ip_header h = { .total_length = (uint32_t)size + 20, .protocol = IP_TCP, .source = ends[side],
                                 .destination = ends[!side], .hop_limit = 64 };
    ip_write(&h, octets);
    const struct capture_frame f = { .number = ++m->number, .has_time = true, .at = m->at += MILLISECOND, .link = 101,
                                     .wire_n = (uint32_t)size + 20, .bytes = { octets, size + 20 } };
    reading_frame(m->reading, &f);
    if (!ahead)
        m->seq[side] += (uint32_t)n + !!(flags & (TCP_SYN | TCP_FIN));
}

static void say(struct talk_made *m, unsigned side, const void *text, size_t n)
{
    for (size_t at = 0; at < n; at += 1400)
        frame(m, side, TCP_ACK, (const uint8_t *)text + at, n - at < 1400 ? n - at : 1400, 0);
}
static void line(struct talk_made *m, unsigned side, const char *text) { say(m, side, text, strlen(text)); }

static void open_at(struct talk_made *m, uint16_t port)
{
    *m = (struct talk_made){ .chance = test_chance(1), .at = PAIR_NOW, .port = port, .keylog = tape_keylog(tape, 0) };
    m->reading = reading_new(&(struct reading_config){ .keylog = m->keylog, .keylog_given = true, .text = count_text,
                                                       .self = m, .chance = &m->chance.chance });
    frame(m, 0, TCP_SYN, NULL, 0, 0);
    frame(m, 1, TCP_SYN | TCP_ACK, NULL, 0, 0);
    frame(m, 0, TCP_ACK, NULL, 0, 0);
}

static void say_tls(struct talk_made *m)
{
    for (size_t i = 0; i < tape->n_moves; i++)
        say(m, tape->moves[i].side, tape->octets[tape->moves[i].side] + tape->moves[i].at, tape->moves[i].n);
}

static const struct conversation *read_on(struct talk_made *m)
{
    reading_end(m->reading);
    m->c = reading_over(m->reading);
    ck_assert_ptr_nonnull(m->c);
    return m->c;
}

static void close_it(struct talk_made *m)
{
    reading_give(m->reading, (struct conversation *)m->c);
    reading_free(m->reading);
    keylog_free(m->keylog);
}

/* All is verified, opened, and so is what stood before. */
static void is_sound(struct talk_made *m, uint64_t client, uint64_t server)
{
    const struct watch_facts *t = read_on(m)->tls;
    ck_assert(t && t->tls && t->n_faults == 0 && t->blind == WATCH_SEES);
    for (unsigned side = 0; side < 2; side++) {
        ck_assert(t->finished[side].verified);
        ck_assert_uint_eq(t->records[side].opened, t->records[side].sealed);
        ck_assert_uint_eq(m->text[side], (side ? server : client) + DATA);
    }
    ck_assert(!m->c->plain_http);
}

static const struct { const char *id; uint16_t port; const char *said[8]; } openings[] = {
    { "smtp", 25, { "S220 mail.test ESMTP\r\n", "CEHLO here\r\n", "S250-mail.test\r\n", "S250 STARTTLS\r\n", "CSTARTTLS\r\n",
                    "S220 go ahead\r\n" } },
    { "smtp", 465, { "S220 mail.test ESMTP\r\n", "CEHLO here\r\n", "S250 STARTTLS\r\n", "Cstart", "Ctls\r\n", "S220 go\r\n" } },
    { "imap", 143, { "S* OK ready\r\n", "Ca1 STARTTLS\r\n", "Sa1 OK begin\r\n" } },
    { "pop3", 110, { "S+OK\r\n", "CSTLS\r\n", "S+OK\r\n" } },
    { "ftp", 21, { "S220 files\r\n", "CAUTH TLS\r\n", "S234 go\r\n" } },
    { "xmpp", 5222, { "C<stream:stream to='a'>", "S<stream:features><starttls/>",
                      "C<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "S<proceed/>" } },
    { "other", 9999, { "CHELLO THERE\r\n", "Syes\r\n" } },
};

START_TEST(tls_behind_plain_lines)
{
    struct talk_made m;
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        uint64_t n[2] = { 0, 0 };
        open_at(&m, openings[i].port);
        for (unsigned k = 0; k < 8 && openings[i].said[k]; k++) {
            const char *text = openings[i].said[k];
            n[*text == 'S'] += strlen(text) - 1;
            line(&m, *text == 'S', text + 1);
        }
        say_tls(&m);
        is_sound(&m, n[0], n[1]);
        ck_assert_str_eq(m.c->prelude->id, openings[i].id);
        ck_assert(m.c->prelude_octets[0] == n[0] && m.c->prelude_octets[1] == n[1]);
        close_it(&m);
    }
}
END_TEST

/* RFC 4511 §4.14's request, PostgreSQL's, SOCKS: no lines at all. */
START_TEST(tls_behind_octets)
{
    struct talk_made m;
    static const char ldap[] = "\x30\x1d\x02\x01\x01\x77\x18\x80\x16" "1.3.6.1.4.1.1466.20037", yes[] = "\x30\x0c\x02\x01\x01\x78";
    static const char postgresql[] = "\x00\x00\x00\x08\x04\xd2\x16\x2f";
    open_at(&m, 389);
    say(&m, 0, ldap, sizeof ldap - 1);
    say(&m, 1, yes, sizeof yes - 1);
    say_tls(&m);
    is_sound(&m, sizeof ldap - 1, sizeof yes - 1);
    ck_assert_str_eq(m.c->prelude->id, "ldap");
    close_it(&m);
    open_at(&m, 5432);
    say(&m, 0, postgresql, 8);
    line(&m, 1, "S");
    say_tls(&m);
    is_sound(&m, 8, 1);
    ck_assert_str_eq(m.c->prelude->id, "postgresql");
    close_it(&m);
}
END_TEST

/* A capture, or a network, may have the ClientHello before the line that it answers. */
START_TEST(the_servers_last_line_comes_late)
{
    struct talk_made m;
    const struct bytes hello = { tape->octets[0], tape->moves[0].n };
    open_at(&m, 25);
    line(&m, 1, "220 mail.test\r\n");
    line(&m, 0, "STARTTLS\r\n");
    frame(&m, 0, TCP_ACK, hello.at, 3, 0);            /* in two pieces, of which the first does not tell */
    frame(&m, 0, TCP_ACK, hello.at + 3, hello.n - 3, 0);
    line(&m, 1, "220 go\r\n");
    for (size_t i = 1; i < tape->n_moves; i++)
        say(&m, tape->moves[i].side, tape->octets[tape->moves[i].side] + tape->moves[i].at, tape->moves[i].n);
    is_sound(&m, 10, 23);
    ck_assert_str_eq(m.c->prelude->id, "smtp");
    close_it(&m);
}
END_TEST

START_TEST(a_proxys_header)
{
    struct talk_made m;
    static const char one[] = "PROXY TCP4 192.0.2.7 10.0.0.2 5678 443\r\n", none[] = "PROXY UNKNOWN\r\n";
    static const char two[] = "\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0f\xc0\x00\x02\x07\x0a\x00\x00\x02\x16\x2e\x01\xbb\x04\x00\x00";
    static const struct { struct bytes header; unsigned version; uint16_t port; } headers[] = {
        { { (const uint8_t *)one, sizeof one - 1 }, 1, 5678 }, { { (const uint8_t *)none, sizeof none - 1 }, 1, 0 },
        { { (const uint8_t *)two, sizeof two - 1 }, 2, 5678 } };
    const struct addr from = addr_v4(192, 0, 2, 7);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        for (size_t cut = 0; cut < 14; cut += 7) {
            open_at(&m, 443);
            say(&m, 0, headers[i].header.at, cut);
            say(&m, 0, headers[i].header.at + cut, headers[i].header.n - cut);
            say_tls(&m);
            is_sound(&m, headers[i].header.n, 0);
            ck_assert_uint_eq(m.c->proxied.version, headers[i].version);
            ck_assert_uint_eq(m.c->proxied.port, headers[i].port);
            ck_assert(headers[i].port ? addr_same(&m.c->proxied.addr, &from) : !m.c->proxied.addr.len);
            ck_assert_ptr_null(m.c->prelude);
            close_it(&m);
        }
}
END_TEST

/* What a proxy put before it was not captured: the gap is believed only when the server has answered, and the server's
 * octets must not be read before the client's. */
START_TEST(a_gap_before_the_hello)
{
    struct talk_made m;
    for (uint32_t missing = 1; missing < 3000; missing += 28) {
        open_at(&m, 5003);
        m.seq[0] += missing;
        say_tls(&m);
        is_sound(&m, 0, 0);
        ck_assert_uint_eq(m.c->flow->side[0].gap_octets, missing);
        close_it(&m);
    }
}
END_TEST

/* FTP's CCC (RFC 4217 §12.3): close_notify ends TLS, not the talk. */
START_TEST(plain_lines_behind_close_notify)
{
    struct talk_made m;
    open_at(&m, 21);
    line(&m, 1, "220 files\r\n");
    line(&m, 0, "AUTH TLS\r\n");
    line(&m, 1, "234 go\r\n");
    say_tls(&m);
    line(&m, 0, "PWD\r\n");
    line(&m, 1, "257 here\r\n");
    line(&m, 0, "QUIT\r\n");
    is_sound(&m, 10 + 5 + 6, 11 + 8 + 10);
    ck_assert(m.c->tls->close_notify[0] && m.c->tls->close_notify[1]);
    close_it(&m);
}
END_TEST

/* A file that goes over the line has a captured ClientHello in it: nobody spoke TLS. */
START_TEST(a_hello_within_a_file)
{
    struct talk_made m;
    const struct bytes hello = { tape->octets[0], tape->moves[0].n };
    static uint8_t file[4000];
    memcpy(file + 1000, hello.at, hello.n);
    for (unsigned answered = 0; answered < 2; answered++) {
        open_at(&m, 20);
        if (answered)
            line(&m, 1, "ready\n");
        say(&m, 0, file, sizeof file);
        line(&m, 1, "thanks\n");
        read_on(&m);
        ck_assert(!m.c->prelude && (!m.c->tls || !m.c->tls->tls));
        ck_assert_uint_eq(m.text[0], sizeof file);
        close_it(&m);
    }
}
END_TEST

/* What mail says begins with a word in capitals and a space, as a request of HTTP does. */
START_TEST(a_greeting_is_no_request)
{
    struct talk_made m;
    static const char *const lines[] = { "EHLO here\r\n", "AUTH TLS\r\n", "USER me\r\n" };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        open_at(&m, 25);
        line(&m, 0, lines[i]);
        read_on(&m);
        ck_assert(!m.c->plain_http);
        close_it(&m);
    }
    open_at(&m, 8080);
    line(&m, 0, "BREW /pot HTTP/1.0\r\n\r\n");
    read_on(&m);
    ck_assert(m.c->plain_http && m.c->n_http == 1);
    close_it(&m);
}
END_TEST

/* ---- HTTP in the open */
static const struct conversation *plain(struct talk_made *m, uint16_t port, const char *const *said)
{
    open_at(m, port);
    for (; *said; said++)
        if (said[0][0] == 'F' || said[0][0] == 'R')
            frame(m, said[0][1] == 'S', said[0][0] == 'F' ? TCP_FIN | TCP_ACK : TCP_RST | TCP_ACK, NULL, 0, 0);
        else
            line(m, **said == 'S', *said + 1);
    return read_on(m);
}
#define PLAIN(m, port, ...) plain(m, port, (const char *const[]){ __VA_ARGS__, NULL })

static const char *why(struct talk_made *m)
{
    struct diagnosis d[1];
    return diagnose(m->c, reading_facts(m->reading), d, 1) ? d[0].cause->id : "";
}

START_TEST(what_is_whole)
{
    struct talk_made m;
    /* blanks behind a chunk's size, which some servers write, are not read here: that is no cut */
    PLAIN(&m, 80, "CGET / HTTP/1.1\r\nHost: a\r\n\r\n",
          "SHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5  \r\nhello\r\n0\r\n\r\n", "FS", "FC");
    ck_assert(!m.c->http[0].complete && m.c->http[0].unread);
    ck_assert_str_eq(why(&m), "");
    close_it(&m);
    /* a body up to the end of the connection is whole if that was a FIN */
    PLAIN(&m, 80, "CGET / HTTP/1.0\r\n\r\n", "SHTTP/1.0 200 OK\r\n\r\nhello", "FS", "FC");
    ck_assert(m.c->http[0].complete);
    close_it(&m);
    PLAIN(&m, 80, "CGET / HTTP/1.0\r\n\r\n", "SHTTP/1.0 200 OK\r\n\r\nhello", "RS");
    ck_assert(!m.c->http[0].complete);
    close_it(&m);
    PLAIN(&m, 80, "CGET / HTTP/1.0\r\n\r\n", "SHTTP/1.0 200 OK\r\n\r\nhello");
    ck_assert(!m.c->http[0].complete);
    close_it(&m);
    /* a WebSocket that the server closes was not cut short */
    PLAIN(&m, 80, "CGET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
          "SHTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", "S\x88", "C\x88", "FS", "FC");
    ck_assert(m.c->http[0].complete);
    ck_assert_str_eq(why(&m), "");
    close_it(&m);
}
END_TEST

START_TEST(requests_in_odd_order)
{
    struct talk_made m;
    PLAIN(&m, 80, "SHTTP/1.1 204 No Content\r\n\r\n", "CGET /1 HTTP/1.1\r\nHost: a\r\n\r\n",       /* two cards */
          "CGET /2 HTTP/1.1\r\nHost: a\r\n\r\n", "SHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    ck_assert_uint_eq(m.c->n_http, 2);
    ck_assert_str_eq(m.c->http[0].target, "/1");
    ck_assert(m.c->http[0].status == 204 && m.c->http[1].status == 404);
    close_it(&m);
    PLAIN(&m, 80, "CG", "CE", "CT / HTTP/1.1\r\nHost: a\r\n\r\n");      /* a terminal, letter by letter */
    ck_assert_str_eq(m.c->http[0].method, "GET");
    close_it(&m);
}
END_TEST

/* Behind CONNECT there is TLS, also at a port where TLS was looked for before; and what came before it is none of it. */
START_TEST(a_tunnel_at_a_port_of_tls)
{
    static const char connect[] = "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n";
    static const char proxy[] = "PROXY TCP4 1.1.1.1 2.2.2.2 1111 443\r\n";
    struct talk_made m;
    open_at(&m, 8443);
    line(&m, 0, connect);
    line(&m, 1, "HTTP/1.1 200 OK\r\n\r\n");
    say_tls(&m);
    read_on(&m);
    ck_assert(m.c->tls && m.c->tls->tls && m.c->tls->finished[0].verified && m.c->tls->finished[1].verified);
    ck_assert_uint_eq(m.c->prelude_octets[0], sizeof connect - 1);
    close_it(&m);
    open_at(&m, 443);
    line(&m, 0, proxy);
    say_tls(&m);
    ck_assert_uint_eq(read_on(&m)->prelude_octets[0], sizeof proxy - 1);
    close_it(&m);
}
END_TEST

static bool make_tape(void)
{
    const struct pair_wish wish = { .suite = "ECDHE-RSA-AES128-GCM-SHA256" };
    tape = tls_tape_new();
    pair_configure(&pair, &wish);
    pair.client.config.exporter = pair.server.config.exporter = true;
    pair.client.tls = tls_new(&pair.client.config, PAIR_NOW, &pair.client.fault);
    pair.server.tls = tls_new(&pair.server.config, PAIR_NOW, &pair.server.fault);
    return tape_pair(tape, &pair, DATA);
}

int main(void)
{
    if (sodium_init() < 0 || !make_tape())
        return 1;
    int said = check_run("reading_prelude", (const TTest *[]){
        tls_behind_plain_lines, tls_behind_octets, the_servers_last_line_comes_late, a_proxys_header,
        a_gap_before_the_hello, plain_lines_behind_close_notify,
        a_hello_within_a_file, a_greeting_is_no_request, what_is_whole, requests_in_odd_order,
        a_tunnel_at_a_port_of_tls, NULL });
    pair_end(&pair);
    tls_tape_free(tape);
    return said;
}

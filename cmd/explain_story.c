#include "cmd/explain.h"
#include "cmd/words.h"
#include "tls/messages13.h"
#include "tls/x509/der.h"
#include "trace/pen.h"
#include "trace/show.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

enum { LINE = 1600, WIDE = 1800 };

static bool sink_file(struct sink *s, const void *bytes, size_t n)
{
    struct file_sink *f = (struct file_sink *)s;
    return fwrite(bytes, 1, n, f->file) == n;
}

/* Programs want a sentence in one line. Asked once: a large capture has millions of lines. */
static unsigned columns(void)
{
    static unsigned found;
    if (!found)
        found = watch_color(stdout) ? watch_columns(stdout) : WIDE;
    return found;
}

void explain_say(FILE *out, unsigned indent, const char *format, ...)
{
    char text[WORDS_TEXT], said[WORDS_TEXT], shown[LINE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct file_sink sink = { .sink = { sink_file }, .file = out };
    struct pen pen = { .sink = &sink.sink, .keep_wide = true };
    pen_wrap(&pen, show_string(words_said(text, said), shown, sizeof shown), indent, columns());
    pen_end(&pen);
}

char *explain_end(const struct flow_side *s, char out[END_TEXT])
{
    char addr[ADDR_TEXT];
    addr_text(&s->addr, addr);
    snprintf(out, END_TEXT, s->addr.len == 16 ? "[%s]:%u" : "%s:%u", addr, s->port);
    return out;
}

static void say_tcp(FILE *out, const struct flow *f)
{
    const struct flow_side *c = &f->side[FLOW_CLIENT], *s = &f->side[FLOW_SERVER];
    if (c->syn.packet && s->syn.packet && f->rtt_syn)
        explain_say(out, 2, "TCP: SYN in packet %" PRIu64 ", SYN-ACK in packet %" PRIu64 ", there and back in %u µs",
                    c->syn.packet, s->syn.packet, (unsigned)(f->rtt_syn / MICROSECOND));
    else if (c->syn.packet && s->syn.packet)
        explain_say(out, 2, "TCP: SYN in packet %" PRIu64 ", SYN-ACK in packet %" PRIu64, c->syn.packet,
                    s->syn.packet);
    else if (c->syn.packet)
        explain_say(out, 2, "TCP: SYN in packet %" PRIu64 ", sent %u times, and no SYN-ACK", c->syn.packet,
                    (unsigned)c->syns);
    else
        explain_say(out, 2, "TCP: the capture begins in the middle of this connection");
    explain_say(out, 2, "TCP: packets %" PRIu64 " + %" PRIu64 ", octets of text %" PRIu64 " + %" PRIu64,
                c->packets, s->packets, c->text, s->text);
    for (unsigned side = 0; side < 2; side++) {
        const struct flow_side *e = &f->side[side];
        if (e->rst.packet)
            explain_say(out, 2, "TCP: RST of %s in packet %" PRIu64, explain_who(side), e->rst.packet);
        if (e->captured_twice)
            explain_say(out, 2, "TCP: packets of %s that stand twice in the capture (several interfaces?): %" PRIu64,
                        explain_who(side), e->captured_twice);
        if (e->stray_syns)
            explain_say(out, 2, "TCP: a SYN with another number in %s's name in the middle of it, in packet %" PRIu64
                        " (%" PRIu64 " of them): nobody took it up, and it changed nothing (RFC 9293 §3.10.7.4)",
                        explain_who(side), e->first_stray_syn.packet, e->stray_syns);
        for (unsigned bit = 0; bit < FLOW_MARKS; bit++)
            if (e->marked[bit] && (1u << bit & (FLOW_RETRANSMISSION | FLOW_OUT_OF_ORDER | FLOW_LOST_SEGMENT |
                                                FLOW_ZERO_WINDOW | FLOW_ACK_LOST)))
                explain_say(out, 2, "TCP: %s of %s: %" PRIu64 ", the first in packet %" PRIu64, flow_mark_name(bit),
                            explain_who(side), e->marked[bit], e->first_marked[bit].packet);
    }
}

static bool limited(unsigned octets) { return octets && octets < RECORD_CONTENT_MAX; }

static void say_hello(FILE *out, const struct watch_facts *t)
{
    char number[16];
    if (t->client_hello_at.packet)
        explain_say(out, 2, "TLS: ClientHello in packet %" PRIu64 ", for %s", t->client_hello_at.packet,
                    *t->sni ? t->sni : "no name (no SNI)");
    if (!t->server_hello_at.packet)
        return;
    explain_say(out, 2, "TLS: agreed in packet %" PRIu64 ": %s, %s", t->server_hello_at.packet, explain_version(t),
                explain_suite(t, number));
    const char *group = t->group ? tls_group_words(t->group) : NULL;
    const char *sig = t->sigalg ? tls_sigalg_words(t->sigalg) : NULL;
    if (group || sig || *t->protocol)
        explain_say(out, 4, "group %s, signature %s, ALPN %s", group ? group : "-", sig ? sig : "-",
                    *t->protocol ? t->protocol : "-");
    if (limited(t->record_limit[WATCH_CLIENT]) || limited(t->record_limit[WATCH_SERVER]))
        explain_say(out, 4, "records of at most %u octets of the client, %u of the server",
                    t->record_limit[WATCH_CLIENT], t->record_limit[WATCH_SERVER]);
    if (t->resumed && t->version == 0x0304)
        explain_say(out, 4, "resumed by a pre-shared key; its binder is not judged, since no key log has what it "
                    "is made of");
    else if (t->resumed)
        explain_say(out, 4, t->resumed_by_ticket ? "resumed by a ticket" : "resumed by its session id");
    if (t->extended_master_secret || t->encrypt_then_mac)
        explain_say(out, 4, "%s%s", t->extended_master_secret ? "extended_master_secret " : "",
                    t->encrypt_then_mac ? "encrypt_then_mac" : "");
}

static void say_client_chain(FILE *out, const struct watch_client_chain *c, bool unknown_root)
{
    char from[DER_TIME_TEXT], until[DER_TIME_TEXT], said[WORDS_TEXT];
    explain_say(out, 2, "the client's certificate in packet %" PRIu64 ": %s, issued by %s", c->packet, c->leaf,
                c->issuer);
    if (*c->leaf)
        explain_say(out, 4, "valid from %s until %s", der_time_text(c->from, from), der_time_text(c->until, until));
    if (c->holds)
        explain_say(out, 4, "the chain holds at the time of the capture, for a client, up to a trusted root");
    else if (unknown_root)
        explain_say(out, 4, "who issued it is not known here (--trust FILE says who is to be trusted)");
    else if (!c->trusted && c->fault.ground)
        explain_say(out, 4, "it does not hold for a client, which counts with --trust alone: %s (%s)",
                    words_lead(&c->fault, said), c->fault.ground->id);
}

static void say_compressed(FILE *out, const struct watch_facts *t)
{
    static const char *const names[] = { NULL, "zlib", "brotli", "zstd" };
    for (unsigned side = 0; side < 2; side++) {
        const struct watch_compressed *c = &t->compressed[side];
        if (c->packet)
            explain_say(out, 2, "certificate of %s in packet %" PRIu64 ": compressed by %s, %u octets of %u "
                        "(RFC 8879); it is not unpacked here, so neither its chain is judged nor what its key signs",
                        explain_who(side), c->packet,
                        c->algorithm && c->algorithm < sizeof names / sizeof *names ? names[c->algorithm] : "?",
                        c->octets, c->length);
    }
}

static void say_chain(FILE *out, const struct watch_facts *t, const struct explain_judged *j)
{
    char from[DER_TIME_TEXT], until[DER_TIME_TEXT];
    if (!t->chain_seen)
        return;
    explain_say(out, 2, "certificate in packet %" PRIu64 ": %s, issued by %s", t->certificate_at.packet, t->leaf,
                t->issuer);
    explain_say(out, 4, "valid from %s until %s", der_time_text(t->leaf_from, from),
                der_time_text(t->leaf_until, until));
    if (j->unknown_root)
        explain_say(out, 4, "who issued it is not known here (--trust FILE says who is to be trusted)");
    else if (t->chain_judged && t->chain_holds)
        explain_say(out, 4, t->chain_trusted ? "the chain holds at the time of the capture, up to a trusted root"
                                             : "the chain holds at the time of the capture");
    if (t->client_asked)
        explain_say(out, 4, t->client_sent_certificate ? "the client was asked for a certificate, and sent one"
                                                       : "the client was asked for a certificate, and sent none");
    if (t->client_chain.judged)
        say_client_chain(out, &t->client_chain, j->unknown_client_root);
    if (t->ske_checked && t->ske_good)
        explain_say(out, 4, t->version == TLS_1_3 ? "the signature of the server's CertificateVerify is its key's"
                                              : "the signature of ServerKeyExchange is its key's");
    if (t->verify_checked && t->verify_good)
        explain_say(out, 4, "the signature of the client's CertificateVerify is its key's");
}

static void say_renegotiation(FILE *out, const struct watch_facts *t)
{
    if (!t->renegotiations)
        return;
    explain_say(out, 2, "TLS: renegotiated: %u; in both hellos bound to the handshake before (RFC 5746): %u",
                t->renegotiations, t->renegotiations_bound);
    if (!t->secure_renegotiation)
        explain_say(out, 4, "both ends did not agree on renegotiation_info: somebody in the middle could have "
                    "spoken first");
}

static void say_finished(FILE *out, const struct watch_facts *t)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct watch_finished *f = &t->finished[side];
        if (f->seen)
            explain_say(out, 2, f->verified ? "Finished of %s in packet %" PRIu64 ": computed again, the same"
                                : f->checked ? "Finished of %s in packet %" PRIu64 ": computed again, ANOTHER"
                                             : "Finished of %s in packet %" PRIu64 ": sealed, not looked into",
                        explain_who(side), f->packet);
    }
    if (t->records[0].sealed + t->records[1].sealed)
        explain_say(out, 2, "sealed records: of the client %" PRIu64 " of %" PRIu64 " opened, of the server %" PRIu64
                    " of %" PRIu64, t->records[0].opened, t->records[0].sealed, t->records[1].opened,
                    t->records[1].sealed);
}

static const char *alert_text(const struct watch_alert *a, char out[64])
{
    const char *level = tls_alert_level_words(a->level), *words = tls_alert_answer((int)a->description);
    if (a->sealed && !a->level)
        snprintf(out, 64, "a sealed alert");
    else
        snprintf(out, 64, "%s %s", level ? level : "odd", words ? words : "alert");
    return out;
}

static void say_alerts(FILE *out, const struct watch_facts *t)
{
    char text[64];
    for (unsigned i = 0; i < t->n_alerts; i++)
        explain_say(out, 2, "%s says in packet %" PRIu64 ": %s", explain_who(t->alerts[i].side),
                    t->alerts[i].packet, alert_text(&t->alerts[i], text));
}

static void say_http(FILE *out, const struct conversation *c)
{
    for (unsigned i = 0; i < c->n_http; i++) {
        const struct seen_http *h = &c->http[i];
        explain_say(out, 2, "HTTP: %s %s (packet %" PRIu64 ")", *h->method ? h->method : "?", h->target,
                    h->request.packet);
        if (h->status)
            explain_say(out, 4, "%u in packet %" PRIu64 ", octets of %s: %" PRIu64 "%s", h->status,
                        h->response_first.packet, *h->content_type ? h->content_type : "content", h->body,
                        h->complete ? "" : ", not whole");
        else
            explain_say(out, 4, h->unread ? "the response is not as it should be, and is not read"
                                          : "no response in the capture");
    }
    if (c->more_http)
        explain_say(out, 2, "HTTP: and %" PRIu64 " more", c->more_http);
    if (c->http2)
        explain_say(out, 2, "HTTP/2: recognized, its octets counted (%" PRIu64 " + %" PRIu64 "), not taken "
                    "apart", c->text[0], c->text[1]);
}

/* What stands before TLS. */
static void say_before(FILE *out, const struct conversation *c)
{
    char addr[ADDR_TEXT], text[80];
    if (c->proxied.version && c->proxied.addr.len)
        explain_say(out, 2, "PROXY protocol %u in packet %" PRIu64 ": the connection is that of %s, port %u",
                    c->proxied.version, c->proxied.packet, addr_text(&c->proxied.addr, addr), c->proxied.port);
    else if (c->proxied.version)
        explain_say(out, 2, "PROXY protocol %u in packet %" PRIu64 ": it does not say whose connection it is",
                    c->proxied.version, c->proxied.packet);
    if (c->proxy)
        explain_say(out, 2, "a proxy was asked to CONNECT; what follows goes through it");
    if (!c->prelude)
        return;
    snprintf(text, sizeof text, c->prelude->rfc ? "%s (%s)" : "%s", c->prelude->name, c->prelude->rfc);
    explain_say(out, 2, "in the open before TLS: %s, octets %" PRIu64 " + %" PRIu64, text, c->prelude_octets[0],
                c->prelude_octets[1]);
}

void explain_story(const struct explain *x, FILE *out, const struct conversation *c, const struct explain_judged *j)
{
    char client[END_TEXT], server[END_TEXT], text[EXPLAIN_TEXT];
    const struct flow *f = c->flow;
    fputc('\n', out);
    explain_say(out, 0, "Connection %" PRIu32 ": %s to %s", f->id, explain_end(&f->side[0], client),
                explain_end(&f->side[1], server));
    if (c->dns)
        explain_say(out, 2, "DNS: %s has that address (packet %" PRIu64 ")", c->dns->name, c->dns->answer_packet);
    say_tcp(out, f);
    say_before(out, c);
    if (c->tls && c->tls->tls) {
        say_hello(out, c->tls);
        say_compressed(out, c->tls);
        say_chain(out, c->tls, j);
        say_renegotiation(out, c->tls);
        say_finished(out, c->tls);
        say_alerts(out, c->tls);
    }
    say_http(out, c);
    explain_causes(out, 2, j);
    for (unsigned i = 0; i < j->n_wrong; i++)
        explain_say(out, 2, "DOES NOT HOLD: %s", explain_wrong_text(&j->wrong[i], text));
    explain_doctor(x, out, c);
}

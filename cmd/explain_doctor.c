#include "cmd/explain.h"
#include "cmd/words.h"

#include <inttypes.h>
#include <string.h>

enum { SHOWN = 3, RANDOM_TEXT = 2 * TLS_RANDOM + 1 };

static char *hex(const uint8_t random[TLS_RANDOM], char out[RANDOM_TEXT])
{
    for (unsigned i = 0; i < TLS_RANDOM; i++)
        snprintf(out + 2 * i, 3, "%02x", random[i]);
    return out;
}

static size_t randoms(const struct explain *x)
{
    uint8_t random[TLS_RANDOM];
    size_t n = 0;
    while (keylog_client(x->keylog, n, random))
        n++;
    return n;
}

static void no_line(const struct explain *x, FILE *out, const struct watch_facts *t)
{
    char text[RANDOM_TEXT];
    uint8_t random[TLS_RANDOM];
    size_t n = randoms(x);
    explain_say(out, 2, "not opened: the key log has no line for this client random, %s", hex(t->client_random,
                text));
    if (n == 0)
        explain_say(out, 4, "it has no line of that kind at all; lines that are none: %zu",
                    keylog_bad_lines(x->keylog));
    for (size_t i = 0; i < n && i < SHOWN; i++)
        if (keylog_client(x->keylog, i, random))
            explain_say(out, 4, "it has one for %s", hex(random, text));
    if (n > SHOWN)
        explain_say(out, 4, "and for %zu others", n - SHOWN);
    explain_say(out, 4, "was it written by the same run of the same program as this capture?");
}

/* Secrets that came when the connection had been read already. */
static const struct keylog_secret *too_late(const struct explain *x, const uint8_t client_random[TLS_RANDOM])
{
    static const enum keylog_label labels[] = { KEYLOG_CLIENT_RANDOM, KEYLOG_CLIENT_TRAFFIC, KEYLOG_SERVER_TRAFFIC,
                                                KEYLOG_CLIENT_HANDSHAKE };
    const struct keylog_secret *s = NULL;
    for (size_t i = 0; i < sizeof labels / sizeof *labels && !s; i++)
        s = keylog_find(x->keylog, labels[i], (struct bytes){ client_random, TLS_RANDOM });
    return s && s->after_packet ? s : NULL;
}

static void late(FILE *out, uint64_t after, uint64_t packet)
{
    explain_say(out, 2, "not opened: the secrets stand in the capture behind packet %" PRIu64 ", and packet %" PRIu64
                " needs them; give the key log by --keylog, or put it in front (editcap --inject-secrets tls,FILE)",
                after, packet);
}

static void no_keylog(const struct explain *x, FILE *out)
{
    (void)x;
    explain_say(out, 2, "not opened: there is no key log; have the client write one (SSLKEYLOGFILE=FILE for "
                "curl, Chromium "
                "and Firefox, openssl s_client -keylogfile FILE), capture again, and give it by --keylog FILE");
}

/* Did a record stay closed? A handshake that failed has lines in a key log for some of its epochs alone. */
static bool some_closed(const struct watch_facts *t)
{
    return t->records[0].opened < t->records[0].sealed || t->records[1].opened < t->records[1].sealed;
}

static bool wants_secrets(const struct watch_facts *t)
{
    return t->blind == WATCH_NO_KEYLOG || t->blind == WATCH_NO_LINE;
}

void explain_doctor_note(struct explain *x, const struct conversation *c)
{
    const struct watch_facts *t = c->tls;
    if (!t || !wants_secrets(t) || !some_closed(t) || x->n_closed == EXPLAIN_CLOSED || too_late(x, t->client_random))
        return;
    struct explain_closed *closed = &x->closed[x->n_closed++];
    closed->id = c->flow->id;
    closed->packet = t->blind_packet;
    memcpy(closed->client_random, t->client_random, TLS_RANDOM);
}

/* Secrets that came when the connection had been told already. */
static void say_late(const struct explain *x, FILE *out)
{
    for (unsigned i = 0; i < x->n_closed; i++) {
        const struct explain_closed *c = &x->closed[i];
        const struct keylog_secret *s = too_late(x, c->client_random);
        if (s)
            explain_say(out, 0, "connection %" PRIu32 ": its secrets are in the capture, but behind packet %" PRIu64
                        ", and packet %" PRIu64 " needs them; put them in front (editcap --inject-secrets tls,FILE, or "
                        "--pcap here), or give the key log by --keylog", c->id, s->after_packet, c->packet);
    }
}

static void blind(const struct explain *x, FILE *out, const struct conversation *c)
{
    const struct watch_facts *t = c->tls;
    char number[16];
    if (wants_secrets(t) && !some_closed(t))
        return;
    const struct keylog_secret *secret = wants_secrets(t) ? too_late(x, t->client_random) : NULL;
    if (secret) {
        late(out, secret->after_packet, t->blind_packet);
        return;
    }
    switch (t->blind) {
    case WATCH_SEES:      break;
    case WATCH_NO_KEYLOG: no_keylog(x, out); break;
    case WATCH_NO_LINE:
        if (x->keylog_given || randoms(x))
            no_line(x, out, t);
        else
            no_keylog(x, out);
        break;
    case WATCH_LATE:      late(out, t->key_after, t->blind_packet); break;
    case WATCH_SUITE:
        snprintf(number, sizeof number, "0x%04x", t->suite_number);
        explain_say(out, 2, "not opened: the cipher suite %s is not spoken here",
                    tls_suite_words(t->suite_number) ? tls_suite_words(t->suite_number) : number);
        break;
    case WATCH_VERSION:
        explain_say(out, 2, "not opened: only TLS 1.2 and 1.3 are, and this is %s",
                    tls_version_words(t->version) ? tls_version_words(t->version) : "another version");
        break;
    case WATCH_MIDDLE:
        explain_say(out, 2, "not opened: the handshake is not in the capture; begin to capture before the "
                    "client connects");
        break;
    case WATCH_GAP:
        explain_say(out, 2, "not read on: octets are missing in the capture at packet %" PRIu64, t->blind_packet);
        break;
    case WATCH_KEY_USELESS:
        explain_say(out, 2, "not opened: the server's key does not help, since the secret was made by (EC)DHE "
                    "and never "
                    "sent (forward secrecy); a key log is needed");
        break;
    case WATCH_KEY_OTHER:
        explain_say(out, 2, "not opened: the key given by --server-key is not that of the server's certificate");
        break;
    case WATCH_WRONG_KEY:
        explain_say(out, 2, "not opened: there is a secret for this client random, and the record in packet %" PRIu64
                    " does not open with it", t->blind_packet);
        break;
    case WATCH_OFFENDED:
        explain_say(out, 2, "not read on: a message in packet %" PRIu64 " is not what it should be", t->blind_packet);
        break;
    }
}

void explain_doctor(const struct explain *x, FILE *out, const struct conversation *c)
{
    const struct flow *f = c->flow;
    const struct flow_side *s = f->side;
    if (c->tls && c->tls->tls)
        blind(x, out, c);
    if (c->tls && !c->tls->tls && !c->plain_http && (s[0].text || s[1].text))
        explain_say(out, 2, "this port is one of TLS, and neither side speaks it; what stands there: %s | %s",
                    c->tls->plain[0], c->tls->plain[1]);
    if (f->one_sided)
        explain_say(out, 2, "the capture has one direction of this connection only: it was taken where the other one "
                    "does not pass");
    if (s[0].missing || s[1].missing)
        explain_say(out, 2, "octets that a short snaplen cut off: %" PRIu64 " + %" PRIu64 "; capture whole packets "
                    "(tcpdump -s 0)", s[0].missing, s[1].missing);
    if (s[0].gaps || s[1].gaps)
        explain_say(out, 2, "octets that were acknowledged and are not in the capture: %" PRIu64 " + %" PRIu64
                    ", the first before packet %" PRIu64, s[0].gap_octets, s[1].gap_octets,
                    s[0].first_gap.packet ? s[0].first_gap.packet : s[1].first_gap.packet);
    if (f->evicted)
        explain_say(out, 2, "given up here to make room: --max-memory allows no more");
}

static void say_sums(const struct explain *x, FILE *out)
{
    const struct capture_facts *f = reading_facts(x->reading);
    if (f->sums_pseudo)
        explain_say(out, 0, "TCP checksums that are only begun: %" PRIu64 " of %" PRIu64 " segments; the frames were "
                    "taken where they were sent, before the network card made them (offload). They count as right.",
                    f->sums_pseudo, f->tcp);
    if (f->sums_wrong > f->sums_pseudo)
        explain_say(out, 0, "TCP checksums that are wrong: %" PRIu64 " of %" PRIu64 " segments",
                    f->sums_wrong - f->sums_pseudo, f->tcp);
}

void explain_doctor_file(const struct explain *x, FILE *out)
{
    const struct capture_facts *f = reading_facts(x->reading);
    const struct explain_tally *t = &x->tally;
    say_sums(x, out);
    say_late(x, out);
    if (f->cut_frames)
        explain_say(out, 0, "frames that were not kept whole: %" PRIu64 " of %" PRIu64 " (snaplen); capture "
                    "whole packets "
                    "(tcpdump -s 0)", f->cut_frames, f->frames);
    if (f->refused)
        explain_say(out, 0, "frames that could not be read: %" PRIu64 ", the first is packet %" PRIu64 ": %s, "
                    "expected %s, "
                    "and found %s", f->refused, f->first_refused_packet, f->first_refused.ground->id,
                    f->first_refused.expected, f->first_refused.came);
    if (f->backwards)
        explain_say(out, 0, "frames with an earlier time than the one before: %" PRIu64 " (reordercap puts them "
                    "in order)",
                    f->backwards);
    if (t->one_sided && t->one_sided == t->connections)
        explain_say(out, 0, "no connection has more than one direction here: capture where both pass");
    if (t->evicted)
        explain_say(out, 0, "connections that were given up to make room: %" PRIu64 "; --max-memory allows more",
                    t->evicted);
    if (f->tcp == 0)
        explain_say(out, 0, "there is no TCP in this capture");
    else if (t->tls == 0)
        explain_say(out, 0, "no connection here speaks TLS, on whatever port");
}

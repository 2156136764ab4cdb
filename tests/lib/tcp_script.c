#include "tests/lib/tcp_script.h"
#include "tests/lib/check.h"

#include "net/seq.h"
#include "net/tcp.h"
#include "net/tcp_table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 256, WORDS = 24, GONE = 512, STEPS = 8192 };

struct gone { nsec at; struct tcp_segment segment; enum tcp_why why; };

struct script {
    const char *path;
    unsigned line;
    char title[LINE], steps[STEPS];                   /* what was done so far in this stanza */
    bool begun;
    struct pool pool;
    struct tcp_config config;
    struct tcp tcp;
    nsec now;
    uint32_t ours, theirs, their_nxt;
    uint16_t their_window, their_mss;
    bool has_their_scale; uint8_t their_scale;
    uint32_t their_clock;                             /* the newest timestamp of theirs */
    bool listening;
    uint64_t written;                                 /* octets of text that our program wrote */
    struct gone gone[GONE]; unsigned n_gone, matched;
    char *words[WORDS]; unsigned n_words, at_word;
};

static uint8_t letter(uint64_t place) { return (uint8_t)('a' + place % 26); }

__attribute__((format(printf, 2, 3), noreturn))
static void stop_script(struct script *s, const char *format, ...)
{
    char why[512];
    va_list args;
    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    ck_abort_msg("%s:%u: %s\n%s%s\n", s->path, s->line, s->title, s->steps, why);
    abort();
}

/* --- words of a line --- */

/* Cuts a line into words; "quoted text" is one word that begins with its quote. */
static void cut(struct script *s, char *line)
{
    s->n_words = s->at_word = 0;
    for (char *at = line; *at && *at != '#' && s->n_words < WORDS;) {
        if (*at == ' ') {
            at++;
            continue;
        }
        s->words[s->n_words++] = at;
        at += *at == '"' ? 1 + strcspn(at + 1, "\"") : strcspn(at, " #");
        if (*at)
            *at++ = '\0';
    }
}

static const char *peek(struct script *s) { return s->at_word < s->n_words ? s->words[s->at_word] : ""; }

static const char *word(struct script *s)
{
    if (s->at_word == s->n_words)
        stop_script(s, "a word is missing");
    return s->words[s->at_word++];
}

static bool next_is(struct script *s, const char *what)
{
    bool is = strcmp(peek(s), what) == 0;
    s->at_word += is;
    return is;
}

static uint32_t number(struct script *s)
{
    const char *w = word(s);
    char *end;
    unsigned long v = strtoul(w, &end, 10);
    if (*end || !*w)
        stop_script(s, "%s is no number", w);
    return (uint32_t)v;
}

/* "+5": the fifth behind the first octet of text; "5": 5. */
static uint32_t sequence(struct script *s, uint32_t isn)
{
    const char *w = peek(s);
    bool relative = *w == '+' || *w == '-';
    if (!relative)
        return number(s);
    s->at_word++;
    return isn + 1 + (uint32_t)strtol(w, NULL, 10);
}

/* --- the engine --- */

static void pull(struct script *s)
{
    struct tcp_sending out;
    while (tcp_output(&s->tcp, &out, s->now)) {
        if (s->n_gone == GONE)
            stop_script(s, "more than %d segments", GONE);
        uint64_t place = s->tcp.octets_acked + (out.segment.seq - tcp_out_seq(&s->tcp));
        for (size_t i = 0; i < out.segment.text.n; i++)
            if (out.segment.text.at[i] != letter(place + i))
                stop_script(s, "octet %zu of a segment is another one", i);
        s->gone[s->n_gone++] = (struct gone){ s->now, out.segment, out.why };
    }
}

/* Lets all timers act that are due until `until`. */
static void run_until(struct script *s, nsec until)
{
    for (unsigned n = 0; tcp_wake(&s->tcp) <= until; n++) {
        if (n > 1000)
            stop_script(s, "timers without end");
        nsec at = tcp_wake(&s->tcp);
        s->now = at > s->now ? at : s->now;
        tcp_tick(&s->tcp, s->now);
        pull(s);
    }
    s->now = until > s->now ? until : s->now;
}

static void expect_nothing(struct script *s)
{
    if (s->matched == s->n_gone)
        return;
    const struct gone *g = &s->gone[s->matched];
    stop_script(s, "not expected: at %lld ms we sent %s seq %+d ack %+d len %zu",
                (long long)(g->at / MILLISECOND), segment_name(&g->segment),
         (int)(g->segment.seq - s->ours - 1), (int)(g->segment.ack - s->theirs - 1), g->segment.text.n);
}

static void come(struct script *s, const struct tcp_segment *in)
{
    if (s->listening && (in->flags & TCP_SYN)) {
        s->listening = false;
        tcp_accept(&s->tcp, &s->config, s->ours, in, s->now);
    } else if (s->listening || !tcp_input(&s->tcp, in, s->now)) {
        struct tcp_segment rst;
        if (tcp_reset_for(in, &rst))
            s->gone[s->n_gone++] = (struct gone){ s->now, rst, TCP_WHY_NEW };
    }
    pull(s);
}

/* --- segments of the script --- */

/* "+10..+20": octets of `isn`'s side. */
static struct tcp_extent extent(struct script *s, uint32_t isn)
{
    const char *w = word(s), *dots = strstr(w, "..");
    if (!dots)
        stop_script(s, "%s is no extent", w);
    return (struct tcp_extent){ isn + 1 + (uint32_t)strtol(w, NULL, 10), isn + 1 + (uint32_t)strtol(dots + 2, NULL, 10) };
}

/* An option of a segment that comes. */
static bool reads_option(struct script *s, struct tcp_segment *in)
{
    if (next_is(s, "mss")) {
        in->mss = (uint16_t)number(s);
    } else if (next_is(s, "ts")) {
        in->has_timestamps = true;
        in->ts_value = number(s);
    } else if (next_is(s, "ecr")) {
        in->has_timestamps = true;
        in->ts_echo_reply = number(s);
    } else if (next_is(s, "scale")) {
        in->has_window_scale = true;
        in->window_scale = (uint8_t)number(s);
    } else if (next_is(s, "sackok")) {
        in->sack_permitted = true;
    } else if (next_is(s, "uto")) {
        in->user_timeout = number(s);
    } else if (next_is(s, "sack")) {
        in->sack[in->n_sack++] = extent(s, s->ours);
    } else if (next_is(s, "ece")) {
        in->flags |= TCP_ECE;
    } else if (next_is(s, "cwr")) {
        in->flags |= TCP_CWR;
    } else if (next_is(s, "ce")) {
        in->ecn = ECN_CE;
    } else {
        return false;
    }
    return true;
}

static void must_be(struct script *s, const char *what, uint32_t have, uint32_t want);

/* One of a segment that goes. `sack` counts: each names the next block; `nosack`: there are no (more). */
static bool checks_option(struct script *s, const struct tcp_segment *out, unsigned *n_sack)
{
    if (next_is(s, "mss")) {
        must_be(s, "mss", out->mss, number(s));
    } else if (next_is(s, "ts")) {
        must_be(s, "ts", out->has_timestamps ? out->ts_value : 0, number(s));
    } else if (next_is(s, "ecr")) {
        must_be(s, "ecr", out->has_timestamps ? out->ts_echo_reply : 0, number(s));
    } else if (next_is(s, "nots")) {
        must_be(s, "timestamps", out->has_timestamps, 0);
    } else if (next_is(s, "scale")) {
        must_be(s, "scale", out->has_window_scale ? out->window_scale : UINT32_MAX, number(s));
    } else if (next_is(s, "uto")) {
        must_be(s, "user timeout", out->user_timeout, number(s));
    } else if (next_is(s, "noscale")) {
        must_be(s, "window scale", out->has_window_scale, 0);
    } else if (next_is(s, "sackok")) {
        must_be(s, "sackok", out->sack_permitted, 1);
    } else if (next_is(s, "ece")) {
        must_be(s, "ECE", (out->flags & TCP_ECE) != 0, 1);
    } else if (next_is(s, "noece")) {
        must_be(s, "ECE", (out->flags & TCP_ECE) != 0, 0);
    } else if (next_is(s, "cwr")) {
        must_be(s, "CWR", (out->flags & TCP_CWR) != 0, 1);
    } else if (next_is(s, "nocwr")) {
        must_be(s, "CWR", (out->flags & TCP_CWR) != 0, 0);
    } else if (next_is(s, "ect")) {
        must_be(s, "ECN field", out->ecn, number(s));
    } else if (next_is(s, "nosackok")) {
        must_be(s, "sackok", out->sack_permitted, 0);
    } else if (next_is(s, "nosack")) {
        must_be(s, "number of SACK blocks", out->n_sack, *n_sack);
    } else if (next_is(s, "sack")) {
        struct tcp_extent e = extent(s, s->theirs);
        if (*n_sack == out->n_sack)
            stop_script(s, "there are only %u SACK blocks", out->n_sack);
        must_be(s, "left edge", out->sack[*n_sack].seq, e.seq);
        must_be(s, "right edge", out->sack[(*n_sack)++].end, e.end);
    } else {
        return false;
    }
    return true;
}

static uint8_t flags_of(struct script *s)
{
    static const struct { const char *name; uint8_t flags; } all[] = {
        { "SYN", TCP_SYN }, { "SYN-ACK", TCP_SYN | TCP_ACK }, { "ACK", TCP_ACK },
        { "FIN", TCP_FIN | TCP_ACK }, { "RST", TCP_RST },
        { "RST-ACK", TCP_RST | TCP_ACK }, { "none", 0 }, { "text", TCP_ACK },
    };
    if (peek(s)[0] == '"')
        return TCP_ACK;
    const char *w = word(s);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(w, all[i].name) == 0)
            return all[i].flags;
    stop_script(s, "%s is no kind of segment", w);
}

static void comes(struct script *s)
{
    static uint8_t text[70000];
    expect_nothing(s);
    struct tcp_segment in = { .flags = flags_of(s), .seq = s->their_nxt, .window = s->their_window,
                              .ack = s->tcp.snd_nxt };
    if (in.flags & TCP_SYN) {
        in.seq = s->theirs;
        in.mss = s->their_mss;
        in.has_window_scale = s->has_their_scale;
        in.window_scale = s->their_scale;
        in.sack_permitted = s->config.sack;
    }
    if (s->config.timestamps && !(in.flags & TCP_RST)) {           /* what they sent last, and ours of just now */
        in.has_timestamps = true;
        in.ts_value = s->their_clock;
        in.ts_echo_reply = in.flags & TCP_ACK ? tcp_ts_value(&s->tcp, s->now) : 0;
    }
    const char *quoted = NULL;
    while (s->at_word < s->n_words) {
        if (peek(s)[0] == '"') {
            quoted = word(s) + 1;
            in.text = (struct bytes){ (const uint8_t *)quoted, strlen(quoted) };
        } else if (next_is(s, "seq")) in.seq = sequence(s, s->theirs);
        else if (next_is(s, "ack")) in.ack = sequence(s, s->ours);
        else if (next_is(s, "win")) s->their_window = in.window = (uint16_t)number(s);
        else if (reads_option(s, &in)) continue;
        else if (next_is(s, "len")) in.text = (struct bytes){ text, number(s) };
        else stop_script(s, "what is %s?", peek(s));
    }
    if (!(in.flags & TCP_ACK))
        in.ack = 0;
    if (in.text.n > sizeof text)
        stop_script(s, "too much text");
    for (uint32_t i = 0; !quoted && i < in.text.n; i++)
        text[i] = letter(in.seq + i - s->theirs - 1);
    s->their_clock = in.has_timestamps && seq_before(s->their_clock, in.ts_value) ? in.ts_value : s->their_clock;
    if (in.seq == s->their_nxt)
        s->their_nxt += segment_span(&in);
    if (in.flags & TCP_SYN)
        s->their_nxt = s->theirs + 1;
    come(s, &in);
}

static void check_why(struct script *s, enum tcp_why why)
{
    static const struct { const char *name; enum tcp_why why; } all[] = {
        { "new", TCP_WHY_NEW }, { "rto", TCP_WHY_RTO }, { "duplicates", TCP_WHY_DUPLICATE_ACKS },
        { "partial", TCP_WHY_PARTIAL_ACK },
        { "probe", TCP_WHY_PROBE }, { "opened", TCP_WHY_WINDOW_OPENED }, { "again", TCP_WHY_SYN_AGAIN },
        { "big", TCP_WHY_TOO_BIG }, { "larger", TCP_WHY_MTU_PROBE }, { "rack", TCP_WHY_RACK },
        { "sacked", TCP_WHY_SACKED }, { "tail", TCP_WHY_TAIL_PROBE }, { "keepalive", TCP_WHY_KEEPALIVE },
    };
    const char *w = word(s);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(w, all[i].name) == 0 && all[i].why == why)
            return;
    stop_script(s, "it was not sent because of: %s", w);
}

static void must_be(struct script *s, const char *what, uint32_t have, uint32_t want)
{
    if (have != want)
        stop_script(s, "%s is %u, expected %u (%+d)", what, have, want, (int)(have - want));
}

static void goes(struct script *s, nsec at)
{
    if (next_is(s, "nothing")) {
        expect_nothing(s);
        return;
    }
    if (s->matched == s->n_gone)
        run_until(s, at + MILLISECOND - 1);           /* times that follow from a round trip are no whole ms */
    if (s->matched == s->n_gone)
        stop_script(s, "we sent nothing more");
    const struct gone *g = &s->gone[s->matched++];
    const struct tcp_segment *out = &g->segment;
    uint8_t flags = flags_of(s), have = out->flags & (uint8_t)~(TCP_PSH | TCP_ECE | TCP_CWR);
    if (have != flags)
        stop_script(s, "we sent flags 0x%02x (%s seq %+d len %zu), expected 0x%02x", have, segment_name(out),
                    (int)(out->seq - s->ours - 1),
             out->text.n, flags);
    if (g->at / MILLISECOND != at / MILLISECOND)
        stop_script(s, "we sent it at %lld us, expected %lld us", (long long)(g->at / MICROSECOND),
                    (long long)(at / MICROSECOND));
    uint32_t len = 0;
    unsigned n_sack = 0;
    while (s->at_word < s->n_words) {
        if (next_is(s, "seq")) must_be(s, "seq", out->seq, sequence(s, s->ours));
        else if (next_is(s, "ack")) must_be(s, "ack", out->ack, sequence(s, s->theirs));
        else if (next_is(s, "win")) must_be(s, "win", out->window, number(s));
        else if (checks_option(s, out, &n_sack)) continue;
        else if (next_is(s, "len")) len = number(s);
        else if (next_is(s, "psh")) must_be(s, "PSH", !!(out->flags & TCP_PSH), 1);
        else if (next_is(s, "nopsh")) must_be(s, "PSH", !!(out->flags & TCP_PSH), 0);
        else if (next_is(s, "why")) check_why(s, g->why);
        else stop_script(s, "what is %s?", peek(s));
    }
    must_be(s, "len", (uint32_t)out->text.n, len);
}

/* --- the other lines --- */

static void write_text(struct script *s)
{
    uint32_t n = number(s);
    struct room room = ring_reserve(&s->tcp.carrier.out, n);
    if (room.n < n)
        stop_script(s, "only %zu octets of room", room.n);
    for (size_t i = 0; i < n; i++)
        room.at[i] = letter(s->written++);
    ring_commit(&s->tcp.carrier.out, n);
    tcp_touch(&s->tcp, 0);
}

static void do_timed(struct script *s)
{
    nsec at = number(s) * MILLISECOND;
    if (!next_is(s, "ms"))
        stop_script(s, "ms is missing");
    bool incoming = next_is(s, "<");
    run_until(s, at);
    if (incoming) comes(s);
    else if (next_is(s, ">")) goes(s, at);
    else if (next_is(s, "write")) write_text(s);
    else if (next_is(s, "read")) {
        uint32_t n = s->at_word < s->n_words ? number(s) : s->tcp.carrier.in.len;
        ring_consume(&s->tcp.carrier.in, n);
        tcp_touch(&s->tcp, 0);
    } else if (next_is(s, "push")) {
        tcp_push(&s->tcp);
    } else if (next_is(s, "more")) {
        s->tcp.more = s->tcp.more_waits = true;
    } else if (next_is(s, "no_more")) {
        s->tcp.more = s->tcp.more_waits = false;
    } else if (next_is(s, "cork")) {
        s->tcp.cork = true;
    } else if (next_is(s, "uncork")) {
        s->tcp.cork = false;
        tcp_touch(&s->tcp, 0);
    } else if (next_is(s, "close")) tcp_close(&s->tcp);
    else if (next_is(s, "abort")) tcp_abort(&s->tcp);
    else if (next_is(s, "release")) tcp_release(&s->tcp, s->now);
    else if (next_is(s, "unreachable"))
        tcp_unreachable(&s->tcp, next_is(s, "seq") ? sequence(s, s->ours) : s->ours, "port unreachable");
    else if (next_is(s, "too_big")) {
        uint32_t seq = next_is(s, "seq") ? sequence(s, s->ours) : s->ours + 1;
        tcp_too_big(&s->tcp, seq, (uint16_t)(next_is(s, "mtu") ? number(s) : 0));
    } else stop_script(s, "what is %s?", peek(s));
    pull(s);
}

static void start(struct script *s, const char *how)
{
    s->config = (struct tcp_config){ .mss = 1460, .window = 64240, .syn_tries = 6, .data_tries = 15,
                                     .rto_least = SECOND, .no_delay = true, .cc = &tcp_reno, .pool = &s->pool };
    s->ours = 1000;
    s->theirs = 5000;
    s->their_mss = 1460;
    s->their_window = 65535;
    s->has_their_scale = false;
    s->their_clock = 100000;
    while (s->at_word < s->n_words) {
        if (next_is(s, "ours")) s->ours = number(s);
        else if (next_is(s, "theirs")) s->theirs = number(s);
        else if (next_is(s, "window")) s->config.window = number(s);
        else if (next_is(s, "mss")) s->config.mss = (uint16_t)number(s);
        else if (next_is(s, "syn_tries")) s->config.syn_tries = number(s);
        else if (next_is(s, "data_tries")) s->config.data_tries = number(s);
        else if (next_is(s, "their_mss")) s->their_mss = (uint16_t)number(s);
        else if (next_is(s, "sack")) s->config.sack = true;
        else if (next_is(s, "mtu_search")) s->config.mtu_search = TCP_MTU_ALWAYS;
        else if (next_is(s, "mtu_base")) s->config.mtu_base = (uint16_t)number(s);
        else if (next_is(s, "timestamps")) s->config.timestamps = true;
        else if (next_is(s, "scaling")) s->config.window_scaling = true;
        else if (next_is(s, "their_scale")) s->their_scale = (uint8_t)number(s), s->has_their_scale = true;
        else if (next_is(s, "rto_least")) s->config.rto_least = number(s) * MILLISECOND;
        else if (next_is(s, "cubic")) s->config.cc = &tcp_cubic;
        else if (next_is(s, "rfc6675")) s->config.recovery = TCP_RFC6675;
        else if (next_is(s, "newreno")) s->config.recovery = TCP_NEWRENO;
        else if (next_is(s, "nagle")) s->config.no_delay = false;
        else if (next_is(s, "empty_probes")) s->config.empty_probes = true;
        else if (next_is(s, "rto_least")) s->config.rto_least = number(s) * MILLISECOND;
        else if (next_is(s, "ecn")) s->config.ecn = TCP_ECN_ASK;
        else if (next_is(s, "keepalive")) s->config.keepalive_idle = number(s) * MILLISECOND;
        else if (next_is(s, "every")) s->config.keepalive_every = number(s) * MILLISECOND;
        else if (next_is(s, "tries")) s->config.keepalive_tries = number(s);
        else if (next_is(s, "uto")) s->config.user_timeout_option = true;
        else if (next_is(s, "uto_least")) s->config.user_timeout_least = number(s) * MILLISECOND;
        else if (next_is(s, "uto_most")) s->config.user_timeout_most = number(s) * MILLISECOND;
        else if (next_is(s, "user_timeout")) s->config.user_timeout = number(s) * MILLISECOND;
        else if (next_is(s, "quick_acks")) s->config.quick_acks = number(s);
        else if (next_is(s, "window_most")) s->config.window_most = number(s);
        else if (next_is(s, "their_clock")) s->their_clock = number(s);
        else if (next_is(s, "their_window")) s->their_window = (uint16_t)number(s);
        else stop_script(s, "what is %s?", peek(s));
    }
    s->their_nxt = s->theirs;
    s->tcp = (struct tcp){ .local = addr_v4(10, 0, 0, 1) };
    s->tcp.carrier.peer = addr_v4(10, 0, 0, 2);
    for (int k = 0; k < TCP_TIMERS; k++)
        s->tcp.timer[k] = NEVER;
    s->listening = strcmp(how, "listen") == 0;
    if (s->listening)
        return;
    tcp_open(&s->tcp, &s->config, s->ours, s->now);
    pull(s);
    if (strcmp(how, "open") == 0) {
        struct tcp_segment syn_ack = { .flags = TCP_SYN | TCP_ACK, .seq = s->theirs, .ack = s->ours + 1,
                                       .window = s->their_window, .mss = s->their_mss,
                                       .has_window_scale = s->has_their_scale, .window_scale = s->their_scale,
                                       .sack_permitted = s->config.sack,
                                       .has_timestamps = s->config.timestamps, .ts_value = s->their_clock,
                                       .ts_echo_reply = tcp_ts_value(&s->tcp, s->now) };
        if (s->config.ecn == TCP_ECN_ASK)
            syn_ack.flags |= TCP_ECE;
        s->their_nxt = s->theirs + 1;
        come(s, &syn_ack);
        s->matched = s->n_gone;
    }
}

static void check_variable(struct script *s)
{
    const struct tcp *t = &s->tcp;
    const struct { const char *name; uint64_t value; } all[] = {
        { "cwnd", t->cwnd }, { "ssthresh", t->ssthresh }, { "rto_ms", (uint64_t)(t->rto / MILLISECOND) },
        { "snd_wnd", t->snd_wnd },
        { "rcv_wnd", t->rcv_wnd }, { "in_flight", tcp_flight(t) }, { "peer_done", t->carrier.peer_done },
        { "ended", t->carrier.ended }, { "open", t->carrier.open }, { "mss", t->mss },
        { "user_timeout", (uint64_t)(t->user_timeout / SECOND) }, { "path_mtu", t->path_mtu }, { "mtu_high", t->mtu.high },
        { "extents", t->n_extents }, { "rcv_ring", t->carrier.in.limit }, { "snd_ring", t->carrier.out.limit },
    };
    const char *name = word(s);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(name, all[i].name) == 0) {
            must_be(s, name, (uint32_t)all[i].value, number(s));
            return;
        }
    stop_script(s, "what is %s?", name);
}

static void check_got(struct script *s)
{
    struct bytes b = ring_peek(&s->tcp.carrier.in);
    if (peek(s)[0] != '"') {
        must_be(s, "unread octets", (uint32_t)b.n, number(s));
        return;
    }
    const char *want = word(s) + 1;
    if (b.n != strlen(want) || memcmp(b.at, want, b.n) != 0)
        stop_script(s, "got %zu octets: %.*s", b.n, (int)b.n, (const char *)b.at);
}

static void end_stanza(struct script *s)
{
    if (!s->begun)
        return;
    expect_nothing(s);
    tcp_free(&s->tcp);
    if (s->pool.used)
        stop_script(s, "%zu octets of the pool are not given back", s->pool.used);
    pool_end(&s->pool);
}

static void begin_stanza(struct script *s, const char *title)
{
    end_stanza(s);
    const char *path = s->path;
    unsigned line = s->line;
    memset(s, 0, sizeof *s);
    s->path = path;
    s->line = line;
    s->begun = true;
    snprintf(s->title, sizeof s->title, "%s", title);
    pool_start(&s->pool, 8 << 20);
}

static void do_line(struct script *s, char *line)
{
    size_t have = strlen(s->steps);
    snprintf(s->steps + have, sizeof s->steps - have, "    %s\n", line);
    cut(s, line);
    if (s->n_words == 0)
        return;
    const char *first = peek(s);
    if (*first >= '0' && *first <= '9') {
        do_timed(s);
    } else if (next_is(s, "is")) {
        const char *want = word(s), *have_state = tcp_state_name(s->listening ? TCP_LISTEN : s->tcp.state);
        if (strcmp(want, have_state) != 0)
            stop_script(s, "state is %s", have_state);
    } else if (next_is(s, "fault")) {
        const struct ground *g = s->tcp.carrier.fault ? s->tcp.carrier.fault->ground : NULL;
        if (strcmp(g ? g->id : "none", word(s)) != 0)
            stop_script(s, "fault is %s", g ? g->id : "none");
    } else if (next_is(s, "var")) {
        check_variable(s);
    } else if (next_is(s, "got")) {
        check_got(s);
    } else {
        start(s, word(s));
    }
}

void tcp_script_run(const char *path)
{
    static struct script s;
    char line[LINE];
    unsigned tests = 0;
    FILE *f = fopen(path, "r");
    ck_assert_msg(f != NULL, "%s: cannot be opened (tests are run from the root of the tree)", path);
    memset(&s, 0, sizeof s);
    s.path = path;
    while (fgets(line, sizeof line, f)) {
        s.line++;
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "test ", 5) == 0) {
            begin_stanza(&s, line + 5);
            tests++;
        } else if (s.begun) {
            do_line(&s, line);
        }
    }
    end_stanza(&s);
    fclose(f);
    ck_assert_msg(tests > 0, "%s: no tests", path);
}

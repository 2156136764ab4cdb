/* What a wire can do to a packet: accidents, and somebody who sits on it. */
#include "http/breaks.h"

#define LATE(w) ((nsec)(w)->value[1] * MILLISECOND)

static void lose(struct spoils *s, const struct break_wish *w) { spoil_packet(s, w, ACCIDENT_LOSS); }

static void duplicate(struct spoils *s, const struct break_wish *w)
{
    spoil_packet(s, w, ACCIDENT_DUP)->late = MILLISECOND;
}

static void reorder(struct spoils *s, const struct break_wish *w)
{
    spoil_packet(s, w, ACCIDENT_REORDER)->late = MILLISECOND;
}

static void delay(struct spoils *s, const struct break_wish *w)
{
    spoil_packet(s, w, ACCIDENT_DELAY)->late = LATE(w);
}

static void flip(struct spoils *s, const struct break_wish *w)
{
    struct accident *a = spoil_packet(s, w, ACCIDENT_FLIP);
    a->octet = w->value[1];
    a->repaired = w->value[2];
}

static void cut(struct spoils *s, const struct break_wish *w) { spoil_packet(s, w, ACCIDENT_CUT); }

static void cut_cable(struct spoils *s, const struct break_wish *w)
{
    spoil_packet(s, w, ACCIDENT_LOSS)->last = UINT64_MAX;
}

const struct break_row breaks_of_wire[] = {
    { "loss", "N", "6", lose,
      .notices = { "browser", "tcp", EVENT_TIMER, "rto", "what", "fired" },
      .answer = "the segment goes again when the RTO fires",
      .answered = { "browser", "tcp", EVENT_PACKET, "data", "retransmission", "RTO" },
      .filter = "tcp.analysis.retransmission" },
    { "dup", "N", "6", duplicate,
      .notices = { "web", "tcp", EVENT_CHECK, NULL, "verdict", "dropped and acknowledged" },
      .answer = "an ACK: what came twice is dropped",
      .answered = { "web", "tcp", EVENT_PACKET, "ACK" },
      .silent = "the capture is of what was put on the wire, and that was one packet" },
    { "reorder", "N", "7", reorder,
      .notices = { "browser", "tcp", EVENT_CHECK, NULL, "verdict", "kept for later" },
      .answer = "a duplicate ACK; the octets wait for those before them",
      .answered = { "browser", "tcp", EVENT_PACKET, "ACK" },
      .filter = "tcp.analysis.duplicate_ack || tcp.ack" },
    { "delay", "N,ms", "6,1500", delay,
      .notices = { "browser", "tcp", EVENT_TIMER, "rto", "what", "fired" },
      .answer = "the segment goes again for nothing; the first copy comes, too, and is dropped",
      .answered = { "browser", "tcp", EVENT_PACKET, "data", "retransmission", "RTO" },
      .filter = "tcp.analysis.retransmission" },
    { "flip", "N,byte[,raw|repaired]", "13,60,repaired", flip,
      .notices = { "browser", "tls", EVENT_FAULT, "tls.bad_record_mac" }, .fault = "tls.bad_record_mac",
      .answer = "alert bad_record_mac",
      .answered = { "browser", "tls", EVENT_FAULT, "tls.bad_record_mac", "answer", "bad_record_mac" },
      .ends = "tls.bad_record_mac",
      .silent = "its checksums are right, and Wireshark does not check the tag of a record" },
    { "cut", "N", "13", cut,
      .notices = { "browser", "ip", EVENT_CHECK, NULL, "verdict", "dropped" },
      .answer = "silence; the segment goes again when the RTO fires",
      .answered = { "web", "tcp", EVENT_PACKET, "data", "retransmission", "RTO" },
      .filter = "tcp.analysis.retransmission" },
    { "cable", "N", "12", cut_cable,
      .notices = { "web", "tcp", EVENT_TIMER, "rto", "what", "fired" }, .fault = "tcp.silent",
      .answer = "retransmissions, each after twice the time, until TCP gives up",
      .answered = { "web", "tcp", EVENT_PACKET, "data", "retransmission", "RTO" },
      .ends = "tcp.silent", .filter = "tcp.analysis.retransmission" },
    { .what = NULL },
};

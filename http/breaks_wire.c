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
      .notices = { "browser", "tcp", EVENT_TIMER, "probe", "what", "fired" },
      .answer = "the segment goes again when no ACK has come for two round trips",
      .answered = { "browser", "tcp", EVENT_PACKET, "data", "retransmission", "tail loss probe" },
      .filter = "tcp.analysis.retransmission" },
    { "loss", "N", "14", lose, .size = 20000,
      .notices = { "browser", "tcp", EVENT_CHECK, "segment", "verdict", "kept for later" },
      .answer = "ACKs with SACK blocks; when three segments came from behind it, it goes again at once",
      .answered = { "web", "tcp", EVENT_PACKET, "data", "retransmission", "sent long before" },
      .filter = "tcp.analysis.fast_retransmission" },
    { "dup", "N", "6", duplicate,
      .notices = { "web", "tcp", EVENT_CHECK, "segment", "verdict", "dropped and acknowledged" },
      .answer = "an ACK; what came twice is dropped",
      .answered = { "web", "tcp", EVENT_PACKET, .name = "ACK" },
      .silent = "what was put on the wire was one packet; the second copy is in a capture --pcap-at web" },
    { "reorder", "N", "7", reorder,
      .notices = { "browser", "tcp", EVENT_CHECK, "segment", "verdict", "kept for later" },
      .answer = "an ACK of what came before; the octets wait",
      .answered = { "browser", "tcp", EVENT_PACKET, .name = "ACK" },
      .filter = "tcp.analysis.duplicate_ack" },
    { "delay", "N,ms", "6,225", delay,
      .notices = { "browser", "tcp", EVENT_TIMER, "probe", "what", "fired" },
      .answer = "the segment goes again, for nothing; the first copy is then dropped",
      .answered = { "web", "tcp", EVENT_CHECK, "segment", "verdict", "dropped and acknowledged" },
      .filter = "tcp.analysis.retransmission" },
    { "flip", "N,byte[,raw|repaired]", "13,60,repaired", flip,
      .notices = { "browser", "tls", EVENT_FAULT, .name = "tls.bad_record_mac" }, .fault = "tls.bad_record_mac",
      .answer = "alert bad_record_mac",
      .answered = { "browser", "tls", EVENT_FAULT, "tls.bad_record_mac", "answer", "bad_record_mac" },
      .ends = "tls.bad_record_mac", .filter = "tls.alert_message.desc == 20" },
    { "flip", "N,byte[,raw|repaired]", "13,60,raw", flip,
      .notices = { "browser", "tcp", EVENT_CHECK, "tcp.checksum", "verdict", "dropped" },
      .answer = "silence; the segment goes again when no ACK has come for two round trips",
      .answered = { "web", "tcp", EVENT_PACKET, "data", "retransmission", "tail loss probe" },
      .filter = "tcp.analysis.retransmission" },
    { "flip", "N,byte[,raw|repaired]", "13,8,raw", flip,
      .notices = { "browser", "ip", EVENT_CHECK, "ip.checksum", "verdict", "dropped" },
      .answer = "silence; the segment goes again when no ACK has come for two round trips",
      .answered = { "web", "tcp", EVENT_PACKET, "data", "retransmission", "tail loss probe" },
      .filter = "tcp.analysis.retransmission" },
    { "flip", "N,byte[,raw|repaired]", "2,77,repaired", flip,
      .notices = { "browser", "tcp", EVENT_TIMER, "rto", "what", "fired" }, .fault = "tcp.timeout",
      .answer = "none: a name server's answer is believed as it comes, and nobody has that address",
      .answered = { "browser", "tcp", EVENT_PACKET, "SYN", "retransmission", "RTO" },
      .ends = "tcp.timeout", .filter = "tcp.analysis.retransmission && tcp.flags.syn == 1" },
    { "flip", "N,byte[,raw|repaired]", "6,84,repaired", flip,
      .notices = { "browser", "tls", EVENT_CHECK, NULL, "verdict", "refused" }, .fault = "tls.ske_signature",
      .answer = "alert decrypt_error",
      .answered = { "browser", "tls", EVENT_FAULT, "tls.ske_signature", "answer", "decrypt_error" },
      .ends = "tls.ske_signature", .filter = "tls.alert_message.desc == 51" },
    { "cut", "N", "13", cut,
      .notices = { "browser", "ip", EVENT_CHECK, NULL, "verdict", "dropped" },
      .answer = "silence; the segment goes again when no ACK has come for two round trips",
      .answered = { "web", "tcp", EVENT_PACKET, "data", "retransmission", "tail loss probe" },
      .filter = "tcp.analysis.retransmission" },
    { "cable", "N", "12", cut_cable,
      .notices = { "web", "tcp", EVENT_TIMER, "probe", "what", "fired" }, .fault = "tcp.silent",
      .answer = "the segment again and again, each time after twice as long, until TCP gives up",
      .answered = { "web", "tcp", EVENT_PACKET, "data", "retransmission", "RTO" },
      .ends = "tcp.silent", .filter = "tcp.analysis.retransmission" },
    { .what = NULL },
};

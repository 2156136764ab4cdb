/* compare_parts.h - the inside of trace/compare.h: what its files share. */
#ifndef TRACE_COMPARE_PARTS_H
#define TRACE_COMPARE_PARTS_H

#include "trace/compare.h"

/* A packet of the chosen connection, as far as habits are judged. Offsets count from 0 behind the SYN. */
struct compare_packet {
    const struct event *event;
    uint32_t number;
    unsigned side;
    nsec at;
    bool syn, fin, rst, ack, psh, again;              /* again: told to be a retransmission */
    uint64_t seq, acked;                              /* relative; acked 0: no ACK */
    uint32_t length, window;
};
struct compare_packets { struct compare_packet *at; size_t n; };

/* Where octets of a buffer begin: in a stream, at this offset; sealed where an opened record lies between. */
struct compare_place { buf_no stream; uint64_t off; bool sealed; };
bool compare_place_of(const struct tape *, const struct event *, struct compare_place *);

/* What is read, while it is read. */
struct compare_reading {
    struct compare_run *run;
    struct tape *tape;
    struct compare_packets packets;
    buf_no stream[2];                                 /* of each side; 0: it sent no octet */
    bool failed;
};

/* A copy that the run keeps; "" without memory. */
const char *compare_keep(struct compare_run *, const char *);
/* A new mark, to which values are then added. */
void compare_mark(struct compare_reading *, const char *step, unsigned side, uint32_t packet, nsec at, bool sealed);
void compare_put(struct compare_reading *, const char *id, const char *about, const char *text);
void compare_put_number(struct compare_reading *, const char *id, uint64_t);
void compare_put_nature(struct compare_reading *, const char *id, const char *text);

/* A text that grows up to its room: items of a list. */
struct compare_items { char text[4000]; size_t n; };
void compare_item(struct compare_items *, const char *);

/* A field's value as text: its words, its text, its number, or hex. Returns out. */
char *compare_field(const struct field *, char *out, size_t room);
/* The first field of that name in a buffer, or NULL. */
const struct tape_field *compare_find(struct tape *, buf_no, const char *name);

void compare_syn(struct compare_reading *, const struct compare_packet *);
void compare_message(struct compare_reading *, const struct event *, unsigned side, uint32_t packet, bool sealed);
void compare_certificates(struct compare_reading *, const struct event *certificate_message);
void compare_head(struct compare_reading *, const struct event *);
void compare_habits(struct compare_reading *);
void compare_records(struct compare_reading *);

/* Does `id` stand in the list of ids, whose last letter may be '*'? */
bool compare_named(const char *list, const char *id);

#endif

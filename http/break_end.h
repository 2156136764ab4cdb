/* break_end.h - one end of a sealed visit whose TLS lies (tls/spoil.h): what every lie needs to know. The lies
 * themselves stand with their predictions, in breaks_*.c. */
#ifndef HTTP_BREAK_END_H
#define HTTP_BREAK_END_H

#include "http/breaks.h"
#include "tls/spoil.h"

struct tls_lie {
    /* what is changed, and the section that it is against: the mark of the lab */
    const char *what, *rfc;
    /* A lie of one message: what becomes of the message of this type (n octets, at most `room`); change NULL:
     * it is wrong already. */
    enum tls_message_type type;
    void (*change)(uint8_t *m, size_t *n, size_t room);
    /* Any other: the points at which it lies, where break_end_tell is called before. */
    struct tls_spoil at;
};

enum { BREAK_END_KEPT = 4096 };
struct break_end {
    struct tls_spoil spoil;                           /* for the engine's config; its self is this struct */
    const struct tls_lie *lie;
    const struct break_wish *wish;
    struct voice voice;                               /* of the host that lies */
    unsigned times;                                   /* how often it was done; the lie's own count */
    uint64_t sent;                                    /* octets of application data; likewise */
    uint8_t kept[BREAK_END_KEPT]; size_t kept_n;      /* a message to be sent later; likewise */
};

/* An engine of this host will lie. lie and wish outlive it; the struct must not move. */
void break_end_start(struct break_end *, const struct tls_lie *, const struct break_wish *, struct trace *,
                     uint16_t host);
/* The mark: now it happens. */
void break_end_tell(const struct break_end *);

#endif

/* reading.h - anybody's capture, read to its end: frames in, conversations out. The one place where the reader of link
 * layers, TCP's third reader (net/flow.h), TLS's (tls/watch.h), DNS and HTTP meet, as the visit is for our own. An
 * engine without I/O.
 *
 *     for each frame of a capture: reading_frame(r, &frame)
 *     while ((c = reading_over(r)) != NULL) { judge it, print it; reading_give(r, c); }
 *     reading_end(r), and once more the same
 *
 * With a trace it tells all that a visit tells, so that every view shows it: packets by the number they have in the
 * capture (frame.number), fields of each octet, records, messages, keys, checks, HTTP. Without one nothing of that is
 * built. Memory: config.most octets, whatever the capture holds. */
#ifndef HTTP_READING_H
#define HTTP_READING_H

#include "net/capture.h"
#include "net/flow.h"
#include "tls/watch.h"

enum { READING_DNS = 64, SEEN_ADDRESSES = 8, READING_ICMP = 64, CONVERSATION_HTTP = 8, CONVERSATION_ICMP = 4,
       READING_STARTS = 32 };

struct reading_config {
    struct trace *trace;                              /* NULL: nobody looks at steps */
    struct keylog *keylog;                            /* who reads the file adds what stands in it; never NULL */
    bool keylog_given;
    const struct private_key *server_keys; size_t n_server_keys;
    const struct x509_store *trust, *untrusted;
    const struct cpu *cpu;
    struct chance *chance;
    size_t most;                                      /* octets of memory; 0: 1 GB */
    const uint32_t *only; size_t n_only;              /* connections to look into, by id; n 0: all */
    /* What a connection says, opened, in order: --follow. May be NULL. */
    void (*text)(void *self, const struct flow *, unsigned side, struct bytes, uint64_t packet);
    /* Each segment, and what it was (bits of enum flow_mark). May be NULL. */
    void (*segment)(void *self, const struct flow *, unsigned side, const struct flow_packet *, unsigned marks);
    void *self;
};

/* One DNS exchange over UDP or TCP, as seen. */
struct seen_dns {
    char name[256]; uint16_t type, id; unsigned rcode; bool answered, other_question, other_answer;
    struct addr client, server, answer; unsigned answers; /* answer: the first address; other_answer: two that differ */
    struct addr addresses[SEEN_ADDRESSES];            /* of the first answer: the first ones, `answers` in all */
    struct addr other;                                /* the first address of the other answer */
    uint64_t asked_packet, answer_packet, other_packet; nsec asked, took; unsigned asked_times;
    uint64_t refused_packet; struct addr refused_by;  /* ICMP port unreachable about the question, the first; 0: none */
};
/* A connection's beginning, and whether its client said anything by now. */
struct seen_start { struct addr client, server; uint16_t client_port, port; nsec at; bool spoke; };
/* An ICMP error about a connection. */
struct seen_icmp { struct addr from; uint8_t version, type, code; uint16_t mtu; uint64_t packet; };

/* A request and its response, as far as heads could be read. Texts are cut, and from outside. */
struct seen_http {
    char method[16], target[128], host[128], content_type[64], server[64]; unsigned status;
    struct watch_moment request, response_first, response_last; uint64_t body;
    bool complete;
    bool unread;                                      /* its response could not be read to its end */
};

/* What was said in the open before TLS began on the same connection: mail's STARTTLS and its kin. id: "smtp"; name:
 * "SMTP, STARTTLS"; rfc: where that is written down, or NULL. */
struct prelude { const char *id, *name, *rfc; };
/* A header of the PROXY protocol (haproxy's doc/proxy-protocol.txt), by which a proxy tells whose connection it is. */
struct seen_proxied { unsigned version; struct addr addr; uint16_t port; uint64_t packet; };  /* addr.len 0: not told */

struct conversation {
    struct flow *flow;
    /* NULL: nothing of TLS was looked for. tls->tls says whether it holds any: where a port is one of TLS, or one side
     * speaks it, tls->plain has what the other says instead */
    const struct watch_facts *tls;
    struct tls_watch *watch;
    bool looked;                                      /* among those of config.only */
    struct seen_http http[CONVERSATION_HTTP]; unsigned n_http; uint64_t more_http;
    bool plain_http;                                  /* HTTP without TLS, on one side at least */
    bool http2;                                       /* its preface came, or ALPN agreed on it: octets are counted */
    bool proxy;                                       /* CONNECT before TLS */
    const struct prelude *prelude;                    /* NULL: none */
    uint64_t prelude_octets[2];                       /* of each side, before its first record of TLS */
    struct seen_proxied proxied;                      /* version 0: there was none */
    uint64_t text[2];                                 /* octets that each side said to the other, opened */
    struct seen_icmp icmp[CONVERSATION_ICMP]; unsigned n_icmp;
    const struct seen_dns *dns;                       /* the exchange that gave the server's address; NULL: none seen */
};

/* What is true of the capture as a whole. */
struct capture_facts {
    uint64_t frames, octets, cut_frames, not_ip, refused, tcp, udp, icmp, fragments;
    nsec first_at, last_at;
    uint64_t sums_wrong, sums_pseudo, backwards;      /* backwards: frames with an earlier time than the one before */
    struct fault first_refused; uint64_t first_refused_packet;
    bool cut; struct fault cut_fault;                 /* the file ends within a block */
    struct seen_dns dns[READING_DNS]; unsigned n_dns; /* the latest ones */
    struct seen_start starts[READING_STARTS]; uint64_t n_starts;     /* the latest; the n-th at n % READING_STARTS */
};

struct reading;
struct reading *reading_new(const struct reading_config *);       /* NULL: no memory */
void reading_free(struct reading *);
/* The next frame, in the order of the file. Its octets are needed until this returns. */
void reading_frame(struct reading *, const struct capture_frame *);
void reading_name(struct reading *, const struct addr *, const char *name);      /* a Name Resolution Block's */
void reading_cut(struct reading *, const struct fault *);          /* the file ends within a block: why */
void reading_end(struct reading *);                   /* no frame comes any more: all that is open is over */
/* The next conversation that is over, with all that was found; NULL: none by now. It holds until it is given back. */
struct conversation *reading_over(struct reading *);
void reading_give(struct reading *, struct conversation *);
/* The one that a hook's flow belongs to, as far as it is known. NULL: none. */
const struct conversation *reading_of(const struct flow *);
const struct capture_facts *reading_facts(const struct reading *);

#endif

/* reading_inside.h - the inside of http/reading.h, shared by its pieces: reading.c takes frames, reading_ip.c packets,
 * reading_talk.c what a connection says, reading_prelude.c what comes before TLS in it, reading_story.c its chapters,
 * reading_http.c HTTP in it, reading_dns.c questions and answers, reading_tell.c the trace. */
#ifndef HTTP_READING_INSIDE_H
#define HTTP_READING_INSIDE_H

#include "http/reader.h"
#include "http/reading.h"
#include "net/dns.h"
#include "net/icmp.h"
#include "net/reassembly.h"

enum { FIRST_OCTETS = 64, LAST_OCTETS = 64, READING_NAMES = 64, HOST_NAME = 64, PIPELINE = 16 };

/* What one side of a connection says. */
enum speaks { SPEAKS_NOT_YET, SPEAKS_TLS, SPEAKS_HTTP, SPEAKS_DNS, SPEAKS_OTHER };

/* HTTP of a connection: a reader for each side, and the requests that wait for their responses. */
struct talk_http {
    struct http_reader reader[2];
    bool dead[2];                                     /* it reads no more: refused, or another protocol */
    struct { const char *method; unsigned place; } asked[PIPELINE]; unsigned first, n;
    unsigned now[2];                                  /* whose body comes; CONVERSATION_HTTP: one that is not kept */
    unsigned unasked;                                 /* place + 1 of a response whose request has not come yet; 0 */
    bool tunnel;                                      /* CONNECT was asked for */
};

struct talk {
    struct conversation c;                            /* what is handed out; first, so that it leads here */
    struct reading *reading;
    enum speaks speaks[2];
    bool deaf[2];                                     /* what comes of this side is only counted */
    uint64_t start;                                   /* which of facts.starts */
    uint8_t first[2][FIRST_OCTETS]; uint8_t n_first[2];
    uint8_t last[LAST_OCTETS]; uint8_t n_last;        /* of the client, before TLS */
    struct talk_http *http;
    struct seen_dns dns;                              /* c.dns points here */
    buf_no stream[2]; uint16_t host[2];
    uint16_t told; unsigned told_http;                /* chapters, as bits; exchanges */
};

/* An exchange that is remembered, with what tells it from others. */
struct dns_kept { uint16_t port; unsigned n; struct addr answers[DNS_ANSWERS]; };
struct known_name { struct addr addr; char name[HOST_NAME]; };

struct reading {
    struct reading_config config;
    struct flows *flows;
    struct reassembly *fragments;                     /* made when the first one comes */
    struct watch_sessions *sessions; struct watch_known *known;
    struct capture_facts facts;
    struct dns_kept kept[READING_DNS]; uint64_t dns_all;          /* kept[i] belongs to facts.dns[i] */
    struct known_name names[READING_NAMES]; uint64_t names_all;
    char hosts[TRACE_HOSTS][HOST_NAME]; unsigned n_hosts, n_clients, n_servers;
    uint64_t packet; nsec now;                        /* of the frame that is read */
    uint8_t *mended;                                  /* a packet that was cut, filled up with zeros */
};

static inline struct trace *reading_trace(const struct reading *r) { return r->config.trace; }

/* ---- reading_ip.c ---- */

/* An IP packet whole; missing: so many of its last octets were not kept, and zeros stand for them. */
struct ip_seen { struct ip_header h; const uint8_t *packet; struct bytes payload; uint32_t missing; };
bool reading_ip(struct reading *, struct bytes kept, uint32_t lost, struct ip_seen *, struct fault *why);

/* ---- reading_talk.c ---- */
struct talk *talk_new(struct reading *, struct flow *);
void talk_free(struct talk *);
void talk_feed(struct talk *, unsigned side);         /* reads what is at hand */
void talk_ended(struct talk *);                       /* nothing more will come */
struct voice talk_voice(const struct talk *, unsigned side);      /* of who reads what the other side sent */
/* What was said in the open, or opened. */
void talk_text(struct talk *, unsigned side, struct bytes, struct span where, const struct watch_moment *);

/* ---- reading_prelude.c ---- */

/* How many of these octets are still in the open: all of them, or those before a record with which TLS begins on this
 * side. PRELUDE_WANTS: the next ones may begin it, and more are wanted to tell. */
enum prelude_says { PRELUDE_PLAIN, PRELUDE_WANTS, PRELUDE_TLS };
enum prelude_says prelude_look(const struct talk *, unsigned side, struct bytes, size_t *plain);
void prelude_keep(struct talk *, unsigned side, struct bytes plain);
const struct prelude *prelude_of(const struct talk *);            /* what came before; never NULL */
/* The size of a header of the PROXY protocol, which it notes; 0: there is none. *wants: it may be one that is not
 * whole. */
size_t prelude_proxied(struct talk *, struct bytes, uint64_t packet, bool *wants);

/* ---- reading_http.c ---- */

/* Octets of HTTP; how many were taken. 0: a tunnel begins, whose octets are somebody else's. */
size_t talk_http_take(struct talk *, unsigned side, struct bytes, struct span where, const struct watch_moment *);
void talk_http_gap(struct talk *, unsigned side);
void talk_http_end(struct talk *, unsigned side);
void talk_http_free(struct talk_http *);
/* Could this be HTTP's first octets? */
bool looks_like_http(struct bytes, unsigned side);
bool looks_like_http2(struct bytes);

/* ---- reading_dns.c ---- */
struct dns_ends { struct addr from, to; uint16_t from_port, to_port; };
void reading_dns(struct reading *, const struct dns_ends *, struct bytes message);
/* An ICMP error about a question: its quoted packet is of UDP. */
void reading_dns_refused(struct reading *, const struct ip_seen *, const struct icmp_message *);
size_t talk_dns_take(struct talk *, unsigned side, struct bytes, uint64_t offset);
/* The exchange that led to this address, or NULL. */
const struct seen_dns *reading_dns_of(const struct reading *, const struct addr *server, const struct addr *client);

/* ---- reading_story.c ---- */
void reading_story(struct talk *, bool over);         /* tells the chapters that are over by now */

/* ---- reading_tell.c ---- */
struct seen_segment { const struct flow *flow; unsigned side, marks; };
void reading_tell(struct reading *, struct bytes packet, const struct seen_segment *, buf_no datagram);
void reading_tell_dns(struct reading *, const struct dns_ends *, struct bytes message, buf_no stream);
uint16_t reading_host(struct reading *, const struct addr *, const char *otherwise);

#endif

/* dns.h - DNS messages (RFC 1034, 1035, 6891): their reader, their writer, and how they are told.
 *
 * Names are text in lower case without the last dot, at most 253 characters; "" is the root. The question is kept
 * as it was spelled, too: who asks gives it letters of either case by chance, and an answer has to repeat them
 * (dns_query.h).
 *
 * Over UDP a message has at most 512 octets, or what an OPT record offers (EDNS0); over TCP 65535, behind a length
 * of two octets (RFC 7766 §8). Looking a name up: dns_lookup.h. Answering: dns_zone.h. */
#ifndef NET_DNS_H
#define NET_DNS_H

#include "net/host.h"

enum { DNS_PORT = 53, DNS_NAME = 256, DNS_MESSAGE = 512, DNS_LABEL_MAX = 63, DNS_NAME_MAX = 255 };
/* What we take over UDP: fits into the smallest IPv6 packet that nobody may cut. */
enum { DNS_UDP_SIZE = 1232 };
enum { DNS_ANSWERS = 16 };
enum { DNS_TYPE_A = 1, DNS_TYPE_NS = 2, DNS_TYPE_CNAME = 5, DNS_TYPE_SOA = 6, DNS_TYPE_MX = 15, DNS_TYPE_TXT = 16,
       DNS_TYPE_AAAA = 28, DNS_TYPE_OPT = 41, DNS_CLASS_IN = 1 };
/* RFC 1035 §4.1.1; BADVERS: RFC 6891 §9 */
enum dns_rcode { DNS_NOERROR, DNS_FORMERR, DNS_SERVFAIL, DNS_NXDOMAIN, DNS_NOTIMP, DNS_REFUSED, DNS_BADVERS = 16 };

struct dns_record {
    char name[DNS_NAME]; uint16_t type; uint32_t ttl;
    struct addr addr;                                 /* of an A, an AAAA */
    char target[DNS_NAME];                            /* of a CNAME */
};
/* Of a zone, as its servers say that something is not there (RFC 2308 §3): how long that may be believed. */
struct dns_soa {
    bool here;
    uint32_t ttl, serial, refresh, retry, expire, minimum;
    char zone[DNS_NAME], mname[DNS_NAME], rname[DNS_NAME];      /* the last two are written, not kept in reading */
};
/* RFC 6891 §6.1.3 */
struct dns_edns { bool here, dnssec_ok; uint8_t version; uint16_t udp_size; };

struct dns_message {
    uint16_t id;
    bool response, truncated, recursion_desired, recursion_available, authoritative;
    uint8_t opcode;
    uint16_t rcode;                                   /* with its upper eight bits from the OPT record */
    char question[DNS_NAME];
    char spelled[DNS_NAME];                           /* the same, its letters as on the wire; "": in lower case */
    uint16_t question_type, question_class;
    bool no_question;                                 /* an error alone, for a query that was not understood */
    unsigned n_answers;
    /* A, AAAA and CNAME of class IN in the answer section; others are read and named, not kept. */
    struct dns_record answers[DNS_ANSWERS];
    struct dns_soa soa;                               /* in the authority section */
    struct dns_edns edns;
};

/* Reads one message strictly: compression pointers go backwards only, every count and length is checked,
 * nothing may be left over, a name has letters, digits, hyphens and underscores. `in` begins at the message's
 * first octet, where pointers count from. */
bool        dns_read(struct wire_in *in, struct dns_message *, struct fault *why);
/* Writes one; names equal to the question become pointers to it. 0: does not fit, or a bad name. */
size_t      dns_write(const struct dns_message *, uint8_t *out, size_t room);
const char *dns_type_words(unsigned type);            /* "A", NULL: not known */
const char *dns_rcode_words(unsigned rcode);          /* "NXDOMAIN", NULL: not known */

/* ---- names (dns_name.c) ---- */

/* Reads a name at `in`, whose message begins at `base`, as label_length and label, and follows its pointers.
 * `spelled`, NULL or DNS_NAME octets, gets it with the letters that stand there. */
bool dns_read_name(struct wire_in *in, const uint8_t *base, char name[DNS_NAME], char *spelled, struct fault *why);
/* The same for a name that nobody needs, and that may have any octets: a mailbox has dots in its labels. */
bool dns_skip_name(struct wire_in *in, const uint8_t *base, struct fault *why);
bool dns_write_name(struct wire_out *out, const char *name);      /* letters as they are */
/* A name as a person typed it (a last dot allowed) made ours, or a refusal: empty, a label empty or too long,
 * too long, odd octets. Not ASCII: net/idn.h first. */
bool dns_tidy_name(const char *typed, char name[DNS_NAME], struct fault *why);
/* Is it this domain, or in it? "" holds all names. */
bool dns_name_in(const char *name, const char *domain);

/* ---- telling (dns_tell.c) ---- */

/* Declares the message in a datagram that was read or sent (d<n>, on the datagram's stream) and names all its
 * octets; the event's number. Who sends calls it after udp_send, who reads before anything else. */
event_no dns_tell(const struct voice *, const struct datagram *);
/* The same for one that lies on a TCP stream: `on` is where it lies, the two octets of its length before it included;
 * len 0: nowhere. `octets` begin with that length. */
event_no dns_tell_tcp(const struct voice *, struct bytes octets, struct span on, event_no cause);
/* An EVENT_DNS: what happened, where the RFC has it, and why. */
event_no dns_say(const struct voice *, const char *what, const char *rfc, event_no cause, const char *by,
                 const char *label, const struct attr *attrs, size_t n);
/* "A? www.example.test", "A 10.0.0.80, TTL 300", "NXDOMAIN": for ladders. */
enum { DNS_LABEL_TEXT = DNS_NAME + 64 };
char    *dns_label(const struct dns_message *, char out[DNS_LABEL_TEXT]);

#endif

/* keylog.h - a key log in NSS's format (draft-ietf-tls-keylogfile), read and kept: who has it can open what it names.
 *
 *     CLIENT_RANDOM <client_random> <master_secret>          TLS 1.2 and before
 *     RSA <first 8 octets of the encrypted pre-master> <pre_master_secret>
 *     CLIENT_HANDSHAKE_TRAFFIC_SECRET <client_random> <secret>, SERVER_HANDSHAKE_..., CLIENT_TRAFFIC_SECRET_0,
 *     SERVER_TRAFFIC_SECRET_0, EXPORTER_SECRET, EARLY_EXPORTER_SECRET, CLIENT_EARLY_TRAFFIC_SECRET      TLS 1.3
 *
 * Lines of other kinds, comments and empty lines are passed over; lines that are no such lines are counted. Secrets are
 * wiped with the store. Names are kept in a tree over their bits (a crit-bit tree): looking one up takes 256 steps at
 * the worst, whoever chose them, and no chance is needed for it. Memory: KEYLOG_MOST secrets at most, some 160 MB. */
#ifndef TLS_KEYLOG_H
#define TLS_KEYLOG_H

#include "trace/fault.h"
#include "trace/wire.h"

enum keylog_label {
    KEYLOG_CLIENT_RANDOM, KEYLOG_RSA, KEYLOG_CLIENT_HANDSHAKE, KEYLOG_SERVER_HANDSHAKE, KEYLOG_CLIENT_TRAFFIC,
    KEYLOG_SERVER_TRAFFIC, KEYLOG_EXPORTER, KEYLOG_EARLY_EXPORTER, KEYLOG_EARLY_TRAFFIC, KEYLOG_LABELS
};
enum { KEYLOG_SECRET_MAX = 64, KEYLOG_MOST = 1 << 20 };

/* Where it came from: the file that was named (after_packet 0), or a block of the capture behind that packet. */
struct keylog_secret { enum keylog_label label; uint8_t secret[KEYLOG_SECRET_MAX]; size_t n; uint64_t after_packet; };

struct keylog;
struct keylog *keylog_new(void);                      /* NULL: no memory */
void keylog_free(struct keylog *);                    /* wipes */
/* Adds the lines of a text. False: no memory, or KEYLOG_MOST are there. The first secret for a name stays. */
bool keylog_add(struct keylog *, const char *text, size_t n, uint64_t after_packet, struct fault *why);
/* id: the client random (32 octets), of KEYLOG_RSA the 8 octets. NULL: there is none. */
const struct keylog_secret *keylog_find(const struct keylog *, enum keylog_label, struct bytes id);
size_t keylog_count(const struct keylog *, enum keylog_label);
size_t keylog_bad_lines(const struct keylog *);
/* The i-th client random (in the order they came) that has a secret of any kind: for who is told which there are.
 * False: there is none more. */
bool keylog_client(const struct keylog *, size_t i, uint8_t client_random[32]);
/* What is known of a name (a client random, or an id of RSA), as lines of a key log: how many octets. */
enum { KEYLOG_LINES = 2048 };
size_t keylog_lines(const struct keylog *, struct bytes id, char out[KEYLOG_LINES]);

#endif

/* filter.h - Wireshark's display filters, the part of them that names fields and compares: which packets are wanted.
 *
 *     tls.alert_message or tcp.analysis.retransmission
 *     ip.addr == 10.0.0.0/8 && !(tcp.port in {80, 8000..8080}) and http.host contains "example"
 *
 * Words: and && or || not ! ( ) and for comparisons == != < <= > >= (eq ne lt le gt ge), contains, in { }. A name alone
 * asks whether the packet has such a field; a name with a dot also whether it has one below it ("tcp.analysis"). A
 * field may be there several times: a comparison holds when it holds for one of them, and != when == holds for none and
 * there is one (as in Wireshark 4). `and` binds tighter than `or`.
 *
 * A filter is a pure function over named values: who knows a packet says what it has, in any order, and asks.
 *
 *     filter_begin(f);
 *     filter_fact(f, "tcp.port", &value); ...
 *     if (filter_holds(f)) ...
 *
 * Which names there are, and of what type, says who makes it. A filter is at most FILTER_TESTS comparisons long. */
#ifndef NET_FILTER_H
#define NET_FILTER_H

#include "net/addr.h"
#include "trace/wire.h"

enum { FILTER_NAME = 64, FILTER_TESTS = 48 };

/* FLAG: it is there or not. TIME: nanoseconds; written in seconds, with a point. */
enum filter_type {
    FILTER_UNKNOWN, FILTER_FLAG, FILTER_NUMBER, FILTER_TIME, FILTER_TEXT, FILTER_OCTETS, FILTER_ADDRESS
};
struct filter_value { uint64_t number; struct bytes bytes; };     /* number of NUMBER and TIME, bytes of all others */

/* The type of a field. A short name may be made long in `name`. */
typedef enum filter_type filter_names(char name[FILTER_NAME]);

struct filter;
/* NULL: it is none, or no memory; *why says where. A name that is unknown is why->about. */
struct filter *filter_new(const char *text, filter_names *, struct fault *why);
void filter_free(struct filter *);

void filter_begin(struct filter *);
/* Says that the packet has this field. Nothing happens when nobody asks for it. */
void filter_fact(struct filter *, const char *name, const struct filter_value *);
bool filter_holds(const struct filter *);
/* Does some comparison look at this name? */
bool filter_asks(const struct filter *, const char *name);
/* Was it refused for a name that is not known? */
bool filter_is_unknown(const struct fault *);

#endif

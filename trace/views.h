/* views.h - the views that come with the stream. Each is made over a sink that cmd/ opened and owns; each
 * is freed by its own free. */
#ifndef TRACE_VIEWS_H
#define TRACE_VIEWS_H

#include "trace/trace.h"
#include "trace/words.h"

/* JSON lines, every event and every field; the first line is the version, the last the summary
 * (docs/trace.md). The version grows when something that was told gets another meaning or is told no more.
 * `secrets`: show values of the class ATTR_SECRET, else "secret". */
enum { JSON_VERSION = 1 };
struct view *json_view_new(struct sink *, bool secrets);
/* pcapng with the secrets inside. `at`: 0 the wire (each packet once, as it was sent,
 * whatever became of it); else the host whose packets are captured as it sent and received them.
 * LINKTYPE_RAW, ns. A packet is written when all layers are through with it, so that a secret derived from
 * it stands before it. A packet's comment is what lies in it and, in a second line, why there is such a
 * thing, in these words (NULL: no second line). */
struct view *pcap_view_new(struct sink *, uint16_t at, bool secrets, const struct words *);
/* NSS key log lines: CLIENT_RANDOM, and RSA for the RSA key exchange. */
struct view *keylog_view_new(struct sink *);

/* The terminal. */
struct ladder_options {
    /* story: eight lines; packets: with the ladder under each; all: everything */
    enum event_level level;
    bool color, ascii, secrets;                       /* secrets: show values of the class ATTR_SECRET */
    unsigned columns;                                 /* 80 */
    const struct words *words;                        /* NULL: no sentences, layers' English as it is */
};
struct view *ladder_view_new(struct sink *, const struct ladder_options *);
/* The next packet stands under the names of both ends again: what was written before may have scrolled away. */
void ladder_view_again(struct view *);
void view_free(struct view *);                        /* any of the above */

#endif

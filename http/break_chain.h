/* break_chain.h - the chain that the web server of a sealed visit shows and the root that the browser trusts: as
 * they should be, or with one thing wrong.
 *
 * A lie about a chain is a change of the plan by which the classroom CA issues it (tls/x509/issue.h), or of what
 * then lies there. Everything else about the three certificates stays as it is, so that the judge has one reason
 * alone to refuse them. */
#ifndef HTTP_BREAK_CHAIN_H
#define HTTP_BREAK_CHAIN_H

#include "http/break_end.h"
#include "tls/tls.h"
#include "tls/x509/issue.h"

struct shown_chain {
    struct classroom room;
    struct der chain[2];
    struct private_key key;                           /* the server's */
    struct tls_identity identity;                     /* shows the above */
    struct x509_store trust;                          /* the browser's: room.root, one anchor */
};

struct chain_lie {
    struct tls_lie told;                              /* the mark, told when the Certificate is written */
    void (*plan)(struct classroom_plan *, nsec now);  /* NULL: as it should be */
    /* false: it cannot be done */
    bool (*show)(struct shown_chain *, struct chance *);
};

/* lie NULL: an honest chain for this host. It points into itself: do not copy it. */
bool shown_chain_make(struct shown_chain *, enum key_kind, const char *host, nsec now, struct chance *,
                      const struct chain_lie *, struct fault *why);
void shown_chain_wipe(struct shown_chain *);

#endif

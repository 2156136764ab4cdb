/* verify_told.h - what x509_verify_chain told of its search (docs/trace.md, layer "x509"), kept to be shown when it is
 * over: the tree of candidates, and the checks of the path that the verdict is about. */
#ifndef CMD_VERIFY_TOLD_H
#define CMD_VERIFY_TOLD_H

#include "tls/x509/verify.h"
#include "trace/trace.h"

enum { VERIFY_WHY = 2 * X509_NAME_TEXT, VERIFY_TOP = SIZE_MAX };

/* A certificate where the search met it; depth 0: the leaf. Each stands behind the one that it was to vouch for, with
 * all that was tried above that one in between. */
struct verify_node {
    buf_no buf;
    size_t parent;                                    /* VERIFY_TOP: it is the leaf */
    unsigned depth;
    bool refused, chosen;                             /* chosen: it is on the path that the verdict is about */
    bool ends;                                        /* a path was judged that ends here: what came of it */
    bool path_refused; char path_about[X509_NAME_TEXT], path_why[VERIFY_WHY];
    char subject[X509_NAME_TEXT], source[16], why[VERIFY_WHY];
};

enum verify_said { VERIFY_YES, VERIFY_NO, VERIFY_SKIPPED };
/* name, rfc: constants of tls/x509 */
struct verify_row {
    const char *name, *rfc;
    enum verify_said said;
    char expected[X509_NAME_TEXT], found[X509_NAME_TEXT];
};

/* A certificate with all its checks; without any: it could not be read, or is not on the path. */
struct verify_cert {
    buf_no buf;
    enum verify_said said;
    char about[X509_NAME_TEXT], subject[X509_NAME_TEXT], issuer[X509_NAME_TEXT], why[VERIFY_WHY];
    size_t row, n_rows;
};

struct verify_told {
    struct view view;                                 /* first: to be attached to the trace */
    struct verify_node *nodes; size_t n_nodes, room_nodes;
    struct verify_row *rows;   size_t n_rows, room_rows;
    struct verify_cert *certs; size_t n_certs, room_certs;      /* of the path: the anchor's first, the leaf's last */
    bool failed;                                      /* no memory: something is missing */
};

void verify_told_start(struct verify_told *);
void verify_told_end(struct verify_told *);           /* all was told: finds the chosen path in the tree */
void verify_told_free(struct verify_told *);
/* The certificates of the path by their depth, the leaf 0; NULL: it ends before. */
const struct verify_cert *verify_on_path(const struct verify_told *, size_t depth);
/* Was something left unasked that matters: who is revoked, who is meant? (An anchor's signature does not.) */
bool verify_unchecked(const struct verify_row *);

#endif

/* verify_json.h - `vitrine verify --json`: a line of JSON a certificate, then one with the verdict (docs/verify.md). */
#ifndef CMD_VERIFY_JSON_H
#define CMD_VERIFY_JSON_H

#include "cmd/verify.h"

/* The certificates of LEAF.pem in their order, then those of the path that came from elsewhere, up to the anchor.
 * False: not all could be written. */
bool verify_json(const struct verify *, struct sink *);

#endif

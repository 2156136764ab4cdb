/* stolen_key.h - what the server's private key, stolen later, opens of what a listener has kept.
 *
 * The listener's tape has what went over the wire; of it only what was in the clear is used, and the octets of the
 * sealed records. With the RSA key exchange the pre_master_secret itself was on the wire, under the server's key:
 * the thief decrypts it, makes the same keys (keys.h) and opens every record (record.h). With ECDHE the key only
 * signed; what would be needed are two scalars that both ends have wiped (forward secrecy, RFC 9325 §7.3). */
#ifndef TLS_STOLEN_KEY_H
#define TLS_STOLEN_KEY_H

#include "crypto/chance.h"
#include "crypto/sign.h"
#include "trace/tape.h"

/* Sealed records on the tape; how many of them opened; the first readable line of what they held. */
struct stolen_loot { unsigned records, opened; char text[96]; };

/* Tells to `voice` (its trace may be the one that was taped) each key that could be made, and a check for each
 * record. The chance is that of the blinding. */
struct stolen_loot stolen_key_opens(struct tape *, const struct private_key *, struct chance *,
                                    const struct voice *);

#endif

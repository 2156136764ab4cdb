/* guard.h - what keeps secrets of live links out of core dumps and of the swap space.
 *
 * Kept keys lie in memory of libsodium's kind (sodium_malloc: locked, left out of dumps by MADV_DONTDUMP, a page that
 * nobody may touch on either side), which is read-only once they are there. The process as a whole, whose connections
 * have keys, too, says that it is not to be dumped. The sealed world has no secrets: its keys come from the seed, and
 * nothing of it is guarded, so that it can be looked at with any tool. */
#ifndef CMD_GUARD_H
#define CMD_GUARD_H

#include "crypto/sign.h"

/* No core dump of this process, and nobody without the privilege may attach a debugger to it (prctl(2),
 * PR_SET_DUMPABLE; setrlimit(2), RLIMIT_CORE). Not under a debugger that is there already: who steps through a live
 * visit goes on doing so. */
void guard_process(void);

/* A place for one key, zeroed; NULL: no memory. guard_key_close makes it read-only; guard_key_free (NULL will do)
 * wipes and gives it back. */
struct private_key *guard_key(void);
void guard_key_close(struct private_key *);
void guard_key_free(struct private_key *);

#endif

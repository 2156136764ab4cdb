/* fuzz_script.h - a fuzzer's octets as a script: whoever acts by it takes the next octet and asks what it says. At its end
 * it says zero for ever. */
#ifndef TESTS_LIB_FUZZ_SCRIPT_H
#define TESTS_LIB_FUZZ_SCRIPT_H

#include <stddef.h>
#include <stdint.h>

struct script { const uint8_t *at; size_t n; };
uint8_t  script_next(struct script *);
unsigned script_16(struct script *);
/* An octet says how many follow, of which at most `most` and at most all are written; returns how many. */
size_t   script_some(struct script *, uint8_t *out, size_t most);

#endif

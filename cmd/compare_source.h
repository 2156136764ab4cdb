/* compare_source.h - what `vitrine compare` compares, as a tape each:
 *
 *     mine.pcapng, -           a capture (pcap or pcapng); "mine.pcapng#2": its second connection
 *     visit                    our own visit in the sealed world; "visit:--cipher X --loss=5": with these options of
 *                              `vitrine visit` (apart by spaces); "visit:--resume#2": its second connection
 *     sample:curl              a ClientHello that somebody else's program sent (`vitrine compare --samples`)
 *
 * A file that is called so is named by "./visit". */
#ifndef CMD_COMPARE_SOURCE_H
#define CMD_COMPARE_SOURCE_H

#include "trace/tape.h"

struct compare_source {
    const char *name;                                 /* as it was typed */
    unsigned which;                                   /* connection, from 1; 0: the first that says something */
    unsigned on_tape;                                 /* the same on the tape, which has no other one of a capture: 0 */
    struct tape *tape;
};

/* keylog: the file of a key log for captures, or NULL. False: said on stderr. */
bool compare_source_read(struct compare_source *, const char *name, const char *keylog);
void compare_source_free(struct compare_source *);

#endif

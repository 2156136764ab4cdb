/* spy_view.h - the visit as a listener on the wire lived it, written for a terminal from the tape.
 *
 *     #6      40.0 ms  browser → web   166 octets, all in the clear
 *                      Which site is visited, said in the clear (SNI): www.example.test. */
#ifndef TRACE_SPY_VIEW_H
#define TRACE_SPY_VIEW_H

#include "trace/spy.h"

struct spy_look { const struct words *words; unsigned columns; bool color, ascii; };

/* False: no memory. */
bool spy_write(struct sink *, struct tape *, const struct spy_look *);

#endif

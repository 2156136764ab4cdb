/* file_pages.h - the files below a directory as pages of the web server; never a path outside it, whatever
 * links say. The secret files that this run itself has written are not served: 403. */
#ifndef CMD_FILE_PAGES_H
#define CMD_FILE_PAGES_H

#include "http/server.h"

struct file_pages { struct pages pages; int root; };

/* False: `dir` cannot be opened (said on stderr). */
bool file_pages_open(struct file_pages *, const char *dir);
void file_pages_close(struct file_pages *);

#endif

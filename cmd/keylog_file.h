/* keylog_file.h - a key log (tls/keylog.h) from a file, a piece at a time: it may have a million lines, and no second
 * copy of its secrets is made. */
#ifndef CMD_KEYLOG_FILE_H
#define CMD_KEYLOG_FILE_H

#include "tls/keylog.h"

/* False: it cannot be read, or holds too much; said on stderr in `command`'s name ("explain"). */
bool keylog_file(struct keylog *, const char *command, const char *name);

#endif

/* html_file.h - --html FILE: a taped run as one page (trace/page.h), with all that cmd/ brings to it. */
#ifndef CMD_HTML_FILE_H
#define CMD_HTML_FILE_H

#include "cmd/files.h"
#include "trace/page.h"

/* about: what the command knows of the run (url, seed, secrets, lang, what-ifs); the rest is filled in here. False:
 * said on stderr. */
bool html_file_write(struct file_sink *, struct tape *, const struct page_options *about);

#endif

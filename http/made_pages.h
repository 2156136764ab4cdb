/* made_pages.h - the pages of the sealed web server: made by the program, from a seed and a size alone, so
 * that the same visit brings the same octets on every machine. Every path is the page (text/html, by
 * Content-Length), but /style.css, which comes in chunks. */
#ifndef HTTP_MADE_PAGES_H
#define HTTP_MADE_PAGES_H

#include "http/server.h"

enum { MADE_PAGE_SIZE = 1200 };                       /* octets where nobody asks for another size */

struct made_pages { struct pages pages; uint64_t seed, size; };
void made_pages_start(struct made_pages *, uint64_t seed, uint64_t size);

#endif

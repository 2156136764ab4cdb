#include "http/answer.h"

#include <stdio.h>
#include <string.h>

/* What is not here is 400. */
static const struct { const char *ground; unsigned status; } by_ground[] = {
    { "http.line_too_long", 414 }, { "http.path_too_long", 414 }, { "http.header_too_long", 431 },
    { "http.too_long", 431 },
    { "http.too_many_headers", 431 }, { "http.version", 505 }, { "http.transfer_coding", 501 },
    { "http.body_too_long", 413 }, { "http.expectation", 417 }, { "http.memory", 503 },
};

unsigned http_refused_status(const struct ground *ground)
{
    for (size_t i = 0; i < sizeof by_ground / sizeof *by_ground; i++)
        if (strcmp(by_ground[i].ground, ground->id) == 0)
            return by_ground[i].status;
    return 400;
}

static const struct { unsigned status; const char *answer, *sentence; } sentences[] = {
    { 301, "HTTP 301", "This page lies at another address." },
    { 400, "HTTP 400", "This request cannot be understood." },
    { 403, "HTTP 403", "This page may not be read." },
    { 404, "HTTP 404", "There is no page at this address." },
    { 405, "HTTP 405", "Only GET, HEAD and OPTIONS are served here." },
    { 413, "HTTP 413", "The body of this request is longer than we read." },
    { 414, "HTTP 414", "The address of this request is longer than we read." },
    { 417, "HTTP 417", "This request expects something that is not done here." },
    { 431, "HTTP 431", "The header fields of this request are longer or more than we read." },
    { 500, "HTTP 500", "The page could not be made." },
    { 501, "HTTP 501", "The body of this request is coded in a way that is not read here." },
    { 503, "HTTP 503", "There is no room for this request now." },
    { 505, "HTTP 505", "Only HTTP/1.1 and HTTP/1.0 are spoken here." },
};

static size_t row_of(unsigned status)
{
    size_t i = 0;
    while (i + 1 < sizeof sentences / sizeof *sentences && sentences[i].status != status)
        i++;
    return i;
}

const char *http_refused_answer(unsigned status) { return sentences[row_of(status)].answer; }

/* Text into a page: what could be markup as its name. The cursor fails when it is full; the page then ends
 * earlier. */
static void put_escaped(struct wire_out *out, const char *text)
{
    for (; *text; text++)
        put_text(out, "text",
                 *text == '<'   ? "&lt;"
                 : *text == '>' ? "&gt;"
                 : *text == '&' ? "&amp;"
                 : *text == '"' ? "&quot;"
                                : (char[]){ *text, '\0' });
}

size_t http_error_page(unsigned status, const struct fault *why, const char *location, char *out, size_t room)
{
    struct wire_out page = wire_into(out, room);
    char title[64];
    snprintf(title, sizeof title, "%u %s", status, http_reason(status));
    put_text(&page, "text", "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>");
    put_text(&page, "text", title);
    put_text(&page, "text", "</title>\n<h1>");
    put_text(&page, "text", title);
    put_text(&page, "text", "</h1>\n<p>");
    put_text(&page, "text",
             sentences[row_of(status)].status == status ? sentences[row_of(status)].sentence
                                                        : "That is all there is to say.");
    if (why && why->ground) {
        put_text(&page, "text", " Expected was ");
        put_escaped(&page, why->expected);
        put_text(&page, "text", " (");
        put_escaped(&page, why->ground->rfc);
        put_text(&page, "text", ").");
    }
    if (location && *location) {
        put_text(&page, "text", " <a href=\"");
        put_escaped(&page, location);
        put_text(&page, "text", "\">There.</a>");
    }
    put_text(&page, "text", "</p></html>\n");
    return wire_written(&page);
}

void http_put_answer(struct wire_out *out, const struct http_answer *a)
{
    char date[30];
    http_date(a->now, date);
    http_put_status(out, a->status);
    http_put_header(out, "Date", date);
    http_put_header(out, "Server", "vitrine");
    if (a->allow)
        http_put_header(out, "Allow", "GET, HEAD, OPTIONS");
    if (a->location && *a->location)
        http_put_header(out, "Location", a->location);
    if (a->type)
        http_put_header(out, "Content-Type", a->type);
    if (a->framing == HTTP_BY_LENGTH)
        http_put_number(out, "Content-Length", a->length);
    if (a->framing == HTTP_BY_CHUNKS)
        http_put_header(out, "Transfer-Encoding", "chunked");
    if (a->close)
        http_put_header(out, "Connection", "close");
    else if (a->old)
        http_put_header(out, "Connection", "keep-alive");
    http_put_end(out);
}

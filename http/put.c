#include "http/field.h"

#include <stdio.h>
#include <string.h>

/* RFC 9110 §15. What we say, and what we may hear. */
static const struct { unsigned status; const char *reason; } reasons[] = {
    { 100, "Continue" }, { 101, "Switching Protocols" }, { 103, "Early Hints" },
    { 200, "OK" }, { 201, "Created" }, { 202, "Accepted" }, { 204, "No Content" }, { 206, "Partial Content" },
    { 301, "Moved Permanently" }, { 302, "Found" }, { 303, "See Other" }, { 304, "Not Modified" },
    { 307, "Temporary Redirect" }, { 308, "Permanent Redirect" },
    { 400, "Bad Request" }, { 401, "Unauthorized" }, { 403, "Forbidden" }, { 404, "Not Found" },
    { 405, "Method Not Allowed" }, { 408, "Request Timeout" }, { 410, "Gone" }, { 413, "Content Too Large" },
    { 414, "URI Too Long" }, { 416, "Range Not Satisfiable" }, { 417, "Expectation Failed" },
    { 421, "Misdirected Request" }, { 429, "Too Many Requests" }, { 431, "Request Header Fields Too Large" },
    { 500, "Internal Server Error" }, { 501, "Not Implemented" }, { 502, "Bad Gateway" },
    { 503, "Service Unavailable" },
    { 504, "Gateway Timeout" }, { 505, "HTTP Version Not Supported" },
};

const char *http_reason(unsigned status)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unknown";
}

/* A value that could end its line early would be a header more, of somebody else's choosing. */
static void put_clean(struct wire_out *out, const char *name, const char *text)
{
    for (const char *p = text; *p; p++)
        if (((unsigned char)*p < 0x20 && *p != '\t') || *p == 0x7f) {
            out->failed = out->failed ? out->failed : name;
            return;
        }
    put_text(out, name, text);
}

static void put_token(struct wire_out *out, const char *name, const char *text)
{
    if (!http_is_token((struct bytes){ (const uint8_t *)text, strlen(text) }))
        out->failed = out->failed ? out->failed : name;
    put_text(out, name, text);
}

void http_put_request(struct wire_out *out, const char *method, const char *target)
{
    put_token(out, "method", method);
    put_text(out, "sp", " ");
    if (strchr(target, ' '))
        out->failed = out->failed ? out->failed : "target";
    put_clean(out, "target", target);
    put_text(out, "version", " HTTP/1.1\r\n");
}

void http_put_status(struct wire_out *out, unsigned status)
{
    char line[64];
    snprintf(line, sizeof line, "HTTP/1.1 %03u %s\r\n", status, http_reason(status));
    put_text(out, "status_line", line);
}

void http_put_header(struct wire_out *out, const char *name, const char *value)
{
    put_token(out, "name", name);
    put_text(out, "colon", ": ");
    put_clean(out, "value", value);
    put_text(out, "crlf", "\r\n");
}

void http_put_number(struct wire_out *out, const char *name, uint64_t value)
{
    char digits[21];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    http_put_header(out, name, digits);
}

void http_put_end(struct wire_out *out) { put_text(out, "crlf", "\r\n"); }

/* Day 0 is 1 January 1970, a Thursday. Years are counted from March, so that the leap day is the last of its
 * year. */
void http_date(nsec t, char out[30])
{
    static const char days[] = "ThuFriSatSunMonTueWed", months[] = "MarAprMayJunJulAugSepOctNovDecJanFeb";
    unsigned long long seconds = t > 0 ? (unsigned long long)(t / SECOND) : 0, day = seconds / 86400;
    unsigned clock = (unsigned)(seconds % 86400);
    unsigned from_march = (unsigned)day + 719468;      /* days since 1 March of the year 0 */
    unsigned era = from_march / 146097, of_era = from_march % 146097;
    unsigned year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    unsigned of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    unsigned of_month = of_year - (153 * month + 2) / 5 + 1;
    snprintf(out, 30, "%.3s, %02u %.3s %04u %02u:%02u:%02u GMT", days + 3 * (day % 7), of_month % 100,
             months + 3 * month, (era * 400 + year + (month >= 10)) % 10000, clock / 3600, clock / 60 % 60,
             clock % 60);
}

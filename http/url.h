/* url.h - an http or https URL taken apart (RFC 3986, RFC 9110 §4.2). */
#ifndef HTTP_URL_H
#define HTTP_URL_H

#include "trace/fault.h"
#include "net/addr.h"

/* a target of 8000 octets: what RFC 9110 §4.1 wishes everybody to understand at least */
enum { URL_HOST = 256, URL_TARGET = 8001 };

struct url {
    bool https;
    /* lower case, no brackets, no last dot; a DNS name or an address */
    char host[URL_HOST];
    bool is_ip; struct addr ip;
    uint16_t port; bool port_given;
    /* path and query, "/" at least; the fragment is cut off */
    char target[URL_TARGET];
};

/* "https://" is assumed where no scheme is given. Refuses other schemes, user info (a phisher's trick; never
 * sent), control characters and spaces, bad ports, bad percent signs, host names that are none, odd IPv4
 * forms ("0x7f.1"). A host of other letters than ASCII becomes the form
 * that travels, xn-- (net/idn.h); elsewhere octets over 0x7f are refused. */
bool url_parse(const char *text, struct url *out, struct fault *why);
/* "host" or "host:port" alone, as in a Host field: fills in host, is_ip, ip; port is 0 where none is given.
 */
bool url_read_authority(const char *text, size_t n, struct url *out, struct fault *why);
/* "www.example.test" or "www.example.test:8443", "[::1]:8443": the Host header's value. */
char *url_authority(const struct url *, char *out, size_t room);

#endif

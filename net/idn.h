/* idn.h - names of other letters than ASCII (RFC 5890, 5891): each such label travels as "xn--" and Punycode
 * (RFC 3492).
 *
 * What travels is what is shown: two scripts have letters that look alike, and the form with xn-- cannot be
 * mistaken. Letters of Latin, Greek and Cyrillic are made lower case; the text must be composed already (NFC),
 * which keyboards do. Controls, spaces, marks of direction and what is not UTF-8 are refused. */
#ifndef NET_IDN_H
#define NET_IDN_H

#include "net/dns.h"

/* A name as it was typed, UTF-8, into one of ASCII alone, which is as typed where it was ASCII already. */
bool idn_to_ascii(const char *typed, char name[DNS_NAME], struct fault *why);
/* What a name with xn-- labels reads like; false: it has none, or one that decodes to nothing allowed. For
 * people to read beside the other form, never instead. */
enum { IDN_TEXT = 4 * DNS_NAME };
bool idn_to_unicode(const char *name, char text[IDN_TEXT]);

/* RFC 3492 §6: one label's code points. False: too long, or an overflow. */
bool punycode_encode(const uint32_t *points, size_t n, char *out, size_t room);
bool punycode_decode(const char *text, size_t n, uint32_t *points, size_t room, size_t *n_points);

#endif

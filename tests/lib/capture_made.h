/* capture_made.h - capture files made piece by piece, in either order of octets, sound or not: pcap and pcapng. */
#ifndef TESTS_LIB_CAPTURE_MADE_H
#define TESTS_LIB_CAPTURE_MADE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CAPTURE_MADE = 1 << 16 };
struct capture_made { uint8_t octets[CAPTURE_MADE]; size_t n; bool little; };

void made_start(struct capture_made *, bool little);
void made_put(struct capture_made *, uint64_t v, size_t size);    /* a number */
void made_octets(struct capture_made *, const void *octets, size_t n);
void made_pad(struct capture_made *);                 /* to a multiple of 4 */

void made_pcap(struct capture_made *, uint32_t magic, uint32_t link);
void made_record(struct capture_made *, uint32_t seconds, uint32_t part, const void *octets, size_t n, uint32_t wire_n);

size_t made_open(struct capture_made *, uint32_t type);           /* a block; what is put then lies in it */
void   made_close(struct capture_made *, size_t from);
void made_section(struct capture_made *, bool little);
/* resolution -1: the option is left out; offset 0, too */
void made_interface(struct capture_made *, unsigned link, uint32_t snaplen, int resolution, int64_t offset);
void made_packet(struct capture_made *, uint32_t interface, uint64_t units, const void *octets, size_t n, uint32_t wire_n);
void made_simple(struct capture_made *, const void *octets, size_t n, uint32_t wire_n);
void made_secrets(struct capture_made *, uint32_t type, const char *text);
void made_names(struct capture_made *);               /* a.test and b. are 10.0.0.1, six.te is 2001:db8::2 */

#endif

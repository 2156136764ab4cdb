/* elements.h - DER changed as a tree: an element of another tag, without its neighbour, twice; the lengths around it
 * are made right again. */
#ifndef TESTS_VERSUS_ELEMENTS_H
#define TESTS_VERSUS_ELEMENTS_H

#include "tests/versus/fields.h"

/* A copy of one element (with tag and length), changed in one place of it; what an OCTET STRING holds is looked into
 * where that is DER. Octets written, 0: no room. *words: what was done. */
size_t versus_change_element(const struct bytes *element, uint8_t *out, size_t room, struct versus_choice *,
                             const char **words);

#endif

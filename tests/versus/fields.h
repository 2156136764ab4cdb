/* fields.h - how a certificate that shall be issued is spoiled, one field at a time. */
#ifndef TESTS_VERSUS_FIELDS_H
#define TESTS_VERSUS_FIELDS_H

#include "tls/x509/issue.h"

/* A number out of a number: what is chosen next, below `below`. */
struct versus_choice { uint64_t state; };
unsigned versus_choose(struct versus_choice *, unsigned below);

/* Changes one field. at: the moment of judgement. Its words. What the issue points to is constant. */
const char *versus_spoil_field(struct x509_issue *, nsec at, struct versus_choice *);

#endif

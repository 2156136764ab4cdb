/* words.h - a fault of ours in the words of BoringSSL's runner: one for each, never a choice of several. */
#ifndef TESTS_CONFORMANCE_BOGO_WORDS_H
#define TESTS_CONFORMANCE_BOGO_WORDS_H

#include "trace/fault.h"

const char *bogo_word(const struct fault *);           /* ":DECODE_ERROR:"; NULL: none is known */

#endif

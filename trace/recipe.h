/* recipe.h - templates filled with the octets of a run, to be computed again by other programs.
 *
 * What trace/say.h does for sentences, this does for shell lines: numbers stay numbers, octets become hex in full. A
 * hole takes what an event on a tape brings, or what that event refers to:
 *
 *     {nonce}            an attribute of the event; {a|b}: the first of them that there is
 *     {bytes}            the octets of the buffer that the event declares
 *     {.mac} {.mac@}     a field of that buffer, by name: its octets; where it begins
 *     {^ciphertext}      a field of the buffer below, on which it lies
 *     {messages*}        an attribute that lists buffers, "m1 m3": their octets, one behind the other
 *     {key>secret}       `key` is the name of an event (the latest of the same host and connection, not later than this
 *                        one): its attribute; {=server_key>prime1}: the same by its name, of whatever host
 *
 * and behind it, after a colon, how: {x:octets} how many octets that are; {x:pad16} the zeros that fill the last of its
 * blocks of 16; {x:bits} its length in bits, 8 octets, big-endian; {x:le} its length in octets, 8 octets,
 * little-endian; {x:accepted?yes;no} one thing or the other, as x is that word or not. Text that is not hex or a number
 * is taken only if it is made of letters, digits and spaces: so no octet from outside can mean anything to a shell. A
 * template has no other braces. */
#ifndef TRACE_RECIPE_H
#define TRACE_RECIPE_H

#include "trace/tape.h"

/* all zero: empty; failed: no memory. Free with recipe_free. */
struct recipe_text { char *at; size_t n, room; bool failed; };

/* Appends the template filled. False: a hole has no value (or it is a secret, and `secrets` is false), or no memory;
 * the text then is of no use. */
bool recipe_fill(struct recipe_text *, struct tape *, const struct event *, const char *template, size_t n,
                 bool secrets);
void recipe_free(struct recipe_text *);

#endif

/* wireshark_names.h - our fields and Wireshark's: one table from the path of a field of ours (what tape_path
 * says: "packet/ip/time_to_live") to the name that Wireshark's display filters have for the same octets, with
 * how the two values compare. tests/interop/oracle.py holds every row against tshark; docs/wireshark.md shows
 * the table, the page the name beside each field, `vitrine help --wireshark` prints it. */
#ifndef CMD_WIRESHARK_NAMES_H
#define CMD_WIRESHARK_NAMES_H

#include <stdio.h>

/* How the two compare. */
enum wireshark_way {
    WS_GROUP,                                         /* the same octets; a group has no value */
    WS_NUMBER, WS_OCTETS, WS_TEXT, WS_OID,            /* the same octets, the same value */
    WS_ADDRESS,                                       /* theirs reads 10.0.0.2 */
    WS_TIME,                                          /* theirs reads 2026-08-31 00:00:00 (UTC) */
    WS_TRUTH,                                         /* DER: ours 255, theirs 1 */
    WS_BITS,                                          /* some bits of the octets, the same value */
    WS_TAG,                                           /* theirs is the lowest five bits of ours */
    WS_SIZE,                                          /* theirs is the lowest seven bits of ours */
    WS_WORDS,                                         /* ours counts words of 32 bits, theirs octets */
    WS_CONTENT,                                       /* theirs is ours without tag and length in front */
    WS_PART,                                          /* ours lies within theirs */
    WS_NONE,                                          /* an exception: they have no such field, `why` */
    WS_THEIRS,                                        /* theirs alone, `why`: no path */
    WS_WAYS
};

struct wireshark_row {
    const char *path;                                 /* "*": any one name, "**": any number of names */
    const char *name;                                 /* NULL for WS_NONE */
    enum wireshark_way way;
    const char *why;                                  /* of an exception; beside a name: when they do not show it */
};

extern const struct wireshark_row wireshark_rows[];   /* ends with path and name NULL */

/* The first row that fits; NULL: none does. */
const struct wireshark_row *wireshark_row_of(const char *path);
/* The display filter name; NULL: Wireshark has none of its own. */
const char *wireshark_name(const char *path);
const char *wireshark_way_name(enum wireshark_way);   /* "number" */
/* The table, a row a line: path, name, way, why, with a tab between and "-" for what is not there. */
void wireshark_print(FILE *);

#endif

/* filter_inside.h - what reads a filter (filter_read.c) leaves for what asks it (filter.c). */
#ifndef NET_FILTER_INSIDE_H
#define NET_FILTER_INSIDE_H

#include "net/filter.h"

enum { FILTER_LITERAL = 128, FILTER_NODES = 4 * FILTER_TESTS, FILTER_DEPTH = 64 };

/* What a field is compared with, as its type wants it. A number and a time: from `number` to `last`. */
struct filter_literal {
    uint64_t number, last;
    uint8_t octets[FILTER_LITERAL]; size_t n;
    struct addr addr; unsigned prefix;
};

enum filter_way { FILTER_IS_THERE, FILTER_EQUAL, FILTER_NOT_EQUAL, FILTER_LESS, FILTER_LESS_EQUAL, FILTER_MORE,
                  FILTER_MORE_EQUAL, FILTER_CONTAINS };
struct filter_test {
    char name[FILTER_NAME];
    enum filter_type type; enum filter_way way;
    struct filter_literal with;
    bool seen, held;                                  /* of the packet at hand */
};

/* The tree, in which children stand before their parents: the last node is the whole. */
enum filter_kind { FILTER_TEST, FILTER_NOT, FILTER_AND, FILTER_OR };
struct filter_node { enum filter_kind kind; unsigned left, right; };

struct filter {
    struct filter_test test[FILTER_TESTS]; unsigned n_tests;
    struct filter_node node[FILTER_NODES]; unsigned n_nodes;
};

bool filter_read(struct filter *, const char *text, filter_names *, struct fault *why);
bool filter_read_literal(const char *text, size_t n, bool quoted, enum filter_type, struct filter_literal *);

#endif

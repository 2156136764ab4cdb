/* Visits that nobody watches, to be counted (tests/bench/hook): what does the event stream cost then?
 *
 *     hook N SIZE SUITE URL            N visits with a page of SIZE octets
 */
#include "http/sealed_visit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static bool visit_once(struct sealed_visit_config *c)
{
    struct fault why = { 0 };
    struct sealed_visit *v = sealed_visit_new(c, &why);
    while (v && sealed_visit_turn(v))
        ;
    bool whole = v && sealed_visit_whole(v);
    sealed_visit_free(v);
    return whole;
}

int main(int argc, char **argv)
{
    struct fault why = { 0 };
    struct sealed_visit_config c = { .wires = { .delay = 10 * MILLISECOND }, .group = TLS_X25519 };
    if (argc != 5 || !(c.suite = tls_suite_named(argv[3])) || !url_parse(argv[4], &c.url, &why))
        return 2;
    c.size = strtoull(argv[2], NULL, 10);
    for (c.seed = 1; c.seed <= strtoull(argv[1], NULL, 10); c.seed++)
        if (!visit_once(&c)) {
            fprintf(stderr, "seed %" PRIu64 ": the page did not come whole\n", c.seed);
            return 1;
        }
    return 0;
}

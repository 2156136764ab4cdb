#include "tests/versus/judges.h"

#include <stdio.h>

void versus_ours(const struct versus_chain *c, enum x509_profile profile, char why[VERSUS_WORDS])
{
    struct x509_store trust = { .n = 0 };
    const struct voice silence = { .trace = NULL };
    struct public_key leaf;
    struct fault fault = { .ground = NULL };
    for (size_t i = 0; i < c->n_roots; i++)
        x509_store_add(&trust, &c->roots[i], NULL);
    const struct x509_ask ask = { .trust = &trust, .host = c->host, .at = c->at, .purpose = X509_SERVER,
                                  .profile = profile };
    const bool good = x509_verify_chain(&ask, &silence, c->sent, c->n_sent, &leaf, &fault);
    snprintf(why, VERSUS_WORDS, "%s", good ? "" : fault.ground ? fault.ground->id : "(no ground)");
    x509_store_free(&trust);
}

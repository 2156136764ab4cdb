#include "http/break_chain.h"

#include <string.h>

static const struct ground cannot_lie = { "x509.classroom", "RFC 5280 §4.1" };

bool shown_chain_make(struct shown_chain *c, enum key_kind kind, const char *host, nsec now,
                      struct chance *chance, const struct chain_lie *lie, struct fault *why)
{
    struct classroom_plan plan;
    classroom_plan(&plan, &c->room, kind, host);
    if (lie && lie->plan)
        lie->plan(&plan, now);
    if (!classroom_carry_out(&c->room, &plan, now, chance, why))
        return false;
    c->chain[0] = c->room.leaf.der;
    c->chain[1] = c->room.intermediate.der;
    c->key = c->room.leaf_key;
    c->identity = (struct tls_identity){ .chain = c->chain, .n = 2, .key = &c->key };
    c->trust = (struct x509_store){ .certs = &c->room.root, .n = 1 };
    return !lie || !lie->show || lie->show(c, chance)
        || refuse(why, &cannot_lie, "a chain with this thing wrong", "it cannot be made of %s",
                  kind == KEY_RSA ? "RSA keys" : "ECDSA keys");
}

void shown_chain_wipe(struct shown_chain *c)
{
    key_wipe(&c->room.leaf_key);
    key_wipe(&c->key);
}

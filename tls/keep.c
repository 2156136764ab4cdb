/* keep.c - octets that are set aside until somebody needs them, in bounded memory. */
#include "tls/handlers.h"

#include <stdlib.h>
#include <string.h>

enum { RAW_MOST = 3 * TLS_MESSAGE_MAX };

bool keep_octets(struct kept *k, struct bytes b, size_t most)
{
    if (b.n > most - k->n)
        return false;
    if (k->room - k->n < b.n) {
        size_t room = 2 * k->room > k->n + b.n ? 2 * k->room : k->n + b.n;
        room = room < most ? room : most;
        uint8_t *more = realloc(k->bytes, room);
        if (!more)
            return false;
        k->bytes = more;
        k->room = room;
    }
    if (b.n)
        memcpy(k->bytes + k->n, b.at, b.n);
    k->n += b.n;
    return true;
}

void keep_end(struct kept *k)
{
    free(k->bytes);
    *k = (struct kept){ 0 };
}

/* RFC 5246 §7.4.8: CertificateVerify signs the messages themselves, with a hash that is only chosen then, and Ed25519
 * reads them twice. */
void keep_message(struct tls *t, struct bytes message)
{
    if (t->shake->keeps_messages && !keep_octets(&t->shake->raw, message, RAW_MOST))
        keep_stop(t);
}

void keep_stop(struct tls *t)
{
    t->shake->keeps_messages = false;
    keep_end(&t->shake->raw);
}

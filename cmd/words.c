#include "cmd/words.h"
#include "trace/show.h"

#include <string.h>

static const struct { const char *layer, *name, *en; } sentences[] = {
    { "story", "name", "{host} is {addr}: {how}." },
    { "story", "open", "SYN, SYN-ACK, ACK: port {own_port} here and port {port} of {addr} now count each other's octets." },
    { "story", "hello", "Of all that the browser offered, the server chose TLS 1.2 with {suite}." },
    { "story", "certificate", "{leaf} is vouched for up to {anchor}, which we trust: {verdict}." },
    { "story", "keys", "Both ends made the same secrets without sending them in the clear ({kx}, group {group})." },
    { "story", "finished", "Each end checked {octets} octets that only the other could have made from all messages so far." },
    { "story", "page", "GET {target}: {status} {reason}, {octets} octets; {answers} answers on this connection." },
    { "story", "close", "{notified}, then FIN and ACK both ways: {verdict}." },
};

const char *words_find(const char *layer, const char *name)
{
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (strcmp(sentences[i].layer, layer) == 0 && strcmp(sentences[i].name, name) == 0)
            return sentences[i].en;
    return NULL;
}

#include "cmd/fault_words.h"

#include <string.h>

static const struct fault_words *const tables[] = {
    fault_words_net, fault_words_tls, fault_words_x509, fault_words_http, fault_words_capture,
};

const struct fault_words *fault_words_of(const char *id)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct fault_words *w = tables[i]; w->id; w++)
            if (strcmp(w->id, id) == 0)
                return w;
    return NULL;
}

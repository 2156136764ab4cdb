/* A key log of any octets: it is kept within bounds, each client that is told of has a secret that is found, and the same
 * text once more changes nothing. */
#include "tls/keylog.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(bool good)
{
    if (!good)
        abort();
}

static size_t all_of(const struct keylog *k, size_t *clients)
{
    uint8_t client[32];
    size_t all = 0;
    for (int i = 0; i < KEYLOG_LABELS; i++)
        all += keylog_count(k, (enum keylog_label)i);
    for (*clients = 0; keylog_client(k, *clients, client); ++*clients) {
        unsigned found = 0;
        for (int i = 0; i < KEYLOG_LABELS; i++) {
            const struct keylog_secret *s = keylog_find(k, (enum keylog_label)i, (struct bytes){ client, sizeof client });
            check(!s || (s->label == (enum keylog_label)i && s->n && s->n <= KEYLOG_SECRET_MAX));
            found += s != NULL;
        }
        check(found > 0);
    }
    return all;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct keylog *k = keylog_new();
    size_t clients, again;
    check(k && keylog_add(k, (const char *)bytes, n, 1, NULL));
    size_t all = all_of(k, &clients), bad = keylog_bad_lines(k);
    check(all >= clients && keylog_add(k, (const char *)bytes, n, 2, NULL));
    check(all_of(k, &again) == all && again == clients && keylog_bad_lines(k) == 2 * bad);
    keylog_free(k);
    return 0;
}

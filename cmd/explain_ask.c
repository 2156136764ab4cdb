#include "cmd/explain.h"
#include "cmd/keylog_file.h"
#include "cmd/roots.h"
#include "cmd/words.h"
#include "cmd/wanted_tls.h"
#include "cmd/password.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MOST = 1 << 20 };

static char *read_or_say(const char *name, size_t most, size_t *n)
{
    const char *why;
    char *text = file_read(name, most, n, &why);
    if (!text)
        complain("vitrine explain: cannot read %s: %s", name, why);
    return text;
}

static bool read_keylog(struct explain *x, const char *name)
{
    x->keylog_given = true;
    return keylog_file(x->keylog, "explain", name);
}

static bool read_store(struct x509_store *store, const char *name)
{
    struct roots roots;
    switch (roots_add(store, name, &roots)) {
    case ROOTS_UNREADABLE:
        complain("vitrine explain: cannot read %s: %s", name, roots.why);
        return false;
    case ROOTS_NONE:
        complain("vitrine explain: there is no certificate in %s, neither as PEM nor as DER", name);
        return false;
    case ROOTS_THERE: break;
    }
    return true;
}

static bool read_stores(struct explain *x)
{
    const char *name;
    for (unsigned i = 0; (name = option_again(x->values, OPT_TRUST, i)) != NULL; i++) {
        x->trusts = true;
        if (!read_store(&x->trust, name))
            return false;
    }
    for (unsigned i = 0; (name = option_again(x->values, OPT_UNTRUSTED, i)) != NULL; i++)
        if (!read_store(&x->untrusted, name))
            return false;
    return true;
}

static bool read_key(struct explain *x, const char *name)
{
    size_t n;
    struct fault why = { 0 };
    struct password password = password_of(x->values[OPT_PASS], name);
    char *text = read_or_say(name, KEY_MOST, &n);
    if (!text)
        return false;
    bool good = pem_private_key_asking(text, n, &password.pem, &x->keys[x->n_keys], &why);
    sodium_memzero(text, n);
    free(text);
    if (!good)
        words_fault_of(stderr, "vitrine explain", name, &why);
    x->n_keys += good;
    return good;
}

static bool read_keys(struct explain *x)
{
    const char *name;
    if (!x->values[OPT_SERVER_KEY])
        return true;
    x->keys = sodium_allocarray(EXPLAIN_KEYS, sizeof *x->keys);
    if (!x->keys)
        return false;
    for (unsigned i = 0; (name = option_again(x->values, OPT_SERVER_KEY, i)) != NULL; i++)
        if (!read_key(x, name))
            return false;
    return true;
}

/* "3", "3,5,7-9" */
static bool read_only(struct explain *x, const char *text)
{
    while (text && *text) {
        char *end;
        unsigned long from = strtoul(text, &end, 10), to = from;
        if (end != text && *end == '-') {
            text = end + 1;
            to = strtoul(text, &end, 10);
        }
        if (end == text || (*end && *end != ',') || from == 0 || to < from || to > UINT32_MAX ||
            to - from >= EXPLAIN_ONLY - x->n_only) {
            complain("vitrine explain: --only wants numbers of connections, like 3 or 1,4-6; %s is none", text);
            return false;
        }
        for (unsigned long i = from; i <= to; i++)
            x->only[x->n_only++] = (uint32_t)i;
        text = *end ? end + 1 : end;
    }
    return true;
}

/* "64M", "2G": octets */
static bool read_size(struct explain *x, const char *text)
{
    uint64_t n = 0;
    char number[24], unit = '\0';
    size_t len = text ? strlen(text) : 0;
    if (!text)
        return true;
    if (len && strchr("kKmMgG", text[len - 1]))
        unit = text[--len];
    if (len >= sizeof number) {
        complain("vitrine explain: --max-memory wants a size like 64M or 2G, not %s", text);
        return false;
    }
    memcpy(number, text, len);
    number[len] = '\0';
    if (!option_between(OPT_MAX_MEMORY, number, 1, 1u << 30, &n))
        return false;
    unsigned shift = unit == 'k' || unit == 'K' ? 10 : unit == 'm' || unit == 'M' ? 20 : unit ? 30 : 0;
    x->most = n << shift;
    return true;
}

bool explain_ask(struct explain *x, const char *const *values, const char *const *arguments, unsigned n)
{
    x->values = values;
    if (n == 0) {
        complain("vitrine explain: which capture? For example: vitrine explain --keylog keys.txt "
                 "capture.pcapng, or - for "
                 "what tcpdump -w - writes");
        return false;
    }
    x->name = arguments[0];
    x->keylog = keylog_new();
    return x->keylog && wanted_cpu(x->self, &x->cpu) && read_only(x, values[OPT_ONLY]) &&
           read_size(x, values[OPT_MAX_MEMORY]) &&
           (!values[OPT_READ_KEYS] || read_keylog(x, values[OPT_READ_KEYS])) && read_stores(x) && read_keys(x) &&
           views_ask(&x->views, values, x->name);
}

void explain_forget(struct explain *x)
{
    keylog_free(x->keylog);
    for (size_t i = 0; i < x->n_keys; i++)
        key_wipe(&x->keys[i]);
    sodium_free(x->keys);
    x509_store_free(&x->trust);
    x509_store_free(&x->untrusted);
}

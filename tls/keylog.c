#include "tls/keylog.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const struct ground no_memory = { "keylog.no_memory", "draft-ietf-tls-keylogfile §2" };
static const struct ground too_many  = { "keylog.too_many", "draft-ietf-tls-keylogfile §2" };

enum { CLIENT = 32, RSA_ID = 8, MASTER = 48, CHUNK = 256 };

static const struct { const char *name; uint8_t id; } labels[KEYLOG_LABELS] = {
    [KEYLOG_CLIENT_RANDOM]    = { "CLIENT_RANDOM", CLIENT },
    [KEYLOG_RSA]              = { "RSA", RSA_ID },
    [KEYLOG_CLIENT_HANDSHAKE] = { "CLIENT_HANDSHAKE_TRAFFIC_SECRET", CLIENT },
    [KEYLOG_SERVER_HANDSHAKE] = { "SERVER_HANDSHAKE_TRAFFIC_SECRET", CLIENT },
    [KEYLOG_CLIENT_TRAFFIC]   = { "CLIENT_TRAFFIC_SECRET_0", CLIENT },
    [KEYLOG_SERVER_TRAFFIC]   = { "SERVER_TRAFFIC_SECRET_0", CLIENT },
    [KEYLOG_EXPORTER]         = { "EXPORTER_SECRET", CLIENT },
    [KEYLOG_EARLY_EXPORTER]   = { "EARLY_EXPORTER_SECRET", CLIENT },
    [KEYLOG_EARLY_TRAFFIC]    = { "CLIENT_EARLY_TRAFFIC_SECRET", CLIENT },
};

/* Who has secrets: a leaf of the tree, and a node that stands above it: bits of names are looked at in order, a node's
 * bit is the first one in which names below it differ (D. J. Bernstein's crit-bit tree). A name of RSA is shorter: it
 * has a first octet of its own before it, so that no name begins another. */
enum { NAME = 1 + CLIENT };
struct owner { uint8_t name[NAME]; struct kept *secrets; };
struct kept { struct keylog_secret secret; struct kept *next; };
struct node { unsigned bit; uint32_t child[2]; };     /* a child: LEAF | owner, or a node */
enum { LEAF = 1u << 30 };

struct chunk { struct chunk *next; struct kept kept[CHUNK]; };

struct keylog {
    struct owner *owner; struct node *node;
    uint32_t n, room, root;
    uint32_t *client, n_clients;                      /* owners by a client random, in the order they came */
    struct chunk *chunks; size_t in_chunk, secrets;
    size_t count[KEYLOG_LABELS], bad;
};

struct keylog *keylog_new(void) { return calloc(1, sizeof(struct keylog)); }

void keylog_free(struct keylog *k)
{
    if (!k)
        return;
    for (struct chunk *c = k->chunks, *next; c; c = next) {
        next = c->next;
        sodium_memzero(c, sizeof *c);
        free(c);
    }
    free(k->owner);
    free(k->node);
    free(k->client);
    free(k);
}

/* --- the tree --- */

static void name_of(enum keylog_label label, const uint8_t *id, uint8_t name[NAME])
{
    memset(name, 0, NAME);
    name[0] = label == KEYLOG_RSA;
    memcpy(name + 1, id, labels[label].id);
}

static unsigned bit_of(const uint8_t *name, unsigned bit) { return name[bit / 8] >> (7 - bit % 8) & 1; }

/* The only owner that may have this name, or k->n when there is none at all. */
static uint32_t candidate(const struct keylog *k, const uint8_t name[NAME])
{
    uint32_t at = k->root;
    if (!k->n)
        return 0;
    while (!(at & LEAF))
        at = k->node[at].child[bit_of(name, k->node[at].bit)];
    return at & ~(uint32_t)LEAF;
}

static bool grow(struct keylog *k)
{
    if (k->n < k->room)
        return true;
    uint32_t room = k->room ? 2 * k->room : 64;
    struct owner *owner = realloc(k->owner, room * sizeof *owner);
    if (owner)
        k->owner = owner;
    struct node *node = owner ? realloc(k->node, room * sizeof *node) : NULL;
    if (node)
        k->node = node;
    uint32_t *client = node ? realloc(k->client, room * sizeof *client) : NULL;
    if (client) {
        k->client = client;
        k->room = room;
    }
    return client != NULL;
}

/* A new owner, and the node above it where names first differ. There is room for both. */
static uint32_t insert(struct keylog *k, const uint8_t name[NAME])
{
    uint32_t near = candidate(k, name), *from = &k->root, i = k->n++;
    memcpy(k->owner[i].name, name, NAME);
    k->owner[i].secrets = NULL;
    if (!name[0])
        k->client[k->n_clients++] = i;
    if (i == 0) {
        k->root = LEAF;
        return 0;
    }
    unsigned bit = 0;
    while (bit_of(name, bit) == bit_of(k->owner[near].name, bit))
        bit++;
    while (!(*from & LEAF) && k->node[*from].bit < bit)
        from = &k->node[*from].child[bit_of(name, k->node[*from].bit)];
    k->node[i].bit = bit;
    k->node[i].child[bit_of(name, bit)] = LEAF | i;
    k->node[i].child[!bit_of(name, bit)] = *from;
    *from = i;
    return i;
}

static struct kept *kept_new(struct keylog *k)
{
    if (!k->chunks || k->in_chunk == CHUNK) {
        struct chunk *c = calloc(1, sizeof *c);
        if (!c)
            return NULL;
        c->next = k->chunks;
        k->chunks = c;
        k->in_chunk = 0;
    }
    return &k->chunks->kept[k->in_chunk++];
}

static const struct keylog_secret *find_in(const struct owner *o, enum keylog_label label)
{
    for (const struct kept *s = o->secrets; s; s = s->next)
        if (s->secret.label == label)
            return &s->secret;
    return NULL;
}

const struct keylog_secret *keylog_find(const struct keylog *k, enum keylog_label label, struct bytes id)
{
    uint8_t name[NAME];
    if (!k->n || id.n != labels[label].id)
        return NULL;
    name_of(label, id.at, name);
    const struct owner *o = &k->owner[candidate(k, name)];
    return memcmp(o->name, name, NAME) == 0 ? find_in(o, label) : NULL;
}

static bool keep(struct keylog *k, const uint8_t *id, const struct keylog_secret *secret, struct fault *why)
{
    uint8_t name[NAME];
    name_of(secret->label, id, name);
    uint32_t i = candidate(k, name);
    bool known = k->n && memcmp(k->owner[i].name, name, NAME) == 0;
    if (known && find_in(&k->owner[i], secret->label))
        return true;                                  /* the first one stays */
    if (k->secrets == KEYLOG_MOST)
        return refuse(why, &too_many, "at most 1,048,576 secrets", "one more");
    struct kept *s = known || grow(k) ? kept_new(k) : NULL;
    if (!s)
        return refuse(why, &no_memory, "memory for a secret", "none for the %zu. one", k->secrets + 1);
    if (!known)
        i = insert(k, name);
    s->secret = *secret;
    s->next = k->owner[i].secrets;
    k->owner[i].secrets = s;
    k->secrets++;
    k->count[secret->label]++;
    return true;
}

/* --- lines --- */

/* A word ends at a space, as many as there are. */
static struct bytes word(struct bytes *line)
{
    while (line->n && (*line->at == ' ' || *line->at == '\t'))
        line->at++, line->n--;
    struct bytes w = { line->at, 0 };
    while (w.n < line->n && w.at[w.n] != ' ' && w.at[w.n] != '\t')
        w.n++;
    line->at += w.n;
    line->n -= w.n;
    return w;
}

/* Does so without a branch or an index on what the digits are. */
static bool from_hex(struct bytes digits, uint8_t *out, size_t room, size_t *n)
{
    return digits.n && sodium_hex2bin(out, room, (const char *)digits.at, digits.n, NULL, n, NULL) == 0;
}

static bool is_label(struct bytes w)
{
    for (size_t i = 0; i < w.n; i++)
        if (!((w.at[i] >= 'A' && w.at[i] <= 'Z') || (w.at[i] >= '0' && w.at[i] <= '9') || w.at[i] == '_'))
            return false;
    return w.n > 0;
}

static bool sound_length(enum keylog_label label, size_t n)
{
    return label == KEYLOG_CLIENT_RANDOM || label == KEYLOG_RSA ? n == MASTER : n == 32 || n == 48 || n == 64;
}

/* False: no memory. */
static bool add_line(struct keylog *k, struct bytes line, uint64_t after_packet, struct fault *why)
{
    struct bytes label = word(&line), id_digits = word(&line), digits = word(&line), more = word(&line);
    uint8_t id[CLIENT];
    size_t id_n = 0, which = 0;
    struct keylog_secret secret = { .after_packet = after_packet };
    if (!label.n || *label.at == '#')
        return true;
    while (which < KEYLOG_LABELS
           && (label.n != strlen(labels[which].name) || memcmp(label.at, labels[which].name, label.n) != 0))
        which++;
    if (which == KEYLOG_LABELS) {
        k->bad += !is_label(label) || !id_digits.n;
        return true;
    }
    secret.label = (enum keylog_label)which;
    bool good = !more.n && from_hex(id_digits, id, sizeof id, &id_n) && id_n == labels[which].id
        && from_hex(digits, secret.secret, sizeof secret.secret, &secret.n) && sound_length(secret.label, secret.n);
    k->bad += !good;
    good = !good || keep(k, id, &secret, why);
    sodium_memzero(&secret, sizeof secret);
    return good;
}

static bool ends_line(char c) { return c == '\n' || c == '\r'; }

bool keylog_add(struct keylog *k, const char *text, size_t n, uint64_t after_packet, struct fault *why)
{
    for (size_t at = 0, end; at < n; at = end + 1) {
        for (end = at; end < n && !ends_line(text[end]);)
            end++;
        if (!add_line(k, (struct bytes){ (const uint8_t *)text + at, end - at }, after_packet, why))
            return false;
    }
    return true;
}

/* --- who asks --- */

size_t keylog_count(const struct keylog *k, enum keylog_label label) { return k->count[label]; }
size_t keylog_bad_lines(const struct keylog *k) { return k->bad; }

static size_t put_hex(char *out, size_t at, const uint8_t *octets, size_t n)
{
    sodium_bin2hex(out + at, 2 * n + 1, octets, n);
    return at + 2 * n;
}

size_t keylog_lines(const struct keylog *k, struct bytes id, char out[KEYLOG_LINES])
{
    size_t at = 0;
    for (int label = 0; label < KEYLOG_LABELS; label++) {
        const struct keylog_secret *s = keylog_find(k, (enum keylog_label)label, id);
        size_t name = strlen(labels[label].name);
        if (!s || KEYLOG_LINES - at < name + 2 * (id.n + s->n) + 4)
            continue;
        memcpy(out + at, labels[label].name, name);
        out[at + name] = ' ';
        at = put_hex(out, at + name + 1, id.at, id.n);
        out[at] = ' ';
        at = put_hex(out, at + 1, s->secret, s->n);
        out[at++] = '\n';
    }
    return at;
}

bool keylog_client(const struct keylog *k, size_t i, uint8_t client_random[32])
{
    if (i >= k->n_clients)
        return false;
    memcpy(client_random, k->owner[k->client[i]].name + 1, CLIENT);
    return true;
}

#include "tests/lib/tls_liar.h"

#include "tls/messages.h"

#include <string.h>

/* ---- one message ---- */

static size_t number_at(const uint8_t *at, unsigned octets)
{
    size_t n = 0;
    while (octets--)
        n = n << 8 | *at++;
    return n;
}

static void put_number(uint8_t *at, unsigned octets, size_t n)
{
    while (octets--) {
        at[octets] = (uint8_t)n;
        n >>= 8;
    }
}

/* n octets in place of `less` at `at`. */
static void replace(uint8_t *m, size_t *n, size_t at, size_t less, const uint8_t *with, size_t more)
{
    if (at + less > *n || *n - less + more > LIAR_MESSAGE)
        return;
    memmove(m + at + more, m + at + less, *n - at - less);
    if (more)
        memcpy(m + at, with, more);
    *n = *n - less + more;
}

static void right_length(uint8_t *m, size_t n)
{
    if (n >= 4)
        put_number(m + 1, 3, n - 4);
}

/* Where the extensions of a hello stand: behind their length of 2 octets. */
static bool find_extensions(const uint8_t *m, size_t n, size_t *at, size_t *end)
{
    size_t i = 4 + 2 + 32;
    if (n <= i || (m[0] != TLS_CLIENT_HELLO && m[0] != TLS_SERVER_HELLO))
        return false;
    i += 1 + m[i];                                    /* session_id */
    if (m[0] == TLS_CLIENT_HELLO) {
        i += i + 2 <= n ? 2 + number_at(m + i, 2) : n;
        i += i < n ? 1u + m[i] : n;
    } else {
        i += 3;
    }
    if (i + 2 > n)
        return false;
    *at = i + 2;
    *end = *at + number_at(m + i, 2);
    return *end <= n;
}

/* The script's choice of an extension: where it begins, and with its header how long it is. */
static bool choose_extension(struct script *s, const uint8_t *m, size_t at, size_t end, size_t *found, size_t *size)
{
    unsigned k = 0, wanted;
    for (size_t i = at; i + 4 <= end; i += 4 + number_at(m + i + 2, 2))
        k++;
    if (!k)
        return false;
    wanted = script_next(s) % k;
    for (k = 0; k < wanted; k++)
        at += 4 + number_at(m + at + 2, 2);
    *found = at;
    *size = 4 + number_at(m + at + 2, 2);
    return at + *size <= end;
}

static void change_extension(enum liar_kind kind, struct script *s, uint8_t *m, size_t *n)
{
    uint8_t text[260];
    size_t at, end, x, size, other, other_size, before = *n;
    if (!find_extensions(m, *n, &at, &end))
        return;
    bool any = choose_extension(s, m, at, end, &x, &size);
    if (kind == LIAR_EXTENSION_NEW) {
        put_number(text, 2, script_16(s));
        size_t more = script_some(s, text + 4, 255);
        put_number(text + 2, 2, more);
        replace(m, n, any ? x : end, 0, text, 4 + more);
    } else if (!any) {
        return;
    } else if (kind == LIAR_EXTENSION_AWAY) {
        replace(m, n, x, size, NULL, 0);
    } else if (kind == LIAR_EXTENSION_TWICE && size <= sizeof text) {
        memcpy(text, m + x, size);
        replace(m, n, end, 0, text, size);
    } else if (kind == LIAR_EXTENSION_SWAP && size <= sizeof text && choose_extension(s, m, at, end, &other, &other_size)) {
        memcpy(text, m + x, size);                     /* taken out, and put in front of another one */
        replace(m, n, x, size, NULL, 0);
        replace(m, n, other > x ? other - size : other, 0, text, size);
    } else if (kind == LIAR_EXTENSION_FLIP && size > 4) {
        size_t i = x + 4 + script_next(s) % (size - 4);
        m[i] = (uint8_t)(m[i] ^ script_next(s));
    } else if (kind == LIAR_EXTENSION_MORE) {
        size_t more = script_some(s, text, 255);
        replace(m, n, x + size, 0, text, more);
        put_number(m + x + 2, 2, size - 4 + more);
    } else if (kind == LIAR_EXTENSION_LESS && size > 4) {
        size_t less = 1 + script_next(s) % (size - 4);
        replace(m, n, x + size - less, less, NULL, 0);
        put_number(m + x + 2, 2, size - 4 - less);
    } else if (kind == LIAR_EXTENSION_TYPE) {
        put_number(m + x, 2, script_16(s));
    }
    put_number(m + at - 2, 2, end - at + *n - before);
    right_length(m, *n);
}

void liar_change(enum liar_kind kind, struct script *s, uint8_t *m, size_t *n)
{
    static const uint16_t numbers[] = { 0, 1, 0x7f, 0x80, 0xff, 0x100, 0x3fff, 0x4000, 0x7fff, 0x8000, 0xffff };
    uint8_t text[256];
    size_t at = *n > 4 ? 4 + script_16(s) % (*n - 4) : 0, some;
    switch (kind) {
    case LIAR_FLIP:
        m[at] = (uint8_t)(m[at] ^ script_next(s));
        break;
    case LIAR_TYPE:
        m[0] = (uint8_t)script_next(s);
        break;
    case LIAR_LENGTH:                                 /* one more or less, wherever a length may stand */
        at = script_next(s) & 1 ? 3 : at;
        m[at] = (uint8_t)(m[at] + (script_next(s) & 1 ? 1 : -1));
        break;
    case LIAR_CUT:
        *n = at ? at : *n;
        right_length(m, *n);
        break;
    case LIAR_MORE:
        some = script_some(s, text, 255);
        replace(m, n, *n, 0, text, some);
        right_length(m, *n);
        break;
    case LIAR_SPLICE:
        some = script_some(s, text, 255);
        if (at + some <= *n)
            memcpy(m + at, text, some);
        break;
    case LIAR_INSERT:
        some = script_some(s, text, 255);
        replace(m, n, at ? at : *n, 0, text, some);
        right_length(m, *n);
        break;
    case LIAR_DELETE:
        some = script_next(s);
        replace(m, n, at, at && at + some <= *n ? some : 0, NULL, 0);
        right_length(m, *n);
        break;
    case LIAR_NUMBER:
        if (at && at + 2 <= *n)
            put_number(m + at, 2, numbers[script_next(s) % (sizeof numbers / sizeof *numbers)]);
        break;
    case LIAR_EXTENSION_AWAY:
    case LIAR_EXTENSION_TWICE:
    case LIAR_EXTENSION_SWAP:
    case LIAR_EXTENSION_NEW:
    case LIAR_EXTENSION_FLIP:
    case LIAR_EXTENSION_MORE:
    case LIAR_EXTENSION_LESS:
    case LIAR_EXTENSION_TYPE:
        change_extension(kind, s, m, n);
        break;
    default:
        break;
    }
}

/* ---- the hooks ---- */

static void queue(struct liar *l, const uint8_t *m, size_t n)
{
    if (l->queued == LIAR_QUEUE || n > LIAR_MESSAGE || n == 0)
        return;
    memcpy(l->queue[l->queued].bytes, m, n);
    l->queue[l->queued++].n = n;
}

static void keep(struct liar *l, const uint8_t *m, size_t n)
{
    if (l->n_past == LIAR_PAST || n > LIAR_PAST_ROOM)
        return;
    memcpy(l->past[l->n_past].bytes, m, n);
    l->past[l->n_past++].n = n;
}

static void queue_another(struct liar *l)
{
    uint8_t m[4 + 255];
    m[0] = (uint8_t)(script_next(&l->script) % 32);
    size_t n = 4 + script_some(&l->script, m + 4, 255);
    right_length(m, n);
    queue(l, m, n);
}

static bool on_message(void *self, uint8_t *m, size_t *n, size_t room)
{
    struct liar *l = self;
    unsigned b = script_next(&l->script);
    enum liar_kind kind = b < LIAR_KINDS ? (enum liar_kind)b : LIAR_HONEST;
    uint8_t *copy = l->queue[0].bytes;
    (void)room;
    l->queued = l->given = 0;
    keep(l, m, *n);
    if (kind == LIAR_HONEST || *n > LIAR_MESSAGE)
        return true;
    l->lies++;
    l->changed[m[0]] = true;
    if (kind == LIAR_DROP)
        return false;
    if (kind == LIAR_TWICE || kind == LIAR_ANOTHER || kind == LIAR_PAST_AGAIN) {
        unsigned k = kind == LIAR_PAST_AGAIN ? script_next(&l->script) % (l->n_past ? l->n_past : 1) : 0;
        if (kind == LIAR_TWICE)
            queue(l, m, *n);
        else if (kind == LIAR_ANOTHER)
            queue_another(l);
        else
            queue(l, l->past[k].bytes, l->past[k].n);
        return true;
    }
    memcpy(copy, m, *n);                               /* what grows has no room where it stands: it goes behind itself */
    l->queue[0].n = *n;
    liar_change(kind, &l->script, copy, &l->queue[0].n);
    if (l->queue[0].n == *n && memcmp(copy, m, *n) == 0) {
        l->changed[m[0]] = false;
        l->lies--;
        return true;
    }
    l->queued = 1;
    return false;
}

static bool on_behind(void *self, struct bytes *message)
{
    struct liar *l = self;
    if (l->given == l->queued)
        return false;
    *message = (struct bytes){ l->queue[l->given].bytes, l->queue[l->given].n };
    l->given++;
    return true;
}

enum { RECORD_EXTRA = 0xe0, RECORD_TWICE, RECORD_LOST, RECORD_FLIP };

/* Asked first, once a record and once more behind an extra one: what becomes of it is chosen here. */
static bool on_before(void *self, enum tls_content type, bool is_sealed, struct tls_extra *x)
{
    struct liar *l = self;
    (void)type, (void)is_sealed;
    l->times = 1;
    l->dress_flip = false;
    if (!l->records)
        return false;
    switch (script_next(&l->script)) {
    case RECORD_EXTRA:
        x->type = (enum tls_content)(script_next(&l->script) & 0x80 ? script_next(&l->script)
                                                                    : 20 + script_next(&l->script) % 4);
        x->n = script_some(&l->script, l->extra, 255);
        x->content = l->extra;
        l->lies++;
        if (x->type == TLS_CONTENT_APPLICATION && is_sealed && l->said_n + x->n <= LIAR_SAID) {
            memcpy(l->said + l->said_n, x->content, x->n);
            l->said_n += x->n;
        }
        return true;
    case RECORD_TWICE: l->times = 2; l->lies++; break;
    case RECORD_LOST:  l->times = 0; l->lies++; break;
    case RECORD_FLIP:
        l->dress_flip = true;
        l->flip_at = script_16(&l->script);
        l->flip_by = script_next(&l->script);
        l->lies++;
        break;
    }
    return false;
}

/* Content, MAC and padding, before they are encrypted: with an AEAD that is another content, rightly sealed. */
static bool on_dressed(void *self, struct record *r)
{
    struct liar *l = self;
    if (l->dress_flip && r->opened_n) {
        uint8_t *at = r->at + r->content + l->flip_at % r->opened_n;
        *at = (uint8_t)(*at ^ l->flip_by);
    }
    if (r->type == TLS_CONTENT_APPLICATION && l->said_n + r->content_n <= LIAR_SAID) {
        memcpy(l->said + l->said_n, r->at + r->content, r->content_n);
        l->said_n += r->content_n;
    }
    return true;
}

static unsigned on_sealed(void *self, struct record *r)
{
    struct liar *l = self;
    (void)r;
    return l->times;
}

void liar_start(struct liar *l, const uint8_t *script, size_t n)
{
    l->script = (struct script){ script, n };
    l->spoil = (struct tls_spoil){ .self = l, .message = on_message, .behind = on_behind, .before = on_before,
                                   .dressed = on_dressed, .sealed = on_sealed };
    l->records = true;
    l->queued = l->given = l->n_past = l->lies = 0;
    l->said_n = 0;
    l->times = 1;
    l->dress_flip = false;
    memset(l->changed, 0, sizeof l->changed);
}

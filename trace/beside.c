#include "trace/beside.h"

#include <string.h>

/* The messages of one connection as its client told them. */
struct list { const struct event *at[BESIDE_MOST]; unsigned n; };

bool beside_written(const struct event *message) { return strcmp(event_text(message, "way"), "written") == 0; }

static bool is_message(const struct event *e) { return e->kind == EVENT_MESSAGE && strcmp(e->layer, "tls") == 0; }

static bool is_resumed(const struct event *e)
{
    return e->kind == EVENT_CHECK && strcmp(e->name, "resumption") == 0
        && strcmp(event_text(e, "verdict"), "resumed") == 0;
}

/* Who began, the connection that resumes, and the one before it. */
static bool find_connections(struct beside *b, struct tape *tape, event_no last, uint16_t *host)
{
    b->conn[0] = b->conn[1] = *host = 0;
    for (event_no n = 1; n <= last; n++) {
        const struct event *e = tape_event(tape, n);
        if (is_message(e) && !*host)
            *host = e->host;
        if (e->host != *host)
            continue;
        if (is_message(e) && e->conn != b->conn[1]) {
            b->conn[0] = b->conn[1];
            b->conn[1] = e->conn;
        }
        if (is_resumed(e) && b->conn[0] && e->conn == b->conn[1])
            return true;
    }
    return false;
}

static void add_up(struct beside_sum *sum, const struct list *l)
{
    bool wrote = false;
    for (unsigned i = 0; i < l->n; i++) {
        bool writes = beside_written(l->at[i]);
        sum->messages++;
        sum->octets += l->at[i]->bytes.n;
        sum->trips += wrote && !writes;
        wrote = writes;
    }
    if (l->n)
        sum->took = l->at[l->n - 1]->t - l->at[0]->t;
}

static bool alike(const struct event *a, const struct event *b)
{
    return strcmp(a->name, b->name) == 0 && beside_written(a) == beside_written(b);
}

/* How many of a[i..] and b[k..] can be matched in order. */
static void count_matches(const struct list *a, const struct list *b, uint8_t best[BESIDE_MOST + 1][BESIDE_MOST + 1])
{
    memset(best, 0, (BESIDE_MOST + 1) * (BESIDE_MOST + 1));
    for (unsigned i = a->n; i-- > 0;)
        for (unsigned k = b->n; k-- > 0;) {
            uint8_t without = best[i + 1][k] > best[i][k + 1] ? best[i + 1][k] : best[i][k + 1];
            best[i][k] = alike(a->at[i], b->at[k]) ? (uint8_t)(best[i + 1][k + 1] + 1) : without;
        }
}

static void align(struct beside *x, const struct list *a, const struct list *b)
{
    uint8_t best[BESIDE_MOST + 1][BESIDE_MOST + 1];
    count_matches(a, b, best);
    for (unsigned i = 0, k = 0; i < a->n || k < b->n;) {
        struct beside_row *row = &x->rows[x->n++];
        bool both = i < a->n && k < b->n && alike(a->at[i], b->at[k]);
        bool left = both || k == b->n || (i < a->n && best[i + 1][k] >= best[i][k + 1]);
        *row = (struct beside_row){ { left ? a->at[i] : NULL, both || !left ? b->at[k] : NULL } };
        i += left;
        k += both || !left;
    }
}

bool beside_read(struct beside *b, struct tape *tape, event_no last)
{
    struct list lists[2] = { { .n = 0 }, { .n = 0 } };
    uint16_t host;
    *b = (struct beside){ .n = 0 };
    if (!find_connections(b, tape, last, &host))
        return false;
    for (event_no n = 1; n <= last; n++) {
        const struct event *e = tape_event(tape, n);
        for (unsigned i = 0; i < 2; i++)
            if (is_message(e) && e->host == host && e->conn == b->conn[i] && lists[i].n < BESIDE_MOST)
                lists[i].at[lists[i].n++] = e;
    }
    for (unsigned i = 0; i < 2; i++)
        add_up(&b->sum[i], &lists[i]);
    align(b, &lists[0], &lists[1]);
    return true;
}

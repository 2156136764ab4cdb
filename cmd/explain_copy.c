#define _POSIX_C_SOURCE 200809L
#include "cmd/explain_copy.h"
#include "cmd/capture_file.h"
#include "cmd/words.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- secrets that stand in the capture, wherever ---- */

static bool take_secrets(void *who, struct bytes text, uint64_t after)
{
    (void)after;                                      /* they are wanted wherever they stand */
    keylog_add(who, (const char *)text.at, text.n, 0, NULL);
    return true;
}

/* A pipe is read once: its secrets are known when they come. */
static bool read_ahead(struct explain_copy *c, const char *name)
{
    struct stat is;
    struct fault why = { 0 };
    const char *format;
    bool is_file;
    c->early = keylog_new();
    if (!c->early)
        complain("vitrine explain: there is no memory for that");
    if (!c->early || strcmp(name, "-") == 0 || stat(name, &is) != 0 || !S_ISREG(is.st_mode))
        return c->early != NULL;
    const int fd = capture_file_open("explain", name, &is_file);
    const struct capture_taker taker = { .who = c->early, .secrets = take_secrets };
    bool good = fd >= 0 && capture_file_read("explain", name, fd, &taker, &format, &why) != CAPTURE_CAME_NOT;
    if (fd >= 0)
        close(fd);
    return good;
}

/* ---- the copy ---- */

static bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino && S_ISREG(x.st_mode);
}

bool copy_open(struct explain_copy *c, const char *name, bool strip, const char *capture)
{
    if (same_file(name, capture)) {
        complain("vitrine explain: --pcap %s would write over what is read", name);
        return false;
    }
    c->on = true;
    c->strip = strip;
    if (!strip && !read_ahead(c, capture))
        return false;
    return file_sink_open(&c->file, name, !strip, "capture") && capture_write_begin(&c->writer, &c->file.sink);
}

void copy_start(struct explain_copy *c, const struct keylog *keylog, const struct reading_config *config)
{
    c->keylog = keylog;
    c->only = config->only;
    c->n_only = config->n_only;
}

static bool is_told(struct explain_copy *c, uint32_t id)
{
    size_t at = id / 8;
    if (at >= c->told_n) {
        size_t n = (at + 1) * 2;
        uint8_t *more = realloc(c->told, n);
        if (!more)
            return true;                              /* rather no secret than one with each frame */
        memset(more + c->told_n, 0, n - c->told_n);
        c->told = more;
        c->told_n = n;
    }
    return c->told[at] >> (id % 8) & 1;
}

/* Of a connection that a server's key, a line of RSA or an earlier session opened: its master secret. */
static size_t master_line(const struct conversation *talk, char out[KEYLOG_LINES])
{
    static const char label[] = "CLIENT_RANDOM ";
    uint8_t master[TLS_MASTER_SECRET];
    size_t at = sizeof label - 1;
    if (!talk->watch || !watch_master(talk->watch, master))
        return 0;
    memcpy(out, label, at);
    sodium_bin2hex(out + at, 2 * TLS_RANDOM + 1, talk->tls->client_random, TLS_RANDOM);
    at += 2 * TLS_RANDOM;
    out[at++] = ' ';
    sodium_bin2hex(out + at, 2 * sizeof master + 1, master, sizeof master);
    at += 2 * sizeof master;
    out[at++] = '\n';
    sodium_memzero(master, sizeof master);
    return at;
}

static bool write_secrets(struct explain_copy *c, const struct flow *flow)
{
    const struct conversation *talk = flow ? reading_of(flow) : NULL;
    char lines[KEYLOG_LINES];
    if (!talk || !talk->tls || !talk->tls->client_hello.n || is_told(c, flow->id))
        return true;
    const struct bytes id = { talk->tls->client_random, TLS_RANDOM };
    size_t n = keylog_lines(c->keylog, id, lines);
    if (!n)
        n = keylog_lines(c->early, id, lines);
    if (!n)
        n = master_line(talk, lines);
    bool good = !n || capture_write_secrets(&c->writer, (struct bytes){ (const uint8_t *)lines, n });
    sodium_memzero(lines, sizeof lines);
    if (n)
        c->told[flow->id / 8] |= (uint8_t)(1u << flow->id % 8);
    return good;
}

/* Pieces of a datagram come before it is known whose it is: they come along. */
static bool is_chosen(struct explain_copy *c, const struct reading *r)
{
    uint64_t fragments = reading_facts(r)->fragments;
    bool fragment = fragments != c->fragments;
    c->fragments = fragments;
    for (size_t i = 0; c->flow && i < c->n_only; i++)
        if (c->only[i] == c->flow->id)
            return true;
    return c->n_only == 0 || (!c->flow && fragment);
}

void copy_frame(struct explain_copy *c, const struct capture_frame *f, const struct reading *r, bool held)
{
    const struct flow *flow = c->flow;
    bool wanted = is_chosen(c, r) && held;
    c->flow = NULL;
    if (!c->on || !wanted)
        return;
    c->frames++;
    if ((!c->strip && !write_secrets(c, flow)) || !capture_write_frame(&c->writer, f))
        c->file.failed = true;
}

void copy_name(struct explain_copy *c, const struct addr *addr, const char *name)
{
    if (c->on && !capture_write_name(&c->writer, addr, name))
        c->file.failed = true;
}

bool copy_close(struct explain_copy *c)
{
    keylog_free(c->early);
    capture_write_end(&c->writer);
    free(c->told);
    return file_sink_close(&c->file);
}

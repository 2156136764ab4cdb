#include "cmd/capture_tape.h"

#include "cmd/capture_file.h"
#include "cmd/keylog_file.h"
#include "cmd/words.h"
#include "crypto/cpu.h"
#include "http/reading.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

/* What hashes of tables are keyed with. */
static void fill(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c, (void)purpose;
    randombytes_buf(out, n);
}

struct reader {
    struct tape *tape;
    struct chance chance;
    struct cpu cpu;
    struct keylog *keylog;
    bool keylog_given;
    struct trace *trace;
    struct reading *reading;                          /* NULL: no frame yet, so nobody knows when it begins */
    const uint32_t *only; size_t n_only;
};

static bool no_memory(void)
{
    complain("vitrine: there is no memory for a view");
    return false;
}

static bool start(struct reader *r, nsec at)
{
    r->trace = trace_new(at);
    if (!r->trace)
        return no_memory();
    trace_attach(r->trace, tape_view(r->tape));
    const struct reading_config config = { .trace = r->trace, .keylog = r->keylog, .keylog_given = r->keylog_given,
                                           .cpu = &r->cpu, .chance = &r->chance, .only = r->only,
                                           .n_only = r->n_only };
    r->reading = reading_new(&config);
    return r->reading || no_memory();
}

static void give_back(struct reader *r)
{
    struct conversation *c;
    while ((c = reading_over(r->reading)) != NULL)
        reading_give(r->reading, c);
}

static bool take_frame(void *who, const struct capture_frame *f)
{
    struct reader *r = who;
    if (!r->reading && !start(r, f->at))
        return false;
    reading_frame(r->reading, f);
    give_back(r);
    return true;
}

static bool take_secrets(void *who, struct bytes text, uint64_t after)
{
    struct reader *r = who;
    return keylog_add(r->keylog, (const char *)text.at, text.n, after, NULL) || no_memory();
}

static bool take_name(void *who, const struct addr *addr, const char *name)
{
    struct reader *r = who;
    if (r->reading)
        reading_name(r->reading, addr, name);
    return true;
}

static bool read_keylog(struct reader *r, const char *name)
{
    r->keylog_given = name != NULL;
    return !name || keylog_file(r->keylog, "compare", name);
}

static bool read_file(struct reader *r, const char *name)
{
    struct fault why = { 0 };
    const char *format;
    bool is_file;
    const struct capture_taker taker = { r, take_frame, take_secrets, take_name, NULL };
    const int fd = capture_file_open("compare", name, &is_file);
    if (fd < 0)
        return false;
    const enum capture_came came = capture_file_read("compare", name, fd, &taker, &format, &why);
    if (fd > STDIN_FILENO)
        close(fd);
    if (came == CAPTURE_CAME_NOT || (!r->reading && !start(r, 0)))
        return false;
    if (came == CAPTURE_CAME_CUT)
        reading_cut(r->reading, &why);
    reading_end(r->reading);
    give_back(r);
    return true;
}

bool capture_tape(const char *name, const char *keylog, unsigned which, struct tape *tape)
{
    const uint32_t only = which;
    struct reader r = { .tape = tape, .chance = { fill }, .cpu = cpu_found(), .keylog = keylog_new(), .only = &only,
                        .n_only = which != 0 };
    bool good = r.keylog ? read_keylog(&r, keylog) && read_file(&r, name) : no_memory();
    if (r.trace)
        trace_end(r.trace);
    reading_free(r.reading);
    trace_free(r.trace);
    keylog_free(r.keylog);
    return good;
}

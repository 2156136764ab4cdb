#define _POSIX_C_SOURCE 200809L
#include "cmd/session_file.h"
#include "cmd/files.h"
#include "cmd/words.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char head[] = "vitrine-session-1\n";
enum { EXIT_USAGE = 2, VERSION = 0x0303 };

static char *add_hex(char *at, const char *name, const uint8_t *octets, size_t n)
{
    at += sprintf(at, "%s ", name);
    sodium_bin2hex(at, 2 * n + 1, octets, n);
    at += 2 * n;
    *at++ = '\n';
    return at;
}

static char *add_text(char *at, const char *name, const char *text) { return at + sprintf(at, "%s %s\n", name, text); }

static char *add_number(char *at, const char *name, const char *form, int64_t number)
{
    char text[32];
    snprintf(text, sizeof text, form, number);
    return add_text(at, name, text);
}

size_t session_write_text(const struct tls_resumable *r, char text[SESSION_TEXT])
{
    const struct tls_session *s = &r->session;
    if (!s->suite)
        return 0;
    char *at = add_text(text + sprintf(text, "%s", head), "host", s->host);
    at = add_number(at, "suite", "%04" PRIx64, s->suite);
    at = add_number(at, "made", "%" PRId64, s->made);
    at = add_number(at, "got", "%" PRId64, r->got);
    at = add_number(at, "lifetime", "%" PRId64, r->lifetime_hint);
    at = add_hex(at, "id", s->id, s->id_n);
    at = add_hex(at, "ticket", r->ticket, r->ticket_n);
    at = add_hex(at, "master_secret", s->master_secret, TLS_MASTER_SECRET);
    return (size_t)(at - text);
}

static bool take_hex(const char *value, size_t n, uint8_t *out, size_t room, size_t *got)
{
    const char *end;
    return sodium_hex2bin(out, room, value, n, NULL, got, &end) == 0 && end == value + n;
}

static bool take_number(const char *value, size_t n, int base, int64_t most, int64_t *out)
{
    char text[24], *end;
    if (n == 0 || n >= sizeof text || value[0] == '-' || value[0] == '+' || value[0] == ' ')
        return false;
    memcpy(text, value, n);
    text[n] = '\0';
    errno = 0;
    *out = strtoll(text, &end, base);
    return *end == '\0' && errno == 0 && *out <= most;
}

enum line { HOST, SUITE, MADE, GOT, LIFETIME, ID, TICKET, MASTER_SECRET, LINES };

static bool take_line(enum line line, const char *value, size_t n, struct tls_resumable *r)
{
    struct tls_session *s = &r->session;
    int64_t number = 0;
    size_t got = 0;
    bool good = false;
    switch (line) {
    case HOST:
        good = n <= TLS_HOST_MAX && !memchr(value, '\0', n);
        memcpy(s->host, value, good ? n : 0);
        break;
    case SUITE:    good = take_number(value, n, 16, UINT16_MAX, &number); s->suite = (uint16_t)number; break;
    case MADE:     good = take_number(value, n, 10, INT64_MAX, &s->made); break;
    case GOT:      good = take_number(value, n, 10, INT64_MAX, &r->got); break;
    case LIFETIME: good = take_number(value, n, 10, UINT32_MAX, &number); r->lifetime_hint = (uint32_t)number; break;
    case ID:       good = take_hex(value, n, s->id, sizeof s->id, &got); s->id_n = (uint8_t)got; break;
    case TICKET:   good = take_hex(value, n, r->ticket, sizeof r->ticket, &r->ticket_n); break;
    case MASTER_SECRET:
        good = take_hex(value, n, s->master_secret, TLS_MASTER_SECRET, &got) && got == TLS_MASTER_SECRET;
        break;
    case LINES: break;
    }
    return good;
}

bool session_read_text(const char *text, size_t n, struct tls_resumable *r)
{
    static const char *const names[LINES] = { "host", "suite", "made", "got", "lifetime", "id", "ticket",
                                              "master_secret" };
    const char *at = text + strlen(head), *end = text + n;
    bool good = n > strlen(head) && memcmp(text, head, strlen(head)) == 0;
    *r = (struct tls_resumable){ .session = { .version = VERSION, .extended_master_secret = true } };
    for (unsigned line = 0; line < LINES && good; line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t name = strlen(names[line]);
        good = stop && (size_t)(stop - at) > name && memcmp(at, names[line], name) == 0 && at[name] == ' '
            && take_line((enum line)line, at + name + 1, (size_t)(stop - at) - name - 1, r);
        at = stop ? stop + 1 : end;
    }
    good = good && at == end;
    if (!good)
        tls_resumable_wipe(r);
    return good;
}

int session_load(const char *name, struct tls_resumable *r)
{
    const char *why;
    size_t n;
    *r = (struct tls_resumable){ .lifetime_hint = 0 };
    if (access(name, F_OK) != 0 && errno == ENOENT)
        return 0;
    char *text = file_read(name, SESSION_TEXT, &n, &why);
    if (!text) {
        complain("vitrine get: cannot read the session in %s: %s", name, why);
        return EXIT_USAGE;
    }
    bool good = n == 0 || session_read_text(text, n, r);
    sodium_memzero(text, n);
    free(text);
    if (good)
        return 0;
    complain("vitrine get: there is no session in %s: it is not a file of --session", name);
    return EXIT_USAGE;
}

bool session_save(const char *name, const struct tls_resumable *r)
{
    char text[SESSION_TEXT];
    struct file_sink f;
    size_t n = session_write_text(r, text);
    bool good = file_sink_open(&f, name, true, "session") && (!n || f.sink.write(&f.sink, text, n));
    good = file_sink_close(&f) && good;
    sodium_memzero(text, sizeof text);
    return good;
}

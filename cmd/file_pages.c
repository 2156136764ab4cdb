#define _GNU_SOURCE
#include "cmd/file_pages.h"
#include "cmd/files.h"
#include "cmd/words.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel itself keeps the path below the root, links included (openat2(2), RESOLVE_BENEATH): no check
 * of ours can be raced. */
static int open_beneath(int root, const char *path, int flags)
{
    struct open_how how = { .flags = (unsigned)(flags | O_CLOEXEC | O_NONBLOCK),
                            .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS };
    const char *relative = path[1] ? path + 1 : ".";
    return (int)syscall(SYS_openat2, root, relative, &how, sizeof how);
}

static const char *type_of(const char *path)
{
    static const struct { const char *end, *type; } types[] = {
        { ".html", "text/html; charset=utf-8" }, { ".htm", "text/html; charset=utf-8" },
        { ".css", "text/css" }, { ".js", "text/javascript" }, { ".json", "application/json" },
        { ".txt", "text/plain; charset=utf-8" }, { ".md", "text/plain; charset=utf-8" },
        { ".svg", "image/svg+xml" }, { ".png", "image/png" }, { ".jpg", "image/jpeg" },
        { ".jpeg", "image/jpeg" }, { ".gif", "image/gif" }, { ".ico", "image/x-icon" },
        { ".webp", "image/webp" }, { ".pdf", "application/pdf" }, { ".xml", "application/xml" },
        { ".wasm", "application/wasm" }, { ".woff2", "font/woff2" }, { ".pem", "application/x-pem-file" },
    };
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (strcasecmp(dot, types[i].end) == 0)
            return types[i].type;
    return "application/octet-stream";
}

/* A listing is made into a nameless file, so that it is read like any other. */
static void escaped(FILE *f, const char *text)
{
    for (; *text; text++)
        if (strchr("&<>\"'", *text) || (unsigned char)*text < 0x20)
            fprintf(f, "&#%u;", (unsigned char)*text);
        else
            fputc(*text, f);
}

/* RFC 3986 §2.1: as it may stand in a path. False: there is no room. */
static bool percent_encode(const char *text, char *out, size_t room)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    for (; *text && room > 3; text++) {
        int n = snprintf(out, room, strchr(plain, *text) ? "%c" : "%%%02X", (unsigned char)*text);
        out += n;
        room -= (size_t)n;
    }
    *out = '\0';
    return !*text;
}

static int visible(const struct dirent *e) { return e->d_name[0] != '.'; }

static int listing(int dir, const char *path)
{
    struct dirent **entries = NULL;
    FILE *f = tmpfile();
    int n = f ? scandirat(dir, ".", &entries, visible, alphasort) : -1;
    if (n >= 0) {
        fprintf(f, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
        escaped(f, path);
        fprintf(f, "</title></head>\n<body><h1>");
        escaped(f, path);
        fprintf(f, "</h1>\n<ul>\n%s", strcmp(path, "/") == 0 ? "" : "<li><a href=\"../\">../</a></li>\n");
    }
    for (int i = 0; i < n; i++) {
        char link[3 * NAME_MAX + 4];
        const char *slash = entries[i]->d_type == DT_DIR ? "/" : "";
        percent_encode(entries[i]->d_name, link, sizeof link);
        fprintf(f, "<li><a href=\"./%s%s\">", link, slash);
        escaped(f, entries[i]->d_name);
        fprintf(f, "%s</a></li>\n", slash);
        free(entries[i]);
    }
    free(entries);
    int made = n >= 0 && fprintf(f, "</ul></body></html>\n") > 0 && fflush(f) == 0 ? dup(fileno(f)) : -1;
    if (f)
        fclose(f);
    return made;
}

/* index.html where there is one, else a listing. */
static int open_directory(int root, const char *path, int dir, const char **type)
{
    char index[4200];
    snprintf(index, sizeof index, "%sindex.html", path);
    int fd = open_beneath(root, index, O_RDONLY);
    *type = type_of(".html");
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        fd = listing(dir, path);
    close(dir);
    return fd;
}

/* RFC 9110 §15.4.2: a directory is asked for with a slash at its end, so that links in its index lead into
 * it. */
static void redirect(const char *path, struct page *out)
{
    size_t room = sizeof out->location;
    if (!percent_encode(path, out->location, room - 1))
        return;
    strcat(out->location, "/");
    out->status = 301;
}

/* The secrets of this very run (a CA's key, a key log) may lie below the root: they are not for strangers. */
static bool is_public(const struct stat *is) { return S_ISREG(is->st_mode) && !file_is_secret(is); }

static unsigned status_of(int error)
{
    if (error == EMFILE || error == ENFILE || error == ENOMEM)
        return 503;
    return error == EACCES || error == EPERM || error == EXDEV || error == ELOOP ? 403 : 404;
}

static void file_find(struct pages *p, const char *path, struct page *out)
{
    const struct file_pages *f = (const struct file_pages *)p;
    size_t n = strlen(path);
    *out = (struct page){ .status = 404, .handle = -1 };
    if (path[0] != '/')
        return;                                       /* "*" is no page */
    int fd = open_beneath(f->root, path, O_RDONLY);
    const char *type = type_of(path);
    struct stat is;
    if (fd >= 0 && fstat(fd, &is) == 0 && S_ISDIR(is.st_mode)) {
        if (path[n - 1] != '/') {
            close(fd);
            redirect(path, out);
            return;
        }
        fd = open_directory(f->root, path, fd, &type);
    }
    if (fd < 0 || fstat(fd, &is) != 0 || !is_public(&is)) {
        out->status = fd < 0 ? status_of(errno) : 403;
        if (fd >= 0)
            close(fd);
        return;
    }
    *out = (struct page){ .status = 200, .type = type, .size = (uint64_t)is.st_size, .handle = fd };
}

static size_t file_page_read(struct pages *p, const struct page *page, uint64_t off, void *out, size_t n)
{
    (void)p;
    ssize_t got = pread((int)page->handle, out, n, (off_t)off);
    return got > 0 ? (size_t)got : 0;
}

static void file_done(struct pages *p, const struct page *page)
{
    (void)p;
    if (page->handle >= 0)
        close((int)page->handle);
}

bool file_pages_open(struct file_pages *f, const char *dir)
{
    *f = (struct file_pages){ .pages = { file_find, file_page_read, file_done },
                              .root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC) };
    int probe = f->root < 0 ? -1 : open_beneath(f->root, "/", O_RDONLY);
    if (probe < 0)
        complain("vitrine serve: cannot serve %s: %s%s", dir, strerror(errno),
                 errno == ENOSYS ? " (this needs openat2(2), Linux 5.6)" : "");
    else
        close(probe);
    return probe >= 0;
}

void file_pages_close(struct file_pages *f)
{
    if (f->root >= 0)
        close(f->root);
}

#define _POSIX_C_SOURCE 200809L
#include "cmd/roots.h"
#include "cmd/files.h"
#include "cmd/words.h"
#include "tls/x509/pem.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MOST = 64 << 20 };
const char roots_of_system[] = "/etc/ssl/certs/ca-certificates.crt";

/* Why can it not be read? about: its name, where reading came so far. */
static bool is_flawed(const struct der *der, struct fault *flaw)
{
    struct x509_cert c;
    if (x509_read_cert(der, NULL, &c, flaw))
        return false;
    flaw->about[0] = '\0';
    if (c.subject.n && !x509_name_empty(&c.subject))
        x509_name_short(&c.subject, flaw->about, sizeof flaw->about);
    return true;
}

/* The first that was passed over. */
static void find_flaw(const char *text, size_t n, bool is_der, struct fault *flaw)
{
    struct fault broken = { 0 };
    const char *at = text;
    uint8_t *der = malloc(X509_CERT_MAX);
    size_t size = 1;
    if (is_der)
        is_flawed(&(struct der){ .at = (const uint8_t *)text, .n = n }, flaw);
    while (der && !is_der && !flaw->ground && (size > 0 || broken.ground)) {
        broken = (struct fault){ 0 };
        size = pem_next(&at, text + n, "CERTIFICATE", NULL, der, X509_CERT_MAX, &broken);
        if (broken.ground)
            *flaw = broken;
        else if (size)
            is_flawed(&(struct der){ .at = der, .n = size }, flaw);
    }
    free(der);
}

static enum roots_found add_file(struct x509_store *s, const char *name, struct roots *r)
{
    size_t n, skipped = 0;
    char *text = file_read(name, FILE_MOST, &n, &r->why);
    if (!text)
        return ROOTS_UNREADABLE;
    bool der = n > 1 && (uint8_t)text[0] == (DER_SEQUENCE & 0xff), good;
    if (der)
        skipped = !(good = x509_store_add(s, &(struct der){ .at = (const uint8_t *)text, .n = n }, NULL));
    else
        good = x509_store_add_pem(s, text, n, &skipped, NULL);
    if (skipped && !r->flaw.ground)
        find_flaw(text, n, der, &r->flaw);
    free(text);
    r->skipped += skipped;
    return good || skipped ? ROOTS_THERE : ROOTS_NONE;
}

static int by_name(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }
static int not_hidden(const struct dirent *d) { return d->d_name[0] != '.'; }

static enum roots_found add_directory(struct x509_store *s, const char *name, struct roots *r)
{
    struct dirent **entries;
    int n = scandir(name, &entries, not_hidden, by_name);
    bool there = false;
    if (n < 0) {
        r->why = strerror(errno);
        return ROOTS_UNREADABLE;
    }
    for (int i = 0; i < n; i++) {
        size_t room = strlen(name) + strlen(entries[i]->d_name) + 2;
        char *path = malloc(room);
        struct roots one = { 0 };
        struct stat is;
        if (path)
            snprintf(path, room, "%s/%s", name, entries[i]->d_name);
        if (path && stat(path, &is) == 0 && S_ISREG(is.st_mode) && add_file(s, path, &one) == ROOTS_THERE) {
            there = true;
            r->skipped += one.skipped;
            if (!r->flaw.ground)
                r->flaw = one.flaw;
        }
        free(path);
        free(entries[i]);
    }
    free(entries);
    return there ? ROOTS_THERE : ROOTS_NONE;
}

enum roots_found roots_add(struct x509_store *s, const char *name, struct roots *r)
{
    static const struct ground no_anchor = { "x509.no_anchor", "RFC 7468 §5" };
    struct stat is;
    *r = (struct roots){ 0 };
    bool directory = stat(name, &is) == 0 && S_ISDIR(is.st_mode);
    enum roots_found found = directory ? add_directory(s, name, r) : add_file(s, name, r);
    if (found == ROOTS_NONE)
        refuse(&r->flaw, &no_anchor, "at least one certificate", "none");
    return found;
}

bool roots_add_notes(struct x509_store *s, const char *command, const char *name)
{
    struct fault why = { 0 };
    const char *unread;
    size_t n;
    char *text = file_read(name, FILE_MOST, &n, &unread);
    if (!text) {
        complain("vitrine %s: cannot read %s: %s", command, name, unread);
        return false;
    }
    bool good = x509_store_add_notes(s, text, n, &why);
    free(text);
    if (!good) {
        char who[32];
        snprintf(who, sizeof who, "vitrine %s", command);
        words_fault_of(stderr, who, name, &why);
    }
    return good;
}

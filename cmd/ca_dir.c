/* The directory of a CA: its files and its index. */
#define _POSIX_C_SOURCE 200809L
#include "cmd/ca.h"
#include "cmd/files.h"
#include "cmd/password.h"
#include "cmd/words.h"
#include "tls/x509/pem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { FILE_MOST = 16 << 20 };
static const char usual_dir[] = "vitrine-ca";

static void fill(struct chance *self, const char *purpose, void *out, size_t n)
{
    (void)self, (void)purpose;
    randombytes_buf(out, n);
}

void ca_path(const struct ca *ca, const char *name, const char *ending, char out[CA_PATH])
{
    snprintf(out, CA_PATH, "%s/%s%s", ca->dir, name, ending);
}

/* ---- the index: columns with a tab between them ---- */

static const char index_head[] =
    "# state\tserial\tissued by\tnot after\trevoked (seconds since 1970)\treason\tname\tsubject\n";

/* The next column, cut off; NULL: there is none more. */
static char *column(char **at)
{
    char *start = *at;
    if (!start)
        return NULL;
    char *end = strchr(start, '\t');
    *at = end ? end + 1 : NULL;
    if (end)
        *end = 0;
    return start;
}

static bool read_entry(char *line, struct ca_entry *e)
{
    char *at = line, *part[8];
    for (unsigned i = 0; i < 8; i++)
        if (!(part[i] = column(&at)))
            return false;
    const bool revoked = strcmp(part[0], "R") == 0;
    *e = (struct ca_entry){ .revoked = revoked ? strtoll(part[4], NULL, 10) : CA_EVER,
                            .reason = (unsigned)strtoul(part[5], NULL, 10) };
    snprintf(e->serial, sizeof e->serial, "%s", part[1]);
    snprintf(e->issuer, sizeof e->issuer, "%s", part[2]);
    snprintf(e->not_after, sizeof e->not_after, "%s", part[3]);
    snprintf(e->name, sizeof e->name, "%s", part[6]);
    snprintf(e->subject, sizeof e->subject, "%s", part[7]);
    return revoked || strcmp(part[0], "V") == 0;
}

static bool grow(struct ca *ca)
{
    if (ca->n % 64)
        return true;
    struct ca_entry *more = ca->n < CA_ENTRIES ? realloc(ca->entries, (ca->n + 64) * sizeof *more) : NULL;
    if (more)
        ca->entries = more;
    else
        complain("vitrine ca: %s has more certificates than fit", ca->dir);
    return more;
}

static bool read_index(struct ca *ca)
{
    char path[CA_PATH];
    const char *why;
    size_t n;
    ca_path(ca, "index", ".txt", path);
    char *text = file_read(path, FILE_MOST, &n, &why);
    if (!text) {
        complain("vitrine ca: cannot read %s: %s (`vitrine ca init` makes a CA)", path, why);
        return false;
    }
    bool good = true;
    unsigned number = 0;
    for (char *line = text, *end; good && *line; line = end) {
        end = line + strcspn(line, "\n");
        end += *end ? (*end = 0, 1) : 0;
        number++;
        if (*line == '#' || !*line)
            continue;
        good = grow(ca) && read_entry(line, &ca->entries[ca->n]);
        ca->n += good;
        if (!good)
            complain("vitrine ca: line %u of %s is no line of an index", number, path);
    }
    free(text);
    return good;
}

bool ca_write_index(const struct ca *ca)
{
    char path[CA_PATH], aside[CA_PATH];
    struct file_sink f;
    ca_path(ca, "index", ".txt", path);
    ca_path(ca, "index", ".new", aside);              /* so that there is always a whole one */
    if (!file_sink_open(&f, aside, false, ""))
        return false;
    fputs(index_head, f.file);
    for (size_t i = 0; i < ca->n; i++) {
        const struct ca_entry *e = &ca->entries[i];
        char revoked[24] = "-";
        if (e->revoked != CA_EVER)
            snprintf(revoked, sizeof revoked, "%" PRId64, e->revoked);
        fprintf(f.file, "%s\t%s\t%s\t%s\t%s\t%u\t%s\t%s\n", e->revoked == CA_EVER ? "V" : "R", e->serial, e->issuer,
                e->not_after, revoked, e->reason, e->name, e->subject);
    }
    if (!file_sink_close(&f))
        return false;
    if (rename(aside, path) == 0)
        return true;
    complain("vitrine ca: cannot write %s: %s", path, strerror(errno));
    return false;
}

bool ca_add(struct ca *ca, const struct ca_entry *e)
{
    if (!grow(ca))
        return false;
    ca->entries[ca->n] = *e;
    for (char *at = ca->entries[ca->n].subject; *at; at++)
        if ((unsigned char)*at < ' ')
            *at = ' ';
    ca->n++;
    return ca_write_index(ca);
}

/* Of several of a name the last counts. */
const struct ca_entry *ca_find(const struct ca *ca, const char *what)
{
    const char *base = strrchr(what, '/') ? strrchr(what, '/') + 1 : what;
    size_t n = strlen(base);
    if (n > 4 && strcmp(base + n - 4, ".pem") == 0)
        n -= 4;
    for (size_t i = ca->n; i-- > 0;) {
        const struct ca_entry *e = &ca->entries[i];
        if (strcmp(e->serial, what) == 0 || (strlen(e->name) == n && memcmp(e->name, base, n) == 0))
            return e;
    }
    complain("vitrine ca: %s has no certificate with this serial number or name: %s", ca->dir, what);
    return NULL;
}

/* ---- opening ---- */

static bool read_when(struct ca *ca, const char *text)
{
    uint64_t seconds = 0;
    if (text && !option_number(OPT_AT, text, UINT32_MAX, &seconds))   /* 2106: a century more fits into a nsec */
        return false;
    struct timespec t = { .tv_sec = (time_t)seconds };
    if (!text)
        clock_gettime(CLOCK_REALTIME, &t);
    ca->at = (nsec)t.tv_sec * SECOND;
    return true;
}

static bool make_dir(struct ca *ca)
{
    char path[CA_PATH];
    ca_path(ca, "index", ".txt", path);
    if (mkdir(ca->dir, 0700) != 0 && errno != EEXIST) {
        complain("vitrine ca: cannot make %s: %s", ca->dir, strerror(errno));
        return false;
    }
    if (access(path, F_OK) != 0)
        return true;
    complain("vitrine ca: there is a CA in %s already", ca->dir);
    return false;
}

bool ca_begin(struct ca *ca, const char *const *values)
{
    uint64_t seed = 0;
    *ca = (struct ca){ .dir = values[OPT_DIR] ? values[OPT_DIR] : usual_dir, .pass = values[OPT_PASS],
                        .machine = { fill } };
    ca->chance = &ca->machine;
    ca->seeded = values[OPT_SEED];
    if (!read_when(ca, values[OPT_AT]) || (ca->seeded && !option_number(OPT_SEED, values[OPT_SEED], UINT64_MAX, &seed)))
        return false;
    if (!ca->seeded)
        return true;
    seed_chance_start(&ca->by_seed, seed, 1, 0);
    ca->chance = &ca->by_seed.chance;
    complain("vitrine ca: the keys follow from --seed %llu: everybody has them; never trust them outside a lesson",
             (unsigned long long)seed);
    return true;
}

bool ca_open(struct ca *ca, const char *const *values, bool is_new)
{
    if (!ca_begin(ca, values) || !(is_new ? make_dir(ca) : read_index(ca)))
        return false;
    ca->by_seed.conn = (uint32_t)ca->n;               /* so that no two certificates have the same key */
    return true;
}

void ca_close(struct ca *ca)
{
    free(ca->entries);
    sodium_memzero(&ca->by_seed, sizeof ca->by_seed);
}

/* ---- files ---- */

char *ca_serial_text(const struct bytes *serial, char out[CA_SERIAL])
{
    size_t n = 0;
    for (size_t i = 0; i < serial->n && n + 3 < CA_SERIAL; i++)
        if (i || serial->n == 1 || serial->at[0])                  /* without the sign's octet */
            n += (size_t)snprintf(out + n, CA_SERIAL - n, "%02X", serial->at[i]);
    out[n] = 0;
    return out;
}

bool ca_write(const char *path, const void *octets, size_t n, bool secret)
{
    if (strcmp(path, "-") == 0)
        return fwrite(octets, 1, n, stdout) == n && fflush(stdout) == 0;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | (secret ? O_NOFOLLOW : 0), secret ? 0600 : 0644);
    bool good = fd >= 0 && (!secret || fchmod(fd, 0600) == 0);
    for (size_t done = 0; good && done < n;) {
        ssize_t more = write(fd, (const char *)octets + done, n - done);
        good = more > 0;
        done += good ? (size_t)more : 0;
    }
    if (!good)
        complain("vitrine ca: cannot write %s: %s", path, strerror(errno));
    if (fd >= 0 && close(fd) != 0 && good) {
        complain("vitrine ca: cannot write %s: %s", path, strerror(errno));
        good = false;
    }
    return good;
}

bool ca_write_pem(const char *path, const char *label, const struct der *ders, size_t n)
{
    size_t room = 0, used = 0;
    for (size_t i = 0; i < n; i++)
        room += ders[i].n * 3 / 2 + 128;
    char *text = malloc(room ? room : 1);
    bool good = text;
    for (size_t i = 0; good && i < n; i++) {
        size_t more = pem_write(label, &ders[i], text + used, room - used);
        good = more > 0;
        used += more;
    }
    good = good && ca_write(path, text, used, false);
    free(text);
    return good;
}

static size_t encrypted(const struct ca *ca, const char *path, const struct private_key *key, char *text, size_t room)
{
    char phrase[PEM_PASSWORD_MAX];
    size_t n;
    if (!password_new(ca->pass, path, phrase, &n))
        return 0;
    n = pem_write_encrypted_key(key, (struct bytes){ (const uint8_t *)phrase, n }, ca->chance, text, room);
    sodium_memzero(phrase, sizeof phrase);
    return n;
}

bool ca_write_key(const struct ca *ca, const char *path, const struct private_key *key, const char *const *values)
{
    const char *form = values[OPT_KEY_FORM];
    const enum key_form as = !form || strcmp(form, "pkcs8") == 0 ? KEY_PKCS8
                           : strcmp(form, "pkcs1") == 0 ? KEY_PKCS1 : KEY_SEC1;
    char text[PEM_KEY_MAX];
    if (values[OPT_ENCRYPT] && as != KEY_PKCS8) {
        complain("vitrine ca: --encrypt is for --key-form pkcs8");
        return false;
    }
    const size_t n = values[OPT_ENCRYPT] ? encrypted(ca, path, key, text, sizeof text)
                                         : pem_write_private_key(key, as, text, sizeof text);
    if (n == 0 && !values[OPT_ENCRYPT])
        complain("vitrine ca: --key-form %s is not for a key of this kind: pkcs1 is for RSA, sec1 for curves", form);
    const bool good = n && ca_write(path, text, n, true);
    sodium_memzero(text, sizeof text);
    return good;
}

static bool refused(const char *path, const struct fault *why)
{
    words_fault_of(stderr, "vitrine ca", path, why);
    return false;
}

static bool read_key(const struct ca *ca, const char *path, struct ca_pair *pair)
{
    struct fault why = { 0 };
    const char *reason;
    size_t n;
    char *text = file_read(path, FILE_MOST, &n, &reason);
    if (!text) {
        complain("vitrine ca: cannot read %s: %s", path, reason);
        return false;
    }
    struct password password = password_of(ca->pass, path);
    pair->has_key = pem_private_key_asking(text, n, &password.pem, &pair->key, &why);
    sodium_memzero(text, n);
    free(text);
    if (!pair->has_key)
        return refused(path, &why);
    if (key_matches(&pair->key, &pair->cert.key, NULL))
        return true;
    complain("vitrine ca: the key in %s is not the certificate's", path);
    return false;
}

bool ca_pair_read(const struct ca *ca, const char *name, bool with_key, struct ca_pair *pair)
{
    char path[CA_PATH];
    struct fault why = { 0 };
    const char *reason;
    size_t n;
    ca_path(ca, name, ".pem", path);
    char *text = file_read(path, FILE_MOST, &n, &reason);
    if (!text) {
        complain("vitrine ca: cannot read %s: %s", path, reason);
        return false;
    }
    const char *at = text;
    const size_t der_n = pem_next(&at, text + n, "CERTIFICATE", NULL, pair->octets, sizeof pair->octets, &why);
    free(text);
    if (der_n == 0 && !why.ground) {
        complain("vitrine ca: there is no certificate in %s", path);
        return false;
    }
    pair->has_key = false;
    if (der_n == 0 || !x509_read_cert(&(struct der){ .at = pair->octets, .n = der_n }, NULL, &pair->cert, &why))
        return refused(path, &why);
    ca_path(ca, name, ".key", path);
    return !with_key || read_key(ca, path, pair);
}

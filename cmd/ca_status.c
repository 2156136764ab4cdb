/* `vitrine ca revoke`, `crl` and `ocsp`: what a CA takes back, and how it says so. */
#include "cmd/ca.h"
#include "cmd/words.h"
#include "tls/x509/crl_write.h"
#include "tls/x509/ocsp_write.h"

#include <stdlib.h>
#include <string.h>

enum { DAYS = 7, SERIAL_OCTETS = CA_SERIAL / 2 + 1 };
#define DAY (86400 * SECOND)

/* CRLReason (RFC 5280 §5.3.1); 7 is not used. removeFromCRL is for delta lists. */
static const struct { const char *word; unsigned number; } reasons[] = {
    { "unspecified", 0 }, { "keyCompromise", 1 }, { "cACompromise", 2 }, { "affiliationChanged", 3 },
    { "superseded", 4 }, { "cessationOfOperation", 5 }, { "privilegeWithdrawn", 9 }, { "aACompromise", 10 },
};

static bool reason_named(const char *word, unsigned *number)
{
    *number = 0;
    for (size_t i = 0; word && i < sizeof reasons / sizeof *reasons; i++)
        if (strcmp(word, reasons[i].word) == 0) {
            *number = reasons[i].number;
            return true;
        }
    if (word)
        complain("vitrine ca: --reason is one of RFC 5280 §5.3.1: keyCompromise, superseded ..., not %s", word);
    return !word;
}

int ca_revoke(struct ca *ca, const char *const *values, const char *const *arguments, unsigned n)
{
    (void)n;
    unsigned reason;
    const struct ca_entry *found = ca_open(ca, values, false) ? ca_find(ca, arguments[0]) : NULL;
    if (!found || !reason_named(values[OPT_REASON], &reason))
        return CA_USAGE;
    struct ca_entry *e = &ca->entries[found - ca->entries];
    if (e->revoked != CA_EVER) {
        complain("vitrine ca: %s is revoked already", arguments[0]);
        return CA_USAGE;
    }
    e->revoked = ca->at / SECOND;
    e->reason = reason;
    if (!ca_write_index(ca))
        return CA_USAGE;
    words_print(stdout, "%s (%s) is revoked; `vitrine ca crl` and `vitrine ca ocsp` say so from now on\n", e->name,
                e->serial);
    return CA_DONE;
}

static bool until(const struct ca *ca, const char *const *values, nsec *out)
{
    uint64_t days = DAYS;
    if (values[OPT_DAYS] && !option_number(OPT_DAYS, values[OPT_DAYS], 36500, &days))
        return false;
    *out = ca->at + (nsec)days * DAY;
    return true;
}

/* ---- lists ---- */

static int digit(char c) { return c <= '9' ? c - '0' : c - 'A' + 10; }

/* The content of the INTEGER that the index has as hex. */
static struct bytes serial_of(const struct ca_entry *e, uint8_t out[SERIAL_OCTETS])
{
    size_t n = 0;
    const size_t digits = strlen(e->serial);
    if (digits > 1 && digit(e->serial[0]) >= 8)
        out[n++] = 0;
    for (size_t i = 0; i + 1 < digits; i += 2)
        out[n++] = (uint8_t)(digit(e->serial[i]) << 4 | digit(e->serial[i + 1]));
    return (struct bytes){ out, n };
}

struct listing {
    struct ca_pair issuer;
    struct x509_crl_line *lines; size_t n;
    uint8_t (*serials)[SERIAL_OCTETS];
};

static bool collect(struct listing *l, const struct ca *ca, const char *issuer)
{
    l->lines = calloc(ca->n + 1, sizeof *l->lines);
    l->serials = calloc(ca->n + 1, sizeof *l->serials);
    for (size_t i = 0; l->lines && l->serials && i < ca->n; i++) {
        const struct ca_entry *e = &ca->entries[i];
        if (e->revoked == CA_EVER || strcmp(e->issuer, issuer) != 0)
            continue;
        l->lines[l->n] = (struct x509_crl_line){ .serial = serial_of(e, l->serials[l->n]),
                                                 .date = (nsec)e->revoked * SECOND, .reason = e->reason };
        l->n++;
    }
    return l->lines && l->serials;
}

/* The number of a list is the second in which it was made: so each is higher than those before (§5.2.3). */
static bool write_list(struct listing *l, const struct ca *ca, const char *path, nsec next)
{
    const struct x509_crl_issue list = {
        .issuer = &l->issuer.cert, .signer = &l->issuer.key, .number = (uint64_t)(ca->at / SECOND),
        .this_update = ca->at, .next_update = next, .lines = l->lines, .n_lines = l->n,
    };
    const size_t room = x509_crl_room(&list);
    uint8_t *octets = malloc(room);
    const size_t n = octets ? x509_write_crl(&list, ca->chance, octets, room) : 0;
    const bool good = n && ca_write_pem(path, "X509 CRL", &(struct der){ .at = octets, .n = n }, 1);
    free(octets);
    return good;
}

int ca_crl(struct ca *ca, const char *const *values, const char *const *arguments, unsigned n)
{
    const char *issuer = values[OPT_ISSUER] ? values[OPT_ISSUER] : "ca";
    struct listing *l = calloc(1, sizeof *l);
    char path[CA_PATH];
    nsec next = 0;
    (void)arguments, (void)n;
    bool good = l && ca_open(ca, values, false) && until(ca, values, &next)
             && ca_pair_read(ca, issuer, true, &l->issuer) && collect(l, ca, issuer);
    if (good) {
        ca_path(ca, issuer, ".crl", path);
        good = write_list(l, ca, values[OPT_OUT] ? values[OPT_OUT] : path, next);
    }
    if (good && !values[OPT_OUT])
        words_print(stdout, "%s: the list of what %s has revoked, %zu in all\n", path, issuer, l->n);
    if (l) {
        key_wipe(&l->issuer.key);
        free(l->lines);
        free(l->serials);
    }
    free(l);
    return good ? CA_DONE : CA_USAGE;
}

/* ---- responses ---- */

static bool write_response(const struct ca *ca, const struct ca_entry *e, const struct ca_pair *issuer,
                           const char *path, nsec next)
{
    uint8_t serial[SERIAL_OCTETS];
    const bool revoked = e->revoked != CA_EVER;
    const struct x509_ocsp_line line = {
        .serial = serial_of(e, serial), .status = revoked ? X509_STATUS_REVOKED : X509_STATUS_GOOD,
        .revoked = revoked ? (nsec)e->revoked * SECOND : 0, .reason = e->reason,
    };
    const struct x509_ocsp_issue answer = {
        .issuer = &issuer->cert, .lines = &line, .n_lines = 1, .signer = &issuer->key, .responder = &issuer->cert,
        .produced = ca->at, .from = ca->at, .until = next,
    };
    const size_t room = x509_ocsp_room(&answer);
    uint8_t *octets = malloc(room);
    const size_t n = octets ? x509_write_ocsp(&answer, ca->chance, octets, room) : 0;
    const bool good = n && ca_write(path, octets, n, false);
    free(octets);
    return good;
}

int ca_ocsp(struct ca *ca, const char *const *values, const char *const *arguments, unsigned n)
{
    struct ca_pair *issuer = calloc(1, sizeof *issuer);
    char path[CA_PATH];
    nsec next = 0;
    (void)n;
    const struct ca_entry *e = issuer && ca_open(ca, values, false) ? ca_find(ca, arguments[0]) : NULL;
    bool good = e && until(ca, values, &next) && ca_pair_read(ca, e->issuer, true, issuer);
    if (good) {
        ca_path(ca, e->name, ".ocsp", path);
        good = write_response(ca, e, issuer, values[OPT_OUT] ? values[OPT_OUT] : path, next);
    }
    if (good && !values[OPT_OUT] && e->revoked == CA_EVER)
        words_print(stdout, "%s: an OCSP response, that %s stands\n", path, e->name);
    else if (good && !values[OPT_OUT])
        words_print(stdout, "%s: an OCSP response, that %s is revoked\n", path, e->name);
    if (issuer)
        key_wipe(&issuer->key);
    free(issuer);
    return good ? CA_DONE : CA_USAGE;
}

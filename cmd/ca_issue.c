/* `vitrine ca init` and `vitrine ca issue`. */
#include "cmd/ca.h"
#include "cmd/words.h"
#include "tls/x509/spoil.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHAIN_MOST = 16 };
static const char root_name[] = "ca";

struct issuing {
    struct ca_wish wish;
    struct ca_pair issuer;
    struct spoil_room room;
    uint8_t octets[CA_CERT_MAX]; struct der der;
    struct ca_pair chain[CHAIN_MOST];
};

/* ---- the certificate ---- */

static bool may_be_spoiled(const struct spoil_way *way, const char *name, bool ca)
{
    if (!way)
        complain("vitrine ca: nothing is spoiled so: %s; `vitrine ca spoil --list` has all ways", name);
    else if (way->of == SPOIL_CHAIN)
        complain("vitrine ca: %s spoils a chain: vitrine ca spoil %s makes one whole", name, name);
    else if (way->of == SPOIL_CA && !ca)
        complain("vitrine ca: %s is for a CA: with --ca", name);
    else if (way->of != SPOIL_CA && ca)
        complain("vitrine ca: %s is for a leaf: without --ca", name);
    else
        return true;
    return false;
}

static bool issue_so(struct issuing *i, const struct ca *ca, const char *spoiled)
{
    struct x509_issue *issue = &i->wish.issue;
    const struct spoil_way *way = spoiled ? spoil_named(spoiled) : NULL;
    if (spoiled && !may_be_spoiled(way, spoiled, issue->ca))
        return false;
    i->der.at = i->octets;
    if (way)
        i->der.n = x509_issue_spoiled(way, issue, *i->wish.host ? i->wish.host : "www.example.test", ca->at, ca->chance,
                                      &i->room, i->octets, sizeof i->octets);
    else
        i->der.n = x509_issue(issue, ca->chance, i->octets, sizeof i->octets);
    if (i->der.n == 0 && way)
        complain("vitrine ca: this certificate cannot be spoiled so: %s", way->name);
    else if (i->der.n == 0)
        complain("vitrine ca: such a certificate cannot be made: it is too long, or its CN has more than 64 octets");
    return i->der.n > 0;
}

/* ---- where it lies ---- */

static bool note(struct ca *ca, const struct issuing *i, const char *issuer)
{
    struct ca_entry e = { .revoked = CA_EVER };
    struct x509_cert cert;
    const struct x509_issue *issue = &i->wish.issue;
    /* what was spoiled may not be readable: the index has what was meant */
    if (x509_read_cert(&i->der, NULL, &cert, NULL)) {
        ca_serial_text(&cert.serial, e.serial);
        x509_name_text(&cert.subject, e.subject, sizeof e.subject);
        der_time_text(cert.not_after, e.not_after);
    } else {
        ca_serial_text(&(struct bytes){ issue->serial, issue->serial_n }, e.serial);
        snprintf(e.subject, sizeof e.subject, "%.*s", X509_NAME_TEXT - 1, *i->wish.host ? i->wish.host : "-");
        der_time_text(issue->not_after, e.not_after);
    }
    snprintf(e.name, sizeof e.name, "%s", i->wish.name);
    snprintf(e.issuer, sizeof e.issuer, "%s", issuer);
    return ca_add(ca, &e);
}

static const struct ca_entry *entry_of(const struct ca *ca, const char *name)
{
    for (size_t k = ca->n; k-- > 0;)
        if (strcmp(ca->entries[k].name, name) == 0)
            return &ca->entries[k];
    return NULL;
}

/* The leaf, its issuer and so on, but not the root. */
static bool write_chain(const struct ca *ca, struct issuing *i, const char *issuer, const char *path)
{
    struct der ders[CHAIN_MOST] = { i->der };
    size_t n = 1;
    while (n < CHAIN_MOST && strcmp(issuer, root_name) != 0) {
        const struct ca_entry *e = entry_of(ca, issuer);
        if (!e || !ca_pair_read(ca, issuer, false, &i->chain[n]))
            return false;
        ders[n] = i->chain[n].cert.der;
        n++;
        issuer = e->issuer;
    }
    return ca_write_pem(path, "CERTIFICATE", ders, n);
}

/* --out PATH: PATH.pem, PATH.key, PATH.chain.pem. */
static void path_of(const struct ca *ca, const struct issuing *i, const char *out, const char *ending,
                    char path[CA_PATH])
{
    if (out)
        snprintf(path, CA_PATH, "%s%s", out, ending);
    else
        ca_path(ca, i->wish.name, ending, path);
}

static bool write_files(struct ca *ca, struct issuing *i, const char *issuer, const char *const *values)
{
    char path[CA_PATH], key[CA_PATH], inside[CA_PATH];
    const char *out = values[OPT_OUT];
    path_of(ca, i, out, ".pem", path);
    path_of(ca, i, out, ".key", key);
    if ((!values[OPT_CSR] && !ca_write_key(ca, key, &i->wish.key, values))
        || !ca_write_pem(path, "CERTIFICATE", &i->der, 1))
        return false;
    ca_path(ca, i->wish.name, ".pem", inside);        /* the CA keeps what it issued */
    if (out && !ca_write_pem(inside, "CERTIFICATE", &i->der, 1))
        return false;
    if (values[OPT_CSR])
        words_print(stdout, "%s: the certificate\n", path);
    else
        words_print(stdout, "%s: the certificate; %s: its private key\n", path, key);
    if (i->wish.issue.ca)
        return note(ca, i, issuer);
    path_of(ca, i, out, ".chain.pem", path);
    if (!write_chain(ca, i, issuer, path))
        return false;
    words_print(stdout, "%s: with the CAs above it, as a server sends it\n", path);
    return note(ca, i, issuer);
}

static int done(struct issuing *i, bool good)
{
    if (i) {
        ca_wish_wipe(&i->wish);
        key_wipe(&i->issuer.key);
    }
    free(i);
    return good ? CA_DONE : CA_USAGE;
}

int ca_init(struct ca *ca, const char *const *values, const char *const *arguments, unsigned n)
{
    struct issuing *i = calloc(1, sizeof *i);
    static const char *const usual = "/O=Vitrine CA of a lesson/CN=Vitrine Root";
    const char *wished[OPT_VALUES];
    (void)arguments, (void)n;
    memcpy(wished, values, sizeof wished);
    if (values[OPT_CSR]) {
        complain("vitrine ca: --csr is for issue: a root has its own key");
        return done(i, false);
    }
    if (!wished[OPT_SUBJECT])
        wished[OPT_SUBJECT] = usual;
    wished[OPT_NAME] = root_name;
    bool good = i && ca_open(ca, values, true) && ca_wish_read(&i->wish, ca, wished, NULL)
             && issue_so(i, ca, values[OPT_SPOIL]) && write_files(ca, i, root_name, wished);
    return done(i, good);
}

static bool may_take_name(const struct ca *ca, const char *name)
{
    if (!entry_of(ca, name))
        return true;
    complain("vitrine ca: there is a certificate of the name %s already; --name gives this one another", name);
    return false;
}

int ca_issue(struct ca *ca, const char *const *values, const char *const *arguments, unsigned n)
{
    struct issuing *i = calloc(1, sizeof *i);
    const char *issuer = values[OPT_ISSUER] ? values[OPT_ISSUER] : root_name;
    (void)arguments, (void)n;
    if (!values[OPT_SAN] && !values[OPT_SUBJECT] && !values[OPT_CSR]) {
        complain("vitrine ca: for whom? For example: vitrine ca issue --san dns:www.example.test,ip:10.0.0.80");
        return done(i, false);
    }
    bool good = i && ca_open(ca, values, false) && ca_pair_read(ca, issuer, true, &i->issuer)
             && ca_wish_read(&i->wish, ca, values, &i->issuer.key) && may_take_name(ca, i->wish.name);
    if (good && !i->issuer.cert.is_ca)
        complain("vitrine ca: %s is no CA: whoever judges refuses what it issues", issuer);
    if (good) {
        i->wish.issue.issuer = &i->issuer.cert;
        good = issue_so(i, ca, values[OPT_SPOIL]) && write_files(ca, i, issuer, values);
    }
    return done(i, good);
}

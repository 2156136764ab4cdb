#include "cmd/identity.h"
#include "cmd/files.h"
#include "cmd/guard.h"
#include "cmd/password.h"
#include "cmd/words.h"
#include "tls/x509/issue.h"
#include "tls/x509/pem.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* curl: problem with the local certificate */
enum { FILE_MOST = 1 << 20, DAY = 86400, EXIT_CERTIFICATE = 58 };

static int refused(const char *name, const struct fault *why)
{
    words_fault_of(stderr, "vitrine", name, why);
    return EXIT_CERTIFICATE;
}

static char *read_or_say(const char *name, size_t *n)
{
    const char *why;
    char *text = file_read(name, FILE_MOST, n, &why);
    if (!text)
        complain("vitrine: cannot read %s: %s", name, why);
    return text;
}

static int read_chain(struct identity *id, size_t *count, const char *name)
{
    struct fault why = { 0 };
    size_t n;
    char *text = read_or_say(name, &n);
    if (!text)
        return EXIT_CERTIFICATE;
    *count = pem_certificates(text, n, id->store, sizeof id->store, id->chain, IDENTITY_CHAIN, &why);
    free(text);
    if (why.ground)
        return refused(name, &why);
    if (*count)
        return 0;
    complain("vitrine: there is no certificate in %s", name);
    return EXIT_CERTIFICATE;
}

static int read_key(struct identity *id, const char *name, const char *pass)
{
    struct fault why = { 0 };
    struct password password = password_of(pass, name);
    size_t n;
    char *text = read_or_say(name, &n);
    if (!text)
        return EXIT_CERTIFICATE;
    bool good = pem_private_key_asking(text, n, &password.pem, id->key, &why);
    sodium_memzero(text, n);
    free(text);
    return good ? 0 : refused(name, &why);
}

static int read_files(struct identity *id, size_t *count, const char *cert, const char *key, const char *pass)
{
    struct fault why = { 0 };
    int code = read_chain(id, count, cert);
    if (code == 0)
        code = read_key(id, key, pass);
    if (code)
        return code;
    if (!x509_read_cert(&id->chain[0], NULL, &id->leaf, &why))
        return refused(cert, &why);
    if (!key_matches(id->key, &id->leaf.key, NULL)) {
        complain("vitrine: the key in %s does not belong to the first certificate in %s", key, cert);
        return EXIT_CERTIFICATE;
    }
    if (classroom_key_is(&id->leaf.key)) {
        complain("vitrine: the key in %s is one of the classroom's: everybody has it; "
                 "make one of your own", key);
        return EXIT_CERTIFICATE;
    }
    return 0;
}

/* What the CA made for this run may vouch for, and the leaf's names. */
static bool issue_fresh(struct identity *id, const struct addr *at, nsec now, struct chance *chance,
                        struct private_key *ca_key)
{
    static const char *const names[] = { "localhost" };
    static const uint8_t loopback[] = { 127, 0, 0, 1 };
    struct bytes ips[2] = { { loopback, 4 }, { at->octets, at->len } };
    size_t n_ips = at->len && memcmp(at->octets, loopback, 4) != 0 ? 2 : 1;
    struct x509_cert ca_cert;
    nsec begin = now / SECOND * SECOND - 3600 * SECOND;
    struct x509_issue ca = {
        .subject_cn = "Vitrine CA of one run", .subject_o = "Vitrine", .signer = ca_key, .key = &ca_key->pub,
        .not_before = begin, .not_after = begin + (nsec)DAY * SECOND, .ca = true, .path_len = 0,
        .usage = X509_KEY_CERT_SIGN, .permitted_dns = "localhost", .permitted_ips = ips,
        .n_permitted_ips = n_ips };
    x509_make_serial(&ca, chance);
    size_t n = x509_issue(&ca, chance, id->store, IDENTITY_STORE / 2);
    id->chain[1] = (struct der){ .at = id->store, .n = n };
    if (!n || !x509_read_cert(&id->chain[1], NULL, &ca_cert, NULL))
        return false;
    struct x509_issue leaf = {
        .subject_cn = "localhost", .issuer = &ca_cert, .signer = ca_key, .key = &id->key->pub,
        .not_before = begin, .not_after = ca.not_after, .path_len = -1, .usage = X509_DIGITAL_SIGNATURE,
        .server_auth = true, .dns = names, .n_dns = 1, .ips = ips, .n_ips = n_ips };
    x509_make_serial(&leaf, chance);
    size_t m = x509_issue(&leaf, chance, id->store + n, IDENTITY_STORE - n);
    id->chain[0] = (struct der){ .at = id->store + n, .n = m };
    return m > 0 && x509_read_cert(&id->chain[0], NULL, &id->leaf, NULL);
}

static void fresh_key(struct private_key *key, struct chance *chance, const char *purpose)
{
    key_make(key, KEY_P256, chance, purpose, NULL);
}

static bool write_pem(const char *name, const char *label, const struct der *der, bool secret)
{
    char text[8192];
    struct file_sink f = { 0 };
    size_t n = pem_write(label, der, text, sizeof text);
    bool good = n && file_sink_open(&f, name, secret, "CA") && f.sink.write(&f.sink, text, n);
    good = file_sink_close(&f) && good;
    sodium_memzero(text, sizeof text);
    return good;
}

static int make_fresh(struct identity *id, const struct addr *at, nsec now, struct chance *chance)
{
    struct private_key ca_key;
    uint8_t pkcs8[512];
    fresh_key(id->key, chance, "leaf_key");
    fresh_key(&ca_key, chance, "ca_key");
    bool good = issue_fresh(id, at, now, chance, &ca_key);
    struct der key_der = { .at = pkcs8, .n = good ? private_key_write(&ca_key, KEY_PKCS8, pkcs8, sizeof pkcs8) : 0 };
    good = good && key_der.n && write_pem("vitrine-ca.pem", "CERTIFICATE", &id->chain[1], false) &&
           write_pem("vitrine-ca.key", "PRIVATE KEY", &key_der, true);
    sodium_memzero(pkcs8, sizeof pkcs8);
    key_wipe(&ca_key);
    if (!good) {
        complain("vitrine: no certificate could be made for this run");
        return EXIT_CERTIFICATE;
    }
    words_print(stdout,
                "A fresh CA for this run lies in vitrine-ca.pem (one day, for localhost and this address alone). "
                "To trust it:\n  curl --cacert vitrine-ca.pem ...      vitrine get --cacert vitrine-ca.pem ...      "
                "or import it into a browser\n");
    return 0;
}

int identity_read(struct identities *ids, const char *const *values, const struct addr *at, nsec now,
                  struct chance *chance)
{
    int code = password_where(values[OPT_PASS]) ? 0 : 2;
    for (unsigned i = 0; i < OPT_PAIRS && code == 0; i++) {
        const char *cert = option_again(values, OPT_CERT, i), *key = option_again(values, OPT_KEY, i);
        struct identity *id = &ids->each[i];
        size_t count = 0;
        if (!cert != !key) {
            complain("vitrine: --cert and --key go together");
            return 2;
        }
        if (!cert && (i || !at))
            break;
        id->key = guard_key();
        if (!id->key) {
            complain("vitrine: no memory for a key");
            return EXIT_CERTIFICATE;
        }
        code = cert ? read_files(id, &count, cert, key, values[OPT_PASS]) : make_fresh(id, at, now, chance);
        guard_key_close(id->key);
        ids->tls[ids->n++] = (struct tls_identity){ .chain = id->chain, .n = cert ? count : 1, .key = id->key,
                                                    .leaf = &id->leaf };
    }
    return code;
}

void identity_wipe(struct identities *ids)
{
    for (unsigned i = 0; i < OPT_PAIRS; i++)
        guard_key_free(ids->each[i].key);
}

/* classroom_files DIR EPOCH: writes what outside validators are shown in tests/interop/classroom_ca.sh, as
 * PEM, for both kinds of key: KIND-root.pem, KIND-intermediate.pem, and leaves of that intermediate
 * KIND-www.pem (www.example.test), KIND-bank.pem (www.bank.com) and KIND-ip.pem (192.0.2.1); p256-leaf.key is
 * the key of all leaves of that kind. */
#include "tests/lib/chance.h"
#include "tls/x509/classroom_keys.h"
#include "tls/x509/issue.h"
#include "tls/x509/pem.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

static void write_pem(const char *dir, const char *kind, const char *name, const char *label,
                      const struct der *der)
{
    char path[4096], text[8192];
    size_t n = pem_write(label, der, text, sizeof text);
    snprintf(path, sizeof path, "%s/%s-%s", dir, kind, name);
    FILE *f = fopen(path, "w");
    if (n == 0 || !f || fwrite(text, 1, n, f) != n || fclose(f) != 0) {
        fprintf(stderr, "cannot write %s\n", path);
        exit(EXIT_FAILURE);
    }
}

/* What nobody should accept: names outside the root's constraints, rightly signed. */
static void write_forbidden(const char *dir, const char *kind, const struct classroom *c,
                            const struct private_key *intermediate, struct chance *chance)
{
    static const char *const bank = "www.bank.com";
    static const uint8_t address[4] = { 192, 0, 2, 1 };
    const struct bytes ip = { address, sizeof address };
    for (int which = 0; which < 2; which++) {
        uint8_t room[1500];
        struct x509_issue i = {
            .subject_cn = which ? "192.0.2.1" : bank, .issuer = &c->intermediate, .signer = intermediate,
            .key = &c->leaf_key.pub,
            .not_before = c->leaf.not_before, .not_after = c->leaf.not_after, .path_len = -1,
            .usage = X509_DIGITAL_SIGNATURE,
            .server_auth = true, .dns = &bank, .n_dns = which ? 0 : 1, .ips = &ip, .n_ips = which ? 1 : 0,
        };
        x509_make_serial(&i, chance);
        struct der der = { .at = room, .n = x509_issue(&i, chance, room, sizeof room) };
        write_pem(dir, kind, which ? "ip.pem" : "bank.pem", "CERTIFICATE", &der);
    }
}

static void write_kind(const char *dir, enum key_kind kind, nsec now)
{
    static struct classroom c;
    struct test_chance chance = test_chance((uint64_t)now);
    struct fault why = { 0 };
    const char *name = kind == KEY_RSA ? "rsa" : "p256";
    uint8_t room[256];
    if (!classroom_issue(&c, kind, "www.example.test", now, &chance.chance, &why)) {
        fprintf(stderr, "%s: %s\n", why.ground->id, why.came);
        exit(EXIT_FAILURE);
    }
    write_pem(dir, name, "root.pem", "CERTIFICATE", &c.root.der);
    write_pem(dir, name, "intermediate.pem", "CERTIFICATE", &c.intermediate.der);
    write_pem(dir, name, "www.pem", "CERTIFICATE", &c.leaf.der);
    write_forbidden(dir, name, &c,
                    &(kind == KEY_RSA ? classroom_rsa_keys : classroom_p256_keys)[CLASSROOM_INTERMEDIATE],
                    &chance.chance);
    size_t n = private_key_write(&c.leaf_key, KEY_PKCS8, room, sizeof room);
    if (n)
        write_pem(dir, name, "leaf.key", "PRIVATE KEY", &(struct der){ .at = room, .n = n });
}

int main(int argc, char **argv)
{
    if (argc != 3 || sodium_init() < 0) {
        fprintf(stderr, "usage: classroom_files DIR EPOCH\n");
        return 2;
    }
    nsec now = strtoll(argv[2], NULL, 10) * SECOND;
    write_kind(argv[1], KEY_RSA, now);
    write_kind(argv[1], KEY_P256, now);
    return EXIT_SUCCESS;
}

#include "tests/lib/crl_made.h"
#include "tests/lib/ocsp_made.h"
#include "tests/lib/request_made.h"
#include "tests/tools/corpora.h"
#include "tls/x509/classroom_keys.h"
#include "tls/x509/issue.h"
#include "tls/x509/pbes2.h"
#include "tls/x509/pem.h"

#include <stdlib.h>
#include <string.h>

static void zeros(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c, (void)purpose;
    memset(out, 0, n);
}

/* RSA asks for a number to hide behind, which zeros are not. */
static void steps(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c, (void)purpose;
    for (size_t i = 0; i < n; i++)
        ((uint8_t *)out)[i] = (uint8_t)(7 * i + 1);
}

static void write_pem(const char *label, const uint8_t *der, size_t n)
{
    static char text[8192];
    write_seed("pem", text, pem_write(label, &(struct der){ .at = der, .n = n }, text, sizeof text));
}

/* With the date and the randomness of the target x509_cert, so that its own leaf is among them. */
static void certificates(void)
{
    static struct classroom rooms[2];
    for (int i = 0; i < 2; i++) {
        struct chance chance = { i ? steps : zeros };
        struct classroom *room = &rooms[i];
        if (!classroom_issue(room, i ? KEY_RSA : KEY_P256, "www.example.test", 1000000 * SECOND, &chance,
                             NULL))
            exit(EXIT_FAILURE);
        const struct der *all[] = { &room->leaf.der, &room->intermediate.der, &room->root.der };
        for (int k = 0; k < 3; k++)
            write_seed("x509_cert", all[k]->at, all[k]->n);
    }
    uint8_t key[512];
    for (int i = 0; i < 2; i++)
        write_pem("CERTIFICATE", rooms[i].leaf.der.at, rooms[i].leaf.der.n);
    write_pem("PRIVATE KEY", key, private_key_write(&rooms[0].leaf_key, KEY_PKCS8, key, sizeof key));
    write_seed("pem", "some words\n-----BEGIN X-----\nAA==\n-----END X-----\n", 49);
}

/* Of each kind in each of its forms, then sealed for the pass phrase that the targets know. */
static void private_keys(void)
{
    static uint8_t der[PRIVATE_KEY_MAX], sealed[PRIVATE_KEY_MAX + PBES2_MORE];
    struct chance chance = { steps };
    for (enum key_kind kind = KEY_RSA; kind <= KEY_ED25519; kind++) {
        static struct private_key key;
        if (kind <= KEY_RSA_PSS)
            key = classroom_rsa_keys[CLASSROOM_LEAF];
        else
            key_make(&key, kind, &chance, "key", NULL);
        key.pub.kind = kind;
        for (enum key_form form = KEY_PKCS8; form <= KEY_SEC1; form++) {
            size_t n = private_key_write(&key, form, der, sizeof der);
            if (n)
                write_seed("pkcs8", der, n);
        }
        write_seed("request", der, request_made(&key, "www.example.test", &chance, der, sizeof der));
        struct der whole = { .at = der, .n = private_key_write(&key, KEY_PKCS8, der, sizeof der) };
        size_t n = pbes2_seal(&whole, (struct bytes){ (const uint8_t *)"secret", 6 }, 2, &chance, sealed, sizeof sealed);
        write_seed("pkcs8", sealed, n);
        if (kind >= KEY_P521)
            write_pem("ENCRYPTED PRIVATE KEY", sealed, n);
    }
}

/* As the target ocsp makes its own, by the same chance. */
static void ocsp_responses(void)
{
    static struct classroom room;
    static uint8_t der[OCSP_MADE_MAX];
    const nsec now = 1000000 * SECOND;
    struct chance chance = { zeros };
    if (!classroom_issue(&room, KEY_P256, "www.example.test", now, &chance, NULL))
        exit(EXIT_FAILURE);
    struct ocsp_made m = ocsp_made(&room.leaf, &room.intermediate, &classroom_p256_keys[CLASSROOM_INTERMEDIATE], now);
    write_seed("ocsp", der, ocsp_made_write(&m, der));
    m.status = X509_STATUS_REVOKED;
    m.by_key = m.with_responder = true;
    m.other = &room.root;
    write_seed("ocsp", der, ocsp_made_write(&m, der));
    m.answer = 3;
    write_seed("ocsp", der, ocsp_made_write(&m, der));
    static uint8_t octets[OCSP_MADE_MAX];
    const struct x509_cert delegate =
        ocsp_made_delegate(&room.intermediate, &classroom_p256_keys[CLASSROOM_INTERMEDIATE], now, octets);
    m = ocsp_made(&room.leaf, &room.intermediate, &classroom_p256_keys[CLASSROOM_LEAF], now);
    m.responder = &delegate;
    m.with_responder = true;
    m.nonce = (struct bytes){ octets, 16 };
    write_seed("ocsp", der, ocsp_made_write(&m, der));
}

/* As the target crl makes its own. */
static void lists(void)
{
    static struct classroom room;
    static uint8_t der[CRL_MADE_MAX];
    const nsec now = 1000000 * SECOND;
    struct chance chance = { zeros };
    if (!classroom_issue(&room, KEY_P256, "www.example.test", now, &chance, NULL))
        exit(EXIT_FAILURE);
    for (unsigned i = 0; i < CRL_MADE_KINDS; i++)
        write_seed("crl", der, crl_made_write(i, &room.intermediate, &classroom_p256_keys[CLASSROOM_INTERMEDIATE],
                                              &room.leaf, now, der));
}

/* As the target policy reads them: what is asked, how many certificates, and what each names and maps. */
static void policies(void)
{
    static const char *const octets[] = {
        "\x01\x02\x01\0\x01\0\x01\0",              /* one policy all the way down */
        "\x09\x02\x41\0\x01\x10\x02\0\x02\0",       /* one that is mapped */
        "\x01\x05\x43\0\x04\x00\x01\x10\x11\x43\0\x04\x00\x01\x10\x11\x43\0\x04\x00\x01\x10\x11\x03\0\x03\0",
        "\x01\x03\x20\x20\xa0\0\x60\0\x01\x10\x02\0", /* anyPolicy, inhibited below, and self-issued */
    };
    static const size_t sizes[] = { 8, 10, 27, 13 };
    for (size_t i = 0; i < sizeof octets / sizeof *octets; i++)
        write_seed("policy", octets[i], sizes[i]);
}

static void signatures(void)
{
    static const uint8_t first[] = { 1, 0x7f, 0x80, 0xff };
    for (size_t i = 0; i < sizeof first; i++) {
        uint8_t r[CURVE_SCALAR_MAX] = { 0 }, s[CURVE_SCALAR_MAX] = { 0 }, der[ECDSA_DER_MAX];
        r[i * 8] = first[i];
        s[31] = first[sizeof first - 1 - i];
        write_seed("ecdsa_der", der, ecdsa_write_der(r, s, 32, der));
        s[65] = 1;
        write_seed("ecdsa_der", der, ecdsa_write_der(r, s, 66, der));
    }
}

void corpora_of_x509(void)
{
    certificates();
    private_keys();
    ocsp_responses();
    policies();
    lists();
    signatures();
}

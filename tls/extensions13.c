#include "tls/extensions13.h"

#include "tls/optional.h"

enum { PSK_KE = 0, PSK_DHE_KE = 1, ECH_OUTER = 0 };

static const char *mode_words(unsigned mode)
{
    return mode == PSK_KE ? "psk_ke" : mode == PSK_DHE_KE ? "psk_dhe_ke" : NULL;
}

static const char *compression_words(unsigned algorithm)
{
    static const char *const names[] = { NULL, "zlib", "brotli", "zstd" };
    return algorithm < 4 ? names[algorithm] : NULL;
}

static const char *ech_words(unsigned type)
{
    return type == ECH_OUTER ? "outer" : type == 1 ? "inner" : NULL;
}

static void read_empty(struct wire_in *in, struct tls_extensions *x) { (void)in, (void)x; }

/* RFC 8446 §4.2.8: a group and a public value. */
static uint16_t take_share(struct wire_in *in)
{
    if (wire_left(in) >= 4) {
        size_t n = 4 + (size_t)(in->at[2] << 8 | in->at[3]);
        wire_group(in, "key_share_entry", n <= wire_left(in) ? n : 0);
    }
    uint16_t group = take_code16(in, "group", tls_group_words);
    struct wire_in value = take_vec16(in, "key_exchange");
    if (!wire_left(&value))
        wire_fail(&value, "key_exchange");
    take_rest(&value, "public_key");
    wire_close(in, &value);
    return group;
}

/* An empty list asks for a HelloRetryRequest. */
static void read_shares(struct wire_in *in, struct tls_extensions *x)
{
    struct wire_in list = take_vec16(in, "client_shares");
    x->v13.key_shares = (struct bytes){ list.at, wire_left(&list) };
    while (wire_left(&list))
        take_share(&list);
    wire_close(in, &list);
}

/* A HelloRetryRequest has the group alone. */
static void read_share(struct wire_in *in, struct tls_extensions *x)
{
    x->v13.group_only = wire_left(in) == 2;
    x->v13.group = x->v13.group_only ? take_code16(in, "selected_group", tls_group_words) : take_share(in);
}

bool tls_key_share_of(struct bytes shares, unsigned group)
{
    struct wire_in in = wire_over(shares.at, shares.n, NULL);
    bool found = false;
    while (wire_left(&in) && !found)
        found = take_share(&in) == group && !in.failed;
    return found;
}

static void read_modes(struct wire_in *in, struct tls_extensions *x)
{
    (void)x;
    struct wire_in list = take_vec8(in, "ke_modes");
    while (wire_left(&list))
        take_code8(&list, "psk_key_exchange_mode", mode_words);
    wire_close(in, &list);
}

/* RFC 8446 §4.2.11: who the keys are, and a proof that the client has each. */
static void read_identities(struct wire_in *in, struct tls_extensions *x)
{
    x->v13.psk_offered = true;
    struct wire_in list = take_vec16(in, "identities");
    for (x->v13.n_identities = 0; wire_left(&list); x->v13.n_identities++) {
        struct wire_in identity = take_vec16(&list, "identity");
        take_rest(&identity, "ticket");
        wire_close(&list, &identity);
        take_u32(&list, "obfuscated_ticket_age");
    }
    wire_close(in, &list);
    struct wire_in binders = take_vec16(in, "binders");
    while (wire_left(&binders)) {
        struct wire_in one = take_vec8(&binders, "psk_binder_entry");
        take_rest(&one, wire_left(&one) > HASH_MAX ? "data" : "binder");
        wire_close(&binders, &one);
    }
    wire_close(in, &binders);
}

static void read_identity(struct wire_in *in, struct tls_extensions *x)
{
    x->v13.identity = take_u16(in, "selected_identity");
    x->v13.psk_chosen = true;
}

static void read_cookie(struct wire_in *in, struct tls_extensions *x)
{
    struct wire_in cookie = take_vec16(in, "cookie");
    take_rest(&cookie, "data");
    wire_close(in, &cookie);
    x->v13.cookie = true;
}

static void read_early_data(struct wire_in *in, struct tls_extensions *x) { (void)in; x->v13.early_data = true; }

static void read_early_size(struct wire_in *in, struct tls_extensions *x)
{
    x->v13.max_early_data = take_u32(in, "max_early_data_size");
    x->v13.early_data = true;
}

static void read_post_handshake(struct wire_in *in, struct tls_extensions *x)
{
    (void)in;
    x->v13.post_handshake_auth = true;
}

static void read_sigalgs(struct wire_in *in, struct tls_extensions *x)
{
    (void)x;
    struct wire_in list = take_vec16(in, "supported_signature_algorithms");
    while (wire_left(&list))
        take_code16(&list, "signature_algorithm", tls_sigalg_words);
    wire_close(in, &list);
}

/* RFC 8446 §4.2.4 */
static void read_authorities(struct wire_in *in, struct tls_extensions *x)
{
    (void)x;
    struct wire_in list = take_vec16(in, "certificate_authorities");
    while (wire_left(&list)) {
        struct wire_in name = take_vec16(&list, "distinguished_name");
        take_rest(&name, "data");
        wire_close(&list, &name);
    }
    wire_close(in, &list);
}

/* RFC 8879 §3 */
static void read_compressions(struct wire_in *in, struct tls_extensions *x)
{
    (void)x;
    struct wire_in list = take_vec8(in, "certificate_compression_algorithms");
    while (wire_left(&list))
        take_code16(&list, "certificate_compression_algorithm", compression_words);
    wire_close(in, &list);
}

/* RFC 8446 §4.4.2.1: what is CertificateStatus in TLS 1.2. */
static void read_status(struct wire_in *in, struct tls_extensions *x)
{
    read_certificate_status(in, &x->v13.ocsp, NULL);
}

/* RFC 9849 §5: the true hello, sealed for who has the key of that configuration; GREASE looks the same. */
static void read_ech(struct wire_in *in, struct tls_extensions *x)
{
    (void)x;
    if (take_code8(in, "ech_type", ech_words) != ECH_OUTER)
        return;
    take_u16(in, "kdf_id");
    take_u16(in, "aead_id");
    take_u8(in, "config_id");
    struct wire_in enc = take_vec16(in, "enc");
    take_rest(&enc, "public_key");
    wire_close(in, &enc);
    struct wire_in payload = take_vec16(in, "payload");
    take_rest(&payload, "ciphertext");
    wire_close(in, &payload);
}

enum { CH = 1 << OF_CLIENT_HELLO, SH = 1 << OF_SERVER_HELLO, EE = 1 << OF_ENCRYPTED_EXTENSIONS,
       CR = 1 << OF_CERTIFICATE_REQUEST, CT = 1 << OF_CERTIFICATE, NST = 1 << OF_NEW_SESSION_TICKET };

/* RFC 8446 §4.2's table of what may stand where; HelloRetryRequest is a ServerHello. */
static const struct row13 { uint16_t number; unsigned in; void (*read)(struct wire_in *, struct tls_extensions *); }
rows[] = {
    { 5, CT, read_status },          { 5, CR, read_empty },            { 18, CR, read_empty },
    { 27, CH | CR, read_compressions }, { 41, CH, read_identities },   { 41, SH, read_identity },
    { 42, CH | EE, read_early_data }, { 42, NST, read_early_size },    { 44, CH | SH, read_cookie },
    { 45, CH, read_modes },          { 47, CH | CR, read_authorities }, { 49, CH, read_post_handshake },
    { 50, CH | CR, read_sigalgs },   { 51, CH, read_shares },          { 51, SH, read_share },
    { 0xfe0d, CH, read_ech },
};

static const struct row13 *row_of(unsigned type, enum tls_extensions_of of)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].number == type && rows[i].in & 1u << of)
            return &rows[i];
    return NULL;
}

/* First without names, to see whether it has the form. */
bool take_extension13(struct wire_in *content, unsigned type, enum tls_extensions_of of, struct tls_extensions *x)
{
    const struct row13 *r = row_of(type, of);
    if (!r)
        return false;
    struct tls_extensions found = *x;
    struct wire_in quiet = wire_over(content->at, wire_left(content), NULL);
    r->read(&quiet, &found);
    if (quiet.failed || wire_left(&quiet)) {
        x->v13.malformed = x->v13.malformed ? x->v13.malformed : type;
        take_rest(content, "data");
        return true;
    }
    *x = found;
    if (content->watch)
        r->read(content, &found);
    content->at = content->end;
    return true;
}

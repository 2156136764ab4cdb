/* ca.h - `vitrine ca`, a CA in a directory of plain files, shared by its verbs.
 *
 *     DIR/ca.pem  ca.key          the root: certificate, private key (mode 0600)
 *     DIR/NAME.pem  NAME.key      each certificate issued, and its key where it was made here
 *     DIR/NAME.chain.pem          of a leaf: itself and the CAs above it, without the root, as a server sends them
 *     DIR/index.txt               a line a certificate (ca_dir.c has the columns); what is revoked stands there
 *
 * Everything random comes from the machine, or with --seed from that number and from how many certificates there are:
 * then the same commands make the same octets, and the keys are everybody's. */
#ifndef CMD_CA_H
#define CMD_CA_H

#include "cmd/options.h"
#include "net/seed.h"
#include "tls/x509/issue.h"

enum { CA_DONE = 0, CA_REFUSED = 1, CA_USAGE = 2 };
enum { CA_NAME = 80, CA_PATH = 512, CA_CERT_MAX = 65536, CA_SERIAL = 48, CA_ENTRIES = 100000, CA_EVER = -1 };

/* A line of the index. revoked: when, in seconds since 1970; CA_EVER: it is not. */
struct ca_entry {
    char serial[CA_SERIAL], name[CA_NAME], issuer[CA_NAME], not_after[DER_TIME_TEXT], subject[X509_NAME_TEXT];
    int64_t revoked; unsigned reason;                 /* CRLReason */
};
struct ca {
    const char *dir, *pass;                           /* --pass */
    nsec at;
    struct chance *chance, machine;
    struct seed_chance by_seed; bool seeded;
    struct ca_entry *entries; size_t n;
};

/* One of the CA's certificates, as its files have it. */
struct ca_pair { uint8_t octets[CA_CERT_MAX]; struct x509_cert cert; struct private_key key; bool has_key; };

/* ---- ca_dir.c: each false with a sentence on stderr ---- */
bool ca_begin(struct ca *, const char *const *values);                 /* --dir, --at, --seed */
bool ca_open(struct ca *, const char *const *values, bool is_new);     /* and the index, or a new directory */
void ca_close(struct ca *);
bool ca_pair_read(const struct ca *, const char *name, bool with_key, struct ca_pair *);
const struct ca_entry *ca_find(const struct ca *, const char *what);   /* by serial, name or file; NULL: none such */
/* One more in the index, or the index as it is now. */
bool ca_add(struct ca *, const struct ca_entry *);
bool ca_write_index(const struct ca *);
/* A file below DIR, or FILE as it is when it was asked for (--out). */
bool ca_write(const char *path, const void *octets, size_t n, bool secret);
bool ca_write_pem(const char *path, const char *label, const struct der *, size_t n);  /* n certificates */
bool ca_write_key(const struct ca *, const char *path, const struct private_key *, const char *const *values);
void ca_path(const struct ca *, const char *name, const char *ending, char out[CA_PATH]);
char *ca_serial_text(const struct bytes *serial, char out[CA_SERIAL]); /* "0A3B": hex as openssl has it */

/* ---- ca_wish.c: what a certificate shall say, from options ---- */
enum { WISH_NAMES = 64, WISH_LIST = 32, WISH_OCTETS = 32768 };
struct ca_wish {
    struct x509_issue issue;                          /* points into the rest */
    struct private_key key;                           /* of a request: its public half alone */
    char *request_text; uint8_t *request_der; struct x509_cert request;
    struct sign_scheme scheme;
    struct general_name alt[WISH_NAMES], permitted[WISH_NAMES], excluded[WISH_NAMES];
    const char *purposes[WISH_LIST], *policies[WISH_LIST];
    struct x509_mapping mappings[WISH_LIST];
    struct x509_extra extras[WISH_LIST];
    char name[CA_NAME], host[256];                    /* of its files; the first DNS name */
    uint8_t octets[WISH_OCTETS]; size_t used;
};
/* signer NULL: the key made is its own. The key is made here. */
bool ca_wish_read(struct ca_wish *, const struct ca *, const char *const *values, const struct private_key *signer);
void ca_wish_wipe(struct ca_wish *);

/* ---- ca_names.c ---- */
/* "dns:NAME,ip:ADDR,email:A,uri:U,dir:/O=X/CN=Y"; as subtrees (ip:ADDR/LEN) for constraints. */
bool ca_names_read(struct ca_wish *, enum option_id, const char *text, bool subtrees, struct general_name *out,
                   size_t *n);
/* "/C=CN/O=X/CN=Y", or a CN alone: a Name's octets. */
bool ca_subject_read(struct ca_wish *, enum option_id, const char *text, size_t n, struct bytes *out);
/* Room of the wish's own, which stays; NULL: too much was asked for (said). */
uint8_t *ca_room(struct ca_wish *, size_t n);
const char *ca_text(struct ca_wish *, const char *at, size_t n);
bool ca_oid_good(const char *text);

/* ---- the verbs ---- */
typedef int ca_verb(struct ca *, const char *const *values, const char *const *arguments, unsigned n);
ca_verb ca_init, ca_issue;                            /* ca_issue.c */
ca_verb ca_revoke, ca_crl, ca_ocsp;                   /* ca_status.c */
ca_verb ca_spoil;                                     /* ca_spoil.c */
ca_verb ca_exercise;                                  /* ca_exercise.c */

#endif

/* A list of revoked certificates, read with every octet watched, and judged for the classroom's leaf, alone and beside
 * a good list: whatever comes is read or refused with a ground, fields lie within, and nobody is said to stand or to be
 * taken back but by what the classroom's intermediate has signed, which are the seeds. */
#include "tests/lib/crl_made.h"
#include "tls/x509/classroom_keys.h"
#include "tls/x509/crl.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const nsec now = 1000000 * SECOND;
static size_t input_n;

static void look_at_field(struct view *v, const struct trace *t, const struct field *f)
{
    (void)v, (void)t;
    if (f->off > input_n || f->len > input_n - f->off || !f->name)
        abort();
}

static void zeros(struct chance *c, const char *purpose, void *out, size_t n)
{
    (void)c, (void)purpose;
    memset(out, 0, n);
}

/* What is there beside the input, made once. */
static struct classroom room;
static struct x509_cert issuer;                        /* the intermediate, who may sign lists here */
static struct x509_crl seeds[CRL_MADE_KINDS];

static void make_all(void)
{
    static uint8_t der[CRL_MADE_KINDS][CRL_MADE_MAX];
    struct chance chance = { zeros };
    if (sodium_init() < 0 || !classroom_issue(&room, KEY_P256, "www.example.test", now, &chance, NULL))
        abort();
    issuer = room.intermediate;
    issuer.usage |= X509_CRL_SIGN;
    for (unsigned i = 0; i < CRL_MADE_KINDS; i++) {
        size_t n = crl_made_write(i, &room.intermediate, &classroom_p256_keys[CLASSROOM_INTERMEDIATE], &room.leaf, now,
                                  der[i]);
        if (!x509_read_crl(&(struct der){ der[i], n, 0 }, NULL, &seeds[i], NULL))
            abort();
    }
}

static bool is_signed(const struct x509_crl *l)
{
    for (unsigned i = 0; i < CRL_MADE_KINDS; i++)
        if (l->tbs.n == seeds[i].tbs.n && memcmp(l->tbs.at, seeds[i].tbs.at, l->tbs.n) == 0)
            return true;
    return false;
}

static void judge(const struct x509_crl *l)
{
    const struct x509_cert *above[] = { &issuer, &room.root };
    const struct x509_crl both[] = { *l, seeds[CRL_MADE_EMPTY] };
    struct x509_crl_question q = { .cert = &room.leaf, .above = above, .n_above = 2, .crls = both, .n_crls = 1,
                                   .at = now };
    enum x509_crl_says alone = x509_crl_judge(&q).says;
    q.n_crls = 2;
    enum x509_crl_says beside = x509_crl_judge(&q).says;
    if (!is_signed(l) && (alone == CRL_GOOD || alone == CRL_REVOKED || alone == CRL_SOME_REASONS || beside != CRL_GOOD))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct view view = { .field = look_at_field };
    struct fault why = { 0 };
    struct x509_crl l, again;
    if (!room.leaf.der.n)
        make_all();
    input_n = size;
    struct trace *t = trace_new(0);
    trace_attach(t, &view);
    const struct der der = { data, size, trace_buf(t, 'c') };
    const struct watch w = { t, der.buf, data };
    bool fine = x509_read_crl(&der, &w, &l, &why);
    if (fine == (why.ground != NULL) || fine != x509_read_crl(&der, NULL, &again, NULL))
        abort();
    trace_free(t);
    if (fine)
        judge(&l);
    return 0;
}

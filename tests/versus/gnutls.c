#include "tests/versus/judges.h"

#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static time_t moment;
static time_t at_moment(time_t *out)
{
    if (out)
        *out = moment;
    return moment;
}

/* How many could be read; the first of `sent` must be among them. */
static unsigned read_all(const struct der *der, size_t n, gnutls_x509_crt_t *into, bool first)
{
    unsigned read = 0;
    for (size_t i = 0; i < n; i++) {
        const gnutls_datum_t octets = { (unsigned char *)(uintptr_t)der[i].at, (unsigned)der[i].n };
        gnutls_x509_crt_init(&into[read]);
        if (gnutls_x509_crt_import(into[read], &octets, GNUTLS_X509_FMT_DER) == 0) {
            read++;
            continue;
        }
        gnutls_x509_crt_deinit(into[read]);
        if (first && i == 0)
            return 0;
    }
    return read;
}

static void words_of(unsigned status, char why[VERSUS_WORDS])
{
    static const struct { unsigned bit; const char *words; } bits[] = {
        { GNUTLS_CERT_SIGNER_NOT_FOUND, "signer not found" }, { GNUTLS_CERT_SIGNER_NOT_CA, "signer not a CA" },
        { GNUTLS_CERT_INSECURE_ALGORITHM, "insecure algorithm" }, { GNUTLS_CERT_NOT_ACTIVATED, "not activated" },
        { GNUTLS_CERT_EXPIRED, "expired" }, { GNUTLS_CERT_SIGNATURE_FAILURE, "signature failure" },
        { GNUTLS_CERT_UNEXPECTED_OWNER, "unexpected owner" }, { GNUTLS_CERT_PURPOSE_MISMATCH, "purpose mismatch" },
        { GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE, "signer constraints" }, { GNUTLS_CERT_MISMATCH, "mismatch" },
        { GNUTLS_CERT_UNKNOWN_CRIT_EXTENSIONS, "unknown critical extension" },
        { GNUTLS_CERT_MISSING_OCSP_STATUS, "missing OCSP status" },
    };
    size_t used = 0;
    why[0] = 0;
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
        if ((status & bits[i].bit) && used < VERSUS_WORDS)
            used += (size_t)snprintf(why + used, VERSUS_WORDS - used, "%s%s", used ? ", " : "", bits[i].words);
    if (status && !used)
        snprintf(why, VERSUS_WORDS, status == GNUTLS_CERT_INVALID ? "invalid" : "status %x", status);
}

void versus_gnutls(const struct versus_chain *c, char why[VERSUS_WORDS])
{
    gnutls_x509_crt_t sent[VERSUS_CERTS + 2], roots[VERSUS_ROOTS];
    gnutls_x509_trust_list_t list;
    unsigned status = 0, n = read_all(c->sent, c->n_sent, sent, true);
    if (n == 0) {
        snprintf(why, VERSUS_WORDS, "cannot be read");
        return;
    }
    moment = (time_t)(c->at / SECOND);
    gnutls_global_set_time_function(at_moment);
    gnutls_x509_trust_list_init(&list, 0);
    gnutls_x509_trust_list_add_cas(list, roots, read_all(c->roots, c->n_roots, roots, false), 0);
    gnutls_typed_vdata_st wanted[] = {
        { GNUTLS_DT_DNS_HOSTNAME, (unsigned char *)(uintptr_t)c->host, (unsigned)strlen(c->host) },
        { GNUTLS_DT_KEY_PURPOSE_OID, (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_SERVER, 0 },
    };
    if (gnutls_x509_trust_list_verify_crt2(list, sent, n, wanted, 2, GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_MEDIUM),
                                           &status, NULL) == 0)
        words_of(status, why);
    else
        snprintf(why, VERSUS_WORDS, "cannot be judged");
    for (unsigned i = 0; i < n; i++)
        gnutls_x509_crt_deinit(sent[i]);
    gnutls_x509_trust_list_deinit(list, 1);
}

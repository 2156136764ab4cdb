#include "cmd/verify_json.h"
#include "tls/x509/text.h"
#include "trace/json.h"

#include <stdlib.h>
#include <string.h>

static void put(struct json *j, const char *name, const char *text)
{
    json_name(j, name);
    json_words(j, text);
}

/* Of one that could not be read (its tbs is empty) there is nothing but its hash. */
static bool write_certificate(struct json *j, const struct x509_cert *c, const char *source, struct sink *out)
{
    char small[X509_SHA256_TEXT], *text;
    size_t room = 4 * c->der.n + X509_RFC2253_TEXT;
    bool read = c->tbs.n > 0;
    text = malloc(room);
    if (!text)
        return false;
    *text = *small = '\0';
    json_start(j);
    json_open(j, '{');
    put(j, "subject", read ? x509_rfc2253(&c->subject, text, room) : "");
    put(j, "issuer", read ? x509_rfc2253(&c->issuer, text, room) : "");
    put(j, "serial", read ? x509_serial_text(&c->serial, text, room) : "");
    put(j, "not_before", read ? x509_date_text(&c->not_before_digits, small) : "");
    put(j, "not_after", read ? x509_date_text(&c->not_after_digits, small) : "");
    put(j, "sha256", x509_sha256_text(&c->der, small));
    put(j, "extensions", read ? x509_extensions_text(c, text, room) : "");
    put(j, "source", source);
    json_close(j, '}');
    free(text);
    return json_write(j, out);
}

static bool write_sent(struct json *j, const struct verify *v, struct sink *out)
{
    bool whole = true;
    for (size_t i = 0; i < v->n_sent; i++) {
        struct x509_cert c;
        if (!x509_read_cert(&v->sent[i], NULL, &c, NULL))
            c = (struct x509_cert){ .der = v->sent[i] };
        whole &= write_certificate(j, &c, "sent", out);
    }
    return whole;
}

static const struct x509_cert *in_store(const struct x509_store *s, buf_no buf)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->certs[i].der.buf == buf)
            return &s->certs[i];
    return NULL;
}

static bool write_rest_of_path(struct json *j, const struct verify *v, struct sink *out)
{
    bool whole = true;
    for (size_t i = v->told.n_certs; i-- > 0;) {
        const struct verify_cert *told = &v->told.certs[i];
        const struct x509_cert *trusted = in_store(&v->trust, told->buf), *c = in_store(&v->untrusted, told->buf);
        if (told->n_rows && (trusted || c))
            whole &= write_certificate(j, trusted ? trusted : c, trusted ? "trusted" : "untrusted", out);
    }
    return whole;
}

/* What could not be checked, as "crl: leaf CN=www.example.test". */
static void put_unchecked(struct json *j, const struct verify_told *t)
{
    json_name(j, "unchecked");
    json_open(j, '[');
    for (size_t i = t->n_certs; i-- > 0;)
        for (size_t k = 0; k < t->certs[i].n_rows; k++) {
            const struct verify_row *row = &t->rows[t->certs[i].row + k];
            if (!verify_unchecked(row))
                continue;
            json_open(j, '{');
            put(j, "check", row->name);
            put(j, "about", t->certs[i].about);
            put(j, "found", row->found);
            json_close(j, '}');
        }
    json_close(j, ']');
}

static bool write_verdict(struct json *j, const struct verify *v, struct sink *out)
{
    const struct fault *why = &v->why;
    json_start(j);
    json_open(j, '{');
    put(j, "verdict", v->accepted ? "accepted" : "refused");
    put(j, "fault", v->accepted ? "" : why->ground->id);
    put(j, "about", why->about);
    put(j, "expected", why->expected);
    put(j, "came", why->came);
    put(j, "rfc", v->accepted ? "" : why->ground->rfc);
    put(j, "profile", x509_profile_name(v->ask.profile));
    json_name(j, "steps"), json_number(j, v->cost.steps);
    json_name(j, "signatures"), json_number(j, v->cost.signatures);
    json_name(j, "paths"), json_number(j, v->cost.paths);
    put_unchecked(j, &v->told);
    json_close(j, '}');
    return json_write(j, out);
}

bool verify_json(const struct verify *v, struct sink *out)
{
    struct json j = { .line = NULL };
    bool whole = write_sent(&j, v, out) && write_rest_of_path(&j, v, out) && write_verdict(&j, v, out);
    json_free(&j);
    return whole && !v->told.failed;
}

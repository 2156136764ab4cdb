/* verify_bytes.c - `vitrine verify --bytes`: each certificate of the path octet by octet, with the names, values and
 * meanings that its own reader gives them; one that breaks DER up to the octet where it does, and what is wrong there.
 * Each is read again onto a tape of its own, which is drawn as `--step` draws packets (trace/inspect.h). */
#include "cmd/verify_draw.h"
#include "tls/x509/names.h"
#include "tls/x509/ocsp.h"
#include "trace/inspect.h"

#include <stdio.h>
#include <string.h>

enum { TAPE_MOST = 64 << 20, TEXT = 1024 };

typedef bool read_der(const struct der *, const struct watch *, struct fault *why);
/* name: of the event, and so the first word of a field's path */
struct kind { const char *name, *rfc; read_der *read; };

static bool read_cert(const struct der *der, const struct watch *w, struct fault *why)
{
    struct x509_cert c;
    return x509_read_cert(der, w, &c, why);
}

static bool read_list(const struct der *der, const struct watch *w, struct fault *why)
{
    struct x509_crl c;
    return x509_read_crl(der, w, &c, why);
}

static bool read_response(const struct der *der, const struct watch *w, struct fault *why)
{
    struct x509_ocsp_response r;
    return x509_read_ocsp(der, w, &r, why);
}

static const struct kind certificate = { "certificate", "RFC 5280 §4.1", read_cert },
                         list = { "crl", "RFC 5280 §5.1", read_list },
                         response = { "ocsp", "RFC 6960 §4.2.1", read_response };

/* What was shown so far: c1 .. cn, and what their fields mean. */
struct shown { unsigned n; struct inspect_said said; };

/* Reads it with names onto the tape, as the n-th that is shown. */
static buf_no tape_one(struct tape *tape, const struct kind *kind, const struct der *der, const char *label,
                       unsigned n)
{
    struct trace *trace = trace_new(0);
    struct fault why = { 0 };
    if (!trace)
        return 0;
    trace_attach(trace, tape_view(tape));
    buf_no buf = 0;
    for (unsigned i = 0; i < n; i++)
        buf = trace_buf(trace, 'c');
    trace_emit(trace, &(struct event){
        .kind = EVENT_BUFFER, .level = LEVEL_ALL, .layer = "x509", .name = kind->name, .label = label,
        .rfc = kind->rfc, .by = __func__, .buf = buf, .bytes = { der->at, der->n } });
    kind->read(der, &(struct watch){ trace, buf, der->at }, &why);
    trace_free(trace);
    return buf;
}

/* Where it breaks, and with which words; "" where nothing is wrong. */
static size_t find_flaw(const struct verify_screen *s, const struct kind *kind, const struct der *der, char *out,
                        size_t room)
{
    char expected[TEXT], came[TEXT], place[16];
    struct fault why = { 0 };
    struct wire_why found = wire_why_over(der->at);
    *out = '\0';
    if (kind->read(der, &found.watch, &why))
        return 0;
    bool placed = found.failed != NULL;               /* else it is too long to be read at all */
    snprintf(place, sizeof place, "%zx", placed ? found.at : 0);
    const struct attr attrs[] = {
        attr_text("place", place), attr_text("field", placed ? found.failed : why.about),
        attr_number("octet", placed ? found.at : 0),
        attr_text("expected", verify_phrase(s, placed ? found.expected : why.expected, expected, sizeof expected)),
        attr_text("found", verify_phrase(s, placed ? found.came : why.came, came, sizeof came)) };
    verify_words(s, "bytes_flaw", attrs, 5, out, room);
    return placed ? found.at : 0;
}

/* ---- values ---- */

/* A time by its digits, whatever it is called: "261119235959Z". */
static const char *time_words(const struct bytes *digits, char out[DER_TIME_TEXT])
{
    uint8_t element[2 + 15] = { digits->n == 15 ? DER_GENERALIZED_TIME : DER_UTC_TIME, (uint8_t)digits->n };
    if ((digits->n != 13 && digits->n != 15) || digits->at[digits->n - 1] != 'Z')
        return NULL;
    memcpy(element + 2, digits->at, digits->n);
    struct wire_in in = wire_over(element, 2 + digits->n, NULL);
    nsec t = der_take_time(&in, "time");
    return in.failed ? NULL : der_time_text(t, out);
}

/* Addresses; short INTEGERs, which the reader tells as octets. */
static const char *octets_words(const struct field *f, char *out, size_t room)
{
    unsigned long value = 0;
    char ip[X509_SAY];
    if (strcmp(f->name, "ip_address") == 0) {
        snprintf(out, room, "%s", x509_ip_text(&f->bytes, ip));
        return out;
    }
    if (f->bytes.n == 0 || f->bytes.n > 3 || strcmp(f->name, "data") == 0 || (f->bytes.at[0] & 0x80))
        return NULL;
    for (size_t i = 0; i < f->bytes.n; i++)
        value = value << 8 | f->bytes.at[i];
    snprintf(out, room, "%lu", value);
    return out;
}

static const char *value_words(const struct field *f, char *out, size_t room)
{
    char time[DER_TIME_TEXT];
    if (f->type == FIELD_BYTES)
        return octets_words(f, out, room);
    if (f->type != FIELD_TEXT || !time_words(&f->bytes, time))
        return NULL;
    snprintf(out, room, "(%s)", time);
    return out;
}

/* ---- drawing ---- */

static void draw_one(struct verify_screen *s, const struct kind *kind, const struct der *der, const char *label,
                     struct shown *shown)
{
    char flaw[TEXT], text[TEXT];
    struct tape *tape = tape_new(TAPE_MOST);
    buf_no buf = tape ? tape_one(tape, kind, der, label, ++shown->n) : 0;
    if (buf) {
        struct inspect in = { .tape = tape, .pen = &s->pen, .words = s->words, .columns = s->columns };
        struct inspect_look look = { .said = &shown->said, .more = "bytes.left", .words = value_words };
        look.flaw_at = find_flaw(s, kind, der, flaw, sizeof flaw);
        look.flaw = *flaw ? flaw : NULL;
        if (!s->pen.blank)
            pen_end(&s->pen);
        inspect_buffer(&in, buf, &look);
    }
    if (!buf || tape_full(tape))
        verify_line(s, verify_words(s, "bytes_not_all", NULL, 0, text, sizeof text), 0);
    tape_free(tape);
}

static const struct der *der_of(const struct verify *v, buf_no buf)
{
    const struct x509_store *stores[] = { &v->trust, &v->untrusted };
    for (size_t i = 0; i < v->n_sent; i++)
        if (v->sent[i].buf == buf)
            return &v->sent[i];
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < stores[k]->n; i++)
            if (stores[k]->certs[i].der.buf == buf)
                return &stores[k]->certs[i].der;
    return NULL;
}

/* What was sent and cannot be read is on no path; it was told in its order, without a number of its own. */
static void draw_unreadable(struct verify_screen *s, const struct verify *v, struct shown *shown)
{
    size_t k = 0;
    for (size_t i = 0; i < v->n_sent; i++) {
        const char *about = v->name;
        if (read_cert(&v->sent[i], NULL, NULL))
            continue;
        while (k < v->told.n_certs && (v->told.certs[k].n_rows || v->told.certs[k].said != VERIFY_NO))
            k++;
        if (k < v->told.n_certs)
            about = v->told.certs[k++].about;
        draw_one(s, &certificate, &v->sent[i], about, shown);
    }
}

void verify_draw_bytes(struct verify_screen *s, const struct verify *v)
{
    struct shown shown = { .n = 0 };
    for (size_t i = v->told.n_certs; i-- > 0;) {
        const struct verify_cert *cert = &v->told.certs[i];
        const struct der *der = cert->n_rows ? der_of(v, cert->buf) : NULL;
        if (der)
            draw_one(s, &certificate, der, cert->about, &shown);
    }
    draw_unreadable(s, v, &shown);
    for (size_t i = 0; i < v->n_crls; i++)
        draw_one(s, &list, &v->crls[i].der, "list of revoked certificates", &shown);
    if (v->crl_flaw.ground)
        draw_one(s, &list, &v->crl_flawed, v->crl_flaw.about, &shown);
    for (size_t i = 0; i < v->ask.n_responses; i++)
        draw_one(s, &response, &(struct der){ .at = v->responses[i].at, .n = v->responses[i].n }, "OCSP response",
                 &shown);
}

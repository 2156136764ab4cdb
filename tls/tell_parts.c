#include "tls/tell_parts.h"

#include <stdio.h>
#include <string.h>

struct event tell_event(const struct tls *t, enum event_kind kind, enum event_level level, const char *name,
                        const char *rfc, const char *by)
{
    return (struct event){ .kind = kind, .level = level, .layer = "tls", .name = name, .rfc = rfc, .by = by,
                           .host = t->config.voice.host, .conn = t->config.voice.conn };
}

const char *content_label(unsigned type, struct bytes content, char label[TELL_LABEL])
{
    if (type == TLS_CONTENT_CHANGE_CIPHER_SPEC)
        return "ChangeCipherSpec";
    if (type == TLS_CONTENT_ALERT && content.n == 2)
        snprintf(label, TELL_LABEL, "Alert  %s %s", words_or(tls_alert_level_words(content.at[0]), "of no level"),
                 words_or(tls_alert_words(content.at[1]), "of no name"));
    else if (type == TLS_CONTENT_APPLICATION)
        snprintf(label, TELL_LABEL, "application data, %zu octets", content.n);
    else
        return content_name(type);
    return label;
}

void name_content(struct wire_in *in, unsigned type)
{
    if (type == TLS_CONTENT_ALERT && wire_left(in) == 2) {
        take_code8(in, "level", tls_alert_level_words);
        take_code8(in, "description", tls_alert_words);
    } else if (type == TLS_CONTENT_CHANGE_CIPHER_SPEC && wire_left(in) == 1) {
        take_u8(in, "change_cipher_spec");
    } else if (type != TLS_CONTENT_HANDSHAKE && type != TLS_CONTENT_APPLICATION) {
        take_rest(in, "data");
    }
}

void tell_key(const struct tls *t, enum event_level level, const struct key_story *k)
{
    char label[TELL_LABEL];
    struct attr attrs[2 + KEY_ATTRS] = { attr_text("how", k->how), attr_text("in", k->in) };
    memcpy(attrs + 2, k->attrs, k->n * sizeof *attrs);
    snprintf(label, sizeof label, "%s = %s%s%s%s", k->name, k->how, *k->in ? "(" : "", k->in, *k->in ? ")" : "");
    struct event e = tell_event(t, EVENT_KEY, level, k->name, k->rfc, k->by);
    e.label = label;
    e.attrs = attrs;
    e.n_attrs = 2 + k->n;
    trace_emit(t->config.voice.trace, &e);
}

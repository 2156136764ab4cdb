/* watch_notes.c - what a watch writes down into its facts: faults, messages, alerts, and why records stay closed. */
#include "tls/watch_inside.h"

struct voice *watch_voice(struct tls_watch *w, unsigned side) { return &w->reader[side].config.voice; }

void watch_fault(struct tls_watch *w, enum watch_what what, unsigned side, unsigned message, const struct fault *why)
{
    struct watch_facts *f = &w->facts;
    struct voice *v = watch_voice(w, side);
    if (trace_hears(v->trace))
        trace_fault(v, "tls", __func__, why);
    if (f->n_faults == WATCH_FAULTS)
        f->more_faults++;
    else
        f->faults[f->n_faults++] = (struct watch_fault){ what, side, w->side[side].records, w->now->packet, message,
                                                         *why };
}

void watch_blinded(struct tls_watch *w, enum watch_blind why)
{
    struct watch_facts *f = &w->facts;
    if (f->blind != WATCH_SEES)
        return;
    f->blind = why;
    f->blind_packet = w->now->packet;
}

void watch_note(struct tls_watch *w, unsigned side, unsigned type, size_t n, bool sealed)
{
    struct watch_facts *f = &w->facts;
    const struct watch_moment *began = &w->side[side].began;
    if (f->n_messages < WATCH_MESSAGES)
        f->messages[f->n_messages++] = (struct watch_message){ type, side, w->now->packet, began->first, w->now->at,
                                                               (uint32_t)n, sealed };
}

void watch_alert(struct tls_watch *w, unsigned side, unsigned level, unsigned description, bool sealed)
{
    struct watch_facts *f = &w->facts;
    const struct watch_alert a = { side, level, description, w->now->packet, w->now->at, sealed };
    if (f->n_alerts < WATCH_ALERTS)
        f->alerts[f->n_alerts++] = a;
    else
        f->alerts[WATCH_ALERTS - 1] = a;              /* the first ones, and the last */
    if (level && description == TLS_ALERT_CLOSE_NOTIFY)
        f->close_notify[side] = true;
}

void watch_closed(struct tls_watch *w, unsigned side, unsigned type)
{
    struct watch_finished *finished = &w->facts.finished[side];
    if (type == TLS_CONTENT_ALERT)
        watch_alert(w, side, 0, 0, true);
    if (type == TLS_CONTENT_HANDSHAKE && w->side[side].sealed && !finished->seen)
        *finished = (struct watch_finished){ .seen = true, .packet = w->now->packet };
}

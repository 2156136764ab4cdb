#include "http/figures.h"

static nsec later(nsec a, nsec b) { return a > b ? a : b; }

static nsec sooner(nsec a, nsec b) { return a && (!b || a < b) ? a : b; }

static nsec lasted(const struct flow *f)
{
    const struct flow_side *c = &f->side[FLOW_CLIENT], *s = &f->side[FLOW_SERVER];
    nsec first = sooner(c->first.packet ? c->first.at : 0, s->first.packet ? s->first.at : 0);
    nsec last = later(c->last.packet ? c->last.at : 0, s->last.packet ? s->last.at : 0);
    return last > first ? last - first : 0;
}

void figures_of(const struct conversation *c, struct figures *out)
{
    const struct flow *f = c->flow;
    const struct watch_facts *t = c->tls && c->tls->tls ? c->tls : NULL;
    *out = (struct figures){ .connections = 1, .tls = t != NULL, .lasted = lasted(f), .rtt_syn = f->rtt_syn,
                             .rtt_least = f->rtt_least, .rtt_most = f->rtt_most,
                             .rtt_sum = f->rtt_sum[0] + f->rtt_sum[1], .rtts = f->rtts[0] + f->rtts[1] };
    for (unsigned side = 0; side < 2; side++) {
        const struct flow_side *s = &f->side[side];
        out->segments[side] = s->packets;
        out->octets[side] = s->octets;
        out->text[side] = s->text;
        out->said[side] = c->text[side];
        out->again[side] = s->marked[0];              /* FLOW_RETRANSMISSION: the others are kinds of it */
        for (unsigned bit = 0; bit < FLOW_MARKS; bit++)
            if (1u << bit == FLOW_OUT_OF_ORDER)
                out->disordered[side] = s->marked[bit];
        if (t) {
            out->records[side] = t->records[side].n;
            out->sealed[side] = t->records[side].sealed;
            out->opened[side] = t->records[side].opened;
        }
    }
    if (t && t->connected_at.packet && t->client_hello_at.packet && t->connected_at.at > t->client_hello_at.at)
        out->tls_took = t->connected_at.at - t->client_hello_at.at;
}

void figures_add(struct figures *all, const struct figures *one)
{
    all->connections += one->connections;
    all->tls += one->tls;
    all->lasted += one->lasted;
    all->rtt_syn = later(all->rtt_syn, one->rtt_syn);
    all->rtt_least = sooner(one->rtt_least, all->rtt_least);
    all->rtt_most = later(all->rtt_most, one->rtt_most);
    all->rtt_sum += one->rtt_sum;
    all->rtts += one->rtts;
    all->tls_took = later(all->tls_took, one->tls_took);
    for (unsigned side = 0; side < 2; side++) {
        all->segments[side] += one->segments[side];
        all->again[side] += one->again[side];
        all->disordered[side] += one->disordered[side];
        all->octets[side] += one->octets[side];
        all->text[side] += one->text[side];
        all->records[side] += one->records[side];
        all->sealed[side] += one->sealed[side];
        all->opened[side] += one->opened[side];
        all->said[side] += one->said[side];
    }
}

unsigned figures_loss(const struct figures *f, unsigned side)
{
    return f->segments[side] ? (unsigned)(f->again[side] * 10000 / f->segments[side]) : 0;
}

uint64_t figures_rate(const struct figures *f, unsigned side)
{
    uint64_t us = (uint64_t)f->lasted / 1000;
    if (!us)
        return 0;
    return f->text[side] > UINT64_MAX / 8000000 ? f->text[side] / us * 8000000 : f->text[side] * 8000000 / us;
}

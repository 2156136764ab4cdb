/* Explicit congestion notification, RFC 3168: routers mark packets instead of dropping them.
 *
 * Both SYNs must agree (§6.1.1). Then new text travels as ECT(0); a packet that came with the mark CE makes every ACK
 * of ours say ECE, until the peer says CWR, I have slowed down (§6.1.3). An ECE of theirs makes us slow down, once for
 * each window, and the next new text says CWR (§6.1.2). Retransmissions, probes and ACKs alone are never ECT (§6.1.4
 * to §6.1.6). */
#include "net/tcp_recovery.h"
#include "net/tcp.h"

enum { BOTH = TCP_ECE | TCP_CWR };

/* §6.1.1.1: a SYN that nobody answered goes again without: something on the way may not like it. */
uint8_t tcp_ecn_syn_flags(struct tcp *t)
{
    if (t->state != TCP_SYN_SENT)
        return t->ecn_ok ? TCP_ECE : 0;
    t->ecn.asked = t->config->ecn == TCP_ECN_ASK && t->tries <= 1;
    return t->ecn.asked ? BOTH : 0;
}

void tcp_ecn_agree(struct tcp *t, const struct tcp_segment *syn)
{
    if (syn->flags & TCP_ACK)
        t->ecn_ok = t->ecn.asked && (syn->flags & BOTH) == TCP_ECE;
    else
        t->ecn_ok = t->config->ecn != TCP_ECN_OFF && (syn->flags & BOTH) == BOTH;
}

void tcp_ecn_came(struct tcp *t, const struct tcp_segment *s)
{
    if (!t->ecn_ok || s->text.n == 0)
        return;
    if (s->flags & TCP_CWR)
        t->ecn.echo = false;
    if (s->ecn != ECN_CE)
        return;
    if (!t->ecn.echo)
        tcp_ack_quickly(t);                           /* the sooner the peer knows the better */
    t->ecn.echo = true;
}

void tcp_ecn_heard(struct tcp *t, const struct tcp_segment *s)
{
    if (t->ecn_ok && (s->flags & TCP_ECE) && !(s->flags & TCP_SYN))
        tcp_recovery_marked(t);
}

void tcp_ecn_mark(struct tcp *t, struct tcp_sending *out)
{
    struct tcp_segment *s = &out->segment;
    if (!t->ecn_ok || !(s->flags & TCP_ACK) || (s->flags & (TCP_SYN | TCP_RST)))
        return;
    if (t->ecn.echo)
        s->flags |= TCP_ECE;
    if (out->why != TCP_WHY_NEW || s->text.n == 0)
        return;
    s->ecn = ECN_ECT0;
    if (t->recovery.state >= TCP_CONG_CWR && t->ecn.told != t->recovery.recover) {
        t->ecn.told = t->recovery.recover;
        s->flags |= TCP_CWR;
    }
}

/* A host that listens, and callers who do not mean it: places, cookies, backlogs (RFC 4987). */
#include "tests/lib/check.h"
#include "tests/lib/one_host.h"

static const struct addr any = { 0 };

static void in_from_port(struct one *o, uint16_t port, uint8_t flags, uint32_t ack)
{
    one_in_tcp(o, 2, 1, &(struct tcp_segment){ .source_port = port, .destination_port = 443, .window = 1000,
                                           .seq = flags & TCP_SYN ? 100 : 101, .ack = ack, .flags = flags });
}

START_TEST(a_flood_of_syns_is_bounded)                /* RFC 4987 §3.4 */
{
    struct one *o = one_start(1, 8, 4, NULL);
    ck_assert(o->host->ops->listen(o->host, &any, 443, NULL));
    ck_assert(!o->host->ops->listen(o->host, &any, 443, NULL));
    unsigned answers = 0;
    for (uint16_t port = 1; port < 1000; port++) {    /* each has its answer, four keep a place */
        in_from_port(o, port, TCP_SYN, 0);
        while (one_out(o))
            answers += o->tcp.flags == (TCP_SYN | TCP_ACK);
    }
    ck_assert_uint_eq(answers, 999);
    ck_assert_ptr_null(o->host->ops->news(o->host));
    in_from_port(o, 5000, TCP_SYN, 0);                /* an honest caller, three others, then its ACK */
    ck_assert(one_out(o));
    uint32_t isn = o->tcp.seq;
    for (uint16_t port = 1; port < 4; port++) {
        in_from_port(o, port, TCP_SYN, 0);
        ck_assert(one_out(o));
    }
    in_from_port(o, 5000, TCP_ACK, isn + 2);          /* a guess */
    ck_assert(one_out(o) && o->tcp.flags == TCP_RST);
    ck_assert_ptr_null(o->host->ops->news(o->host));
    in_from_port(o, 5001, TCP_ACK, isn + 1);          /* another's cookie */
    ck_assert(one_out(o) && o->tcp.flags == TCP_RST);
    in_from_port(o, 5000, TCP_ACK, isn + 1);
    struct carrier *c = o->host->ops->news(o->host);
    ck_assert(c && c->open && c->peer_port == 5000);
    carrier_abort(c);
    carrier_release(c);
    while (one_out(o))
        ;
    for (nsec at; (at = o->host->ops->wake(o->host)) != NEVER;) {
        o->now = at;
        o->host->ops->tick(o->host, at);
        while (one_out(o))
            ;
    }
    ck_assert(!o->host->ops->busy(o->host));          /* all given up, and their places are free */
    one_end(o);
}
END_TEST

START_TEST(syns_without_pause_are_bounded)            /* nothing was sent in between: 4 places, 64 cookies */
{
    struct one *o = one_start(1, 8, 4, NULL);
    ck_assert(o->host->ops->listen(o->host, &any, 443, NULL));
    for (uint16_t port = 1; port < 100; port++)
        in_from_port(o, port, TCP_SYN, 0);
    unsigned answers = 0;
    while (one_out(o))
        answers++;
    ck_assert_uint_eq(answers, 68);
    one_end(o);
}
END_TEST

static void syn_to(struct one *o, uint16_t port, uint16_t from)
{
    one_in_tcp(o, 2, 1, &(struct tcp_segment){ .source_port = from, .destination_port = port, .window = 1000, .seq = 100,
                                           .flags = TCP_SYN });
}

START_TEST(each_listener_has_a_backlog_of_its_own)    /* those that are kept repeat their SYN-ACK */
{
    struct one *o = one_start(1, 12, 4, NULL);
    struct stack *s = (struct stack *)o->host;
    ck_assert(o->host->ops->listen(o->host, &any, 443, NULL) && o->host->ops->listen(o->host, &any, 80, NULL));
    ck_assert(stack_set_backlog(s, &any, 443, 1));
    ck_assert(!stack_set_backlog(s, &any, 81, 1) && !stack_set_backlog(s, &any, 0, 1));
    for (uint16_t from = 1; from <= 3; from++) {
        syn_to(o, 443, from);
        syn_to(o, 80, from);
    }
    unsigned kept = 0, kept_80 = 0;
    while (one_out(o))
        ;
    o->now += 1100 * MILLISECOND;
    o->host->ops->tick(o->host, o->now);
    while (one_out(o)) {
        kept += o->tcp.source_port == 443;
        kept_80 += o->tcp.source_port == 80;
    }
    ck_assert_uint_eq(kept, 1);
    ck_assert_uint_eq(kept_80, 3);
    one_end(o);
}
END_TEST

START_TEST(a_cookie_counts_beside_a_place)           /* the repeated SYN found one */
{
    struct one *o = one_start(1, 8, 4, NULL);
    ck_assert(o->host->ops->listen(o->host, &any, 443, NULL));
    for (uint16_t port = 1; port < 5; port++)
        in_from_port(o, port, TCP_SYN, 0);
    while (one_out(o))
        ;
    in_from_port(o, 5000, TCP_SYN, 0);
    ck_assert(one_out(o) && o->tcp.flags == (TCP_SYN | TCP_ACK));
    uint32_t cookie = o->tcp.seq;
    in_from_port(o, 1, TCP_RST, 0);
    in_from_port(o, 5000, TCP_SYN, 0);
    ck_assert(one_out(o) && o->tcp.flags == (TCP_SYN | TCP_ACK));
    ck_assert_uint_ne(o->tcp.seq, cookie);
    in_from_port(o, 5000, TCP_ACK, cookie + 1);
    ck_assert(!one_out(o));
    struct carrier *c = o->host->ops->news(o->host);
    ck_assert(c && c->open && c->peer_port == 5000);
    one_end(o);
}
END_TEST

START_TEST(what_comes_behind_a_lost_ack_is_waited_for)   /* a flood's queues dropped the ACK: no RST to an honest FIN */
{
    struct one *o = one_start(1, 8, 4, NULL);
    ck_assert(o->host->ops->listen(o->host, &any, 443, NULL));
    struct tcp_segment fin = { .source_port = 5000, .destination_port = 443, .window = 1000, .seq = 141,
                               .flags = TCP_ACK | TCP_FIN };
    for (uint16_t port = 1; port < 5; port++)
        in_from_port(o, port, TCP_SYN, 0);
    while (one_out(o))
        ;
    in_from_port(o, 5000, TCP_SYN, 0);
    ck_assert(one_out(o) && o->tcp.flags == (TCP_SYN | TCP_ACK));
    uint32_t cookie = o->tcp.seq;
    fin.ack = cookie + 1;
    one_in_tcp(o, 2, 1, &fin);
    ck_assert(!one_out(o));
    in_from_port(o, 5000, TCP_ACK, cookie + 1);       /* it comes again, from its beginning */
    ck_assert_ptr_nonnull(o->host->ops->news(o->host));
    fin.source_port = 5001;
    fin.ack = cookie + (8u << 27);                    /* of another time: nobody's */
    one_in_tcp(o, 2, 1, &fin);
    ck_assert(one_out(o) && (o->tcp.flags & TCP_RST));
    one_end(o);
}
END_TEST

int main(void)
{
    return check_run("stack_floods", (const TTest *[]){
        a_flood_of_syns_is_bounded, syns_without_pause_are_bounded, each_listener_has_a_backlog_of_its_own,
        a_cookie_counts_beside_a_place, what_comes_behind_a_lost_ack_is_waited_for, NULL });
}

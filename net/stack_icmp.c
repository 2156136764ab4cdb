#include "net/stack_parts.h"
#include "net/tell.h"

/* Not obeyed, though RFC 1122 would have it: whoever sits on the link could lead us to himself with one packet, and who
 * sends it delivers ours all the same. */
static const struct ground icmp_redirect = { "icmp.redirect", "RFC 1122 §3.2.2.2" };

/* A queue that is full, and what finds no room is not sent. */
static struct icmp_answer *new_icmp(struct stack *s, const struct addr *from, const struct addr *to)
{
    if (s->n_icmp == ICMP_ANSWERS)
        return NULL;
    struct icmp_answer *a = &s->icmp[s->n_icmp++];
    a->from = *from;
    a->to = *to;
    a->cause = stack_cause(s);
    return a;
}

/* A bucket of tokens: an error takes one, and one comes back each ICMP_EVERY_MS. */
static bool may_tell(struct stack *s)
{
    nsec back = (s->now - s->icmp_since) / (ICMP_EVERY_MS * MILLISECOND);
    if (back > 0) {
        s->icmp_spent -= (nsec)s->icmp_spent < back ? s->icmp_spent : (unsigned)back;
        s->icmp_since = s->icmp_spent ? s->icmp_since + back * ICMP_EVERY_MS * MILLISECOND : s->now;
    }
    return s->icmp_spent < ICMP_BURST;
}

/* An error is never answered by one. What came in place of an ICMP message that cannot be read counts as one. */
static bool is_icmp_error(const struct ip_header *ip, const uint8_t *payload, size_t n)
{
    if (ip->protocol == IP_ICMP6)
        return n == 0 || payload[0] < 128;
    return ip->protocol == IP_ICMP && (n == 0 || (payload[0] != ICMP_ECHO && payload[0] != ICMP_ECHO_REPLY));
}

void stack_icmp_error(struct stack *s, const struct ip_header *ip, const uint8_t *packet, size_t n,
                      const struct icmp_error *e)
{
    size_t head = ip->header_len < n ? ip->header_len : n;
    if (ip->fragment_offset || !routes_is_own(&s->routes, &ip->destination) || !stack_good_peer(s, &ip->source)
        || is_icmp_error(ip, packet + head, n - head) || !may_tell(s))
        return;
    struct icmp_answer *a = new_icmp(s, &ip->destination, &ip->source);
    if (!a)
        return;
    s->icmp_spent++;
    a->n = icmp_write_error(e, &a->from, &a->to, packet, n < ip->total_length ? n : ip->total_length, a->octets);
}

/* RFC 5927: the message quotes a segment of ours; what it means for that connection, TCP judges. */
static void about_tcp(struct stack *s, const struct icmp_message *m)
{
    struct tcp_ends ends = { m->quoted.source, m->quoted.destination, m->quoted_source_port,
                             m->quoted_destination_port };
    struct tcp *t = tcp_table_find(&s->tcp, &ends);
    if (!t)
        return;
    if (m->about == ICMP_ABOUT_TOO_BIG)
        tcp_too_big(t, m->quoted_sequence_number, m->next_hop_mtu);
    else
        tcp_unreachable(t, m->quoted_sequence_number, m->quoted.source.len == 16 ? icmp6_words(m->type)
                                                                                 : icmp_words(m->type));
    stack_settle(t);
}

/* RFC 1122 §3.2.2.6, RFC 4443 §4.2: the same octets go back, in fragments if they came so. */
static void echo_came(struct stack *s, const struct ip_header *ip, const uint8_t *request, size_t n)
{
    const struct addr *from = routes_is_own(&s->routes, &ip->destination)
                              ? &ip->destination : routes_source(&s->routes, &ip->source);
    bool long_one = n > sizeof s->icmp->octets || n + ip_header_size(&ip->source) > s->config.mtu;
    struct icmp_answer *a = from && !long_one ? new_icmp(s, from, &ip->source) : NULL;
    uint8_t *room = from && long_one && n <= CUT_MAX ? stack_cut_room(s) : NULL;
    if (a) {
        icmp_write_reply(request, n, from, &ip->source, a->octets);
        a->n = n;
    } else if (room) {
        icmp_write_reply(request, n, from, &ip->source, room);
        stack_cut_begin(s, &(struct ip_header){ .protocol = ip->protocol, .source = *from, .destination = ip->source },
                        n, 0, stack_cause(s));
    }
}

void stack_icmp_came(struct stack *s, const struct ip_header *ip, struct wire_in *in)
{
    struct icmp_message m;
    struct fault why = { 0 };
    const uint8_t *start = in->at;
    size_t n = wire_left(in);
    bool good = ip->source.len == 16 ? icmp6_read(in, &ip->source, &ip->destination, &m, &why)
                                     : icmp_read(in, &m, &why);
    if (!good) {
        tell_drop(&s->host.voice, "icmp", __func__, &why);
    } else if (m.about == ICMP_ABOUT_ECHO) {
        echo_came(s, ip, start, n);
    } else if (ip->source.len == 4 && m.type == ICMP_REDIRECT) {
        char text[ADDR_TEXT];
        stack_drop(s, "icmp", &icmp_redirect, "the routes that we were given", addr_text(&ip->source, text));
    } else if (m.about >= ICMP_ABOUT_TOO_BIG && m.quoted.protocol == IP_TCP && m.quoted.fragment_offset == 0) {
        about_tcp(s, &m);
    }
}

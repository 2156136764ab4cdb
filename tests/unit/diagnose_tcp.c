/* Causes that TCP and ICMP show: each row of the table fires on what shows it, and not on what merely looks like it. */
#include "tests/lib/check.h"
#include "tests/lib/scene_made.h"

#include <string.h>

/* ---- nobody there */
static void alone(void)
{
    connects();
    memset(side(1), 0, sizeof *side(1));
    side(1)->addr = addr_v4(10, 0, 0, 1), side(1)->port = 443;
    side(0)->packets = 1, side(0)->last = side(0)->first;
    ends_at(0);
}

static void refused(void) { alone(), resets(1, true); }

static void icmp(uint8_t version, uint8_t type, uint8_t code)
{
    alone();
    s->c.icmp[0] = (struct seen_icmp){ addr_v4(10, 0, 0, 9), version, type, code, 0, 2 }, s->c.n_icmp = 1;
}

static void icmp_port(void) { icmp(4, 3, 3); }
static void icmp_port6(void) { icmp(6, 1, 4); }
static void icmp_admin(void) { icmp(4, 3, 13); }
static void icmp_admin6(void) { icmp(6, 1, 1); }
static void icmp_host(void) { icmp(4, 3, 1); }
static void icmp_ttl(void) { icmp(4, 11, 0); }
static void icmp_of_a_sound_one(void) { sound(), s->c.icmp[0] = (struct seen_icmp){ addr_v4(1, 1, 1, 1), 4, 3, 13, 0, 9 }, s->c.n_icmp = 1; }
static void silent(void) { alone(), side(0)->syns = side(0)->packets = 3, side(0)->last = next(3 * SECOND); }
static void silent_once(void) { alone(), ends_at(4 * SECOND); }
static void one_sided(void) { alone(), side(0)->packets = 9, side(0)->text = 700, ends_at(9 * SECOND); }
static void half_opening(void) { connects(), side(0)->packets = 1, side(1)->syns = side(1)->packets = 4, side(1)->last = next(3 * SECOND); }
static void scanned(void) { connects(), side(0)->packets = 1, resets(0, false); }

static void old_connection(void)
{
    connects();
    resets(0, false);
    side(1)->syn = next(MS), side(1)->syns = 1;
    done12();
    record(0, 23, true, 200), record(1, 23, true, 3000);
    side(0)->rst = (struct flow_moment){ 3, 0 }, side(1)->first = (struct flow_moment){ 2, 0 };
    side(1)->syn = (struct flow_moment){ 5, 0 };
    good_bye(0), closes(0);
}

/* ---- between */
static void injected_hops(void) { says_hello(usual()), resets(1, false), side(1)->hops_rst = 243, side(1)->packets = 3; }

static void injected_window(void)
{
    says_hello(usual()), resets(1, false);
    side(1)->has_window_scale = true, side(1)->window_scale = 7, side(1)->window_rst = 8192, side(1)->packets = 3;
}

static void injected_goes_on(void) { done12(), resets(1, false), side(1)->after_rst = next(MS); }
static void injected_client(void) { done12(), record(0, 23, true, 200), resets(0, false), side(0)->hops_rst = 61; }

/* ---- not arriving */
static void mtu_sending(void)
{
    done12(), record(0, 23, true, 200), text(1, 1448);
    side(0)->acked = side(1)->nxt - 1448;
    again(1, 1448, 3);
}

static void mtu_told(void)
{
    mtu_sending();
    s->c.icmp[0] = (struct seen_icmp){ addr_v4(10, 0, 0, 9), 4, 3, 4, 1280, 20 }, s->c.n_icmp = 1;
}

static void mtu_behind(void)
{
    says_hello(usual());
    side(1)->nxt += 2 * 1448 + 300, side(1)->text = 300, side(1)->marked[4] = 1;
    side(1)->first_marked[4] = side(1)->first_text = side(1)->last_text = side(1)->last = next(MS);
    ends_at(4 * SECOND);
}

static void hole_at_the_end(void) { mtu_behind(), ends_at(100 * MS); }

/* ---- ends that say nothing */
static void probes_unanswered(void)
{
    sound13(), side(1)->fin = side(0)->fin = (struct flow_moment){ 0, 0 };
    side(0)->marked[7] = 6, side(1)->marked[8] = 2, side(0)->last = next(5 * SECOND);
}

/* ---- in the middle */
static void zero_window(void) { sound(), side(0)->zero_longest = 3 * SECOND, side(0)->zero_from = next(0); }

static void half_open(void)
{
    done12(), record(0, 23, true, 200), record(1, 23, true, 3000);
    next(90 * SECOND), record(0, 23, true, 200), resets(1, false);
}

static void half_open_middle(void)
{
    connects();
    s->flow.whole = false, side(0)->syns = side(1)->syns = 0;
    text(0, 200), resets(1, false);
}

static void peer_gone(void)
{
    done12(), record(0, 23, true, 200), record(1, 23, true, 3000), record(0, 23, true, 200);
    again(0, 205, 5);
}

static void midway(void) { done12(), record(0, 23, true, 200), record(1, 23, true, 16408), record(1, 23, true, 3000), resets(1, true); }
static void unanswered(void) { done12(), record(0, 23, true, 200), next(9 * SECOND), resets(1, true); }
static void closed_at_once(void) { connects(), closes(1), closes(0); }
static void nothing_said(void) { connects(), closes(0), closes(1); }
static void storm(void) { sound(), side(1)->last = next(SECOND), side(1)->packets = 60, side(1)->marked[0] = 12, side(1)->first_marked[0] = next(0); }

static void slow(void)
{
    sound();
    side(1)->turn_most = 2500 * MS, side(1)->turn_text = 205, side(1)->turn_from = next(0), side(1)->turn_to = next(0);
}

static void not_so_slow(void) { slow(), side(1)->turn_most = 1400 * MS; }
static void slow_path(void) { slow(), s->flow.rtt_syn = 600 * MS; }
static void conflict(void) { sound(), side(1)->conflicts = 1, side(1)->first_conflict = next(0); }

/* ---- connections in which nothing is wrong */
static void short_zero_window(void) { sound(), side(0)->zero_longest = 300 * MS; }
static void some_loss(void) { sound(), side(1)->packets = 200, side(1)->marked[0] = 3, side(1)->resent_most = 1; }
static void spurious(void) { sound(), side(1)->packets = 40, side(1)->marked[0] = 6, side(1)->marked[2] = 6; }

static void five_percent(void)
{
    sound();
    side(1)->packets = 740, side(1)->marked[0] = 38, side(1)->resent_most = 2, side(1)->last = next(5 * SECOND);
}

static void overtaken(void)                             /* much out of order, and nothing new came late */
{
    struct flow_side *v = side(1);
    sound();
    v->packets = 745, v->text_most = 1448, v->text = 1000000, v->octets = v->text + 745 * 40 + 37 * 1448;
    v->marked[0] = 37, v->marked[3] = 170, v->marked[4] = 170, v->last = next(4 * SECOND);
}

static void came_late(void)                             /* by more than the way took, so that it looks like sent again */
{
    struct flow_side *v = side(1);
    overtaken();
    v->octets = v->text + 745 * 40, v->marked[0] = v->overtaken = 170, v->marked[3] = 30;
}

static void late_and_again(void) { came_late(), side(1)->marked[0] += 90, side(1)->first_marked[0] = next(0); }

static void polled(void)                                /* the first answer was quick */
{
    sound();
    side(1)->turn_most = 25 * SECOND, side(1)->turn_text = 200, side(1)->turn_from = next(0), side(1)->turn_to = next(0);
}

static void whole_and_reset(void)                       /* a server that closes by RST, and owes nothing */
{
    connects();
    side(1)->port = 80, s->c.plain_http = true, s->c.n_http = 1;
    s->c.http[0] = (struct seen_http){ .method = "GET", .target = "/", .status = 200, .complete = true,
                                       .request = { 4, 4, 0 }, .response_first = { 5, 5, 0 } };
    text(0, 100), text(1, 300), resets(1, true);
}

static void spare_timed_out(void)                       /* a browser's second connection, and the server's time limit */
{
    connects();
    s->all.starts[0] = (struct seen_start){ side(0)->addr, side(1)->addr, 40002, 443, side(0)->first.at + 5 * MS, true };
    s->all.n_starts = 1;
    next(60 * SECOND), closes(1), closes(0);
}

static void no_syn_ack(void)                            /* the capture lacks it; the client ends with a RST */
{
    sound(), resets(0, false);
    side(1)->syn = (struct flow_moment){ 0, 0 }, side(1)->syns = 0;
    side(1)->first = side(1)->first_text;
}

static void each_frame_twice(void) { connects(), side(0)->syns = side(0)->packets = 2, side(1)->syns = side(1)->packets = 2; }
static void old_and_again(void)                         /* behind its RST the client goes on, with the SYN */
{
    old_connection();
    s->tls.close_notify[0] = false, side(0)->after_rst = (struct flow_moment){ 4, 0 };
}

static const struct scene_row rows[] = {
    SOUND(whole_and_reset), SOUND(spare_timed_out), SOUND(no_syn_ack), SOUND(each_frame_twice),
    { old_and_again, "tcp.old_connection" },
    SOUND(short_zero_window), SOUND(some_loss), SOUND(spurious), SOUND(icmp_of_a_sound_one), SOUND(one_sided),
    SOUND(hole_at_the_end), SOUND(slow_path), SOUND(not_so_slow), SOUND(overtaken), SOUND(five_percent),
    SOUND(polled), SOUND(came_late),
    { refused, "tcp.refused" }, { icmp_port, "ip.port_unreachable" }, { icmp_port6, "ip.port_unreachable" },
    { icmp_admin, "ip.prohibited" }, { icmp_admin6, "ip.prohibited" }, { icmp_host, "ip.unreachable" },
    { icmp_ttl, "ip.hops" }, { silent, "tcp.silent" }, { silent_once, "tcp.silent" },
    { half_opening, "tcp.half_opening" }, { scanned, "tcp.syn_ack_refused" },
    { old_connection, "tcp.old_connection" }, { injected_hops, "tcp.reset_injected" },
    { injected_window, "tcp.reset_injected" }, { injected_goes_on, "tcp.reset_injected" },
    { injected_client, "tcp.reset_injected" }, { mtu_sending, "tcp.mtu" }, { mtu_told, "tcp.mtu" },
    { mtu_behind, "tcp.mtu" }, { zero_window, "tcp.zero_window" }, { half_open, "tcp.half_open" },
    { half_open_middle, "tcp.half_open" }, { peer_gone, "tcp.peer_gone" }, { midway, "tcp.reset_midway" },
    { unanswered, "tcp.reset_midway" }, { closed_at_once, "tcp.closed_at_once" },
    { nothing_said, "tcp.nothing_said" }, { probes_unanswered, "tcp.peer_gone" },
    { storm, "tcp.retransmissions" }, { late_and_again, "tcp.retransmissions" }, { slow, "tcp.slow_server" }, { conflict, "tcp.conflict" },
};

START_TEST(names_it) { scene_named(&rows[_i]); } END_TEST
START_TEST(rows_of_ip_are_shown) { scene_shows_all("ip.", rows, sizeof rows / sizeof *rows); } END_TEST
START_TEST(rows_of_tcp_are_shown) { scene_shows_all("tcp.", rows, sizeof rows / sizeof *rows); } END_TEST

int main(void)
{
    return check_run_rows("diagnose_tcp", names_it, sizeof rows / sizeof *rows,
                          (const TTest *[]){ rows_of_ip_are_shown, rows_of_tcp_are_shown, NULL });
}

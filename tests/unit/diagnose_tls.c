/* Causes that the records of TLS show: each row of the table fires on what shows it, and not on what merely looks like
 * it. */
#include "tests/lib/check.h"
#include "tests/lib/scene_made.h"

#include <stdio.h>

/* ---- connections in which nothing is wrong */
static void plain_on_80(void)
{
    connects();
    side(1)->port = 80, s->c.plain_http = true;
    snprintf(s->tls.plain[0], 64, "GET / HTTP/1.1"), snprintf(s->tls.plain[1], 64, "HTTP/1.1 400 Bad Request");
    s->c.tls = &s->tls;
    text(0, 100), text(1, 300), closes(1), closes(0);
}

static void ssh_on_22(void)
{
    connects();
    side(1)->port = 22, s->c.tls = &s->tls;
    snprintf(s->tls.plain[0], 64, "SSH-2.0-a"), snprintf(s->tls.plain[1], 64, "SSH-2.0-b");
    text(1, 30), text(0, 30), closes(0), closes(1);
}

/* ---- not TLS */
static void http_to_tls(void)
{
    plain_on_80();
    side(1)->port = 8443;
}

static void http_and_alert(void)
{
    connects();
    s->c.tls = &s->tls;
    snprintf(s->tls.plain[0], 64, "GET / HTTP/1.1");
    text(0, 100), alert(1, 2, 80), closes(1);
}

static void http_and_nothing(void)
{
    connects();
    s->c.tls = &s->tls, s->c.plain_http = true, s->c.n_http = 1;
    snprintf(s->c.http[0].method, sizeof s->c.http[0].method, "GET");
    text(0, 100), closes(1);
}

static void server_http(void) { says_hello(usual()), snprintf(s->tls.plain[1], 64, "HTTP/1.1 400 Bad Request"), text(1, 300), closes(1); }
static void server_html(void) { says_hello(usual()), snprintf(s->tls.plain[1], 64, "<!DOCTYPE HTML>"), text(1, 300), closes(1); }

static void ssh_and_400(void)
{
    connects();
    s->c.tls = &s->tls, s->c.plain_http = true, s->c.n_http = 1, s->c.http[0].status = 400;
    snprintf(s->tls.plain[0], 64, "SSH-2.0-x");
    text(0, 30), text(1, 300), closes(1);
}

static void server_ssh(void) { says_hello(usual()), snprintf(s->tls.plain[1], 64, "SSH-2.0-OpenSSH_9.2"), text(1, 30); }

static void client_ssh(void)
{
    connects();
    s->c.tls = &s->tls, snprintf(s->tls.plain[0], 64, "SSH-2.0-OpenSSH_9.2");
    text(0, 30), alert(1, 2, 10), closes(1);
}

/* ---- not arriving */
static void split_at_client(void)
{
    says_hello(usual());
    side(1)->acked = 1001 + 100;
    again(0, 300, 3), ends_at(0);
}

static void split_at_server(void)
{
    connects();
    s->c.tls = &s->tls, s->tls.tls = true, s->tls.hello_wanted = 1800, s->tls.hello_has = 1448;
    text(0, 1448), ends_at(4 * SECOND);
}

static void split_and_came(void) { sound(), side(0)->resent_most = 2, side(0)->resent_acked = true; }

static void hello_dropped(void)
{
    says_hello(usual());
    side(1)->acked = 1001;
    again(0, 250, 3), ends_at(0);
}

/* ---- certificates */
static void no_name(void)
{
    struct client_hello_wishes w = usual();
    w.server_name = NULL;
    flight(2), offer(w), client_says(42);
}

static void no_name_refused(void)
{
    struct client_hello_wishes w = usual();
    w.server_name = NULL;
    says_hello(w), alert(1, 2, 112), closes(1);
}

/* ---- nothing in common */
static void refuse_hello(struct client_hello_wishes w, unsigned description) { says_hello(w), alert(1, 2, description), closes(1), closes(0); }
static void wrong_sni(void) { refuse_hello(usual(), 112); }
static void alpn(void) { refuse_hello(usual(), 120); }

static void fallback(void)
{
    struct client_hello_wishes w = usual();
    w.fallback = true;
    refuse_hello(w, 86);
}

static void version(void) { refuse_hello(usual(), 70); }
static void version_old(void) { refuse_hello(usual(), 40), s->hello[4 + 1] = 1; }

static void group(void)
{
    static const uint16_t one[] = { TLS_SECP521R1 };
    struct client_hello_wishes w = usual();
    w.groups = one, w.n_groups = 1;
    refuse_hello(w, 40);
}

static void sigalg(void)
{
    static const uint16_t one[] = { TLS_ED25519 };
    struct client_hello_wishes w = usual();
    w.sigalgs = one, w.n_sigalgs = 1;
    refuse_hello(w, 40);
}

static void suite(void)
{
    struct client_hello_wishes w = usual();
    w.n_suites = 1;
    refuse_hello(w, 40);
}

static void groups_two(void)                            /* nobody offers two of himself */
{
    static const uint16_t two[] = { TLS_X25519, TLS_SECP256R1 };
    struct client_hello_wishes w = usual();
    w.groups = two, w.n_groups = 2;
    refuse_hello(w, 40);
}

static void suite_weak(void) { refuse_hello(usual(), 71); }

/* ---- the client's certificate */
static void asked(bool sent)
{
    flight(2);
    message(1, TLS_CERTIFICATE_REQUEST, 100);
    s->tls.client_asked = true, s->tls.client_sent_certificate = sent;
    message(1, TLS_SERVER_HELLO_DONE, 4), message(0, TLS_CERTIFICATE, sent ? 900 : 7);
    message(0, TLS_CLIENT_KEY_EXCHANGE, 70), record(0, 20, false, 1), record(0, 22, true, 40);
}

static void wanted(void) { asked(false), alert(1, 2, 40), closes(1); }
static void wanted_closed(void) { asked(false), closes(1), closes(0); }

static void wanted_400(void)
{
    asked(false), record(1, 20, false, 1), record(1, 22, true, 40);
    s->tls.suite = tls_suite_of(0xc02f);
    record(0, 23, true, 150), record(1, 23, true, 24 + 365 + 2 * 12), good_bye(1), closes(1), closes(0);
}

static void asked_and_short(void)                       /* a short page, and a server that closes */
{
    asked(false), record(1, 20, false, 1), record(1, 22, true, 40);
    s->tls.suite = tls_suite_of(0xc02f);
    record(0, 23, true, 150), record(1, 23, true, 24 + 400), good_bye(1), closes(1), closes(0);
}

static void wanted_13(void) { flight13(true), record(0, 23, true, 25), record(0, 23, true, 69), record(1, 23, true, 19), closes(1), closes(0); }
static void not_taken(void) { asked(true), alert(1, 2, 48), closes(1); }

static void not_taken_13(void)
{
    flight13(true), record(0, 23, true, 900), record(0, 23, true, 281), record(0, 23, true, 69);
    record(1, 23, true, 19), closes(1), closes(0);
}

static void renegotiates(void)
{
    done12(), record(0, 23, true, 200), record(1, 23, true, 3000);
    record(0, 22, true, 250), record(1, 21, true, 26), closes(1), closes(0);
}

/* ---- ends that say nothing */
static void refused_13(void) { flight13(false), record(0, 20, false, 1), record(0, 23, true, 19), closes(0), closes(1); }
static void refused_13_java(void) { flight13(false), record(0, 20, false, 1), record(0, 23, true, 35), closes(0); }
static void wanted_13_java(void) { flight13(true), record(0, 23, true, 41), record(0, 23, true, 85), record(1, 23, true, 19), closes(1); }
static void left_13(void) { flight13(false), record(0, 20, false, 1), record(0, 23, true, 69), record(0, 23, true, 19), closes(0); }

static void h2_alone(void)
{
    static const char *const h2[] = { "h2" };
    struct client_hello_wishes w = usual();
    w.protocols = h2, w.n_protocols = 1;
    done12(), offer(w), good_bye(0), closes(0);
}

static void hello_reset(void) { says_hello(usual()), resets(1, false); }

/* ---- between */
static void other_hops_too(void)
{
    says_hello(usual()), resets(1, true);
    side(1)->hops_rst = 60, side(1)->hops_most = 60, side(1)->packets = 3;
}

/* ---- ends that say nothing */
static void hello_closed(void) { says_hello(usual()), closes(1), closes(0); }
static void hello_mute(void) { says_hello(usual()), ends_at(6 * SECOND); }
static void hello_mute_closed(void) { says_hello(usual()), next(3 * SECOND), closes(0); }
static void hello_waits(void) { says_hello(usual()), ends_at(2 * SECOND); }
static void broken(void) { flight(2), message(1, TLS_SERVER_HELLO_DONE, 4), message(0, TLS_CLIENT_KEY_EXCHANGE, 70), resets(1, true), side(1)->packets = 1; }
static void stalled(void) { flight(2), message(1, TLS_SERVER_HELLO_DONE, 4), ends_at(9 * SECOND); }
static void stalled_shortly(void) { flight(2), message(1, TLS_SERVER_HELLO_DONE, 4), ends_at(2 * SECOND); }

static void record_cut(void)
{
    done12(), record(0, 23, true, 200), record(1, 23, true, 3000), closes(1), closes(0);
    s->tls.cut_wanted[1] = 16413, s->tls.cut_has[1] = 900;
}

static void full_at_the_end(void) { done12(), record(0, 23, true, 200), record(1, 23, true, 16408), closes(1), closes(0); }

static void long_and_closed(void)
{
    done12(), record(0, 23, true, 200), record(1, 23, true, 16408), record(1, 23, true, 3700), closes(1), closes(0);
}

static void said_good_bye_first(void)                   /* and the server has no word for it, as nginx */
{
    done12(), record(0, 23, true, 200);
    for (unsigned i = 0; i < 60; i++)
        record(1, 23, true, 16408);
    good_bye(0), s->tls.close_notify[0] = false, closes(1), closes(0);
}

static void head_and_file(void)                         /* as simple servers do that never say close_notify */
{
    done12(), record(0, 23, true, 200), record(1, 23, true, 190), record(1, 23, true, 16408), record(1, 23, true, 3700);
    closes(1), closes(0);
}

/* ---- connections in which nothing is wrong */
static void asked_and_hurried(void)                     /* the client had said good bye before the answer came */
{
    asked(false), record(1, 20, false, 1), record(1, 22, true, 40);
    record(0, 23, true, 150), good_bye(0), record(1, 23, true, 420), good_bye(1), closes(1), closes(0);
}

static void asked_and_went_on(void)
{
    flight(2);
    s->tls.client_asked = true;
    finishes(), record(0, 23, true, 200), record(1, 23, true, 3000), good_bye(0), closes(0);
}

static void sent_and_taken(void)
{
    flight(2);
    s->tls.client_asked = s->tls.client_sent_certificate = true;
    finishes(), record(0, 23, true, 200), record(1, 23, true, 400), good_bye(1), closes(1), good_bye(0), closes(0);
}

static void asked_13(void)
{
    flight13(true);
    record(0, 23, true, 25), record(0, 23, true, 69), record(0, 23, true, 150);
    record(1, 23, true, 250), record(1, 23, true, 3000), record(0, 23, true, 19), closes(0);
}

static void api_400(void)                               /* plain HTTP, at no port of TLS */
{
    connects();
    side(1)->port = 8080, s->c.plain_http = true, s->c.n_http = 1;
    s->c.http[0] = (struct seen_http){ .method = "POST", .target = "/api", .status = 400, .complete = true };
    text(0, 100), text(1, 300), closes(1), closes(0);
}

static void one_flight_13(void)                         /* rustls: Certificate, CertificateVerify, Finished in one record */
{
    flight13(true), record(0, 20, false, 1), record(0, 23, true, 1400), record(0, 23, true, 150);
    record(1, 23, true, 250), record(1, 23, true, 250), record(1, 23, true, 3000), record(0, 23, true, 19);
    closes(0), record(1, 23, true, 19), closes(1);
}

/* Asked for a certificate that it need not have, and left unused until the server's time was over. */
static void idle_12(void) { flight(2), s->tls.client_asked = true, finishes(), next(60 * SECOND), good_bye(1), closes(1), closes(0); }

static void idle_13(void)
{
    flight13(true), record(0, 23, true, 25), record(0, 23, true, 69), record(1, 23, true, 250), record(1, 23, true, 250);
    next(60 * SECOND), record(1, 23, true, 19), closes(1), closes(0);
}

static void warned(void)                                /* unrecognized_name, and all goes on */
{
    says_hello(usual()), alert(1, 1, 112), answers(TLS_1_2), send_chain(2), message(1, TLS_CERTIFICATE, 1400);
    s->tls.certificate_at = (struct watch_moment){ s->packet, s->packet, s->at };
    s->tls.staple_asked = s->tls.stapled = true;
    message(1, TLS_SERVER_KEY_EXCHANGE, 300), message(1, TLS_SERVER_HELLO_DONE, 4), finishes();
    next(20 * SECOND), good_bye(0), closes(0), closes(1);
}

static void stops_loading(void)                         /* two octets in a record are no alert, where more comes behind */
{
    flight13(false), record(0, 23, true, 69), record(0, 23, true, 150), record(1, 23, true, 250), record(1, 23, true, 250);
    record(1, 23, true, 16401), record(1, 23, true, 19);
    for (unsigned i = 0; i < 10; i++)
        record(1, 23, true, 9000);
    closes(0), closes(1);
}

static void stalled_server(void) { flight(2), ends_at(9 * SECOND); }

static void odd_alert(void)                             /* its number has no name */
{
    asked(true), alert(1, 2, 66), closes(1);
}

static const struct scene_row rows[] = {
    SOUND(api_400), SOUND(one_flight_13), SOUND(idle_12), SOUND(idle_13), SOUND(warned), SOUND(stops_loading),
    { stalled_server, "tls.handshake_stalled" },
    SOUND(asked_and_went_on), SOUND(sent_and_taken), SOUND(asked_and_hurried), SOUND(asked_and_short),
    SOUND(asked_13), SOUND(plain_on_80), SOUND(ssh_on_22), SOUND(split_and_came), SOUND(hello_waits),
    SOUND(stalled_shortly), SOUND(head_and_file), SOUND(said_good_bye_first),
    { other_hops_too, "tls.reset_after_hello" }, { http_to_tls, "tls.plain_http" },
    { http_and_alert, "tls.plain_http" }, { http_and_nothing, "tls.plain_http" },
    { server_http, "tls.server_speaks_http" }, { server_ssh, "tls.server_speaks_other" },
    { client_ssh, "tls.client_speaks_other" }, { split_at_client, "tls.hello_split_lost" },
    { split_at_server, "tls.hello_split_lost" }, { hello_dropped, "tls.hello_unanswered" },
    { no_name, "tls.missing_sni" }, { no_name_refused, "tls.missing_sni" }, { wrong_sni, "tls.wrong_sni" },
    { alpn, "tls.alpn" }, { fallback, "tls.fallback" }, { version, "tls.no_common_version" },
    { version_old, "tls.no_common_version" }, { group, "tls.no_common_group" },
    { sigalg, "tls.no_common_sigalg" }, { suite, "tls.no_common_suite" }, { suite_weak, "tls.no_common_suite" },
    { wanted, "tls.client_certificate_wanted" }, { wanted_closed, "tls.client_certificate_wanted" },
    { wanted_400, "tls.client_certificate_wanted" }, { wanted_13, "tls.client_certificate_wanted" },
    { not_taken, "tls.client_certificate_refused" }, { not_taken_13, "tls.client_certificate_refused" },
    { renegotiates, "tls.renegotiation_refused" }, { refused_13, "tls.flight_refused" },
    { left_13, "tls.client_left" }, { h2_alone, "tls.alpn_none" }, { hello_reset, "tls.reset_after_hello" },
    { hello_closed, "tls.closed_after_hello" }, { hello_mute, "tls.no_answer" },
    { hello_mute_closed, "tls.no_answer" }, { broken, "tls.handshake_broken" },
    { stalled, "tls.handshake_stalled" }, { record_cut, "tls.truncated" }, { full_at_the_end, "tls.truncated" },
    { long_and_closed, "tls.truncated" }, { groups_two, "tls.no_common_group" },
    { refused_13_java, "tls.flight_refused" }, { wanted_13_java, "tls.client_certificate_wanted" },
    { server_html, "tls.server_speaks_http" }, { ssh_and_400, "tls.client_speaks_other" },
};

START_TEST(names_it) { scene_named(&rows[_i]); } END_TEST
START_TEST(rows_are_shown) { scene_shows_all("tls.", rows, sizeof rows / sizeof *rows); } END_TEST

static void found(void (*make)(void), const char *came)
{
    struct diagnosis d[1] = { { .n = 0 } };
    scene_begin();
    make();
    if (!s->all.last_at)
        ends_at(0);
    ck_assert_uint_eq(diagnose(&s->c, &s->all, d, 1), 1);
    ck_assert_str_eq(d[0].came, came);
    scene_end();
}

START_TEST(says_who_and_what)
{
    found(stalled_server, "nothing from the server for 9000 ms");
    found(stalled, "nothing from the client for 9000 ms");
    found(odd_alert, "a certificate, and the server's close");
}
END_TEST

int main(void)
{
    return check_run_rows("diagnose_tls", names_it, sizeof rows / sizeof *rows,
                          (const TTest *[]){ rows_are_shown, says_who_and_what, NULL });
}

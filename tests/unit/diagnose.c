/* Causes without keys: the table as a whole, alerts, and connections in which nothing is wrong. What each row fires on
 * is in diagnose_tcp.c, diagnose_tls.c and so on, by the beginning of its id. */
#include "cmd/words_tables.h"
#include "tests/lib/check.h"
#include "tests/lib/scene_made.h"

#include <string.h>

/* ---- octets of the handshake */
/* RFC 8446 §B.4: TLS_AES_128_CCM_8_SHA256 has tags of 8 octets, so all is shorter; the client goes on all the same. */
static void short_tags(void)
{
    sound13();
    s->tls.suite_number = 0x1305;
    for (uint64_t i = 0; i < s->tls.n_seen; i++)
        for (unsigned late = 0; late < 2; late++) {
            struct watch_seen *r = late ? &s->tls.late[i % WATCH_LATE_SEEN] : &s->tls.seen[i];
            if (r->sealed && (!late || i + WATCH_LATE_SEEN >= s->tls.n_seen))
                r->n = (uint16_t)(r->n - 8);
        }
}

/* ---- connections in which nothing is wrong */
/* Another connection of the same client's, that said something; to another address: a race of addresses. */
static void beside(bool other_address)
{
    struct addr to = other_address ? addr_v4(10, 0, 0, 9) : side(1)->addr;
    s->all.starts[0] = (struct seen_start){ .client = side(0)->addr, .server = to, .client_port = 40001, .port = 443,
                                            .at = side(0)->first.at + 250 * MS, .spoke = true };
    s->all.n_starts = 1;
}

static void preconnected(void) { connects(), closes(0), closes(1), beside(false); }
static void race_lost(void) { connects(), side(0)->packets = 1, resets(0, false), beside(true); }

static void race_unanswered(void)
{
    connects();
    *side(1) = (struct flow_side){ .addr = side(1)->addr, .port = 443 }, side(0)->packets = 1, side(0)->acked_known = false;
    beside(true), ends_at(9 * SECOND);
}

static void spare_browser(void) { done12(), closes(0), closes(1), beside(false); }

static void user_aborts(void)                           /* and its kernel answers with a RST what still comes */
{
    done12(), record(0, 23, true, 200), record(1, 23, true, 16408);
    s->tls.cut_wanted[1] = 16408, s->tls.cut_has[1] = 900;
    resets(0, true);
}

static void snapped(void)                               /* a short snaplen cut the hello */
{
    connects();
    s->c.tls = &s->tls, s->tls.tls = true, s->tls.hello_wanted = 512, s->tls.hello_has = 49;
    text(0, 517), side(0)->missing = 468, text(1, 3000), ends_at(9 * SECOND);
}

static void cut_at_the_end(void) { done12(), record(0, 23, true, 200), record(1, 23, true, 3000), ends_at(0); }
static void hello_at_the_end(void) { says_hello(usual()); }
static void flight_at_the_end(void) { flight(2), ends_at(0); }

static void syn_at_the_end(void)
{
    connects();
    memset(side(1), 0, sizeof *side(1));
    side(0)->packets = 1, side(0)->last = side(0)->first;
    s->all.last_at = side(0)->syn.at + SECOND;
}

static void in_the_middle(void)
{
    sound();
    s->flow.whole = false, s->c.tls = NULL, side(0)->syns = side(1)->syns = 0;
}

static void reset_behind_good_bye(void) { done12(), record(0, 23, true, 200), record(1, 23, true, 3000), good_bye(1), good_bye(0), resets(0, false); }
static void reset_by_who_left(void) { sound(), resets(0, true); }
static void no_close_notify(void) { done12(), record(0, 23, true, 200), record(1, 23, true, 3000), closes(1), closes(0); }

static void idle_reset(void)
{
    done12(), record(0, 23, true, 200), record(1, 23, true, 3000);
    next(60 * SECOND), resets(1, true);
}

static void probes_only(void) { done12(), good_bye(0), closes(0), good_bye(1), closes(1); }

static void keepalive_timeout(void)
{
    done12(), record(0, 23, true, 200), record(1, 23, true, 3000);
    next(65 * SECOND), good_bye(1), closes(1), closes(0);
}

static void handshake_alone_13(void)
{
    struct client_hello_wishes w = usual();
    w.n_protocols = 0;
    flight13(false);
    offer(w);
    record(0, 23, true, 69), record(0, 23, true, 19), closes(0), closes(1);
}

static void warned(void)
{
    sound();
    s->tls.alerts[0] = (struct watch_alert){ 1, 1, 112, 4, 0, false }, s->tls.n_alerts = 1;
}

static const struct scene_row rows[] = {
    SOUND(sound), SOUND(sound13), SOUND(cut_at_the_end), SOUND(hello_at_the_end),
    SOUND(flight_at_the_end), SOUND(syn_at_the_end),
    SOUND(in_the_middle), SOUND(reset_behind_good_bye), SOUND(reset_by_who_left), SOUND(no_close_notify),
    SOUND(idle_reset), SOUND(short_tags), SOUND(probes_only), SOUND(keepalive_timeout),
    SOUND(handshake_alone_13), SOUND(warned), SOUND(preconnected), SOUND(race_lost), SOUND(race_unanswered),
    SOUND(spare_browser), SOUND(user_aborts), SOUND(snapped),
};

START_TEST(names_it) { scene_named(&rows[_i]); } END_TEST

/* Each fatal alert says its own name, where nothing tells more. */
START_TEST(each_alert)
{
    for (size_t i = 0; i < n_causes; i++) {
        struct diagnosis d[1];
        if (strncmp(causes[i].id, "alert.", 6) != 0)
            continue;
        scene_begin();
        done12();
        if (causes[i].alert == 112)
            memset(s->tls.sni, 0, sizeof s->tls.sni), s->tls.client_hello.n = 0;
        alert(1, 2, causes[i].alert < 0 ? 60 : (unsigned)causes[i].alert), closes(1);
        ck_assert_uint_eq(diagnose(&s->c, &s->all, d, 1), 1);
        ck_assert_str_eq(d[0].cause->id, causes[i].id);
        scene_end();
    }
}
END_TEST

/* Each row is of a kind that one of this test's siblings shows; it has its sentence, and its id stands once. */
START_TEST(table_is_whole)
{
    static const char *const kinds[] = { "ip.", "tcp.", "tls.", "x509.", "http.", "dns.", "alert." };
    for (size_t i = 0; i < n_causes; i++) {
        bool shown = false;
        const struct words_row *said = NULL;
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            shown |= strncmp(causes[i].id, kinds[k], strlen(kinds[k])) == 0;
        for (const struct words_row *r = words_diagnose; r->layer; r++)
            if (strcmp(r->layer, "cause") == 0 && strcmp(r->name, causes[i].id) == 0)
                said = r;
        ck_assert_msg(shown, "%s is of no kind", causes[i].id);
        ck_assert_msg(said, "%s has no sentence", causes[i].id);
        for (size_t k = 0; k < i; k++)
            ck_assert_str_ne(causes[i].id, causes[k].id);
    }
    for (const struct words_row *r = words_diagnose; r->layer; r++) {
        bool found = strcmp(r->layer, "cause") != 0;
        for (size_t i = 0; i < n_causes; i++)
            found |= strcmp(causes[i].id, r->name) == 0;
        ck_assert_msg(found, "no cause %s", r->name);
    }
}
END_TEST

int main(void)
{
    return check_run_rows("diagnose", names_it, sizeof rows / sizeof *rows,
                          (const TTest *[]){ each_alert, table_is_whole, NULL });
}

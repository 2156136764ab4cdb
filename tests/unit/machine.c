/* The machines as data: every row of the tables that drive the code, and nothing else. */
#include "net/tcp.h"
#include "tests/lib/check.h"
#include "tls/machine.h"
#include "trace/machine.h"

#include <stdio.h>
#include <string.h>

static struct machine m;

static void is_whole(const char *name)
{
    ck_assert_str_eq(m.name, name);
    ck_assert_uint_lt(m.n_states, MACHINE_STATES);
    ck_assert_uint_lt(m.n_rows, MACHINE_ROWS);
    for (unsigned s = 0; s < m.n_states; s++) {
        ck_assert_int_eq(machine_named(&m, m.states[s].name), (int)s);
        bool reached = s == 0;
        for (unsigned r = 0; r < m.n_rows; r++)
            reached |= m.rows[r].to == s && m.rows[r].from != s;
        ck_assert_msg(reached, "nothing leads to %s", m.states[s].name);
        ck_assert_msg(machine_next(&m, s, NULL) != NULL, "nothing leads out of %s", m.states[s].name);
        for (unsigned o = 0; o < s; o++)
            ck_assert_msg(m.states[s].column != m.states[o].column || m.states[s].line != m.states[o].line,
                          "%s stands on %s", m.states[s].name, m.states[o].name);
    }
    for (unsigned r = 0; r < m.n_rows; r++) {
        const struct machine_row *row = &m.rows[r];
        ck_assert_int_eq(strncmp(row->rfc, "RFC ", 4), 0);
        ck_assert_ptr_eq(machine_find(&m, m.states[row->from].name, m.states[row->to].name, row->trigger), row);
    }
}

START_TEST(tcp_has_its_rows)
{
    tcp_machine(&m);
    is_whole("tcp");
    ck_assert_uint_eq(m.n_states, TCP_STATES);
    ck_assert_uint_eq(m.n_rows, tcp_n_transitions);
    for (unsigned i = 0; i < m.n_rows; i++) {
        ck_assert_str_eq(m.states[m.rows[i].from].name, tcp_state_name(tcp_transitions[i].from));
        ck_assert_str_eq(m.states[m.rows[i].to].name, tcp_state_name(tcp_transitions[i].to));
        ck_assert_str_eq(m.rows[i].trigger, tcp_trigger_name(tcp_transitions[i].trigger));
        ck_assert_str_eq(m.rows[i].rfc, tcp_transitions[i].rfc);
    }
    ck_assert_str_eq(m.states[0].name, "CLOSED");
    ck_assert(m.states[0].end);
    ck_assert_ptr_null(machine_find(&m, "LISTEN", "ESTABLISHED", "SYN came"));
}
END_TEST

START_TEST(tls_has_its_rows)
{
    for (int server = 0; server < 2; server++) {
        const struct tls_row *rows = server ? tls_server_rows : tls_client_rows;
        size_t n = server ? tls_n_server_rows : tls_n_client_rows, seen = 0;
        tls_machine(server, &m);
        is_whole(server ? "tls-server" : "tls-client");
        for (size_t i = 0; i < n; i++)
            for (int k = 0; k < TLS_ROW_ENDS && (k == 0 || rows[i].to[k] != AT_START); k++, seen++)
                ck_assert_msg(machine_find(&m, tls_state_words(rows[i].in), tls_state_words(rows[i].to[k]),
                                           tls_message_words(rows[i].comes)) != NULL, "%s, %s", tls_state_words(rows[i].in),
                              tls_message_words(rows[i].comes));
        ck_assert_uint_eq(m.n_rows, seen);
        ck_assert_str_eq(m.states[0].name, "START");
        for (unsigned s = 0; s < m.n_states; s++)
            ck_assert_int_eq(m.states[s].end, strcmp(m.states[s].name, "CONNECTED") == 0);
    }
}
END_TEST

START_TEST(rows_of_one_state)
{
    const struct machine_row *r = NULL;
    unsigned n = 0;
    tls_machine(false, &m);
    unsigned wait = (unsigned)machine_named(&m, "WAIT_CERTIFICATE");
    while ((r = machine_next(&m, wait, r))) {
        ck_assert_uint_eq(r->from, wait);
        n++;
    }
    ck_assert_uint_eq(n, 5);                          /* Certificate, to four states; HelloRequest */
    ck_assert_int_eq(machine_named(&m, "WAIT_CLIENT_HELLO"), -1);
}
END_TEST

/* What a writer wrote. */
struct paper { struct sink sink; char text[1 << 16]; size_t n, most; };
static struct paper paper;

static bool paper_write(struct sink *s, const void *bytes, size_t n)
{
    struct paper *p = (struct paper *)s;
    if (p->n + n >= p->most)
        return false;
    memcpy(p->text + p->n, bytes, n);
    p->n += n;
    return true;
}

static bool written(bool (*writer)(const struct machine *, struct sink *), size_t most)
{
    memset(&paper, 0, sizeof paper);
    paper.sink.write = paper_write;
    paper.most = most;
    return writer(&m, &paper.sink);
}

static unsigned times(const char *words)
{
    unsigned n = 0;
    for (const char *at = paper.text; (at = strstr(at, words)); at++)
        n++;
    return n;
}

START_TEST(each_state_and_row_is_drawn)
{
    for (int k = 0; k < 3; k++) {
        char words[160];
        k ? tls_machine(k == 2, &m) : tcp_machine(&m);
        ck_assert(written(machine_svg, sizeof paper.text));
        for (unsigned s = 0; s < m.n_states; s++) {
            snprintf(words, sizeof words, " id=\"%s-%s\">", m.name, m.states[s].name);
            ck_assert_msg(times(words) == 1, "%s", words);
        }
        for (unsigned r = 0; r < m.n_rows; r++) {
            snprintf(words, sizeof words, " id=\"%s-row-%u\"><title>%s: %s, to %s (%s)</title>", m.name, r,
                     m.states[m.rows[r].from].name, m.rows[r].trigger, m.states[m.rows[r].to].name, m.rows[r].rfc);
            ck_assert_msg(times(words) == 1, "%s", words);
        }
        ck_assert_uint_eq(times("<g "), times("</g>"));
        ck_assert_uint_eq(times("<g "), m.n_states + m.n_rows + m.states[0].end);
        ck_assert(written(machine_text, sizeof paper.text));
        for (unsigned s = 0; s < m.n_states; s++)
            ck_assert_uint_ge(times(m.states[s].name), 1);
        ck_assert_uint_eq(times("RFC "), m.n_rows);
        ck_assert(written(machine_dot, sizeof paper.text));
        ck_assert_uint_eq(times(" -> "), m.n_rows);
    }
}
END_TEST

/* An RST closes from everywhere: that is no arrow for each. */
START_TEST(a_bush_is_folded)
{
    tcp_machine(&m);
    ck_assert(machine_folds(&m, machine_find(&m, "ESTABLISHED", "CLOSED", "RST came")));
    ck_assert(!machine_folds(&m, machine_find(&m, "SYN-SENT", "CLOSED", "ICMP unreachable came")));
    ck_assert(written(machine_svg, sizeof paper.text));
    ck_assert_uint_eq(times("RST came \xe2\x86\x92 CLOSED"), 1);
    tls_machine(true, &m);
    ck_assert(!machine_folds(&m, machine_find(&m, "CONNECTED", "CONNECTED", "application data")));
}
END_TEST

START_TEST(a_sink_that_is_full)
{
    tcp_machine(&m);
    ck_assert(!written(machine_svg, 900));
    ck_assert(!written(machine_text, 900));
    ck_assert(!written(machine_dot, 900));
}
END_TEST

int main(void)
{
    return check_run("machine", (const TTest *[]){ tcp_has_its_rows, tls_has_its_rows, rows_of_one_state,
                                                 each_state_and_row_is_drawn, a_bush_is_folded, a_sink_that_is_full, NULL });
}

/* The third reader: what two engines of ours say to each other, read by tls/watch.h with a key log and without. */
#include "tests/lib/check.h"
#include "tests/lib/tls_between.h"
#include "tests/lib/tls_tape.h"
#include "tls/x509/classroom_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DATA = 5000 };

static struct tape_read reading;
static struct cpu cpu;

static void exporters(struct tls_pair *p) { p->client.config.exporter = p->server.config.exporter = true; }

/* A pair made by a kind of tls_between.h, with another suite. */
static void make(struct tls_pair *p, const struct between_kind *kind, const char *suite, uint16_t group, bool etm)
{
    struct pair_wish wish = kind ? kind->wish : (struct pair_wish){ 0 };
    if (suite)
        wish.suite = suite;
    if (group)
        wish.group = group;
    pair_configure(p, &wish);
    if (kind && kind->configure)
        kind->configure(p);
    exporters(p);
    p->client.config.encrypt_then_mac = p->server.config.encrypt_then_mac = etm;
    p->client.tls = tls_new(&p->client.config, PAIR_NOW, &p->client.fault);
    p->server.tls = tls_new(&p->server.config, PAIR_NOW, &p->server.fault);
}

static const struct between_kind *kind_of(const char *name)
{
    for (size_t i = 0; i < between_n_kinds; i++)
        if (!strcmp(between_kinds[i].name, name))
            return &between_kinds[i];
    ck_abort_msg("no kind %s", name);
    return NULL;
}

static void says(const struct watch_facts *f, const char *what)
{
    if (!what)
        return;
    for (size_t i = 0; i < f->n_faults; i++)
        fprintf(stderr, "%s: fault %d side %u record %u packet %u message %u: %s (expected %s, came %s)\n", what,
                f->faults[i].what, f->faults[i].side, (unsigned)f->faults[i].record, (unsigned)f->faults[i].packet,
                f->faults[i].message, f->faults[i].fault.ground->id, f->faults[i].fault.expected,
                f->faults[i].fault.came);
}

static void must_be_sound(const struct tape_read *r, const char *what)
{
    const struct watch_facts *f = watch_facts(r->watch);
    if (f->n_faults)
        says(f, what);
    ck_assert_msg(f->n_faults == 0, "%s: %u faults", what, f->n_faults);
    ck_assert_msg(f->blind == WATCH_SEES, "%s: blind %d", what, f->blind);
    for (unsigned side = 0; side < 2; side++) {
        ck_assert_msg(f->finished[side].seen && f->finished[side].checked && f->finished[side].verified,
                      "%s: Finished of side %u: seen %d checked %d verified %d", what, side, f->finished[side].seen,
                      f->finished[side].checked, f->finished[side].verified);
        ck_assert_msg(f->records[side].sealed && f->records[side].opened == f->records[side].sealed, "%s: records", what);
        ck_assert_msg(f->close_notify[side], "%s: close_notify", what);
        ck_assert_msg(r->n_text[side] == DATA, "%s: %zu octets of data", what, r->n_text[side]);
    }
}

static void read_with_log(struct tape_read *r, const struct tape *t, struct watch_sessions *s, size_t piece)
{
    struct keylog *k = tape_keylog(t, 0);
    cpu = cpu_found();
    const struct watch_config c = { .keylog = k, .sessions = s, .cpu = &cpu };
    tape_watch(r, t, &c, piece);
    keylog_free(k);
}

static void try_kind(const char *kind, const char *suite, bool etm, size_t piece)
{
    char what[128];
    struct tls_pair p;
    struct tape *t = tls_tape_new();
    snprintf(what, sizeof what, "%s, %s%s, pieces of %zu", kind ? kind : "plain", suite ? suite : "", etm ? ", etm" : "",
             piece);
    make(&p, kind ? kind_of(kind) : NULL, suite, 0, etm);
    ck_assert_msg(tape_pair(t, &p, DATA), "%s: no handshake", what);
    read_with_log(&reading, t, NULL, piece);
    must_be_sound(&reading, what);
    const struct watch_facts *f = watch_facts(reading.watch);
    const struct tls_facts *ours = tls_facts_of(p.client.tls);
    ck_assert_msg(f->suite == ours->suite && f->version == TLS_1_2, "%s", what);
    ck_assert_msg(f->resumed == ours->resumed, "%s: resumed %d", what, f->resumed);
    ck_assert_msg(f->extended_master_secret == ours->extended_master_secret, "%s", what);
    ck_assert_msg(f->encrypt_then_mac == ours->encrypt_then_mac, "%s", what);
    ck_assert_msg(f->resumed || f->group == ours->group, "%s: group", what);
    ck_assert_msg(f->resumed || ours->suite->kx == TLS_KX_RSA || (f->ske_checked && f->ske_good), "%s: ske", what);
    ck_assert_msg(f->resumed || f->chain_judged, "%s: chain", what);
    ck_assert_str_eq(f->sni, PAIR_HOST);
    tape_read_end(&reading);
    pair_end(&p);
    tls_tape_free(t);
}

START_TEST(every_suite_opens_and_verifies)
{
    for (const struct tls_suite *s = tls_suites; s < tls_suites + tls_n_suites; s++) {
        try_kind(NULL, s->name, false, SIZE_MAX);
        if (tls_suite_is_cbc(s))
            try_kind(NULL, s->name, true, SIZE_MAX);
        try_kind("a ticket given", s->name, tls_suite_is_cbc(s), SIZE_MAX);
        try_kind("client certificate", s->name, false, SIZE_MAX);
    }
}
END_TEST

START_TEST(every_kind_of_handshake_verifies_in_any_pieces)
{
    static const size_t pieces[] = { SIZE_MAX, 1, 3, 7, 100, 1460 };
    for (size_t k = 0; k < between_n_kinds; k++)
        for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
            try_kind(between_kinds[k].name, NULL, false, pieces[i]);
}
END_TEST


/* ---- one octet spoiled ---- */

static void watch_again(struct tape_read *r, const struct tape *t, const struct keylog *k)
{
    cpu = cpu_found();
    const struct watch_config c = { .keylog = k, .cpu = &cpu };
    tape_watch(r, t, &c, SIZE_MAX);
}

/* Where sealed records begin on each side: behind ChangeCipherSpec. */
static size_t sealed_from(const struct tape *t, unsigned side)
{
    for (size_t at = 0; at < t->n[side]; at += 5 + (size_t)(t->octets[side][at + 3] << 8 | t->octets[side][at + 4]))
        if (t->octets[side][at] == TLS_CONTENT_CHANGE_CIPHER_SPEC)
            return at + 6;
    return t->n[side];
}

/* The octets of a connection, one after the other: what is sealed, is named by its record; what is not, shows somewhere,
 * and is named where it can be. */
static void try_spoiled(const char *kind, const char *suite, bool etm, size_t step)
{
    struct tls_pair p;
    struct tape *t = tls_tape_new();
    make(&p, kind ? kind_of(kind) : NULL, suite, 0, etm);
    ck_assert(tape_pair(t, &p, 600));
    struct keylog *k = tape_keylog(t, 0);
    for (unsigned side = 0; side < 2; side++) {
        const size_t sealed = sealed_from(t, side);
        for (size_t at = 0; at < t->n[side]; at += at < sealed ? 1 : step) {
            size_t begin, end;
            char what[128];
            unsigned record = tape_record(t, side, at, &begin, &end);
            snprintf(what, sizeof what, "%s: octet %zu of side %u (record %u, octet %zu of it)", suite, at, side,
                     record, at - begin);
            t->octets[side][at] ^= 0x10;
            watch_again(&reading, t, k);
            t->octets[side][at] ^= 0x10;
            const struct watch_facts *f = watch_facts(reading.watch);
            const struct watch_fault *first = &f->faults[0];
            bool of_record = f->n_faults && first->side == side && first->record == record;
            if (at == 2 && side == WATCH_CLIENT)
                ;                                     /* any 3.x will do in front of a version */
            else if (at - begin >= 5 && at >= sealed) {
                says(f, f->n_faults == 1 && of_record ? NULL : what);
                ck_assert_msg(f->n_faults == 1 && of_record && first->what == WATCH_BAD_RECORD
                              && first->packet == tape_packet(t, side, end - 1), "%s", what);
                ck_assert_msg(f->records[side].opened + 1 == f->records[side].sealed, "%s: opened", what);
                ck_assert_msg(f->records[1 - side].opened == f->records[1 - side].sealed, "%s: opened", what);
                ck_assert_msg(f->finished[0].verified + f->finished[1].verified
                              == (at - begin < end && begin == sealed ? 1 : 2), "%s: Finished", what);
            } else if (at - begin < 5) {
                ck_assert_msg(of_record || (f->n_faults && at - begin >= 3), "%s: the record's header", what);
            } else {
                ck_assert_msg(f->n_faults, "%s: nothing", what);
            }
            tape_read_end(&reading);
        }
    }
    keylog_free(k);
    pair_end(&p);
    tls_tape_free(t);
}

START_TEST(each_spoiled_octet_is_named)
{
    try_spoiled(NULL, "ECDHE-RSA-AES128-GCM-SHA256", false, 1);
    try_spoiled(NULL, "AES128-SHA", false, 1);
}
END_TEST

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    return check_run("watch", (const TTest *[]){
        every_suite_opens_and_verifies, every_kind_of_handshake_verifies_in_any_pieces,
        each_spoiled_octet_is_named, NULL });
}

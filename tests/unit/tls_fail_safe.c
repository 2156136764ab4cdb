/* Fail safe: each step that judges a peer is made to say anything but yes, one call of one handshake after the other,
 * and the end that asked never gets a connection; its fault says which step it was, and the alert goes out. GnuTLS once
 * counted an error's number as a yes (CVE-2014-0092), and a jump too many skipped a signature (CVE-2014-1266).
 *
 * The linker puts our functions in front of the real ones (--wrap), so that nothing in the engine knows of this. A step
 * here is a function, or a row of x509_checks; whoever writes a new verifier adds it to `steps`. */
#include "tests/lib/check.h"
#include "tests/lib/tls_between.h"
#include "tls/handlers.h"
#include "tls/x509/checks.h"
#include "tls/x509/ocsp.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is in front of the real ones ---- */

enum step {
    KEY_VERIFY, KEY_SIGN, VERIFY_CHAIN, READ_CERT, READ_OCSP, CERT_IS_FOR, RECORD_OPEN, AEAD_OPEN, SAME, EXCHANGE_VALID,
    EXCHANGE_SHARED, ENCRYPT, DECRYPT, CHECK_FINISHED, READ_CLIENT_HELLO, READ_SERVER_HELLO, READ_CERTIFICATE,
    READ_SERVER_KEY_EXCHANGE, READ_CERTIFICATE_REQUEST, READ_CLIENT_KEY_EXCHANGE, READ_FINISHED, READ_EMPTY,
    READ_TICKET, READ_STATUS, READ_VERIFY, TAKE_EXTENSIONS, TAKE_PARAMS, VALUE_FITS, CHOOSE_SUITE, CHOOSE_ANSWERS,
    FIND_ROW, DECIDE, TICKET_OPEN, MEMORY, STEPS
};

static struct tls *acting;                             /* inside of tls_receive */
static bool shaking;                                   /* during the handshake */
static struct { enum step step; unsigned call; int value; } wrong = { .step = STEPS };
static unsigned calls[STEPS];
static struct tls *struck;                             /* whose call was answered wrongly */

/* Asked only where the real answer is yes. */
static bool strikes(enum step step)
{
    if (!acting || !shaking || step != wrong.step || calls[step]++ != wrong.call)
        return false;
    struck = acting;
    return true;
}

/* Declared as what they stand in front of: where that has changed, this does not compile. */
#define AS(name) __typeof__(name) __real_##name, __wrap_##name
#define BOOL(step, name, params, args)                                                      \
    AS(name);                                                                               \
    bool __wrap_##name params                                                               \
    {                                                                                       \
        return __real_##name args && !strikes(step);                                        \
    }
#define READER(step, name, type)                                                            \
    BOOL(step, name, (struct wire_in *in, type *out, struct fault *why), (in, out, why))

BOOL(KEY_VERIFY, key_verify, (const struct public_key *k, struct sign_scheme s, const void *m, size_t n,
                              const uint8_t *sig, size_t sig_n, const struct cpu *cpu), (k, s, m, n, sig, sig_n, cpu))
BOOL(VERIFY_CHAIN, x509_verify_chain, (const struct x509_ask *a, const struct voice *v, const struct der *chain,
                                       size_t n, struct public_key *leaf, struct fault *why),
     (a, v, chain, n, leaf, why))
BOOL(CERT_IS_FOR, x509_cert_is_for, (const struct x509_cert *c, const char *host, const struct bytes *ip),
     (c, host, ip))
BOOL(RECORD_OPEN, record_open, (struct sealing *s, struct record *r), (s, r))
BOOL(AEAD_OPEN, aead_open, (const struct aead *a, const uint8_t nonce[12], const void *aad, size_t aad_n, void *data,
                            size_t n, const uint8_t tag[16]), (a, nonce, aad, aad_n, data, n, tag))
BOOL(EXCHANGE_VALID, exchange_valid, (enum exchange e, const uint8_t *v, size_t n), (e, v, n))
BOOL(EXCHANGE_SHARED, exchange_shared, (enum exchange e, const uint8_t *s, const uint8_t *v, size_t n, uint8_t *out,
                                        const struct cpu *cpu), (e, s, v, n, out, cpu))
BOOL(ENCRYPT, rsa_encrypt, (const struct rsa_public *k, struct chance *c, const uint8_t *data, size_t n, uint8_t *e,
                            uint8_t *out, const struct cpu *cpu), (k, c, data, n, e, out, cpu))
BOOL(DECRYPT, rsa_decrypt_premaster, (const struct rsa_private *k, struct chance *c, uint16_t version,
                                      const uint8_t *in, size_t n, uint8_t secret[48], const struct cpu *cpu),
     (k, c, version, in, n, secret, cpu))
BOOL(CHECK_FINISHED, check_finished, (struct tls *t, const struct tls_message *m, struct fault *why), (t, m, why))
READER(READ_CLIENT_HELLO, read_client_hello, struct client_hello)
READER(READ_SERVER_HELLO, read_server_hello, struct server_hello)
READER(READ_CERTIFICATE, read_certificate, struct certificate_message)
READER(READ_CERTIFICATE_REQUEST, read_certificate_request, struct certificate_request)
READER(READ_FINISHED, read_finished, struct bytes)
READER(READ_TICKET, read_new_session_ticket, struct new_session_ticket)
READER(READ_STATUS, read_certificate_status, struct bytes)
READER(READ_VERIFY, read_certificate_verify, struct certificate_verify)
BOOL(READ_SERVER_KEY_EXCHANGE, read_server_key_exchange, (struct wire_in *in, enum tls_kx kx,
                                                          struct server_key_exchange *k, struct fault *why),
     (in, kx, k, why))
BOOL(READ_CLIENT_KEY_EXCHANGE, read_client_key_exchange, (struct wire_in *in, enum tls_kx kx, struct bytes *out,
                                                          struct fault *why), (in, kx, out, why))
BOOL(READ_EMPTY, read_empty_message, (struct wire_in *in, struct fault *why), (in, why))
BOOL(TAKE_EXTENSIONS, take_extensions, (struct wire_in *in, bool of_server, struct tls_extensions *x,
                                        struct fault *why), (in, of_server, x, why))
BOOL(TAKE_PARAMS, take_params, (struct tls *t, const struct server_key_exchange *k, struct fault *why), (t, k, why))
BOOL(VALUE_FITS, value_fits, (const struct tls *t, struct bytes v, struct fault *why), (t, v, why))
BOOL(CHOOSE_SUITE, choose_suite, (struct tls *t, const struct client_hello *h, struct fault *why), (t, h, why))
BOOL(CHOOSE_ANSWERS, choose_answers, (struct tls *t, const struct client_hello *h, struct server_hello_wishes *w,
                                      struct fault *why), (t, h, w, why))

/* Who does not ask why only looks for a name in it. */
AS(x509_read_cert);
bool __wrap_x509_read_cert(const struct der *d, const struct watch *w, struct x509_cert *c, struct fault *why)
{
    return __real_x509_read_cert(d, w, c, why) && !(why && strikes(READ_CERT));
}

/* Who watches only wants the names in it. */
AS(x509_read_ocsp);
bool __wrap_x509_read_ocsp(const struct der *d, const struct watch *w, struct x509_ocsp_response *r, struct fault *why)
{
    return __real_x509_read_ocsp(d, w, r, why) && !(!w && strikes(READ_OCSP));
}

AS(key_sign);
size_t __wrap_key_sign(const struct private_key *k, struct chance *c, struct sign_scheme s, const void *m, size_t n,
                       uint8_t *sig, const struct cpu *cpu)
{
    return strikes(KEY_SIGN) ? 0 : __real_key_sign(k, c, s, m, n, sig, cpu);
}

AS(ct_same);
ct_mask __wrap_ct_same(const void *a, const void *b, size_t n) 
{
    ct_mask same = __real_ct_same(a, b, n);
    return same && strikes(SAME) ? 0 : same;
}

AS(tls_find_row);
const struct tls_row *__wrap_tls_find_row(bool server, enum tls_state state, unsigned comes)
{
    return strikes(FIND_ROW) ? NULL : __real_tls_find_row(server, state, comes);
}

AS(resume_decide);
const struct resume_row *__wrap_resume_decide(bool server, unsigned answers)
{
    static struct resume_row row;
    const struct resume_row *real = __real_resume_decide(server, answers);
    if (!strikes(DECIDE))
        return real;
    row = *real;
    row.verdict = (enum resume_verdict)wrong.value;
    return &row;
}

AS(tls_ticket_open);
enum tls_ticket_says __wrap_tls_ticket_open(struct tls_tickets *t, struct bytes b, nsec now, struct tls_ticket_state *s)
{
    enum tls_ticket_says real = __real_tls_ticket_open(t, b, now, s);
    return strikes(TICKET_OPEN) ? (enum tls_ticket_says)wrong.value : real;
}

void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void *__wrap_malloc(size_t);
void *__wrap_calloc(size_t, size_t);
void *__wrap_realloc(void *, size_t);
/* From that call on there is none: who has none now seldom has some a moment later. */
static bool none_left(void)
{
    if (!acting || !shaking || wrong.step != MEMORY || calls[MEMORY]++ < wrong.call)
        return false;
    struck = struck ? struck : acting;
    return true;
}
void *__wrap_malloc(size_t n) { return none_left() ? NULL : __real_malloc(n); }
void *__wrap_calloc(size_t n, size_t size) { return none_left() ? NULL : __real_calloc(n, size); }
void *__wrap_realloc(void *p, size_t n) { return none_left() ? NULL : __real_realloc(p, n); }

AS(tls_receive);
enum tls_says __wrap_tls_receive(struct tls *t, struct ring *in, struct ring *out, nsec now, struct fault *why)
{
    acting = t;
    enum tls_says says = __real_tls_receive(t, in, out, now, why);
    acting = NULL;
    return says;
}

/* ---- a handshake ---- */

struct outcome { bool client, server; struct fault fault; int alert; bool of_server; };

static const struct between_kind more[] = {
    { "DHE", { .suite = "DHE-RSA-AES128-GCM-SHA256", .group = TLS_FFDHE2048 }, NULL },
    { "ChaCha20", { .suite = "ECDHE-RSA-CHACHA20-POLY1305" }, NULL },
    { "CBC", { .suite = "ECDHE-RSA-AES256-SHA384", .group = TLS_SECP384R1 }, NULL },
};
enum { MORE = sizeof more / sizeof *more };
static size_t n_kinds(void) { return between_n_kinds + MORE; }
static const struct between_kind *kind_of(size_t i)
{
    return i < between_n_kinds ? &between_kinds[i] : &more[i - between_n_kinds];
}

/* The last alert in what a side has sent, which ends with it in the clear or sealed; -1: none. */
static int alert_in(struct pair_side *s)
{
    struct bytes b = ring_peek(&s->out);
    int alert = -1;
    for (size_t at = 0; at + RECORD_HEADER <= b.n; ) {
        size_t n = RECORD_HEADER + (size_t)(b.at[at + 3] << 8 | b.at[at + 4]);
        if (b.at[at] == TLS_CONTENT_ALERT && at + n <= b.n)
            alert = n == RECORD_HEADER + 2 ? b.at[at + 6] : 256;
        at += n;
    }
    return alert;
}

static struct outcome shake(const struct between_kind *kind)
{
    static struct tls_pair p;
    struct outcome o = { .alert = -1 };
    memset(calls, 0, sizeof calls);
    struck = NULL;
    between_pair(&p, kind, NULL);
    struct pair_side *sides[] = { &p.client, &p.server };
    shaking = true;
    for (unsigned turn = 0; turn < 32; turn++) {
        struct pair_side *s = sides[turn % 2], *other = sides[(turn + 1) % 2];
        bool failed = s->says == TLS_FAILED;
        pair_run(s);
        if (!failed && s->says == TLS_FAILED && s->tls == struck)
            o.alert = alert_in(s);
        pair_wire(s, other, SIZE_MAX);
    }
    shaking = false;
    o.client = tls_progress(p.client.tls) == TLS_CONNECTED && p.client.says != TLS_FAILED;
    o.server = tls_progress(p.server.tls) == TLS_CONNECTED && p.server.says != TLS_FAILED;
    if (o.client && o.server) {                       /* then they agree */
        pair_send(&p, &p.client, "up", 2);
        pair_send(&p, &p.server, "down", 4);
        ck_assert(p.server.got_n == 2 && p.client.got_n == 4);
    }
    o.of_server = struck == p.server.tls;
    o.fault = o.of_server ? p.server.fault : p.client.fault;
    pair_end(&p);
    return o;
}

static bool starts(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

/* Is this ground one of a list of names with spaces between? One that ends with a dot stands for all that begin so. */
static bool listed(const char *list, const char *id)
{
    char name[64];
    for (int n = 0; sscanf(list, " %63s%n", name, &n) == 1; list += n)
        if (strcmp(name, id) == 0 || (name[strlen(name) - 1] == '.' && starts(id, name)))
            return true;
    return false;
}

static void never(const char *step, const char *kind, const struct outcome *o, const char *grounds)
{
    const char *id = o->fault.ground ? o->fault.ground->id : "";
    bool connected = o->of_server ? o->server : o->client;
    pair_must(!connected, "%s, call %u of %s: connected", step, wrong.call, kind);
    pair_must(id[0] && o->fault.expected[0] && o->fault.came[0], "%s, call %u of %s: no reason", step, wrong.call,
              kind);
    bool of_staple = strncmp(kind, "stapled", 7) == 0 && listed("x509.ocsp", id);
    pair_must(of_staple || listed(grounds, id), "%s, call %u of %s: refused for %s", step, wrong.call, kind, id);
    pair_must(o->alert >= 0, "%s, call %u of %s: %s without an alert", step, wrong.call, kind, id);
    pair_must(o->alert == 256 || o->alert == tls_alert_for(o->fault.ground), "%s: alert %d", id, o->alert);
}

/* ---- the tests ---- */

/* What a refusal of each step is told as. A step that only says no, and whose caller relies on its having said why,
 * becomes tls.internal: what nobody explained is refused all the same. */
static const struct { enum step step; const char *name, *grounds; } steps[] = {
    { KEY_VERIFY, "key_verify", "tls.ske_signature tls.verify_signature x509.bad_signature" },
    { KEY_SIGN, "key_sign", "tls.internal" },
    { VERIFY_CHAIN, "x509_verify_chain", "tls.internal x509." },
    { READ_CERT, "x509_read_cert", "tls.internal x509." },
    { READ_OCSP, "x509_read_ocsp", "x509.ocsp" },
    { CERT_IS_FOR, "x509_cert_is_for", "x509.wrong_name tls.internal" },    /* asked twice, and told the second time */
    { RECORD_OPEN, "record_open", "tls.bad_record_mac" },
    { AEAD_OPEN, "aead_open", "tls.bad_record_mac" },
    { SAME, "ct_same", "tls.finished tls.bad_record_mac tls.ske_signature x509.bad_signature" },
    { EXCHANGE_VALID, "exchange_valid", "tls.bad_point tls.bad_dh_value" },
    { EXCHANGE_SHARED, "exchange_shared", "tls.bad_point tls.bad_dh_value" },
    { ENCRYPT, "rsa_encrypt", "tls.internal" },
    { DECRYPT, "rsa_decrypt_premaster", "tls.bad_record_mac tls.finished" },       /* late, and for no other reason */
    { CHECK_FINISHED, "check_finished", "tls.internal tls.finished" },
    { READ_CLIENT_HELLO, "read_client_hello", "tls.internal" },
    { READ_SERVER_HELLO, "read_server_hello", "tls.internal" },
    { READ_CERTIFICATE, "read_certificate", "tls.internal" },
    { READ_SERVER_KEY_EXCHANGE, "read_server_key_exchange", "tls.internal" },
    { READ_CERTIFICATE_REQUEST, "read_certificate_request", "tls.internal" },
    { READ_CLIENT_KEY_EXCHANGE, "read_client_key_exchange", "tls.internal" },
    { READ_FINISHED, "read_finished", "tls.internal" },
    { READ_EMPTY, "read_empty_message", "tls.internal" },
    { READ_TICKET, "read_new_session_ticket", "tls.internal" },
    { READ_STATUS, "read_certificate_status", "tls.internal" },
    { READ_VERIFY, "read_certificate_verify", "tls.internal" },
    { TAKE_EXTENSIONS, "take_extensions", "tls.internal tls.client_hello_cut tls.server_hello_cut" },
    { TAKE_PARAMS, "take_params", "tls.internal" },
    { VALUE_FITS, "value_fits", "tls.internal" },
    { CHOOSE_SUITE, "choose_suite", "tls.internal" },
    { CHOOSE_ANSWERS, "choose_answers", "tls.internal" },
    { FIND_ROW, "tls_find_row", "tls.unexpected_message" },
};

/* One that says no where that is no refusal: a ticket that cannot be opened leads to a full handshake. */
static bool may_say_no(enum step step, const struct between_kind *kind, const struct outcome *o)
{
    bool ticket = strcmp(kind->name, "resumed by ticket") == 0 && o->of_server;
    return o->client && o->server && ticket && (step == AEAD_OPEN || step == SAME);
}

static void each_call(size_t i)
{
    unsigned struck_ever = 0;
    for (size_t k = 0; k < n_kinds(); k++) {
        wrong.step = steps[i].step;
        for (wrong.call = 0; ; wrong.call++) {
            struct outcome o = shake(kind_of(k));
            if (!struck)
                break;
            struck_ever++;
            if (!may_say_no(steps[i].step, kind_of(k), &o))
                never(steps[i].name, kind_of(k)->name, &o, steps[i].grounds);
        }
    }
    wrong.step = STEPS;
    pair_must(struck_ever, "%s is never asked", steps[i].name);
}

START_TEST(no_step_that_says_no_is_passed)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        each_call(i);
}
END_TEST

START_TEST(without_a_strike_all_connect)
{
    for (size_t k = 0; k < n_kinds(); k++) {
        struct outcome o = shake(kind_of(k));
        pair_must(o.client && o.server, "%s: no connection", kind_of(k)->name);
    }
}
END_TEST

/* ---- the rows of x509_checks ---- */

enum { CHECKS = 40 };
extern const struct x509_check __real_x509_checks[];
struct x509_check __wrap_x509_checks[CHECKS];
static unsigned spoiled_check = CHECKS, spoiled_at;
static int spoiled_value;
static bool spoiled_told;

static enum x509_verdict judge(unsigned row, const struct x509_path *p, size_t i, struct x509_finding *f)
{
    enum x509_verdict real = __real_x509_checks[row].judge(p, i, f);
    if (row != spoiled_check || i != spoiled_at)
        return real;
    spoiled_told = true;
    return (enum x509_verdict)spoiled_value;
}
#define JUDGE(n)                                                                                           \
    static enum x509_verdict judge_##n(const struct x509_path *p, size_t i, struct x509_finding *f)        \
    {                                                                                                      \
        return judge(n, p, i, f);                                                                          \
    }
JUDGE(0) JUDGE(1) JUDGE(2) JUDGE(3) JUDGE(4) JUDGE(5) JUDGE(6) JUDGE(7) JUDGE(8) JUDGE(9) JUDGE(10) JUDGE(11)
JUDGE(12) JUDGE(13) JUDGE(14) JUDGE(15) JUDGE(16) JUDGE(17) JUDGE(18) JUDGE(19) JUDGE(20) JUDGE(21) JUDGE(22)
JUDGE(23) JUDGE(24) JUDGE(25) JUDGE(26) JUDGE(27) JUDGE(28) JUDGE(29) JUDGE(30) JUDGE(31) JUDGE(32) JUDGE(33) JUDGE(34)
JUDGE(35) JUDGE(36) JUDGE(37)

static unsigned copy_checks(void)
{
    static enum x509_verdict (*const judges[])(const struct x509_path *, size_t, struct x509_finding *) = {
        judge_0, judge_1, judge_2, judge_3, judge_4, judge_5, judge_6, judge_7, judge_8, judge_9, judge_10, judge_11,
        judge_12, judge_13, judge_14, judge_15, judge_16, judge_17, judge_18, judge_19, judge_20, judge_21,
        judge_22, judge_23,
        judge_24, judge_25, judge_26, judge_27, judge_28, judge_29, judge_30, judge_31, judge_32, judge_33, judge_34,
        judge_35, judge_36, judge_37 };
    unsigned n = 0;
    for (; __real_x509_checks[n].name; n++) {
        pair_must(n < sizeof judges / sizeof *judges, "a check more: add a JUDGE");
        memcpy(&__wrap_x509_checks[n], &__real_x509_checks[n], sizeof *__wrap_x509_checks);
        __wrap_x509_checks[n].judge = judges[n];
    }
    return n;
}

/* What must be said yes to of leaf, intermediate and root where a host is asked for: the table's own column. */
static bool must(const struct x509_check *c, unsigned at)
{
    return c->must == X509_ALWAYS || (c->must == X509_BELOW_TOP && at < 2)
        || (c->must == X509_AT_TOP && at == 2) || (c->must == X509_ABOVE_LEAF && at > 0)
        || (c->must == X509_FOR_HOST && at == 0);
}

START_TEST(only_accepted_is_accepted)
{
    static const int values[] = { X509_REFUSED, X509_SKIPPED, X509_UNASKED, 4, -1, 255, INT_MAX, INT_MIN };
    unsigned n = copy_checks(), refusals = 0;
    for (spoiled_check = 0; spoiled_check < n; spoiled_check++)
        for (spoiled_at = 0; spoiled_at < 3; spoiled_at++)
            for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
                const struct x509_check *c = &__real_x509_checks[spoiled_check];
                bool left_out = values[v] == X509_SKIPPED || values[v] == X509_UNASKED;
                spoiled_value = values[v];
                struct outcome o = shake(&between_kinds[1]);
                if (left_out && !must(c, spoiled_at)) {
                    pair_must(o.client && o.server, "%s of %u need not be asked", c->name, spoiled_at);
                    continue;
                }
                const char *id = o.fault.ground ? o.fault.ground->id : "nothing";
                pair_must(!o.client && !o.server, "%s of %u says %d: connected", c->name, spoiled_at, values[v]);
                pair_must(strcmp(id, c->ground.id) == 0, "%s of %u says %d: refused for %s", c->name, spoiled_at,
                          values[v], id);
                refusals++;
            }
    spoiled_check = CHECKS;
    ck_assert(spoiled_told);
    ck_assert_uint_gt(refusals, 300);
}
END_TEST

/* ---- verdicts that are more than yes and no ---- */

START_TEST(a_verdict_nobody_knows_is_no)
{
    static const int values[] = { RESUME_REFUSED, 3, -1, 255, INT_MAX };
    for (size_t k = 0; k < n_kinds(); k++)
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            wrong.step = DECIDE;
            wrong.value = values[v];
            for (wrong.call = 0; ; wrong.call++) {
                struct outcome o = shake(kind_of(k));
                if (!struck)
                    break;
                pair_must(!(o.of_server ? o.server : o.client), "resumption says %d: connected", values[v]);
                ck_assert_ptr_nonnull(o.fault.ground);
            }
        }
    for (int value = 3; value < 300; value += 37) {    /* a full handshake, and no session out of chance octets */
        wrong.step = TICKET_OPEN;
        wrong.value = value;
        wrong.call = 0;
        for (size_t k = 0; k < n_kinds(); k++) {
            struct outcome o = shake(kind_of(k));
            ck_assert(o.client && o.server);
        }
    }
    wrong.step = STEPS;
}
END_TEST

/* Whoever has no memory refuses for that, or waits for room; both or neither have the same keys. */
START_TEST(without_memory_nothing_is_half_done)
{
    unsigned refused = 0;
    for (size_t k = 0; k < n_kinds(); k++) {
        wrong.step = MEMORY;
        for (wrong.call = 0; ; wrong.call++) {
            struct outcome o = shake(kind_of(k));
            if (!struck)
                break;
            const char *id = o.fault.ground ? o.fault.ground->id : "tls.no_memory";
            pair_must(listed("tls.no_memory x509.no_memory tls.handshake_cut tls.alert_received", id),
                      "%s, allocation %u: %s", kind_of(k)->name, wrong.call, id);
            refused += o.fault.ground != NULL;
        }
    }
    wrong.step = STEPS;
    ck_assert_uint_gt(refused, 10);
}
END_TEST

int main(void)
{
    copy_checks();
    return check_run("tls_fail_safe", (const TTest *[]){ without_a_strike_all_connect, no_step_that_says_no_is_passed,
                     only_accepted_is_accepted, a_verdict_nobody_knows_is_no, without_memory_nothing_is_half_done,
                     NULL });
}

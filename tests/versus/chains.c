#include "tests/versus/chains.h"
#include "tests/lib/chance.h"
#include "tests/versus/elements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW (INT64_C(1790000000) * SECOND)            /* 2026-09-21 */
#define DAY (INT64_C(86400) * SECOND)
static const char host[] = "www.example.test";
static const char *const host_names[] = { host };

enum { KEYS = 12 };
static struct private_key keys[KEYS];

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "chains: %s\n", what);
    exit(1);
}

void versus_keys(void)
{
    struct test_chance chance = test_chance(5);
    for (size_t i = 0; i < KEYS; i++) {
        const enum key_kind kind = i == 3 ? KEY_P384 : i == 4 ? KEY_ED25519 : i == 5 ? KEY_P521 : KEY_P256;
        must(i == 6 ? key_make_rsa(&keys[i], 2048, &chance.chance,
                                   NULL) : key_make(&keys[i], kind, &chance.chance, "key",
                                                                              NULL),
             "no key");
    }
}

/* One certificate of the plan: what shall be issued, and what was. */
struct planned {
    struct x509_issue issue;
    struct x509_cert cert;                            /* as it was issued, before its octets were spoiled */
    uint8_t octets[VERSUS_CERT]; size_t n;
    bool change_element;
};
/* 0: the root; the last: the leaf */
struct plan {
    struct planned certs[VERSUS_CERTS]; size_t n;
    struct versus_choice choice;
    struct test_chance chance;
    struct versus_chain *out;
};

static void note(struct versus_chain *c, const char *whose, const char *what)
{
    const size_t used = strlen(c->recipe);
    snprintf(c->recipe + used, sizeof c->recipe - used, "%s%s: %s", used ? "; " : "", whose, what);
}

static const char *const names[] = { "Root", "CA 1", "CA 2", "CA 3" };
static const char *name_of(const struct plan *p, size_t i) { return i == p->n - 1 ? "leaf" : names[i]; }

static void plan_one(struct plan *p, size_t i)
{
    const bool leaf = i == p->n - 1;
    const size_t key = (i + versus_choose(&p->choice, KEYS)) % (KEYS - 2);
    struct x509_issue *issue = &p->certs[i].issue;
    *issue = (struct x509_issue){
        .subject_cn = leaf ? host : names[i], .subject_o = "Tests", .key = &keys[key].pub,
        .issuer = i ? &p->certs[i - 1].cert : NULL, .path_len = -1, .ca = !leaf,
        .usage = leaf ? X509_DIGITAL_SIGNATURE : X509_KEY_CERT_SIGN | X509_CRL_SIGN,
        .not_before = NOW - 10 * DAY, .not_after = NOW + 80 * DAY,
        .server_auth = leaf, .dns = host_names, .n_dns = leaf,
        .serial = { 1, (uint8_t)(i + 1) }, .serial_n = 2,
    };
    p->certs[i].issue.signer = &keys[key];            /* its own, until whoever issues it is planned */
}

static void plan_all(struct plan *p)
{
    p->n = 2 + versus_choose(&p->choice, 3);
    for (size_t i = 0; i < p->n; i++)
        plan_one(p, i);
    const struct private_key *own[VERSUS_CERTS];
    for (size_t i = 0; i < p->n; i++)
        own[i] = p->certs[i].issue.signer;
    for (size_t i = 1; i < p->n; i++)
        p->certs[i].issue.signer = own[i - 1];
}

/* The leaf is spoiled as often as all others. */
static void spoil(struct plan *p)
{
    const size_t i = versus_choose(&p->choice, 2) ? p->n - 1 : versus_choose(&p->choice, (unsigned)p->n - 1);
    struct planned *c = &p->certs[i];
    const unsigned way = versus_choose(&p->choice, 20);
    if (way < 12)
        note(p->out, name_of(p, i), versus_spoil_field(&c->issue, NOW, &p->choice));
    else if (way < 19)
        c->change_element = true;
    else {
        c->issue.signer = &keys[versus_choose(&p->choice, KEYS - 2)];      /* the last two are others' */
        note(p->out, name_of(p, i), "signed by another key");
    }
}

/* What is signed of it, changed and signed again. */
static void change_element(struct plan *p, size_t i)
{
    struct planned *c = &p->certs[i];
    uint8_t tbs[VERSUS_CERT];
    const char *words = "nothing";
    const size_t n = versus_change_element(&c->cert.tbs, tbs, sizeof tbs - 200, &p->choice, &words);
    const struct bytes changed = { tbs, n };
    static uint8_t again[VERSUS_CERT];
    const size_t written = n ? x509_sign(&changed, c->issue.signer, &p->chance.chance, again, sizeof again) : 0;
    note(p->out, name_of(p, i), words);
    if (written) {
        memcpy(p->out->octets[i], again, written);
        c->n = written;
    }
}

static void issue_all(struct plan *p)
{
    for (size_t i = 0; i < p->n; i++) {
        struct planned *c = &p->certs[i];
        c->n = x509_issue(&c->issue, &p->chance.chance, c->octets, sizeof c->octets);
        must(c->n > 0, "one that cannot be issued");
        x509_read_cert(&(struct der){ .at = c->octets, .n = c->n }, NULL, &c->cert, NULL);
        memcpy(p->out->octets[i], c->octets, c->n);
        if (c->change_element && c->cert.tbs.n)
            change_element(p, i);
    }
}

/* One more certificate, beside those of the plan. */
static struct der issue_more(struct plan *p, struct x509_issue issue)
{
    const size_t place = VERSUS_CERTS + p->out->n_roots;
    const size_t n = x509_issue(&issue, &p->chance.chance, p->out->octets[place], VERSUS_CERT);
    must(n > 0, "one more that cannot be issued");
    return (struct der){ .at = p->out->octets[place], .n = n };
}

static void hand_out(struct plan *p)
{
    struct versus_chain *c = p->out;
    for (size_t i = p->n; i-- > 1;)
        c->sent[c->n_sent++] = (struct der){ .at = c->octets[i], .n = p->certs[i].n };
    c->roots[c->n_roots++] = (struct der){ .at = c->octets[0], .n = p->certs[0].n };
}

static void another_root(struct plan *p)
{
    struct versus_chain *c = p->out;
    struct x509_issue again = p->certs[0].issue;
    switch (versus_choose(&p->choice, 3)) {
    case 0:
        again.not_before = NOW - 500 * DAY;
        again.not_after = NOW - 100 * DAY;
        note(c, "roots", "an expired one of the same key before it");
        break;
    case 1:
        again.key = &keys[KEYS - 1].pub;
        again.signer = &keys[KEYS - 1];
        note(c, "roots", "one of the same name and another key before it");
        break;
    default:
        again.subject_cn = "Another";
        note(c, "roots", "another one before it");
    }
    const struct der more = issue_more(p, again);
    c->roots[c->n_roots++] = c->roots[0];
    c->roots[0] = more;
}

/* CA 1 again, issued by somebody whom nobody trusts, before the one that leads to the root. */
static void cross_sign(struct plan *p)
{
    struct versus_chain *c = p->out;
    static struct x509_cert stranger;
    static uint8_t octets[VERSUS_CERT];
    const struct x509_issue root = { .subject_cn = "Stranger", .key = &keys[KEYS - 2].pub, .signer = &keys[KEYS - 2],
                                     .ca = true, .path_len = -1, .usage = X509_KEY_CERT_SIGN, .serial = { 9 },
                                     .serial_n = 1, .not_before = NOW - 10 * DAY, .not_after = NOW + 80 * DAY };
    struct x509_issue ca = p->certs[1].issue;
    const size_t n = x509_issue(&root, &p->chance.chance, octets, sizeof octets);
    must(n && x509_read_cert(&(struct der){ .at = octets, .n = n }, NULL, &stranger, NULL), "no stranger");
    ca.issuer = &stranger;
    ca.signer = root.signer;
    const struct der more = issue_more(p, ca);
    memmove(c->sent + 2, c->sent + 1, (c->n_sent - 1) * sizeof *c->sent);
    c->sent[1] = more;
    c->n_sent++;
    note(c, "sent", "CA 1 as a stranger issued it, too");
}

static void other_host(struct plan *p)
{
    static const char *const others[] = { "WWW.Example.TEST", "www.example.test.", "example.test", "a.www.example.test",
                                          "www.example.tes", "mail.example.test" };
    const char *other = others[versus_choose(&p->choice, sizeof others / sizeof *others)];
    snprintf(p->out->host, sizeof p->out->host, "%s", other);
    note(p->out, "host", other);
}

static void rearrange(struct plan *p)
{
    struct versus_chain *c = p->out;
    switch (versus_choose(&p->choice, 24)) {
    case 0:
        if (c->n_sent > 2) {
            const struct der first = c->sent[1];
            c->sent[1] = c->sent[c->n_sent - 1];
            c->sent[c->n_sent - 1] = first;
            note(c, "sent", "out of order");
        }
        break;
    case 1:
        if (c->n_sent > 1) {
            c->n_sent--;
            note(c, "sent", "without CA 1");
        }
        break;
    case 2: c->sent[c->n_sent++] = c->roots[0]; note(c, "sent", "the root, too"); break;
    case 3: c->sent[c->n_sent] = c->sent[c->n_sent - 1]; c->n_sent++; note(c, "sent", "the last twice"); break;
    case 4: case 5: another_root(p); break;
    case 6: if (p->n > 2) cross_sign(p); break;
    case 7: other_host(p); break;
    case 8: c->at += 79 * DAY; note(c, "moment", "79 days on"); break;
    case 9: c->n_roots = 0; note(c, "roots", "none"); break;
    default: break;
    }
}

void versus_make(struct versus_chain *c, uint64_t number)
{
    static struct plan p;
    memset(&p, 0, sizeof p);
    p.choice.state = number * 0x2545f4914f6cdd1d + 1;
    p.chance = test_chance(number);
    p.out = c;
    c->recipe[0] = 0;
    c->n_sent = c->n_roots = 0;
    c->at = NOW;
    snprintf(c->host, sizeof c->host, "%s", host);
    plan_all(&p);
    for (unsigned spoils = (versus_choose(&p.choice, 10) + 3) / 5; spoils > 0; spoils--)
        spoil(&p);
    issue_all(&p);
    hand_out(&p);
    rearrange(&p);
    if (!c->recipe[0])
        note(c, "all", "as it should be");
}

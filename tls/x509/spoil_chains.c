/* Scenes: root, CA and leaf, and the ways that spoil more than one certificate. */
#include "tls/x509/spoil_inside.h"

#include <sodium.h>
#include <string.h>

#define DAY (86400 * SECOND)

static const struct ground cannot_make = { "x509.spoil", "RFC 5280 §4.1" };

/* ---- as it should be ---- */

static void plan_ca(struct x509_scene *s, unsigned number, const char *cn, nsec days)
{
    struct scene_cert *c = &s->certs[number], *issuer = number == SCENE_ROOT ? c : &s->certs[SCENE_ROOT];
    const nsec today = s->at / DAY * DAY;
    c->issue = (struct x509_issue){
        .subject_o = "Vitrine Exercises", .subject_cn = cn, .issuer = number == SCENE_ROOT ? NULL : &issuer->cert,
        .signer = &issuer->key, .key = &c->key.pub, .not_before = today - days / 2 * DAY,
        .not_after = today + (days - days / 2) * DAY - SECOND, .ca = true, .path_len = number == SCENE_ROOT ? -1 : 0,
        .usage = X509_KEY_CERT_SIGN | X509_CRL_SIGN,
    };
}

static void plan_leaf(struct x509_scene *s)
{
    static const uint8_t address[] = { 10, 0, 0, 80 };
    struct scene_cert *leaf = &s->certs[SCENE_LEAF];
    const nsec today = s->at / DAY * DAY;
    s->names[0] = s->host;
    s->ips[0] = (struct bytes){ address, sizeof address };
    leaf->issue = (struct x509_issue){
        .subject_cn = strlen(s->host) <= 64 ? s->host : NULL, .issuer = &s->certs[SCENE_CA].cert,
        .signer = &s->certs[SCENE_CA].key, .key = &leaf->key.pub, .not_before = today - 30 * DAY,
        .not_after = today + 60 * DAY - SECOND, .path_len = -1, .usage = X509_DIGITAL_SIGNATURE, .server_auth = true,
        .dns = s->names, .n_dns = 1, .ips = s->ips, .n_ips = 1,
    };
}

void x509_scene_plan(struct x509_scene *s, const char *host, nsec at, struct chance *chance)
{
    *s = (struct x509_scene){ .host = host, .at = at, .chance = chance };
    for (unsigned i = 0; i < SCENE_CERTS; i++) {
        struct x509_issue serial;
        key_make(&s->certs[i].key, KEY_P256, chance, "scene_key", NULL);
        if (i == SCENE_ROOT)
            plan_ca(s, i, "Exercise Root", 3650);
        else if (i == SCENE_LEAF)
            plan_leaf(s);
        else
            plan_ca(s, i, "Exercise CA", 1000);
        x509_make_serial(&serial, chance);
        memcpy(s->certs[i].issue.serial, serial.serial, serial.serial_n);
        s->certs[i].issue.serial_n = serial.serial_n;
    }
}

/* ---- making it ---- */

static bool take_in(struct scene_cert *c, size_t n)
{
    c->der = (struct der){ .at = c->octets, .n = n };
    if (n)
        x509_read_cert(&c->der, NULL, &c->cert, NULL);             /* some are not to be read */
    return n > 0;
}

bool scene_issue(struct x509_scene *s, unsigned number)
{
    struct scene_cert *c = &s->certs[number];
    return take_in(c, x509_issue(&c->issue, s->chance, c->octets, sizeof c->octets));
}

static bool issue_so(struct x509_scene *s, unsigned number, const struct spoil_way *way)
{
    struct scene_cert *c = &s->certs[number];
    if (!way || way->of == SPOIL_CHAIN || number != (way->of == SPOIL_CA ? SCENE_CA : SCENE_LEAF))
        return scene_issue(s, number);
    return take_in(c, x509_issue_spoiled(way, &c->issue, s->host, s->at, s->chance, &s->room, c->octets,
                                         sizeof c->octets));
}

void scene_send(struct x509_scene *s, unsigned number)
{
    s->sent[s->n_sent++] = s->certs[number].der;
}

bool x509_scene_make(struct x509_scene *s, const struct spoil_way *way, struct fault *why)
{
    const struct spoil_hands *hands = way ? way->hands : NULL;
    if (hands && hands->plan)
        hands->plan(s);
    bool good = issue_so(s, SCENE_ROOT, way) && issue_so(s, SCENE_CA, way) && issue_so(s, SCENE_LEAF, way);
    s->trusted = s->certs[SCENE_ROOT].der;
    s->n_sent = 0;
    scene_send(s, SCENE_LEAF);
    scene_send(s, SCENE_CA);
    if (good && hands && hands->arrange)
        good = hands->arrange(s);
    return good || refuse_about(why, &cannot_make, way ? way->name : "a sound chain",
                                "a certificate that can be spoiled so", "this one cannot");
}

void x509_scene_wipe(struct x509_scene *s)
{
    for (unsigned i = 0; i < SCENE_CERTS; i++)
        key_wipe(&s->certs[i].key);
    key_wipe(&s->room.other);
}

/* ---- chains that are not ---- */

static void no_ca_below(struct x509_scene *s) { s->certs[SCENE_ROOT].issue.path_len = 0; }
const struct spoil_hands hands_path_too_long = { .plan = no_ca_below };

static void nameless_ca(struct x509_scene *s)
{
    s->certs[SCENE_CA].issue.subject_cn = s->certs[SCENE_CA].issue.subject_o = NULL;
}
const struct spoil_hands hands_empty_issuer = { .plan = nameless_ca };

static void root_over(struct x509_scene *s)
{
    struct x509_issue *root = &s->certs[SCENE_ROOT].issue;
    root->not_after = s->at / DAY * DAY - SECOND;
    root->not_before = root->not_after - 3650 * DAY;
}
const struct spoil_hands hands_root_expired = { .plan = root_over };

static void for_itself(struct x509_scene *s)
{
    s->certs[SCENE_LEAF].issue.issuer = NULL;
    s->certs[SCENE_LEAF].issue.signer = &s->certs[SCENE_LEAF].key;
}
static bool send_leaf_alone(struct x509_scene *s)
{
    s->n_sent = 1;
    return true;
}
const struct spoil_hands hands_self_signed = { .plan = for_itself, .arrange = send_leaf_alone };
const struct spoil_hands hands_missing_intermediate = { .arrange = send_leaf_alone };

/* Another root, of whose key nothing here is signed. */
static bool trust_another(struct x509_scene *s, const char *cn)
{
    struct scene_cert *other = &s->certs[SCENE_MORE];
    const struct x509_issue *root = &s->certs[SCENE_ROOT].issue;
    other->issue.subject_cn = cn;
    other->issue.issuer = NULL;
    other->issue.signer = &other->key;
    other->issue.path_len = -1;
    other->issue.not_before = root->not_before;
    other->issue.not_after = root->not_after;
    bool good = scene_issue(s, SCENE_MORE);
    s->trusted = other->der;
    return good;
}
static bool unknown_root(struct x509_scene *s)  { return trust_another(s, "Another Root"); }
static bool named_alike(struct x509_scene *s)   { return trust_another(s, s->certs[SCENE_ROOT].issue.subject_cn); }
const struct spoil_hands hands_unknown_root = { .arrange = unknown_root };
const struct spoil_hands hands_same_name_other_key = { .arrange = named_alike };

/* The owner of an ordinary certificate signs another one with its key. */
static bool leaf_issues(struct x509_scene *s)
{
    struct scene_cert *leaf = &s->certs[SCENE_LEAF], *honest = &s->certs[SCENE_MORE];
    static const char *const name = "shop.elsewhere.test";
    struct x509_issue serial = honest->issue;
    honest->issue = leaf->issue;
    honest->issue.key = &honest->key.pub;
    honest->issue.subject_cn = name;
    honest->issue.dns = &name;
    honest->issue.n_ips = 0;
    memcpy(honest->issue.serial, serial.serial, serial.serial_n);
    if (!scene_issue(s, SCENE_MORE))
        return false;
    leaf->issue.issuer = &honest->cert;
    leaf->issue.signer = &honest->key;
    bool good = scene_issue(s, SCENE_LEAF);
    s->n_sent = 0;
    scene_send(s, SCENE_LEAF);
    scene_send(s, SCENE_MORE);
    scene_send(s, SCENE_CA);
    return good;
}
static void no_limit(struct x509_scene *s) { s->certs[SCENE_CA].issue.path_len = -1; }
const struct spoil_hands hands_leaf_issues = { .plan = no_limit, .arrange = leaf_issues };

/* Two CAs that vouch for each other, and nobody for them. */
static bool in_a_circle(struct x509_scene *s)
{
    struct scene_cert *up = &s->certs[SCENE_CA], *down = &s->certs[SCENE_MORE];
    down->issue.subject_cn = "Exercise CA 2";
    down->issue.issuer = &up->cert;
    down->issue.signer = &up->key;
    down->issue.path_len = up->issue.path_len = -1;
    if (!scene_issue(s, SCENE_MORE))
        return false;
    up->issue.issuer = &down->cert;
    up->issue.signer = &down->key;
    bool good = scene_issue(s, SCENE_CA);
    s->n_sent = 0;
    scene_send(s, SCENE_LEAF);
    scene_send(s, SCENE_CA);
    scene_send(s, SCENE_MORE);
    return good;
}
const struct spoil_hands hands_loop = { .arrange = in_a_circle };

/* ---- chains that only look so ---- */

static bool in_any_order(struct x509_scene *s)
{
    struct scene_cert *stranger = &s->certs[SCENE_MORE];
    stranger->issue.subject_cn = "Stranger";
    bool good = scene_issue(s, SCENE_MORE);
    s->n_sent = 0;
    scene_send(s, SCENE_LEAF);
    scene_send(s, SCENE_ROOT);
    scene_send(s, SCENE_MORE);
    scene_send(s, SCENE_CA);
    return good;
}
const struct spoil_hands hands_wrong_order = { .arrange = in_any_order };

/* An older root vouched for the CA, too; that certificate is over, and comes first. */
static bool cross_signed(struct x509_scene *s)
{
    struct scene_cert *old = &s->certs[SCENE_MORE], *cross = &s->certs[SCENE_LAST];
    old->issue.subject_cn = "Old Root";
    old->issue.issuer = NULL;
    old->issue.signer = &old->key;
    if (!scene_issue(s, SCENE_MORE))
        return false;
    const struct x509_issue serial = cross->issue;
    cross->issue = s->certs[SCENE_CA].issue;
    cross->issue.issuer = &old->cert;
    cross->issue.signer = &old->key;
    cross->issue.not_after = s->at / DAY * DAY - SECOND;
    memcpy(cross->issue.serial, serial.serial, serial.serial_n);
    bool good = scene_issue(s, SCENE_LAST);
    s->n_sent = 0;
    scene_send(s, SCENE_LEAF);
    scene_send(s, SCENE_LAST);
    scene_send(s, SCENE_CA);
    return good;
}
const struct spoil_hands hands_cross_signed_expired = { .arrange = cross_signed };

#include "tests/lib/tls_fuzz.h"
#include "tests/lib/fuzz_script.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS = 48 };
enum step { HONEST, SPOILED, WRONG_TYPE, ANY_RECORD, FLIPPED_RECORD, RAW, LENGTH_CHANGED, CHANGE_CIPHER_SPEC,
            KINDS };

static unsigned honest_type(const struct tls_peer *p)
{
    switch (peer_state(p)) {
    case WAIT_CLIENT_HELLO:        return TLS_CLIENT_HELLO;
    case WAIT_CLIENT_KEY_EXCHANGE: return TLS_CLIENT_KEY_EXCHANGE;
    case WAIT_SERVER_HELLO:        return TLS_SERVER_HELLO;
    case WAIT_CERTIFICATE:         return TLS_CERTIFICATE;
    case WAIT_SERVER_KEY_EXCHANGE: return TLS_SERVER_KEY_EXCHANGE;
    case WAIT_REQUEST_OR_DONE:     return p->n_alerts ? TLS_SERVER_HELLO_DONE : TLS_CERTIFICATE_REQUEST;
    case WAIT_SERVER_HELLO_DONE:   return TLS_SERVER_HELLO_DONE;
    case WAIT_FINISHED:            return TLS_FINISHED;
    case WAIT_CHANGE_CIPHER_SPEC:  return TLS_CHANGE_CIPHER_SPEC;
    default:                       return TLS_APPLICATION_DATA;
    }
}

static void send(struct tls_peer *p, uint8_t *m, size_t n, unsigned type)
{
    if (type == TLS_CHANGE_CIPHER_SPEC)
        peer_change_cipher_spec(p);
    else if (type == TLS_APPLICATION_DATA)
        peer_record(p, TLS_CONTENT_APPLICATION, "data", 4);
    else
        peer_message(p, m, n);
}

/* A message with some octets changed, or one octet more or less in one of its lengths. */
static void spoil(struct script *s, uint8_t *m, size_t n, bool length)
{
    for (unsigned changes = 1 + script_next(s) % 4; changes && n; changes--) {
        size_t at = script_16(s) % n;
        if (length)
            m[at] = (uint8_t)(m[at] + (script_next(s) & 1 ? 1 : -1));
        else
            m[at] ^= script_next(s);
    }
}

static void flipped_record(struct tls_peer *p, struct script *s)
{
    uint8_t octets[64 + 256];
    struct record r = { .type = 20 + script_next(s) % 4, .at = octets };
    r.content_n = script_some(s, octets + 5 + sealing_front(&p->writing), 200);
    if (!record_dress(&p->writing, &p->pair.client.chance.chance, &r))
        return;
    record_seal(&p->writing, &r);
    spoil(s, octets, r.n, false);
    peer_raw(p, octets, r.n);
}

static void step(struct tls_peer *p, struct script *s)
{
    uint8_t m[PEER_MESSAGE], octets[256];
    unsigned type = honest_type(p);
    enum step what = (enum step)(script_next(s) % KINDS);
    if (what == WRONG_TYPE)
        type = script_next(s) % 32;
    size_t n = type < TLS_BEGIN ? peer_make(p, type, m) : 0;
    switch (what) {
    case HONEST:
    case WRONG_TYPE:         send(p, m, n, type); break;
    case SPOILED:
    case LENGTH_CHANGED:     spoil(s, m, n, what == LENGTH_CHANGED); send(p, m, n, type); break;
    case ANY_RECORD:         n = script_some(s, octets, sizeof octets); peer_record(p, 18 + script_next(s) % 8, octets, n); break;
    case FLIPPED_RECORD:     flipped_record(p, s); break;
    case RAW:                n = script_some(s, octets, sizeof octets); peer_raw(p, octets, n); break;
    case CHANGE_CIPHER_SPEC: peer_change_cipher_spec(p); break;
    case KINDS: break;
    }
    p->engine->got_n = p->data_n = 0;
}

void tls_fuzz(bool engine_is_server, const uint8_t *script, size_t n)
{
    static struct tls_peer p;
    struct script s = { script, n };
    if (sodium_init() < 0)
        abort();
    uint8_t choice = script_next(&s);
    peer_start(&p, &(struct peer_wish){ .engine_is_server = engine_is_server,
                                        .suite = tls_suites[choice % tls_n_suites].name,
                                        .group = choice & 0x40 ? TLS_SECP256R1 : TLS_X25519 });
    p.careless = true;
    p.extended_master_secret = !(choice & 0x80);
    for (unsigned i = 0; i < STEPS && s.n && p.engine->says != TLS_FAILED; i++)
        step(&p, &s);
    const struct fault *f = &p.engine->fault;
    if (p.engine->says == TLS_FAILED && (!f->ground || !f->expected[0] || !f->came[0]))
        abort();                                      /* no refusal without its reason */
    peer_end(&p);
}

/* The readers of handshake messages, one message each: the first octet says which, the rest is its body. What is read
 * lies in what was given; where there is a writer, what it writes of it reads the same. */
#include "tls/extensions.h"
#include "tls/optional.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 1 << 17 };

static void holds(bool good)
{
    if (!good)
        abort();
}

static const uint8_t *from, *to;

static void within(struct bytes b) { holds(!b.n || (b.at >= from && b.n <= (size_t)(to - b.at))); }

static bool same(struct bytes a, struct bytes b) { return a.n == b.n && (!a.n || memcmp(a.at, b.at, a.n) == 0); }

static void check_extensions(const struct tls_extensions *x)
{
    const struct bytes all[] = { x->server_name, x->groups, x->point_formats, x->sigalgs, x->versions, x->protocols,
                                 x->renegotiated_connection, x->ticket };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        within(all[i]);
    for (size_t at = 0; at < x->protocols.n; ) {       /* each behind its length, to the last octet */
        holds(x->protocols.at[at] > 0 && at + 1 + x->protocols.at[at] <= x->protocols.n);
        at += 1u + x->protocols.at[at];
    }
}

/* One extension alone, as the table reads it: its type in two octets, then what it holds. */
static void one_extension(struct wire_in *in, bool of_server, struct fault *why)
{
    static uint8_t list[ROOM];
    struct tls_extensions x = { .other = -1 };
    struct wire_out out = wire_into(list, sizeof list);
    unsigned type = take_u16(in, "type");
    struct bytes rest = take_rest(in, "rest");
    struct put_block all = put_open(&out, "length", 2);
    put_u16(&out, "type", type);
    struct put_block block = put_open(&out, "length", 2);
    put_bytes(&out, "data", rest.at, rest.n);
    put_close(&out, block);
    put_close(&out, all);
    if (out.failed)
        return;
    struct wire_in again = wire_over(list, wire_written(&out), NULL);
    from = list, to = list + wire_written(&out);
    if (take_extensions(&again, of_server, &x, why) && !again.failed)
        check_extensions(&x);
}

static void ticket(struct wire_in *in, struct fault *why)
{
    static uint8_t room[ROOM];
    struct new_session_ticket n, again;
    if (!read_new_session_ticket(in, &n, why))
        return;
    within(n.ticket);
    struct wire_out out = wire_into(room, sizeof room);
    write_new_session_ticket(&out, n.lifetime_hint, n.ticket);
    struct wire_in back = wire_over(room + TLS_MESSAGE_HEADER, wire_written(&out) - TLS_MESSAGE_HEADER, NULL);
    holds(read_new_session_ticket(&back, &again, why) && again.lifetime_hint == n.lifetime_hint
          && same(again.ticket, n.ticket));
}

static void status(struct wire_in *in, struct fault *why)
{
    static uint8_t room[ROOM];
    struct bytes response, again;
    if (!read_certificate_status(in, &response, why))
        return;
    within(response);
    struct wire_out out = wire_into(room, sizeof room);
    write_certificate_status(&out, response);
    if (out.failed)
        return;
    struct wire_in back = wire_over(room + TLS_MESSAGE_HEADER, wire_written(&out) - TLS_MESSAGE_HEADER, NULL);
    holds(response.n && read_certificate_status(&back, &again, why) && same(again, response));
}

static void verify(struct wire_in *in, struct fault *why)
{
    static uint8_t room[ROOM];
    struct certificate_verify v, again;
    if (!read_certificate_verify(in, &v, why))
        return;
    within(v.signature);
    struct wire_out out = wire_into(room, sizeof room);
    write_certificate_verify(&out, v.sigalg, v.signature.at, v.signature.n);
    struct wire_in back = wire_over(room + TLS_MESSAGE_HEADER, wire_written(&out) - TLS_MESSAGE_HEADER, NULL);
    holds(read_certificate_verify(&back, &again, why) && again.sigalg == v.sigalg && same(again.signature, v.signature));
}

static void request(struct wire_in *in, struct fault *why)
{
    struct certificate_request r;
    if (!read_certificate_request(in, &r, why))
        return;
    within(r.types), within(r.sigalgs), within(r.authorities);
    for (size_t at = 0; at < r.authorities.n; ) {      /* who walks the list relies on it */
        holds(at + 2 <= r.authorities.n);
        at += 2 + (size_t)(r.authorities.at[at] << 8 | r.authorities.at[at + 1]);
        holds(at <= r.authorities.n);
    }
    holds(r.sigalgs.n % 2 == 0);
}

static void chain(struct wire_in *in, struct fault *why)
{
    struct certificate_message c;
    if (!read_certificate(in, &c, why))
        return;
    holds(c.n <= X509_CHAIN_MAX);
    for (size_t i = 0; i < c.n; i++) {
        within(c.certificates[i]);
        holds(c.certificates[i].n > 0);
    }
}

static void exchange(struct wire_in *in, enum tls_kx kx, bool of_server, struct fault *why)
{
    struct server_key_exchange k;
    struct bytes value;
    if (!of_server && read_client_key_exchange(in, kx, &value, why))
        within(value);
    else if (of_server && kx != TLS_KX_RSA && read_server_key_exchange(in, kx, &k, why))
        within(k.p), within(k.g), within(k.value), within(k.params), within(k.signature);
}

static void hello(struct wire_in *in, bool of_server, struct fault *why)
{
    struct client_hello c;
    struct server_hello s;
    if (of_server && read_server_hello(in, &s, why)) {
        holds(s.session_id.n <= TLS_SESSION_ID_MAX);
        within(s.session_id);
        check_extensions(&s.extensions);
    } else if (!of_server && read_client_hello(in, &c, why)) {
        holds(c.session_id.n <= TLS_SESSION_ID_MAX && c.suites.n % 2 == 0);
        within(c.session_id), within(c.suites), within(c.compressions);
        check_extensions(&c.extensions);
    }
}

static void read_it(unsigned which, struct wire_in *in, struct fault *why)
{
    struct bytes verify_data;
    switch (which) {
    case 0:
    case 1: hello(in, which == 1, why); break;
    case 2:
    case 3: one_extension(in, which == 3, why); break;
    case 4: ticket(in, why); break;
    case 5: status(in, why); break;
    case 6: verify(in, why); break;
    case 7: request(in, why); break;
    case 8: chain(in, why); break;
    case 9:
    case 10:
    case 11: exchange(in, (enum tls_kx)(which - 9), false, why); break;
    case 12:
    case 13: exchange(in, which == 12 ? TLS_KX_DHE : TLS_KX_ECDHE, true, why); break;
    default:
        if (read_finished(in, &verify_data, why))
            holds(verify_data.n == TLS_VERIFY_DATA);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fault why = { .ground = NULL };
    if (!size)
        return 0;
    struct wire_in in = wire_over(data + 1, size - 1, NULL);
    from = data + 1, to = data + size;
    read_it(data[0] % 15, &in, &why);
    holds(!why.ground || (why.ground->id[0] && why.expected[0] && why.came[0]));
    return 0;
}

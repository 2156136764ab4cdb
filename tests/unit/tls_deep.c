/* The deep fuzz targets (tests/lib/tls_deep.h) reach what they are made for: an honest script connects, under every suite
 * and in every agreement that its first octets can choose, so that the fuzzer begins behind Finished; and one lie each
 * is seen to be refused or not. */
#include "tests/lib/check.h"
#include "tests/lib/tls_deep.h"
#include "tests/lib/tls_liar.h"

#include <string.h>

enum { HEAD = 8 };

START_TEST(an_honest_script_connects)
{
    for (unsigned suite = 0; suite < tls_n_suites; suite++)
        for (unsigned role = 0; role < 2; role++) {
            uint8_t script[HEAD] = { (uint8_t)suite, (uint8_t)(suite % 5), (uint8_t)(suite % 2 * 4 + role * 64) };
            pair_must(tls_deep(role, script, sizeof script), "%s, %s: not connected", tls_suites[suite].name,
                      role ? "server" : "client");
        }
}
END_TEST

/* Resumed or not, with or without a client certificate and a stapled response, in records as small as can be. */
START_TEST(in_every_agreement)
{
    for (unsigned how = 0; how < 128; how++) {
        uint8_t script[HEAD] = { 0, 0, (uint8_t)how, (uint8_t)(how % 32), (uint8_t)how, how % 9 == 0 };
        bool nobody = (how & 4) && (how & 8) && (how & 0x10);   /* one is required, and none is there */
        for (unsigned role = 0; role < 2; role++) {
            bool connected = tls_deep(role, script, sizeof script);
            pair_must(connected || nobody, "agreement %02x, role %u: not connected", how, role);
        }
    }
}
END_TEST

/* The message that the script lies about is the k-th; every kind of lie is tried on every message. */
START_TEST(lies_are_told_and_heard)
{
    unsigned refused = 0, taken = 0;
    for (unsigned role = 0; role < 2; role++)
        for (unsigned kind = 1; kind < LIAR_KINDS; kind++)
            for (unsigned at = 0; at < 7; at++) {
                uint8_t script[HEAD + 16] = { [0] = (uint8_t)(kind % 3), [2] = 0x04 };
                const uint8_t lie[] = { (uint8_t)kind, 0, (uint8_t)(7 + at), 2, 1, 2, 3, 4 };
                memcpy(script + HEAD + at, lie, sizeof lie);
                *(tls_deep(role, script, sizeof script) ? &taken : &refused) += 1;
            }
    pair_must(refused > 100 && taken > 20, "%u refused, %u taken", refused, taken);
}
END_TEST

/* What was found. CVE-2009-2408 in another coat: a name with a zero in it passed for an address, because it had a colon,
 * or a last label of digits (RFC 6066 §3). */
START_TEST(no_name_is_an_address_for_a_colon)
{
    static const struct { const char *name; bool good; } names[] = {
        { "www.exam:8\1\0l\2\38t", false }, { "www\0example.t.12", false }, { "www/example:test", false },
        { "\0\0\0\0\0\0\0\0\0\0\0\0\0\0.1", false }, { "fd00:0000:000::1", true }, { "123.123.123.1231", true },
        { PAIR_HOST, true },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        static struct between_script s;
        static struct between b;
        between_listen(&between_kinds[0], NULL, &s);
        struct between_message *hello = &s.messages[0];
        size_t at = 0, n = strlen(PAIR_HOST);
        while (at + n <= hello->n && memcmp(hello->bytes + at, PAIR_HOST, n) != 0)
            at++;
        ck_assert_uint_le(at + n, hello->n);
        memcpy(hello->bytes + at, names[i].name, n);
        between_start(&b, &between_kinds[0], true);
        between_give(&b, hello);
        pair_must((b.tried->says != TLS_FAILED) == names[i].good, "name %zu", i);
        if (!names[i].good)
            ck_assert_str_eq(b.tried->fault.ground->id, "tls.server_name");
        between_end(&b);
        between_forget(&s);
    }
}
END_TEST

/* A header in a record of its own that promises a message which may not come. */
START_TEST(what_may_not_come_is_refused_at_its_header)
{
    static const uint8_t header[] = { 0x39, 0x07, 0x38, 0 };
    for (unsigned server = 0; server < 2; server++) {
        static struct between b;
        between_start(&b, &between_kinds[0], server);
        between_record(&b, TLS_CONTENT_HANDSHAKE, header, sizeof header);
        ck_assert_int_eq(b.tried->says, TLS_FAILED);
        ck_assert_str_eq(b.tried->fault.ground->id, "tls.message_too_long");
        between_end(&b);
        between_start(&b, &between_kinds[0], server);
        between_record(&b, TLS_CONTENT_HANDSHAKE, (const uint8_t[]){ 0x39, 0, 1, 0 }, 4);
        ck_assert_int_eq(b.tried->says, TLS_FAILED);
        ck_assert_str_eq(b.tried->fault.ground->id, "tls.unexpected_message");
        between_end(&b);
    }
}
END_TEST

int main(void)
{
    return check_run("tls_deep", (const TTest *[]){ an_honest_script_connects, in_every_agreement,
                                                    lies_are_told_and_heard,
                                                    no_name_is_an_address_for_a_colon,
                                                    what_may_not_come_is_refused_at_its_header, NULL });
}

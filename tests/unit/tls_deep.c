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

int main(void)
{
    return check_run("tls_deep", (const TTest *[]){ an_honest_script_connects, in_every_agreement,
                                                    lies_are_told_and_heard, NULL });
}

/* An index on a secret, planted: what a table of the S-box would be, and a cache would tell. See ct.h and
 * planted.c. */
#include "tests/ct/ct.h"

#include <stdint.h>

int main(void)
{
    static volatile uint8_t table[256];
    uint8_t secret = 42;
    for (unsigned i = 0; i < sizeof table; i++)
        table[i] = (uint8_t)(i * 7);
    ct_start();
    ct_secret(&secret, sizeof secret);
    uint8_t found = table[secret];
    ct_public(&found, sizeof found);
    ct_expect(found == (uint8_t)(42 * 7), "the table");
    return 0;
}

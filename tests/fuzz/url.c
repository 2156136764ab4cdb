/* A URL of any octets. What is taken has a host, a port and a target that can stand in a request, and means
 * the same when it is written and read again; what is refused says why. */
#include "http/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_target(const char *target)
{
    check(target[0] == '/');
    for (; *target; target++)
        check(*target > 0x20 && *target < 0x7f && *target != '#');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct url u, again;
    struct fault why = { 0 };
    char *text = malloc(n + 1), authority[URL_HOST + 8], back[URL_HOST + URL_TARGET + 32];
    check(text != NULL);
    if (n)
        memcpy(text, bytes, n);
    text[n] = '\0';
    bool good = url_parse(text, &u, &why);
    free(text);
    if (!good) {
        check(why.ground && why.expected[0] && why.came[0]);
        return 0;
    }
    check(!why.ground && u.host[0] && u.port != 0 && !strpbrk(u.host, "/?#@[]%"));
    check(u.is_ip == (u.ip.len != 0));
    check_target(u.target);
    snprintf(back, sizeof back, "%s://%s%s", u.https ? "https" : "http",
             url_authority(&u, authority, sizeof authority), u.target);
    check(url_parse(back, &again, NULL));
    check(again.https == u.https && again.port == u.port && strcmp(again.host, u.host) == 0
          && strcmp(again.target, u.target) == 0);
    return 0;
}

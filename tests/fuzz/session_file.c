/* The file of `get --session`: what is read as one is written the same again; what is not leaves nothing behind. */
#include "cmd/session_file.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void holds(bool good)
{
    if (!good)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[SESSION_TEXT], again[SESSION_TEXT];
    static struct tls_resumable r, back;
    holds(sodium_init() >= 0);
    if (!session_read_text((const char *)data, size, &r)) {
        holds(sodium_is_zero((const uint8_t *)&r, sizeof r));
        return 0;
    }
    holds(r.ticket_n <= TLS_TICKET_KEPT && r.session.id_n <= TLS_SESSION_ID_MAX
          && memchr(r.session.host, 0, sizeof r.session.host) != NULL);
    size_t n = session_write_text(&r, text);
    holds(n < sizeof text);
    if (!n)
        return 0;
    holds(session_read_text(text, n, &back));
    holds(session_write_text(&back, again) == n && memcmp(text, again, n) == 0);
    return 0;
}

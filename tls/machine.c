#include "tls/machine.h"
#include "trace/machine.h"

#include <stdio.h>
#include <string.h>

const char *tls_state_words(enum tls_state state)
{
    static const char *const names[TLS_STATES] = {
        "START", "WAIT_SERVER_HELLO", "WAIT_CERTIFICATE", "WAIT_STATUS_OR_KEY_EXCHANGE", "WAIT_STATUS_OR_REQUEST",
        "WAIT_SERVER_KEY_EXCHANGE", "WAIT_REQUEST_OR_DONE",
        "WAIT_SERVER_HELLO_DONE", "WAIT_NEW_SESSION_TICKET", "WAIT_CLIENT_HELLO", "WAIT_CLIENT_CERTIFICATE",
        "WAIT_CLIENT_KEY_EXCHANGE", "WAIT_CERTIFICATE_VERIFY", "WAIT_CHANGE_CIPHER_SPEC", "WAIT_FINISHED",
        "CONNECTED"
    };
    return names[state];
}

static const struct tls_row *rows_of(bool server, size_t *n)
{
    *n = TLS_SERVES && server ? tls_n_server_rows : tls_n_client_rows;
    return TLS_SERVES && server ? tls_server_rows : tls_client_rows;
}

const struct tls_row *tls_find_row(bool server, enum tls_state state, unsigned comes)
{
    size_t n;
    const struct tls_row *rows = rows_of(server, &n);
    for (size_t i = 0; i < n; i++)
        if (rows[i].in == state && rows[i].comes == comes)
            return &rows[i];
    return NULL;
}

char *tls_may_come(bool server, enum tls_state state, char *out, size_t room)
{
    size_t n;
    const struct tls_row *rows = rows_of(server, &n);
    out[0] = '\0';
    if (!FAULT_SPEAKS)
        return out;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].in != state)
            continue;
        size_t at = strlen(out);
        snprintf(out + at, room - at, "%s%s", at ? " or " : "", tls_message_words(rows[i].comes));
    }
    return out;
}

const char *tls_machine_name(bool server) { return server ? "tls-server" : "tls-client"; }

void tls_machine(bool server, struct machine *m)
{
    size_t n;
    const struct tls_row *rows = rows_of(server, &n);
    *m = (struct machine){ .name = tls_machine_name(server) };
    for (unsigned state = 0; state < TLS_STATES; state++)          /* numbered as they follow each other */
        for (size_t i = 0; i < n; i++)
            if (rows[i].in == state)
                machine_state(m, tls_state_words((enum tls_state)state));
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < TLS_ROW_ENDS && (k == 0 || rows[i].to[k] != AT_START); k++)
            machine_add(m, tls_state_words(rows[i].in), tls_message_words(rows[i].comes),
                        tls_state_words(rows[i].to[k]), tls_message_rfc(rows[i].comes));
    m->states[machine_state(m, tls_state_words(CONNECTED))].end = true;
    machine_place(m);
}

/* words_tables.h - the tables of the catalogue, one a space or two; whoever adds a table names it here and in
 * cmd/words.c. */
#ifndef CMD_WORDS_TABLES_H
#define CMD_WORDS_TABLES_H

#include "cmd/words.h"

extern const struct words_row
    words_spy[],
    words_step[],
    words_story[],
    words_ui_rows[],
    words_page[],
    words_panels[],
    words_shell[],
    words_net[],
    words_ip[],
    words_tls[], words_tls13[],
    words_session[], words_watch[],
    words_x509[], words_der[],
    words_verify[],
    words_remedy[],
    words_revoked[],
    words_http[],
    words_breaks[],
    words_breaks_tls[],
    words_spoil[],
    words_ca[],
    words_capture[],
    words_cmd[],
    words_compare[], words_meaning[],
    words_speed[],
    words_diagnose[],
    words_diagnosed[],
    words_explain[],
    words_why_rows[],
    words_field_rows[],
    words_value_rows[];

#endif

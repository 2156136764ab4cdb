#include "tls/resume.h"
#include "tls/machine.h"

static const struct ground session_ems = { "tls.session_ems", "RFC 7627 §5.3" };
static const struct ground suite_not_listed = { "tls.session_suite_not_listed", "RFC 5246 §7.4.1.2" };
static const struct ground session_suite = { "tls.session_suite", "RFC 5246 §7.4.1.3" };
static const struct ground session_version = { "tls.session_version", "RFC 5246 §7.4.1.3" };

/* The server's: a session of ours is named, by an id in our store or a ticket that we opened. */
const struct resume_row resume_server_rows[] = {
    { "version", 0, SAME_VERSION, RESUME_NOT, "RFC 5246 §7.4.1.2", NULL,
      "a session of TLS 1.2", "one of another version" },
    { "age", 0, YOUNG, RESUME_NOT, "RFC 5246 Appendix F.1.4", NULL,
      "a session that is young enough", "an old one" },
    { "name", 0, SAME_NAME, RESUME_NOT, "RFC 6066 §3", NULL,
      "the server_name of the session", "another one" },
    { "ems_lost", EMS_THEN, EMS_NOW, RESUME_REFUSED, "RFC 7627 §5.3", &session_ems,
      "extended_master_secret in the hello, since the session has it", "a hello without" },
    { "ems_new", EMS_NOW, EMS_THEN, RESUME_NOT, "RFC 7627 §5.3", NULL,
      "a session with an extended master secret", "one without" },
    { "not_served", 0, SUITE_SERVED, RESUME_NOT, "RFC 5246 §7.4.1.2", NULL,
      "a session with a suite that we serve", "another suite" },
    { "not_offered", BY_TICKET, SUITE_OFFERED, RESUME_NOT, "RFC 5077 §3.4", NULL,
      "the session's suite among those of the hello", "not there" },
    { "not_offered_by_id", 0, SUITE_OFFERED, RESUME_REFUSED, "RFC 5246 §7.4.1.2", &suite_not_listed,
      "the session's suite among those of the hello", "not there" },
    { "client", 0, CLIENT_KNOWN, RESUME_NOT, "RFC 5246 §7.4.6", NULL,
      "a session with a client certificate, since one is required", "one without" },
    { "resumed", 0, 0, RESUME, "RFC 5246 §7.3", NULL, "a session that fits", "one" },
};
const size_t resume_n_server_rows = sizeof resume_server_rows / sizeof *resume_server_rows;

/* The client's: what a ServerHello makes of the session that the ClientHello named. */
const struct resume_row resume_client_rows[] = {
    { "nothing", 0, OFFERED, RESUME_NOT, "RFC 5246 §7.3", NULL, "a session to resume", "none" },
    { "declined", 0, ECHOED, RESUME_NOT, "RFC 5246 §7.4.1.3", NULL,
      "the session id of our hello", "another one, or none" },
    { "version", 0, SAME_VERSION, RESUME_REFUSED, "RFC 5246 §7.4.1.3", &session_version,
      "the session's version", "another one" },
    { "suite", 0, SUITE_CHOSEN, RESUME_REFUSED, "RFC 5246 §7.4.1.3", &session_suite,
      "the session's suite", "another one" },
    { "ems_lost", EMS_THEN, EMS_NOW, RESUME_REFUSED, "RFC 7627 §5.3", &session_ems,
      "extended_master_secret, as in the session", "none" },
    { "ems_new", EMS_NOW, EMS_THEN, RESUME_REFUSED, "RFC 7627 §5.3", &session_ems,
      "no extended_master_secret, as in the session", "one" },
    { "resumed", 0, 0, RESUME, "RFC 5246 §7.3", NULL, "a session that fits", "one" },
};
const size_t resume_n_client_rows = sizeof resume_client_rows / sizeof *resume_client_rows;

const char *resume_verdict_words(enum resume_verdict verdict)
{
    static const char *const words[] = { [RESUME] = "resumed", [RESUME_NOT] = "full", [RESUME_REFUSED] = "refused" };
    return words[verdict];
}

const struct resume_row *resume_decide(bool server, unsigned answers)
{
    const struct resume_row *row = TLS_SERVES && server ? resume_server_rows : resume_client_rows;
    while ((answers & row->yes) != row->yes || (answers & row->no))
        row++;
    return row;
}

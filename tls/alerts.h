/* alerts.h - what is said to the peer when something ends (RFC 5246 §7.2).
 *
 * Whoever refuses, here or in tls/x509/, knows a ground and no alert; the one table in alerts.c finds the
 * alert by the ground's id. An id that is not in the table is a mistake of ours and says internal_error (a
 * test looks for such ids). The words also serve as the `answer` of a fault: "alert certificate_expired". */
#ifndef TLS_ALERTS_H
#define TLS_ALERTS_H

#include "trace/fault.h"

enum tls_alert {
    TLS_ALERT_CLOSE_NOTIFY = 0, TLS_ALERT_UNEXPECTED_MESSAGE = 10, TLS_ALERT_BAD_RECORD_MAC = 20,
    TLS_ALERT_RECORD_OVERFLOW = 22, TLS_ALERT_HANDSHAKE_FAILURE = 40, TLS_ALERT_BAD_CERTIFICATE = 42,
    TLS_ALERT_UNSUPPORTED_CERTIFICATE = 43, TLS_ALERT_CERTIFICATE_REVOKED = 44, TLS_ALERT_CERTIFICATE_EXPIRED = 45,
    TLS_ALERT_CERTIFICATE_UNKNOWN = 46, TLS_ALERT_ILLEGAL_PARAMETER = 47, TLS_ALERT_UNKNOWN_CA = 48,
    TLS_ALERT_DECODE_ERROR = 50, TLS_ALERT_DECRYPT_ERROR = 51, TLS_ALERT_PROTOCOL_VERSION = 70,
    TLS_ALERT_INSUFFICIENT_SECURITY = 71, TLS_ALERT_INTERNAL_ERROR = 80, TLS_ALERT_INAPPROPRIATE_FALLBACK = 86,
    TLS_ALERT_USER_CANCELED = 90, TLS_ALERT_NO_RENEGOTIATION = 100, TLS_ALERT_UNSUPPORTED_EXTENSION = 110,
    TLS_ALERT_UNRECOGNIZED_NAME = 112, TLS_ALERT_BAD_CERTIFICATE_STATUS_RESPONSE = 113,
    TLS_ALERT_NO_APPLICATION_PROTOCOL = 120
};
enum tls_alert_level { TLS_WARNING = 1, TLS_FATAL = 2 };
enum { TLS_SAYS_NOTHING = -1 };                       /* the peer has ended it already: nobody to tell */

const char *tls_alert_level_words(unsigned level);    /* "fatal"; NULL: no such level */
int         tls_alert_for(const struct ground *);     /* the alert's number, or TLS_SAYS_NOTHING */
/* "alert certificate_expired"; NULL for TLS_SAYS_NOTHING */
const char *tls_alert_answer(int alert);

#endif

#include "tls/alerts.h"

#include <stddef.h>
#include <string.h>

#include "tls/tls.h"

/* The names of RFC 5246 §7.2, RFC 6066 §9, RFC 7301 §3.2, RFC 7507 §2 and RFC 8446 §6; each as an answer,
 * which begins with "alert ". */
static const struct { int number; const char *answer; } answers[] = {
    { 0, "alert close_notify" }, { 10, "alert unexpected_message" }, { 20, "alert bad_record_mac" },
    { 21, "alert decryption_failed" }, { 22, "alert record_overflow" }, { 30, "alert decompression_failure" },
    { 40, "alert handshake_failure" }, { 41, "alert no_certificate" }, { 42, "alert bad_certificate" },
    { 43, "alert unsupported_certificate" }, { 44, "alert certificate_revoked" },
    { 45, "alert certificate_expired" },
    { 46, "alert certificate_unknown" }, { 47, "alert illegal_parameter" }, { 48, "alert unknown_ca" },
    { 49, "alert access_denied" }, { 50, "alert decode_error" }, { 51, "alert decrypt_error" },
    { 60, "alert export_restriction" }, { 70, "alert protocol_version" }, { 71, "alert insufficient_security" },
    { 80, "alert internal_error" }, { 86, "alert inappropriate_fallback" }, { 90, "alert user_canceled" },
    { 100, "alert no_renegotiation" }, { 109, "alert missing_extension" }, { 110, "alert unsupported_extension" },
    { 111, "alert certificate_unobtainable" }, { 112, "alert unrecognized_name" },
    { 113, "alert bad_certificate_status_response" }, { 114, "alert bad_certificate_hash_value" },
    { 115, "alert unknown_psk_identity" }, { 116, "alert certificate_required" },
    { 120, "alert no_application_protocol" },
};

const char *tls_alert_answer(int alert)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (answers[i].number == alert)
            return answers[i].answer;
    return NULL;
}

const char *tls_alert_words(unsigned number)
{
    const char *answer = number < 256 ? tls_alert_answer((int)number) : NULL;
    return answer ? answer + strlen("alert ") : NULL;
}

const char *tls_alert_level_words(unsigned level)
{
    return level == TLS_WARNING ? "warning" : level == TLS_FATAL ? "fatal" : NULL;
}

static const struct { int alert; const char *id; } table[] = {
    { TLS_ALERT_CLOSE_NOTIFY,       "tls.closed_in_handshake" },   /* RFC 5246 §7.2.1: answered with its like */
    { TLS_ALERT_UNEXPECTED_MESSAGE, "tls.unexpected_message" },
    { TLS_ALERT_UNEXPECTED_MESSAGE, "tls.not_tls" },
    { TLS_ALERT_UNEXPECTED_MESSAGE, "tls.record_type" },
    { TLS_ALERT_UNEXPECTED_MESSAGE, "tls.message_cut" },
    { TLS_ALERT_DECRYPT_ERROR,      "tls.hello_keys" },            /* who only reads says nothing; a peer would */
    { TLS_ALERT_DECRYPT_ERROR,      "tls.near_random" },
    { TLS_ALERT_UNEXPECTED_MESSAGE, "tls.too_many_empty" },
    { TLS_ALERT_UNEXPECTED_MESSAGE, "tls.change_cipher_spec" },
    { TLS_ALERT_BAD_RECORD_MAC,     "tls.bad_record_mac" },
    { TLS_ALERT_RECORD_OVERFLOW,    "tls.record_overflow" },
    { TLS_ALERT_PROTOCOL_VERSION,   "tls.record_version" },
    { TLS_ALERT_PROTOCOL_VERSION,   "tls.version_too_old" },
    { TLS_ALERT_PROTOCOL_VERSION,   "tls.version_not_offered" },
    { TLS_ALERT_PROTOCOL_VERSION,   "tls.ssl2_hello" },
    /* RFC 7507 §3: a version that is not spoken at all is refused for that */
    { TLS_ALERT_PROTOCOL_VERSION,   "tls.inappropriate_fallback" },
    { TLS_ALERT_HANDSHAKE_FAILURE,  "tls.no_common_suite" },
    { TLS_ALERT_NO_RENEGOTIATION,   "tls.renegotiation" },
    { TLS_ALERT_HANDSHAKE_FAILURE,  "tls.application" },           /* where it does not say which */
    { TLS_ALERT_HANDSHAKE_FAILURE,  "tls.renegotiation_info" },
    { TLS_ALERT_HANDSHAKE_FAILURE,  "tls.no_secure_renegotiation" },
    { TLS_ALERT_HANDSHAKE_FAILURE,  "tls.renegotiation_not_bound" },
    { TLS_ALERT_HANDSHAKE_FAILURE,  "tls.renegotiation_scsv" },
    { TLS_ALERT_HANDSHAKE_FAILURE,  "tls.session_ems" },
    { TLS_ALERT_HANDSHAKE_FAILURE,  "tls.client_certificate_missing" },
    { TLS_ALERT_UNSUPPORTED_CERTIFICATE, "tls.client_key" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.verify_sigalg" },
    { TLS_ALERT_DECRYPT_ERROR,      "tls.verify_signature" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.session_suite" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.session_suite_not_listed" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.session_version" },
    { TLS_ALERT_DECODE_ERROR,       "tls.new_session_ticket_cut" },
    { TLS_ALERT_DECODE_ERROR,       "tls.certificate_status_cut" },
    { TLS_ALERT_DECODE_ERROR,       "tls.certificate_verify_cut" },
    { TLS_ALERT_BAD_RECORD_MAC,      "tls.bad_record13" },
    { TLS_ALERT_UNEXPECTED_MESSAGE,  "tls.inner_type13" },
    { TLS_ALERT_UNEXPECTED_MESSAGE,  "tls.plain_record13" },
    { TLS_ALERT_UNEXPECTED_MESSAGE,  "tls.change_cipher_spec13" },
    { TLS_ALERT_ILLEGAL_PARAMETER,   "tls.version13_not_offered" },
    { TLS_ALERT_ILLEGAL_PARAMETER,   "tls.suite13_not_offered" },
    { TLS_ALERT_ILLEGAL_PARAMETER,   "tls.session_id_echo" },
    { TLS_ALERT_ILLEGAL_PARAMETER,   "tls.compression13" },
    { TLS_ALERT_ILLEGAL_PARAMETER,   "tls.key_share" },
    { TLS_ALERT_ILLEGAL_PARAMETER,   "tls.selected_identity" },
    { TLS_ALERT_ILLEGAL_PARAMETER,   "tls.retry_suite" },
    { TLS_ALERT_DECODE_ERROR,        "tls.extension13_malformed" },
    { TLS_ALERT_UNSUPPORTED_EXTENSION, "tls.encrypted_extension_not_asked" },
    { TLS_ALERT_UNEXPECTED_MESSAGE,  "tls.unexpected_message13" },
    { TLS_ALERT_DECODE_ERROR,        "tls.no_certificate13" },
    { TLS_ALERT_ILLEGAL_PARAMETER,   "tls.verify_sigalg13" },
    { TLS_ALERT_DECRYPT_ERROR,       "tls.verify_signature13" },
    { TLS_ALERT_DECRYPT_ERROR,       "tls.finished13" },
    { TLS_ALERT_DECODE_ERROR,       "tls.encrypted_extensions_cut" },
    { TLS_ALERT_DECODE_ERROR,       "tls.certificate_request13_cut" },
    { TLS_ALERT_DECODE_ERROR,       "tls.certificate13_cut" },
    { TLS_ALERT_DECODE_ERROR,       "tls.compressed_certificate_cut" },
    { TLS_ALERT_DECODE_ERROR,       "tls.finished13_cut" },
    { TLS_ALERT_DECODE_ERROR,       "tls.new_session_ticket13_cut" },
    { TLS_ALERT_DECODE_ERROR,       "tls.key_update_cut" },
    { TLS_ALERT_BAD_CERTIFICATE,    "tls.chain13_too_long" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.alert_level" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.suite_not_offered" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.server_name" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.compression" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.point_formats" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.certificate_key" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.group_not_offered" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.sigalg_not_offered" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.bad_point" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.bad_dh_value" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.protocol_not_offered" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.record_size_limit" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.max_fragment_length" },
    { TLS_ALERT_ILLEGAL_PARAMETER,  "tls.encrypt_then_mac" },
    { TLS_ALERT_INSUFFICIENT_SECURITY, "tls.dh_group" },
    { TLS_ALERT_INSUFFICIENT_SECURITY, "tls.no_common_dh_group" },
    { TLS_ALERT_UNRECOGNIZED_NAME,  "tls.unrecognized_name" },
    { TLS_ALERT_NO_APPLICATION_PROTOCOL, "tls.no_protocol" },
    { TLS_ALERT_UNSUPPORTED_EXTENSION, "tls.extension_not_offered" },
    { TLS_ALERT_DECODE_ERROR,       "tls.empty_record" },
    { TLS_ALERT_DECODE_ERROR,       "tls.message_too_long" },
    { TLS_ALERT_DECODE_ERROR,       "tls.alert_cut" },
    { TLS_ALERT_DECODE_ERROR,       "tls.client_hello_cut" },
    { TLS_ALERT_DECODE_ERROR,       "tls.server_hello_cut" },
    { TLS_ALERT_DECODE_ERROR,       "tls.extension_twice" },
    { TLS_ALERT_DECODE_ERROR,       "tls.certificate_cut" },
    { TLS_ALERT_DECODE_ERROR,       "tls.key_exchange_cut" },
    { TLS_ALERT_DECODE_ERROR,       "tls.certificate_request_cut" },
    { TLS_ALERT_DECODE_ERROR,       "tls.client_key_exchange_cut" },
    { TLS_ALERT_DECODE_ERROR,       "tls.finished_cut" },
    { TLS_ALERT_DECODE_ERROR,       "tls.message_not_empty" },
    { TLS_ALERT_DECODE_ERROR,       "tls.no_certificate" },
    { TLS_ALERT_BAD_CERTIFICATE,    "tls.chain_too_long" },
    { TLS_ALERT_DECRYPT_ERROR,      "tls.ske_signature" },
    { TLS_ALERT_DECRYPT_ERROR,      "tls.finished" },
    { TLS_ALERT_INTERNAL_ERROR,     "tls.internal" },
    { TLS_ALERT_INTERNAL_ERROR,     "tls.no_memory" },
    { TLS_ALERT_INTERNAL_ERROR,     "tls.key_worn" },              /* no alert is there for it */
    { TLS_ALERT_INTERNAL_ERROR,     "tls.message_too_large" },
    { TLS_ALERT_INTERNAL_ERROR,     "x509.no_memory" },
    { TLS_ALERT_CERTIFICATE_EXPIRED, "x509.expired" },
    { TLS_ALERT_CERTIFICATE_EXPIRED, "x509.not_yet_valid" },       /* "or is not currently valid" */
    { TLS_ALERT_UNKNOWN_CA,         "x509.self_signed" },
    { TLS_ALERT_UNKNOWN_CA,         "x509.missing_intermediate" },
    { TLS_ALERT_UNKNOWN_CA,         "x509.unknown_root" },
    { TLS_ALERT_UNSUPPORTED_CERTIFICATE, "x509.algorithm" },
    { TLS_ALERT_UNSUPPORTED_CERTIFICATE, "x509.key_algorithm" },
    { TLS_ALERT_UNSUPPORTED_CERTIFICATE, "x509.key_usage" },
    { TLS_ALERT_UNSUPPORTED_CERTIFICATE, "x509.purpose" },
    { TLS_ALERT_CERTIFICATE_REVOKED, "x509.revoked" },
    { TLS_ALERT_BAD_CERTIFICATE_STATUS_RESPONSE, "x509.ocsp" },
    { TLS_ALERT_BAD_CERTIFICATE_STATUS_RESPONSE, "x509.must_staple" },
    { TLS_ALERT_CERTIFICATE_UNKNOWN, "x509.status" },
    { TLS_ALERT_CERTIFICATE_UNKNOWN, "x509.crl" },
};

static const char *const silent[] = { "tls.alert_received", "tls.peer_needs_newer", "tls.peer_handshake_failure",
                                      "tls.truncated", "tls.handshake_cut",
                                      "tls.config", "tls.aborted" };

int tls_alert_for(const struct ground *ground)
{
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
        if (strcmp(ground->id, silent[i]) == 0)
            return TLS_SAYS_NOTHING;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(ground->id, table[i].id) == 0)
            return table[i].alert;
    /* Whatever else is wrong with a certificate: broken, its signature, its names (RFC 5246 §7.2.2,
     * bad_certificate). */
    return strncmp(ground->id, "x509.", 5) == 0 ? TLS_ALERT_BAD_CERTIFICATE : TLS_ALERT_INTERNAL_ERROR;
}

#include "tests/conformance/bogo/words.h"

#include <stddef.h>
#include <string.h>

/* Where one fault has several words there, `about` or the beginning of `came` (or `expected`) tells which; the first
 * row that fits holds. */
static const struct { const char *id, *about, *came, *word; } rows[] = {
    { "tls.unexpected_message", NULL, "the end of a record at", ":EXCESS_HANDSHAKE_DATA:" },
    { "tls.unexpected_message", "CONNECTED", "a record of type", ":UNEXPECTED_RECORD:" },
    { "tls.unexpected_message", NULL, "a record of type", ":EXCESS_HANDSHAKE_DATA:" },
    { "tls.unexpected_message", "WAIT_CHANGE_CIPHER_SPEC", NULL, ":UNEXPECTED_RECORD:" },
    { "tls.unexpected_message", NULL, "ChangeCipherSpec in", ":UNEXPECTED_RECORD:" },
    { "tls.unexpected_message", "WAIT_FINISHED", "application data in", ":UNEXPECTED_RECORD:" },
    { "tls.unexpected_message", NULL, "application data in", ":APPLICATION_DATA_INSTEAD_OF_HANDSHAKE:" },
    { "tls.unexpected_message", NULL, NULL, ":UNEXPECTED_MESSAGE:" },
    { "tls.record_type", NULL, NULL, ":UNEXPECTED_RECORD:" },
    { "tls.not_tls", NULL, "the text \"GET ", ":HTTP_REQUEST:" },
    { "tls.not_tls", NULL, "the text \"PUT ", ":HTTP_REQUEST:" },
    { "tls.not_tls", NULL, "the text \"POST ", ":HTTP_REQUEST:" },
    { "tls.not_tls", NULL, "the text \"HEAD ", ":HTTP_REQUEST:" },
    { "tls.not_tls", NULL, "the text \"CONNECT ", ":HTTPS_PROXY_REQUEST:" },
    { "tls.not_tls", NULL, NULL, ":WRONG_VERSION_NUMBER:" },
    { "tls.ssl2_hello", NULL, NULL, ":UNSUPPORTED_PROTOCOL:" },
    { "tls.record_version", NULL, NULL, ":WRONG_VERSION_NUMBER:" },
    { "tls.record_overflow", NULL, "a sealed record", ":ENCRYPTED_LENGTH_TOO_LONG:" },
    { "tls.record_overflow", NULL, NULL, ":DATA_LENGTH_TOO_LONG:" },
    { "tls.bad_record_mac", NULL, NULL, ":DECRYPTION_FAILED_OR_BAD_RECORD_MAC:" },
    { "tls.change_cipher_spec", NULL, NULL, ":BAD_CHANGE_CIPHER_SPEC:" },
    { "tls.too_many_empty", "warning alerts", NULL, ":TOO_MANY_WARNING_ALERTS:" },
    { "tls.too_many_empty", "empty records", NULL, ":TOO_MANY_EMPTY_FRAGMENTS:" },
    { "tls.alert_cut", NULL, NULL, ":BAD_ALERT:" },
    { "tls.alert_level", NULL, NULL, ":UNKNOWN_ALERT_TYPE:" },
    { "tls.version_too_old", NULL, NULL, ":UNSUPPORTED_PROTOCOL:" },
    { "tls.version_not_offered", NULL, NULL, ":UNSUPPORTED_PROTOCOL:" },
    { "tls.inappropriate_fallback", NULL, NULL, ":UNSUPPORTED_PROTOCOL:" },
    { "tls.no_common_suite", "signature_algorithms", NULL, ":NO_COMMON_SIGNATURE_ALGORITHMS:" },
    { "tls.no_common_suite", NULL, NULL, ":NO_SHARED_CIPHER:" },
    { "tls.suite_not_offered", NULL, NULL, ":WRONG_CIPHER_RETURNED:" },
    { "tls.compression", NULL, "not there", ":INVALID_COMPRESSION_LIST:" },
    { "tls.compression", NULL, NULL, ":UNSUPPORTED_COMPRESSION_ALGORITHM:" },
    { "tls.extension_not_offered", NULL, NULL, ":UNEXPECTED_EXTENSION:" },
    { "tls.extension_twice", NULL, NULL, ":DUPLICATE_EXTENSION:" },
    { "tls.renegotiation", NULL, NULL, ":NO_RENEGOTIATION:" },
    { "tls.config", "scts", NULL, ":INVALID_SCT_LIST:" },
    { "tls.server_hello_cut", "sct_list", NULL, ":ERROR_PARSING_EXTENSION:" },
    { "tls.server_hello_cut", "serialized_sct", NULL, ":ERROR_PARSING_EXTENSION:" },
    { "tls.client_hello_cut", "protocol_name", NULL, ":PARSE_TLSEXT:" },
    { "tls.server_hello_cut", "protocol_name", NULL, ":PARSE_TLSEXT:" },
    { "tls.protocol_not_offered", NULL, NULL, ":INVALID_ALPN_PROTOCOL:" },
    { "tls.no_protocol", NULL, NULL, ":NO_APPLICATION_PROTOCOL:" },
    { "tls.client_certificate_missing", NULL, NULL, ":PEER_DID_NOT_RETURN_A_CERTIFICATE:" },
    { "tls.session_suite", NULL, NULL, ":OLD_SESSION_CIPHER_NOT_RETURNED:" },
    { "tls.session_ems", "ems_lost", NULL, ":RESUMED_EMS_SESSION_WITHOUT_EMS_EXTENSION:" },
    { "tls.verify_sigalg", NULL, NULL, ":WRONG_SIGNATURE_TYPE:" },
    { "tls.verify_signature", NULL, NULL, ":BAD_SIGNATURE:" },
    { "tls.new_session_ticket_cut", NULL, NULL, ":DECODE_ERROR:" },
    { "tls.certificate_verify_cut", NULL, NULL, ":DECODE_ERROR:" },
    { "tls.certificate_status_cut", NULL, NULL, ":DECODE_ERROR:" },
    { "tls.client_hello_cut", NULL, NULL, ":DECODE_ERROR:" },
    { "tls.server_hello_cut", NULL, NULL, ":DECODE_ERROR:" },
    { "tls.point_formats", NULL, NULL, ":ERROR_PARSING_EXTENSION:" },
    { "tls.renegotiation_info", NULL, NULL, ":RENEGOTIATION_MISMATCH:" },
    { "tls.no_secure_renegotiation", NULL, NULL, ":RENEGOTIATION_MISMATCH:" },
    { "tls.certificate_cut", NULL, NULL, ":DECODE_ERROR:" },
    { "tls.no_certificate", NULL, NULL, ":DECODE_ERROR:" },
    { "tls.certificate_key", NULL, NULL, ":WRONG_CERTIFICATE_TYPE:" },
    { "tls.key_exchange_cut", NULL, NULL, ":DECODE_ERROR:" },
    { "tls.client_key_exchange_cut", NULL, NULL, ":DECODE_ERROR:" },
    { "tls.certificate_request_cut", NULL, NULL, ":DECODE_ERROR:" },
    { "tls.finished_cut", NULL, NULL, ":DIGEST_CHECK_FAILED:" },
    { "tls.finished", NULL, NULL, ":DIGEST_CHECK_FAILED:" },
    { "tls.message_not_empty", NULL, NULL, ":DECODE_ERROR:" },
    { "tls.message_too_long", NULL, NULL, ":EXCESSIVE_MESSAGE_SIZE:" },
    { "tls.group_not_offered", NULL, NULL, ":WRONG_CURVE:" },
    { "tls.sigalg_not_offered", NULL, NULL, ":WRONG_SIGNATURE_TYPE:" },
    { "tls.bad_point", NULL, NULL, ":BAD_ECPOINT:" },
    { "tls.ske_signature", NULL, NULL, ":BAD_SIGNATURE:" },
    { "tls.peer_handshake_failure", NULL, NULL, ":HANDSHAKE_FAILURE_ON_CLIENT_HELLO:" },
    { "tls.alert_received", "record_overflow", NULL, ":TLSV1_ALERT_RECORD_OVERFLOW:" },
    { "tls.alert_received", "access_denied", NULL, ":TLSV1_ALERT_ACCESS_DENIED:" },
    { "tls.alert_received", "handshake_failure", NULL, ":SSLV3_ALERT_HANDSHAKE_FAILURE:" },
    { "tls.alert_received", "decompression_failure", NULL, ":SSLV3_ALERT_DECOMPRESSION_FAILURE:" },
};

const char *bogo_word(const struct fault *f)
{
    for (size_t i = 0; f->ground && i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].id, f->ground->id) == 0 && (!rows[i].about || strcmp(rows[i].about, f->about) == 0)
            && (!rows[i].came || strncmp(rows[i].came, f->came, strlen(rows[i].came)) == 0
                || strncmp(rows[i].came, f->expected, strlen(rows[i].came)) == 0))
            return rows[i].word;
    return NULL;
}

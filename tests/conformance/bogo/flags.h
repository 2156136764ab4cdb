/* flags.h - what BoringSSL's runner asks of a shim, on its command line. A flag may stand with -on-initial or -on-resume
 * before its name: then it is for the first connection, or for those that resume it, alone. */
#ifndef TESTS_CONFORMANCE_BOGO_FLAGS_H
#define TESTS_CONFORMANCE_BOGO_FLAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BOGO_LIST = 32, BOGO_OCTETS = 4096 };
enum { BOGO_UNIMPLEMENTED = 89 };                     /* the exit code by which a test is left out */

struct bogo_list { unsigned item[BOGO_LIST]; size_t n; };
struct bogo_octets { uint8_t at[BOGO_OCTETS]; size_t n; bool given; };

struct bogo_wish {
    unsigned port, resume_count, min_version, max_version, expect_version, read_size, max_cert_list, max_send_fragment;
    unsigned expect_curve_id, expect_cipher, expect_cipher_aes, expect_peer_signature_algorithm, resumption_delay;
    unsigned export_keying_material, total_renegotiations;
    bool server, no_tls12, shim_writes_first, shim_shuts_down, check_close_notify, async, partial_write, peek_then_read,
         write_different_record_sizes, send_alert, fallback_scsv, enable_grease, verify_fail, verify_peer,
         require_any_client_certificate, expect_session_miss, expect_extended_master_secret, no_ticket,
         expect_no_session, expect_session_id, expect_no_session_id, expect_ticket_renewal, renew_ticket,
         enable_ocsp_stapling, enable_signed_cert_timestamps, expect_secure_renegotiation, server_preference,
         expect_no_secure_renegotiation, use_export_context, decline_alpn, reject_alpn, use_custom_verify_callback,
         reverify_on_resume, use_ocsp_callback, set_ocsp_in_callback, decline_ocsp_callback, fail_ocsp_callback,
         fail_early_callback, fail_ddos_callback, fail_cert_callback, enforce_rsa_key_usage, expect_key_usage_invalid,
         renegotiate_ignore, expect_sha256_client_cert, expect_verify_result, tls_unique, fips_202205, ignored;
    const char *key_file, *cert_file, *host_name, *cipher, *expect_server_name, *advertise_alpn, *expect_alpn,
               *expect_advertised_alpn, *select_alpn, *export_label, *export_context, *expect_peer_cert_file,
               *use_client_ca_list, *expect_client_ca_list, *unused;
    struct bogo_list curves, signing_prefs, verify_prefs, expect_peer_verify_pref;
    struct bogo_octets ocsp_response, expect_ocsp_response, signed_cert_timestamps, expect_signed_cert_timestamps,
                       ticket_key, expect_certificate_types;
};

/* False: a flag that is not known here, *unknown; or one without its value. */
bool bogo_read(int argc, char **argv, struct bogo_wish *first, struct bogo_wish *later, const char **unknown);

#endif

#include "tests/conformance/bogo/flags.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum kind { BOOL, NUMBER, TEXT, LIST, OCTETS };
#define ROW(name, kind, member) { name, kind, offsetof(struct bogo_wish, member) }

static const struct { const char *name; enum kind kind; size_t at; } rows[] = {
    ROW("port", NUMBER, port), ROW("server", BOOL, server), ROW("resume-count", NUMBER, resume_count),
    ROW("min-version", NUMBER, min_version), ROW("max-version", NUMBER, max_version),
    ROW("expect-version", NUMBER, expect_version), ROW("no-tls12", BOOL, no_tls12),
    ROW("no-tls1", BOOL, ignored), ROW("no-tls11", BOOL, ignored), ROW("no-tls13", BOOL, ignored),
    ROW("key-file", TEXT, key_file), ROW("cert-file", TEXT, cert_file), ROW("host-name", TEXT, host_name),
    ROW("cipher", TEXT, cipher), ROW("curves", LIST, curves), ROW("signing-prefs", LIST, signing_prefs),
    ROW("verify-prefs", LIST, verify_prefs), ROW("expect-peer-verify-pref", LIST, expect_peer_verify_pref),
    ROW("shim-writes-first", BOOL, shim_writes_first), ROW("shim-shuts-down", BOOL, shim_shuts_down),
    ROW("check-close-notify", BOOL, check_close_notify), ROW("async", BOOL, async),
    ROW("partial-write", BOOL, partial_write), ROW("peek-then-read", BOOL, peek_then_read),
    ROW("read-size", NUMBER, read_size), ROW("write-different-record-sizes", BOOL, write_different_record_sizes),
    ROW("max-send-fragment", NUMBER, max_send_fragment), ROW("max-cert-list", NUMBER, max_cert_list),
    ROW("fallback-scsv", BOOL, fallback_scsv), ROW("enable-grease", BOOL, enable_grease),
    ROW("verify-fail", BOOL, verify_fail), ROW("verify-peer", BOOL, verify_peer),
    ROW("require-any-client-certificate", BOOL, require_any_client_certificate),
    ROW("expect-peer-cert-file", TEXT, expect_peer_cert_file),
    ROW("expect-certificate-types", OCTETS, expect_certificate_types),
    ROW("expect-curve-id", NUMBER, expect_curve_id), ROW("expect-cipher", NUMBER, expect_cipher),
    ROW("expect-cipher-aes", NUMBER, expect_cipher_aes), ROW("server-preference", BOOL, server_preference),
    ROW("expect-peer-signature-algorithm", NUMBER, expect_peer_signature_algorithm),
    ROW("expect-extended-master-secret", BOOL, expect_extended_master_secret),
    ROW("expect-secure-renegotiation", BOOL, expect_secure_renegotiation),
    ROW("expect-no-secure-renegotiation", BOOL, expect_no_secure_renegotiation),
    ROW("expect-server-name", TEXT, expect_server_name), ROW("expect-session-miss", BOOL, expect_session_miss),
    ROW("expect-no-session", BOOL, expect_no_session), ROW("expect-session-id", BOOL, expect_session_id),
    ROW("expect-no-session-id", BOOL, expect_no_session_id), ROW("no-ticket", BOOL, no_ticket),
    ROW("expect-ticket-renewal", BOOL, expect_ticket_renewal), ROW("renew-ticket", BOOL, renew_ticket),
    ROW("ticket-key", OCTETS, ticket_key), ROW("resumption-delay", NUMBER, resumption_delay),
    ROW("advertise-alpn", TEXT, advertise_alpn), ROW("expect-alpn", TEXT, expect_alpn),
    ROW("expect-advertised-alpn", TEXT, expect_advertised_alpn), ROW("select-alpn", TEXT, select_alpn),
    ROW("decline-alpn", BOOL, decline_alpn), ROW("reject-alpn", BOOL, reject_alpn),
    ROW("enable-ocsp-stapling", BOOL, enable_ocsp_stapling), ROW("ocsp-response", OCTETS, ocsp_response),
    ROW("expect-ocsp-response", OCTETS, expect_ocsp_response),
    ROW("enable-signed-cert-timestamps", BOOL, enable_signed_cert_timestamps),
    ROW("signed-cert-timestamps", OCTETS, signed_cert_timestamps),
    ROW("expect-signed-cert-timestamps", OCTETS, expect_signed_cert_timestamps),
    ROW("export-keying-material", NUMBER, export_keying_material), ROW("export-label", TEXT, export_label),
    ROW("export-context", TEXT, export_context), ROW("use-export-context", BOOL, use_export_context),
    ROW("send-alert", BOOL, send_alert),
    ROW("use-custom-verify-callback", BOOL, use_custom_verify_callback),
    ROW("reverify-on-resume", BOOL, reverify_on_resume), ROW("expect-verify-result", BOOL, expect_verify_result),
    ROW("use-ocsp-callback", BOOL, use_ocsp_callback), ROW("set-ocsp-in-callback", BOOL, set_ocsp_in_callback),
    ROW("decline-ocsp-callback", BOOL, decline_ocsp_callback), ROW("fail-ocsp-callback", BOOL, fail_ocsp_callback),
    ROW("fail-early-callback", BOOL, fail_early_callback), ROW("fail-ddos-callback", BOOL, fail_ddos_callback),
    ROW("fail-cert-callback", BOOL, fail_cert_callback), ROW("enforce-rsa-key-usage", BOOL, enforce_rsa_key_usage),
    ROW("expect-key-usage-invalid", BOOL, expect_key_usage_invalid), ROW("tls-unique", BOOL, tls_unique),
    ROW("renegotiate-ignore", BOOL, renegotiate_ignore), ROW("fips-202205", BOOL, fips_202205),
    ROW("expect-sha256-client-cert", BOOL, expect_sha256_client_cert),
    ROW("use-client-ca-list", TEXT, use_client_ca_list), ROW("expect-client-ca-list", TEXT, expect_client_ca_list),
    /* ways to call BoringSSL's functions that change nothing on the wire */
    ROW("implicit-handshake", BOOL, ignored), ROW("handshake-twice", BOOL, ignored),
    ROW("no-op-extra-handshake", BOOL, ignored), ROW("use-early-callback", BOOL, ignored),
    ROW("install-ddos-callback", BOOL, ignored), ROW("use-old-client-cert-callback", BOOL, ignored),
    ROW("forbid-renegotiation-after-handshake", BOOL, ignored), ROW("use-ticket-callback", BOOL, ignored),
    /* what we always, or never, do */
    ROW("expect-no-hrr", BOOL, ignored), ROW("expect-total-renegotiations", NUMBER, total_renegotiations),
    ROW("retain-only-sha256-client-cert", BOOL, ignored), ROW("false-start", BOOL, ignored),
    ROW("jdk11-workaround", BOOL, ignored), ROW("renegotiate-freely", BOOL, ignored),
    ROW("srtp-profiles", TEXT, unused), ROW("install-cert-compression-algs", BOOL, ignored),
    ROW("application-settings", TEXT, unused), ROW("advertise-npn", TEXT, unused),
};

static bool set(struct bogo_wish *w, size_t row, const char *value)
{
    char *member = (char *)w + rows[row].at;
    switch (rows[row].kind) {
    case BOOL:   *(bool *)(void *)member = true; return true;
    case NUMBER: *(unsigned *)(void *)member = (unsigned)strtoul(value, NULL, 10); return true;
    case TEXT:   *(const char **)(void *)member = value; return true;
    case LIST: {
        struct bogo_list *l = (struct bogo_list *)(void *)member;
        if (l->n < BOGO_LIST)
            l->item[l->n++] = (unsigned)strtoul(value, NULL, 10);
        return true;
    }
    case OCTETS: {
        struct bogo_octets *o = (struct bogo_octets *)(void *)member;
        o->given = true;
        return sodium_base642bin(o->at, sizeof o->at, value, strlen(value), NULL, &o->n, NULL,
                                 sodium_base64_VARIANT_ORIGINAL) == 0;
    }
    }
    return false;
}

static const char *behind(const char *flag, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(flag, prefix, n) == 0 ? flag + n : NULL;
}

bool bogo_read(int argc, char **argv, struct bogo_wish *first, struct bogo_wish *later, const char **unknown)
{
    for (int i = 1; i < argc; i++) {
        const char *initial = behind(argv[i], "-on-initial-"), *resume = behind(argv[i], "-on-resume-");
        const char *name = initial ? initial : resume ? resume : argv[i] + 1;
        size_t row = 0, n = sizeof rows / sizeof *rows;
        while (row < n && strcmp(rows[row].name, name) != 0)
            row++;
        *unknown = argv[i];
        if (row == n || (rows[row].kind != BOOL && i + 1 == argc))
            return false;
        const char *value = rows[row].kind == BOOL ? NULL : argv[++i];
        if ((!resume && !set(first, row, value)) || (!initial && !set(later, row, value)))
            return false;
    }
    return true;
}

/* All of Wycheproof (tests/vectors/wycheproof) in every form that this processor has. Each test of each file is counted:
 * the numbers below are what must come out, so none goes missing unseen. docs/wycheproof.md says the same for people. */
#include "tests/lib/wycheproof.h"
#include "crypto/aead.h"
#include "crypto/exchange.h"
#include "crypto/sign.h"
#include "tests/lib/check.h"
#include "tests/lib/forms.h"

#include <dirent.h>
#include <string.h>

enum { ALL_FILES = 31, ALL_TESTS = 8399, LINE = 512 };
#define FOLDER "tests/vectors/wycheproof"
#define ECDSA_KIND(curve, hash) ((int)(curve) + 16 * (int)(hash))

/* How many tests of a file ended how: `valid` ones accepted, `invalid` ones refused; of the `acceptable` ones those that
 * were taken and those that were not; and those that do not apply, whatever they are. */
struct counts { unsigned valid, invalid, taken, not_taken, beside; };

static const struct row {
    const char *file;
    wycheproof_judge *judge;
    test_form_name *form;
    int kind;
    struct counts want;
} rows[ALL_FILES] = {
    { "aes-cbc", judge_cbc, form_cbc, 0, { 48, 96, 0, 0, 72 } },
    { "aes-gcm", judge_aead, form_aead, AEAD_AES_128_GCM, { 79, 54, 0, 0, 183 } },
    { "chacha20-poly1305", judge_aead, form_aead, AEAD_CHACHA20_POLY1305, { 256, 60, 0, 0, 9 } },
    { "ecdh-p256", judge_ecdh, form_ecdh, KEY_P256, { 330, 24, 0, 1, 0 } },
    { "ecdh-p256-spki", judge_ecdh_spki, form_ecdh, KEY_P256, { 330, 52, 0, 230, 0 } },
    { "ecdh-p384", judge_ecdh, form_ecdh, KEY_P384, { 771, 18, 0, 1, 0 } },
    { "ecdsa-p256-sha256", judge_ecdsa, form_key, ECDSA_KIND(KEY_P256, HASH_SHA256), { 174, 310, 0, 0, 0 } },
    { "ecdsa-p256-sha512", judge_ecdsa, form_key, ECDSA_KIND(KEY_P256, HASH_SHA512), { 243, 311, 0, 0, 0 } },
    { "ecdsa-p384-sha384", judge_ecdsa, form_key, ECDSA_KIND(KEY_P384, HASH_SHA384), { 194, 310, 0, 0, 0 } },
    { "ed25519", judge_ed25519, form_key, KEY_ED25519, { 88, 63, 0, 0, 0 } },
    { "hmac-sha1", judge_hmac, form_hash, HASH_SHA1, { 66, 104, 0, 0, 0 } },
    { "hmac-sha256", judge_hmac, form_hash, HASH_SHA256, { 66, 108, 0, 0, 0 } },
    { "hmac-sha384", judge_hmac, form_hash, HASH_SHA384, { 66, 108, 0, 0, 0 } },
    { "rsa-pkcs1-2048", judge_pkcs1, form_rsa, 0, { 42, 25, 0, 0, 0 } },
    { "rsa-pkcs1-3072", judge_pkcs1, form_rsa, 0, { 41, 26, 0, 0, 0 } },
    { "rsa-pkcs1-4096", judge_pkcs1, form_rsa, 0, { 41, 26, 0, 0, 0 } },
    { "rsa-pss-2048-sha256", judge_pss, form_rsa, HASH_SHA256, { 63, 45, 0, 0, 0 } },
    { "rsa-pss-2048-sha384", judge_pss, form_rsa, HASH_SHA384, { 95, 46, 0, 0, 0 } },
    { "rsa-pss-3072-sha256", judge_pss, form_rsa, HASH_SHA256, { 63, 45, 0, 0, 0 } },
    { "rsa-pss-4096-sha256", judge_pss, form_rsa, HASH_SHA256, { 63, 45, 0, 0, 0 } },
    { "rsa-pss-4096-sha384", judge_pss, form_rsa, HASH_SHA384, { 95, 46, 0, 0, 0 } },
    { "rsa-pss-4096-sha512", judge_pss, form_rsa, HASH_SHA512, { 132, 47, 0, 0, 0 } },
    { "rsa-signature-2048-sha256", judge_rsa_signature, form_rsa, HASH_SHA256, { 9, 249, 0, 1, 0 } },
    { "rsa-signature-2048-sha384", judge_rsa_signature, form_rsa, HASH_SHA384, { 7, 250, 0, 1, 0 } },
    { "rsa-signature-2048-sha512", judge_rsa_signature, form_rsa, HASH_SHA512, { 8, 250, 0, 1, 0 } },
    { "rsa-signature-3072-sha256", judge_rsa_signature, form_rsa, HASH_SHA256, { 8, 250, 0, 1, 0 } },
    { "rsa-signature-3072-sha384", judge_rsa_signature, form_rsa, HASH_SHA384, { 7, 251, 0, 1, 0 } },
    { "rsa-signature-4096-sha256", judge_rsa_signature, form_rsa, HASH_SHA256, { 7, 250, 0, 1, 0 } },
    { "rsa-signature-4096-sha384", judge_rsa_signature, form_rsa, HASH_SHA384, { 7, 251, 0, 1, 0 } },
    { "rsa-signature-4096-sha512", judge_rsa_signature, form_rsa, HASH_SHA512, { 7, 251, 0, 1, 0 } },
    { "x25519", judge_x25519, form_exchange, EXCHANGE_X25519, { 264, 0, 223, 31, 0 } },
};

/* What is done with each test that may be taken or not: the first line of its file whose flag it has. */
static const struct decision { const char *files, *flag; enum ruling ruling; unsigned tests; const char *why; } decisions[] = {
    { "ecdh-p256", "CompressedPoint", REFUSED, 1,
      "points go uncompressed over the wire (RFC 8422 §5.1.2)" },
    { "ecdh-p384", "CompressedPoint", REFUSED, 1,
      "points go uncompressed over the wire (RFC 8422 §5.1.2)" },
    { "ecdh-p256-spki", "CompressedPoint", REFUSED, 1,
      "a compressed key may be refused (RFC 5480 §2.2), and none could be used in TLS (RFC 8422 §5.1.2)" },
    { "ecdh-p256-spki", "UnnamedCurve", REFUSED, 7,
      "curves come by name alone (RFC 5480 §2.1.1): who writes the curve himself chooses its generator (CVE-2020-0601)" },
    { "ecdh-p256-spki", "InvalidAsn", REFUSED, 222,
      "certificates are DER, and a value has one encoding in it (X.690 §10, §11): to the last octet" },
    { "rsa-signature", "MissingNull", REFUSED, 8,
      "in a DigestInfo the parameters of the hash are NULL (RFC 8017 B.1, §9.2); what is expected is built and compared" },
    { "x25519", "ZeroSharedSecret", REFUSED, 31,
      "a secret of zeros: the other side chose a point of small order (RFC 7748 §6.1, RFC 8422 §5.11)" },
    { "x25519", "NonCanonicalPublic", ACCEPTED, 13,
      "2^255 - 19 and more are taken modulo the prime (RFC 7748 §5: MUST)" },
    { "x25519", "Twist", ACCEPTED, 210,
      "a point of the twist is as good: the function is made for any 32 octets (RFC 7748 §5, §6.1)" },
};
enum { DECISIONS = sizeof decisions / sizeof *decisions };

/* Which tests do not apply. */
static const struct beside { const char *file; unsigned tests; const char *why; } besides[] = {
    { "aes-cbc", 72, "keys of 192 bits: no suite of TLS has them (RFC 5246 §C)" },
    { "aes-gcm", 183, "keys of 192 bits, nonces of other lengths than 12 octets: no suite of TLS has them (RFC 5288 §3)" },
    { "chacha20-poly1305", 9, "nonces of other lengths than 12 octets: they cannot be handed over (RFC 7905 §2)" },
};
enum { BESIDES = sizeof besides / sizeof *besides };

static bool begins(const char *word, const char *with) { return strncmp(word, with, strlen(with)) == 0; }

/* One line stands for all files of RSA signatures, which have one such test each. */
static bool for_many(const struct decision *d) { return strcmp(d->files, "rsa-signature") == 0; }
static bool is_of(const struct decision *d, const char *file)
{
    return for_many(d) ? begins(file, d->files) : strcmp(d->files, file) == 0;
}

static size_t decision_on(const struct vectors *v, const char *file)
{
    for (size_t i = 0; i < DECISIONS; i++)
        if (is_of(&decisions[i], file) && vectors_has(v, "flags", decisions[i].flag))
            return i;
    ck_abort_msg("%s: nobody decided this", vectors_where(v));
    return 0;
}

static void judge_file(const struct row *row, const struct cpu *cpu, const char *form, struct counts *have,
                       unsigned decided[DECISIONS])
{
    struct vectors v;
    char path[LINE];
    snprintf(path, sizeof path, FOLDER "/%s.txt", row->file);
    vectors_open(&v, path);
    while (vectors_next(&v)) {
        const enum ruling ruling = row->judge(&v, row->kind, cpu);
        const bool accepted = ruling == ACCEPTED;
        if (ruling == NOT_OURS)
            have->beside++;
        else if (vectors_is(&v, "result", "acceptable")) {
            const size_t i = decision_on(&v, row->file);
            ck_assert_msg(ruling == decisions[i].ruling, "%s, form %s: not as decided", vectors_where(&v), form);
            *(accepted ? &have->taken : &have->not_taken) += 1;
            decided[i]++;
        } else {
            const bool valid = vectors_is(&v, "result", "valid");
            ck_assert_msg(valid || vectors_is(&v, "result", "invalid"), "%s: no such result", vectors_where(&v));
            ck_assert_msg(accepted == valid, "%s, form %s: %s", vectors_where(&v), form, accepted ? "accepted" : "refused");
            *(valid ? &have->valid : &have->invalid) += 1;
        }
    }
}

static unsigned sum(const struct counts *c) { return c->valid + c->invalid + c->taken + c->not_taken + c->beside; }

START_TEST(a_file_in_every_form)
{
    const struct row *row = &rows[_i];
    const struct test_forms forms = test_forms(row->form, row->kind);
    for (size_t f = 0; f < forms.n; f++) {
        struct counts have = { 0 };
        unsigned decided[DECISIONS] = { 0 };
        judge_file(row, &forms.cpu[f], forms.name[f], &have, decided);
        ck_assert_msg(memcmp(&have, &row->want, sizeof have) == 0,
                      "%s, form %s: valid %u, invalid %u, taken %u, not taken %u, beside %u", row->file, forms.name[f],
                      have.valid, have.invalid, have.taken, have.not_taken, have.beside);
        for (size_t i = 0; i < DECISIONS; i++)
            if (is_of(&decisions[i], row->file))
                ck_assert_msg(decided[i] == (for_many(&decisions[i]) ? 1 : decisions[i].tests), "%s: %s: %u", row->file,
                              decisions[i].flag, decided[i]);
    }
    printf("wycheproof %s: %u tests, %u do not apply; forms:", row->file, sum(&row->want), row->want.beside);
    for (size_t f = 0; f < forms.n; f++)
        printf(" %s", forms.name[f]);
    printf("\n");
}
END_TEST

START_TEST(what_is_not_here_is_told)
{
    struct cpu cpu;
    const char *name;
    unsigned bit;
    for (size_t i = 0; (name = cpu_name(i, &bit)) != NULL; i++)
        if (!cpu_force(&cpu, name))
            printf("wycheproof: this processor has no %s: nothing was judged in that form\n", name);
}
END_TEST

/* --- None is missing --- */

START_TEST(the_sum_is_all_of_them)
{
    unsigned tests = 0, files = 0, decided = 0, taken_or_not = 0, beside = 0, said_beside = 0;
    for (size_t i = 0; i < ALL_FILES; i++) {
        tests += sum(&rows[i].want);
        taken_or_not += rows[i].want.taken + rows[i].want.not_taken;
        beside += rows[i].want.beside;
    }
    for (size_t i = 0; i < DECISIONS; i++)
        decided += decisions[i].tests;
    for (size_t i = 0; i < BESIDES; i++)
        said_beside += besides[i].tests;
    ck_assert_uint_eq(tests, ALL_TESTS);
    ck_assert_uint_eq(decided, taken_or_not);
    ck_assert_uint_eq(said_beside, beside);
    DIR *folder = opendir(FOLDER);
    ck_assert_ptr_nonnull(folder);
    for (struct dirent *entry; (entry = readdir(folder));)
        files += strstr(entry->d_name, ".txt") != NULL;
    closedir(folder);
    ck_assert_uint_eq(files, ALL_FILES);
}
END_TEST

/* --- The document --- */

static char document[1 << 16];

static void check_said(const char *line)
{
    ck_assert_msg(strstr(document, line) != NULL, "docs/wycheproof.md has not the line\n%s", line);
}

START_TEST(the_document_says_the_same)
{
    char line[LINE];
    FILE *f = fopen("docs/wycheproof.md", "r");
    ck_assert_ptr_nonnull(f);
    document[fread(document, 1, sizeof document - 1, f)] = '\0';
    fclose(f);
    for (size_t i = 0; i < ALL_FILES; i++) {
        const struct counts *c = &rows[i].want;
        snprintf(line, sizeof line, "| %s | %u | %u | %u | %u | %u | %u |\n", rows[i].file, sum(c), c->valid, c->invalid,
                 c->taken, c->not_taken, c->beside);
        check_said(line);
    }
    for (size_t i = 0; i < DECISIONS; i++) {
        const struct decision *d = &decisions[i];
        snprintf(line, sizeof line, "| %s | %s | %u | %s | %s |\n", d->files, d->flag, d->tests,
                 d->ruling == ACCEPTED ? "accepted" : "refused", d->why);
        check_said(line);
    }
    for (size_t i = 0; i < BESIDES; i++) {
        snprintf(line, sizeof line, "| %s | %u | %s |\n", besides[i].file, besides[i].tests, besides[i].why);
        check_said(line);
    }
}
END_TEST

int main(void)
{
    return check_run_rows("wycheproof", a_file_in_every_form, ALL_FILES, (const TTest *[]){
        what_is_not_here_is_told, the_sum_is_all_of_them, the_document_says_the_same, NULL });
}

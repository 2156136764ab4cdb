/* Records for `vitrine speed`: whole ones, as tls/record.h makes and opens them for a connection, a suite each. */
#include "cmd/speed.h"
#include "cmd/speed_chance.h"
#include "tls/record.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How a record is protected depends on cipher and MAC alone, not on key exchange and certificate: one suite for each
 * way. */
static const struct { const char *suite, *what; bool encrypt_then_mac; } records[] = {
    { "ECDHE-RSA-AES128-GCM-SHA256", "record ECDHE-RSA-AES128-GCM-SHA256", false },
    { "ECDHE-RSA-AES256-GCM-SHA384", "record ECDHE-RSA-AES256-GCM-SHA384", false },
    { "ECDHE-RSA-CHACHA20-POLY1305", "record ECDHE-RSA-CHACHA20-POLY1305", false },
    { "ECDHE-RSA-AES128-SHA256", "record ECDHE-RSA-AES128-SHA256", false },
    { "ECDHE-RSA-AES128-SHA256", "record ECDHE-RSA-AES128-SHA256 etm", true },
    { "ECDHE-RSA-AES128-SHA", "record ECDHE-RSA-AES128-SHA", false },
    { "ECDHE-RSA-AES128-SHA", "record ECDHE-RSA-AES128-SHA etm", true },
    { "ECDHE-RSA-AES256-SHA", "record ECDHE-RSA-AES256-SHA", false },
    { "ECDHE-RSA-AES256-SHA", "record ECDHE-RSA-AES256-SHA etm", true },
    { "DHE-RSA-AES256-SHA256", "record DHE-RSA-AES256-SHA256", false },
    { "DHE-RSA-AES256-SHA256", "record DHE-RSA-AES256-SHA256 etm", true },
    { "ECDHE-RSA-AES256-SHA384", "record ECDHE-RSA-AES256-SHA384", false },
    { "ECDHE-RSA-AES256-SHA384", "record ECDHE-RSA-AES256-SHA384 etm", true },
};

/* What opening takes apart is sealed before, some at a time. */
enum { BATCH = 32, ROOM = RECORD_HEADER + RECORD_CONTENT_MAX + RECORD_MORE_MAX + AES_BLOCK };

struct sealed_records {
    const struct tls_suite *suite;
    size_t n;
    struct sealing sealing;
    uint8_t key_block[TLS_KEY_BLOCK_MAX], tags[2][AEAD_TAG];
    struct record record[BATCH];
    uint8_t octets[BATCH][ROOM];
};

static void form(unsigned which, const struct cpu *cpu, char out[SPEED_FORM])
{
    const struct tls_suite *suite = tls_suite_named(records[which].suite);
    if (suite->sealing == TLS_SEAL_AEAD)
        snprintf(out, SPEED_FORM, "%s", aead_form_name(suite->aead, cpu));
    else
        snprintf(out, SPEED_FORM, "%s+%s", aes_cbc_form_name(cpu), hash_form_name(suite->mac, cpu));
}

static bool seal(struct sealed_records *s, unsigned i)
{
    s->record[i].content_n = s->n;
    if (!record_dress(&s->sealing, &speed_chance, &s->record[i]))
        return false;
    record_seal(&s->sealing, &s->record[i]);
    return true;
}

static unsigned seal_run(void *of) { return seal(of, 0); }

/* With an AEAD two records are the ciphertext of each other under one number (speed_symmetric.c): opened by turns,
 * each with its tag put where the last one was. */
static unsigned turn_run(void *of)
{
    struct sealed_records *s = of;
    for (unsigned i = 0; i < 2; i++) {
        s->sealing.sequence = 0;
        memcpy(s->record->at + s->record->n - AEAD_TAG, s->tags[i], AEAD_TAG);
        if (!record_open(&s->sealing, s->record))
            return 0;
    }
    return 2;
}

static void batch_prepare(void *of)
{
    struct sealed_records *s = of;
    s->sealing.sequence = 0;
    for (unsigned i = 0; i < BATCH; i++)
        seal(s, i);
    s->sealing.sequence = 0;
}

static unsigned batch_run(void *of)
{
    struct sealed_records *s = of;
    for (unsigned i = 0; i < BATCH; i++)
        if (!record_open(&s->sealing, &s->record[i]))
            return 0;
    return BATCH;
}

static void *begin(const struct speed_row *r)
{
    struct sealed_records *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->suite = tls_suite_named(records[r->which].suite);
    s->n = r->size;
    randombytes_buf(s->key_block, sizeof s->key_block);
    randombytes_buf(s->octets, sizeof s->octets);
    sealing_start(&s->sealing, s->suite, s->key_block, false, records[r->which].encrypt_then_mac, &r->cpu);
    for (unsigned i = 0; i < BATCH; i++)
        s->record[i] = (struct record){ .type = TLS_CONTENT_APPLICATION, .at = s->octets[i] };
    for (unsigned i = 2; i-- && s->suite->sealing == TLS_SEAL_AEAD;) {
        s->sealing.sequence = 0;
        seal(s, 0);
        memcpy(s->tags[i], s->record->at + s->record->n - AEAD_TAG, AEAD_TAG);
    }
    return s;
}

static void end(void *of)
{
    sodium_memzero(of, sizeof(struct sealed_records));
    free(of);
}

static const struct speed_work seal_work = { begin, NULL, seal_run, end, NULL },
    turn_work = { begin, NULL, turn_run, end, NULL }, batch_work = { begin, batch_prepare, batch_run, end, NULL };

#define SIZES(op, work) { op, &work, 256 }, { op, &work, 1024 }, { op, &work, 4096 }, \
    { op, &work, RECORD_CONTENT_MAX }, { NULL, NULL, 0 }
static const struct speed_column seal_columns[] = { SIZES("seal", seal_work) },
    turn_columns[] = { SIZES("open", turn_work) }, batch_columns[] = { SIZES("open", batch_work) };

void speed_add_records(struct speed_list *l)
{
    for (unsigned i = 0; i < sizeof records / sizeof *records; i++) {
        const struct tls_suite *suite = tls_suite_named(records[i].suite);
        const struct speed_row row = { "record", records[i].what, .suite = records[i].suite, .which = i };
        speed_add_best(l, row, form, seal_columns);
        speed_add_best(l, row, form, suite->sealing == TLS_SEAL_AEAD ? turn_columns : batch_columns);
    }
}

#include "tests/lib/forms.h"
#include "crypto/aead.h"
#include "crypto/bignum.h"
#include "crypto/exchange.h"
#include "crypto/sign.h"

#include <string.h>

static void add(struct test_forms *forms, const struct cpu *cpu, const char *name)
{
    for (size_t i = 0; i < forms->n; i++)
        if (strcmp(forms->name[i], name) == 0)
            return;
    if (forms->n < TEST_FORMS) {
        forms->cpu[forms->n] = *cpu;
        forms->name[forms->n++] = name;
    }
}

void test_forms_add(struct test_forms *forms, test_form_name *form, int kind)
{
    struct cpu cpu = { 0 };
    const char *name;
    unsigned bit;
    add(forms, &cpu, form(kind, &cpu));
    for (size_t i = 0; (name = cpu_name(i, &bit)) != NULL; i++)
        if (cpu_force(&cpu, name))
            add(forms, &cpu, form(kind, &cpu));
    cpu = cpu_found();
    add(forms, &cpu, form(kind, &cpu));
}

struct test_forms test_forms(test_form_name *form, int kind)
{
    struct test_forms forms = { 0 };
    test_forms_add(&forms, form, kind);
    return forms;
}

const char *form_aead(int kind, const struct cpu *cpu) { return aead_form_name((enum aead_kind)kind, cpu); }
const char *form_cbc(int kind, const struct cpu *cpu) { return (void)kind, aes_cbc_form_name(cpu); }
const char *form_hash(int kind, const struct cpu *cpu) { return hash_form_name((enum hash_kind)kind, cpu); }
const char *form_key(int kind, const struct cpu *cpu) { return key_form_name((enum key_kind)(kind % 16), cpu); }
const char *form_exchange(int kind, const struct cpu *cpu) { return exchange_form_name((enum exchange)kind, cpu); }
const char *form_ecdh(int kind, const struct cpu *cpu) { return form_exchange(EXCHANGE_P256 + kind - KEY_P256, cpu); }
const char *form_number(int kind, const struct cpu *cpu) { return (void)kind, bn_form_name(cpu); }
const char *form_rsa(int kind, const struct cpu *cpu) { return (void)kind, form_key(KEY_RSA, cpu); }

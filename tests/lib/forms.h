/* forms.h - the forms of a primitive that this processor has, for tests that run each of them in one process.
 *
 *     struct test_forms forms = test_forms(form_name, kind);
 *     for (size_t i = 0; i < forms.n; i++)
 *         works(..., &forms.cpu[i]);                  its name: forms.name[i]; the portable one comes first
 *
 * A form is asked for by forcing each name of cpu.h alone, and all of them; where two give the same form, it comes once. */
#ifndef TESTS_LIB_FORMS_H
#define TESTS_LIB_FORMS_H

#include "crypto/cpu.h"

enum { TEST_FORMS = 16 };
typedef const char *test_form_name(int kind, const struct cpu *);      /* the name of the form that this cpu gives */
struct test_forms { size_t n; struct cpu cpu[TEST_FORMS]; const char *name[TEST_FORMS]; };

struct test_forms test_forms(test_form_name *, int kind);
void test_forms_add(struct test_forms *, test_form_name *, int kind);  /* those of another kind, where named otherwise */

/* Namers: the kind is an aead_kind, a hash_kind, a key_kind (its lowest four bits), an enum exchange, or nothing.
 * form_ecdh: a curve's key_kind, of which a secret shared may have a form of its own. */
test_form_name form_aead, form_cbc, form_hash, form_key, form_ecdh, form_exchange, form_number, form_rsa;

#endif

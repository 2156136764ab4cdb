#include "crypto/curve.h"

#ifdef CPU_FORMS

#include "crypto/p384_adx.h"
#include "crypto/p384_curve.h"

const struct curve_form p384_form_adx = { "adx", group_valid, group_multiply, group_sum_public, group_sum_has_x };

#else

const struct curve_form p384_form_adx = { 0 };         /* nobody asks for it */

#endif

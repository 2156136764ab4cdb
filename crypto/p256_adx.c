#include "crypto/cpu.h"
#include "crypto/curve.h"

#ifdef CPU_FORMS

#include "crypto/p256_adx.h"
#include "crypto/p256_curve.h"

const struct curve_form p256_form_adx = { "adx", group_valid, multiply, sum_public, sum_has_x };

#else

const struct curve_form p256_form_adx = { 0 };         /* nobody asks for it */

#endif

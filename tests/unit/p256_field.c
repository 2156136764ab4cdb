#include "crypto/p256_field.h"
#include "tests/lib/field_tests.h"

int main(void) { return field_tests("p256_field"); }

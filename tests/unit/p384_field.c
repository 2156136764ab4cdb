#include "crypto/p384_field.h"
#include "tests/lib/field_tests.h"

int main(void) { return field_tests("p384_field"); }

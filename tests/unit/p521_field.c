#include "crypto/p521_field.h"
#include "tests/lib/field_tests.h"

int main(void) { return field_tests("p521_field"); }

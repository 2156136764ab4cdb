#!/bin/sh
# The floors below cmd/ reach nothing of the machine and keep nothing that changes: tests/tools/check-symbols.
set -u
. tests/tools/plant.sh
build=${BUILD:-build}
check=$PWD/tests/tools/check-symbols

planted() {  # planted WHAT WORDS NAME.o CODE
    printf '%s\n' "$4" >"$dir/planted.c"
    rm -f "$dir/libplanted.a"
    ${CC:-cc} -O1 -c -o "$dir/$3" "$dir/planted.c" && ar rc "$dir/libplanted.a" "$dir/$3" || failed=1
    refused "$1" "$2" $check "$dir/libplanted.a"
}
planted "a clock" "imported: time" a.o '#include <time.h>
long f(void) { return (long)time(0); }'
planted "a sleep" "imported: nanosleep" a.o '#include <time.h>
int f(const struct timespec *t) { return nanosleep(t, 0); }'
planted "a file" "imported: fopen" a.o '#include <stdio.h>
void *f(const char *name) { return fopen(name, "r"); }'
planted "a file descriptor" "imported: read" a.o '#include <unistd.h>
long f(char *to) { return read(0, to, 1); }'
planted "a thread" "imported: pthread_create" a.o '#include <pthread.h>
int f(pthread_t *t, void *(*run)(void *)) { return pthread_create(t, 0, run, 0); }'
planted "the environment" "imported: getenv" a.o '#include <stdlib.h>
char *f(void) { return getenv("HOME"); }'
planted "the locale" "imported: strcoll" a.o '#include <string.h>
int f(const char *a, const char *b) { return strcoll(a, b); }'
planted "a call of floating-point mathematics" "imported: pow" a.o 'double pow(double, double);
double f(double a, double b) { return pow(a, b); }'
planted "randomness" "imported: randombytes_buf" a.o 'void randombytes_buf(void *, unsigned long);
void f(void *to) { randombytes_buf(to, 8); }'
planted "a key drawn inside libsodium" "imported: crypto_box_keypair" a.o 'int crypto_box_keypair(char *, char *);
int f(char *a, char *b) { return crypto_box_keypair(a, b); }'
planted "a counter that lasts" "changes between calls: n" a.o 'int f(void) { static int n; return ++n; }'
planted "a table that can be written" "changes between calls: table" a.o 'int table[4] = { 1, 2, 3, 4 };'
printf 'int f(int i) { static const char *const names[] = { "a", "b" }; return names[i & 1][0]; }\n' >"$dir/planted.c"
rm -f "$dir/libplanted.a"; ${CC:-cc} -fPIE -c -o "$dir/a.o" "$dir/planted.c" && ar rc "$dir/libplanted.a" "$dir/a.o"
accepted "a table of constants is none" $check "$dir/libplanted.a"
printf 'long time(long *);\nlong live_time(void) { return time(0); }\n' >"$dir/planted.c"
printf 'long live_time(void);\nlong f(void) { return live_time(); }\n' >"$dir/other.c"
rm -f "$dir/libplanted.a"
${CC:-cc} -c -o "$dir/live.o" "$dir/planted.c" && ar rc "$dir/libplanted.a" "$dir/live.o"
accepted "the live world may have a clock" $check "$dir/libplanted.a"
${CC:-cc} -c -o "$dir/b.o" "$dir/other.c" && ar rc "$dir/libplanted.a" "$dir/b.o"
refused "a clock by way of the live world" "imported: live_time" $check "$dir/libplanted.a"

case "${SAN:-}${CFLAGS:-}" in
"") cd "$build" && accepted "the floors reach nothing of the machine" \
        "$check" libhttp.a libtls.a libtls-x509.a libnet.a libcrypto.a libtrace.a ;;
*)  echo "skipped: symbols: this build has symbols of its tools (SAN or CFLAGS)" ;;
esac
exit $failed

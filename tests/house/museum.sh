#!/bin/sh
# The museum of mistakes (docs/book/en/15-mistakes.md): its table of checks that are taken out is as the code and the book
# are, and some of them are taken out here, other ones with each commit; make museum tries all, in some minutes.
set -u
. tests/tools/plant.sh
table() { CHECKS=$1 tests/museum/take-out --table; }
museum() { CHECKS=$1 ${MAKE:-make} -s museum ROWS="$2"; }

cat >"$dir/unseen" <<'END'
exhibit 1
bug  nothing has changed
file trace/fault.c
- static void fill(
+ static inline void fill(
test fault nobody_need_ask
END
sed 's/static void fill/static void fills/' "$dir/unseen" >"$dir/stale"
sed 's/nobody_need_ask/somebody_must_ask/' "$dir/unseen" >"$dir/untested"
refused "a check without which the test passes" "nobody noticed" museum "$dir/unseen" 1
refused "a check that stands nowhere" "not once in trace/fault.c" table "$dir/stale"
refused "a test that is not there" "there is no test fault somebody_must_ask" table "$dir/untested"
refused "an exhibit without a row" "exhibit 20 has no row" table "$dir/unseen"
refused "a page that does not name its test" "exhibit 1 names none of nobody_need_ask" table "$dir/unseen"
accepted "each exhibit has a check, its test, and both named on its page" table tests/museum/checks.txt
accepted "a few checks were taken out, and the tests fell" museum tests/museum/checks.txt 3
exit $failed

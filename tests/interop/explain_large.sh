#!/bin/sh
# explain_large.sh - `make explain-large` in short: a large capture through a pipe, and captures made to cost memory.
set -u
bench=${BUILD:-build}/tests/bench
for tool in editcap python3; do
    command -v $tool >/dev/null || { echo "skipped: explain large: no $tool here"; exit 0; }
done
for program in capture_many capture_hostile; do
    [ -x "$bench/$program" ] || make -s "$bench/$program" || exit 1
done
exec python3 -B tests/bench/explain_large.py "$bench" 40M

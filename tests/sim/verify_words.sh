#!/bin/sh
# verify_words.sh - what `vitrine verify` says of chains that are spoiled in each way there is: tests/sim/verify_words.py.
set -u
build=${BUILD:-build}
vitrine=${VITRINE:-./vitrine}
chains=$build/tests/tools/spoiled_chains
command -v python3 >/dev/null || { echo "skipped: verify_words: no python3 here"; exit 0; }
[ -x "$chains" ] || make -s "$chains" || exit 1
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
case $vitrine in /*) ;; *) vitrine=$PWD/$vitrine ;; esac
"$chains" "$dir" 1790000000 >"$dir/list" || { echo "FAIL the chains cannot be made"; exit 1; }
python3 tests/sim/verify_words.py "$vitrine" "$dir" <"$dir/list"

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
code=$?
# The manual's screen is what is printed.
sed -n '/^```text$/,/^```$/p' docs/verify.md | grep -v '^```' >"$dir/shown"
asked=$(sed -n '1s/^\$ vitrine //p' "$dir/shown")
# shellcheck disable=SC2086
(cd "$dir" && "$vitrine" $asked) >"$dir/printed"
if sed 1d "$dir/shown" | cmp -s - "$dir/printed"; then echo "ok docs/verify.md shows what is printed"
else echo "FAIL docs/verify.md does not show what is printed now:"; sed 's/^/    /' "$dir/printed"; code=1
fi
exit $code

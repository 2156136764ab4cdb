#!/bin/sh
# verify_words.sh - what `vitrine verify` says of chains that are spoiled in each way there is: tests/sim/verify_words.py.
set -u
vitrine=${VITRINE:-./vitrine}
command -v python3 >/dev/null || { echo "skipped: verify_words: no python3 here"; exit 0; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
case $vitrine in /*) ;; *) vitrine=$PWD/$vitrine ;; esac
python3 tests/sim/verify_words.py "$vitrine" "$dir"
code=$?
# The manual's screen is what is printed.
sed -n '/^```text$/,/^```$/p' docs/verify.md | grep -v '^```' >"$dir/shown"
sed -n 's/^\$ vitrine //p' "$dir/shown" >"$dir/asked"
# shellcheck disable=SC2086
while read -r asked; do (cd "$dir" && "$vitrine" $asked) >"$dir/printed" 2>/dev/null; done <"$dir/asked"
if grep -v '^\$ ' "$dir/shown" | cmp -s - "$dir/printed"; then echo "ok docs/verify.md shows what is printed"
else echo "FAIL docs/verify.md does not show what is printed now:"; sed 's/^/    /' "$dir/printed"; code=1
fi
# Each ground has its sentence of what to do, but for those that no chain can give: files of keys, notes, lessons.
for id in $(grep -o '"x509\.[a-z_0-9]*"' cmd/fault_words_x509.c | tr -d '"' |
            grep -v -e '\.key_[fekpwc]' -e '\.pem$' -e '\.spoil$' -e '\.classroom$' -e '\.notes$' -e '\.request' -e '\.no_'); do
    grep -q "\"remedy\", \"$id\"" cmd/words_remedy.c || { echo "FAIL nothing is said of what to do about $id"; code=1; }
done
exit $code

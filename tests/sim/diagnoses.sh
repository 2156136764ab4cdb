#!/bin/sh
# diagnoses.sh - docs/diagnoses.md is as the table of causes is, and both languages have each. VITRINE: how the program is
# called (./vitrine).
set -u
vitrine=${VITRINE:-./vitrine}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

if $vitrine explain --causes --form markdown | diff docs/diagnoses.md - >"$dir/diff"; then
    echo "ok docs/diagnoses.md is as the table is"
else
    echo "FAIL docs/diagnoses.md is not as the table is: vitrine explain --causes --form markdown >docs/diagnoses.md"
    sed 's/^/    /' "$dir/diff" | head -20; failed=1
fi

$vitrine explain --causes >"$dir/en"
$vitrine explain --causes --lang zh >"$dir/zh"
lines=$(wc -l <"$dir/en")
if [ "$lines" -ge 60 ] && [ "$lines" = "$(wc -l <"$dir/zh")" ] && [ "$(cut -c1-32 "$dir/en" | sort -u | wc -l)" = "$lines" ] &&
    [ "$(LC_ALL=C grep -c '[^ -~]' "$dir/zh")" = "$lines" ]; then echo "ok $lines causes, each in both languages"
else echo "FAIL of $lines causes some have no sentence"; diff "$dir/en" "$dir/zh" | head -20; failed=1
fi
exit $failed

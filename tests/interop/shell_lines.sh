#!/bin/sh
# shell_lines.sh - the "do it yourself" boxes of the page: each must print, run by a shell with openssl as it is on
# everybody's machine, the value that the page says. Over every key exchange, every cipher with its MAC, both kinds of
# certificate and two groups; ALL=1: over every cipher suite. And each must fail when its octets are spoiled, or it would
# prove nothing.
set -u
vitrine=${VITRINE:-build/vitrine}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
failed=0

for program in openssl xxd python3; do
    command -v $program >/dev/null 2>&1 || { echo "skipped: there is no $program here"; exit 0; }
done

# judge WHAT PAGE OPTION...
judge() {
    what=$1
    shift
    if python3 tests/interop/shell_lines.py "$@" >"$dir/out"; then
        echo "ok shell_lines: $what: $(tail -1 "$dir/out")"
    else
        echo "FAIL shell_lines: $what"
        sed 's/^/    /' "$dir/out"
        failed=1
    fi
}

run() {
    suite=$1 group=$2
    "$vitrine" visit --cipher "$suite" --group "$group" --html "$dir/$suite.$group.html" >/dev/null ||
        { echo "FAIL shell_lines: there is no page of $suite"; failed=1; return; }
    judge "$suite, $group" "$dir/$suite.$group.html"
}

# A suite's boxes are those of its key exchange and those of its cipher: a suite that brings neither anew is left out.
seen=" "
for suite in $("$vitrine" visit --cipher none 2>&1 | sed -n 's/^  TLS_.* //p'); do
    cipher=$(echo "$suite" | sed -E 's/^((ECDHE|DHE)-[A-Z]*-)?//')
    exchange=${suite%"$cipher"}-
    case $seen in *" $exchange "*" $cipher "* | *" $cipher "*" $exchange "*) [ -n "${ALL:-}" ] || continue ;; esac
    seen="$seen$exchange $cipher "
    run "$suite" x25519
    case $suite in ECDHE-*-AES128-GCM-* | ECDHE-*-CHACHA20-*) run "$suite" p256 ;; esac
done
for page in ECDHE-RSA-AES128-GCM-SHA256.x25519 ECDHE-ECDSA-CHACHA20-POLY1305.p256 AES256-SHA256.x25519; do
    judge "$page, spoiled" "$dir/$page.html" --spoil
done
for broken in cert:bad-signature cert:stolen; do
    "$vitrine" visit --break $broken --html "$dir/$broken.html" >/dev/null 2>&1
    judge "$broken" "$dir/$broken.html" --broken
done
exit $failed

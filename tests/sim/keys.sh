#!/bin/sh
# keys.sh - each suite, both groups: keys.py computes again all that the events of keys and sealed records bring; and
# it notices one wrong digit. VITRINE: how the program is called (./vitrine).
set -u
vitrine=${VITRINE:-./vitrine}
command -v python3 >/dev/null 2>&1 || { echo "skipped: keys: no python3 here"; exit 0; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

for suite in $($vitrine visit --cipher ? 2>&1 | awk '$2 ~ /-/ { print $2 }'); do
    for group in x25519 p256; do
        case $suite-$group in ECDHE-*AES128-GCM*-* | *-x25519) ;; *) continue ;; esac
        $vitrine visit --cipher "$suite" --group $group --json "$dir/$suite-$group" >"$dir/out" 2>&1 ||
            { echo "FAIL keys: $suite $group: no visit"; failed=1; }
    done
done
for group in p384 p521 ffdhe3072 ffdhe4096; do
    case $group in ffdhe*) kx=dhe ;; *) kx=ecdhe ;; esac
    $vitrine visit --kx $kx --group $group --json "$dir/$group" >"$dir/out" 2>&1 || { echo "FAIL keys: $group: no visit"; failed=1; }
done
cd "$dir" || exit 1
python3 "$OLDPWD/tests/sim/keys.py" *-x25519 *-p256 p384 p521 ffdhe* || failed=1

for file in AES128-SHA-x25519 ECDHE-RSA-AES128-GCM-SHA256-p256; do
    python3 "$OLDPWD/tests/sim/keys.py" --planted $file || failed=1
done
exit $failed

#!/bin/sh
# breaks.sh - every break meets its prediction, docs/breaks.md has them all, a wish that cannot be is refused, and a visit with a break ends as any
# visit does: with the exit code and the sentence of its fault. VITRINE: how the program is called (./vitrine).
set -u
vitrine=${VITRINE:-./vitrine}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

$vitrine breaks --check --seeds 1-3 >"$dir/check"
code=$?
if [ $code = 0 ] && tail -1 "$dir/check" | grep -q '^[1-9][0-9]* passed, 0 failed$'; then
    echo "ok $(tail -1 "$dir/check") by vitrine breaks --check"
else
    echo "FAIL vitrine breaks --check ends with $code"; sed 's/^/    /' "$dir/check"; failed=1
fi

if $vitrine breaks --form markdown | diff docs/breaks.md - >"$dir/diff"; then echo "ok docs/breaks.md is as the table is"
else echo "FAIL docs/breaks.md is not as the table is: vitrine breaks --form markdown >docs/breaks.md"; sed 's/^/    /' "$dir/diff" | head -20; failed=1
fi

ends() {  # ends CODE WORDS OPTION...
    wanted=$1 words=$2; shift 2
    $vitrine visit --level story "$@" >"$dir/out" 2>"$dir/said"
    code=$?
    if [ $code != "$wanted" ]; then fault="exit code $code, not $wanted"
    elif [ $code = 0 ] && [ -s "$dir/said" ]; then fault="the page came, and yet something is said"
    elif [ $code != 0 ] && [ "$(wc -l <"$dir/said")" != 1 ]; then fault="not one line"
    elif [ $code != 0 ] && ! grep -q -e "^vitrine.*$words" "$dir/said"; then fault="nothing of $words"
    else echo "ok visit $*: $code"; return
    fi
    echo "FAIL visit $*: $fault"; sed 's/^/    /' "$dir/said"; failed=1
}
ends 0  -                     --break loss:6
ends 0  -                     --break loss:6 --break=dup:8 --break reorder:7
ends 56 'sealed with other'   --break flip:13,60,repaired
ends 0  -                     --break flip:13,60,raw
ends 28 'fell silent'         --break cable:12
ends 60 'has expired'         --break cert:expired
ends 60 'unknown_critical\|critical extension' --break cert:unknown-critical --cert ecdsa
ends 35 'protocol_version' --break fallback
ends 35 'only old versions'   --break version:1.1:server --kx rsa
ends 2  'an RSA key'          --break cert:weak-key --cert ecdsa
ends 2  'needs a suite with ECDHE' --break cert:stolen --kx rsa
ends 2  'over TLS'            --break cert:expired http://www.example.test/
ends 2  'vitrine breaks'      --break nothing
ends 2  'loss:N'              --break loss:0
$vitrine breaks --check nothing >"$dir/out" 2>&1
[ $? = 2 ] && grep -q 'no break nothing' "$dir/out" && echo "ok vitrine breaks --check nothing: 2" || { echo "FAIL nothing"; failed=1; }
$vitrine breaks --check flip:1,2,raw >"$dir/out" 2>&1
[ $? = 2 ] && grep -q 'vitrine breaks flip' "$dir/out" && echo "ok a place that is not predicted" || { echo "FAIL flip"; failed=1; }
$vitrine breaks mitm --lang zh | grep -q '访问的结局: x509.unknown_root，退出码 60' && echo "ok one break whole, in Chinese" ||
    { echo "FAIL vitrine breaks mitm --lang zh"; failed=1; }
ends 2  'more than 8'         --break loss --break loss --break loss --break loss --break loss --break loss \
                              --break loss --break loss --break loss
for live in "get https://www.example.test/" "serve --listen 127.0.0.1:0"; do
    # shellcheck disable=SC2086
    timeout 20 $vitrine $live --break finished:wrong >"$dir/out" 2>"$dir/said" </dev/null
    code=$?
    if [ $code = 2 ] && grep -q -e '--break' "$dir/said"; then echo "ok vitrine $live: nothing live can break"
    else echo "FAIL vitrine $live --break ends with $code"; sed 's/^/    /' "$dir/said"; failed=1; fi
done
if $vitrine visit --level story --break loss:999 | grep -q 'Nothing was spoiled: this visit has 19 packets'; then
    echo "ok a break that cannot happen is said to be one"
else echo "FAIL a break that cannot happen is not said to be one"; failed=1
fi
exit $failed

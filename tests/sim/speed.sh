#!/bin/sh
# speed.sh - `vitrine speed`: every primitive in every form, JSON that is JSON, VITRINE_CPU, what is refused. How fast
# anything is, is not judged here. VITRINE: the program.
set -u
vitrine=${VITRINE:-./vitrine}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
unset VITRINE_CPU

ok() { echo "ok $1"; }
fail() { echo "FAIL $1"; [ $# -lt 2 ] || echo "$2" | head -20 | sed 's/^/    /'; failed=1; }
refused() {  # refused WORDS ARGUMENT...
    words=$1; shift
    "$vitrine" speed "$@" >"$dir/out" 2>"$dir/said" </dev/null
    code=$?
    if [ $code = 2 ] && [ ! -s "$dir/out" ] && grep -q -e "$words" "$dir/said"; then ok "refused: $*"
    else fail "speed $*: exit code $code, nothing is said of $words" "$(cat "$dir/said")"
    fi
}

# Everything, once, as short as it can be. The slow ones still take what one of them takes.
"$vitrine" speed --json --seconds 0.001 >"$dir/lines" 2>"$dir/said" || fail "speed ends with $?" "$(cat "$dir/said")"
"$vitrine" speed --cpu --json >"$dir/cpu" 2>&1 || fail "speed --cpu ends with $?" "$(cat "$dir/cpu")"
if said=$(python3 tests/sim/speed.py "$dir/lines" "$dir/cpu" 2>&1)
then ok "$(wc -l <"$dir/lines" | tr -d ' ') lines of JSON: all forms of all things"; else fail "lines of JSON" "$said"
fi

# One form, forced.
VITRINE_CPU=portable "$vitrine" speed --json --seconds 0.001 aes rsa2048 ecdsap256 record:16384 >"$dir/out" 2>/dev/null
if [ -s "$dir/out" ] && ! grep -qE '"form":"[a-z0-9+]*(aes|sha|adx|avx|ifma)|"best":false' "$dir/out"
then ok "VITRINE_CPU=portable: portable forms alone"
else fail "VITRINE_CPU=portable" "$(grep -v portable "$dir/out")"; fi
if grep -q '"cpu":"aesni","found":true' "$dir/cpu"; then
    VITRINE_CPU=aesni "$vitrine" speed --json --seconds 0.001 aes-128-gcm:seal:16384 >"$dir/out" 2>/dev/null
    if [ "$(cut -d, -f1-4 "$dir/out")" = '{"what":"aes-128-gcm","op":"seal","form":"aesni","size":16384' ]
    then ok "VITRINE_CPU=aesni: that one"; else fail "VITRINE_CPU=aesni" "$(cat "$dir/out")"; fi
fi
for word in '' nonsense aes-ni portable+x; do
    VITRINE_CPU=$word refused VITRINE_CPU --cpu
done

# Which rows.
chosen() { "$vitrine" speed --json --seconds 0.001 "$@" 2>/dev/null | wc -l | tr -d ' '; }
is() { if [ "$2" = "$3" ]; then ok "$1"; else fail "$1: $2, not $3"; fi; }
is "labels in any order, of any case" "$(chosen BEST:16384:aes-128-GCM:seal)" 1
is "several things" "$(chosen aes-128-gcm:seal:16:best sha256:16:best)" 2
is "one end of one handshake" "$(chosen handshake:ECDHE-RSA-AES128-GCM-SHA256:rsa2048:full:client)" 1
is "a name that openssl speed has" "$(chosen ecdhx25519:derive:best)" 1
is "a name with a space" "$(chosen 'record ECDHE-RSA-AES128-SHA256:seal:16384:best')" 1
"$vitrine" speed --seconds 0.001 aes-128-gcm:best rsa2048:best handshake:rsa2048:full >"$dir/out" 2>&1
if [ "$(grep -cE '16384 bytes|sign/s +verify/s|both/s +client/s +server/s' "$dir/out")" = 3 ]
then ok "a table with columns"; else fail "a table" "$(cat "$dir/out")"; fi
"$vitrine" speed --cpu >"$dir/out" && grep -qE '^aes-128-gcm +[a-z]' "$dir/out"; is "--cpu for a reader" $? 0
LC_ALL=zh_CN.UTF-8 "$vitrine" speed --cpu | grep -qE '使用|没有找到'; is "and in Chinese" $? 0

refused 'there is no nonsense' nonsense
refused 'aes-128-gcm' aes-129-gcm
refused 'there is no ' ''
refused 'there is no ' aes:
refused 'at once' aes:sign
refused 'at once' sha256:seal
for seconds in 0 -1 x 1e3 0.0001 4000 . '' 1.2.3 99999999999999999999; do
    refused '--seconds' --seconds "$seconds" sha256
done
exit $failed

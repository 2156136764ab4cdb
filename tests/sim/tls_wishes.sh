#!/bin/sh
# tls_wishes.sh - what the command line wishes of TLS's records is what lies on the wire of a sealed visit.
set -u
vitrine=${VITRINE:-./vitrine}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

ok()   { echo "ok $1"; }
fail() { echo "FAIL $1"; failed=1; tail -3 "$dir/out"; }
visit() { $vitrine visit --size 6000 --json "$dir/json" "$@" >"$dir/out" 2>&1 </dev/null; code=$?; }
field() { sed -n "s/.*\"kind\":\"field\".*\"name\":\"$1\",\"value\":\([0-9]*\).*/\1/p" "$dir/json" | sort -nu | tr '\n' ' '; }
# octets of the longest application data that the web server seals
longest() { sed -n 's/.*"host":"web".*"name":"application_data".*"id":"o[0-9]*","len":\([0-9]*\),.*/\1/p' "$dir/json" |
    sort -n | tail -1; }
# wish OPTION OCTETS FIELD VALUES: the visit ends well, the field has these values, no record is longer
wish() {
    visit "$1" "$2"
    if [ "$code" = 0 ] && [ "$(field "$3")" = "$4 " ] && [ "$(longest)" = "$2" ]; then ok "$1 $2"
    else fail "$1 $2: exit code $code, $3 $(field "$3"), records of $(longest)"; fi
}

visit
if [ "$code" = 0 ] && [ "$(longest)" = 1396 ] && [ -z "$(field record_size_limit)$(field max_fragment_length)" ]; then
    ok "records fit a segment, and nobody asks for less"
else fail "records of $(longest)"; fi
wish --record-limit 100 record_size_limit "100 16384"
wish --record-limit 1000 record_size_limit "1000 16384"
wish --max-fragment 512 max_fragment_length 1
wish --max-fragment 1024 max_fragment_length 2
visit --record-limit 300 --max-fragment 512
if [ "$code" = 0 ] && [ "$(longest)" = 300 ] && [ "$(field max_fragment_length)" = "1 " ]; then ok "of both, the newer one holds"
else fail "both: records of $(longest)"; fi
visit --record-limit 64
if [ "$code" = 0 ]; then ok "--record-limit 64, the least"; else fail "--record-limit 64: exit code $code"; fi
for wish in "--record-limit 63" "--record-limit 16385" "--record-limit x" "--max-fragment 500" "--max-fragment"; do
    # shellcheck disable=SC2086 # two words
    if $vitrine visit $wish >"$dir/out" 2>&1; then fail "visit $wish is not refused"; else ok "visit $wish is refused"; fi
done
exit $failed

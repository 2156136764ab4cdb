#!/bin/sh
# tcp_wishes.sh - what the command line wishes of TCP is what lies on the wire: a visit with and without each mechanism.
set -u
vitrine=${VITRINE:-./vitrine}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

visit() { $vitrine visit --size 60000 --json "$dir/json" "$@" >"$dir/out" 2>&1 </dev/null; code=$?; }
# says WHAT YES|NO FIELD: the visit ends well, and its packets have this field, or not
says() {
    if [ "$code" != 0 ]; then echo "FAIL $1: exit code $code"; tail -3 "$dir/out"; failed=1; return; fi
    if grep -q "\"kind\":\"field\".*\"name\":\"$3\"" "$dir/json"; then found=YES; else found=NO; fi
    if [ $found = "$2" ]; then echo "ok $1"; else echo "FAIL $1: $3: $found"; failed=1; fi
}
# most WHAT FIELD EXPRESSION: the largest value of a field
largest() { sed -n "s/.*\"kind\":\"field\".*\"name\":\"$1\",\"value\":\([0-9]*\).*/\1/p" "$dir/json" | sort -n | tail -1; }

visit;                        says "timestamps, where nobody says otherwise" YES ts_value
visit --no-timestamps;        says "--no-timestamps" NO ts_value
visit --loss 5 --seed 4;      says "holes are told" YES left_edge
visit --loss 5 --seed 4 --no-sack; says "--no-sack" NO left_edge
visit --mss 300;              says "--mss" YES mss
if [ "$(largest mss)" = 300 ]; then echo "ok --mss is announced"; else echo "FAIL --mss: $(largest mss)"; failed=1; fi
visit --window 20480;         says "--window, the least" YES window
if [ "$(largest window)" = 20480 ]; then echo "ok --window is offered"; else echo "FAIL --window: $(largest window)"; failed=1; fi
for how in rack 6675 newreno; do visit --loss 5 --seed 2 --recovery $how; says "--recovery $how" YES window; done
visit --size 30000 --break loss:17
again=$(grep -c '"retransmission":' "$dir/json")
if [ "$again" = 1 ]; then echo "ok what is lost once goes again once"; else echo "FAIL one packet lost, $again sent again"; failed=1; fi
visit --user-timeout 30;      says "--user-timeout" YES user_timeout
if [ "$(largest user_timeout)" = 30 ]; then echo "ok --user-timeout is told"; else echo "FAIL --user-timeout: $(largest user_timeout)"; failed=1; fi
visit;                        says "... and nothing of it without" NO user_timeout
for wish in "--user-timeout 0" "--mss 63" "--mss 1461" "--window 20479" "--recovery tahoe"; do
    # shellcheck disable=SC2086 # two words
    if $vitrine visit $wish >/dev/null 2>&1; then echo "FAIL visit $wish is not refused"; failed=1; else echo "ok visit $wish is refused"; fi
done
if $vitrine get --no-sack https://www.example.test/ 2>&1 | grep -q "via tun"; then echo "ok not of the kernel's TCP"
else echo "FAIL get --no-sack over the kernel's sockets"; failed=1; fi
exit $failed

#!/bin/sh
# lab.sh - `vitrine lab link`: the picture is whole and always the same, its figures hold what TCP promises.
set -u
vitrine=${VITRINE:-./vitrine}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
report() { if [ "$1" = 0 ]; then echo "ok $2"; else echo "FAIL $2"; [ $# -lt 3 ] || sed 's/^/    /' "$3"; failed=1; fi; }
# kbit FLOW: what the last run says that a flow got; jain: its index, in thousandths
kbit() { sed -n "s/^flow $1: \([0-9]*\) kbit.*/\1/p" "$dir/out"; }
jain() { sed -n 's/^Jain.*: \([01]\)\.\([0-9]*\)$/\1\2/p' "$dir/out" | sed 's/^0*//'; }
lab() { $vitrine lab link --lang en "$@" >"$dir/out" 2>&1 </dev/null; }

lab --html "$dir/page.html"; report $? "two flows, as a picture and as a page" "$dir/out"
cp "$dir/out" "$dir/first"; cp "$dir/page.html" "$dir/first.html"
lab --html "$dir/page.html"; cmp -s "$dir/out" "$dir/first" && cmp -s "$dir/page.html" "$dir/first.html"
report $? "twice is the same"
grep -q 'aria-label="goodput, kbit/s"' "$dir/page.html"; report $? "each picture has its name"
[ "$(awk '{ if (length($0) > most) most = length($0) } END { print most }' "$dir/first")" -le 80 ]
report $? "no line is wider than a terminal" "$dir/first"
grep -q '[1-2*]' "$dir/first" && grep -q '#' "$dir/first"; report $? "flows and queue are drawn"
[ "$(grep -c '<svg' "$dir/first.html")" = "$(grep -c '</svg>' "$dir/first.html")" ] && tail -1 "$dir/first.html" | grep -q '</html>'
report $? "the page is whole"
if grep -q 'src=\|href=\|http:\|https:' "$dir/first.html"; then report 1 "the page asks for nothing"; else report 0 "the page asks for nothing"; fi
[ "$(jain)" -ge 900 ]; report $? "two flows share fairly: $(jain) of 1000" "$dir/out"

lab --flows 1 --seconds 10; [ "$(kbit 1)" -ge 8500 ] && [ "$(kbit 1)" -le 10000 ]
report $? "one flow fills the link, and not more: $(kbit 1) of 10000 kbit/s" "$dir/out"
lab --flows 1 --seconds 10 --window 20480 --delay 50; [ "$(kbit 1)" -le 1700 ]
report $? "a window of 20480 octets carries no more than one each round trip: $(kbit 1) kbit/s" "$dir/out"
lab --cc reno --seconds 30; [ "$(jain)" -ge 900 ]; report $? "two Reno flows: $(jain) of 1000" "$dir/out"
cp "$dir/out" "$dir/reno"; lab --cc reno --against cubic --seconds 30
cmp -s "$dir/out" "$dir/reno" && report 1 "--against changes nothing" || report 0 "--against has another control"
# what two numbers of a line say: marks FLOW prints CE, ECE, CWR; losses prints the packets lost of all flows
marks() { sed -n "s/^flow $1: \([0-9]*\) packets marked.*, \([0-9]*\) ACKs.*, \([0-9]*\) times.*/\1 \2 \3/p" "$dir/out"; }
losses() { sed -n 's/.*; \([0-9]*\) packets lost.*/\1/p' "$dir/out" | awk '{ n += $1 } END { print n + 0 }'; }
lab; before=$(losses); [ -z "$(marks 1)" ]; report $? "no word of marks where nobody asks for them" "$dir/out"
lab --mark 8; read -r ce ece cwr <<END
$(marks 1)
END
[ "${ce:-0}" -gt 20 ] && [ "$ece" -gt "$cwr" ] && [ "$cwr" -gt 10 ]
report $? "a router that marks: $ce CE, $ece ECE, $cwr CWR" "$dir/out"
[ $(($(losses) * 10)) -lt "$before" ] && [ "$(jain)" -ge 900 ]; report $? "... and hardly loses: $(losses), $before without" "$dir/out"
lab --mark 8 --no-ecn; [ "$(marks 1)" = "0 0 0" ]; report $? "who does not understand is not marked" "$dir/out"
lab --flows 4 --later 1 --seconds 15; report $? "four flows" "$dir/out"
$vitrine lab link --lang zh >"$dir/out" && grep -q '公平' "$dir/out"; report $? "in Chinese"
for wrong in "" "ring" "link --rate 1" "link --flows 5" "link --queue 0" "link --mark 0" "link --seconds no" "link --html $dir/none/page"; do
    # shellcheck disable=SC2086 # words
    if $vitrine lab $wrong >/dev/null 2>&1; then report 1 "lab $wrong is refused"; else report 0 "lab $wrong is refused"; fi
done
exit $failed

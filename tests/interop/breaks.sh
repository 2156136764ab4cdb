#!/bin/sh
# breaks.sh - what Wireshark shows of a break: the display filter of its row finds something in the visit's capture, and
# nothing in the capture of the same visit without the break. VITRINE: how the program is called (./vitrine).
set -u
if [ "${1:-}" = --one ]; then                           # --one LINE: a line of `vitrine breaks --form filters`
    what=$(echo "$2" | cut -f1) filter=$(echo "$2" | cut -f3) visit=$(echo "$2" | cut -f4)
    file=$dir/$(echo "$what" | tr ':,' '--')
    $vitrine visit --break "$what" --level story --pcap "$file" $visit >/dev/null 2>&1
    found=$(tshark -r "$file" -Y "$filter" 2>"$file.error" | wc -l)
    if [ "$found" -gt 0 ]; then echo "ok $what: Wireshark finds $found by $filter"
    else echo "FAIL $what: Wireshark finds nothing by $filter"; sed 's/^/    /' "$file.error"
    fi
    exit
fi
vitrine=${VITRINE:-./vitrine}
command -v tshark >/dev/null || { echo "skipped: what Wireshark shows of breaks: no tshark here"; exit 0; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
export vitrine dir

$vitrine breaks --form filters >"$dir/rows"
grep '	finds	' "$dir/rows" >"$dir/finds"
tr '\n' '\0' <"$dir/finds" | xargs -0 -P "$(nproc 2>/dev/null || echo 2)" -n 1 sh "$0" --one >"$dir/said"

# All filters at once on each kind of clean visit; where they find something, one after the other, to say which.
cut -f4 "$dir/rows" | sort -u >"$dir/visits"
while read -r visit; do
    $vitrine visit --level story --pcap "$dir/clean" $visit >/dev/null 2>&1
    all=$(awk -F'\t' -v v="$visit" '$4 == v { printf "%s(%s)", n++ ? " || " : "", $3 }' "$dir/finds")
    if [ -z "$all" ] || [ "$(tshark -r "$dir/clean" -Y "$all" 2>"$dir/error" | wc -l)" = 0 ]; then
        echo "ok the visit $visit without a break: Wireshark finds nothing"
        continue
    fi
    awk -F'\t' -v v="$visit" '$4 == v { print $1 "\t" $3 }' "$dir/finds" | while IFS='	' read -r what filter; do
        found=$(tshark -r "$dir/clean" -Y "$filter" 2>/dev/null | wc -l)
        [ "$found" = 0 ] || echo "FAIL $what: $filter finds $found without the break"
    done
done <"$dir/visits" >>"$dir/said"
cat "$dir/said"
! grep -q '^FAIL' "$dir/said"

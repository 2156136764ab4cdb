#!/bin/sh
# breaks.sh - what Wireshark shows of a break: the display filter of its row finds something in the visit's capture, and
# nothing in the capture of the same visit without the break. One sharkd reads all captures: to start Wireshark takes
# longer than to read any of them. VITRINE: how the program is called (./vitrine).
set -u
if [ "${1:-}" = --one ]; then                           # --one LINE: a line of `vitrine breaks --form filters`
    what=$(echo "$2" | cut -f1) visit=$(echo "$2" | cut -f4)
    $vitrine visit --break "$what" --level story --pcap "$dir/$(echo "$what" | tr ':,' '--')" $visit >/dev/null 2>&1
    exit 0
fi
vitrine=${VITRINE:-./vitrine}
command -v sharkd >/dev/null || { echo "skipped: what Wireshark shows of breaks: no sharkd here"; exit 0; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
export vitrine dir

$vitrine breaks --form filters >"$dir/rows"
grep '	finds	' "$dir/rows" >"$dir/finds"
tr '\n' '\0' <"$dir/finds" | xargs -0 -P "$(nproc 2>/dev/null || echo 2)" -n 1 sh "$0" --one
n=0
cut -f4 "$dir/rows" | sort -u | while read -r visit; do
    n=$((n + 1))
    $vitrine visit --level story --pcap "$dir/clean$n" $visit >/dev/null 2>&1
    awk -F'\t' -v OFS='\t' -v v="$visit" -v n=$n '$4 == v { print $1, $3, "clean" n; any = 1 }
        END { if (!any) print "-", "tcp.analysis.retransmission", "clean" n }' "$dir/finds"
done >"$dir/clean"

# A question a line: which break, its filter, the capture. sharkd answers with a line for each, by its number. It
# remembers what a filter found in the capture before, so no filter is asked twice in the same words.
{
    awk -F'\t' -v OFS='\t' '{ file = $1; gsub(/[:,]/, "-", file); print $1, $3, file }' "$dir/finds"
    cat "$dir/clean"
} >"$dir/asked"
awk -F'\t' -v dir="$dir" '                           # loads have numbers above 9000000
    function ask(id, method, name, value) {
        gsub(/\\/, "\\\\", value); gsub(/"/, "\\\"", value)
        printf "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":{\"%s\":\"%s\"}}\n", id, method, name, value
    }
    $3 != loaded { ask(9000000 + NR, "load", "file", dir "/" $3) }
    { loaded = $3; ask(NR, "frames", "filter", "(" $2 ") && frame.number < " 9000000 + NR) }' "$dir/asked" >"$dir/questions"
sharkd - <"$dir/questions" >"$dir/answers" 2>"$dir/error"
awk -F'\t' -v answers="$dir/answers" '
    BEGIN {
        while ((getline line < answers) > 0)
            if (match(line, /"id":[0-9]+,/)) {
                id = substr(line, RSTART + 5, RLENGTH - 6) + 0
                found[id] = line ~ /"error":/ ? line : gsub(/"num":/, "", line)
                if (id > 9000000 && line ~ /"error":/) bad = bad "\n    " line
            }
    }
    {
        clean = $3 ~ /^clean/
        if (!(NR in found) || found[NR] !~ /^[0-9]+$/)
            print "FAIL " $1 ": Wireshark has no answer to " $2 ": " found[NR]
        else if (!clean && found[NR] > 0)
            print "ok " $1 ": Wireshark finds " found[NR] " by " $2
        else if (!clean)
            print "FAIL " $1 ": Wireshark finds nothing by " $2
        else if (found[NR] > 0)
            print "FAIL " $1 ": " $2 " finds " found[NR] " without the break"
        else
            silent[$3]++
    }
    END {
        for (visit in silent) print "ok " visit ": without the breaks Wireshark finds nothing by their filters"
        if (bad) print "FAIL captures that cannot be read:" bad
    }' "$dir/asked" >"$dir/said"
cat "$dir/said"
! grep -q '^FAIL' "$dir/said"

#!/bin/sh
# widths.sh - nothing on the screen is wider than the screen: 64, 80 and 120 columns, both languages and plain ASCII,
# with losses and attackers; what --step and --ask show, too. Chinese characters take two columns. VITRINE: the program.
set -u
vitrine=${VITRINE:-./vitrine}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
if ! command -v python3 >/dev/null 2>&1; then echo "skipped: widths: no python3 here, which knows how wide characters are"; exit 0; fi
if ! script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    echo "skipped: widths: no script(1) here that makes terminals"; exit 0
fi
cat >"$dir/wide.py" <<'END'
import sys, unicodedata
most, wide, lines = int(sys.argv[1]), 0, 0
for line in open(sys.argv[2], encoding="utf-8", newline="\n"):
    line = line.rstrip("\r\n")
    # the prompt with what was typed behind it, and the last word on stderr, are lines of their own
    if "[?]" in line or "[q]" in line or line.startswith("vitrine:"):
        continue
    columns = sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
    lines += 1
    if columns > most:
        wide += 1
        print(f"    {columns}: {line}")
sys.exit(wide > 0 or lines < 20)
END
fits() {  # fits COLUMNS COMMANDS OPTIONS
    columns=$1 commands=$2; shift 2
    printf '%b' "$commands" | script -qec "stty cols $columns -echo; NO_COLOR=1 $vitrine visit $*" /dev/null >"$dir/said" 2>&1
    if python3 "$dir/wide.py" "$columns" "$dir/said" >"$dir/wide"; then echo "ok $columns columns: visit $*"
    else echo "FAIL $columns columns: visit $*"; head -5 "$dir/wide"; failed=1; fi
}
look='u Certificate\nw\nx\nu Finished\nw\nx all\nk\nc\nt\ns\n?\nfoo\nb\nb\nx m3\nu close\nt\ns\nr\n'
for columns in 64 80 120; do
    for lang in en zh; do
        fits $columns '' --lang $lang
        fits $columns '' --lang $lang --loss 20 --reorder 20 --dup 10 --corrupt 10 --seed 3
        fits $columns '' --lang $lang --break mitm
        fits $columns '' --lang $lang --level all
        fits $columns "$look" --lang $lang --step
        fits $columns '1\n2\n3\n1\n2\n3\n1\n2\n3\n1\n2\n3\n1\n2\n3\n1\n2\n3\n1\n2\n3\n' --lang $lang --ask
    done
    fits $columns '' --ascii --break dns:spoof
    fits $columns "$look" --ascii --step
done
exit $failed

#!/bin/sh
# page.sh - the page of a visit (--html) as it lies in the file: whole, closed to the outside, in both languages, and
# within its budget; the same to the byte for a seed. What a browser makes of it: tests/interop/page.sh.
set -u
vitrine=${VITRINE:-./vitrine}
command -v python3 >/dev/null 2>&1 || { echo "skipped: there is no python3 to read a page with"; exit 0; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
tell() { if [ "$1" = 0 ]; then echo "ok $2"; else echo "FAIL $2"; failed=1; fi; }

page() {  # page NAME OPTION...: a visit's page, held against its JSON
    name=$1; shift
    $vitrine visit --seed 5 --html "$dir/$name.html" --json "$dir/$name.json" "$@" >"$dir/said" 2>&1
    tests/tools/page-check "$dir/$name.html" "$dir/$name.json" | sed "s/\$/ ($name)/" >"$dir/lines"
    cat "$dir/lines"
    if grep -q '^FAIL' "$dir/lines" || ! grep -q '^ok' "$dir/lines"; then failed=1; fi
}
at_most() {  # at_most OCTETS FILE WHAT
    [ "$(wc -c <"$dir/$2")" -le "$1" ]; tell $? "$3: $(wc -c <"$dir/$2") octets"
}
page ecdhe
page rsa --kx rsa
page bad-wires --loss 20 --dup 5 --reorder 5 --corrupt 10
page refused --break cert:expired
at_most 500000 ecdhe.html "a clean visit is within 500,000"
page resumed --resume
at_most 680000 resumed.html "with a second visit that resumes the first within 680,000"
ten=loss:7,flip:13,60,raw,dns:spoof,rst:13,cert:expired,suite:unoffered,mitm,zero-window:9,5000,cert:wrong-name,dup:6
page what-ifs --what-if $ten
at_most 3000000 what-ifs.html "with ten what-ifs within 3,000,000"
[ "$(grep -c '<li class="run"' "$dir/what-ifs.html")" = 10 ]; tell $? "all ten stand in it"
grep -q 'x509.expired' "$dir/what-ifs.html"; tell $? "with the refusal of an expired certificate"

# Above some hundred packets what is nothing but data is folded, and the page stays small.
$vitrine visit --seed 5 --size 2000000 --html "$dir/long.html" >/dev/null 2>&1
tests/tools/page-check "$dir/long.html" | grep '^FAIL'; [ $? = 1 ]; tell $? "a long visit's page is whole"
grep -q 'class="fold"' "$dir/long.html"; tell $? "its data is folded"
at_most 3000000 long.html "2,000,000 octets of data within 3,000,000 of page"

$vitrine visit --seed 5 --html "$dir/again.html" >/dev/null 2>&1
cmp -s "$dir/ecdhe.html" "$dir/again.html"; tell $? "the same seed, the same page"
LC_ALL=zh_CN.UTF-8 $vitrine visit --seed 5 --html "$dir/again.html" >/dev/null 2>&1
cmp -s "$dir/ecdhe.html" "$dir/again.html"; tell $? "whatever the locale says"
$vitrine visit --seed 5 --lang zh --html "$dir/zh.html" >/dev/null 2>&1
grep -q '<html lang="zh"' "$dir/zh.html"; tell $? "--lang zh begins in Chinese"
$vitrine visit --what-if loss >"$dir/said" 2>&1; [ $? = 0 ]; tell $? "--what-if takes a break as it is usually meant"
$vitrine visit --what-if nonsense >"$dir/said" 2>&1; [ $? = 2 ]; tell $? "--what-if takes breaks only"
exit $failed

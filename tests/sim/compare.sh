#!/bin/sh
# compare.sh - `vitrine compare`: two visits of the sealed world that differ in one thing, and it is named and nothing else;
# what follows from it is folded below. And what cannot be compared.
set -u
vitrine=${VITRINE:-./vitrine}
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT

roots() {   # roots A B: what is named, with spaces between
    $vitrine compare --json - "$1" "$2" 2>/dev/null |
        sed 's/"others":.*//' | grep -o '{"id":"[^"]*"' | sed 's/{"id":"//; s/"$//' | tr '\n' ' ' | sed 's/ $//'
}
pair() {    # pair WHAT A B
    found=$(roots "$2" "$3")
    [ "$found" = "$1" ] && echo "ok $2 and $3: ${1:-nothing differs}" ||
        echo "FAIL $2 and $3: expected ${1:-nothing}, found ${found:-nothing}"
}

pair "" visit visit
pair "" visit "visit:--seed 7"
pair "" visit:--cert=ecdsa "visit:--cert=ecdsa --seed 9"
pair "" "visit:--kx dhe" "visit:--kx dhe --seed 4"
pair "" visit:--ipv6 "visit:--ipv6 --seed 5"
pair "" visit:--resume#2 "visit:--resume --seed 6#2"
pair tcp.mss visit "visit:--mss 1000"
pair tcp.mss visit "visit:--mtu 9000"
pair tcp.mss "visit:--size 60000" "visit:--size 60000 --mss 500"
pair tcp.window visit "visit:--window 20480"
pair "tcp.options:SACK permitted" visit visit:--no-sack
pair tcp.options:timestamps visit visit:--no-timestamps
pair "tcp.options:user timeout" visit "visit:--user-timeout 100"
pair ip.version visit visit:--ipv6
pair time.round_trip visit "visit:--delay 20"
pair time.round_trip "visit:--delay 40" visit
pair hello.grease visit visit:--grease
pair hello.extensions:record_size_limit visit "visit:--record-limit 512"
pair hello.says:record_size_limit "visit:--record-limit 1024" "visit:--record-limit 512"
pair hello.extensions:max_fragment_length visit "visit:--max-fragment 512"
pair response.header:Content-Length visit "visit:--size 3000"
pair response.header:Content-Length visit "visit:--size 60000"
pair hello.suites visit "visit:--kx rsa"
pair hello.suites visit "visit:--kx dhe"
pair hello.suites visit "visit:--cert ecdsa"
pair hello.suites visit "visit:--cipher TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
pair hello.suites visit "visit:--cipher ECDHE-RSA-CHACHA20-POLY1305"
pair hello.suites visit "visit:--cipher ECDHE-RSA-AES128-SHA"
pair hello.suites "visit:--cert ecdsa" "visit:--cipher ECDHE-ECDSA-CHACHA20-POLY1305"
pair hello.says:supported_groups visit "visit:--group p256"
pair hello.says:supported_groups visit "visit:--group p384"
pair hello.says:supported_groups "visit:--kx dhe" "visit:--kx dhe --group ffdhe3072"
pair hello.says:server_name visit visit:https://shop.test/
pair request.target visit visit:https://www.example.test/other
pair tcp.port visit visit:https://www.example.test:8443/
pair tls.spoken visit visit:http://www.example.test/
pair hello.says:session_ticket visit:--resume#1 visit:--resume#2
pair hello.extensions:session_ticket visit visit:--resume
pair wire.lost visit "visit:--loss 5"
pair wire.lost visit "visit:--break loss:7"
pair wire.duplicated visit "visit:--break dup:8"
pair wire.reordered visit "visit:--break reorder:7"
pair wire.corrupted visit "visit:--break flip:13,60,raw"
pair "chain.not_after:1" visit "visit:--break cert:expired"
pair "chain.length" visit "visit:--break cert:missing-intermediate"

$vitrine visit --pcap "$dir/v.pcapng" --keylog "$dir/k" >/dev/null 2>&1
pair "" "$dir/v.pcapng" visit
$vitrine visit --mss 1200 --pcap "$dir/m.pcapng" --seed 3 >/dev/null 2>&1
pair tcp.mss "$dir/m.pcapng" visit
$vitrine visit --resume --pcap "$dir/r.pcapng" >/dev/null 2>&1
pair hello.says:session_ticket "$dir/r.pcapng#1" "$dir/r.pcapng#2"

exits() {   # exits CODE ARGUMENT...
    code=$1; shift
    $vitrine compare "$@" >"$dir/out" 2>"$dir/err"; got=$?
    [ $got = "$code" ] && echo "ok exit $code: compare $*" || echo "FAIL exit $got, not $code: compare $*"
}
exits 0 visit visit
exits 1 visit "visit:--mss 1000"
exits 2 visit
exits 2 visit "visit:--mss none"
exits 2 visit "$dir/none.pcap"
exits 2 visit "visit#7"
exits 2 visit sample:nobody
printf 'no capture at all' >"$dir/text"
exits 2 visit "$dir/text"
: >"$dir/empty"
exits 2 visit "$dir/empty"
$vitrine compare --all visit "visit:--seed 2" | grep -q client_random && echo "ok --all shows what differs by nature" ||
    echo "FAIL --all does not show what differs by nature"
$vitrine compare --html "$dir/page.html" visit "visit:--mss 1000" >/dev/null
grep -q 'maximum segment size' "$dir/page.html" && grep -q '最大报文段长度' "$dir/page.html" &&
    ! grep -qE '<script|src=|href="http|@import' "$dir/page.html" &&
    echo "ok the page is static, in both languages" || echo "FAIL the page"
$vitrine compare --lang zh visit "visit:--mss 1000" | grep -q '一处差异' && echo "ok --lang zh" || echo "FAIL --lang zh"
$vitrine compare --html "$dir/page2.html" visit "visit:--mss 1000" >/dev/null
cmp -s "$dir/page.html" "$dir/page2.html" && echo "ok the same page again" || echo "FAIL the page differs from run to run"

# docs/compare.md shows what is printed.
awk '/^```text$/ { on = 1; next } /^```$/ { on = 0 } on' docs/compare.md >"$dir/shown"
sed -n 's/^\$ vitrine //p' "$dir/shown" | while read -r line; do
    printf '$ vitrine %s\n' "$line"
    eval "LC_ALL=C $vitrine $line"
done >"$dir/printed"
[ -s "$dir/shown" ] && cmp -s "$dir/shown" "$dir/printed" && echo "ok docs/compare.md shows what is printed" ||
    { echo "FAIL docs/compare.md does not show what is printed"; diff "$dir/shown" "$dir/printed" | head -5; }
# A sample is a hello; each looks like itself, and is told from the others.
for sample in $($vitrine compare --samples | sed 's/ .*//'); do
    pair "" "$sample" "$sample"
    [ -n "$(roots "$sample" visit)" ] && echo "ok $sample is not ours" || echo "FAIL $sample is like ours"
done

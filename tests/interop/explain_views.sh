#!/bin/sh
# `vitrine explain`: what a filter lets through is what tshark's lets through; copies are read by tshark, opened, or closed
# without secrets; captures in the forms of editcap and mergecap read the same; what --follow writes is what was said.
set -u
vitrine=${VITRINE:-./vitrine}
for tool in tshark editcap mergecap; do
    command -v $tool >/dev/null || { echo "skipped: explain views: no $tool here"; exit 0; }
done
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0
ok()   { echo "ok   explain views: $1"; }
fail() { echo "FAIL explain views: $1"; failed=1; }
same() { if cmp -s "$2" "$3"; then ok "$1"; else fail "$1"; diff "$2" "$3" | head -5; fi; }
seen() { tshark -r "$1" ${2:+-Y "$2"} -T fields -e frame.time_epoch -e frame.len 2>/dev/null; }

"$vitrine" visit https://shop.test/ --seed 3 --loss 5 --size 30000 --level story --pcap "$dir/a" --keylog "$dir/keys" >/dev/null 2>&1

wrong=
while read -r filter; do
    "$vitrine" explain "$dir/a" --filter "$filter" --pcap "$dir/out" >/dev/null 2>&1 || wrong="$wrong [$filter: not read]"
    seen "$dir/a" "$filter" >"$dir/theirs"
    seen "$dir/out" >"$dir/ours"
    cmp -s "$dir/theirs" "$dir/ours" || wrong="$wrong [$filter: $(wc -l <"$dir/theirs") theirs, $(wc -l <"$dir/ours") ours]"
done <<'FILTERS'
not tcp
ip.addr == 10.0.0.80 and tcp.srcport == 443
tcp.stream == 0 and tcp.ack > 100
tcp.port in {80, 440..443}
frame.time_relative > 0.2
tcp.analysis.retransmission
dns.qry.name == "shop.test"
tls.handshake.type == 11
tls.handshake.extensions_server_name contains "shop"
tls.alert_message
http.request.method == "GET" && !http.response
tcp.window_size > 60000
FILTERS
if [ -z "$wrong" ]; then ok "12 filters let through what tshark's let through"; else fail "filters:$wrong"; fi

wrong=
while read -r link filter; do
    [ -f "$dir/$link" ] || python3 tests/sim/bare_pcap.py --link "$link" "$dir/a" "$dir/$link"
    "$vitrine" explain "$dir/$link" --filter "$filter" --pcap "$dir/out" >/dev/null 2>&1 || wrong="$wrong [$link $filter: not read]"
    seen "$dir/$link" "$filter" >"$dir/theirs"
    seen "$dir/out" >"$dir/ours"
    [ -s "$dir/ours" ] && cmp -s "$dir/theirs" "$dir/ours" || wrong="$wrong [$link $filter: $(wc -l <"$dir/theirs") theirs, $(wc -l <"$dir/ours") ours]"
done <<'FILTERS'
eth eth.addr == 02:00:00:00:00:01 and eth.type == 0x800
eth eth.src == 02:00:00:00:00:02
vlan vlan.id == 7 and eth.dst == 02:00:00:00:00:01
sll sll.pkttype == 4
sll sll.etype == 0x800 and sll.src.eth == 02:00:00:00:00:01
sll2 sll.ifindex == 2
sll2 sll.halen == 6 and sll.hatype == 1 and sll.pkttype == 0
FILTERS
if [ -z "$wrong" ]; then ok "7 filters of link layers, too"; else fail "filters of link layers:$wrong"; fi
"$vitrine" explain "$dir/a" --filter 'tls.alert or tcp.retransmission' >"$dir/short" 2>&1 || fail "short names"
"$vitrine" explain "$dir/a" --filter 'tls.alrt' >"$dir/said" 2>&1
if grep -q 'tls\.alrt' "$dir/said" && grep -q 'tls\.alert_message' "$dir/said"; then ok "an unknown name is said, and what is known"
else fail "an unknown name"; fi

# Copies.
editcap --discard-all-secrets "$dir/a" "$dir/closed" 2>/dev/null
"$vitrine" explain "$dir/closed" --keylog "$dir/keys" --pcap "$dir/copy" >/dev/null 2>&1
seen "$dir/a" http >"$dir/want"; seen "$dir/copy" http >"$dir/have"
if [ -s "$dir/have" ]; then same "a copy is opened by the key log that stood beside the capture" "$dir/have" "$dir/want"; else fail "nothing opens in a copy"; fi
"$vitrine" explain "$dir/a" --pcap "$dir/stripped" --strip-secrets >/dev/null 2>&1
if [ "$(seen "$dir/stripped" | wc -l)" = "$(seen "$dir/a" | wc -l)" ] && [ -z "$(seen "$dir/stripped" http)" ]; then
    ok "--strip-secrets leaves all packets and no secret"
else fail "--strip-secrets"; fi
grep -aq CLIENT_RANDOM "$dir/stripped" && fail "--strip-secrets left a secret"

# Forms of files.
last() { "$vitrine" explain "$1" --keylog "$dir/keys" --facts "$dir/facts" 2>/dev/null | tail -1; }
last "$dir/a" >"$dir/want"
wrong=
for form in pcap nsecpcap modpcap pcapng; do
    if editcap -F $form "$dir/closed" "$dir/form" 2>/dev/null; then
        last "$dir/form" >"$dir/have"
        cmp -s "$dir/have" "$dir/want" || wrong="$wrong $form"
    fi
done
editcap --inject-secrets tls,"$dir/keys" "$dir/closed" "$dir/form" 2>/dev/null && last "$dir/form" >"$dir/have"
cmp -s "$dir/have" "$dir/want" || wrong="$wrong injected"
mergecap -w "$dir/form" "$dir/closed" 2>/dev/null && last "$dir/form" >"$dir/have"
cmp -s "$dir/have" "$dir/want" || wrong="$wrong merged"
cat "$dir/a" "$dir/a" >"$dir/form" && [ "$(tshark -r "$dir/form" 2>/dev/null | wc -l)" = "$("$vitrine" explain "$dir/form" --pcap - 2>/dev/null | tshark -r - 2>/dev/null | wc -l)" ] ||
    wrong="$wrong sections"
if [ -z "$wrong" ]; then ok "pcap, ns, modified, pcapng, injected, merged, two sections read the same"; else fail "forms:$wrong"; fi

# What was said.
"$vitrine" explain "$dir/a" --follow 1 -o "$dir/ours" >/dev/null 2>&1
if [ "$(grep -a -c '^HTTP/1.1 200' "$dir/ours")" = "$(seen "$dir/a" http.response | wc -l)" ]; then ok "--follow writes each response"
else fail "--follow"; fi
"$vitrine" explain "$dir/a" --stats --facts "$dir/facts" >"$dir/said" 2>&1
if grep -q '"figures":{' "$dir/facts" && grep -q '^ *1 ' "$dir/said"; then ok "--stats as a table and among the facts"; else fail "--stats"; fi
exit $failed

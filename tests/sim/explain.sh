#!/bin/sh
# explain.sh - `vitrine explain` over captures of our own visits: the last line, the exit code, what the doctor says of
# each reason why nothing opens, spoiled copies, a pipe; and docs/explain.md, whose example is real.
# VITRINE: how the program is called (./vitrine).
set -u
vitrine=${VITRINE:-./vitrine}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
is() { [ "$2" = "$3" ] && echo "ok explain: $1" || { echo "FAIL explain: $1: $2, not $3"; failed=1; }; }
has() { grep -qF -e "$2" "$dir/out" && echo "ok explain: $1" || { echo "FAIL explain: $1: nobody says: $2"; cat "$dir/out"; failed=1; }; }
visit() { name=$1; shift; $vitrine visit --pcap "$dir/$name.pcapng" --keylog "$dir/$name.keys" "$@" >/dev/null 2>&1; }
explain() { $vitrine explain "$@" >"$dir/out" 2>&1; code=$?; last=$(tail -n 1 "$dir/out"); }
# The packets alone: no secrets, no names (classic pcap).
bare() { python3 tests/sim/bare_pcap.py "$@"; }

all='2 of 2 Finished verified, 10 of 10 sealed records opened'
for kind in '--kx ecdhe' '--kx rsa' '--kx dhe' '--cert ecdsa' '--cipher AES128-SHA256' '--ipv6' \
    '--cipher ECDHE-RSA-CHACHA20-POLY1305' '--loss 10 --seed 5' '--reorder 20 --dup 10 --seed 3' '--mtu 600' \
    '--break hello:crumbs'; do
    # shellcheck disable=SC2086
    visit v $kind
    explain --keylog "$dir/v.keys" "$dir/v.pcapng"
    case $kind in *crumbs*) is "$kind" "$last" '2 of 2 Finished verified, 10 of 10 sealed records opened' ;;
    *) is "$kind" "$code $last" "0 $all" ;; esac
done
visit v
explain --ladder --level story --keylog "$dir/v.keys" "$dir/v.pcapng"
is "--level story tells the chapters of a connection" \
    "$(sed -n 's/^ \([1-8]\)  .*Connection 1:.*/\1/p' "$dir/out" | tr -d '\n')" 123456778
visit v --resume
explain --keylog "$dir/v.keys" "$dir/v.pcapng"
is "a session is resumed" "$code $last" '0 4 of 4 Finished verified, 20 of 20 sealed records opened'
for wrong in record:flip:'record 4 of the server' finished:wrong:server:"the server's Finished" \
    ske:bad-signature:"the server's ServerKeyExchange" cert:expired:"the server's Certificate"; do
    visit v --break "${wrong%:*}"
    explain --keylog "$dir/v.keys" "$dir/v.pcapng"
    is "--break ${wrong%:*}: exit code" "$code" 1
    case $last in *"; connection 1: ${wrong##*:}, in packet "*) echo "ok explain: ${wrong%:*} is named" ;;
    *) echo "FAIL explain: ${wrong%:*}: $last"; failed=1 ;; esac
done

# Why nothing opens.
visit v
visit other --seed 2
visit rsa --kx rsa
bare "$dir/v.pcapng" "$dir/bare.pcap"
explain "$dir/bare.pcap"
is "without keys: exit code" "$code" 0
has "without keys: what to do" 'there is no key log'
explain --keylog "$dir/other.keys" "$dir/bare.pcap"
is "another's key log: exit code" "$code" 1
has "another's key log" 'the key log has no line for this client random'
has "another's key log: whose it is" 'it has one for'
bare --late "$dir/v.pcapng" "$dir/late.pcapng"
explain "$dir/late.pcapng"
has "secrets behind the packets" 'the secrets stand in the capture behind packet'
bare --late --again "$dir/v.pcapng" "$dir/late.pcapng"
explain "$dir/late.pcapng"
has "secrets behind connections that were told already" 'connection 1: its secrets are in the capture, but behind packet'
bare --skip 12 "$dir/v.pcapng" "$dir/middle.pcap"
explain --keylog "$dir/v.keys" "$dir/middle.pcap"
has "from the middle on" 'the handshake is not in the capture'
bare --snap 100 "$dir/v.pcapng" "$dir/short.pcap"
explain --keylog "$dir/v.keys" "$dir/short.pcap"
has "a short snaplen" 'frames that were not kept whole'
bare --from 10.0.0.2 "$dir/v.pcapng" "$dir/one.pcap"
explain --keylog "$dir/v.keys" "$dir/one.pcap"
has "one direction" 'the capture has one direction of this connection only'
bare --offload "$dir/v.pcapng" "$dir/offload.pcap"
explain --keylog "$dir/v.keys" "$dir/offload.pcap"
is "checksums of offload" "$code $last" "0 $all"
has "checksums of offload are said" 'TCP checksums that are only begun'
head -c 5000 "$dir/bare.pcap" >"$dir/cut.pcap"
explain --keylog "$dir/v.keys" "$dir/cut.pcap"
has "a file that is cut" 'the file ends within a block'
echo nothing >"$dir/none"
explain "$dir/none"
is "no capture" "$code" 2
explain "$dir/missing"
is "no file" "$code" 2
explain --trust "$dir/none" "$dir/v.pcapng"
is "no certificate to trust" "$code" 2

# The page: causes on top in both languages, with links to the packets; and ends by their names, by IPv6, too.
$vitrine visit --ipv6 --break cert:missing-intermediate --pcap "$dir/broken.pcapng" >/dev/null 2>&1
explain --html "$dir/page" "$dir/broken.pcapng"
cp "$dir/page" "$dir/out"
has "the page's title" "<title>vitrine · $dir/broken.pcapng</title>"
has "the cause on the page" 'The server does not send an intermediate certificate'
has "the cause on the page, in Chinese" '服务器没有发送'
is "ends without a name on the page" "$(grep -c '<b><i lang=en>a stranger' "$dir/page")" 0

# A record that goes on in the next packet is read when it is whole: the ladder says so behind it, the page in its place.
visit v
explain --ladder --html "$dir/page" --keylog "$dir/v.keys" "$dir/v.pcapng"
has "what lay in an earlier packet" ' was ServerHello, Certificate (1 of 2) '
is "its label on the page" "$(grep -c '<span class="label"><i lang=en>ServerHello, Certificate (1 of 2)' "$dir/page")" 1

# A pipe is told of as it comes: before its end is known.
mkfifo "$dir/pipe"
$vitrine explain --keylog "$dir/v.keys" - <"$dir/pipe" >"$dir/out" 2>&1 &
exec 9>"$dir/pipe"
cat "$dir/bare.pcap" >&9
for _ in $(seq 100); do grep -q 'Connection 1' "$dir/out" && break; sleep 0.1; done
exec 9>&-
wait $!
is "a pipe: exit code" $? 0
is "a pipe" "$(tail -n 1 "$dir/out")" "$all"

# For programs.
explain --facts "$dir/facts" --keylog "$dir/v.keys" "$dir/v.pcapng"
python3 - "$dir/facts" <<'END' && echo "ok explain: --facts" || { echo "FAIL explain: --facts"; failed=1; }
import json, sys
one, whole = [json.loads(line) for line in open(sys.argv[1])]
assert one["kind"] == "connection" and one["tls"]["client_finished"] == "verified" and one["tls"]["version"] == 0x303
assert [h["status"] for h in one["http"]] == [200, 200] and not one["wrong"] and not one["causes"]
assert whole["kind"] == "capture" and whole["opened"] == whole["sealed"] == 10 and whole["exit"] == 0
END

# The manual's example is what is really printed.
(cd "$dir" && cp v.pcapng visit.pcapng && cp v.keys visit.keys)
case $vitrine in /*) program=$vitrine ;; *) program=$PWD/$vitrine ;; esac
(cd "$dir" && LC_ALL=C.UTF-8 $program explain --keylog visit.keys visit.pcapng) | sed 's/^\(.\)/    \1/' >"$dir/real"
awk '/^    \$ vitrine explain --keylog visit.keys visit.pcapng$/ { on = 1; next } on && /^[^ ]/ { exit } on' docs/explain.md |
    sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' >"$dir/told"
sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' "$dir/real" >"$dir/real2"
cmp -s "$dir/told" "$dir/real2" && echo "ok explain: the manual's example" || {
    echo "FAIL explain: docs/explain.md does not have what is printed"; diff "$dir/told" "$dir/real2" | head -20; failed=1; }
exit $failed

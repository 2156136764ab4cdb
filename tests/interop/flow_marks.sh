#!/bin/sh
# flow_marks.sh - what each TCP segment of a capture was: net/flow.h and tshark say the same, segment by segment. Visits
# that were spoiled on the way, from three points of view; and two kernels over a bad wire (bad_wire.py).
#
#   [ ours: TUN near 10.8.0.1 ] === bad_wire.py === [ theirs: TUN far 10.8.0.2 ]
set -u
vitrine=${VITRINE:-./vitrine}
marks=${BUILD:-build}/tests/bench/flow_marks
[ -x "$marks" ] || make -s "$marks" || exit 1
here=$(dirname "$0")
name=flow_marks needs="tshark python3"
. tests/tools/own-network.sh

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
failed=0
ok()    { echo "ok flow_marks: $1"; }
fail()  { echo "FAIL flow_marks: $1"; failed=1; shift; for f in "$@"; do sed 's/^/    /' "$f" | tail -20; done; }
await() { for _ in $(seq 100); do [ -s "$1" ] && return; sleep 0.1; done; }
judge() {  # judge WHAT CAPTURE...
    what=$1; shift
    if python3 "$here/flow_compare.py" "$marks" "$@" >"$dir/said" 2>&1
    then ok "$what: $(tail -1 "$dir/said")"; else fail "$what" "$dir/said"; fi
}

# ---- ours, spoiled. Not by blind-syn: at a forged SYN tshark begins another connection, and ours, as RFC 9293 §3.10.7.4
# has it for an end, keeps the one that lives (docs/tcp-judged.md); scenes of explain.sh hold that.
n=0
for what in loss:9 loss:14,loss:15,loss:16 dup:8 reorder:12 rst:13 dup:11 zero-window:9,5000 half-open:12 \
    ack-lost:15 icmp:too-big:7,600; do
    n=$((n + 1))
    case $((n % 3)) in 0) at=wire ;; 1) at=browser ;; 2) at=web ;; esac
    breaks=$(echo $what | sed 's/,\([a-z]\)/ --break \1/g')
    # shellcheck disable=SC2086
    "$vitrine" visit --size 40000 --seed $n --break $breaks --pcap-at $at --pcap "$dir/visit$n.pcapng" >/dev/null 2>&1
done
judge "visits, spoiled" "$dir"/visit*.pcapng

# ---- kernels
mount -t tmpfs none /run && mkdir -p /run/netns && ip netns add theirs || { fail "no namespaces"; exit 1; }
python3 "$here/bad_wire.py" near far "${1:-1}" >"$dir/wire.out" 2>"$dir/wire.err" &
await "$dir/wire.out"
ip link set lo up && ip link set far netns theirs && ip addr add 10.8.0.1/24 dev near && ip link set near up &&
    ip -n theirs addr add 10.8.0.2/24 dev far && ip -n theirs link set far up ||
    { fail "the wire could not be made" "$dir/wire.err"; exit 1; }
python3 "$here/flow_talk.py" record near "$dir/near.pcap" >"$dir/dump1" 2>"$dir/near.err" &
ip netns exec theirs python3 "$here/flow_talk.py" record far "$dir/far.pcap" >"$dir/dump2" 2>"$dir/far.err" &
await "$dir/dump1"; await "$dir/dump2"
ip netns exec theirs python3 "$here/flow_talk.py" serve 10.8.0.2 >"$dir/serve.out" 2>"$dir/serve.err" &
await "$dir/serve.out"
timeout 25 python3 "$here/flow_talk.py" talk 10.8.0.2 >"$dir/talk" 2>&1 ||
    fail "they do not talk" "$dir/talk" "$dir/serve.err"
sleep 0.3
judge "kernels over a bad wire, seen from the client" "$dir/near.pcap"
judge "kernels over a bad wire, seen from the server" "$dir/far.pcap"
# Half of what was seen, one direction alone, and from the middle on.
if command -v editcap >/dev/null; then
    editcap -r "$dir/near.pcap" "$dir/middle.pcap" 200-100000 2>/dev/null
    tshark -r "$dir/near.pcap" -Y 'ip.src==10.8.0.2' -F pcap -w "$dir/one.pcap" 2>/dev/null
    tshark -r "$dir/far.pcap" -Y '!(frame.number & 3 == 1)' -F nsecpcap -w "$dir/holes.pcap" 2>/dev/null
    for kind in middle one holes; do [ -s "$dir/$kind.pcap" ] && judge "the same, $kind" "$dir/$kind.pcap"; done
fi
exit $failed

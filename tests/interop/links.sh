#!/bin/sh
# links.sh - our own TCP on each kind of link that needs no helper, the kernel's TCP at the other end: TUN and TAP with and
# without offload, a packet socket on an interface that the kernel uses, too. In network namespaces of its own.
set -u
vitrine=${VITRINE:-./vitrine}
peer=${PEER:-${BUILD:-build}/tests/bench/tcp_peer}
[ -x "$peer" ] || make -s "$peer" || exit 1
name=links needs=""
. tests/tools/own-network.sh
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT                             # the namespace of processes ends with us, and all in it
trap 'exit 1' INT TERM
failed=0
ok()   { echo "ok links: $1"; }
fail() { echo "FAIL links: $1"; failed=1; shift; for f in "$@"; do sed 's/^/    /' "$f" | tail -20; done; }
mount -t tmpfs none /run && mkdir -p /run/netns && ip netns add theirs && ip link set lo up || { echo "skipped: links: no namespaces here"; exit 0; }

serve() {  # serve OPTION...
    "$vitrine" serve --simple "$@" >"$dir/out" 2>"$dir/err" &
    server=$!
    for _ in $(seq 100); do grep -q Echo "$dir/out" && return; sleep 0.1; done
    fail "the server does not start: $*" "$dir/err"; exit 1
}
stop() { kill -INT $server; wait $server; }
trial() {  # trial WHAT COMMAND...
    what=$1; shift
    if timeout 30 "$@" >"$dir/said" 2>&1; then ok "$what"; else fail "$what" "$dir/said" "$dir/err"; fi
}
for kind in tun tap; do
    for how in "" --no-offload; do
        serve --via $kind --tun ours0 --addr 10.9.0.2/24 --gw 10.9.0.1 $how --pcap "$dir/pcap"
        trial "$kind $how: 2 MB there and back" "$peer" echo 10.9.0.2 2000000
        trial "$kind $how: 100 connections, we close first" "$peer" daytime 10.9.0.2 100 2
        stop
        if command -v tshark >/dev/null && [ "$(tshark -2 -r "$dir/pcap" -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE \
            -Y '_ws.malformed || tcp.checksum.status==0 || ip.checksum.status==0' 2>/dev/null | wc -l)" != 0 ]
        then fail "$kind $how: wrong checksums in the capture"; else ok "$kind $how: what is captured has right checksums"; fi
    done
done

serve --via tun --tun ours1 --addr 10.9.0.2/24 --gw 10.9.0.1 --stacks 2
for _ in $(seq 100); do [ "$(grep -c Echo "$dir/out")" = 2 ] && break; sleep 0.1; done
trial "two stacks share a device: 400 connections" "$peer" connect 10.9.0.2 400 20
trial "two stacks share a device: 1 MB there and back" "$peer" echo 10.9.0.2 1000000
stop
if [ "$(grep -c '^[1-9][0-9]* connections' "$dir/out")" = 2 ]; then ok "both had some"; else fail "one had none" "$dir/out" "$dir/err"; fi

ip link add v0 type veth peer name v1 netns theirs && ip addr add 10.7.0.1/24 dev v0 && ip link set v0 up &&
    ip -n theirs addr add 10.7.0.9/24 dev v1 && ip -n theirs link set v1 up || { fail "no pair of interfaces"; exit 1; }
serve --via raw --interface v0 --addr 10.7.0.2/24
trial "raw: 2 MB there and back" ip netns exec theirs "$peer" echo 10.7.0.2 2000000
trial "raw: 100 connections, we close first" ip netns exec theirs "$peer" daytime 10.7.0.2 100 2
ip -d link show v0 | grep -q 'promiscuity 1' && ok "raw: the interface is promiscuous" || fail "raw: the interface is not promiscuous"
if "$vitrine" serve --simple --via raw --interface v0 --addr 10.7.0.9/24 >"$dir/said" 2>&1 || ! grep -q "our address already" "$dir/said"
then fail "raw: an address that somebody has was taken" "$dir/said"; else ok "raw: an address that somebody has is left alone"; fi
kill -9 $server; wait $server 2>/dev/null
ip -d link show v0 | grep -q 'promiscuity 0' && ok "raw: undone, though we were killed" || fail "raw: still promiscuous"
exit $failed

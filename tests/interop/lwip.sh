#!/bin/sh
# lwip.sh - a TCP that is neither ours nor Linux's: lwIP (Debian: liblwip-dev), in both roles, over IPv4 and IPv6. First
# through Linux as a router, ours on TUN with and without offload; then as neighbours on one Ethernet, ours on a packet socket:
#
#   [ ours: TUN 10.9.0.2 ] - Linux - [ lwIP: TUN 10.6.0.2 ]        [ ours: raw 10.5.0.2 ] = bridge = [ lwIP: TAP 10.5.0.3 ]
set -u
vitrine=${VITRINE:-./vitrine}
name=lwip needs=""
. tests/tools/own-network.sh
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT                             # the namespace of processes ends with us, and all in it
trap 'exit 1' INT TERM
failed=0
ok()   { echo "ok lwip: $1"; }
fail() { echo "FAIL lwip: $1"; failed=1; shift; for f in "$@"; do sed 's/^/    /' "$f" | tail -20; done; }
trial() {  # trial WHAT COMMAND...
    what=$1; shift
    if timeout 30 "$@" >"$dir/said" 2>"$dir/err"; then ok "$what"; else fail "$what" "$dir/said" "$dir/err"; fi
}
printf '#include <lwip/tcp.h>\nint main(void) { return !tcp_new(); }\n' >"$dir/probe.c"
${CC:-cc} -isystem /usr/include/lwip "$dir/probe.c" -o "$dir/probe" -llwip 2>/dev/null ||
    { echo "skipped: lwip: no lwIP here (Debian: liblwip-dev)"; exit 0; }
${CC:-cc} -std=gnu11 -O1 -Wall -Wextra -Werror -isystem /usr/include/lwip tests/interop/lwip_peer.c -o "$dir/peer" -llwip ||
    { fail "the peer does not build"; exit 1; }

mount -t tmpfs none /run && mkdir -p /run/netns && ip link set lo up &&
    ip tuntap add dev lw0 mode tun && ip addr add 10.6.0.1/24 dev lw0 && ip addr add fd00:6::1/64 dev lw0 nodad &&
    ip link set lw0 up && ip tuntap add dev ours0 mode tun && ip addr add 10.9.0.1/24 dev ours0 &&
    ip addr add fd00:9::1/64 dev ours0 nodad && ip link set ours0 up &&
    ip tuntap add dev lw1 mode tap && ip link add br0 type bridge && ip link add v0 type veth peer name v1 &&
    ip link set lw1 master br0 && ip link set v0 master br0 && ip link set lw1 up && ip link set v0 up &&
    ip link set v1 up && ip link set br0 up || { echo "skipped: lwip: no such devices here"; exit 0; }
if ! { echo 1 >/proc/sys/net/ipv4/ip_forward && echo 1 >/proc/sys/net/ipv6/conf/all/forwarding; } 2>/dev/null
then echo "skipped: lwip: no forwarding here"; exit 0; fi
head -c 3000000 /dev/urandom >"$dir/page"

serve() {  # serve OPTION...: our echo, discard, daytime and chargen
    "$vitrine" serve --simple "$@" >"$dir/out" 2>"$dir/serve.err" &
    server=$!
    for _ in $(seq 100); do grep -q Echo "$dir/out" && return; sleep 0.1; done
    fail "our server does not start: $*" "$dir/serve.err"; exit 1
}
get() {  # get WAY WHAT HOST OPTION...
    to=$3; what="$1, our client, $2"; shift 3
    if timeout 30 "$vitrine" get "http://$to/" -o "$dir/got" "$@" 2>"$dir/err" && cmp -s "$dir/got" "$dir/page"
    then ok "$what: 3 MB from lwIP"; else fail "$what: 3 MB from lwIP" "$dir/err" "$dir/lwip.err"; fi
}
both_roles() {  # both_roles WAY ITS_DEVICE ITS_ADDRESSES ITS_4 ITS_6 OUR_4 OUR_6 OUR_OPTION...
    way=$1; device=$2; lwip=$3; its4=$4; its6=$5; our4=$6; our6=$7; shift 7
    "$dir/peer" "$device" "$lwip" serve "$dir/page" >"$dir/ready" 2>"$dir/lwip.err" &
    peer=$!
    for _ in $(seq 100); do grep -q ready "$dir/ready" && break; sleep 0.1; done
    get "$way" IPv4 "$its4" "$@"
    get "$way" IPv6 "[$its6]" "$@"
    get "$way" "no SACK, no timestamps" "$its4" --no-sack --no-timestamps "$@"
    kill $peer; wait $peer 2>/dev/null
    for ours in "$our4" "$our6"; do
        case $ours in *:*) at="[$ours]:0" ;; *) at=$ours:0 ;; esac
        serve --listen "$at" "$@"
        trial "$way, our server $ours: 2 MB of lwIP's there and back" "$dir/peer" "$device" "$lwip" echo "$ours" 7 2000000
        trial "$way, our server $ours: lwIP takes 2 MB and breaks off" "$dir/peer" "$device" "$lwip" receive "$ours" 19 2000000
        trial "$way, our server $ours: one octet there and back" "$dir/peer" "$device" "$lwip" echo "$ours" 7 1
        kill -INT $server; wait $server || fail "$way: our server ended badly" "$dir/serve.err"
    done
}
for how in "" --no-offload; do
    both_roles "routed${how:+, $how}" lw0 10.6.0.2,255.255.255.0,10.6.0.1,fd00:6::2 10.6.0.2 fd00:6::2 10.9.0.2 fd00:9::2 \
        --via tun --tun ours0 --addr 10.9.0.2/24,fd00:9::2/64 --gw 10.9.0.1,fd00:9::1 $how
done
both_roles "neighbours" lw1 10.5.0.3,255.255.255.0,10.5.0.1,fd00:5::3 10.5.0.3 fd00:5::3 10.5.0.2 fd00:5::2 \
    --via raw --interface v1 --addr 10.5.0.2/24,fd00:5::2/64
exit $failed

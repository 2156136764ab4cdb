#!/bin/sh
# tcp.sh SEALED_TCP TCP_PEER BARE - how fast our TCP is, by the CPU time of our process: over TUN to the kernel's TCP in a network
# namespace of its own, with and without offload; beside it what the device allows (an empty loop of reads, of writes); and both
# ends ours in the sealed world. Everything is measured in one run, since machines differ. `ok` and `FAIL` where there is a bar.
#
# Who writes a packet into a TUN device pays for what the kernel does with it: IP, TCP, waking the reader, its ACK. So the loop
# of writes that ours is compared with sends segments that a socket of the kernel's takes and a program reads (bare.c), each
# the same octets. Packets that are thrown away where they come in cost a third; they are shown too.
set -u
sealed=$1; peer=$2; bare=$3; vitrine=${VITRINE:-./vitrine}; seconds=${SECONDS_EACH:-2}
if [ -z "${VITRINE_INSIDE:-}" ]; then
    export VITRINE_INSIDE=1 PATH="$PATH:/usr/sbin:/sbin"
    if unshare -Urn true 2>/dev/null && unshare -Urn sh -c 'ip tuntap add dev t9 mode tun' 2>/dev/null; then exec unshare -Urnm sh "$0" "$@"; fi
    if unshare -n true 2>/dev/null; then exec unshare -nm sh "$0" "$@"; fi
    echo "bench-tcp: neither user namespaces nor root here: the sealed world only"
    VITRINE_INSIDE=sealed
fi
dir=$(mktemp -d) || exit 1
server=
trap 'rm -rf "$dir"; [ -n "$server" ] && kill $server 2>/dev/null' EXIT
failed=0
calc() { awk "BEGIN { $1 }"; }
bar() {  # bar WHAT VALUE LEAST
    if calc "exit !($2 >= $3)"; then echo "    ok: $1: $2, at least $3 asked"; else echo "    FAIL: $1: $2, at least $3 asked"; failed=1; fi
}
hundredths() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' /proc/$server/stat; }      # of a second: CPU time of our process

serve() {  # serve OPTION...
    "$vitrine" serve --simple --via tun --tun bench0 --addr 10.9.0.2/24 --gw 10.9.0.1 "$@" >"$dir/out" 2>"$dir/err" &
    server=$!
    for _ in $(seq 200); do grep -q Echo "$dir/out" && return; sleep 0.05; done
    echo "the server did not start:"; cat "$dir/err"; exit 1
}
stop() { kill -INT $server; wait $server; server=; }
measure() {  # measure WHAT PEER_ARGUMENT...: $per is octets (MB) or connections for each CPU second of ours
    what=$1; shift
    before=$(hundredths)
    "$peer" "$@" >"$dir/said" || { failed=1; return 1; }
    spent=$(($(hundredths) - before)); octets=0; connections=0; slowest=0
    eval "$(tr ' ' '\n' <"$dir/said" | grep '^[a-z]*=[0-9.]*$')"
    [ $spent -gt 0 ] || spent=1
    if [ $octets -gt 0 ]; then
        per=$(calc "printf \"%.0f\", $octets / 1e4 / $spent"); rate=$(calc "printf \"%.0f\", $octets / 1e6 / $seconds")
        printf '  %-46s %8s MB per CPU second %8s MB a second\n' "$what" "$per" "$rate"
    else
        per=$(calc "printf \"%.0f\", 100 * $connections / $spent")
        printf '  %-46s %8s per CPU second, the slowest took %s s\n' "$what" "$per" "$slowest"
    fi
}
device() {  # device WHAT read|write|waste: what the device allows (bare.c)
    ip tuntap add dev bare0 mode tun && ip addr add 10.10.0.1/24 dev bare0 && ip link set bare0 up
    "$bare" "$2" bare0 "$seconds" 10.10.0.2 >"$dir/said" || failed=1
    eval "$(tr ' ' '\n' <"$dir/said" | grep '^[a-z]*=[0-9.]*$')"
    per=$(calc "printf \"%.0f\", $octets / 1e6 / $cpu")
    printf '  %-46s %8s MB per CPU second\n' "$1" "$per"
    ip link del bare0
}

if [ "$VITRINE_INSIDE" != sealed ]; then
    ip link set lo up
    echo "over TUN, 64 KB at a time"
    serve
    measure "receive (discard)" discard 10.9.0.2 "$seconds" && bar "receive" "$per" 3000
    measure "send (chargen)" chargen 10.9.0.2 "$seconds" && bar "send" "$per" 3000
    measure "connections, the client closes first (echo)" connect 10.9.0.2 10000 2
    measure "connections, we close first (daytime)" daytime 10.9.0.2 10000 2 && bar "10,000 by two clients: 1 s less the slowest" "$(calc "print 1 - $slowest")" 0
    stop
    echo "over TUN, without offload"
    device "an empty loop of reads" read; reads=$per
    device "an empty loop of writes, for nobody" waste
    device "an empty loop of writes, for a reader" write; writes=$per
    serve --no-offload
    measure "receive (discard)" discard 10.9.0.2 "$seconds" && bar "of the empty loop" "$(calc "printf \"%.2f\", $per / $reads")" 0.8
    measure "send (chargen)" chargen 10.9.0.2 "$seconds" && bar "of the empty loop" "$(calc "printf \"%.2f\", $per / $writes")" 0.8
    before=$(awk '/VmRSS/ { print $2 }' /proc/$server/status)
    mkfifo "$dir/end"; "$peer" idle 10.9.0.2 2000 <"$dir/end" >"$dir/said" & idle=$!
    exec 9>"$dir/end"
    for _ in $(seq 200); do grep -q open= "$dir/said" && break; sleep 0.1; done
    printf '  %-46s %8s octets each, by resident memory\n' "2,000 idle connections" \
        "$(calc "printf \"%.0f\", ($(awk '/VmRSS/ { print $2 }' /proc/$server/status) - $before) * 1024 / 2000")"
    exec 9>&-; wait $idle
    stop
fi

inside() {  # inside WHAT UNIT FIELD ARGUMENT...: FIELD for each CPU second
    what=$1; unit=$2; field=$3; shift 3
    "$sealed" "$@" >"$dir/said" || { failed=1; return 1; }
    eval "$(tr ' ' '\n' <"$dir/said")"
    eval "n=\$$field"
    per=$(calc "printf \"%.0f\", $n / $cpu")
    printf '  %-46s %12s %s per CPU second\n' "$what" "$per" "$unit"
}
echo "in the sealed world, both ends ours"
inside "segments without text, 10 connections" segments segments empty 5000000 10 && bar "segments" "$per" 5000000; few=$cpu
inside "segments without text, 100,000 connections" segments segments empty 5000000 100000
bar "so many times as long, taken from 3" "$(calc "printf \"%.2f\", 3 - $cpu / $few")" 1
inside "full segments of 1,460 octets, 10 flows" octets octets full 1000 10 1500 && bar "octets" "$per" 3000000000
inside "full segments of 8,960 octets (--mtu 9000)" octets octets full 3000 10 9000
inside "full segments of 65,495 octets (--mtu 65535)" octets octets full 6000 10 65535 && bar "octets" "$per" 3000000000
inside "connections opened, used and closed" connections connections connect 50000 100 && bar "connections" "$per" 100000
"$sealed" memory >"$dir/said"; eval "$(cat "$dir/said")"
bar "1 KB less an idle connection without rings ($idle)" "$((1024 - idle))" 0
exit $failed

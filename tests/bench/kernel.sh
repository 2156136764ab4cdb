#!/bin/sh
# kernel.sh WIRE TCP_PEER - our TCP and Linux's on the same wire: 20 ms there and back, losses and reordering by a seed.
#
#   [ our namespace: our stack 10.9.0.2 on TUN - Linux 10.8.0.1 ] == wire == [ right: Linux 10.8.0.2 ]
#
# The receiver is Linux in `right`; the sender is Linux or our stack (its packets pass through our namespace's Linux as a
# router). Then the other way. Medians of RUNS (3) of EACH (4) seconds, the seeds alike for both. RATE, KB a second:
# the wire's (0: as fast as it goes). LOSSES: in 1/100,000. WHAT: which parts (send receive reorder fair).
set -u
wire=$1; peer=$2; vitrine=${VITRINE:-./vitrine}
seconds=${EACH:-4}; runs=${RUNS:-3}; rate=${RATE:-0}; losses=${LOSSES:-0 100 1000 3000}; what=${WHAT:-send receive reorder fair}
if [ -z "${VITRINE_INSIDE:-}" ]; then
    export VITRINE_INSIDE=1 PATH="$PATH:/usr/sbin:/sbin"
    if unshare -nmpf --mount-proc true 2>/dev/null; then exec unshare -nmpf --mount-proc sh "$0" "$@"; fi
    if unshare -Urnmpf --mount-proc sh -c 'ip tuntap add dev t9 mode tun' 2>/dev/null; then exec unshare -Urnmpf --mount-proc sh "$0" "$@"; fi
    echo "skipped: bench-kernel: neither user namespaces nor root here"
    exit 0
fi
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0
export TCP_PEER_CC="${CC_LINUX:-cubic}"
mount -t tmpfs none /run && mkdir -p /run/netns && ip netns add right && ip link set lo up && ip -n right link set lo up &&
    ip tuntap add dev left0 mode tun && ip addr add 10.8.0.1/24 dev left0 && ip link set left0 txqueuelen 20000 up &&
    ip -n right tuntap add dev right0 mode tun && ip -n right addr add 10.8.0.2/24 dev right0 &&
    ip -n right link set right0 txqueuelen 20000 up && ip -n right route add 10.9.0.0/24 via 10.8.0.1 ||
    { echo "skipped: bench-kernel: the namespaces could not be made"; exit 0; }
echo 1 > /proc/sys/net/ipv4/ip_forward
right() { ip netns exec right "$@"; }
calc() { awk "BEGIN { $1 }"; }
bar() { if calc "exit !($2 >= $3)"; then echo "    ok: $1: $2, at least $3 asked"; else echo "    FAIL: $1: $2, at least $3 asked"; failed=1; fi; }

"$vitrine" serve --simple --via tun --tun our0 --addr 10.9.0.2/24 --gw 10.9.0.1 ${OURS:-} >"$dir/out" 2>"$dir/err" &
for _ in $(seq 200); do grep -q Echo "$dir/out" && break; sleep 0.05; done
ip link set our0 txqueuelen 20000
"$peer" serve 10.8.0.1 100000 &

# run SEED WIRE_OPTIONS -- CLIENT...: CLIENTs run in `right`, one after the other begun; their words, and the wire's, in $dir
run() {
    wire_options="seed=$1 rate=$rate $2"; shift 3
    "$wire" "/proc/self/ns/net:left0" "/run/netns/right:right0" "$(calc "print $seconds + 0.7")" $wire_options >"$dir/wire" &
    wired=$!
    sleep 0.2
    n=0
    for client in "$@"; do
        n=$((n + 1))
        right "$peer" $client "$seconds" >"$dir/client.$n" 2>"$dir/client.err" &
    done
    wait $wired
    sleep 0.3
}
# of the wire's lines: word NAME of the flow whose sender's port is $1 (its receiver's: $2)
word() { awk -v name="$2" -v port="$1" '{ split($1, f, /[=-]/); if (f[2] == port || f[3] == port) for (i = 1; i <= NF; i++) if (split($i, w, "=") == 2 && w[1] == name) sum += w[2] } END { print sum + 0 }' "$dir/wire"; }
median() { sort -g "$1" | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] + 0 }'; }

# measure WHO SERVICE PORT OPTIONS: medians as $mb (MB a second), $silence (ms); $needless, of 10,000 packets of all runs
measure() {
    : >"$dir/mb"; : >"$dir/silence"; packets=1; needless=0
    for seed in $(seq "$runs"); do
        run "$seed" "$4" -- "$2 $1"
        calc "printf \"%.3f\n\", $(word "$3" octets) / 1e6 / $seconds" >>"$dir/mb"
        word "$3" silence_ms >>"$dir/silence"
        packets=$((packets + $(word "$3" packets))); needless=$((needless + $(word "$3" needless)))
    done
    mb=$(median "$dir/mb"); silence=$(median "$dir/silence")
    needless=$(calc "printf \"%.2f\", 10000 * $needless / $packets")
    printf '  %-10s %10.2f MB a second   longest silence %7.1f ms   needless %6.1f of 10,000\n' "$5" "$mb" "$silence" "$needless"
}
both() {  # both SERVICE PORT OPTIONS
    measure 10.8.0.1 "$1" "$2" "$3" Linux; kernel_mb=$mb; kernel_needless=$needless
    measure 10.9.0.2 "$1" "$2" "$3" ours
    bar "of Linux's goodput" "$(calc "printf \"%.2f\", $mb / ($kernel_mb + 0.0001)")" 0.9
}

for part in $what; do
    case $part in
    send | receive)
        service=chargen; port=19
        [ "$part" = receive ] && { service=discard; port=9; }
        for loss in $losses; do
            echo "$part, $(calc "print $loss / 1000") % lost"
            both $service $port "loss=$loss"
            [ "$part" = send ] && [ "$loss" = 1000 ] && bar "300 ms less the longest silence" "$(calc "print 300 - $silence")" 0
            [ "$part" = send ] && bar "Linux's needless packets less ours, of 10,000" "$(calc "print $kernel_needless + 1 - $needless")" 0
        done ;;
    reorder)
        for loss in ${LOSSES:-0 1000}; do
            echo "send, 2 % held back for 5 ms, $(calc "print $loss / 1000") % lost"
            both chargen 19 "loss=$loss reorder=2000"
            bar "Linux's needless packets less ours, of 10,000" "$(calc "print $kernel_needless + 1 - $needless")" 0
        done ;;
    fair)
        saved=$seconds; seconds=${FAIR_SECONDS:-10}; rate=6000
        for pair in "10.9.0.2 10.9.0.2" "10.9.0.2 10.8.0.1" "10.8.0.1 10.8.0.1"; do
            run 1 "queue=80" -- "chargen ${pair% *}" "chargen ${pair#* }"
            a=$(sed 's/octets=\([0-9]*\).*/\1/' "$dir/client.1"); b=$(sed 's/octets=\([0-9]*\).*/\1/' "$dir/client.2")
            echo "two flows share 6 MB a second: $pair: $(calc "printf \"%.2f and %.2f MB a second\", $a / 1e6 / $seconds, $b / 1e6 / $seconds")"
            [ "$pair" = "10.9.0.2 10.9.0.2" ] && bar "Jain's index" "$(calc "printf \"%.2f\", ($a + $b) * ($a + $b) / 2 / ($a * $a + $b * $b)")" 0.9
            [ "$pair" = "10.9.0.2 10.8.0.1" ] && bar "the smaller share" "$(calc "printf \"%.2f\", ($a < $b ? $a : $b) / ($a + $b)")" 0.35
        done
        seconds=$saved ;;
    esac
done
exit $failed

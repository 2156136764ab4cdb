#!/bin/sh
# hostile.sh TCP_PEER FLOOD - our server under a flood of SYNs, and under the scans and floods of nmap and hping3 where they are:
# a transfer that runs keeps at least half of its rate, new clients are served, and it ends well.
set -u
peer=$1; flood=$2; vitrine=${VITRINE:-./vitrine}; seconds=${EACH:-3}; rate=${FLOOD_RATE:-50000}
if [ -z "${VITRINE_INSIDE:-}" ]; then
    export VITRINE_INSIDE=1 PATH="$PATH:/usr/sbin:/sbin"
    if unshare -nmpf --mount-proc true 2>/dev/null; then exec unshare -nmpf --mount-proc sh "$0" "$@"; fi
    if unshare -Urnmpf --mount-proc true 2>/dev/null; then exec unshare -Urnmpf --mount-proc sh "$0" "$@"; fi
    echo "skipped: bench-hostile: neither user namespaces nor root here"
    exit 0
fi
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0
calc() { awk "BEGIN { $1 }"; }
bar() { if calc "exit !($2 >= $3)"; then echo "    ok: $1: $2, at least $3 asked"; else echo "    FAIL: $1: $2, at least $3 asked"; failed=1; fi; }
field() { sed -n "s/.*$1=\([0-9.]*\).*/\1/p" "$2"; }
ip link set lo up
"$vitrine" serve --simple --via tun --tun our0 --addr 10.9.0.2/24 --gw 10.9.0.1 >"$dir/out" 2>"$dir/err" &
server=$!
for _ in $(seq 200); do grep -q Echo "$dir/out" && break; sleep 0.05; done
ip link set our0 txqueuelen 5000

transfer() {  # transfer NAME: MB a second, receive
    "$peer" chargen 10.9.0.2 "$seconds" >"$dir/$1" 2>&1
    calc "printf \"%.1f\", $(field octets "$dir/$1") / 1e6 / $seconds"
}
clients() {  # clients WHAT: 100 connections to echo, two at a time
    if timeout 20 "$peer" connect 10.9.0.2 100 2 >"$dir/said" 2>&1; then
        echo "  $1: 100 new clients served, the slowest took $(field slowest "$dir/said") s"
    else
        echo "    FAIL: $1: new clients, in 20 s: $(cat "$dir/said")"; failed=1
    fi
}
calm=$(transfer calm)
echo "  calm: $calm MB a second"
clients calm
for port in 7 19 4444; do
    "$flood" 10.9.0.2 $port "$rate" "$seconds" >"$dir/flood" &
    flooding=$!
    got=$(transfer flooded)
    wait $flooding
    echo "  $(field sent "$dir/flood") SYNs to port $port in $(field seconds "$dir/flood") s: $got MB a second"
    bar "of the calm rate" "$(calc "printf \"%.2f\", $got / $calm")" 0.5
    "$flood" 10.9.0.2 $port "$rate" 30 >"$dir/flood" & flooding=$!
    clients "flooded"
    kill $flooding 2>/dev/null
    wait $flooding 2>/dev/null
done
alive() { kill -0 $server 2>/dev/null || { echo "    FAIL: it ended under $*"; failed=1; return 1; }; }
if command -v nmap >/dev/null; then
    for scan in "-sS" "-sF" "-sX" "-sN" "-sA" "-sW" "-sM" "-sO" "-sU" "-O" "-f -sS" "-sS --badsum"; do
        timeout 10 nmap -n -Pn -T5 --max-retries 0 --host-timeout 5s -p 1-100 $scan 10.9.0.2 >"$dir/nmap" 2>&1
        alive "nmap $scan" || break
    done
    clients "after nmap's scans"
else
    echo "skipped: nmap is not here"
fi
if command -v hping3 >/dev/null; then
    for how in "-S -p 7" "-A -p 7" "-F -p 19" "-R -p 7" "-U -p 7" "-X -p 7" "-Y -p 7" "-S -p 7 -d 600 -E /dev/zero" "-1" "-2 -p 53" "-S -f -d 300 -p 7" "-0"; do
        timeout -k 1 2 hping3 --flood --rand-source $how 10.9.0.2 >/dev/null 2>&1 </dev/null
        alive "hping3 $how" || break
    done
    clients "after hping3's floods"
else
    echo "skipped: hping3 is not here"
fi
kill -INT $server
wait $server || { echo "    FAIL: it did not end well: $(tail -3 "$dir/err")"; failed=1; }
exit $failed

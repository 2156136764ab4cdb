#!/bin/sh
# serve.sh LOAD - `vitrine serve` under load, by the CPU time of its process (user and system, /proc/PID/stat), over the kernel's
# sockets and over our own TCP, beside nginx with the same certificate, suite and page, in one run, in turns; then 10,000
# connections at once, and a normal load beside a thousand clients that mean no good. All in namespaces of its own.
#   RUNS (3)  rounds, of which each figure is the median      N (600)  full handshakes a round      OPEN (10000)  at once
# `ok` and `FAIL` where there is a bar: half of nginx for each core; every answer right.
set -u
load=$1; vitrine=${VITRINE:-./vitrine}; runs=${RUNS:-3}; n=${N:-600}; open=${OPEN:-10000}
name=bench-serve; needs="openssl nginx"; first=
# shellcheck source=tests/tools/own-network.sh
. "$(dirname "$0")/../tools/own-network.sh"
dir=$(mktemp -d) || exit 1
trap 'kill $nginx $ours $ours_tun 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
failed=0 nginx= ours= ours_tun=
calc() { awk "BEGIN { $1 }"; }
bar() { if calc "exit !($2 >= $3)"; then echo "    ok: $1: $2, at least $3 asked"; else echo "    FAIL: $1: $2, at least $3 asked"; failed=1; fi; }
# shellcheck disable=SC3045
ulimit -n "$(ulimit -Hn)"
ip link set lo up
for set in ipv4/tcp_tw_reuse=1 ipv4/tcp_max_syn_backlog=16384 core/somaxconn=16384 "ipv4/ip_local_port_range=1024 65000"; do
    echo "${set#*=}" >"/proc/sys/net/${set%%=*}" 2>/dev/null
done

mkdir "$dir/root"
head -c 1000 /dev/urandom >"$dir/root/page"
certificate() {  # certificate NAME OPENSSL_REQ_OPTION...
    made=$1; shift
    openssl req -x509 "$@" -keyout "$dir/$made.key" -out "$dir/$made.pem" -nodes -days 2 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost 2>/dev/null || exit 1
}
certificate ec -newkey ec -pkeyopt ec_paramgen_curve:P-256
certificate rsa -newkey rsa:2048
cat >"$dir/nginx.conf" <<END
user root; worker_processes 1; daemon off; pid $dir/pid; error_log $dir/error.log;
events { worker_connections 16000; }
http {
    access_log off; sendfile on; keepalive_requests 10000000; client_body_temp_path $dir/1; proxy_temp_path $dir/2;
    fastcgi_temp_path $dir/3; uwsgi_temp_path $dir/4; scgi_temp_path $dir/5;
    ssl_session_cache shared:S:20m; ssl_protocols TLSv1.2;
    server { listen 127.0.0.1:7000 ssl backlog=16384; root $dir/root; ssl_certificate $dir/ec.pem; ssl_certificate_key $dir/ec.key; }
    server { listen 127.0.0.1:7001 ssl backlog=16384; root $dir/root; ssl_certificate $dir/rsa.pem; ssl_certificate_key $dir/rsa.key; }
}
END

wait_for() { for _ in $(seq 300); do grep -q Serving "$1" && return; sleep 0.05; done; echo "no server:"; cat "$dir"/*.err; exit 1; }
both="--cert $dir/ec.pem --key $dir/ec.key --cert $dir/rsa.pem --key $dir/rsa.key"
serve_kernel() {
    # shellcheck disable=SC2086
    "$vitrine" serve --root "$dir/root" $both --listen 127.0.0.1:8000 >"$dir/kernel.out" 2>"$dir/kernel.err" & ours=$!
    wait_for "$dir/kernel.out"
}
serve_tun() {
    # shellcheck disable=SC2086
    "$vitrine" serve --root "$dir/root" $both --via tun --tun load0 --addr 10.9.0.2/24 --gw 10.9.0.1 >"$dir/tun.out" 2>"$dir/tun.err" & ours_tun=$!
    wait_for "$dir/tun.out"
    ip link set load0 txqueuelen 20000
}
serve_kernel; serve_tun
nginx -c "$dir/nginx.conf" & nginx=$!
for _ in $(seq 100); do worker=$(pgrep -P $nginx | head -1); [ -n "$worker" ] && break; sleep 0.05; done

hundredths() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }
word() { tr ' ' '\n' <"$dir/said" | sed -n "s/^$1=//p" | tail -1; }
clients() {  # clients ADDR PORT WORD...
    address=$1; port=$2; shift 2
    timeout 300 "$load" "$address" "$port" page=/page file="$dir/root/page" "$@" >"$dir/said" 2>"$dir/complaints"
}
# cost FILE PID ADDR PORT WORD...: microseconds of CPU time for each answer, a line of FILE
cost() {
    file=$1; pid=$2; shift 2
    before=$(hundredths "$pid")
    clients "$@" || { echo "    FAIL: $file: $(cat "$dir/said" "$dir/complaints" | head -3)"; failed=1; }
    right=$(word right)
    calc "printf \"%.1f\n\", ($(hundredths "$pid") - $before) * 10000 / ${right:-1}" >>"$dir/$file"
}
median() { sort -g "$dir/$1" | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
compare() {  # compare WHAT SUITE NGINX_PORT WORD...
    what=$1; suite=$2; theirs=$3; shift 3
    rm -f "$dir"/cost.*
    for _ in $(seq "$runs"); do
        cost cost.kernel "$ours" 127.0.0.1 8000 suite="$suite" "$@"
        cost cost.nginx "$worker" 127.0.0.1 "$theirs" suite="$suite" "$@"
        cost cost.tun "$ours_tun" 10.9.0.2 443 suite="$suite" "$@"
    done
    k=$(median cost.kernel); t=$(median cost.tun); x=$(median cost.nginx)
    printf '  %-44s %8.0f %8.0f %8.0f   %s, %s\n' "$what" "$(calc "print 1e6 / $k")" "$(calc "print 1e6 / $x")" "$(calc "print 1e6 / $t")" \
        "$(calc "printf \"%.2f\", $x / $k")" "$(calc "printf \"%.2f\", $x / $t")"
    bar "of what nginx does, over the kernel's TCP" "$(calc "printf \"%.2f\", $x / $k")" 0.5
}
ec=ECDHE-ECDSA-AES128-GCM-SHA256 rsa=ECDHE-RSA-AES128-GCM-SHA256
printf 'For each second of CPU time, medians of %s:\n  %-44s %8s %8s %8s   %s\n' "$runs" "" kernel nginx "our TCP" "of nginx's: kernel, our TCP"
compare "new connections, P-256, X25519" $ec 7000 total="$n" at_once=20
compare "new connections, RSA-2048, X25519" $rsa 7001 total="$n" at_once=20
compare "new connections, resumed by ticket" $ec 7000 total=$((3 * n)) at_once=20 resume=1
compare "requests of 1,000 octets, kept alive" $ec 7000 total=20 at_once=20 each=1500

# All must be open within the minute after which a server sees off who is idle.
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$1/status"; }
at_once() {  # at_once WHAT PID ADDR PORT
    before=$(resident "$2")
    : >"$dir/said"
    timeout 300 "$load" "$3" "$4" page=/page file="$dir/root/page" suite=$ec hold=1 at_once="$open" burst=500 resume=1 >"$dir/said" 2>"$dir/complaints" &
    asking=$!
    for _ in $(seq 3000); do grep -q open= "$dir/said" && break; kill -0 $asking 2>/dev/null || break; sleep 0.1; done
    held=$(word open)
    each=$(calc "printf \"%.1f\", ($(resident "$2") - $before) / ${held:-1}")
    took=$(word seconds)
    kill -TERM $asking; wait $asking
    echo "  $1: ${held:-0} open after $took s, $each KB each of the server's memory, and all answered again: $(word right) right answers, $(word failed) failed"
    bar "right answers" "$(word right)" $((2 * open))
}
[ "$(ulimit -n)" -ge $((open + open / 4)) ] || open=$(($(ulimit -n) * 3 / 4))
echo "At once:"
at_once "the kernel's TCP" "$ours" 127.0.0.1 8000
at_once "nginx" "$worker" 127.0.0.1 7000
at_once "our TCP" "$ours_tun" 10.9.0.2 443

beside() {  # beside WHAT ADDR PORT
    clients "$2" "$3" total=1000 at_once=50 each=5 resume=1 bad=1000
    echo "  $1: $(cat "$dir/said")"
    bar "right answers" "$(word right)" 5000
}
echo "A normal load beside 1,000 silent, half-open, senseless, resetting and slow clients:"
beside "the kernel's TCP" 127.0.0.1 8000
beside "our TCP" 10.9.0.2 443
kill -INT $ours $ours_tun; wait $ours && wait $ours_tun
bar "both servers ended in order" $((1 - $?)) 1
ours= ours_tun=
exit $failed

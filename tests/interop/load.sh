#!/bin/sh
# load.sh - `vitrine serve` with many clients at once, over the kernel's sockets and over our own TCP: all of them open and
# answered, and slow, silent, half-open, resetting and senseless ones beside a normal load, of which each answer must be right to
# the last octet (tests/bench/load.c). The long form, beside nginx: make bench-serve.
set -u
name=load; needs="openssl"
# shellcheck source=tests/tools/own-network.sh
. "$(dirname "$0")/../tools/own-network.sh"
vitrine=${VITRINE:-./vitrine}; load=${LOAD:-${BUILD:-build}/tests/bench/load}
[ -x "$load" ] || { echo "skipped: load: no $load (make ${BUILD:-build}/tests/bench/load)"; exit 0; }
dir=$(mktemp -d) || exit 1
server=
trap '[ -n "$server" ] && kill $server 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
failed=0
many=1000
[ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge 2500 ] || many=$((($(ulimit -Hn) - 300) / 2))

mkdir "$dir/root"
head -c 20000 /dev/urandom >"$dir/root/page"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout "$dir/key" -out "$dir/cert" -nodes -days 2 \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null || { echo "skipped: load: openssl req"; exit 0; }
ip link set lo up

serve() {  # serve OPTION...
    "$vitrine" serve --root "$dir/root" --cert "$dir/cert" --key "$dir/key" "$@" >"$dir/out" 2>"$dir/err" &
    server=$!
    for _ in $(seq 300); do grep -q Serving "$dir/out" && return; sleep 0.05; done
    echo "FAIL load: no server"; cat "$dir/err"; exit 1
}
stop() { kill -INT $server; wait $server; is "$1: the server ends in order" $? 0; server=; }
is()   { if [ "$2" = "$3" ]; then echo "ok load: $1"; else echo "FAIL load: $1: $2, not $3"; sed 's/^/    /' "$dir/said"; failed=1; fi; }
clients() { timeout 60 "$load" "$address" "$port" page=/page file="$dir/root/page" "$@" >"$dir/said" 2>&1; }
word() { tr ' ' '\n' <"$dir/said" | sed -n "s/^$1=//p" | tail -1; }

# All of them open at once, each answered, and after that each answered again.
open_at_once() {  # open_at_once WHERE N
    : >"$dir/said"
    timeout --foreground 60 "$load" "$address" "$port" page=/page file="$dir/root/page" hold=1 at_once="$2" resume=1 >"$dir/said" 2>&1 &
    asking=$!
    for _ in $(seq 600); do grep -q open= "$dir/said" && break; sleep 0.05; done
    is "$1: $2 connections at once" "$(word open)" "$2"
    kill -TERM $asking                                 # timeout hands it on, once (--foreground)
    wait $asking
    is "$1: each of them answered twice" "$(word right)" $((2 * $2))
}
# Beside so many that mean no good.
beside_bad_ones() {  # beside_bad_ones WHERE GOOD BAD
    clients total="$2" at_once=20 each=3 resume=1 bad="$3"
    is "$1: a normal load beside $3 slow, silent, half-open, resetting and senseless ones" $? 0
    is "$1: of which each answer is right" "$(word right)" $((3 * $2))
    [ "$(word drip)" -gt 0 ] && [ "$(word sip)" -gt 0 ]
    is "$1: and who sends octet by octet, or reads so, is answered, too" $? 0
}

address=127.0.0.1; port=8443
serve --listen 127.0.0.1:8443
open_at_once "the kernel's TCP" "$many"
beside_bad_ones "the kernel's TCP" 200 240
stop "the kernel's TCP"

address=10.9.0.2; port=443
serve --via tun --tun load0 --addr 10.9.0.2/24 --gw 10.9.0.1
open_at_once "our TCP" "$many"
beside_bad_ones "our TCP" 200 240
stop "our TCP"
exit $failed

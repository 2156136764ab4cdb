#!/bin/sh
# size.sh - the client of `make size` is no larger than it was, and yet a whole one: it visits OpenSSL with each kind of
# certificate, in each suite it offers and over each curve, and refuses what it must.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
for need in openssl python3 make gcc gcc-ar strip; do
    command -v $need >/dev/null 2>&1 || { echo "skipped: size: no $need here"; exit 0; }
done
[ "$(uname -m)" = x86_64 ] || { echo "skipped: size: what it is held to was measured on x86-64"; exit 0; }

dir=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
failed=0
ok()   { echo "ok size: $1"; }
fail() { echo "FAIL size: $1"; failed=1; shift; for f in "$@"; do tail -20 "$f" | sed 's/^/    /'; done; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
listens() { for _ in $(seq 100); do python3 -c "import socket; socket.create_connection((\"127.0.0.1\", $1), 1)" 2>/dev/null && return; sleep 0.1; done; }

build=$(realpath -m "${BUILD:-$here/build}")
if make -C "$here" --no-print-directory BUILD="$build" SAN= CFLAGS= LDFLAGS= size >"$dir/log" 2>&1; then ok "$(grep "the file" "$dir/log" | tr -s ' ')"
else fail "too large, or not made" "$dir/log"; fi
client=$build/small/tests/bench/small
cd "$dir" || exit 1

certificate() {  # certificate NAME ARGUMENT...: its own authority
    name=$1; shift
    openssl req -x509 "$@" -nodes -keyout "$name.key" -out "$name.pem" -days 3 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost >log 2>&1 || fail "openssl makes $name" log
}
certificate rsa -newkey rsa:2048
certificate p256 -newkey ec -pkeyopt ec_paramgen_curve:P-256
certificate p384 -newkey ec -pkeyopt ec_paramgen_curve:P-384
certificate p521 -newkey ec -pkeyopt ec_paramgen_curve:P-521
certificate ed25519 -newkey ed25519

visit() {  # visit WANTED ROOT HOST KEY ARGUMENT...: over a server of openssl's
    wanted=$1 root=$2 host=$3 key=$4; shift 4
    port=$(free_port)
    openssl s_server -quiet -www -tls1_2 -accept "$port" -cert "$key.pem" -key "$key.key" "$@" >server.log 2>&1 & server=$!
    listens "$port"
    "$client" "$host" "$port" "$root.pem" >out 2>log
    kill $server; wait $server 2>/dev/null; server=
    if grep -q -e "$wanted" out log; then ok "$key $* by $root.pem as $host: $wanted"
    else fail "$key $* by $root.pem as $host: not $wanted" log server.log; fi
}
for key in rsa p256 p384 p521 ed25519; do visit 'HTTP/1.0 200' $key localhost $key; done
for suite in AES128-GCM-SHA256 AES256-GCM-SHA384 CHACHA20-POLY1305; do
    visit 'HTTP/1.0 200' rsa localhost rsa -cipher ECDHE-RSA-$suite
    visit 'HTTP/1.0 200' p256 localhost p256 -cipher ECDHE-ECDSA-$suite
done
for group in X25519 P-256 P-384 P-521; do visit 'HTTP/1.0 200' rsa localhost rsa -groups $group; done
visit "^x509" p256 localhost rsa
visit x509.wrong_name rsa 127.0.0.1 rsa
exit $failed

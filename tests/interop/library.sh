#!/bin/sh
# library.sh - the TLS library as a stranger uses it: installed, found by pkg-config, its examples compiled as C and its
# header as C++, with other warnings than ours; then the examples talk to openssl and curl.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
for need in pkg-config openssl curl python3 make; do
    command -v $need >/dev/null 2>&1 || { echo "skipped: library: no $need here"; exit 0; }
done
pkg-config --exists libsodium || { echo "skipped: library: no libsodium for pkg-config here"; exit 0; }

dir=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
failed=0
ok()   { echo "ok library: $1"; }
fail() { echo "FAIL library: $1"; failed=1; shift; for f in "$@"; do sed 's/^/    /' "$f" | tail -20; done; }
try()  { what=$1; shift; if "$@" >"$dir/log" 2>&1; then ok "$what"; else fail "$what" "$dir/log"; fi; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# until somebody listens there, ten seconds at most
listens() { for _ in $(seq 100); do python3 -c "import socket; socket.create_connection((\"127.0.0.1\", $1), 1)" 2>/dev/null && return; sleep 0.1; done; }

build=$(realpath "${BUILD:-$here/build}")
try "installs" make -C "$here" --no-print-directory BUILD="$build" SAN= PREFIX="$dir/usr" install-library
PKG_CONFIG_PATH=$dir/usr/lib/pkgconfig
export PKG_CONFIG_PATH
flags=$(pkg-config --cflags --libs vitrine_tls)
for name in client server; do                          # the flags are several words
    try "$name.c compiles without a warning" \
        ${CC:-cc} -std=gnu11 -O2 -Wall -Wextra -Werror ${CFLAGS:-} ${LDFLAGS:-} -o "$dir/$name" "$here/docs/examples/$name.c" $flags
done
if command -v g++ >/dev/null 2>&1; then
    printf '#include <tls/library.h>\nint main() { struct tls_config c = {}; struct fault why = {}; return tls_new(&c, 0, &why) != nullptr; }\n' >"$dir/x.cc"
    try "library.h is C++ too" g++ -std=c++20 -Wall -Wextra -Werror ${CFLAGS:-} ${LDFLAGS:-} -o "$dir/x" "$dir/x.cc" $flags
    try "... and runs from there" "$dir/x"
else
    echo "skipped: library: no g++ here"
fi

cd "$dir" || exit 1
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out root.pem -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost >log 2>&1 || fail "openssl makes a certificate" log
port=$(free_port)
./server "$port" root.pem key.pem 2>server.log & server=$!
listens "$port"
curl -sS --tls-max 1.2 --cacert root.pem "https://localhost:$port/" >out 2>log
if grep -q 'hello from behind glass' out; then ok "curl hears the server"; else fail "curl hears the server" log server.log; fi
try "our client hears our server" ./client localhost "$port" root.pem
if grep -q 'hello from behind glass' log; then ok "... all of it"; else fail "... all of it" log; fi
kill $server; wait $server 2>/dev/null

port=$(free_port)
openssl s_server -quiet -www -tls1_2 -accept "$port" -cert root.pem -key key.pem >server.log 2>&1 & server=$!
listens "$port"
./client localhost "$port" root.pem >out 2>log
if grep -q 'HTTP/1.0 200' out; then ok "the client hears openssl"; else fail "the client hears openssl" log server.log; fi
openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -days 2 -subj /CN=other >log 2>&1
./client localhost "$port" other.pem >out 2>log
if grep -q 'x509' log; then ok "... and says why it does not trust it"; else fail "... and says why it does not trust it" log out; fi
exit $failed

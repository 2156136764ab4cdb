#!/bin/sh
# rootless.sh - real networks without root: our own Ethernet, ARP, IP and TCP over passt(1), as an ordinary user.
#
#   tests/interop/rootless.sh [show]    show: print the ladder of the visit, too (make live-rootless)
#
# The server is one of ours over the kernel's sockets on this machine's loopback, which lies behind passt's gateway; then ours over
# passt serves, and curl and the kernel's TCP are the clients.
set -u
show=${1:-}
vitrine=${VITRINE:-./vitrine}
peer=${PEER:-${BUILD:-build}/tests/bench/tcp_peer}
for need in passt curl ip; do
    command -v $need >/dev/null 2>&1 || PATH=$PATH:/usr/sbin:/sbin command -v $need >/dev/null 2>&1 ||
        { echo "skipped: rootless: no $need here"; exit 0; }
done
export PATH="$PATH:/usr/sbin:/sbin"
[ -n "$(ip -4 route show default)" ] || { echo "skipped: rootless: passt needs a default route, and there is none here"; exit 0; }
dir=$(mktemp -d) || exit 1
first= second=
trap 'kill $first $second 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
failed=0
ok()   { echo "ok rootless: $1"; }
fail() { echo "FAIL rootless: $1"; failed=1; shift; for f in "$@"; do sed 's/^/    /' "$f" | tail -20; done; }

# As root: as somebody else, so that it is true.
user=
cp "$vitrine" "$dir/vitrine"; cp "$peer" "$dir/peer" 2>/dev/null
mkdir "$dir/root" "$dir/out"
printf '<!doctype html><title>rootless</title><p>a page without root\n' >"$dir/root/index.html"
head -c 3000000 /dev/zero | tr '\0' 'v' >"$dir/root/big.txt"
if [ "$(id -u)" = 0 ]; then
    command -v setpriv >/dev/null || { echo "skipped: rootless: root, and no setpriv here"; exit 0; }
    user="setpriv --reuid=nobody --regid=nogroup --clear-groups"
    chmod 755 "$dir"; chown nobody "$dir/out"
fi
cd "$dir/out" || exit 1
port=$((20000 + $$ % 20000))
start() {  # start WHAT ARGUMENT...: in the background; $started
    what=$1; shift
    $user "$dir/vitrine" serve "$@" >"$what.out" 2>"$what.err" &
    started=$!
    for _ in $(seq 100); do grep -q Ctrl-C "$what.out" && return; sleep 0.1; done
    fail "$what does not start" "$what.err"; exit 1
}
start loopback --root "$dir/root" --listen "127.0.0.1:$port"; first=$started
get() {  # get WHAT FILE OPTION...
    what=$1; file=$2; shift 2
    if $user "$dir/vitrine" get "https://localhost:$port/$file" --resolve "localhost:$port:10.0.2.2" --cacert vitrine-ca.pem --via passt \
        -o got "$@" 2>get.err && cmp -s got "$dir/root/$file"; then ok "$what"; else fail "$what" get.err; fi
}
$user touch got
get "a page from the kernel's TCP, over TLS" index.html -v
[ "$show" = show ] && cat get.err
get "3 MB" big.txt
get "3 MB, without SACK and timestamps" big.txt --no-sack --no-timestamps
kill -INT $first; wait $first; first=

start passt --root "$dir/root" --via passt --listen "$((port + 1))"; second=$started
if curl -sS --max-time 20 --cacert vitrine-ca.pem --connect-to "10.0.2.15:$((port + 1)):127.0.0.1:$((port + 1))" \
    "https://10.0.2.15:$((port + 1))/big.txt" -o curl.got 2>curl.err && cmp -s curl.got "$dir/root/big.txt"
then ok "curl fetches 3 MB from us"; else fail "curl fetches from us" curl.err passt.err; fi
kill -INT $second; if wait $second; then ok "we end well when asked"; else fail "we did not end well" passt.err; fi
second=
if [ -x "$dir/peer" ]; then
    start simple --simple --via passt --listen "$((port + 2))"; second=$started
    if BASE=$((port + 2)) "$dir/peer" echo 127.0.0.1 2000000 >peer.out 2>&1; then ok "2 MB there and back"; else fail "echo" peer.out simple.err; fi
    kill -INT $second; wait $second; second=
fi
exit $failed

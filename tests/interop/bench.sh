#!/bin/sh
# bench.sh - `make bench` goes: peers build, measure and print what can be read, each something of each kind. How fast
# anybody is, it does not look at.
set -u
command -v python3 >/dev/null || { echo "skipped: bench: no python3 here"; exit 0; }
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
what="full, ecdhe-ecdsa,by id,aes-128-gcm: seal,ecdsap256 verify,rsa2048 sign,gcm seal 256,hmac(sha256) hash 256,idle"
make -s --no-print-directory bench BENCH_ROUNDS=1 BENCH_SECONDS=0.004 BENCH_WHAT="$what" >"$log" 2>&1
code=$?
grep '^skipped: ' "$log"
if [ $code = 0 ]; then echo "ok bench: ours is measured"; else echo "FAIL bench: make bench: $code"; cat "$log"; fi
for peer in openssl gnutls mbedtls bearssl; do
    grep -q "^skipped: bench: no $peer" "$log" && continue
    if grep -q "^measured: .*$peer 1[0-9]" "$log"; then echo "ok bench: $peer is measured"
    else echo "FAIL bench: $peer"; cat "$log"; fi
done

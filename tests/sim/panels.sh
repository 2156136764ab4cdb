#!/bin/sh
# panels.sh - the lower panels of the page say what the events of the same run say (tests/sim/panels.py): of a visit as
# it should be, of the RSA key exchange with CBC, of a refused certificate, of much data over bad wires. And a page of
# another run is not taken for this one's.
set -u
vitrine=${VITRINE:-./vitrine}
command -v python3 >/dev/null 2>&1 || { echo "skipped: panels: no python3 here"; exit 0; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

judge() {  # judge NAME OPTION...
    name=$1
    shift
    "$vitrine" visit "$@" --html "$dir/$name.html" --json "$dir/$name.json" >"$dir/out" 2>&1
    python3 tests/sim/panels.py "$dir/$name.html" "$dir/$name.json" >"$dir/said" || failed=1
    if grep -q '^ok' "$dir/said"; then
        grep '^FAIL' "$dir/said" || echo "ok panels: $name: $(grep -c '^ok' "$dir/said") things hold"
    else
        echo "FAIL panels: $name: nothing could be held against the events"
        failed=1
    fi
}

judge clean
judge rsa --cipher AES128-SHA
judge refused --break cert:expired
"$vitrine" visit --resume --html "$dir/resumed.html" >"$dir/out" 2>&1
sed -n '/beside the full one/,$p' "$dir/out" >"$dir/beside"
for line in 'ServerKeyExchange  *[0-9]* *·' 'ServerHello .* ServerHello' 'full handshake: 9 messages, .*round trips: 2, 40.0 ms' \
    'resumed: 4 messages, .*round trips: 1, 20.0 ms'; do
    if grep -q "$line" "$dir/beside"; then echo "ok panels: beside: $line"; else echo "FAIL panels: beside: $line"; failed=1; fi
done
if grep -q 'id="beside"' "$dir/resumed.html" && ! grep -q 'id="beside"' "$dir/clean.html"; then
    echo "ok panels: a resumed handshake stands beside the full one, and only then"
else
    echo "FAIL panels: a resumed handshake stands beside the full one, and only then"; failed=1
fi
"$vitrine" visit --level all >"$dir/out" 2>&1
if grep -q 'the server took x25519' "$dir/out" && grep -q 'the seed of server_verify_data' "$dir/out"; then
    echo "ok panels: the closest look ends with the offers and the hash as it grew"
else
    echo "FAIL panels: the closest look ends with the offers and the hash as it grew"; failed=1
fi
judge much --size 1000000 --loss 3 --seed 5

if python3 tests/sim/panels.py "$dir/clean.html" "$dir/rsa.json" >"$dir/said"; then
    echo "FAIL panels: a page of another run passes for this one's"
    failed=1
else
    echo "ok panels: a page of another run does not pass for this one's"
fi
exit $failed

#!/bin/sh
# golden.sh [--renew] - a visit's capture, key log and JSON are the same to the byte on every machine, whichever of
# them are asked for. They are compared with tests/sim/golden.txt. --renew: writes that file anew, when a change of
# what is sent or told is meant. VITRINE: how the program is called (./vitrine).
set -u
golden=tests/sim/golden.txt
vitrine=${VITRINE:-./vitrine}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

visit() {  # visit NAME OPTION...: all files of one visit
    name=$1; shift
    $vitrine visit --seed 7 "$@" >"$dir/said" 2>&1 && return
    echo "FAIL the visit $name ends with $?"
    tail -20 "$dir/said" | sed 's/^/    /'
    failed=1
}
files() {  # files NAME OPTION...
    visit "$@" --pcap "$dir/$1.pcapng" --keylog "$dir/$1.keys" --json "$dir/$1.json" --html "$dir/$1.html" -o "$dir/$1.page"
}
files ecdhe
files rsa        --kx rsa
files ecdsa      --cert ecdsa
files p256       --group p256
files cbc        --cipher TLS_RSA_WITH_AES_128_CBC_SHA
files chacha     --cipher TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
files bad-wires  --size 100000 --loss 5 --dup 3 --reorder 5 --corrupt 3 --delay 20
rm -f "$dir/said"
(cd "$dir" && sha256sum -- *) >"$dir.now"
trap 'rm -rf "$dir" "$dir.now"' EXIT

if [ "${1:-}" = --renew ]; then
    [ $failed = 0 ] || exit 1
    diff "$golden" "$dir.now" 2>/dev/null
    cp "$dir.now" "$golden" && echo "$golden: $(wc -l <"$golden") files"
    exit
fi

[ -s "$golden" ] || { echo "FAIL there is no $golden: make golden"; exit 1; }
while read -r sum file; do
    have=$(sed -n "s/  $file\$//p" "$dir.now")
    if [ "$have" = "$sum" ]; then echo "ok $file"; else echo "FAIL $file is ${have:-not there}, not $sum"; failed=1; fi
done <"$golden"

alone() {  # alone OPTION SUFFIX: one file alone is what it was among the others
    visit "alone $1" --kx rsa "$1" "$dir/alone"
    if cmp -s "$dir/alone" "$dir/rsa.$2"; then echo "ok $1 alone"
    else echo "FAIL $1 alone writes other octets"; failed=1
    fi
}
alone --pcap pcapng
alone --keylog keys
alone --json json
# And by whichever instructions.
by() {  # by NAME OPTION...
    name=$1; shift
    (export VITRINE_CPU=portable; visit "$name by portable code" "$@" --json "$dir/portable")
    (unset VITRINE_CPU; visit "$name by all instructions" "$@" --json "$dir/all")
    if cmp -s "$dir/portable" "$dir/all"; then echo "ok $name is the same by portable code"
    else echo "FAIL $name: portable code writes other octets"; failed=1
    fi
}
by ecdhe
by ecdsa --cert ecdsa --group p256
by dhe   --kx dhe
by cbc   --cipher TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384 --group p384
by chacha --cipher TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
exit $failed

#!/bin/sh
# oracle.sh - what oracle.py says of visits: every suite, both groups, clean and over a bad wire, from each of three points
# of view; that it notices what is planted; and that docs/wireshark.md shows the table as it is. `make oracle SEEDS=1-20`
# tries each suite with each of these seeds. VITRINE: how the program is called (./vitrine).
set -u
vitrine=${VITRINE:-./vitrine}
for tool in tshark python3; do
    command -v $tool >/dev/null 2>&1 || { echo "skipped: oracle: no $tool here"; exit 0; }
done
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
$vitrine help --wireshark >"$dir/table" || exit 1
oracle() { python3 "$(dirname "$0")/oracle.py" "$vitrine" "$dir/table" "$@" || failed=1; }

bad='--loss 8 --dup 8 --reorder 8'
set --
n=0
for suite in ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-CHACHA20-POLY1305 \
        ECDHE-ECDSA-CHACHA20-POLY1305 AES128-GCM-SHA256 AES128-SHA DHE-RSA-AES128-GCM-SHA256; do
    for group in x25519 p256; do
        case $suite-$group in AES*-p256 | DHE*-p256) continue ;; esac
        n=$((n + 1))
        visit="--cipher $suite --group $group"
        if [ -n "${SEEDS:-}" ]; then
            for seed in $(seq "${SEEDS%-*}" "${SEEDS#*-}"); do
                set -- "$@" "$suite $group, seed $seed:$visit --seed $seed --size $((seed * 997)) $bad --corrupt 3"
                for at in browser web; do
                    set -- "$@" "$suite $group, seed $seed at $at:$visit --seed $seed --pcap-at $at $bad"
                done
            done
        else
            case $((n % 3)) in 0) at=wire ;; 1) at=browser ;; *) at=web ;; esac
            set -- "$@" "$suite $group:$visit --seed $n"
            [ $((n % 2)) = 0 ] || set -- "$@" "$suite $group at $at, bad wire:$visit --seed $((n + 4)) --pcap-at $at $bad"
        fi
    done
done
# one in which somebody answers with ICMP; a page of many records
oracle "$@" "ICMP, corrupted:--seed 5 --loss 15 --dup 10 --reorder 15 --corrupt 5" "a large page:--size 70000" \
    "over IPv6, with a user timeout:--ipv6 --seed 3 --user-timeout 40" "too big:--ipv6 --break icmp:too-big" \
    "ICMPv6, corrupted:--ipv6 --seed 5 --loss 15 --dup 10 --reorder 15 --corrupt 5"
oracle --planted "planted:--cipher ECDHE-ECDSA-AES128-GCM-SHA256 --group p256"

tests/tools/make-wireshark "$vitrine" | cmp -s - docs/wireshark.md && echo "ok docs/wireshark.md shows the table as it is" ||
    { echo "FAIL docs/wireshark.md is stale: tests/tools/make-wireshark VITRINE >docs/wireshark.md"; failed=1; }

# Its lines do what they say: each reads the visit that the first of them makes.
book=$PWD/docs/wireshark.md
cd "$dir" || exit 1
case $vitrine in /*) ;; *) vitrine=$OLDPWD/$vitrine ;; esac
eval "$vitrine$(sed -n 's/^    vitrine\( visit --pcap visit.pcapng .*\)/\1/p' "$book")" >out 2>&1
n=0
sed -n 's/^    \(tshark .*\)/\1/p' "$book" >lines
while read -r line; do
    n=$((n + 1))
    eval "$line" >out 2>said </dev/null
    code=$?
    case $line in *_ws.malformed*) [ -s out ] && code=1 ;; *) [ -s out ] || code=1 ;; esac
    [ $code = 0 ] || { echo "FAIL docs/wireshark.md: $line"; sed 's/^/    /' said out | head -5; failed=1; }
done <lines
[ $n -ge 10 ] && grep -q 'key expansion' visit.debug && echo "ok docs/wireshark.md: its $n lines read a visit" ||
    { echo "FAIL docs/wireshark.md: its lines"; failed=1; }
exit $failed

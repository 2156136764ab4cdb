#!/bin/sh
# scanners.sh [FILE] - testssl.sh and sslscan (Debian's packages) look for weaknesses of `vitrine serve`, as it is and with
# --legacy, in a network namespace of its own. Fails where one finds something of severity MEDIUM or worse that
# scanners.py does not know the reason of. FILE: the document whose part is written anew. Some minutes.
set -u
vitrine=$(realpath "${VITRINE:-./vitrine}")
name=scanners needs="openssl python3 testssl sslscan"
. tests/tools/own-network.sh
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
ip link set lo up || { echo "skipped: scanners: no loopback here"; exit 0; }
echo 127.0.0.1 localhost >"$dir/hosts" && mount --bind "$dir/hosts" /etc/hosts || exit 1
{
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/ca.key" -out "$dir/ca.pem" -days 99 -subj "/CN=CA of a test" &&
    printf '%s\n' subjectAltName=DNS:localhost extendedKeyUsage=serverAuth \
        keyUsage=critical,digitalSignature,keyEncipherment authorityInfoAccess=OCSP\;URI:http://127.0.0.1/ >"$dir/ext" &&
    for kind in rsa ec; do
        case $kind in rsa) new="rsa:2048" ;; ec) new="ec -pkeyopt ec_paramgen_curve:P-256" ;; esac
        # shellcheck disable=SC2086
        openssl req -newkey $new -nodes -keyout "$dir/$kind.key" -out "$dir/req" -subj /CN=localhost &&
            openssl x509 -req -in "$dir/req" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -days 80 -extfile "$dir/ext" -out "$dir/$kind.pem"
    done
} 2>"$dir/log" || { cat "$dir/log"; exit 1; }
mkdir "$dir/root" && echo a page >"$dir/root/index.html"
scans=
for mode in usual --legacy; do
    [ $mode = usual ] && port=4443 || port=4444
    # shellcheck disable=SC2046
    "$vitrine" serve --root "$dir/root" --cert "$dir/rsa.pem" --key "$dir/rsa.key" --cert "$dir/ec.pem" --key "$dir/ec.key" \
        --listen 127.0.0.1:$port $([ $mode = usual ] || echo $mode) >"$dir/serve.$mode" 2>&1 &
    for _ in $(seq 100); do grep -q Serving "$dir/serve.$mode" && break; sleep 0.1; done
    sslscan --no-colour localhost:$port >"$dir/sslscan.$mode" 2>&1
    # Protocols, categories and order of suites, forward secrecy, defaults, headers, vulnerabilities: beside each other,
    # since each waits a lot. Not the simulation of clients, which are tried themselves (make interop).
    for part in -p -s -f -P -S -h -U; do
        testssl --quiet --color 0 --warnings off --nodns none --ip 127.0.0.1 --add-ca "$dir/ca.pem" \
            --openssl "$(command -v openssl)" $part --jsonfile "$dir/testssl.$mode.$part" localhost:$port \
            >"$dir/text.$mode.$part" 2>&1 &
        scans="$scans $!"
    done
done
# shellcheck disable=SC2086
wait $scans
python3 -B tests/interop/peers/scanners.py "$dir" "$@"

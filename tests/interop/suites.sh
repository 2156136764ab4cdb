#!/bin/sh
# suites.sh - OpenSSL at the other end, in both roles: every cipher suite, every group, every signature algorithm, every
# kind of certificate; what is chosen by name; what is refused unless it is asked for by name.
set -u
vitrine=$(realpath "${VITRINE:-./vitrine}")
for need in openssl python3; do
    command -v $need >/dev/null 2>&1 || { echo "skipped: suites: no $need here"; exit 0; }
done
dir=$(mktemp -d)
jobs=
trap 'kill $jobs 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir" || exit 1
failed=0 tried=0 host=
ok()   { echo "ok suites: $1"; }
fail() { echo "FAIL suites: $1"; failed=1; shift; for f in "$@"; do tail -5 "$f" | sed 's/^/    /'; done; }
free_ports() { python3 -c 'import socket, sys
s = [socket.socket() for _ in range(int(sys.argv[1]))]
for x in s: x.bind(("127.0.0.1", 0))
print(*(x.getsockname()[1] for x in s))' "$1"; }

make() {  # make NAME HOST ARGUMENT...: a certificate of its own authority
    name=$1 whose=$2; shift 2
    openssl req -x509 "$@" -nodes -keyout "$name.key" -out "$name.pem" -days 3 -subj "/CN=$whose" \
        -addext "subjectAltName=DNS:$whose" >/dev/null 2>&1 || fail "openssl makes $name"
}
make rsa localhost -newkey rsa:2048
make p256 localhost -newkey ec -pkeyopt ec_paramgen_curve:P-256
make p384 localhost -newkey ec -pkeyopt ec_paramgen_curve:P-384
make p521 localhost -newkey ec -pkeyopt ec_paramgen_curve:P-521
make ed localhost -newkey ed25519
make pss localhost -newkey rsa-pss -pkeyopt rsa_keygen_bits:2048
make bank www.bank.test -newkey rsa:2048
cat ./*.pem >all.pem
mkdir root && echo a page >root/index.html

# shellcheck disable=SC2046
set -- $(free_ports 8)
serve() {  # serve PORT ARGUMENT...
    at=$1; shift
    "$vitrine" serve --root root --listen "127.0.0.1:$at" "$@" >"serve$at" 2>&1 &
    jobs="$jobs $!"
    for _ in $(seq 100); do grep -q Serving "serve$at" && return; sleep 0.1; done
    fail "serve begins" "serve$at"
}
serve "$1" --legacy --cert rsa.pem --key rsa.key --cert p256.pem --key p256.key --cert bank.pem --key bank.key
old=$1
serve "$2" --cert p384.pem --key p384.key --cert ed.pem --key ed.key --cert pss.pem --key pss.key --record-limit 700
kinds=$2
serve "$3" --cert p521.pem --key p521.key --cert rsa.pem --key rsa.key
new=$3
shift 3

ask() {  # ask PORT ARGUMENT...: openssl's client, what it says goes to said
    at=$1; shift
    tried=$((tried + 1))
    printf 'GET / HTTP/1.0\r\n\r\n' | timeout 10 openssl s_client -connect "127.0.0.1:$at" -tls1_2 -CAfile all.pem \
        -servername "${host:-localhost}" -ign_eof "$@" >said 2>&1
}
gets() {  # gets WHAT WORDS PORT ARGUMENT...: a page, and the words among what is said of the connection
    what=$1 words=$2; shift 2
    ask "$@"
    if grep -q '^a page' said && grep -Eq "$words" said; then return; fi
    fail "$what" said
}
no() { what=$1 words=$2; shift 2; ask "$@"; if grep -q '^a page' said || ! grep -q "$words" said; then fail "$what" said; fi; }

suites=$("$vitrine" visit --cipher ? 2>&1 | awk '$2 ~ /-/ { print $2 }')
[ "$(echo "$suites" | wc -l)" = 27 ] || fail "27 suites are spoken"
for suite in $suites; do
    gets "openssl asks for $suite" "Cipher *: $suite$" "$old" -cipher "$suite:@SECLEVEL=0"
done
for group in X25519 P-256 P-384 P-521; do
    gets "openssl asks for $group" "Server Temp Key: (ECDH, )?(X25519|${group#P-}|$group|prime256v1|secp)" "$new" -groups "$group"
    grep -Eq "Temp Key.*(253|$(echo "$group" | tr -dc 0-9)) bits" said || fail "$group is used" said
done
for sigalg in rsa_pkcs1_sha256 RSA+SHA384 RSA+SHA512 rsa_pss_rsae_sha256 rsa_pss_rsae_sha384 rsa_pss_rsae_sha512 \
        ECDSA+SHA256 ECDSA+SHA384 ECDSA+SHA512; do
    gets "openssl verifies $sigalg" "Peer signing digest" "$old" -sigalgs "$sigalg"
done
gets "openssl verifies SHA-1 with --legacy" "Peer signing digest: SHA1" "$old" -sigalgs RSA+SHA1 -cipher DEFAULT:@SECLEVEL=0
no "not without" "alert handshake failure" "$new" -sigalgs RSA+SHA1 -cipher DEFAULT:@SECLEVEL=0
gets "P-384" "Peer signature type: ECDSA" "$kinds" -sigalgs ECDSA+SHA384
gets "P-521" "Peer signature type: ECDSA" "$new" -sigalgs ECDSA+SHA512
gets "Ed25519" "Peer signature type: (Ed25519|ed25519)" "$kinds" -sigalgs ed25519
gets "RSASSA-PSS" "Peer signature type: RSA-PSS" "$kinds" -sigalgs rsa_pss_pss_sha256
host=www.bank.test gets "a certificate by name" "subject=CN = www.bank.test" "$old" -cipher ECDHE-RSA-AES128-GCM-SHA256
host=www.other.test no "a name that no certificate has" "unrecognized name" "$new"
gets "ALPN" "ALPN protocol: http/1.1" "$new" -alpn h2,http/1.1
no "no protocol in common" "no application protocol" "$new" -alpn h2
no "RSA key exchange without being asked" "alert handshake failure" "$new" -cipher AES128-GCM-SHA256:@SECLEVEL=0
no "DHE without being asked" "alert handshake failure" "$new" -cipher DHE-RSA-AES128-GCM-SHA256
no "CBC without being asked" "alert handshake failure" "$new" -cipher ECDHE-RSA-AES128-SHA
gets "records of 512 octets, asked for" "Max Fragment|Cipher" "$new" -maxfraglen 512
gets "short records" "Cipher" "$new" -max_send_frag 512 -split_send_frag 512
"$vitrine" get "https://localhost:$kinds/" --resolve "localhost:$kinds:127.0.0.1" --cacert all.pem --record-limit 16384 \
    --json told >said 2>&1
grep -q '"name":"record_size_limit","value":700' told || fail "serve --record-limit is told" said
[ $failed = 0 ] && ok "openssl's client, $tried times"

# ---- our client at openssl's server
listening() {  # listening PORT...
    for at in "$@"; do
        for _ in $(seq 100); do openssl s_client -connect "127.0.0.1:$at" </dev/null >/dev/null 2>&1 && break; sleep 0.1; done
    done
}
server() {  # server PORT KIND ARGUMENT...
    at=$1 kind=$2; shift 2
    openssl s_server -accept "127.0.0.1:$at" -tls1_2 -cert "$kind.pem" -key "$kind.key" -www -quiet "$@" >"server$at" 2>&1 &
    jobs="$jobs $!"
}
server "$1" rsa -cipher ALL:@SECLEVEL=0 -dcert p256.pem -dkey p256.key
server "$2" p384 -groups P-384:P-256:X25519
server "$3" ed
server "$4" pss
listening "$1" "$2" "$3" "$4"
got=0
get() {  # get WHAT PORT ARGUMENT...
    what=$1 at=$2; shift 2
    got=$((got + 1))
    "$vitrine" get "https://localhost:$at/" --resolve "localhost:$at:127.0.0.1" --cacert all.pem -m 10 "$@" >page 2>said ||
        { fail "get $what" said; return; }
    grep -q "Ciphers supported\|Cipher" page || fail "get $what: a page" page
}
for suite in $suites; do get "$suite" "$1" --ciphers "$suite"; done
for group in X25519 P-256 P-384 P-521; do get "$group" "$1" --curves "$group:P-256"; done
for sigalg in rsa_pkcs1_sha256 RSA+SHA512 rsa_pss_rsae_sha256 rsa_pss_rsae_sha512; do
    get "$sigalg" "$1" --sigalgs "$sigalg" --ciphers ECDHE-RSA-AES128-GCM-SHA256
done
get "SHA-1" "$1" --legacy --sigalgs RSA+SHA1 --ciphers ECDHE-RSA-AES128-GCM-SHA256
get "P-384" "$2"
get "Ed25519" "$3"
get "RSASSA-PSS" "$4"
get "GREASE" "$1" --grease
get "records of 512 octets at most" "$1" --max-fragment 512 --json told
grep -q '"name":"extension_type","value":1,"words":"max_fragment_length"' told || fail "max_fragment_length is asked for" told
[ "$(sed -n 's/.*"name":"application_data".*"id":"o[0-9]*","len":\([0-9]*\),.*/\1/p' told | sort -n | tail -1)" -le 512 ] ||
    fail "openssl keeps to 512 octets" told
get "a limit that openssl knows nothing of" "$1" --record-limit 600
server "$5" rsa -alpn h2
listening "$5"
"$vitrine" get "https://localhost:$5/" --resolve "localhost:$5:127.0.0.1" --cacert all.pem -m 10 --alpn h2,http/1.1 >page 2>said
if [ $? = 1 ] && grep -q "ALPN" said; then :; else fail "a protocol that is not spoken is not spoken" said; fi
[ $failed = 0 ] && ok "openssl's server, $got times"
exit $failed

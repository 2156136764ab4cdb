#!/bin/sh
# sessions.sh - sessions resumed and client certificates, against OpenSSL and GnuTLS, in both roles, over the kernel's
# sockets: by ticket and by id, a session kept in a file between two runs, asked, required, refused.
#
# Only 127.0.0.1 and ports that are free; everything lies in a folder that ends with this script.
set -u
vitrine=$(realpath "${VITRINE:-./vitrine}")
for need in openssl python3; do
    command -v $need >/dev/null 2>&1 || { echo "skipped: sessions: no $need here"; exit 0; }
done
dir=$(mktemp -d)
children=
trap 'kill $children 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
failed=0
ok()   { echo "ok sessions: $1"; }
fail() { echo "FAIL sessions: $1"; failed=1; shift; for f in "$@"; do sed 's/^/    /' "$f" | tail -20; done; }
is()   { if [ "$2" = "$3" ]; then ok "$1"; else { echo "have: $2"; echo "want: $3"; } >differ; fail "$1" differ; fi; }
has()  { if grep -aqE "$2" "$3"; then ok "$1"; else fail "$1" "$3"; fi; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
cd "$dir" || exit 1

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2>/dev/null; }
issue() {  # issue NAME PURPOSE: NAME.pem and NAME.key, by the CA
    key "$1"
    openssl req -new -key "$1.key" -subj "/CN=$1" -out req 2>/dev/null
    printf 'subjectAltName=DNS:localhost\nextendedKeyUsage=%s\n' "$2" >ext
    openssl x509 -req -in req -CA ca.pem -CAkey ca.key -CAcreateserial -days 9 -extfile ext -out "$1.pem" 2>/dev/null
}
key ca
openssl req -x509 -key ca.key -subj "/CN=CA of a test" -days 9 -out ca.pem 2>/dev/null
issue server serverAuth
issue client clientAuth
mkdir root && echo 'a page' >root/index.html

serve() {  # serve LOG OPTION...: sets port
    log=$1; shift
    port=$(free_port)
    "$vitrine" serve --root root --cert server.pem --key server.key --listen 127.0.0.1:"$port" "$@" >"$log" 2>&1 &
    children="$children $!"
    for _ in $(seq 300); do grep -q Serving "$log" 2>/dev/null && break; sleep 0.1; done
}
listening() { for _ in $(seq 100); do openssl s_client -connect 127.0.0.1:"$1" </dev/null >/dev/null 2>&1 && break; sleep 0.1; done; }
client() { timeout 20 openssl s_client -connect 127.0.0.1:"$port" -servername localhost -tls1_2 -CAfile ca.pem "$@" </dev/null; }

# ---- our server
serve log
client -reconnect >out 2>&1
is "serve, openssl comes back five times with its ticket" "$(grep -c '^Reused, TLSv1.2' out)" 5
client -reconnect -no_ticket >out 2>&1
is "serve, and by its session id" "$(grep -c '^Reused, TLSv1.2' out)" 5
client -sess_out kept >/dev/null 2>&1; client -sess_in kept >out 2>&1
has "serve, a session of openssl kept in a file" '^Reused, TLSv1.2' out
timeout 20 openssl s_client -connect 127.0.0.1:"$port" -servername other.test -tls1_2 -sess_in kept </dev/null >out 2>&1
has "serve, a ticket is not resumed for another name" '^New, TLSv1.2' out
if command -v gnutls-cli >/dev/null 2>&1; then
    timeout 20 gnutls-cli --priority NORMAL:-VERS-ALL:+VERS-TLS1.2 --x509cafile ca.pem --resume -p "$port" localhost \
        </dev/null >out 2>&1
    has "serve, gnutls-cli --resume" 'This is a resumed session' out
fi
serve log --tickets off
client -reconnect >out 2>&1
is "serve --tickets off, by session id all the same" "$(grep -c '^Reused, TLSv1.2' out)" 5

serve log --client-cert require --client-ca ca.pem
client -cert client.pem -key client.key >out 2>&1
has "serve --client-cert require, a client with a certificate" 'Verify return code: 0' out
has "and the CA's name was in the request" 'CN ?= ?CA of a test' out
client >out 2>&1
has "without one: handshake_failure" 'alert handshake failure' out
client -cert server.pem -key server.key >out 2>&1
has "a server's certificate: unsupported_certificate" 'alert unsupported certificate' out
has "and the server says why" 'clientAuth' log
client -cert client.pem -key client.key -reconnect >out 2>&1
is "resumed with the client known" "$(grep -c '^Reused, TLSv1.2' out)" 5
rm -f file
for i in 1 2; do
    is "get --cert --session, run $i" "$(timeout 20 "$vitrine" get --cacert ca.pem --cert client.pem --key client.key \
        --session file -v "https://localhost:$port/" 2>err)" "a page"
done
has "the second run resumes" 'resumption: resumed' err
is "the session's file is its owner's alone" "$(stat -c %a file)" 600
serve log --client-cert ask
client >out 2>&1
has "serve --client-cert ask, a client without one" 'Verify return code: 0' out
openssl req -x509 -key client.key -subj /CN=stranger -days 9 -out stranger.pem 2>/dev/null
client -cert stranger.pem -key client.key >out 2>&1
has "and one that nobody vouches for: it has the key" 'Verify return code: 0' out

# ---- a stapled response: any DER, for what it says is the client's business, and ours judges it
openssl ocsp -issuer ca.pem -cert server.pem -reqout ask.der >/dev/null 2>&1
printf 'V\t391231235959Z\t\t%s\tunknown\t/CN=server\n' "$(openssl x509 -in server.pem -noout -serial | cut -d= -f2)" >index.txt
openssl ocsp -index index.txt -rsigner ca.pem -rkey ca.key -CA ca.pem -reqin ask.der -respout staple.der >/dev/null 2>&1
serve log --staple staple.der
client -status >out 2>&1
has "serve --staple, openssl -status" 'OCSP Response Status: successful' out
client >out 2>&1
if grep -q 'OCSP Response Data' out; then fail "stapled unasked" out; else ok "and nothing to who does not ask"; fi
timeout 20 "$vitrine" get --cacert ca.pem -v --level all "https://localhost:$port/" >out 2>err
has "get asks for it, and it is good" 'check ocsp .*accepted' err
sed 's/^V\t391231235959Z\t/R\t391231235959Z\t250101000000Z/' index.txt >revoked.txt
openssl ocsp -index revoked.txt -rsigner ca.pem -rkey ca.key -CA ca.pem -reqin ask.der -respout revoked.der >/dev/null 2>&1
serve log --staple revoked.der
timeout 20 "$vitrine" get --cacert ca.pem "https://localhost:$port/" >out 2>err && fail "a revoked certificate is believed" out
has "get leaves a server whose certificate was revoked" 'x509.revoked|taken it back' err
has "... and says so" 'certificate_revoked' log

# ---- our client
port=$(free_port)
openssl s_server -accept 127.0.0.1:"$port" -tls1_2 -cert server.pem -key server.key -CAfile ca.pem -Verify 2 -www \
    >/dev/null 2>&1 &
children="$children $!"
listening "$port"
rm -f file
for i in 1 2; do
    timeout 20 "$vitrine" get --cacert ca.pem --cert client.pem --key client.key --session file -v \
        "https://localhost:$port/" >out 2>err
    has "get, run $i, shows openssl s_server -Verify its certificate" 'Subject: CN ?= ?client' out
done
has "get resumes at openssl" 'resumption: resumed' err
timeout 20 "$vitrine" get --cacert ca.pem "https://localhost:$port/" >out 2>err && fail "get without one is served" out
has "get without one is refused, and says so" 'handshake_failure' err
exit $failed

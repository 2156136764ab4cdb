#!/bin/sh
# refusals.sh - what `vitrine get` says of servers that cannot be believed, understood or reached, over the kernel's sockets: the exit code (curl's,
# who is asked, too), one clear sentence on stderr, and the alert that the server sees.
#
# Only 127.0.0.1 and ports that are free. The servers are openssl's and refusal_peers.py's; the certificates are made here, by openssl.
set -u
vitrine=$(realpath "${VITRINE:-./vitrine}")
here=$(cd "$(dirname "$0")" && pwd)
for need in openssl python3; do
    command -v $need >/dev/null 2>&1 || { echo "skipped: refusals: no $need here"; exit 0; }
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir" || exit 1

cat >ca.cnf <<'E'
[req]
distinguished_name = dn
[dn]
[ca]
default_ca = here
[here]
dir = .
database = index.txt
new_certs_dir = .
default_md = sha256
policy = any
rand_serial = yes
unique_subject = no
default_days = 30
[any]
commonName = supplied
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = DNS:www.refused.test
[other]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = DNS:www.elsewhere.test
E
: >index.txt
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" 2>/dev/null; }
selfsigned() {  # selfsigned NAME SUBJECT EXTENSIONS
    key "$1" && openssl req -x509 -utf8 -config ca.cnf -new -key "$1.key" -subj "$2" -extensions "$3" -days 30 -out "$1.pem"
}
issued() {  # issued NAME SUBJECT EXTENSIONS ISSUER [DATES...]
    name=$1 subject=$2 extensions=$3 issuer=$4
    shift 4
    key "$name" && openssl req -utf8 -config ca.cnf -new -key "$name.key" -subj "$subject" -out "$name.csr" &&
        openssl ca -utf8 -batch -config ca.cnf -extensions "$extensions" -keyfile "$issuer.key" -cert "$issuer.pem" -notext \
            -in "$name.csr" -out "$name.pem" "$@" 2>openssl.err
}
www=/CN=www.refused.test
hostile=$(printf '/CN=evil\033[31m\342\200\256txt')
selfsigned root "/CN=Root of refusals" root && selfsigned strange "/CN=Root that nobody knows" root &&
    issued between "/CN=Intermediate of refusals" root root && issued good $www leaf between &&
    issued expired $www leaf root -startdate 200101000000Z -enddate 210101000000Z &&
    issued early $www leaf root -startdate 380101000000Z -enddate 390101000000Z &&
    issued unknown $www leaf strange && selfsigned alone $www leaf && issued other $www other root && issued bad $www leaf root &&
    selfsigned hostile "$hostile" leaf || { echo "FAIL refusals: the certificates could not be made"; cat openssl.err; exit 1; }
# one bit of the signature, which stands last
openssl x509 -in bad.pem -outform der | python3 -c '
import sys, base64
der = bytearray(sys.stdin.buffer.read())
der[-1] ^= 1
print("-----BEGIN CERTIFICATE-----", base64.encodebytes(bytes(der)).decode().strip(), "-----END CERTIFICATE-----", sep="\n")' >flipped.pem
mv flipped.pem bad.pem
timeout 280 python3 "$here/refusal_peers.py" "$vitrine"

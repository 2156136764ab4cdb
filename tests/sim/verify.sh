#!/bin/sh
# verify.sh - `vitrine verify`: who is believed and who is not, and what it wants on its command line. The chains are made
# here, by openssl. VITRINE: how the program is called (./vitrine).
set -u
vitrine=${VITRINE:-./vitrine}
command -v openssl >/dev/null || { echo "skipped: there is no openssl to make chains with"; exit 0; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

# ends CODE WORDS ARGUMENT...: the exit code, and what stdout and stderr together must say
ends() {
    wanted=$1 words=$2; shift 2
    (cd "$dir" && "$vitrine" verify "$@") >"$dir/said" 2>&1 </dev/null
    code=$?
    if [ $code = "$wanted" ] && grep -q -e "$words" "$dir/said"; then echo "ok verify $*: $code"
    else
        echo "FAIL verify $*: exit code $code, wanted $wanted and the words: $words"
        tail -20 "$dir/said" | sed 's/^/    /'
        failed=1
    fi
}
# make_cert NAME ISSUER SUBJECT EXTENSIONS: a certificate of a fresh P-256 key; ISSUER = NAME: signed by itself
make_cert() {
    (cd "$dir" && printf "$4" >ext && openssl ecparam -genkey -name prime256v1 -noout -out "$1.key" &&
     openssl req -new -key "$1.key" -subj "$3" -out csr &&
     if [ "$1" = "$2" ]; then openssl x509 -req -in csr -signkey "$1.key" -days 3650 -extfile ext -out "$1.pem"
     else openssl x509 -req -in csr -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days 90 -extfile ext -out "$1.pem"
     fi) 2>"$dir/made" || { echo "FAIL openssl makes $1"; cat "$dir/made"; exit 1; }
}
case $vitrine in /*) ;; *) vitrine=$PWD/$vitrine ;; esac
ids='subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n'
ca='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n'
make_cert root root "/O=Class/CN=Class Root" "$ca"
make_cert other other "/O=Class/CN=Another Root" "$ca"
make_cert int root "/O=Class/CN=Class Intermediate" "${ca}authorityKeyIdentifier=keyid\n"
make_cert leaf int "/CN=www.example.test" \
    "${ids}keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:www.example.test,IP:192.0.2.7\n"
cat "$dir/leaf.pem" "$dir/int.pem" >"$dir/chain.pem"
openssl x509 -in "$dir/leaf.pem" -outform DER -out "$dir/leaf.der"
openssl x509 -in "$dir/root.pem" -outform DER -out "$dir/root.der"

ends 0 '' --trust root.pem --host www.example.test chain.pem
ends 0 '' --trust root.der --host www.example.test --untrusted int.pem leaf.der
ends 0 '' --trust other.pem --trust root.pem --ip 192.0.2.7 chain.pem
ends 0 '' --trust root.pem --host 192.0.2.7 chain.pem
ends 0 '' --trust root.pem chain.pem
ends 1 'RFC 9525' --trust root.pem --host www.example.org chain.pem
ends 1 'RFC 9525' --trust root.pem --ip 192.0.2.8 chain.pem
ends 1 'Class Intermediate' --trust root.pem --host www.example.test leaf.pem
ends 1 'Class Root' --trust other.pem --host www.example.test chain.pem
ends 1 'Class Root' --host www.example.test chain.pem
ends 1 '1970-01-01 00:00:05' --trust root.pem --at 5 chain.pem
ends 1 '2200' --trust root.pem --at 7258118400 chain.pem
ends 1 clientAuth --trust root.pem --client chain.pem
mkdir "$dir/roots" "$dir/empty"
cp "$dir/other.pem" "$dir/root.der" "$dir/root.key" "$dir/roots"
ends 0 '' --trust roots --host www.example.test chain.pem
ends 0 '' --trust other.pem --trust roots --untrusted roots --host www.example.test chain.pem
ends 2 'no certificate in' --trust empty chain.pem
hash=$(openssl x509 -in "$dir/root.pem" -noout -fingerprint -sha256 | cut -d= -f2)
note() { printf '# what is held against whom\n%s %s\n' "$hash" "$1" >"$dir/notes"; }
note distrust;                    ends 1 'side file' --trust root.pem --trust-notes notes chain.pem
note 'distrust-after 2020-02-29'; ends 1 '2020-02-29 23:59:59' --trust root.pem --trust-notes notes chain.pem
note 'distrust-after 2150-01-01'; ends 0 '' --trust root.pem --trust-notes notes chain.pem
note 'permit-dns example.test';   ends 0 '' --trust root.pem --trust-notes notes --host www.example.test chain.pem
note 'permit-dns bank.test';      ends 1 'bank.test' --trust root.pem --trust-notes notes --host www.example.test chain.pem
note 'distrust-after tomorrow';   ends 2 'line 2' --trust root.pem --trust-notes notes chain.pem
printf -- '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n' >"$dir/cut.pem"
ends 1 DER --trust root.pem cut.pem

cat >"$dir/ca.cnf" <<'END'
[ca]
default_ca = d
[d]
database = index.txt
crlnumber = number
default_md = sha256
default_crl_days = 30
END
# make_list NAME CA: what CA takes back by now
make_list() {
    (cd "$dir" && openssl ca -config ca.cnf -gencrl -cert "$2.pem" -keyfile "$2.key" -out "$1") \
        2>"$dir/made" || { echo "FAIL openssl makes $1"; cat "$dir/made"; exit 1; }
}
: >"$dir/index.txt"
echo 01 >"$dir/number"
make_list good.crl int
make_list root.crl root
(cd "$dir" && openssl ca -config ca.cnf -revoke leaf.pem -cert int.pem -keyfile int.key -crl_reason keyCompromise) 2>/dev/null
make_list revoked.crl int
openssl crl -in "$dir/revoked.crl" -outform DER -out "$dir/revoked.der"
head -c 200 "$dir/revoked.der" >"$dir/cut.der"
ends 0 'Not checked: whether intermediate' --trust root.pem --crl good.crl chain.pem
ends 0 'Accepted' --trust root.pem --crl good.crl --crl root.crl --need-status chain.pem
ends 1 'nothing at hand\|Nothing at hand' --trust root.pem --crl good.crl --need-status chain.pem
ends 1 'keyCompromise' --trust root.pem --crl revoked.crl chain.pem
ends 1 'keyCompromise' --trust root.pem --crl good.crl --crl revoked.der chain.pem
ends 1 'the policy 1.2.3' --trust root.pem --policy 1.2.3 chain.pem
ends 1 'cut.der' --trust root.pem --crl cut.der chain.pem
ends 2 'root.key' --trust root.pem --crl root.key chain.pem

# Who is missing was at hand, and could not be read: that is said, and not that nobody was there.
{ cat "$dir/root.der"; printf xy; } >"$dir/longer.der"
ends 1 'behind it' --trust longer.der --host www.example.test chain.pem
ends 1 'Refused: A certificate is not written as DER' --trust longer.der --host www.example.test chain.pem

# Text from outside does nothing on a terminal, and breaks no line of JSON.
make_cert evil root "/O=\"quoted\", \\\\ and $(printf '\033[31m')/CN=$(printf 'a\342\200\256b')" "${ids}subjectAltName=DNS:a.test\n"
for form in --explain --json; do
    (cd "$dir" && "$vitrine" verify --trust root.pem --untrusted evil.pem --host www.example.test $form evil.pem) >"$dir/said"
    if LC_ALL=C grep -q "$(printf '[\033]')" "$dir/said"; then echo "FAIL verify $form hands on what does something"; failed=1
    else echo "ok verify $form hands on nothing that does something"; fi
done
if command -v python3 >/dev/null; then
    if python3 -c 'import json, sys; [json.loads(line) for line in sys.stdin]' \
        <"$dir/said"; then echo "ok its lines are JSON"; else echo "FAIL a line is not JSON"; failed=1; fi
fi

ends 2 'which certificate'
ends 2 missing.pem missing.pem
ends 2 missing.pem --trust missing.pem chain.pem
ends 2 missing.pem --trust root.pem --untrusted missing.pem chain.pem
ends 2 missing.der --trust root.pem --ocsp missing.der chain.pem
ends 2 root.key root.key
ends 2 root.key --trust root.key chain.pem
ends 2 'one of' --trust root.pem --host a.test --ip 192.0.2.7 chain.pem
ends 2 'address' --trust root.pem --ip www.example.test chain.pem
ends 2 'whole number' --trust root.pem --at yesterday chain.pem
ends 2 'object identifier' --trust root.pem --policy 2.5. chain.pem
ends 2 'whole number' --trust root.pem --max-depth -1 chain.pem
ends 2 'pkix|rfc5280|web|br' --trust root.pem --profile all chain.pem
ends 2 'one argument' --trust root.pem leaf.pem int.pem
exit $failed

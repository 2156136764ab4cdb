#!/bin/sh
# revocation.sh - lists of revoked certificates and OCSP responses that openssl makes, judged by us (RFC 5280 §6.3, RFC
# 6960 §3.2): all kinds of keys, PEM and DER, reasons, stale ones, forged ones, delegates, deltas, indirect ones. Both
# judges are asked where openssl judges the same. VITRINE: how the program is called (./vitrine).
set -u
vitrine=${VITRINE:-./vitrine}
command -v openssl >/dev/null || { echo "skipped: there is no openssl to make lists with"; exit 0; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
case $vitrine in /*) ;; *) vitrine=$PWD/$vitrine ;; esac
cd "$dir" || exit 1

# says CODE WORDS ARGUMENT...: what `vitrine verify` says of leaf.pem, and the exit code
says() {
    wanted=$1 words=$2; shift 2
    "$vitrine" verify --explain --trust root.pem --untrusted int.pem "$@" leaf.pem >said 2>&1
    code=$?
    if [ $code = "$wanted" ] && grep -q -e "$words" said; then echo "ok $what: $words"
    else
        echo "FAIL $what: exit code $code, wanted $wanted and the words: $words"
        tail -30 said | sed 's/^/    /'
        failed=1
    fi
}
# agree CODE OPTION...: and openssl decides alike
agree() {
    wanted=$1; shift
    openssl verify "$@" -CAfile root.pem -untrusted int.pem leaf.pem >said 2>&1
    [ $? = 0 ] && code=0 || code=1
    if [ $code = "$wanted" ]; then echo "ok $what: openssl decides alike"
    else echo "FAIL $what: openssl decides otherwise"; sed 's/^/    /' said; failed=1; fi
}
# key NAME KIND; certificate NAME ISSUER SUBJECT EXTENSIONS
key() {
    case $2 in
    rsa) openssl genrsa -out "$1.key" 2048 ;;
    pss) openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha256 \
             -pkeyopt rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:32 -out "$1.key" ;;
    ed25519) openssl genpkey -algorithm ed25519 -out "$1.key" ;;
    *)   openssl ecparam -genkey -name "$2" -noout -out "$1.key" ;;
    esac 2>/dev/null
}
certificate() {
    printf "$4" >ext
    openssl req -new -key "$1.key" -subj "$3" -out csr 2>made &&
    if [ "$1" = "$2" ]; then openssl x509 -req -in csr -signkey "$1.key" -days 3650 -extfile ext -out "$1.pem"
    else openssl x509 -req -in csr -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days 90 -extfile ext -out "$1.pem"
    fi 2>>made || { echo "FAIL openssl makes $1"; cat made; exit 1; }
}
cat >ca.cnf <<'END'
[ca]
default_ca = one
[one]
database = index.txt
default_md = sha256
crlnumber = number
crl_extensions = plain
[plain]
authorityKeyIdentifier = keyid
[user_only]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical, @user
[user]
fullname = URI:http://crl.example.test/one.crl
onlyuser = TRUE
[ca_only]
issuingDistributionPoint = critical, @cas
[cas]
onlyCA = TRUE
[indirect]
issuingDistributionPoint = critical, @others
[others]
indirectCRL = TRUE
[reasons]
issuingDistributionPoint = critical, @some
[some]
onlysomereasons = keyCompromise, CACompromise
END
# list FILE SECTION ARGUMENT...: a list of the intermediate, of whoever stands in index.txt; EXTENSIONS of ca.cnf
list() {
    file=$1 section=$2; shift 2
    [ -f number ] || echo 10 >number
    openssl ca -gencrl -config ca.cnf -crlexts "$section" -cert int.pem -keyfile int.key "$@" -out "$file" 2>made ||
        { echo "FAIL openssl makes a list"; cat made; exit 1; }
}
index() { : >index.txt.attr; : >index.txt; [ $# = 0 ] || printf '%s\n' "$1" >index.txt; }
ca='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n'
user='keyUsage=critical,digitalSignature\ncrlDistributionPoints=URI:http://crl.example.test/one.crl\n'

key root prime256v1
certificate root root "/O=Class/CN=Class Root" "$ca"
for kind in rsa pss secp384r1 secp521r1 ed25519 prime256v1; do
    key int $kind
    certificate int root "/O=Class/CN=Class Intermediate" "${ca}authorityKeyIdentifier=keyid\n"
    key leaf prime256v1
    certificate leaf int "/CN=www.example.test" "$user"
    serial=$(openssl x509 -in leaf.pem -noout -serial | cut -d= -f2)
    index
    what="a list signed with $kind"
    list list.pem plain -crldays 3
    says 0 'not on the list' --crl list.pem
    index "$(printf 'R\t301231000000Z\t240101000000Z,keyCompromise\t%s\tunknown\t/CN=www.example.test' "$serial")"
    list revoked.pem plain -crldays 3
    says 1 'revoked at 2024-01-01 00:00:00 UTC: keyCompromise' --crl revoked.pem
done
what="a list that revokes"; agree 1 -crl_check -CRLfile revoked.pem
what="a list without it";   agree 0 -crl_check -CRLfile list.pem
openssl crl -in revoked.pem -outform DER -out revoked.der
what="in DER";              says 1 'keyCompromise' --crl revoked.der
what="both, the newer one counts"; says 1 'keyCompromise' --crl list.pem --crl revoked.pem
what="nobody says anything of the CA"; says 0 'whether intermediate .* is revoked' --crl list.pem
what="status wanted of all";       says 1 'none of CN=Class Root' --crl list.pem --need-status
what="stale"
says 1 'held until' --crl list.pem --at $(($(date +%s) + 864000))
for section in user_only ca_only indirect reasons; do
    index
    list $section.pem $section -crldays 3
done
what="for users, at this point";   says 0 'not on the list' --crl user_only.pem
agree 0 -crl_check -CRLfile user_only.pem
what="for CAs alone";              says 0 'about others of its certificates' --crl ca_only.pem
what="for CAs alone, wanted";      says 1 'about others of its certificates' --crl ca_only.pem --need-status
what="indirect";                   says 1 'an indirect list' --crl indirect.pem
what="for some reasons";           says 0 'keyCompromise, cACompromise' --crl reasons.pem
openssl crl -in list.pem -outform DER -out forged.der
printf '\001' | dd of=forged.der bs=1 seek=$(($(wc -c <forged.der) - 3)) conv=notrunc 2>/dev/null
what="forged";                     says 1 'signature' --crl forged.der; agree 1 -crl_check -CRLfile forged.der

# A certificate whose lists another CA is to publish
key elsewhere prime256v1
certificate elsewhere int "/CN=elsewhere.example.test" \
    'crlDistributionPoints=p\n[p]\nfullname=URI:http://crl.example.test/\nCRLissuer=dirName:n\n[n]\nCN=Another CA\n'
cp leaf.pem usual.pem; cp elsewhere.pem leaf.pem
what="lists of another CA"
says 1 "its lists are another CA's (cRLIssuer)" --crl indirect.pem --need-status
cp usual.pem leaf.pem

# OCSP: by the CA itself, by a delegate, for the revoked, for a stranger
key responder prime256v1
certificate responder int "/CN=Responder" "keyUsage=digitalSignature\nextendedKeyUsage=OCSPSigning\n"
key stranger prime256v1
certificate stranger int "/CN=Stranger" "keyUsage=digitalSignature\nextendedKeyUsage=serverAuth\n"
answer() {  # answer FILE SIGNER ARGUMENT...
    file=$1 signer=$2; shift 2
    openssl ocsp -issuer int.pem -cert leaf.pem -no_nonce -reqout ask.der >/dev/null 2>&1
    openssl ocsp -index index.txt -rsigner "$signer.pem" -rkey "$signer.key" -CA int.pem -reqin ask.der \
        -respout "$file" "$@" >made 2>&1 || { echo "FAIL openssl answers"; cat made; exit 1; }
}
index "$(printf 'V\t301231000000Z\t\t%s\tunknown\t/CN=www.example.test' "$serial")"
answer good.der int -ndays 2;           what="the CA answers";        says 0 'good, as of' --ocsp good.der
answer by.der responder -ndays 2;       what="a delegate answers";    says 0 'good, as of' --ocsp by.der
answer key.der responder -resp_key_id;  what="by the key's hash";     says 0 'good, as of' --ocsp key.der
answer strange.der stranger -ndays 2;   what="a stranger answers";   says 1 'nor anybody named by it' --ocsp strange.der
what="an old answer";                   says 1 'one that held until' --ocsp good.der --at $(($(date +%s) + 864000))
index "$(printf 'R\t301231000000Z\t240101000000Z,superseded\t%s\tunknown\t/CN=www.example.test' "$serial")"
answer revoked-by.der int -ndays 2;     what="the CA says revoked";   says 1 'UTC: superseded' --ocsp revoked-by.der
if grep -q 'leaf .* is revoked' said; then echo "FAIL $what, and is said not to be at hand"; failed=1
else echo "ok $what, and is not said not to be at hand"; fi
index
answer unknown.der int -ndays 2;        what="the CA does not know";  says 1 'knows nothing of it' --ocsp unknown.der
exit $failed

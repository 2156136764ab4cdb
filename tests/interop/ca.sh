#!/bin/sh
# ca.sh - `vitrine ca` and what openssl makes of it: chains of every kind of key, keys in every form, extensions, lists
# and responses; what is spoiled, judged by `vitrine verify`; exercises and their answers; refusals.
set -u
vitrine=$(realpath "${VITRINE:-${BUILD:-build}/vitrine}")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir" || exit 1
failed=0
ok()   { echo "ok ca: $1"; }
fail() { echo "FAIL ca: $1"; failed=1; sed 's/^/    /' "$dir/log" | tail -12; }
try()  { what=$1; shift; if "$@" >"$dir/log" 2>&1; then ok "$what"; else fail "$what"; fi; }
ca()   { "$vitrine" ca "$@" --at 1790000000 --lang en; }
has()  { grep -q "$1" "$dir/log" || { echo "no $1" >>"$dir/log"; return 1; }; }
# The verdict's ground of a chain for a host, "accepted" where there is none.
ground() {
    "$vitrine" verify --json --at 1790000000 --trust "$1" --host "$2" "$3" >"$dir/verdict" 2>&1
    sed -n 's/.*"verdict":"accepted".*/accepted/p; s/.*"verdict":"refused","fault":"\([^"]*\)".*/\1/p' "$dir/verdict"
}

# ---- what is in a directory
first() {
    ca init --dir d && ca issue --dir d --ca --name int --subject '/O=Lesson/CN=Int' --path-len 0 &&
        ca issue --dir d --issuer int --san dns:www.example.test,ip:10.0.0.80
}
try "a root, an intermediate and a leaf" first
modes() { [ "$(stat -c %a d/ca.key d/int.key d/www.example.test.key | sort -u)" = 600 ] && [ "$(grep -c '^V' d/index.txt)" = 3 ]; }
try "keys are for their owner alone, the index has a line a certificate" modes
accepted() { [ "$(ground d/ca.pem www.example.test d/www.example.test.chain.pem)" = accepted ] || { cat verdict; return 1; }; }
try "verify accepts what was issued" accepted

# ---- refusals: one sentence, exit code 2, nothing written
refuses() {
    what=$1; shift
    ca "$@" --dir d >out 2>log; code=$?
    if [ $code = 2 ] && [ "$(wc -l <log)" = 1 ] && [ ! -s out ]; then ok "refuses $what"; else
        echo "exit code $code" >>log; fail "refuses $what"; fi
}
cp -r d before
refuses "a second CA in one directory" init
refuses "a certificate for nobody" issue
refuses "a name twice" issue --san dns:www.example.test
refuses "an issuer that is not there" issue --san dns:a.test --issuer nobody
refuses "an issuer that is not an address" issue --san ip:1.2.3.4.5
refuses "an OID that is none" issue --san dns:a.test --policy 1.99999
refuses "an extension that is not hex" issue --san dns:a.test --ext 1.2.3=0g
refuses "a spoiler that is not there" issue --san dns:a.test --spoil rotten
refuses "a chain's spoiler for one certificate" issue --san dns:a.test --spoil loop
refuses "a leaf with constraints" issue --san dns:a.test --permit dns:test
refuses "SEC 1 for an RSA key" issue --san dns:a.test --key-kind rsa:2048 --key-form sec1
refuses "PSS with a key on a curve" issue --san dns:a.test --hash pss-sha256
refuses "a reason that is none" revoke int --reason mood
refuses "to revoke what is not there" revoke a.test
refuses "an exercise without a seed" exercise
refuses "a verb that is none" rejoice
try "nothing was written where it refused" diff -r d before

# ---- the same seed, the same octets
seeds() {
    for n in 1 2; do
        ca init --seed 5 --dir "s$n" && ca issue --seed 5 --dir "s$n" --san dns:a.test --key-kind rsa:2048 &&
            ca issue --seed 5 --dir "s$n" --san dns:b.test --name b || return 1
    done
    grep -q 'everybody has them' "$dir/log" && diff -r s1 s2 && ! cmp -s s1/ca.key s1/b.key
}
try "the same seed gives the same files, and it is said that everybody has the keys" seeds

# ---- what is spoiled (tests/sim/verify_words.sh has all ways)
spoil() {
    [ "$(ca spoil --list | wc -l)" -ge 40 ] || return 1
    for row in expired:x509.expired loop:x509.unknown_root revoked:x509.revoked wrong-order:accepted; do
        line=$("$vitrine" ca spoil "${row%%:*}" --dir "p-${row%%:*}" --at 1790000000 --lang en | sed -n 's/^vitrine //p')
        # shellcheck disable=SC2086
        "$vitrine" $line --json >verdict
        grep -q "\"fault\":\"${row#*:}\"" verdict || { grep -q '"verdict":"accepted"' verdict && [ "${row#*:}" = accepted ]; } ||
            { echo "${row%%:*}"; cat verdict; return 1; }
    done
}
try "chains that are spoiled, with the line that judges them" spoil

# One certificate, under a CA of another kind, and as a CA above a leaf.
spoiled_leaf() {
    ca issue --dir r --san dns:www.example.test --name "$1" --spoil "$1" >/dev/null 2>&1 || { echo "$1: not made"; return; }
    found=$(ground r/ca.pem www.example.test "r/$1.chain.pem")
    [ "$found" = "$2" ] || echo "$1: $2 was foretold, $found it is"
}
spoiled_ca() {
    ca issue --dir r --ca --subject '/O=Lesson/CN=A CA' --san dns:www.example.test --name "$1" --spoil "$1" >/dev/null 2>&1 &&
        ca issue --dir r --issuer "$1" --san dns:www.example.test,ip:10.0.0.80 --name "$1-leaf" >/dev/null 2>&1 ||
        { echo "$1: not made"; return; }
    found=$(ground r/ca.pem www.example.test "r/$1-leaf.chain.pem")
    [ "$found" = "$2" ] || echo "$1: $2 was foretold, $found it is"
}
ca init --dir r --key-kind rsa:2048 >/dev/null
{
    for row in wildcard-partial:wrong_name nul-in-name:wrong_name signature-other-key:bad_signature weak-hash-sha1:weak_hash \
               point-off-curve:key_algorithm wrong-inner-algorithm:algorithm negative-serial:serial; do
        spoiled_leaf "${row%:*}" "x509.${row#*:}"
    done
    for row in missing-ca-bit:not_ca nc-excluded:name_constraint ca-expired:expired; do spoiled_ca "${row%:*}" "x509.${row#*:}"; done
} >"$dir/log" 2>&1
if [ -s "$dir/log" ]; then fail "certificates issued spoiled, under RSA"; else ok "certificates issued spoiled, under RSA"; fi

# ---- exercises
exercise() {
    for seed in 1 2; do
        "$vitrine" ca exercise --seed $seed --dir "e$seed" --lang en --count 12 >/dev/null 2>&1 || return 1
        (cd "e$seed" && awk '/^(Trust|Do not trust)/ { trust = /^Trust/; ground = "accepted" }
             /^> .*`/ { split($0, part, "`"); ground = part[2] } /^    vitrine verify/ { sub(/^ *vitrine /, ""); print ground, $0 }' answers.md) >answers
        [ "$(wc -l <answers)" = 12 ] || return 1
        grep -q '^accepted' answers && grep -q '^x509' answers || return 1
        while read -r wanted line; do
            # shellcheck disable=SC2086
            found=$(cd "e$seed" && "$vitrine" $line --json | sed -n 's/.*"verdict":"accepted".*/accepted/p; s/.*"verdict":"refused","fault":"\([^"]*\)".*/\1/p')
            [ "$found" = "$wanted" ] || { echo "$line: $wanted was foretold, $found it is"; return 1; }
        done <answers
    done
    ! cmp -s e1/answers.md e2/answers.md && ! grep -q 'Trust it\|x509\.' e1/exercise.md || return 1
    "$vitrine" ca exercise --seed 1 --dir again --lang en --count 12 >/dev/null 2>&1 && diff -r e1 again || return 1
    "$vitrine" ca exercise --seed 1 --dir zh --lang zh --count 12 >/dev/null 2>&1 && cmp e1/01-chain.pem zh/01-chain.pem &&
        grep -q '你会信任' zh/exercise.md && grep -q '不可信任' zh/answers.md
}
try "an exercise's answers agree with verify, and follow from the seed, in both languages" exercise

command -v openssl >/dev/null 2>&1 || { echo "skipped: ca: no openssl here"; exit $failed; }
strict() { openssl verify -x509_strict -attime 1790000000 -purpose sslserver "$@"; }

# ---- every kind of key signs and is signed
kinds() {
    for kind in rsa:2048 p256 p384 p521 ed25519; do
        name=$(echo $kind | tr -d :)
        ca init --dir "k$name" --key-kind $kind &&
            ca issue --dir "k$name" --ca --name int --subject '/CN=Int' --key-kind $kind &&
            ca issue --dir "k$name" --issuer int --san dns:www.example.test --key-kind $kind &&
            openssl x509 -in "k$name/www.example.test.pem" -noout -text &&
            strict -CAfile "k$name/ca.pem" -untrusted "k$name/int.pem" -verify_hostname www.example.test "k$name/www.example.test.pem" &&
            openssl pkey -in "k$name/www.example.test.key" -noout -check || return 1
        [ "$(ground "k$name/ca.pem" www.example.test "k$name/www.example.test.chain.pem")" = accepted ] || [ $kind = ed25519 ] || return 1
        [ "$(openssl pkey -in "k$name/www.example.test.key" -pubout)" = "$(openssl x509 -in "k$name/www.example.test.pem" -noout -pubkey)" ] || return 1
    done
}
try "openssl accepts a chain of each kind of key, and reads its key" kinds

forms() {
    ca issue --dir krsa2048 --san dns:one.test --key-kind rsa:2048 --key-form pkcs1 --hash pss-sha384 &&
        grep -q 'BEGIN RSA PRIVATE KEY' krsa2048/one.test.key && openssl rsa -in krsa2048/one.test.key -noout -check &&
        ca issue --dir krsa2048 --san dns:two.test --key-kind p384 --key-form sec1 --hash sha512 &&
        grep -q 'BEGIN EC PRIVATE KEY' krsa2048/two.test.key && openssl ec -in krsa2048/two.test.key -noout -check &&
        strict -CAfile krsa2048/ca.pem krsa2048/one.test.pem krsa2048/two.test.pem &&
        openssl x509 -in krsa2048/one.test.pem -noout -text && has rsassaPss
}
try "PKCS #1 and SEC 1, RSASSA-PSS and another hash" forms

# ---- keys of others
requests() {
    for kind in rsa:2048 'ec -pkeyopt ec_paramgen_curve:P-384' ed25519; do
        # shellcheck disable=SC2086
        openssl req -new -newkey $kind -nodes -keyout q.key -out q.csr -subj /O=X/CN=a.test \
            -addext subjectAltName=DNS:a.test,IP:10.0.0.1 -addext basicConstraints=CA:TRUE &&
            ca issue --dir d --csr q.csr --name "q-${kind%%[: ]*}" && strict -CAfile d/ca.pem -verify_ip 10.0.0.1 "d/q-${kind%%[: ]*}.pem" &&
            openssl x509 -in "d/q-${kind%%[: ]*}.pem" -noout -text && has 'CA:FALSE' && has 'O = X, CN = a.test' &&
            [ "$(openssl pkey -in q.key -pubout)" = "$(openssl x509 -in "d/q-${kind%%[: ]*}.pem" -noout -pubkey)" ] || return 1
    done
    [ ! -e d/q-rsa.key ] && ! ca issue --dir d --csr d/ca.pem --name none
}
try "requests of openssl are certified, for their names and nothing more" requests

# ---- a key under a pass phrase
secret() {
    echo "open sesame" >phrase
    ca init --dir x --encrypt --pass file:phrase && grep -q 'ENCRYPTED' x/ca.key &&
        openssl pkey -in x/ca.key -passin file:phrase -noout &&
        ca issue --dir x --san dns:a.test --pass file:phrase &&
        strict -CAfile x/ca.pem x/a.test.pem && ! ca issue --dir x --san dns:b.test --pass env:NOBODY
}
try "a CA's key under a pass phrase" secret

# ---- what a certificate can say
says() {
    ca issue --dir d --ca --name all --subject '/C=CN/O=Lesson/CN=All' --permit 'dns:example.test,ip:10.0.0.0/8,ip:2001:db8::/32,email:b.test,uri:.c.test,dir:/O=X' \
        --exclude dns:bad.example.test --policy 2.23.140.1.2.1,any --map 2.23.140.1.2.1=1.2.3.4 --require-policy 3 --no-mapping 2 \
        --no-any-policy 1 --crl-uri http://crl.test/a --ocsp-uri http://ocsp.test/ --issuer-uri http://ca.test/a --path-len 2 \
        --days 10 &&
        ca issue --dir d --name leaf --san 'dns:a.test,ip:::1,email:a@b.test,uri:https://c.test/x,dir:/O=X/CN=Y' --eku server,client,1.2.3.4 \
            --usage digitalSignature,keyAgreement --must-staple --ext 1.3.6.1.4.1.55738.1,critical=0500 --ext 1.3.6.1.4.1.55738.2=0c0161 &&
        openssl x509 -in d/all.pem -noout -text && openssl x509 -in d/leaf.pem -noout -text
    for word in DNS:example.test IP:10.0.0.0/255.0.0.0 'IP:2001:DB8:0:0:0:0:0:0/FFFF:FFFF' email:b.test URI:.c.test 'DirName:O = X' DNS:bad.example.test \
        'Policy: 2.23.140.1.2.1' 'Policy: X509v3 Any Policy' '2.23.140.1.2.1:1.2.3.4' 'Require Explicit Policy:3' \
        'Inhibit Policy Mapping:2' 'Inhibit Any Policy' URI:http://crl.test/a 'OCSP - URI:http://ocsp.test/' 'CA Issuers - URI' 'pathlen:2' \
        'C = CN, O = Lesson, CN = All' 'DNS:a.test, IP Address:0:0:0:0:0:0:0:1, email:a@b.test, URI:https://c.test/x, DirName:' \
        'TLS Web Server Authentication, TLS Web Client Authentication, 1.2.3.4' 'Digital Signature, Key Agreement' status_request \
        '1.3.6.1.4.1.55738.1: critical' '1.3.6.1.4.1.55738.2:' 'Oct  1 14:13:19 2026'; do
        has "$word" || return 1
    done
}
try "openssl reads every extension that can be asked for" says

# ---- taking back
status() {
    ca revoke d/www.example.test.pem --dir d --reason keyCompromise && ca crl --dir d --issuer int && ca crl --dir d &&
        ca ocsp www.example.test --dir d && ca ocsp int --dir d && openssl crl -in d/int.crl -noout -text &&
        has 'Key Compromise' && cat d/ca.pem d/int.pem d/ca.crl d/int.crl >all.pem &&
        ! strict -crl_check_all -CAfile all.pem d/www.example.test.pem && has 'certificate revoked' &&
        openssl ocsp -respin d/www.example.test.ocsp -issuer d/int.pem -cert d/www.example.test.pem -CAfile d/ca.pem -no_nonce -validity_period 99999999 &&
        has 'www.example.test.pem: revoked' && has 'Response verify OK' &&
        openssl ocsp -respin d/int.ocsp -issuer d/ca.pem -cert d/int.pem -CAfile d/ca.pem -no_nonce -validity_period 99999999 && has 'int.pem: good' &&
        ! ca revoke www.example.test --dir d
}
try "openssl reads the list and the response, and finds the leaf revoked" status
for file in --crl=d/int.crl --ocsp=d/www.example.test.ocsp; do
    "$vitrine" verify --json --at 1790000001 --trust d/ca.pem --host www.example.test "$file" d/www.example.test.chain.pem >log 2>&1
    if has '"fault":"x509.revoked"'; then ok "verify finds it revoked by ${file%%=*}"; else fail "verify finds it revoked by ${file%%=*}"; fi
done
exit $failed

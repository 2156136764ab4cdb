#!/bin/sh
# keys.sh - private keys from program to program: OpenSSL and certtool read what we write, in every form, also
# encrypted, and we read what they write. Then keys_versus: many keys, each signing for the other side. Last, --pass and
# the prompt of get.
set -u
build=${BUILD:-build}
vitrine=${VITRINE:-$build/vitrine}
make -s BUILD="$build" key-tools || exit 1
tool=$build/tests/tools/key_tool
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
failed=0
has() { command -v "$1" >/dev/null 2>&1; }
# say WHAT COMMAND...: ok where the command succeeds
say() {
    what=$1
    shift
    if "$@" >"$dir/out" 2>&1; then
        echo "ok keys: $what"
    else
        echo "FAIL keys: $what"
        tail -5 "$dir/out" | sed 's/^/    /'
        failed=1
    fi
}

# Ours, read and checked by them; the public half is the one that we see in it.
theirs_take() {  # KIND FORM SEED
    "$tool" make "$1" "$2" "$3" "secret" >"$dir/ours.pem" && "$tool" public "$dir/ours.pem" secret >"$dir/ours.pub" || return 1
    openssl pkey -in "$dir/ours.pem" -passin pass:secret -check -noout || return 1
    openssl pkey -in "$dir/ours.pem" -passin pass:secret -pubout | cmp - "$dir/ours.pub" || return 1
    if [ "$2" != encrypted ]; then openssl asn1parse -in "$dir/ours.pem" >/dev/null || return 1; fi
    if has certtool; then
        certtool --key-info --infile "$dir/ours.pem" --password secret </dev/null || return 1
    fi
}
# Theirs, read by us.
we_take() {  # FILE [PASS]
    openssl pkey -in "$1" -passin "pass:${2-}" -pubout >"$dir/theirs.pub" && "$tool" public "$@" | cmp - "$dir/theirs.pub"
}
refused() {  # GROUND FILE [PASS]
    ground=$1
    shift
    "$tool" public "$@" 2>"$dir/why"
    [ $? -eq 58 ] && grep -q "^$ground:" "$dir/why" || { cat "$dir/why"; return 1; }
}

if has openssl; then
    seed=1
    for kind in rsa-2048 rsa-3072 rsa-4096 rsa-pss-2048 p256 p384 p521 ed25519; do
        forms="pkcs8"
        case $kind in rsa-2048 | p384) forms="pkcs8 own encrypted" ;; rsa-[34]* | p*) forms="pkcs8 own" ;; esac
        for form in $forms; do
            say "OpenSSL and certtool read our $kind as $form" theirs_take $kind $form $seed
        done
        seed=$((seed + 1))
    done

    openssl genpkey -algorithm RSA -out "$dir/rsa.pem" 2>/dev/null
    openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_pss_keygen_md:sha384 -pkeyopt rsa_pss_keygen_mgf1_md:sha384 \
        -pkeyopt rsa_pss_keygen_saltlen:48 -out "$dir/pss.pem" 2>/dev/null
    for curve in P-256 P-384 P-521; do
        openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:$curve -out "$dir/$curve.pem" 2>/dev/null
        openssl ec -in "$dir/$curve.pem" -out "$dir/$curve-sec1.pem" 2>/dev/null
    done
    openssl genpkey -algorithm ED25519 -out "$dir/ed25519.pem"
    openssl rsa -in "$dir/rsa.pem" -traditional -out "$dir/rsa-pkcs1.pem" 2>/dev/null
    for file in rsa rsa-pkcs1 pss P-256 P-256-sec1 P-384 P-384-sec1 P-521 P-521-sec1 ed25519; do
        say "we read OpenSSL's $file" we_take "$dir/$file.pem"
    done

    for way in "-v2 aes-256-cbc" "-v2 aes-128-cbc -v2prf hmacWithSHA1" "-v2 aes-256-cbc -v2prf hmacWithSHA384" \
        "-v2 aes-128-cbc -v2prf hmacWithSHA512 -iter 50000" "-scrypt"; do
        # shellcheck disable=SC2086
        openssl pkcs8 -topk8 $way -in "$dir/P-256.pem" -passout pass:secret -out "$dir/sealed.pem"
        say "we read what openssl pkcs8 $way encrypted" we_take "$dir/sealed.pem" secret
    done
    say "a wrong pass phrase is told" refused x509.key_password "$dir/sealed.pem" Secret
    say "nobody to ask is told" refused x509.key_encrypted "$dir/sealed.pem"
    openssl pkcs8 -topk8 -v2 des3 -in "$dir/P-256.pem" -passout pass:secret -out "$dir/des3.pem"
    say "triple DES is refused by name" refused x509.key_cipher "$dir/des3.pem" secret
    openssl ec -in "$dir/P-256.pem" -aes256 -passout pass:secret -out "$dir/proc.pem" 2>/dev/null
    say "the old encryption of PEM is refused by name" refused x509.key_encrypted "$dir/proc.pem" secret
else
    echo "skipped: keys: no openssl"
fi

if has certtool && has openssl; then
    for kind in "--key-type rsa --bits 2048" "--key-type rsa-pss --bits 2048 --hash sha256 --salt-size 32" \
        "--key-type ecdsa --curve secp384r1" "--key-type eddsa --curve ed25519"; do
        # shellcheck disable=SC2086
        certtool --generate-privkey $kind --outfile "$dir/gnutls.pem" >/dev/null 2>&1
        say "we read certtool's $kind" we_take "$dir/gnutls.pem"
        sed -n '/^-----BEGIN/,$p' "$dir/gnutls.pem" >"$dir/gnutls-only.pem"
    done
    certtool --to-p8 --load-privkey "$dir/gnutls-only.pem" --password secret --pkcs-cipher aes-128 --outfile "$dir/p8.pem" \
        >/dev/null 2>&1
    say "we read what certtool encrypted" we_take "$dir/p8.pem" secret
else
    echo "skipped: keys: no certtool"
fi

# --pass, and the prompt. Nobody listens at that port: 7 says that the key was opened, 58 that it was not.
get() {  # CODE WHERE
    P=secret Q=Secret "$vitrine" get --cert "$dir/cert.pem" --key "$dir/key.pem" --pass "$2" https://127.0.0.1:9/ \
        <"$dir/word" 2>"$dir/why"
    code=$?
    [ $code -eq "$1" ] || { echo "exit code $code"; cat "$dir/why"; return 1; }
}
if has openssl; then
    printf 'secret\r\nmore\n' >"$dir/word"
    openssl pkcs8 -topk8 -in "$dir/P-256.pem" -passout pass:secret -out "$dir/key.pem"
    openssl req -x509 -key "$dir/P-256.pem" -out "$dir/cert.pem" -subj /CN=keys 2>/dev/null
    for row in "7 env:P" "7 file:$dir/word" "7 stdin" "58 env:Q" "58 env:NOWHERE" "58 file:$dir/nowhere" "2 secret"; do
        say "get --pass ${row#* } ends with ${row%% *}" get "${row%% *}" "${row#* }"
    done
    if has python3; then
        python3 tests/interop/keys_prompt.py "$vitrine" "$dir/cert.pem" "$dir/key.pem" || failed=1
    else
        echo "skipped: keys: typed: no python3"
    fi
fi

if [ -x "$build/tests/tools/keys_versus" ]; then
    say "keys of each kind sign for OpenSSL, and its own for us" "$build/tests/tools/keys_versus" 20
else
    echo "skipped: keys: no libssl-dev"
fi
exit $failed

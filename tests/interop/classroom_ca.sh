#!/bin/sh
# classroom_ca.sh - what OpenSSL, GnuTLS and Chromium make of the classroom CA. Its private keys are public; so
# whoever trusts its root must still be safe: www.example.test is accepted, www.bank.com and 192.0.2.1 are
# refused, though signed by the CA's own intermediate.
set -u
build=${BUILD:-build}
tool=$build/tests/tools/classroom_files
[ -x "$tool" ] || make -s BUILD="$build" "$tool" || exit 1

dir=$(mktemp -d)
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
failed=0
has() { command -v "$1" >/dev/null 2>&1; }

# expect WHO NAME accepted|refused REASON COMMAND...: the command's exit code is its verdict; who refuses must
# name the reason
expect() {
    who=$1 name=$2 wanted=$3 reason=$4
    shift 4
    if "$@" >"$dir/out" 2>&1; then
        verdict=accepted
    elif grep -q "$reason" "$dir/out"; then
        verdict=refused
    else
        verdict="not judged"
    fi
    if [ "$verdict" = "$wanted" ]; then
        echo "ok classroom_ca: $who: $name is $verdict"
    else
        echo "FAIL classroom_ca: $who: $name is $verdict"
        tail -5 "$dir/out" | sed 's/^/    /'
        failed=1
    fi
}

"$tool" "$dir" "$(date +%s)" || exit 1

if has openssl; then
    by_openssl() {
        openssl verify -x509_strict -purpose sslserver -CAfile "$dir/$1-root.pem" \
            -untrusted "$dir/$1-intermediate.pem" "$3" "$4" "$dir/$1-$2.pem"
    }
    for kind in rsa p256; do
        expect "openssl, $kind" www.example.test accepted - \
            by_openssl $kind www -verify_hostname www.example.test
        expect "openssl, $kind" www.bank.com refused "permitted subtree violation" \
            by_openssl $kind bank -verify_hostname www.bank.com
        expect "openssl, $kind" 192.0.2.1 refused "excluded subtree violation" \
            by_openssl $kind ip -verify_ip 192.0.2.1
    done
else
    echo "skipped: classroom_ca: no openssl here"
fi

if has certtool; then
    by_gnutls() {
        cat "$dir/$1-$2.pem" "$dir/$1-intermediate.pem" >"$dir/chain.pem"
        certtool --verify --verify-profile medium --verify-hostname "$3" \
            --load-ca-certificate "$dir/$1-root.pem" --infile "$dir/chain.pem"
    }
    for kind in rsa p256; do
        expect "gnutls, $kind" www.example.test accepted - by_gnutls $kind www www.example.test
        expect "gnutls, $kind" www.bank.com refused "violates the signer.s constraints" \
            by_gnutls $kind bank www.bank.com
        expect "gnutls, $kind" 192.0.2.1 refused "violates the signer.s constraints" \
            by_gnutls $kind ip 192.0.2.1
    done
else
    echo "skipped: classroom_ca: no certtool here"
fi

# ---- Chromium: its own store of roots, a server of openssl's, every name resolved to this machine

# serve NAME PORT: one leaf behind openssl's own web server
serve() {
    cat "$dir/p256-$1.pem" "$dir/p256-intermediate.pem" >"$dir/chain.pem"
    openssl s_server -quiet -www -accept "127.0.0.1:$2" -cert "$dir/p256-$1.pem" \
        -cert_chain "$dir/chain.pem" -key "$dir/p256-leaf.key" >/dev/null 2>&1 &
    server=$!
    for _ in $(seq 150); do
        openssl s_client -connect "127.0.0.1:$2" </dev/null >/dev/null 2>&1 && return
        sleep 0.2
    done
}
# The page of openssl's server has "Ciphers supported" in it; a refusal is a page of Chromium's own.
by_chromium() {
    HOME=$dir/home timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$dir/profile" --dump-dom \
        --host-resolver-rules="MAP * 127.0.0.1:$2" \
        "https://$1/" >"$dir/page" 2>"$dir/chromium"
    cat "$dir/chromium"
    grep -q 'Ciphers supported' "$dir/page"
}

if has chromium && has certutil && has openssl; then
    mkdir -p "$dir/home/.pki/nssdb" &&
        certutil -d "sql:$dir/home/.pki/nssdb" -N --empty-password &&
        certutil -d "sql:$dir/home/.pki/nssdb" -A -t C,, -n classroom -i "$dir/p256-root.pem" || exit 1
    port=$((20000 + $$ % 20000))
    for row in www:www.example.test:accepted bank:www.bank.com:refused ip:192.0.2.1:refused; do
        name=${row#*:}
        port=$((port + 1))
        serve "${row%%:*}" $port
        expect chromium "${name%:*}" "${row##*:}" 'ERR_CERT_\|net_error -20' by_chromium "${name%:*}" $port
        kill "$server" 2>/dev/null
        wait "$server" 2>/dev/null
        server=
    done
else
    echo "skipped: classroom_ca: chromium, certutil (libnss3-tools) or openssl is not here"
fi
exit $failed

#!/bin/sh
# serve.sh - `vitrine serve` over the kernel's sockets, and everybody's clients: curl, python, openssl, headless Chromium.
#
#   tests/interop/serve.sh [PICTURE]       PICTURE: where Chromium's screenshot goes (default: thrown away)
#
# BRIEF=1: with fewer clients at once, and no browser.
# Only 127.0.0.1 and ports that are free; everything lies in a folder that ends with this script.
set -u
picture=${1:-}
vitrine=$(realpath "${VITRINE:-./vitrine}")
here=$(cd "$(dirname "$0")" && pwd)
for need in curl openssl python3; do
    command -v $need >/dev/null 2>&1 || { echo "skipped: serve: no $need here"; exit 0; }
done

dir=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null; wait 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
failed=0
ok()   { echo "ok serve: $1"; }
fail() { echo "FAIL serve: $1"; failed=1; shift; for f in "$@"; do sed 's/^/    /' "$f" | tail -20; done; }
is()   { if [ "$2" = "$3" ]; then ok "$1"; else echo "have: $2" >"$dir/differ"; echo "want: $3" >>"$dir/differ"; fail "$1" "$dir/differ"; fi; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# ---- what is served, and what lies beside it
cd "$dir" || exit 1
mkdir -p "root/with index" root/plain root/empty outside run
echo 'a page of vitrine serve' >root/index.html
echo 'the index inside' >"root/with index/index.html"
echo one >'root/plain/a file with spaces & <odd> "signs"'
echo two >root/plain/ä.txt
echo hidden >root/plain/.hidden
: >root/nothing.txt
head -c 3000000 /dev/urandom >root/big.bin
echo 'outside the root' >outside/secret.txt
ln -s ../../outside/secret.txt root/plain/climbing
ln -s "$dir/outside/secret.txt" root/plain/absolute
ln -s ../outside root/way-out
ln -s a\ file\ with\ spaces\ \&\ \<odd\>\ \"signs\" root/plain/inside
mkfifo root/plain/fifo
echo mine >root/mine.txt && chmod 600 root/mine.txt

# ---- a fresh CA, in the folder where it is started
port=$(free_port)
cd run || exit 1
"$vitrine" serve --root ../root --listen 127.0.0.1:"$port" >out 2>err &
server=$!
for _ in $(seq 300); do grep -q Serving out 2>/dev/null && break; sleep 0.1; done
url=https://localhost:$port
get() { curl -sS --max-time 20 --cacert vitrine-ca.pem "$@"; }

grep -q "Serving ../root at https://localhost:$port/" out && ok "it says where it serves" || fail "it does not say where" out err
is "the CA's key is its owner's alone" "$(stat -c %a vitrine-ca.key)" 600
grep -q vitrine-ca.key err && ok "and it says so on stderr" || fail "nothing on stderr about the key" err
openssl verify -CAfile vitrine-ca.pem vitrine-ca.pem >/dev/null 2>&1 && ok "openssl reads the CA" || fail "openssl does not read the CA"
openssl x509 -in vitrine-ca.pem -noout -checkend 90000 >/dev/null 2>&1 && fail "the CA lasts more than a day" || ok "the CA lasts a day at most"

is "curl, a page" "$(get "$url/")" "a page of vitrine serve"
is "curl, by address" "$(get "https://127.0.0.1:$port/")" "a page of vitrine serve"
get "$url/big.bin" -o big && cmp -s big ../root/big.bin && ok "curl, 3 MB" || fail "curl, 3 MB"
is "curl, an empty file" "$(get "$url/nothing.txt" -w '%{http_code} %{size_download}')" "200 0"
is "HEAD has the length and no body" "$(get -I "$url/big.bin" | tr -d '\r' | sed -n 's/^[Cc]ontent-[Ll]ength: //p; s/^HTTP\/1.1 //p' | tr '\n' ' ')" "200 OK 3000000 "
is "404" "$(get -o /dev/null -w '%{http_code}' "$url/nowhere")" 404
is "405" "$(get -o /dev/null -w '%{http_code}' -d x=1 "$url/")" 405
is "405 says what is allowed" "$(get -i -X DELETE "$url/" | tr -d '\r' | grep -ic '^allow:.*GET')" 1
is "two URLs, one connection" "$(get "$url/" "$url/plain/ä.txt" -w '%{num_connects} ' -o /dev/null -o /dev/null)" "1 0 "
is "a directory without its slash" "$(get -o /dev/null -w '%{http_code} %{redirect_url}' "$url/with%20index")" "301 $url/with%20index/"
is "its index" "$(get -L "$url/with%20index")" "the index inside"
is "percent-encoded" "$(get "$url/plain/%61%20file%20with%20spaces%20%26%20%3Codd%3E%20%22signs%22")" one
is "percent-encoded UTF-8" "$(get "$url/plain/%C3%A4.txt")" two
is "a type" "$(get -o /dev/null -w '%{content_type}' "$url/plain/ä.txt")" "text/plain; charset=utf-8"
is "a link inside the root" "$(get "$url/plain/inside")" one
get "$url/plain/" >listing
grep -q 'href="./a%20file%20with%20spaces%20%26%20%3Codd%3E%20%22signs%22"' listing && grep -q '&#60;odd&#62;' listing &&
    ok "a listing, made harmless" || fail "the listing" listing
grep -q hidden listing && fail "the listing shows hidden files" || ok "hidden files are not listed"
is "an empty listing" "$(get -o /dev/null -w '%{http_code}' "$url/empty/")" 200
is "a pipe is no page" "$(get -o /dev/null -w '%{http_code}' "$url/plain/fifo")" 403
is "a file of mode 0600" "$(get "$url/mine.txt")" mine
ln vitrine-ca.key ../root/ca.key
is "the CA's key, by whatever name" "$(get -o /dev/null -w '%{http_code}' "$url/ca.key")" 403

# ---- out of the root
for way in /../outside/secret.txt /plain/../../outside/secret.txt /%2e%2e/outside/secret.txt /plain/%2e%2e/%2e%2e/outside/secret.txt \
           /..%2foutside%2fsecret.txt /%2e%2e%2foutside/secret.txt /plain/climbing /plain/absolute /way-out/secret.txt /way-out/ \
           //outside/secret.txt /plain/..%5c..%5coutside "$dir/outside/secret.txt" /proc/self/root/etc/passwd; do
    get --path-as-is -i "$url$way" >answer 2>&1
    if grep -q 'outside the root\|root:x:' answer || ! grep -q '^HTTP/1.1 40[034]' answer
    then fail "out of the root by $way" answer; else ok "not out of the root by $way"; fi
done

# ---- many
i=0
pids=
crowd=${BRIEF:+20}
crowd=${crowd:-200}
while [ $i -lt "$crowd" ]; do
    get "$url/plain/ä.txt" -o "many.$i" 2>>many.err &
    pids="$pids $!"
    i=$((i + 1))
done
for p in $pids; do wait "$p"; done
is "$crowd curls at once" "$(cat many.[0-9]* | grep -c two)" "$crowd"

# ---- python's clients
timeout 120 python3 "$here/serve_clients.py" "$port" "$dir/run/vitrine-ca.pem" || failed=1
grep -i 'error:\|runtime error' err >/dev/null && fail "the server complains" err

# ---- a browser
if [ -n "${BRIEF:-}" ]; then :
elif command -v chromium >/dev/null 2>&1; then
    cat >../root/seen.html <<'P'
<!doctype html><title>seen</title><link rel=stylesheet href=seen.css><h1>Behind glass</h1>
<p id=said>the script has not run</p><script src=seen.js></script>
P
    echo 'h1 { color: #b04; }' >../root/seen.css
    echo 'document.getElementById("said").textContent = "a script of vitrine serve ran";' >../root/seen.js
    # Chromium believes no CA from the command line; it may be told to believe one key: the leaf's.
    pin=$(openssl s_client -connect 127.0.0.1:"$port" -servername localhost </dev/null 2>/dev/null | openssl x509 -pubkey -noout |
        openssl pkey -pubin -outform der 2>/dev/null | openssl dgst -sha256 -binary | openssl base64)
    timeout 90 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --user-data-dir="$dir/chromium" --ignore-certificate-errors-spki-list="$pin" \
        --window-size=800,400 --dump-dom --screenshot="${picture:-$dir/seen.png}" "$url/seen.html" >dom 2>chromium.err
    grep -q 'a script of vitrine serve ran' dom && [ -s "${picture:-$dir/seen.png}" ] && ok "Chromium shows a page, its style and script" ||
        fail "Chromium" dom chromium.err err
else
    echo "skipped: serve: no chromium here"
fi

# ---- the end
kill -INT $server
wait $server; code=$?
server=
is "SIGINT ends it well" "$code" 0

# ---- usage
refused() {  # refused CODE SAYS ARGUMENTS...
    want=$1 says=$2; shift 2
    timeout 10 "$vitrine" serve "$@" >out 2>err </dev/null; code=$?
    if [ $code = "$want" ] && grep -q -- "$says" err; then ok "refused: $*"; else echo "exit $code, wanted $want" >>err; fail "refused: $*" err; fi
}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout one.key -out one.pem -days 2 -subj /CN=one 2>/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout two.key -out two.pem -days 2 -subj /CN=two 2>/dev/null
refused 2 'which directory'
refused 2 'no-such-dir' --root no-such-dir
refused 2 'go together' --root . --cert one.pem --listen 127.0.0.1:"$(free_port)"
refused 58 'cannot read' --root . --cert none.pem --key one.key --listen 127.0.0.1:"$(free_port)"
refused 58 'no certificate' --root . --cert one.key --key one.key --listen 127.0.0.1:"$(free_port)"
refused 58 'does not belong' --root . --cert one.pem --key two.key --listen 127.0.0.1:"$(free_port)"
refused 2 '--listen' --root . --listen 127.0.0.1:70000
refused 2 '--listen' --root . --listen nowhere:80
python3 -c 'import socket, time; s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
print(s.getsockname()[1], flush=True); time.sleep(15)' >taken &
holder=$!
until [ -s taken ]; do sleep 0.1; done
port=$(cat taken)
before=$(cat vitrine-ca.pem)
refused 7 "port $port" --root . --listen 127.0.0.1:"$port"
is "a port that is taken costs no CA that is in use" "$(cat vitrine-ca.pem)" "$before"
kill $holder 2>/dev/null
timeout 60 python3 "$here/serve_stops.py" "$vitrine" "$dir/root" || failed=1
exit $failed

#!/bin/sh
# lossy.sh - our TCP against the kernel's over a bad wire: 1 packet in 100 is lost, 1 doubled, 1 overtakes the others,
# each way, 5 ms one way. nginx to our client, our server to curl, 3 MB each; then 20 curls at once.
#
#   tests/interop/lossy.sh [SEED]          SEED: of the wire's chance (1)
#
#   [ ours: TUN 10.9.0.1/24 -- TUN 10.8.0.1 ] === bad_wire.py === [ theirs: TUN 10.8.0.2 ]
# Everything lives in namespaces that end with this script, as in live.sh.
set -u
vitrine=${VITRINE:-./vitrine}
here=$(dirname "$0")
name=lossy needs="nginx openssl curl python3"
. tests/tools/own-network.sh

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
failed=0
ok()     { echo "ok lossy: $1"; }
fail()   { echo "FAIL lossy: $1"; failed=1; shift; for f in "$@"; do sed 's/^/    /' "$f" | tail -20; done; }
theirs() { ip netns exec theirs "$@"; }
await()  { for _ in $(seq 300); do [ -s "$1" ] && return; sleep 0.2; done; }   # await FILE

# ---- two namespaces and the wire between them
mount -t tmpfs none /run && mkdir -p /run/netns && ip netns add theirs || { fail "no namespaces"; exit 1; }
python3 "$here/bad_wire.py" near far "${1:-1}" >"$dir/wire.out" 2>"$dir/wire.err" &
await "$dir/wire.out"
ip link set lo up && ip link set far netns theirs &&
    ip addr add 10.8.0.1/24 dev near && ip link set near up &&
    ip -n theirs addr add 10.8.0.2/24 dev far && ip -n theirs link set far up &&
    ip -n theirs route add 10.9.0.0/24 via 10.8.0.1 &&
    ip tuntap add dev vitrine0 mode tun && ip addr add 10.9.0.1/24 dev vitrine0 && ip link set vitrine0 up ||
    { fail "the namespaces could not be made" "$dir/wire.err"; exit 1; }
echo 1 >/proc/sys/net/ipv4/ip_forward 2>/dev/null || { echo "skipped: lossy: no forwarding here"; exit 0; }

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/key.pem" -out "$dir/cert.pem" -days 2 -subj /CN=www.live.test \
    -addext subjectAltName=DNS:www.live.test 2>"$dir/openssl.log" || { fail "no certificate" "$dir/openssl.log"; exit 1; }
mkdir "$dir/root"
head -c 3000000 /dev/urandom >"$dir/root/big"
head -c 100000 /dev/urandom >"$dir/root/small"
cat >"$dir/nginx.conf" <<END_OF_CONF
user root; worker_processes 1; daemon off; pid $dir/nginx.pid; error_log $dir/nginx.log; events { worker_connections 64; }
http { access_log off; client_body_temp_path $dir/b; proxy_temp_path $dir/p; fastcgi_temp_path $dir/f;
    uwsgi_temp_path $dir/u; scgi_temp_path $dir/s;
    server { listen 10.8.0.2:443 ssl; root $dir/root; ssl_protocols TLSv1.2;
        ssl_certificate $dir/cert.pem; ssl_certificate_key $dir/key.pem; } }
END_OF_CONF
theirs nginx -c "$dir/nginx.conf" 2>"$dir/nginx.err" &
await "$dir/nginx.pid"

tun="--via tun --tun vitrine0 --gw 10.9.0.1"
if "$vitrine" get -k https://www.live.test/big --resolve www.live.test:443:10.8.0.2 -o "$dir/got" --max-time 60 \
    $tun --addr 10.9.0.2/24 2>"$dir/get.err" && cmp -s "$dir/got" "$dir/root/big"
then ok "get, nginx, 3 MB"; else fail "get, nginx, 3 MB" "$dir/get.err" "$dir/nginx.err"; fi

"$vitrine" serve --root "$dir/root" --cert "$dir/cert.pem" --key "$dir/key.pem" $tun --addr 10.9.0.3/24 \
    >"$dir/serve.out" 2>"$dir/serve.err" &
server=$!
await "$dir/serve.out"
fetch() { theirs curl -sSk --max-time 60 https://10.9.0.3/"$1" -o "$dir/$2" 2>"$dir/$2.err" && cmp -s "$dir/$2" "$dir/root/$1"; }
if fetch big big; then ok "serve, curl, 3 MB"; else fail "serve, curl, 3 MB" "$dir/big.err" "$dir/serve.err"; fi
crowd=
for i in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20; do
    fetch small $i & crowd="$crowd $!"
done
whole=0
for one in $crowd; do wait $one && whole=$((whole + 1)); done
if [ $whole = 20 ]; then ok "serve, 20 curls at once"; else fail "serve, 20 curls at once: $whole whole" "$dir/serve.err"; fi
kill -INT $server
wait $server; code=$?
# A curl that is gone answers our close_notify with RST; where the wire lost its own close_notify, the RST comes first,
# and is truly told as a reset. More than one of 21 would be something else.
sed '0,/ came: a RST /{/ came: a RST /d}' "$dir/serve.err" >"$dir/serve.rest"
if [ $code = 0 ] && [ ! -s "$dir/serve.rest" ]; then ok "serve ends well when asked"; else fail "serve's end" "$dir/serve.err"; fi
exit $failed

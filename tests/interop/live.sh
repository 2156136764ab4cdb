#!/bin/sh
# live.sh - a visit on real links: our client and nginx, then curl, openssl and gnutls and our server, over our own TCP on a TUN device.
#
#   tests/interop/live.sh [show]        show: print the ladder of the visit to nginx, too (make live)
#
# Two network namespaces of our own:   [ ours: TUN 10.9.0.1/24 -- veth 10.8.0.1 ] === [ theirs: veth 10.8.0.2 ]
# Our stack is 10.9.0.2 (client) and 10.9.0.3 (server) on the TUN device. Everything lives in namespaces that end with this script, so nothing is
# left behind; an ordinary user does where the machine allows user namespaces.
set -u
show=${1:-}
vitrine=${VITRINE:-./vitrine}

name=live needs="nginx openssl curl gnutls-cli tshark"
hint='try: sudo make live'
. tests/tools/own-network.sh

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT                             # the namespace of processes ends with us, and all in it
trap 'exit 1' INT TERM
failed=0
ok()   { echo "ok live: $1"; }
fail() { echo "FAIL live: $1"; failed=1; shift; for f in "$@"; do sed 's/^/    /' "$f" | tail -20; done; }

# ---- the two namespaces
mount -t tmpfs none /run && mkdir -p /run/netns && ip netns add theirs &&
    ip link set lo up && ip link add veth0 type veth peer name veth1 netns theirs &&
    ip addr add 10.8.0.1/24 dev veth0 && ip link set veth0 up &&
    ip -n theirs addr add 10.8.0.2/24 dev veth1 && ip -n theirs link set veth1 up && ip -n theirs link set lo up &&
    ip -n theirs route add 10.9.0.0/24 via 10.8.0.1 &&
    ip tuntap add dev vitrine0 mode tun && ip addr add 10.9.0.1/24 dev vitrine0 && ip link set vitrine0 up ||
    { fail "the namespaces could not be made"; exit 1; }
echo 1 > /proc/sys/net/ipv4/ip_forward 2>/dev/null || { echo "skipped: live: no forwarding between our namespaces here"; exit 0; }
theirs() { ip netns exec theirs "$@"; }

# ---- a CA and a server certificate of this run, RSA and ECDSA
{
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/ca.key" -out "$dir/ca.pem" -days 2 -subj "/CN=Live CA" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
    for kind in rsa ecdsa; do
        if [ $kind = rsa ]; then how="-newkey rsa:2048"; else how="-newkey ec -pkeyopt ec_paramgen_curve:P-256"; fi
        openssl req $how -nodes -keyout "$dir/$kind.key" -out "$dir/$kind.csr" -subj "/CN=www.live.test"
        printf 'subjectAltName=DNS:www.live.test\nbasicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\n' > "$dir/ext"
        openssl x509 -req -in "$dir/$kind.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -days 2 -extfile "$dir/ext" -out "$dir/$kind.pem"
    done
} >"$dir/openssl.log" 2>&1 || { fail "openssl made no certificates" "$dir/openssl.log"; exit 1; }
mkdir "$dir/root"
printf '<!doctype html><title>live</title><p>a page over real links\n' > "$dir/root/index.html"
head -c 300000 /dev/zero | tr '\0' 'v' > "$dir/root/big.txt"

# ---- our client and nginx
cat > "$dir/nginx.conf" <<END
user root; worker_processes 1; daemon off; pid $dir/nginx.pid; error_log $dir/nginx.log;
events { worker_connections 64; }
http { access_log off; client_body_temp_path $dir/b; proxy_temp_path $dir/p; fastcgi_temp_path $dir/f; uwsgi_temp_path $dir/u; scgi_temp_path $dir/s;
    server { listen 10.8.0.2:443 ssl; server_name www.live.test; root $dir/root; ssl_protocols TLSv1.2; ssl_session_tickets off;
        ssl_ciphers ALL; ssl_certificate $dir/rsa.pem; ssl_certificate_key $dir/rsa.key;
        ssl_certificate $dir/ecdsa.pem; ssl_certificate_key $dir/ecdsa.key; } }
END
theirs nginx -c "$dir/nginx.conf" 2>"$dir/nginx.err" &
for _ in $(seq 150); do [ -s "$dir/nginx.pid" ] && break; sleep 0.2; done

get() {  # get WHAT PATH OPTIONS...
    what=$1; path=$2; shift 2
    if "$vitrine" get "https://www.live.test$path" --cacert "$dir/ca.pem" --resolve www.live.test:443:10.8.0.2 -o "$dir/got" \
        --json "$dir/get.json" "$@" 2>"$dir/get.err" && cmp -s "$dir/got" "$dir/root${path%/}$([ "$path" = / ] && echo /index.html)"
    then ok "get, nginx, $what"; else fail "get, nginx, $what" "$dir/get.err" "$dir/nginx.err"; fi
}
tun="--via tun --tun vitrine0 --addr 10.9.0.2/24 --gw 10.9.0.1"
get "our TCP" / $tun --pcap "$dir/get.pcapng" -v
[ "$show" = show ] && cat "$dir/get.err"
if [ "$(tshark -r "$dir/get.pcapng" -Y http.response.code==200 2>/dev/null | wc -l)" = 1 ] &&
   [ "$(tshark -2 -r "$dir/get.pcapng" -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE \
        -Y '_ws.malformed || tcp.checksum.status==0 || _ws.expert.severity >= 0x600000' 2>/dev/null | wc -l)" = 0 ]
then ok "the capture opens decrypted in tshark, nothing malformed"; else fail "tshark on our capture"; fi
get "our TCP, 300 KB" /big.txt $tun
for suite in ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-CHACHA20-POLY1305 ECDHE-ECDSA-CHACHA20-POLY1305 \
             AES128-GCM-SHA256 AES128-SHA; do
    get "our TCP, $suite" / $tun --cipher $suite
done
get "our TCP, P-256" / $tun --group p256
get "the kernel's TCP" /big.txt --via kernel

# ---- our server and everybody's clients
serve() {  # serve KIND
    "$vitrine" serve --root "$dir/root" --cert "$dir/$1.pem" --key "$dir/$1.key" --via tun --tun vitrine0 --addr 10.9.0.3/24 --gw 10.9.0.1 \
        --pcap "$dir/serve-$1.pcapng" >"$dir/serve.out" 2>"$dir/serve.err" &
    server=$!
    for _ in $(seq 300); do grep -q Serving "$dir/serve.out" && break; sleep 0.1; done
}
fetched() {  # fetched WHAT FILE WANTED
    if grep -aq "$3" "$2"; then ok "serve, $1"; else fail "serve, $1" "$2" "$dir/serve.err"; fi
}
for kind in rsa ecdsa; do
    serve $kind
    theirs curl -sS --max-time 20 --cacert "$dir/ca.pem" --resolve www.live.test:443:10.9.0.3 https://www.live.test/ >"$dir/out" 2>&1
    fetched "curl, $kind" "$dir/out" "a page over real links"
    theirs curl -sS --max-time 20 --cacert "$dir/ca.pem" --resolve www.live.test:443:10.9.0.3 https://www.live.test/big.txt -o "$dir/big" 2>"$dir/out"
    if cmp -s "$dir/big" "$dir/root/big.txt"; then ok "serve, curl, 300 KB, $kind"; else fail "serve, curl, 300 KB, $kind" "$dir/out" "$dir/serve.err"; fi
    { printf 'GET / HTTP/1.1\r\nHost: www.live.test\r\nConnection: close\r\n\r\n'; sleep 1; } |
        theirs timeout 20 openssl s_client -quiet -connect 10.9.0.3:443 -servername www.live.test -CAfile "$dir/ca.pem" -verify_return_error >"$dir/out" 2>"$dir/err"
    fetched "openssl s_client, $kind" "$dir/out" "a page over real links"
    { printf 'GET / HTTP/1.1\r\nHost: www.live.test\r\nConnection: close\r\n\r\n'; sleep 1; } |
        theirs timeout 20 gnutls-cli --x509cafile "$dir/ca.pem" --sni-hostname www.live.test --verify-hostname www.live.test -p 443 10.9.0.3 >"$dir/out" 2>"$dir/err"
    fetched "gnutls-cli, $kind" "$dir/out" "a page over real links"
    kill -INT $server
    wait $server && ok "serve ends well when asked, $kind" || fail "serve did not end well" "$dir/serve.err"
    if [ "$(tshark -r "$dir/serve-$kind.pcapng" -Y http.response.code==200 2>/dev/null | wc -l)" -ge 3 ]
    then ok "the server's capture opens decrypted, $kind"; else fail "tshark on the server's capture, $kind"; fi
done
exit $failed

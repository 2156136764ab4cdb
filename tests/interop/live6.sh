#!/bin/sh
# live6.sh - IPv6 on a real link: our client and the kernel's server, the kernel's client and our server, over our own TCP
# on a TUN device that has addresses of both kinds; echo requests; neighbour discovery on a TAP device and beside the
# kernel on a pair of interfaces. All in a namespace of its own, which ends with this script. VITRINE: how the program is called (./vitrine).
set -u
vitrine=${VITRINE:-./vitrine}

name=live6 needs="openssl curl python3 tshark"
. tests/tools/own-network.sh

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT                             # the namespace of processes ends with us, and all in it
trap 'exit 1' INT TERM
failed=0
ok()   { echo "ok live6: $1"; }
fail() { echo "FAIL live6: $1"; failed=1; shift; for f in "$@"; do sed 's/^/    /' "$f" | tail -20; done; }
case $vitrine in /*) ;; *) vitrine=$PWD/$vitrine ;; esac

ip link set lo up && ip tuntap add dev six0 mode tun && ip addr add 10.9.0.1/24 dev six0 &&
    ip addr add fd00:9::1/64 dev six0 nodad && ip link set six0 up ||
    { echo "skipped: live6: no IPv6 on a TUN device here"; exit 0; }
mkdir "$dir/root"
echo "a page over IPv6" >"$dir/root/index.html"
head -c 2000000 /dev/zero | tr '\0' 'v' >"$dir/root/big.txt"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/key.pem" -out "$dir/cert.pem" -days 2 \
    -subj "/CN=www.live.test" -addext subjectAltName=DNS:www.live.test >"$dir/openssl.log" 2>&1 ||
    { fail "openssl made no certificate" "$dir/openssl.log"; exit 1; }

await() {  # await ADDRESS: until openssl's server answers there
    for _ in $(seq 100); do
        openssl s_client -connect "$1" -tls1_2 </dev/null >/dev/null 2>&1 && break
        sleep 0.1
    done
}

# ---- our client
(cd "$dir/root" && exec openssl s_server -accept '[fd00:9::1]:443' -cert ../cert.pem -key ../key.pem -tls1_2 -WWW -quiet) \
    >"$dir/server.out" 2>&1 &
await '[fd00:9::1]:443'
fetch() {  # fetch WHAT PAGE OPTIONS...
    what=$1; page=$2; shift 2
    if timeout 30 "$vitrine" get "https://www.live.test/$page" --cacert "$dir/cert.pem" -o "$dir/got" --via tun --tun six0 \
        --resolve "www.live.test:443:fd00:9::1" --pcap "$dir/get.pcapng" "$@" 2>"$dir/err" &&
        cmp -s "$dir/got" "$dir/root/$page"
    then ok "get, $what"; else fail "get, $what" "$dir/err" "$dir/server.out"; fi
}
fetch "IPv6 alone" index.html --addr fd00:9::2/64
[ "$(tshark -r "$dir/get.pcapng" -Y 'ipv6 && tcp && !_ws.malformed' -T fields -e ipv6.dst 2>/dev/null | sort -u | tr '\n' ' ')" \
    = "fd00:9::1 fd00:9::2 " ] && ok "tshark sees IPv6 alone" || fail "tshark sees something else than IPv6"
fetch "both kinds, a large page" big.txt --addr 10.9.0.2/24,fd00:9::2/64 --gw 10.9.0.1,fd00:9::1
fetch "without offload, after one with" big.txt --addr fd00:9::2/64 --no-offload

# ---- our server
"$vitrine" serve --root "$dir/root" --via tun --tun six0 --addr 10.9.0.3/24,fd00:9::3/64 --listen '[fd00:9::3]:443' \
    --cert "$dir/cert.pem" --key "$dir/key.pem" >"$dir/serve.out" 2>&1 &
for _ in $(seq 100); do grep -q Serving "$dir/serve.out" && break; sleep 0.1; done
for page in index.html big.txt; do
    curl -sS --max-time 30 --cacert "$dir/cert.pem" --resolve 'www.live.test:443:[fd00:9::3]' \
        "https://www.live.test/$page" -o "$dir/got" 2>"$dir/err" && cmp -s "$dir/got" "$dir/root/$page" &&
        ok "curl, $page" || fail "curl, $page" "$dir/err" "$dir/serve.out"
done

# ---- echoes
cat >"$dir/ping.py" <<'END'
import socket, struct, sys
six, octets = ":" in sys.argv[1], int(sys.argv[2])
s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_RAW, 58 if six else 1)
s.settimeout(5)
body = bytes(i % 251 for i in range(octets))
message = struct.pack("!BBHHH", 128 if six else 8, 0, 0, 77, 1) + body
total = sum(struct.unpack(f"!{(len(message) + 1) // 2}H", message + b"\0" * (len(message) % 2)))
while total >> 16:
    total = (total & 0xffff) + (total >> 16)
if not six:
    message = message[:2] + struct.pack("!H", total ^ 0xffff) + message[4:]
s.sendto(message, (sys.argv[1], 0))
while True:
    answer = s.recv(65535)[0 if six else 20:]
    if answer[0] == (129 if six else 0) and answer[4:6] == struct.pack("!H", 77):
        sys.exit(answer[8:] != body)
END
python3 "$dir/ping.py" fd00:9::3 56 2>"$dir/err" && ok "an ICMPv6 echo is answered" || fail "no ICMPv6 echo" "$dir/err"
python3 "$dir/ping.py" 10.9.0.3 56 2>"$dir/err" && ok "an ICMP echo is answered" || fail "no ICMP echo" "$dir/err"
for octets in 3000 60000; do                          # in fragments, there and back
    python3 "$dir/ping.py" fd00:9::3 $octets 2>"$dir/err" && ok "an ICMPv6 echo of $octets octets is answered" ||
        fail "no ICMPv6 echo of $octets octets" "$dir/err"
    python3 "$dir/ping.py" 10.9.0.3 $octets 2>"$dir/err" && ok "an ICMP echo of $octets octets is answered" ||
        fail "no ICMP echo of $octets octets" "$dir/err"
done

# ---- neighbours: a TAP device, a packet socket
ip tuntap add dev six1 mode tap && ip addr add fd00:8::1/64 dev six1 nodad && ip link set six1 up &&
    ip link add six2 type veth peer name six3 && ip addr add fd00:7::1/64 dev six2 nodad && ip link set six2 up &&
    ip link set six3 up || fail "no further interfaces"
(cd "$dir/root" && exec openssl s_server -accept '[::]:4443' -cert ../cert.pem -key ../key.pem -tls1_2 -WWW -quiet) \
    >"$dir/server.out" 2>&1 &
await '[fd00:9::1]:4443'
near() {  # near WHAT SERVER OPTIONS...
    what=$1; server=$2; shift 2
    timeout 30 "$vitrine" get https://www.live.test:4443/big.txt --cacert "$dir/cert.pem" -o "$dir/got" \
        --resolve "www.live.test:4443:$server" "$@" 2>"$dir/err" && cmp -s "$dir/got" "$dir/root/big.txt" &&
        ok "get, $what" || fail "get, $what" "$dir/err" "$dir/server.out"
}
near "neighbours on a TAP device" fd00:8::1 --via tap --tun six1 --addr fd00:8::2/64
if command -v dnsmasq >/dev/null 2>&1; then           # as a router that says which network this is
    dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --port=0 --user=root --pid-file --dhcp-leasefile="$dir/leases" \
        --interface=six1 --enable-ra --dhcp-range=fd00:8::,ra-only >"$dir/router.log" 2>&1 &
    router=$!
    near "an address by what a router says" fd00:8::1 --via tap --tun six1 --addr auto
    kill $router; wait $router 2>/dev/null
    timeout 30 "$vitrine" get https://www.live.test:4443/ --resolve www.live.test:4443:fd00:7::1 --via raw \
        --interface six3 --addr auto >"$dir/said" 2>&1
    grep -q "which IPv6 network" "$dir/said" && ok "no address where no router speaks" ||
        fail "an address that no router gave" "$dir/said"
else
    echo "skipped: live6: no dnsmasq here"
fi
near "neighbours beside the kernel" fd00:7::1 --via raw --interface six3 --addr fd00:7::2/64
if command -v passt >/dev/null 2>&1; then             # it wants a way out, and never takes it here
    ip addr add 192.0.2.1/24 dev six2 && ip route add default via 192.0.2.254 &&
        ip -6 route add default via fd00:7::fe dev six2
    near "over passt" fd00:6::1 --via passt --addr 10.0.2.15/24,fd00:6::2/64 --gw 10.0.2.2,fd00:6::1
else
    echo "skipped: live6: no passt here"
fi
timeout 30 "$vitrine" get https://www.live.test:4443/ --cacert "$dir/cert.pem" --resolve www.live.test:4443:fd00:8::1 \
    --via tap --tun six1 --addr fd00:8::1/64 2>"$dir/err"
grep -q "has our address already" "$dir/err" && ok "an address that the kernel has is not taken" ||
    fail "an address that the kernel has" "$dir/err"
exit $failed

#!/bin/sh
# dns.sh - names looked up at real resolvers (unbound, dnsmasq), over our own UDP and TCP on a TUN device and over the kernel's
# sockets: both kinds of addresses, aliases, answers too large for a datagram, names that are not there, a server that is
# silent, resolv.conf and hosts; and a page whose IPv6 address leads nowhere.
#
# One network namespace of our own: the resolvers at 10.9.0.1 and 10.9.0.3 (the kernel's end of the TUN device), our stack at
# 10.9.0.2. It ends with this script, and all in it.
set -u
vitrine=${VITRINE:-./vitrine}

name=dns needs="unbound dnsmasq python3"
first=
. tests/tools/own-network.sh

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT                             # the namespace of processes ends with us, and all in it
trap 'exit 1' INT TERM
failed=0
ok()   { echo "ok dns: $1"; }
fail() { echo "FAIL dns: $1"; failed=1; for f in "$dir/out" "$dir/err"; do sed 's/^/    /' "$f" | tail -25; done; }

mount -t tmpfs none /run
ip link set lo up && ip tuntap add dev vitrine0 mode tun && ip addr add 10.9.0.1/24 dev vitrine0 &&
    ip addr add 10.9.0.3/24 dev vitrine0 && ip link set vitrine0 up || { echo "FAIL dns: no TUN device"; exit 1; }
printf 'search other.test live.test\nnameserver 10.9.0.1\n' >"$dir/resolv.conf"
printf '10.7.7.7 hosted.live.test\n' >"$dir/hosts"
mount --bind "$dir/resolv.conf" /etc/resolv.conf && mount --bind "$dir/hosts" /etc/hosts ||
    { echo "FAIL dns: no files of our own in /etc"; exit 1; }

# ---- the resolvers
{
    cat <<END
server:
  interface: 10.9.0.1
  interface: 127.0.0.1
  interface: ::1
  access-control: 0.0.0.0/0 allow
  access-control: ::/0 allow
  access-control: 10.9.0.9/32 refuse
  username: ""
  chroot: ""
  directory: "$dir"
  pidfile: "$dir/unbound.pid"
  use-syslog: no
  do-daemonize: no
  module-config: "iterator"
  max-udp-size: 1232
  edns-buffer-size: 1232
  local-zone: "live.test." static
  local-data: "live.test. 3600 IN SOA ns.live.test. hostmaster.live.test. 1 7200 900 1209600 90"
  local-data: "www.live.test. 300 IN A 10.8.0.80"
  local-data: "www.live.test. 200 IN AAAA fd00:8::80"
  local-data: "alias.live.test. 100 IN CNAME www.live.test."
  local-data: "text.live.test. 100 IN TXT 'no address'"
  local-data: "hosted.live.test. 100 IN A 10.8.0.99"
  local-data: "both.live.test. 100 IN A 10.9.0.1"
  local-data: "both.live.test. 100 IN AAAA fd01::2"
  local-zone: "other.test." static
END
    for i in $(seq 1 120); do echo "  local-data: \"many.live.test. 60 IN A 10.8.1.$i\""; done
} >"$dir/unbound.conf"
unbound -c "$dir/unbound.conf" >"$dir/unbound.log" 2>&1 &
dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --listen-address=10.9.0.3 --bind-interfaces \
    --user=root --pid-file="$dir/dnsmasq.pid" --host-record=www.masq.test,10.8.0.81,fd00:8::81 --cname=alias.masq.test,www.masq.test \
    --local=/masq.test/ >"$dir/dnsmasq.log" 2>&1 &

own="--via tun --addr 10.9.0.2/24 --gw 10.9.0.1"
resolve() { $vitrine resolve --ascii --lang en "$@" >"$dir/out" 2>"$dir/err"; code=$?; }
says()    { grep -q -- "$1" "$dir/out"; }
tells()   { grep -q -- "$1" "$dir/err"; }
for _ in $(seq 100); do resolve --type A --dns 10.9.0.1 www.live.test.; [ $code = 0 ] && break; sleep 0.1; done
for _ in $(seq 100); do resolve --type A --dns 10.9.0.3 www.masq.test.; [ $code = 0 ] && break; sleep 0.1; done
[ $code = 0 ] || { fail "a resolver does not start"; cat "$dir/unbound.log" "$dir/dnsmasq.log"; exit 1; }

for how in tun kernel; do
    via="--via kernel"; [ $how = tun ] && via=$own
    resolve $via www.live.test
    says "www.live.test  A  10.8.0.80  TTL 300" && says "www.live.test  AAAA  fd00:8::80  TTL 200" &&
        ok "both kinds of addresses, $how" || fail "both kinds of addresses, $how"

    resolve $via alias.live.test
    says "alias.live.test  A  10.8.0.80  TTL 100" && tells "an alias of www.live.test" &&
        ok "an alias, asked on where the answer ends, $how" || fail "an alias, $how"

    resolve $via --json "$dir/many.json" --type A many.live.test
    [ "$(grep -c '10.8.1' "$dir/out")" = 8 ] && tells "cut off at its end (TC)" && tells "over TCP" &&
        ok "an answer that does not fit into a datagram comes over TCP, $how" || fail "truncation to TCP, $how"
    grep -q '"udp_payload_size"' "$dir/many.json" && grep -q '"name":"tc"' "$dir/many.json" &&
        ok "its OPT record is named, $how" || fail "no OPT record, $how"

    resolve $via --no-edns --type A many.live.test
    [ $code = 0 ] && tells "over TCP" && ok "without EDNS, $how" || fail "without EDNS, $how"
    resolve $via --tcp www.live.test
    [ $code = 0 ] && says "10.8.0.80" && says "fd00:8::80" && ok "over TCP from the start, $how" || fail "over TCP, $how"

    resolve $via none.live.test. none.live.test. text.live.test.
    [ $code = 6 ] && [ "$(grep -c 'A? none' "$dir/err")" -ge 2 ] && tells "in the cache: no such name" &&
        tells "into the cache, for 90 s" && tells "the name exists, but has none" &&
        ok "that a name is not there is kept as long as its zone says, $how" || fail "negative answers, $how"

    resolve $via www
    says "www.live.test  A  10.8.0.80" && tells "in a search domain: www.other.test" && ok "search domains, $how" ||
        fail "search domains, $how"
    resolve $via hosted.live.test
    says "hosted.live.test  A  10.7.7.7  the hosts file" && ! tells "A? hosted" && ok "the hosts file goes first, $how" ||
        fail "the hosts file, $how"

    resolve $via --dns 10.9.0.3 alias.masq.test
    says "alias.masq.test  A  10.8.0.81" && says "AAAA  fd00:8::81" && ok "dnsmasq answers, $how" || fail "dnsmasq, $how"
    resolve $via --dns 10.9.0.3 none.masq.test
    [ $code = 6 ] && ok "dnsmasq has no such name, $how" || fail "dnsmasq, no such name, $how"
done

resolve --via tun --addr 10.9.0.9/24 --gw 10.9.0.1 --type A www.live.test
[ $code = 6 ] && tells "REFUSED" && ok "a server that refuses" || fail "a server that refuses"
resolve --dns ::1 www.live.test
says "10.8.0.80" && ok "a server asked over IPv6" || fail "a server asked over IPv6"
printf 'nameserver 10.9.0.77\nnameserver 10.9.0.1\noptions timeout:1 attempts:2\n' >"$dir/resolv.conf"
resolve --type A $own www.live.test
says "10.8.0.80" && tells "of 10.9.0.77" && tells "no answer came in time" && ok "a server that is silent is passed over" ||
    fail "a server that is silent"

# ---- Happy Eyeballs: fd01::2 is on a link where nobody is
if ip link add hole0 type veth peer name hole1 2>/dev/null && ip link set hole0 up && ip link set hole1 up &&
    ip -6 addr add fd01::1/64 dev hole0 nodad 2>/dev/null; then
    mkdir "$dir/root" && echo "a page over IPv4" >"$dir/root/index.html"
    (cd "$dir/root" && exec python3 -m http.server --bind 10.9.0.1 8080) >"$dir/http.log" 2>&1 &
    for _ in $(seq 100); do grep -q "a page" "$dir/out" && break; sleep 0.1
        $vitrine get http://10.9.0.1:8080/ >"$dir/out" 2>"$dir/err"; done
    $vitrine get -v --lang en --ascii --dns 10.9.0.1 http://both.live.test:8080/ >"$dir/out" 2>"$dir/err"
    says "a page over IPv4" && tells "calls the IPv6 address" && tells "calls the IPv4 address" && tells "this one was first" &&
        ok "IPv6 leads nowhere: IPv4 is called, too, and is first" || fail "Happy Eyeballs"
else
    echo "skipped: dns: no veth devices here"
fi
exit $failed

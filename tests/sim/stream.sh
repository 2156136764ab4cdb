#!/bin/sh
# stream.sh - what stream.py asks of the stream of events, of visits with every suite, both groups, both certificates, over
# good wires and bad ones, with every break, and of a live server and client on the kernel's sockets; and that it notices
# what is planted. `make stream` tries every break with every
# suite; with ROWS=1 it prints the table's rows instead, as they are told. VITRINE: how the program is called (./vitrine).
set -u
vitrine=${VITRINE:-./vitrine}
command -v python3 >/dev/null 2>&1 || { echo "skipped: stream: no python3 here"; exit 0; }
dir=$(mktemp -d) || exit 1
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
stream() { python3 tests/sim/stream.py "$@" || failed=1; }

# A page of a live server, fetched by a live client; neither shows its secrets.
here=$PWD
program=$(case $vitrine in /*) echo "$vitrine" ;; *) echo "$here/$vitrine" ;; esac)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir "$dir/root" && echo "a page" >"$dir/root/index.html"
(cd "$dir" && exec $program serve --root root --listen 127.0.0.1:"$port" --json "$dir/serve.json" >serve.out 2>&1) &
server=$!
for _ in $(seq 300); do grep -q Serving "$dir/serve.out" 2>/dev/null && break; sleep 0.1; done
$vitrine get --cacert "$dir/vitrine-ca.pem" --json "$dir/get.json" "https://localhost:$port/" >"$dir/page" 2>&1
grep -q "a page" "$dir/page" || { echo "FAIL stream: no page from vitrine serve"; cat "$dir/page" "$dir/serve.out"; failed=1; }
kill "$server"; wait "$server" 2>/dev/null; server=

# A client that has a certificate, comes back with its ticket, and with its session's id; an OCSP response beside.
mkdir "$dir/again"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/again/own.key" -out "$dir/again/own.pem" \
    -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost >/dev/null 2>&1
printf 'V\t491231235959Z\t\t%s\tunknown\t/CN=localhost\n' \
    "$(openssl x509 -in "$dir/again/own.pem" -noout -serial 2>/dev/null | cut -d= -f2)" >"$dir/index"
openssl ocsp -issuer "$dir/again/own.pem" -cert "$dir/again/own.pem" -reqout "$dir/ask" >/dev/null 2>&1
openssl ocsp -index "$dir/index" -rsigner "$dir/again/own.pem" -rkey "$dir/again/own.key" -CA "$dir/again/own.pem" \
    -reqin "$dir/ask" -respout "$dir/again/staple" >/dev/null 2>&1
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/again/key" -out "$dir/again/cert" \
    -days 2 -subj /CN=client >/dev/null 2>&1 || { echo "skipped: stream: no openssl here"; exit 0; }
again=
for tickets in on off; do
    rm -f "$dir/again/session"
    (cd "$dir/again" && exec $program serve --root ../root --listen 127.0.0.1:"$port" --client-cert ask --staple staple \
        --cert own.pem --key own.key \
        --tickets $tickets --json "$dir/again/serve-$tickets.json" >serve.out 2>&1) &
    server=$!
    for _ in $(seq 300); do grep -q Serving "$dir/again/serve.out" 2>/dev/null && break; sleep 0.1; done
    again="$again serve-$tickets"
    for run in 1 2; do
        $vitrine get --cacert "$dir/again/own.pem" --cert "$dir/again/cert" --key "$dir/again/key" \
            --session "$dir/again/session" --json "$dir/again/get-$tickets-$run.json" "https://localhost:$port/" \
            >"$dir/page" 2>&1
        grep -q "a page" "$dir/page" || { echo "FAIL stream: no page for a client that comes again"; cat "$dir/page"; failed=1; }
        again="$again get-$tickets-$run"
    done
    kill "$server"; wait "$server" 2>/dev/null; server=
    rm -f "$dir/again/serve.out"
done
$vitrine get --json "$dir/refused.json" "https://127.0.0.1:$port/" >"$dir/page" 2>&1

# Names of every kind, looked up in the sealed world; a resolver whose answers do not fit into a datagram.
cat >"$dir/zone" <<'END'
$ORIGIN example.test.
@     60 SOA ns hostmaster 1 2 3 4 5
www   60 A 10.0.0.80
www   60 AAAA fd00::80
four  60 A 10.0.0.80
alias 60 CNAME four
away  60 CNAME www.elsewhere.test.
END
long=a-name-that-is-so-long-that-many-records-of-it-fill-a-datagram
echo "many 60 CNAME $long" >>"$dir/zone"
for i in $(seq 1 14); do echo "$long 60 AAAA fd00::$i"; done >>"$dir/zone"
$vitrine resolve --zone "$dir/zone" --json "$dir/names.json" www.example.test alias.example.test away.example.test \
    none.example.test none.example.test "$(printf 'b\303\274cher.example.test')" many.example.test >"$dir/names" 2>&1
$vitrine resolve --zone "$dir/zone" --tcp --json "$dir/tcp.json" www.example.test >"$dir/names" 2>&1

suites=$($vitrine visit --cipher ? 2>&1 | awk '$2 ~ /-/ { print $2 }')
breaks=$($vitrine breaks 2>/dev/null | awk '$1 ~ /^[a-z]/ { print $1 }')
set -- "a live client::=$dir/get.json" "a live server::=$dir/serve.json" "nobody listens::=$dir/refused.json" \
    "names::=$dir/names.json" "names over TCP::=$dir/tcp.json" \
    "without TLS::http://www.example.test/" "over IPv6::--ipv6 --seed 3" "a second visit, resumed::--resume --seed 2" \
    "over IPv6, bad wire::--ipv6 --seed 4 --size 20000 --loss 12 --dup 10 --reorder 15 --corrupt 6"
for one in $again; do set -- "$@" "a session taken up again, $one::=$dir/again/$one.json"; done
n=0
for suite in $suites; do
    for group in x25519 p256; do
        case $suite-$group in AES*-p256 | DHE*-p256 | *SHA*4-p256 | *SHA-p256) continue ;; esac
        n=$((n + 1))
        set -- "$@" "$suite $group::--cipher $suite --group $group --seed $n"
        case $suite in *AES128-GCM* | *CHACHA20* | AES128-SHA) ;; *) continue ;; esac   # each kind of record once
        for seed in 1 2 3; do
            set -- "$@" "$suite $group, bad wire::--cipher $suite --group $group --seed $((n + 100 * seed)) --size 20000 \
                --loss 12 --dup 10 --reorder 15 --corrupt 6"
        done
    done
done
for break in $breaks; do
    set -- "$@" "$break::--break $break"
    for suite in ${ALL:+$suites}; do set -- "$@" "$break, $suite::--break $break --cipher $suite"; done
done
[ -z "${ROWS:-}" ] || { python3 tests/sim/stream.py --rows "$vitrine" docs/trace.md "$@"; exit; }
stream "$vitrine" docs/trace.md "$@"

# Who is said to have spoken is a function that there is.
sed -n 's/^| `[a-z0-9]*` | `[a-z]*` | .*| [a-z, ]* | \(.*\) |$/\1/p' docs/trace.md | tr -d '`*' | tr ' ' '\n' | sort -u | sed '/^$/d' >"$dir/by"
missing=$(while read -r by; do
    grep -Eq "^[a-z].*[ *]$by\(" trace/*.c crypto/*.c net/*.c tls/*.c tls/x509/*.c http/*.c cmd/*.c || echo "$by"
done <"$dir/by")
[ -s "$dir/by" ] && [ -z "$missing" ] && echo "ok stream: $(wc -l <"$dir/by") functions that speak are there" ||
    { echo "FAIL stream: no such function:" $missing; failed=1; }
exit $failed

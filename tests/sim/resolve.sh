#!/bin/sh
# resolve.sh - vitrine resolve in the sealed world: what it prints and in which language, its exit codes, that the same seed gives
# the same octets, bad wires, a zone that is broken, and what does not go together.
set -u
vitrine=${VITRINE:-./vitrine}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
ok()   { echo "ok resolve: $1"; }
fail() { echo "FAIL resolve: $1"; failed=1; sed 's/^/    /' "$dir/out" "$dir/err" | head -40; }
run()  { $vitrine resolve "$@" >"$dir/out" 2>"$dir/err"; code=$?; }
is()   {  # is WHAT CODE: the exit code, and what stands on standard input is what was printed
    cat >"$dir/want"
    if [ $code = "$2" ] && diff "$dir/want" "$dir/out" >"$dir/diff"; then ok "$1"; else fail "$1"; fi
}
cat >"$dir/zone" <<'END'
$ORIGIN example.test.
$TTL 1h
@              SOA ns hostmaster 1 2h 15m 2w 2m
www            A     10.0.0.80
               A     10.0.0.81
               AAAA  fd00::80
shop       300 CNAME www
xn--bcher-kva  CNAME shop
END

run --lang en --sealed www.example.test localhost 10.0.0.7 browser
is "the usual zone, and names that need nobody" 0 <<'END'
www.example.test  A  10.0.0.80  TTL 300, the server
www.example.test  AAAA  2001:db8::80  TTL 300, the server
localhost  A  127.0.0.1  the hosts file
localhost  AAAA  ::1  the hosts file
10.0.0.7  A  10.0.0.7  the name itself
browser  A  10.0.0.2  the hosts file
END

run --lang en --zone "$dir/zone" shop.example.test "$(printf 'B\303\234CHER.example.test')" nobody.example.test
is "a zone, an alias, and a name in Punycode" 6 <<END
shop.example.test  A  10.0.0.80  TTL 300, the server
shop.example.test  A  10.0.0.81  TTL 300, the server
shop.example.test  AAAA  fd00::80  TTL 300, the server
xn--bcher-kva.example.test (reads $(printf 'b\303\274cher').example.test)  A  10.0.0.80  TTL 300, the server
xn--bcher-kva.example.test (reads $(printf 'b\303\274cher').example.test)  A  10.0.0.81  TTL 300, the server
xn--bcher-kva.example.test (reads $(printf 'b\303\274cher').example.test)  AAAA  fd00::80  TTL 300, the server
END

run --lang en --zone "$dir/zone" --type AAAA www.example.test www.example.test
is "one kind, and the cache" 0 <<'END'
www.example.test  AAAA  fd00::80  TTL 3600, the server
www.example.test  AAAA  fd00::80  TTL 3600, the cache
END
grep -q '#3' "$dir/err" && fail "the cache sends nothing" || ok "the cache sends nothing"

run --lang zh --sealed www.example.test
grep -q '来自\|服务器' "$dir/out" && grep -q '缓存里没有' "$dir/err" && ok "in Chinese" || fail "in Chinese"
LC_ALL=C.UTF-8 grep -E '(^|[^A-Za-z])[a-z]{3,} [a-z]{3,}' "$dir/err" >"$dir/out" && fail "English in Chinese" || ok "no English in Chinese"

for seed in 1 2; do
    $vitrine resolve --zone "$dir/zone" --seed $seed --json "$dir/$seed.json" www.example.test >/dev/null 2>&1
    $vitrine resolve --zone "$dir/zone" --seed $seed --json "$dir/$seed.again" www.example.test >/dev/null 2>&1
done
cmp -s "$dir/1.json" "$dir/1.again" && cmp -s "$dir/2.json" "$dir/2.again" && ! cmp -s "$dir/1.json" "$dir/2.json" &&
    ok "the seed decides every octet" || fail "the seed decides every octet"

whole=0
for seed in $(seq 1 10); do
    run --zone "$dir/zone" --seed $seed --loss 20 --dup 20 --reorder 20 --corrupt 10 --tcp www.example.test
    [ "$(grep -c TTL "$dir/out")" = 3 ] && whole=$((whole + 1))
    run --zone "$dir/zone" --seed $seed --loss 20 --dup 20 --reorder 20 --corrupt 10 www.example.test
    [ "$(grep -c TTL "$dir/out")" = 3 ] && whole=$((whole + 1))
done
[ $whole = 20 ] && ok "over bad wires, UDP and TCP" || fail "$whole of 20 over bad wires"

echo "www A 10.0.0.256" >"$dir/broken"
run --lang en --zone "$dir/broken" www.test
[ $code = 2 ] && grep -q "line 1" "$dir/err" && ok "a broken zone names its line" || fail "a broken zone"
run --lang en --zone "$dir/nowhere" www.test
[ $code = 2 ] && ok "a zone that is not there" || fail "a zone that is not there"
run --seed 3 www.test
[ $code = 2 ] && grep -q -- "--sealed" "$dir/err" && ok "--seed belongs to --sealed" || fail "--seed without --sealed"
run --sealed --via kernel www.test
[ $code = 2 ] && ok "--via does not go with --sealed" || fail "--via with --sealed"
run; [ $code = 2 ] && ok "no name" || fail "no name"
run --lang en --sealed a..b www.invalid "$(printf 'a\342\200\256.test')"
[ $code = 6 ] && [ "$(grep -c '^vitrine:' "$dir/err")" = 3 ] && ok "names that cannot be" || fail "names that cannot be"
exit $failed

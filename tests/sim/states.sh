#!/bin/sh
# states.sh - docs/states.md and its drawings are what `vitrine states` prints. With --renew: written anew.
set -u
vitrine=${VITRINE:-build/vitrine}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
ok()   { echo "ok states: $1"; }
fail() { echo "FAIL states: $1"; failed=1; }

if [ "${1:-}" = --renew ]; then
    for m in tcp congestion tls-client tls-server; do $vitrine states $m --svg >docs/states-$m.svg || exit 1; done
    awk -v vitrine="$vitrine" '
        /^```$/ { shown = 0 }
        !shown  { print }
        /^```text of / { shown = 1; system(vitrine " states " $3) }' docs/states.md >"$dir/states.md" && cp "$dir/states.md" docs/states.md
    exit
fi

for m in tcp congestion tls-client tls-server; do
    if $vitrine states $m >"$dir/text" && sed -n "/^\`\`\`text of $m\$/,/^\`\`\`\$/p" docs/states.md | grep -v '^```' | cmp -s - "$dir/text"
    then ok "the book's table of $m"; else fail "docs/states.md has another table of $m: tests/sim/states.sh --renew"; fi
    if $vitrine states $m --svg | cmp -s - docs/states-$m.svg && grep -q "](states-$m.svg)" docs/states.md
    then ok "the book's drawing of $m"; else fail "docs/states-$m.svg is another drawing: tests/sim/states.sh --renew"; fi
    if ! command -v python3 >/dev/null; then echo "skipped: states: no python3 here"
    elif $vitrine states $m --svg | python3 -c 'import sys, xml.dom.minidom as x; x.parse(sys.stdin.buffer)' 2>"$dir/xml"
    then ok "the drawing of $m is XML"; else cat "$dir/xml"; fail "the drawing of $m is no XML"; fi
done

{ $vitrine states tcp && echo && $vitrine states congestion && echo && $vitrine states tls-client --text && echo && $vitrine states tls-server; } >"$dir/each"
if $vitrine states | cmp -s - "$dir/each"; then ok "all of them, where none is named"; else fail "all is not each"; fi
if [ "$($vitrine states --dot | grep -c '^digraph ')" = 4 ]; then ok "for graphviz"; else fail "--dot has no four graphs"; fi

# refused WORDS ARGUMENTS... - ends with 2 and says so.
refused() {
    words=$1; shift
    $vitrine states "$@" >"$dir/out" 2>"$dir/err"; code=$?
    if [ $code = 2 ] && grep -q "$words" "$dir/err" && [ ! -s "$dir/out" ]
    then ok "refused: $*"; else fail "not refused: $* ($code)"; cat "$dir/err"; fi
}
refused "a machine is tcp, congestion, tls-client or tls-server, not udp" udp
refused "one machine must be named" --svg
refused "one of --text, --dot and --svg" tcp --svg --dot
refused "one too many" tcp udp
exit $failed

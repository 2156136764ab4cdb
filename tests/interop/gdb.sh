#!/bin/sh
# gdb.sh - a visit under gdb, in batch mode: tests/gdb/walk.py walks it; and what docs/debugger.md and its Chinese twin show
# is what gdb prints. With --renew: their output is written anew.
set -u
command -v gdb >/dev/null || { echo "skipped: gdb: no gdb here"; exit 0; }
build=${BUILD:-build}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
ok()   { echo "ok gdb: $1"; }
fail() { echo "FAIL gdb: $1"; failed=1; }

env -u CFLAGS -u LDFLAGS -u SAN -u OPT -u DEBUG -u CC -u MAKEFLAGS -u MAKELEVEL make -s BUILD="$build" gdb-build >"$dir/make" 2>&1 ||
    { cat "$dir/make"; fail "make gdb-build"; exit 1; }
# session SCRIPT - gdb as `make gdb` calls it, without a person.
session() {
    gdb -q -batch -iex "add-auto-load-safe-path $(pwd)/$build/gdb" -ex 'set width 0' -ex 'set height 0' -x "$1" \
        --args "$build/gdb/vitrine" visit 2>&1
}

# The commands of the book's text blocks, in order; @@ parts the blocks.
commands() {
    awk '/^```text$/ { inside = 1; next } /^```$/ { if (inside) print "echo @@\\n"; inside = 0 }
         inside && sub(/^\(gdb\) /, "") { gsub(/"/, "\\\""); print "echo (gdb) " $0 "\\n"; print }' "$1"
}
renewed() {
    awk -v said="$dir/said" '
        BEGIN { n = k = 0; while ((getline line < said) > 0) if (line == "@@") n++; else block[n] = block[n] line "\n" }
        /^```text$/ { print; printf "%s", block[k++]; inside = 1; next }
        /^```$/ { inside = 0 }
        !inside' "$1"
}

commands docs/debugger.md >"$dir/commands"
session "$dir/commands" | grep -v '^vitrine: visit-' >"$dir/said"
for book in docs/debugger.md docs/debugger.zh.md; do
    renewed "$book" >"$dir/renewed"
    [ "${1:-}" != --renew ] || cat "$dir/renewed" >"$book"
    if ! commands "$book" | cmp -s - "$dir/commands"; then fail "$book asks gdb for other things"
    elif [ -s "$dir/commands" ] && cmp -s "$book" "$dir/renewed"; then ok "$book shows what gdb prints"
    else diff "$book" "$dir/renewed" | head -20; fail "$book is stale: tests/interop/gdb.sh --renew"; fi
done
[ "${1:-}" != --renew ] || exit 0

session tests/gdb/walk.py >"$dir/walk"
grep -E '^(ok|FAIL|    )' "$dir/walk"
grep -q '^FAIL' "$dir/walk" && failed=1
[ "$(grep -c '^ok' "$dir/walk")" -gt 30 ] || { tail -20 "$dir/walk"; fail "the walk broke off"; }
"$build/gdb/vitrine" visit --keylog "$dir/keys" >/dev/null
if grep -qE "^CLIENT_RANDOM [0-9a-f]{64} $(sed -n 's/^master_secret //p' "$dir/walk")\$" "$dir/keys"
then ok "the master secret is the key log's"; else fail "another master secret than the key log's"; fi
exit $failed

#!/bin/sh
# readme.sh - what the README shows is what the program prints: each line of its pictures stands in a visit's output.
set -u
vitrine=${VITRINE:-build/vitrine}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
{ $vitrine visit --kx rsa --level story && $vitrine visit --kx rsa &&
  printf 'u #6\nw\nq\n' | $vitrine visit --step --kx rsa 2>/dev/null; } >"$dir/printed" || { echo "FAIL readme: a visit"; exit 1; }
sed -n '/^```text$/,/^```$/p' README.md | grep -v '^```' | grep . >"$dir/shown"
if [ ! -s "$dir/shown" ]; then echo "FAIL readme: it shows nothing"; exit 1; fi
if grep -vxF -f "$dir/printed" "$dir/shown" >"$dir/stale"; then
    echo "FAIL readme: lines that no visit prints any more"
    sed 's/^/    /' "$dir/stale"
    exit 1
fi
echo "ok readme: $(wc -l <"$dir/shown") lines stand in a visit"

#!/bin/sh
# real_roots.sh - real_roots.py, where the programs for it are. VITRINE: how the program is called (./vitrine).
set -u
for tool in openssl python3; do
    command -v $tool >/dev/null 2>&1 || { echo "skipped: real_roots: no $tool here"; exit 0; }
done
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
python3 "$(dirname "$0")/real_roots.py" "${VITRINE:-./vitrine}" "$dir"

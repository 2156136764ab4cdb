#!/bin/sh
# verify_bytes.sh - `vitrine verify --bytes`: every octet of a certificate, list or response stands there exactly once,
# with its name; what breaks DER is shown up to the octet where it does. The expected octets come from the files.
set -u
vitrine=${VITRINE:-./vitrine}
command -v python3 >/dev/null || { echo "skipped: verify_bytes: no python3 here"; exit 0; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
case $vitrine in /*) ;; *) vitrine=$PWD/$vitrine ;; esac
python3 tests/sim/verify_bytes.py "$vitrine" "$dir"

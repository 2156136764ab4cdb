#!/bin/sh
# peers.sh [--all] [--peers NAME,...] [--table FILE] - other people's TLS at the other end, in both roles, in a network
# namespace of their own: tests/interop/peers/run.py. Alone: each suite, group, kind of certificate and feature once, at
# peers that are cheap to have; --all (make interop): everything with everything, at whoever is here.
set -u
vitrine=$(realpath "${VITRINE:-./vitrine}")
name=peers needs="openssl python3"
. tests/tools/own-network.sh
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT                             # the namespace of processes ends with us, and all in it
trap 'exit 1' INT TERM
ip link set lo up || { echo "skipped: peers: no loopback here"; exit 0; }
python3 -B tests/interop/peers/run.py "$vitrine" "$dir" "$@"

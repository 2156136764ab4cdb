#!/bin/sh
# peers.sh [OPTION...] - other people's TLS at the other end, in both roles, in a network namespace of their own:
# tests/interop/peers/run.py, which has the options. Alone: each suite, group, kind of certificate and feature once, at
# peers that are cheap to have; --all (make interop): everything with everything, at whoever is here.
set -u
vitrine=$(realpath "${VITRINE:-./vitrine}")
name=peers needs="openssl python3" first=""           # apache2 wants a user that is not root
. tests/tools/own-network.sh
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT                             # the namespace of processes ends with us, and all in it
trap 'exit 1' INT TERM
if ! { ip link set lo up && chmod 755 "$dir" && echo 127.0.0.1 localhost >"$dir/hosts" &&
       mount --bind "$dir/hosts" /etc/hosts; }; then echo "skipped: peers: no network here"; exit 0; fi
python3 -B tests/interop/peers/run.py "$vitrine" "$dir" "$@"

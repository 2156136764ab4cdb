#!/bin/sh
# explain13.sh - what `vitrine explain` says of TLS 1.3 between others where it is at its oddest: early data taken and
# refused, HelloRetryRequest, external keys, KeyUpdate, certificates asked for behind the handshake, padding, CCM.
# explain13.py makes the captures. VITRINE: how the program is called.
#
#   tests/interop/explain13.sh [--keep DIR] [NAME...]
set -u
vitrine=${VITRINE:-./vitrine}
here=$(dirname "$0")
# shellcheck disable=SC2034
name=explain13 needs="openssl python3 tshark"
. tests/tools/own-network.sh
VITRINE=$vitrine exec python3 "$here/explain13.py" "$@"

#!/bin/sh
# explain.sh - what `vitrine explain` says of captures of other people's stacks, sound, spoiled and broken ones, which
# explain.py makes anew: one of each kind; `make explain-scenes` makes all. VITRINE: how the program is called.
#
#   tests/interop/explain.sh [--all] [--keep DIR] [--only sound|spoiled|broken] [NAME...]
set -u
vitrine=${VITRINE:-./vitrine}
here=$(dirname "$0")
# Not in a user namespace where root is: apache changes its user.
# shellcheck disable=SC2034
name=explain needs="openssl python3 tshark nginx curl" first=""
. tests/tools/own-network.sh
$vitrine help explain >/dev/null 2>&1 || { echo "skipped: explain: no explain in $vitrine"; exit 0; }
VITRINE=$vitrine exec python3 "$here/explain.py" "$@"

#!/bin/sh
# compare.sh - `vitrine compare` of captures of other people's stacks: two runs that differ in one thing, and it is named,
# and nothing else; two runs that differ in nothing. compare.py makes them anew. VITRINE: how the program is called.
#
#   tests/interop/compare.sh [--all] [--keep DIR] [NAME...]
#
# Without --all every second pair, and none that a clock decides. A pair that is not as it should be is captured once more:
# a machine that stood still in the middle is another difference than the one that is looked for.
set -u
vitrine=${VITRINE:-./vitrine}
here=$(dirname "$0")
# shellcheck disable=SC2034
name=compare needs="openssl python3 curl nginx" first=""
. tests/tools/own-network.sh
$vitrine help compare >/dev/null 2>&1 || { echo "skipped: compare: no compare in $vitrine"; exit 0; }
VITRINE=$vitrine exec python3 "$here/compare.py" "$@"

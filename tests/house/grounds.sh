#!/bin/sh
# Every reason for a refusal is one reason, and has its words and its exit code: tests/tools/check-grounds.
set -u
. tests/tools/plant.sh
check=tests/tools/check-grounds

tree() {  # tree FILE TEXT...: a small tree in which all is well, and then these lines
    rm -rf "$dir/tree"; mkdir -p "$dir/tree/net" "$dir/tree/tls" "$dir/tree/cmd" "$dir/tree/docs"
    echo 'static const struct ground cut = { "ip.cut", "RFC 791 §3.1" };' >"$dir/tree/net/ip4.c"
    echo '    { "ip.cut", 56, "A packet is cut short" },' >"$dir/tree/cmd/words.c"
    # shellcheck disable=SC2016
    echo '| `ip.cut` | 56 |' >"$dir/tree/docs/exit-codes.md"
    while [ $# -gt 0 ]; do printf '%s\n' "$2" >>"$dir/tree/$1"; shift 2; done
}
tree
accepted "a ground with words and code" $check "$dir/tree"
tree tls/a.c 'static const struct ground cut = {
    "ip.cut", "RFC 792" };'
refused "one id with two meanings" "ip.cut: RFC 79" $check "$dir/tree"
tree tls/a.c 'static const struct ground cut = { "tls.cut", "RFC 5246 §6.2" };'
refused "a ground without a sentence" "tls.cut (tls/a.c) has no sentence" $check "$dir/tree"
refused "a ground without an exit code" "tls.cut (tls/a.c) is not in docs" $check "$dir/tree"
# shellcheck disable=SC2016
tree docs/exit-codes.md '| `ip.gone` | 56 |'
refused "an exit code of nothing" "ip.gone is in docs" $check "$dir/tree"
accepted "every ground has its words and its exit code" $check .
exit $failed

#!/bin/sh
# What docs/rfc-map.md and docs/rfc-map-tls.md say of the RFCs' demands is so: their functions and tests are there.
# tests/tools/check-rfc-map.
set -u
. tests/tools/plant.sh
check="python3 tests/tools/check-rfc-map"

tree() {  # tree SED: a tree with our maps, changed so
    rm -rf "$dir/tree"; mkdir -p "$dir/tree"
    cp -r docs net tls crypto http cmd "$dir/tree"; mkdir -p "$dir/tree/tests"
    cp -r tests/unit tests/sim tests/ct tests/interop tests/lib tests/conformance "$dir/tree/tests"
    sed -i "$1" "$dir"/tree/docs/rfc-map*.md
}
tree 's/send_probe/send_probes/'
refused "a function that is not there" "MUST-35: there is no send_probes in net/tcp_output.c" $check "$dir/tree"
tree 's/| open.txt: both open at once |/| open.txt: both open at twice |/'
refused "a script that is not there" "MUST-10: there is no test open.txt: both open at twice" $check "$dir/tree"
tree 's/there_and_back/there_and_gone/'
refused "a unit test that is not there" "MUST-2: there is no test tests/unit/tcp_segment.c:there_and_gone" \
    $check "$dir/tree"
tree '/^| MUST-13 /d'
refused "a number that has no row" "no row for MUST-13" $check "$dir/tree"
tree 's/^\(| MUST-48 |[^|]*\)|[^|]*|/\1| — |/'
refused "nothing, and no reason" "MUST-48: no reason is given" $check "$dir/tree"
tree 's/say_close/say_closed/'
refused "a function of TLS that is not there" "5246 §7.2.1-1: there is no say_closed in tls/tls.c" $check "$dir/tree"
tree 's/suites.sh: openssl.s server/suites.sh: the server of openssl/'
refused "words that no script says" "there is no test tests/interop/suites.sh: the server of openssl" $check "$dir/tree"
tree '/^| 5246 §7.4.7.1-2 /s/-2 /-1 /'
refused "an id with two rows" "5246 §7.4.7.1-1 stands there twice" $check "$dir/tree"
tree 's/^\(| 5246 §7.4.2-9 |[^|]*| — \)disagreement: /\1/'
refused "a reason of no kind" "5246 §7.4.2-9: the reason is none of" $check "$dir/tree"
tree '/^| 7507 /d'
refused "an RFC without a row" "no row of RFC 7507" $check "$dir/tree"
tree 's/^\(| 5246 §6.2.3.2-1 |[^|]*|[^|]*\)|[^|]*|/\1| — |/'
refused "no proof, and no reason" "5246 §6.2.3.2-1: no reason is given" $check "$dir/tree"
tree 's/nothing like this stands there/x/'
sed -i 's/RFC 7301 §3.2/RFC 7301 §3.9/' "$dir/tree/http/visit.c"
refused "a citation that the map has not seen" "not what the sources cite now" $check "$dir/tree"
accepted "every demand has its place and its proof, or a reason" $check .
exit $failed

#!/bin/sh
# Who may include whom: tests/tools/check-includes.
set -u
. tests/tools/plant.sh
check=tests/tools/check-includes

planted() {  # planted WHAT WORDS FILE LINE [FILE LINE]
    what=$1 words=$2; shift 2
    rm -rf "$dir/tree"
    while [ $# -gt 0 ]; do
        mkdir -p "$dir/tree/${1%/*}"
        printf '%s\n' "$2" >>"$dir/tree/$1"
        shift 2
    done
    refused "$what" "$words" $check "$dir/tree"
}
planted "an arrow up"                "net/ includes http/url.h"        net/a.c '#include "http/url.h"'
planted "net/ that knows TLS"        "net/ includes tls/tls.h"         net/a.c '#include "tls/tls.h"'
planted "x509 that knows TLS"        "tls/x509/ includes tls/tls.h"    tls/x509/a.c '#include "tls/tls.h"'
planted "crypto/ that knows tracing" "crypto/ includes trace/wire.h"   crypto/a.h '#include "trace/wire.h"'
planted "http/ that knows crypto/"   "http/ includes crypto/rsa.h"     http/a.c '#include "crypto/rsa.h"'
planted "an include of the program"  "trace/ includes cmd/words.h"     trace/a.c '#include "cmd/words.h"'
planted "a test in the program"      "program includes tests/"         cmd/a.c '#include "tests/lib/check.h"'
planted "a path that is not whole"   "not written from the root"       net/a.c '#include "tcp.h"'
planted "a path with two dots"       "not written from the root"       net/a.c '#include "../tls/tls.h"'
planted "a clock's header"           "<time.h> is not for net/"        net/a.c '#include <time.h>'
planted "libsodium in trace/"        "<sodium.h> is not for trace/"    trace/a.c '#include <sodium.h>'
planted "a circle" "circle: " net/a.h '#include "net/b.h"' net/b.h '#include "net/a.h"'
accepted "every include leads down, and none in a circle" $check .
exit $failed

#!/bin/sh
# refused.sh - odd URLs and numbers: each visit ends soon, with curl's exit code and, unless the page came, one sentence
# on one line of stderr. VITRINE: how the program is called (./vitrine).
set -u
vitrine=${VITRINE:-./vitrine}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

# ends CODE WORDS ARGUMENT...: WORDS are in the sentence; with code 0 there is none
ends() {
    wanted=$1 words=$2; shift 2
    start=$(date +%s)
    $vitrine visit --level story "$@" >"$dir/out" 2>"$dir/said" </dev/null
    code=$?
    lines=$(wc -l <"$dir/said" | tr -d ' ')
    what=$(printf '%.60s' "visit $*")
    if [ $code != "$wanted" ]; then fault="exit code $code, not $wanted"
    elif [ $code = 0 ] && [ "$lines" != 0 ]; then fault="the page came, and yet something is said"
    elif [ $code != 0 ] && [ "$lines" != 1 ]; then fault="$lines lines are said"
    elif [ $code != 0 ] && ! grep -q -e "^vitrine.*$words" "$dir/said"; then fault="nothing is said of $words"
    elif [ $(($(date +%s) - start)) -gt 20 ]; then fault="it took longer than 20 s"
    else echo "ok $what: $code"; return
    fi
    echo "FAIL $what: $fault"; sed 's/^/    /' "$dir/said"; failed=1
}
of() { awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", text }'; }

ends 0 - 'https://WWW.Example.TEST:8443/a?b#c'
ends 0 - shop.test
ends 0 - shop.test:4433/x
ends 0 - http://www.example.test/
ends 0 - http://www.example.test:443/
ends 0 - https://www.example.test:65535
ends 0 - 'https://www.example.test?q'
ends 0 - https://xn--bcher-kva.test/
ends 0 - https://www.example.test./
ends 0 - "https://$(of 60 a).$(of 60 b).$(of 60 c).test/"
ends 0 - "https://www.example.test/$(of 1500 /x)"

ends 1 'http and https' ftp://www.example.test/
ends 1 'http and https' file:///etc/passwd
ends 3 host ''
ends 3 host https://
ends 3 host https:///path
ends 3 host https://a..test/
ends 3 host https://-a.test/
ends 3 host 'https://[::1/'
ends 3 '0x7f' https://0x7f.1/
ends 3 port https://www.example.test:0/
ends 3 port https://www.example.test:65536/
ends 3 port https://www.example.test:http/
ends 3 'user name' https://user:pass@www.example.test/
ends 3 percent https://www.example.test/%zz
ends 3 character 'https://www.example.test/a b'
ends 0 '' 'https://bücher.test/'
ends 3 character "https://www.example.test/$(printf '\033')[31m"
ends 3 'too long' "https://www.example.test/$(of 100000 x)"
ends 3 '' "https://$(of 64 a).test/"
ends 6 'no such name' https://www.example.com/
ends 6 'has no address of the kind' https://test/
ends 6 invalid https://www.invalid/
ends 7 '127.0.0.1' https://localhost/
ends 7 '10.0.0.2' https://browser/
ends 7 '255.255.255.255' https://255.255.255.255/
ends 7 '::1' 'https://[::1]/'
ends 7 refused https://10.0.0.53/
ends 28 SYN https://192.0.2.1/
ends 60 certificate https://10.0.0.80/

ends 0 - --seed 18446744073709551615
ends 0 - --seed 0
ends 2 seed --seed 18446744073709551616
ends 2 seed --seed -1
ends 2 seed --seed 0x10
ends 0 - --loss 0.1
ends 0 - --loss 0
ends 2 loss --loss 0.05
ends 2 loss --loss 100.1
ends 2 loss --loss nan
ends 0 - --dup 100
ends 0 - --reorder 100 --delay 0
ends 0 - --size 0
ends 0 - --size 1
ends 0 - --size 5000000
ends 2 size --size 1e6
ends 2 size --size 99999999999999999999
ends 2 delay --delay -5
ends 6 'No name server' --loss 100
ends 6 'No name server' --corrupt 100
ends 7 'Nobody' https://localhost/ --loss 100
ends 28 SYN https://10.0.0.80/ --loss 100
exit $failed

#!/bin/sh
# program.sh - the command line: what it takes, what it refuses, and that help, manual page and completion come from the
# one table of options. VITRINE: how the program is called (./vitrine).
set -u
vitrine=${VITRINE:-./vitrine}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

# ends WANTED WORDS ARGUMENT...: the exit code, and what stdout and stderr together must say
ends() {
    wanted=$1 words=$2; shift 2
    $vitrine "$@" >"$dir/out" 2>&1 </dev/null
    code=$?
    if [ $code = "$wanted" ] && grep -q -e "$words" "$dir/out"; then echo "ok vitrine $*: $code"
    else
        echo "FAIL vitrine $*: exit code $code, wanted $wanted and the words: $words"
        tail -5 "$dir/out" | sed 's/^/    /'
        failed=1
    fi
}
version=$(sed -n 's/.*VITRINE_VERSION "\(.*\)"/\1/p' cmd/version.h)
ends 0 "$version" --version
ends 0 "$version" version
ends 0 "vitrine visit" help
ends 0 "vitrine visit" --help
ends 0 "vitrine visit" 
for command in visit breaks lab get resolve serve verify help version; do
    ends 0 "vitrine $command" help $command
    ends 0 "vitrine $command" $command --help
done
ends 0 '^\.TH' help --man
ends 0 "complete -F" help --completion
ends 2 "no command nonsense" nonsense
ends 2 "nonsense" help nonsense
ends 2 "nonsense" visit --nonsense
ends 2 "kx" visit --kx nonsense
ends 2 "seed" visit --seed
ends 2 "seed" visit --seed minus
ends 2 "loss" visit --loss 101
ends 2 "cipher\|suite" visit --cipher NONSENSE
ends 2 "mtu" visit --mtu 1279
ends 2 "mtu" visit --mtu 65536
ends 0 " len 8948" visit --mtu 9000 --size 100000
ends 0 "closed in order" visit --mtu 65535 --size 300000 --loss 5 --corrupt 5 --seed 3
ends 2 "group" visit --group nonsense
ends 2 "" visit one two
ends 2 "" get
ends 3 "port" visit https://www.example.test:99999/
ends 1 "ftp\|http" visit ftp://www.example.test/
ends 0 "story\|close" visit --level story
ends 0 "ClientHello" visit --level packets --ascii
ends 0 "because of n" visit --level all
ends 0 "" visit --cipher ECDHE-RSA-AES128-GCM-SHA256

# Each option of the table is in the help of its command and in both of what is made for other programs.
$vitrine help --man >"$dir/man" && $vitrine help --completion >"$dir/completion"
for command in visit breaks lab get serve verify; do
    for option in $($vitrine help $command | grep -o -e '--[a-z][a-z-]*' | sort -u); do
        plain=$(echo "$option" | tr -d -)
        if grep -q -e "$option" "$dir/completion" && tr -d '\\-' <"$dir/man" | grep -q "$plain"; then :
        else echo "FAIL $option of $command is not in the manual page or the completion"; failed=1
        fi
    done
done
if command -v bash >/dev/null 2>&1; then
    if bash -n "$dir/completion"; then echo "ok bash reads the completion"
    else echo "FAIL bash does not read the completion"; failed=1
    fi
fi
if command -v man >/dev/null 2>&1; then
    if LC_ALL=C.UTF-8 MANROFFSEQ='' man --warnings -E UTF-8 -l -Tutf8 -Z "$dir/man" 2>&1 >/dev/null | grep .; then
        echo "FAIL man complains of the manual page"; failed=1
    else echo "ok man reads the manual page"
    fi
fi

# Two runs are one and the same; another seed is another visit.
$vitrine visit --seed 3 --json "$dir/a.json" >"$dir/a.said" 2>&1
$vitrine visit --seed 3 --json "$dir/b.json" >"$dir/b.said" 2>&1
$vitrine visit --seed 4 --json "$dir/c.json" >/dev/null 2>&1
sed -i 's/[ab]\.json//g' "$dir"/?.said
if cmp -s "$dir/a.json" "$dir/b.json" && cmp -s "$dir/a.said" "$dir/b.said"; then echo "ok twice is the same"
else echo "FAIL two runs of one seed differ"; failed=1
fi
if cmp -s "$dir/a.json" "$dir/c.json"; then echo "FAIL two seeds are alike"; failed=1; else echo "ok another seed"; fi
exit $failed

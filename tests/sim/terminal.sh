#!/bin/sh
# terminal.sh - the program at a terminal: --step shows one packet for each Enter, colours only where they are wished,
# plain ASCII, narrow windows; and its files in a pipe. Terminals are made by script(1). VITRINE: the program.
set -u
vitrine=${VITRINE:-./vitrine}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
esc=$(printf '\033')

is() {  # is WHAT HAVE WANTED
    if [ "$2" = "$3" ]; then echo "ok $1"; else echo "FAIL $1: $2, not $3"; failed=1; fi
}
packets() { grep -c '"kind":"packet"' "$dir/json"; }
prompts() { grep -oF '[Enter] next' "$dir/said" | wc -l | tr -d ' '; }

# converse COMMAND "SHOWN|KEYS"...: runs it at a terminal; types KEYS as soon as so many prompts, or that text, have been
# shown (a minute later in any case: what was waited for is then missing, and the test says so).
shown() {
    case $1 in
    [0-9]*) [ "$(prompts)" -ge "$1" ] ;;
    *)      grep -qF "$1" "$dir/said" ;;
    esac
}
converse() {
    rm -f "$dir/keys"; mkfifo "$dir/keys"; : >"$dir/said"
    script -qefc "$1" /dev/null <"$dir/keys" >"$dir/said" 2>&1 &
    shift
    exec 3>"$dir/keys"
    for line; do
        tries=0
        while ! shown "${line%%|*}" && [ $tries -lt 600 ]; do sleep 0.1; tries=$((tries + 1)); done
        printf '%b' "${line#*|}" >&3
    done
    wait
    exec 3>&-
}

# ---- --step ----
$vitrine visit --json "$dir/all" >"$dir/clean" 2>&1
all=$(grep -c '"kind":"packet"' "$dir/all")
step() { printf '%b' "$1" | $vitrine visit --step --json "$dir/json" >"$dir/said" 2>&1; code=$?; }
step ''
is "no keyboard: one question, and it runs on" "$code $(prompts) $(packets)" "0 1 $all"
step '\n\n\nr\n'
is "three times Enter, then run on" "$code $(prompts) $(packets)" "0 4 $all"
grep -vF '[Enter] next' "$dir/said" | cmp -s - "$dir/clean"; is "what is shown is what a visit shows" $? 0
cmp -s "$dir/json" "$dir/all"; is "standing still changes nothing" $? 0
step '\n\nq\n\n'
is "twice Enter, then quit" "$code $(prompts) $(packets)" "0 3 3"
is "what was quit ends with a summary" "$(tail -1 "$dir/json" | cut -c1-29)" '{"kind":"summary","packets":3'

# ---- --ask ----
yes 1 | head -60 | $vitrine visit --ask --json "$dir/json" >"$dir/said" 2>&1
is "--ask: a question for each packet" "$(grep -c 'who speaks next' "$dir/said")" "$all"
is "each is judged" "$(grep -cE '^  (Right: |No\. It is )' "$dir/said")" "$all"
right=$(grep -c '^  Right: ' "$dir/said")
is "a score at the end" "$(grep -c "^  $right of $all answers were right" "$dir/said")" 1
cmp -s "$dir/json" "$dir/all"; is "asking changes nothing" $? 0
answers=$(sed -n 's/^  No\. It is \([123]\):.*/\1/p; s/^  Right: .*/1/p' "$dir/said")
echo "$answers" | $vitrine visit --ask >"$dir/said" 2>&1
is "whoever knows the answers has all right" "$(grep -c "^  $all of $all answers were right" "$dir/said")" 1
$vitrine visit --ask </dev/null >"$dir/said" 2>&1; is "nobody there to ask" "$? $(grep -c 'who speaks' "$dir/said")" "0 1"

# ---- at a terminal ----
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    at_terminal() { script -qec "$1" /dev/null </dev/null 2>&1 | tr -d '\r' >"$dir/said"; }
    colours() { grep -c "$esc" "$dir/said"; }
    unset NO_COLOR
    export TERM=xterm
    at_terminal "$vitrine visit"
    [ "$(colours)" -gt 10 ]; is "a terminal gets colours" $? 0
    lines=$(wc -l <"$dir/clean")
    sed "s/$esc\\[[0-9;]*m//g" "$dir/said" >"$dir/plain"
    head -n "$lines" "$dir/plain" | cmp -s - "$dir/clean"; is "but for those it is what a pipe gets" $? 0
    tail -n +"$((lines + 1))" "$dir/plain" | tr -s ' ' >"$dir/forms"
    is "and behind it the forms of cryptography that ran here" "$(sed -n '2s/ (.*//p; 3,$s/^ \(.*\) .*/\1/p' "$dir/forms" | tr '\n' ,)" \
       "Cryptography here ran by these forms,AES-128-GCM,SHA-256,x25519,RSA,"
    at_terminal "VITRINE_CPU=portable $vitrine visit"; is "those allowed" "$(grep -c 'AES-128-GCM  *portable' "$dir/said")" 1
    at_terminal "NO_COLOR=1 $vitrine visit"; is "NO_COLOR" "$(colours)" 0
    at_terminal "TERM=dumb $vitrine visit"; is "a dumb terminal" "$(colours)" 0
    at_terminal "stty cols 72; NO_COLOR=1 $vitrine visit --ascii"
    is "72 columns are kept to" "$(awk 'length > 72' "$dir/said" | wc -l | tr -d ' ')" 0
    for columns in 1 20 40 500; do
        at_terminal "stty cols $columns; $vitrine visit --level all >/dev/null && echo done"
        is "$columns columns" "$(grep -c 'done' "$dir/said")" 1
    done
    converse "$vitrine visit --step --json $dir/json" "1|\n" "2|q\n"
    is "--step at a terminal: Enter, q" "$(packets)" 2
    converse "$vitrine visit --step --json $dir/json" "1|n" "2|w" "3|b" "4|u" "${esc}[0m u |SYN\n" "5|q"
    is "single keys act without Enter: next, why, back, until SYN, quit" \
       "$(packets) $(grep -c 'somebody typed' "$dir/said") $(grep -c '#0 of 1' "$dir/said")" "4 1 1"
    converse "$vitrine visit --step --json $dir/json --pcap $dir/pcap; echo code \$?; stty -a" "1|\n\n\n" "4|\003"
    is "Ctrl-C ends it" "$(grep -c 'code 130' "$dir/said") $(packets)" "1 4"
    is "with a whole file" "$(tail -1 "$dir/json" | cut -c1-17)" '{"kind":"summary"'
    is "and a terminal as it was" "$(tr ' ;' '\n\n' <"$dir/said" | grep -cxE 'icanon|echo')" 2
else
    echo "skipped: terminal: no script(1) here that makes terminals"
fi
is "no colours in a pipe" "$(grep -c "$esc" "$dir/clean")" 0
$vitrine visit --ascii --level all --kx rsa >"$dir/said" 2>&1
is "--ascii is ASCII" "$(LC_ALL=C tr -d '\n -~' <"$dir/said" | wc -c | tr -d ' ')" 0

# ---- standard output ----
$vitrine visit --json - 2>/dev/null | cmp -s - "$dir/all"; is "--json -" $? 0
$vitrine visit --size 70000 -o - 2>/dev/null >"$dir/page"; $vitrine visit --size 70000 -o "$dir/page2" >/dev/null 2>&1
is "-o -" "$(wc -c <"$dir/page" | tr -d ' ')" 70000
cmp -s "$dir/page" "$dir/page2"; is "-o - is -o FILE" $? 0
$vitrine visit --keylog - 2>/dev/null | grep -q '^CLIENT_RANDOM '; is "--keylog -" $? 0
$vitrine visit --json - --pcap - >/dev/null 2>"$dir/said"; is "two things to one place" "$? $(wc -l <"$dir/said" | tr -d ' ')" "2 1"
if [ -w /dev/full ]; then
    for files in "--json /dev/full" "--pcap /dev/full" "--keylog /dev/full" "-o /dev/full"; do
        # shellcheck disable=SC2086
        $vitrine visit $files >/dev/null 2>"$dir/said"; is "a full disk: $files" "$?" 23
    done
    $vitrine visit >/dev/full 2>"$dir/said"; is "a full disk below the ladder" "$?" 23
fi
$vitrine visit --json "$dir/no/such/folder" >/dev/null 2>&1; is "a file that cannot be made" "$?" 23
if command -v tshark >/dev/null 2>&1; then
    $vitrine visit --pcap - 2>/dev/null | tshark -i - -Y 'http.response.code == 200' 2>/dev/null >"$dir/said"
    is "--pcap - | tshark -i -" "$(wc -l <"$dir/said" | tr -d ' ')" 2
else
    echo "skipped: terminal: no tshark here"
fi
exit $failed

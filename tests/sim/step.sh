#!/bin/sh
# step.sh - the commands of `visit --step`, by the line: each shows what it promises, and what the JSON says too.
# VITRINE: the program.
set -u
vitrine=${VITRINE:-./vitrine}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

is() {  # is WHAT HAVE WANTED
    if [ "$2" = "$3" ]; then echo "ok $1"; else echo "FAIL $1: $2, not $3"; failed=1; fi
}
step() {  # step COMMANDS [OPTIONS]
    commands=$1; shift
    printf '%b' "$commands" | $vitrine visit --step "$@" >"$dir/said" 2>&1
}
says() { grep -qF -- "$2" "$dir/said"; is "$1" $? 0; }
silent() { grep -qF -- "$2" "$dir/said"; is "$1" $? 1; }
last_packet() { grep -o '^#[0-9]* *[0-9.]* ms' "$dir/said" | tail -1 | sed 's/ .*//'; }
value() { sed -n "s/.*$1.*\"$2\":\"\{0,1\}\([^\",}]*\).*/\1/p" "$dir/json" | tail -1; }

$vitrine visit --json "$dir/json" --pcap "$dir/pcap" --keylog "$dir/keylog" >/dev/null 2>&1
$vitrine visit >"$dir/clean" 2>&1

# ---- back, and the files ----
step '\n\n\n\nb\nb\nq\n'
is "back shows the packet before" "$(last_packet)" "#2"
says "where we are, and how far the world is" "#2 of 4 [Enter]"
step '\nb\nb\n\n\nq\n'
says "nothing lies before the beginning" "there is nothing before it"
is "next after back is the tape's, then the world's" "$(last_packet)" "#2"
step 'u #9\nb\nb\nb\nx\nk\nu Finished\nb\n#3\nl\nl\nr\n' --json "$dir/json2" --pcap "$dir/pcap2" --keylog "$dir/keylog2"
for file in json pcap keylog; do cmp -s "$dir/$file" "$dir/${file}2"; is "going back leaves the same $file" $? 0; done
is "and runs on to the end" "$(last_packet)" "$(grep -o '^#[0-9]* *[0-9.]* ms' "$dir/clean" | tail -1 | sed 's/ .*//')"

# ---- until ----
for until in "#7 #7" "ESTABLISHED #4" "web_ESTABLISHED #6" "ClientHello #6" "Finished #10" "certificate #7" "keys #9" \
             "wait_finished #10" "FIN-WAIT-1 #15" "alert #16"; do
    what=$(echo "${until% *}" | tr _ ' '); case $until in wait*) what=wait_finished ;; esac
    step "u $what\nq\n"; is "until $what" "$(last_packet)" "${until#* }"
done
step 'until web CONNECTED\nq\n'; is "until, as a word" "$(last_packet)" "#10"
step 'u lost\nq\n' --loss 20 --seed 3; says "until a packet is lost" "lost on the wire"
is "then it stands" "$(tail -1 "$dir/said" | grep -c Enter)" 1
step 'u SYN-ACK\nb\nb\nu SYN-ACK\nq\n'; is "until goes over the tape" "$(last_packet)" "#4"
step 'u nonsense\nu\nu #x\nq\n'
is "until what there is not" "$(grep -c 'Nothing is called\|Until what' "$dir/said")" 3
step 'u corrupted\nq\n'; says "what did not come" "The visit is over, and corrupted has not come"

# ---- why ----
step 'u Finished\nw\nq\n'
says "why: the packet" "browser sent #10: ClientKeyExchange, ChangeCipherSpec, Finished"
says "why: what came" "because #8 reached browser"
says "why: what such a message is for" "A check over all messages before, under the new keys"
is "why: each reason once" "$(grep -c 'The wire brought the packet' "$dir/said")" 1
says "why: the URL at the end" "because somebody typed https://www.example.test/ at browser"
step 'u retransmission\nw\nw 3\nw 99\nq\n' --break loss:6
says "why: again" "sent #7 again, ClientHello"
says "why: the timer" "the timer probe of browser fired"
says "why: of another packet" "browser sent #3: SYN"
says "why: of none" "No packet 99 has left so far"

# ---- bytes ----
step 'u ClientHello\nx\nx m1\nx all\nq\n'
says "bytes: of IP" "8  40                          time_to_live: 64"
says "bytes: of the message, with words" "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
says "bytes: text" "host_name: www.example.test"
says "bytes: what a field means" "What kind of record: 20 ChangeCipherSpec"
says "bytes: as the JSON has them" "client_random"
random=$(sed -n 's/.*"name":"client_random","value":"\([0-9a-f]\{16\}\).*/\1/p' "$dir/json" | head -1 | sed 's/../& /g; s/ $//')
says "bytes: the client random" "$random"
step 'u Finished\nx\nq\n'
says "bytes: opened" "nobody on the wire can read them: Finished"
says "bytes: its verify_data" "verify_data"
step 'u Certificate\nx\nx all\nq\n'
says "bytes: long ones are cut" "octets more (x all shows them)"

# ---- keys, certs, tcp, states ----
step 'k\nc\nt\nq\n'
is "nothing yet, in sentences" "$(grep -c 'so far\.' "$dir/said")" 3
step 'u Finished\nk\nq\n'
says "keys: whose" "Keys of browser"
tr -d ' \n' <"$dir/said" >"$dir/flat"
master=$(value '"name":"master_secret"' secret)
grep -qF "$master" "$dir/flat"; is "keys: the master secret of the JSON" "$? ${#master}" "0 96"
says "keys: how" 'PRF-SHA256(pre_master_secret, "extended master'
step 'u Finished\nc\nq\n'
says "certs: who" "leaf CN=www.example.test"
says "certs: expected and found" "host_name: accepted; expected: a certificate for www.example.test; found:"
is "certs: a mark for each check" "$(grep -c '^  [✓·✗]' "$dir/said")" \
   "$(grep '"n":' "$dir/json" | awk -F'"n":' '/"kind":"check"/ && /"layer":"(x509|tls)"/ && /"t":[0-7]?[0-9]?000000,/' | grep -c .)"
step 'r\n' --break cert:expired
step 'u fault\nc\nq\n' --break cert:expired
says "certs: refused" "✗   validity: refused"
step 'u ServerKeyExchange\no\nq\n'
says "offers: what an extension is for" "RFC 7627 §5.1"
says "offers: what came of it" "of the list the server took x25519"
says "offers: a suite in its parts" "MAC: GCM's own tag"
step 'u ServerKeyExchange\no\nq\n' --grease
says "offers: GREASE is passed over" "Passed over, as it must be"
step 'u NewSessionTicket\nx\nm\nq\n' --resume
says "a ticket from outside" "encrypted_state"
says "and from within" "master_secret"
says "messages: where the hash was used" "the seed of client_verify_data"
step 'm\nq\n'
says "messages: none yet" "No handshake message so far"
step 'o\nq\n'
says "offers: none yet" "No hello has left so far"
step 'u ClientHello\nt\nq\n'
says "tcp: both ends" "TCP variables of web"
says "tcp: what the JSON says" "$(value '"n":44,.*"kind":"vars"' rcv_nxt)"
says "tcp: before and after" "changed"
says "tcp: the timers" "timer probe runs; it fires at"
step 'u Finished\ns\nq\n'
says "states: where both stand" "● ESTABLISHED browser+web"
says "states: where they were" "✓ SYN-RECEIVED"
says "states: the way" "START → WAIT_SERVER_HELLO → WAIT_CERTIFICATE"
says "states: what may come" "ChangeCipherSpec leads to WAIT_FINISHED (RFC 5246"

# ---- language, help, and what is no command ----
step '\nl\nw\nl\nw\nq\n'
says "Chinese at once" "browser 发出 #1"
says "and English again" "browser sent #1"
step '?\nhelp\nh\nfoo\nq\n'
is "help, three ways" "$(grep -c 'let the next packet go' "$dir/said")" 3
says "no such command" "There is no command foo"
step 'b\nw\nx\nt\nq\n' --lang zh; silent "nothing in English where Chinese was asked for" "There"
step 'n\n\nq' ; is "the last line needs no end" "$(last_packet)" "#2"

# ---- the end ----
step 'u close\n\n\n\n\n\n\n'
says "the end is told" "the end [Enter]"
printf 'u #19\n\nb\nb\n\n\n\n' | $vitrine visit --step >"$dir/said" 2>&1; is "back from the end, and out" "$?" 0

# ---- --slow ----
begin=$(date +%s%N); $vitrine visit --slow=2 >"$dir/said" 2>&1; end=$(date +%s%N)
cmp -s "$dir/said" "$dir/clean"; is "--slow shows the same" $? 0
[ $((end - begin)) -gt 250000000 ]; is "--slow takes its time" $? 0
$vitrine visit --slow=5ms >"$dir/said" 2>&1; cmp -s "$dir/said" "$dir/clean"; is "--slow=5ms, too" $? 0
$vitrine visit --slow=fast >"$dir/said" 2>&1; is "--slow wants a number" "$?" 2
$vitrine visit --slow=3000ms --json "$dir/json2" >"$dir/said" 2>&1 & pid=$!
for _ in $(seq 600); do [ -s "$dir/said" ] && break; sleep 0.1; done   # it shows something: it heeds signals by now
kill -TERM $pid; wait $pid; is "a signal ends it" "$?" 130
is "and leaves a whole file" "$(tail -1 "$dir/json2" | cut -c1-17)" '{"kind":"summary"'
exit $failed

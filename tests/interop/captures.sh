#!/bin/sh
# captures.sh - what tshark, a reader that is not ours, makes of our captures: every suite, both groups, from each of
# three points of view, with other names, ports and paths than the usual ones. Every sealed record opens, the secrets
# in the capture or beside it; nothing is malformed, nothing is worth a warning, all checksums are right, the connection
# is opened and closed in full (completeness 31), and both answers are there. VITRINE: how the program is called.
set -u
command -v tshark >/dev/null 2>&1 || { echo "skipped: captures: no tshark here"; exit 0; }
vitrine=${VITRINE:-./vitrine}
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0

# dissect FILE PORT OPTION...: a line for each packet in read, and in opened what became of each sealed record
dissect() {
    file=$1 port=$2; shift 2
    rm -f "$dir/opened"
    tshark -r "$file" -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE \
        -d "tcp.port==$port,tls" -o "tls.debug_file:$dir/opened" "$@" -T fields -E separator='|' \
        -e tcp.completeness -e _ws.malformed -e _ws.expert.severity -e ip.checksum.status -e tcp.checksum.status \
        -e udp.checksum.status -e tls.record.content_type -e http.request.method -e http.response.code \
        >"$dir/read" 2>"$dir/said"
}

# What is wrong, in words. A checksum's status 1 is a good one; severities from 0x600000 on are warnings; of the sealed
# records those of application data (23), the alerts (21) and two Finished are seen from outside.
faults() {
    opened=$(grep -c '^auth_tag(OK)\|mac ok' "$dir/opened")
    awk -F'|' -v opened="$opened" '
        $1 != ""     { completeness = $1 }
        $2 != ""     { print "packet " NR " is malformed" }
        $4 $5 $6 != 11 { print "packet " NR " has checksums of status " $4 " " $5 $6 }
        {
            n = split($3, all, ","); for (i = 1; i <= n; i++) if (all[i] >= 6291456) print "packet " NR " has a warning"
            n = split($7, all, ","); for (i = 1; i <= n; i++) if (all[i] == 23 || all[i] == 21) sealed++
            asked += split($8, all, ",")
            n = split($9, all, ","); for (i = 1; i <= n; i++) answers += all[i] == 200
        }
        END {
            sealed += 2
            if (completeness != 31) print "completeness is " completeness
            if (sealed < 8 || opened != sealed) print opened " of " sealed " sealed records open"
            if (asked != 2 || answers != 2) print asked + 0 " requests and " answers + 0 " answers"
        }' "$dir/read"
    grep '^auth_tag(expect)\|mac failed' "$dir/opened"
}

judge() {  # judge WHAT FILE PORT OPTION...
    what=$1; shift
    if dissect "$@" && { faults >"$dir/faults"; [ ! -s "$dir/faults" ]; }; then echo "ok captures: $what"
    else echo "FAIL captures: $what"; head -5 "$dir/faults" "$dir/said" | sed 's/^/    /'; failed=1
    fi
}

# url NUMBER, port NUMBER: the visits go here and there
url() {
    case $(($1 % 5)) in
    0) echo https://www.example.test/ ;;
    1) echo https://shop.test:8443/a/b/c?q=1\&r=%20 ;;
    2) echo https://WWW.Long-Name.of.some.where.TEST/index.html#part ;;
    3) echo "https://x.test:44330/$(printf 'deep/%.0s' 1 2 3 4 5 6 7 8 9)" ;;
    *) echo mail.example.test:1 ;;
    esac
}
port() { case $(($1 % 5)) in 1) echo 8443 ;; 3) echo 44330 ;; 4) echo 1 ;; *) echo 443 ;; esac; }

n=0
for suite in TLS_RSA_WITH_AES_128_GCM_SHA256 TLS_RSA_WITH_AES_128_CBC_SHA \
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 \
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
do
    for way in x25519-wire p256-browser x25519-web p256-wire; do
        n=$((n + 1)) group=${way%-*} at=${way#*-}
        what="$suite, $group, at $at, $(url $n)"
        if $vitrine visit "$(url $n)" --seed $((n * n)) --size $((n * 997)) --cipher $suite --group $group \
            --pcap "$dir/pcapng" --pcap-at $at --keylog "$dir/keys" >"$dir/said" 2>&1
        then judge "$what" "$dir/pcapng" "$(port $n)"
        else echo "FAIL captures: $what: the visit ends with $?"; failed=1
        fi
    done
    if command -v editcap >/dev/null 2>&1; then
        editcap --discard-all-secrets "$dir/pcapng" "$dir/bare" 2>/dev/null
        dissect "$dir/bare" "$(port $n)"
        if grep -q '^auth_tag(OK)\|mac ok' "$dir/opened"; then
            echo "FAIL captures: $suite opens without secrets"; failed=1
        fi
        judge "$suite, the secrets beside it" "$dir/bare" "$(port $n)" -o "tls.keylog_file:$dir/keys"
    fi
done
exit $failed

#!/bin/sh
# What visits of all kinds say has its Chinese, each event its reason, each field its meaning, and the ladder in Chinese
# keeps to 80 columns: tests/tools/words-of-visits. And whose language is spoken when.
set -u
build=${BUILD:-build}
vitrine=${VITRINE:-./vitrine}
words=$build/tests/unit/words
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
failed=0
ok() { echo "ok $1"; }
fail() { echo "FAIL $1"; sed 's/^/    /' "$dir/said"; failed=1; }
says() {  # says WHAT WORDS: the last output has them
    if grep -q -- "$2" "$dir/said"; then ok "$1"; else fail "$1"; fi
}

[ -x "$words" ] || make -s "$words" || exit 1
if python3 tests/tools/words-of-visits "$vitrine" "$words" >"$dir/said" 2>&1; then ok "$(cat "$dir/said")"
else fail "what visits say is Chinese"; fi
printf '#!/bin/sh\ncat\n' >"$dir/parrot"; chmod +x "$dir/parrot"
python3 tests/tools/words-of-visits "$vitrine" "$dir/parrot" few >"$dir/said" 2>&1 && fail "a catalogue without rows was believed"
says "a catalogue without rows is found out" "no Chinese for"

visit() { "$vitrine" visit --level story "$@" >"$dir/said" 2>&1; }
LC_ALL=zh_CN.UTF-8 visit;                       says "the locale's language is spoken" "互致 Hello"
LC_ALL=zh_CN.UTF-8 visit --lang en;             says "unless another is asked for" "The hellos"
LC_ALL=C visit --lang=zh;                       says "Chinese is spoken where the locale is not" "互致 Hello"
LC_ALL=zh_CN.UTF-8 visit --ascii;               says "--ascii alone falls back to English" "The hellos"
visit --lang zh --ascii;                        says "--ascii with --lang zh draws in ASCII and speaks Chinese" "互致 Hello"
visit --lang zh --ascii --level packets
if grep -q '[│─▶◀●]' "$dir/said"; then fail "its lines are ASCII"; else ok "its lines are ASCII"; fi
says "its words are not" "域名服务器"
visit --lang zh --seed no;                      says "a refusal of the command line, too" "整数"
visit --lang de;                                says "a language that is not spoken here is refused" "en|zh"
LC_ALL=zh_CN.UTF-8 "$vitrine" help visit >"$dir/said"; says "help is in both" "种子"

# Files do not depend on the locale: comments of a capture, JSON.
LC_ALL=C "$vitrine" visit --level story --pcap "$dir/c.pcapng" --json "$dir/c.json" >/dev/null
LC_ALL=zh_CN.UTF-8 "$vitrine" visit --level story --pcap "$dir/zh.pcapng" --json "$dir/zh.json" >/dev/null
"$vitrine" visit --level story --lang zh --pcap "$dir/asked.pcapng" --json "$dir/asked.json" >/dev/null
: >"$dir/said"
if cmp "$dir/c.pcapng" "$dir/zh.pcapng" && cmp "$dir/c.json" "$dir/zh.json" && cmp "$dir/c.json" "$dir/asked.json"
then ok "files are the same in every locale"; else fail "files are the same in every locale"; fi
if grep -qa "个套件" "$dir/asked.pcapng" && ! grep -qa "个套件" "$dir/c.pcapng"
then ok "--lang zh writes a capture's comments in Chinese"; else fail "--lang zh writes a capture's comments in Chinese"; fi
exit $failed

#!/bin/sh
# Every sentence stands in both languages, and no row of the catalogue is left over: tests/tools/check-words.
set -u
. tests/tools/plant.sh
check="python3 tests/tools/check-words"

tree() {  # tree FILE TEXT...: a small tree in which all is well, and then these lines
    rm -rf "$dir/tree"; mkdir -p "$dir/tree/net" "$dir/tree/trace" "$dir/tree/cmd"
    printf '%s\n' 'void f(void) { refuse(why, &cut, "%zu octets at least", "none of %s"); find("story", "open"); }' \
        >"$dir/tree/net/ip4.c"
    printf '%s\n' '    { "ip.cut", 56, "A packet is cut short", "数据包不完整" },' >"$dir/tree/cmd/fault_words_net.c"
    printf '%s\n' '    { "story", "open", "{addr} is there", "{addr} 在" },' \
        '    { "phrase", "net", "%u octets at least", "至少 {1} 字节" },' \
        '    { "phrase", "net", "none of %s", "{1} 一个也没有" },' \
        >"$dir/tree/cmd/words_story.c"
    echo 'const char *id = "ip.cut";' >"$dir/tree/net/stack.c"
    while [ $# -gt 0 ]; do printf '%s\n' "$2" >>"$dir/tree/$1"; shift 2; done
}
tree
accepted "a tree whose sentences stand in both languages" $check "$dir/tree"
tree net/udp.c 'void g(void) { refuse(why, &cut, "a thing that nobody translated", "none of %s"); }'
refused "a sentence without a row" "net/udp.c:1: no row for: a thing that nobody translated" $check "$dir/tree"
tree net/udp.c 'void g(void) { say("at least a thing of the kind %d %s"); }' cmd/words_story.c '    { "phrase", "net", "at least %s", "至少 {1}" },'
refused "a sentence hidden in another's hole" "no row for: at least a thing of the kind" $check "$dir/tree"
tree cmd/words_story.c '    { "phrase", "net", "a thing that is gone", "已经没有的东西" },'
refused "a row whose sentence nobody says" "nobody says any more: a thing that is gone" $check "$dir/tree"
tree cmd/words_story.c '    { "story", "ended", "It is over", "结束了" },'
refused "a row that nobody asks for" "nobody asks any more: story.ended" $check "$dir/tree"
tree cmd/words_story.c '    { "story", "addr", "{addr} is over there", "在那边" },'
refused "a hole that is lost" "holes differ: {addr} is over there" $check "$dir/tree"
tree net/udp.c 'void g(void) { say("%u octets of %s"); }' cmd/words_story.c '    { "phrase", "net", "%u octets of %s", "{1} 字节" },'
refused "a hole of printf that is lost" "holes differ: %u octets of %s" $check "$dir/tree"
tree cmd/words_story.c '    { "story", "addr", "This is English", "This is English" },'
refused "English in the place of Chinese" "not Chinese: This is English" $check "$dir/tree"
tree net/udp.c 'const char *id2 = "udp.cut";' cmd/fault_words_net.c '    { "udp.cut", 56, "A datagram is cut short" },'
refused "a refusal without Chinese" "fault.udp.cut: no Chinese" $check "$dir/tree"
tree cmd/words_story.c '    { "story", "open", "It is open", "开了" },'
refused "a row that stands twice" "stands twice" $check "$dir/tree"
tree trace/page.c 'void h(void) { words_ui(w, "a new button"); }'
refused "a word that is asked for and has no row" "no row for" $check "$dir/tree"
accepted "every sentence has its row, and every row its sentence" $check .
exit $failed

/* What `vitrine speed` says. */
#include "cmd/words_tables.h"

const struct words_row words_speed[] = {
    { "phrase", "speed",
      "how fast all this is here: every primitive in every form, records, handshakes, memory of a connection",
      "这里的一切有多快：每个原语的每种实现、记录、握手、一条连接所占的内存" },
    { "phrase", "speed",
      "By CPU time, the best of several slices. WHAT is a thing (aes-128-gcm, sha256, rsa2048, x25519 ...),\n"
      "a family (aes, rsa, record, handshake, idle, all), or labels with colons between, all of which must fit:\n"
      "aes-128-gcm:seal:16384, rsa2048:sign:best (the form that is chosen), handshake:ecdsap256:x25519:full:client.\n"
      "VITRINE_CPU=portable, or names of --cpu with + between, allows no other instructions. docs/speed.md has it all.",
      "按 CPU 时间计，分成几段取最好的一段。WHAT 可以是一样东西（aes-128-gcm、sha256、rsa2048、x25519 等）、\n"
      "一族（aes、rsa、record、handshake、idle、all），或用冒号连起来、须全部符合的标签：\n"
      "aes-128-gcm:seal:16384、rsa2048:sign:best（会选用的那种实现）、handshake:ecdsap256:x25519:full:client。\n"
      "VITRINE_CPU=portable，或用 + 连起来的 --cpu 中的名字，就不用别的指令。详见 docs/speed.md。" },
    { "phrase", "speed", "CPU time of each measurement, like 0.25 (so much that all is over within a minute)",
      "每次测量的 CPU 时间，单位秒，如 0.25（默认使全部在一分钟内结束）" },
    { "phrase", "speed", "instead of a table a line of JSON a measurement", "不打印表格，每次测量一行 JSON" },
    { "phrase", "speed", "measure nothing: say which instructions were found, and which form of each thing runs",
      "不作测量：说明找到了哪些指令，每样东西用的是哪种实现" },
    { "phrase", "speed", "--seconds is a number from 0.001 to 3600, like 0.25, not %s",
      "--seconds 应为 0.001 到 3600 的数，如 0.25，而不是 {1}" },
    { "phrase", "speed",
      "there is no %s here; a thing is one of these, or a family of them (the first word of a line), or all:",
      "这里没有 {1}；可以是下列之一，或其中一族（每行的第一个词），或 all：" },
    { "phrase", "speed", "nothing is all of that at once: %s", "没有什么同时符合这一切：{1}" },
    { "phrase", "speed", "%u measurements, about %u s of CPU time", "{1} 次测量，约需 {2} 秒 CPU 时间" },
    { "phrase", "speed",
      "Thousands of octets, or operations, in a second of CPU time; * is the form that is chosen here.",
      "每秒 CPU 时间内的千八位组数，或操作次数；* 表示这里会选用的实现。" },
    { "phrase", "speed", "Cryptography here ran by these forms (files do not have it):",
      "这里的密码学运算所用的实现（文件里没有这些）：" },
    { "phrase", "speed", "used", "使用" },
    { "phrase", "speed", "found, and not used", "找到，但不使用" },
    { "phrase", "speed", "not found", "没有找到" },
    { NULL, NULL, NULL, NULL },
};

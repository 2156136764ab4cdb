/* The chapters of a visit, and what the wire did. */
#include "cmd/words_tables.h"

const struct words_row words_story[] = {
    { "title", "name", "The name", "名字" },
    { "title", "open", "TCP opens", "TCP 建立" },
    { "title", "hello", "The hellos", "互致 Hello" },
    { "title", "certificate", "The certificate", "证书" },
    { "title", "keys", "The keys", "密钥" },
    { "title", "finished", "Finished", "Finished" },
    { "title", "page", "The page", "网页" },
    { "title", "close", "The close", "关闭" },
    { "x509", "certificate", "{label}: {why}", "{label}（{why}）" },
    { "story", "name", "{domain} is {addr}: {how}.", "{domain} 的地址是 {addr}：{how}。" },
    { "story", "open",
      "SYN, SYN-ACK, ACK: port {own_port} here and port {port} of {addr} now count each other's octets.",
      "SYN、SYN-ACK、ACK：本端端口 {own_port} 与 {addr} 的端口 {port} 从此互相为对方的字节计数。" },
    { "story", "hello", "Of what the browser offered, the server chose TLS 1.2 with {suite}.",
      "从浏览器提出的选项中，服务器选定了 TLS 1.2 和 {suite}。" },
    { "story", "certificate", "The chain of {leaf} leads to a root that we trust, {anchor}: {verdict}.",
      "{leaf} 的证书链通向我们信任的根 {anchor}：{verdict}。" },
    { "story", "keys_rsa",
      "The browser drew a secret and sent it encrypted under the key in the server's certificate; from it both "
      "made the same keys. Whoever gets that key later can read all of this.",
      "浏览器随机生成一个秘密，用服务器证书里的公钥加密后发出；双方由它算出相同的密钥。"
      "日后谁拿到对应的私钥，谁就能读懂这一切。" },
    { "story", "keys_ecdhe",
      "Each end sent one half of a key agreement ({group}) made for this visit alone; both made the same secret "
      "from it, and nobody can make it again later.",
      "双方各发出一半只为这次访问而生成的密钥协商数据（{group}），由此算出同一个秘密；事后谁也无法再算出来。" },
    { "story", "finished",
      "Each end proved, with {octets} octets, that it saw the same messages and has the same keys.",
      "双方各用 {octets} 个字节证明：自己看到的消息与对方相同，手里的密钥也相同。" },
    { "story", "page", "GET {target}: {status} {reason}, {octets} octets (answers on this connection: {answers}).",
      "GET {target}：{status} {reason}，{octets} 字节（本连接上的应答数：{answers}）。" },
    { "story", "close", "{notified}; then FIN and ACK, both ways: {verdict}.",
      "{notified}；然后双向交换 FIN 和 ACK：{verdict}。" },
    { "title", "later", "A year later", "一年以后" },
    { "story", "later_opened",
      "Somebody recorded the wire and now has the server's private key. It decrypts the pre_master_secret that the "
      "browser sent, gives the same keys, and {opened} of {records} sealed records open: {text} …",
      "有人录下了线路上的一切，如今又拿到了服务器的私钥。用它解开浏览器发来的 pre_master_secret，就能算出同样的密钥：{records} 条密封记录打开了 {opened} 条：{text} …" },
    { "story", "later_closed",
      "Somebody recorded the wire and now has the server's private key. {opened} of {records} sealed records open: "
      "the key only signed, and the secret came from two halves that both ends have long forgotten (forward "
      "secrecy).",
      "有人录下了线路上的一切，如今又拿到了服务器的私钥。{records} 条密封记录打开了 {opened} 条：这把密钥只用来签名，而秘密出自双方各自的一半，早已被两端抹去（前向保密）。" },
    { "story", "later_clear",
      "There was nothing to open: no record was sealed ({opened} of {records}), and whoever listened has read it "
      "all along.",
      "没有什么可打开的：没有一条记录是密封的（{records} 条中的 {opened} 条），窃听者当时就全读到了。" },
    { NULL, NULL, NULL, NULL },
};

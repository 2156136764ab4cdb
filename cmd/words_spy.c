/* What a listener on the wire learns: a row for each field or message that gives something away (trace/spy.h). */
#include "cmd/words_tables.h"

#define HELLO "ClientHello/extensions/extension/extension_data/"
#define TBS   "certificate/certificate/tbs_certificate/"

const struct words_row words_spy[] = {
    { "spy", "packet", "{from} sends to {to}.", "{from} 在向 {to} 发数据。" },
    { "spy", "query", "The browser looks for the name {question}.", "浏览器在查询域名 {question}。" },
    { "spy", "answer", "{question} is answered: {label}.", "{question} 的应答：{label}。" },
    { "spy", HELLO "server_name_list/server_name/host_name",
      "Which site is visited, said in the clear (SNI): {value}.", "明文写着要访问的网站（SNI）：{value}。" },
    { "spy", "ClientHello", "What program it may be: its list of suites and extensions is a fingerprint ({label}).",
      "用的可能是什么程序：套件与扩展的列表就是指纹（{label}）。" },
    { "spy", "ServerHello/cipher_suite", "The suite that both will use: {value}.", "双方将使用的套件：{value}。" },
    { "spy", TBS "subject/relative_distinguished_name/attribute/commonName/commonName",
      "A name in the server's certificates: {value}.", "服务器证书里的名字：{value}。" },
    { "spy", TBS "extensions/extensions/extension/extn_value/subject_alt_name/dns_name/dns_name",
      "A name for which the certificate is good: {value}.", "证书对这个域名有效：{value}。" },
    { "spy", "ServerKeyExchange/named_curve",
      "The group of the key agreement: {value}. Both public halves are seen, no secret half is.",
      "密钥协商用的群：{value}。两个公开的一半都看得见，秘密的一半一个也看不见。" },
    { "spy", "ClientKeyExchange/rsa_encrypted/encrypted_pre_master_secret",
      "The pre_master_secret itself, sealed under the server's key: worth keeping until that key leaks.",
      "pre_master_secret 本身，用服务器的公钥加密：值得存起来，等那把私钥泄漏。" },
    { "spy", "record/change_cipher_spec", "From here on that side's records are sealed.", "此后这一侧的记录都是密封的。" },
    { "spy", "record/type", "Records of this kind are under way: {value}. Kind, length and time are not hidden.",
      "有这一类记录在传输：{value}。类型、长度和时间是藏不住的。" },
    { "spy", "request", "What is asked for: {label}.", "请求的内容：{label}。" },
    { "spy", "response", "What is answered: {label}.", "应答的内容：{label}。" },
    { "spy", "body", "The page itself, octet for octet.", "网页本身，一个字节也不少。" },

    { "ui", "spy title", "What a listener on the wire learns", "线路上的窃听者能知道什么" },
    { "ui", "spy sealed", "{octets} octets, {sealed} of them sealed", "{octets} 字节，其中 {sealed} 字节密封" },
    { "ui", "spy clear", "{octets} octets, all in the clear", "{octets} 字节，全是明文" },
    { "ui", "spy sum",
      "Of {octets} octets on the wire {sealed} were sealed. {facts} things were learned; what was asked for and "
      "answered within sealed records was not.",
      "线路上共 {octets} 字节，其中 {sealed} 字节密封。窃听者得知 {facts} 件事；密封记录里问了什么、答了什么，无从得知。" },
    { "ui", "spy sum clear",
      "All {octets} octets on the wire could be read, and changed. {facts} things were learned, the page among them.",
      "线路上的 {octets} 字节全都能读，也能改。窃听者得知 {facts} 件事，网页也在其中。" },
    { NULL, NULL, NULL, NULL },
};

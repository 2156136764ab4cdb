/* What a value is for, by its name: each extension, suite, group and signature algorithm of a hello; which of them are
 * offers (trace/offers.h), and what can come of one. A suite's sentence takes its name apart. */
#include "cmd/words_tables.h"

const struct words_row words_value_rows[] = {
    { "value", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
      "Key exchange: ECDHE, fresh for each connection. Authentication: a signature by ECDSA or EdDSA. Cipher: "
      "AES-128 in GCM. MAC: GCM's own tag. PRF: with SHA-256 (RFC 5289).",
      "密钥交换：ECDHE，每次连接都重新协商。身份认证：ECDSA 或 EdDSA 签名。加密：GCM 模式的 AES-128。MAC：GCM 自"
      "带的标签。PRF：使用 SHA-256（RFC 5289）。" },
    { "value", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
      "Key exchange: ECDHE, fresh for each connection. Authentication: a signature by RSA. Cipher: AES-128 in "
      "GCM. MAC: GCM's own tag. PRF: with SHA-256 (RFC 5289).",
      "密钥交换：ECDHE，每次连接都重新协商。身份认证：RSA 签名。加密：GCM 模式的 AES-128。MAC：GCM 自带的标签。"
      "PRF：使用 SHA-256（RFC 5289）。" },
    { "value", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
      "Key exchange: ECDHE, fresh for each connection. Authentication: a signature by ECDSA or EdDSA. Cipher: "
      "ChaCha20. MAC: Poly1305. PRF: with SHA-256 (RFC 7905).",
      "密钥交换：ECDHE，每次连接都重新协商。身份认证：ECDSA 或 EdDSA 签名。加密：ChaCha20。MAC：Poly1305。PRF：使"
      "用 SHA-256（RFC 7905）。" },
    { "value", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
      "Key exchange: ECDHE, fresh for each connection. Authentication: a signature by RSA. Cipher: ChaCha20. "
      "MAC: Poly1305. PRF: with SHA-256 (RFC 7905).",
      "密钥交换：ECDHE，每次连接都重新协商。身份认证：RSA 签名。加密：ChaCha20。MAC：Poly1305。PRF：使用 SHA-256"
      "（RFC 7905）。" },
    { "value", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
      "Key exchange: ECDHE, fresh for each connection. Authentication: a signature by ECDSA or EdDSA. Cipher: "
      "AES-256 in GCM. MAC: GCM's own tag. PRF: with SHA-384 (RFC 5289).",
      "密钥交换：ECDHE，每次连接都重新协商。身份认证：ECDSA 或 EdDSA 签名。加密：GCM 模式的 AES-256。MAC：GCM 自"
      "带的标签。PRF：使用 SHA-384（RFC 5289）。" },
    { "value", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
      "Key exchange: ECDHE, fresh for each connection. Authentication: a signature by RSA. Cipher: AES-256 in "
      "GCM. MAC: GCM's own tag. PRF: with SHA-384 (RFC 5289).",
      "密钥交换：ECDHE，每次连接都重新协商。身份认证：RSA 签名。加密：GCM 模式的 AES-256。MAC：GCM 自带的标签。"
      "PRF：使用 SHA-384（RFC 5289）。" },
    { "value", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
      "Key exchange: ECDHE, fresh for each connection. Authentication: a signature by ECDSA or EdDSA. Cipher: "
      "AES-128 in CBC. MAC: HMAC-SHA-256. PRF: with SHA-256 (RFC 5289).",
      "密钥交换：ECDHE，每次连接都重新协商。身份认证：ECDSA 或 EdDSA 签名。加密：CBC 模式的 AES-128。MAC："
      "HMAC-SHA-256。PRF：使用 SHA-256（RFC 5289）。" },
    { "value", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
      "Key exchange: ECDHE, fresh for each connection. Authentication: a signature by RSA. Cipher: AES-128 in "
      "CBC. MAC: HMAC-SHA-256. PRF: with SHA-256 (RFC 5289).",
      "密钥交换：ECDHE，每次连接都重新协商。身份认证：RSA 签名。加密：CBC 模式的 AES-128。MAC：HMAC-SHA-256。PRF"
      "：使用 SHA-256（RFC 5289）。" },
    { "value", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
      "Key exchange: ECDHE, fresh for each connection. Authentication: a signature by ECDSA or EdDSA. Cipher: "
      "AES-256 in CBC. MAC: HMAC-SHA-384. PRF: with SHA-384 (RFC 5289).",
      "密钥交换：ECDHE，每次连接都重新协商。身份认证：ECDSA 或 EdDSA 签名。加密：CBC 模式的 AES-256。MAC："
      "HMAC-SHA-384。PRF：使用 SHA-384（RFC 5289）。" },
    { "value", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
      "Key exchange: ECDHE, fresh for each connection. Authentication: a signature by RSA. Cipher: AES-256 in "
      "CBC. MAC: HMAC-SHA-384. PRF: with SHA-384 (RFC 5289).",
      "密钥交换：ECDHE，每次连接都重新协商。身份认证：RSA 签名。加密：CBC 模式的 AES-256。MAC：HMAC-SHA-384。PRF"
      "：使用 SHA-384（RFC 5289）。" },
    { "value", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
      "Key exchange: ECDHE, fresh for each connection. Authentication: a signature by ECDSA or EdDSA. Cipher: "
      "AES-128 in CBC. MAC: HMAC-SHA-1. PRF: with SHA-256 (RFC 8422).",
      "密钥交换：ECDHE，每次连接都重新协商。身份认证：ECDSA 或 EdDSA 签名。加密：CBC 模式的 AES-128。MAC："
      "HMAC-SHA-1。PRF：使用 SHA-256（RFC 8422）。" },
    { "value", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
      "Key exchange: ECDHE, fresh for each connection. Authentication: a signature by RSA. Cipher: AES-128 in "
      "CBC. MAC: HMAC-SHA-1. PRF: with SHA-256 (RFC 8422).",
      "密钥交换：ECDHE，每次连接都重新协商。身份认证：RSA 签名。加密：CBC 模式的 AES-128。MAC：HMAC-SHA-1。PRF："
      "使用 SHA-256（RFC 8422）。" },
    { "value", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
      "Key exchange: ECDHE, fresh for each connection. Authentication: a signature by ECDSA or EdDSA. Cipher: "
      "AES-256 in CBC. MAC: HMAC-SHA-1. PRF: with SHA-256 (RFC 8422).",
      "密钥交换：ECDHE，每次连接都重新协商。身份认证：ECDSA 或 EdDSA 签名。加密：CBC 模式的 AES-256。MAC："
      "HMAC-SHA-1。PRF：使用 SHA-256（RFC 8422）。" },
    { "value", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
      "Key exchange: ECDHE, fresh for each connection. Authentication: a signature by RSA. Cipher: AES-256 in "
      "CBC. MAC: HMAC-SHA-1. PRF: with SHA-256 (RFC 8422).",
      "密钥交换：ECDHE，每次连接都重新协商。身份认证：RSA 签名。加密：CBC 模式的 AES-256。MAC：HMAC-SHA-1。PRF："
      "使用 SHA-256（RFC 8422）。" },
    { "value", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
      "Key exchange: DHE modulo a prime, fresh for each connection. Authentication: a signature by RSA. Cipher: "
      "AES-128 in GCM. MAC: GCM's own tag. PRF: with SHA-256 (RFC 5288).",
      "密钥交换：以素数为模的 DHE，每次连接都重新协商。身份认证：RSA 签名。加密：GCM 模式的 AES-128。MAC：GCM 自"
      "带的标签。PRF：使用 SHA-256（RFC 5288）。" },
    { "value", "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
      "Key exchange: DHE modulo a prime, fresh for each connection. Authentication: a signature by RSA. Cipher: "
      "ChaCha20. MAC: Poly1305. PRF: with SHA-256 (RFC 7905).",
      "密钥交换：以素数为模的 DHE，每次连接都重新协商。身份认证：RSA 签名。加密：ChaCha20。MAC：Poly1305。PRF：使"
      "用 SHA-256（RFC 7905）。" },
    { "value", "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
      "Key exchange: DHE modulo a prime, fresh for each connection. Authentication: a signature by RSA. Cipher: "
      "AES-256 in GCM. MAC: GCM's own tag. PRF: with SHA-384 (RFC 5288).",
      "密钥交换：以素数为模的 DHE，每次连接都重新协商。身份认证：RSA 签名。加密：GCM 模式的 AES-256。MAC：GCM 自"
      "带的标签。PRF：使用 SHA-384（RFC 5288）。" },
    { "value", "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256",
      "Key exchange: DHE modulo a prime, fresh for each connection. Authentication: a signature by RSA. Cipher: "
      "AES-128 in CBC. MAC: HMAC-SHA-256. PRF: with SHA-256 (RFC 5246).",
      "密钥交换：以素数为模的 DHE，每次连接都重新协商。身份认证：RSA 签名。加密：CBC 模式的 AES-128。MAC："
      "HMAC-SHA-256。PRF：使用 SHA-256（RFC 5246）。" },
    { "value", "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
      "Key exchange: DHE modulo a prime, fresh for each connection. Authentication: a signature by RSA. Cipher: "
      "AES-256 in CBC. MAC: HMAC-SHA-256. PRF: with SHA-256 (RFC 5246).",
      "密钥交换：以素数为模的 DHE，每次连接都重新协商。身份认证：RSA 签名。加密：CBC 模式的 AES-256。MAC："
      "HMAC-SHA-256。PRF：使用 SHA-256（RFC 5246）。" },
    { "value", "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
      "Key exchange: DHE modulo a prime, fresh for each connection. Authentication: a signature by RSA. Cipher: "
      "AES-128 in CBC. MAC: HMAC-SHA-1. PRF: with SHA-256 (RFC 5246).",
      "密钥交换：以素数为模的 DHE，每次连接都重新协商。身份认证：RSA 签名。加密：CBC 模式的 AES-128。MAC："
      "HMAC-SHA-1。PRF：使用 SHA-256（RFC 5246）。" },
    { "value", "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
      "Key exchange: DHE modulo a prime, fresh for each connection. Authentication: a signature by RSA. Cipher: "
      "AES-256 in CBC. MAC: HMAC-SHA-1. PRF: with SHA-256 (RFC 5246).",
      "密钥交换：以素数为模的 DHE，每次连接都重新协商。身份认证：RSA 签名。加密：CBC 模式的 AES-256。MAC："
      "HMAC-SHA-1。PRF：使用 SHA-256（RFC 5246）。" },
    { "value", "TLS_RSA_WITH_AES_128_GCM_SHA256",
      "Key exchange: the client sends the secret under the server's RSA key, and whoever gets that key later "
      "reads all. Authentication: only who has the RSA key can open the secret. Cipher: AES-128 in GCM. MAC: "
      "GCM's own tag. PRF: with SHA-256 (RFC 5288).",
      "密钥交换：客户端用服务器的 RSA 公钥加密秘密发送，日后拿到私钥者可读全部。身份认证：只有持有 RSA 私钥者才能"
      "解开该秘密。加密：GCM 模式的 AES-128。MAC：GCM 自带的标签。PRF：使用 SHA-256（RFC 5288）。" },
    { "value", "TLS_RSA_WITH_AES_256_GCM_SHA384",
      "Key exchange: the client sends the secret under the server's RSA key, and whoever gets that key later "
      "reads all. Authentication: only who has the RSA key can open the secret. Cipher: AES-256 in GCM. MAC: "
      "GCM's own tag. PRF: with SHA-384 (RFC 5288).",
      "密钥交换：客户端用服务器的 RSA 公钥加密秘密发送，日后拿到私钥者可读全部。身份认证：只有持有 RSA 私钥者才能"
      "解开该秘密。加密：GCM 模式的 AES-256。MAC：GCM 自带的标签。PRF：使用 SHA-384（RFC 5288）。" },
    { "value", "TLS_RSA_WITH_AES_128_CBC_SHA256",
      "Key exchange: the client sends the secret under the server's RSA key, and whoever gets that key later "
      "reads all. Authentication: only who has the RSA key can open the secret. Cipher: AES-128 in CBC. MAC: "
      "HMAC-SHA-256. PRF: with SHA-256 (RFC 5246).",
      "密钥交换：客户端用服务器的 RSA 公钥加密秘密发送，日后拿到私钥者可读全部。身份认证：只有持有 RSA 私钥者才能"
      "解开该秘密。加密：CBC 模式的 AES-128。MAC：HMAC-SHA-256。PRF：使用 SHA-256（RFC 5246）。" },
    { "value", "TLS_RSA_WITH_AES_256_CBC_SHA256",
      "Key exchange: the client sends the secret under the server's RSA key, and whoever gets that key later "
      "reads all. Authentication: only who has the RSA key can open the secret. Cipher: AES-256 in CBC. MAC: "
      "HMAC-SHA-256. PRF: with SHA-256 (RFC 5246).",
      "密钥交换：客户端用服务器的 RSA 公钥加密秘密发送，日后拿到私钥者可读全部。身份认证：只有持有 RSA 私钥者才能"
      "解开该秘密。加密：CBC 模式的 AES-256。MAC：HMAC-SHA-256。PRF：使用 SHA-256（RFC 5246）。" },
    { "value", "TLS_RSA_WITH_AES_128_CBC_SHA",
      "Key exchange: the client sends the secret under the server's RSA key, and whoever gets that key later "
      "reads all. Authentication: only who has the RSA key can open the secret. Cipher: AES-128 in CBC. MAC: "
      "HMAC-SHA-1. PRF: with SHA-256 (RFC 5246).",
      "密钥交换：客户端用服务器的 RSA 公钥加密秘密发送，日后拿到私钥者可读全部。身份认证：只有持有 RSA 私钥者才能"
      "解开该秘密。加密：CBC 模式的 AES-128。MAC：HMAC-SHA-1。PRF：使用 SHA-256（RFC 5246）。" },
    { "value", "TLS_RSA_WITH_AES_256_CBC_SHA",
      "Key exchange: the client sends the secret under the server's RSA key, and whoever gets that key later "
      "reads all. Authentication: only who has the RSA key can open the secret. Cipher: AES-256 in CBC. MAC: "
      "HMAC-SHA-1. PRF: with SHA-256 (RFC 5246).",
      "密钥交换：客户端用服务器的 RSA 公钥加密秘密发送，日后拿到私钥者可读全部。身份认证：只有持有 RSA 私钥者才能"
      "解开该秘密。加密：CBC 模式的 AES-256。MAC：HMAC-SHA-1。PRF：使用 SHA-256（RFC 5246）。" },
    { "value", "TLS_EMPTY_RENEGOTIATION_INFO_SCSV",
      "No suite: a signal that says as much as an empty renegotiation_info, for servers that stumble over "
      "extensions (RFC 5746 §3.3).",
      "不是套件，而是一个信号：与空的 renegotiation_info 同义，照顾不容忍扩展的服务器（RFC 5746 §3.3）。" },
    { "value", "TLS_FALLBACK_SCSV",
      "No suite: a signal that the client speaks a lower version than it could, after a failure. A server that "
      "speaks more then refuses: somebody has forced the fall (RFC 7507 §3).",
      "不是套件，而是一个信号：客户端在失败之后改用了低于自身能力的版本。会更高版本的服务器此时拒绝：有人在强迫降"
      "级（RFC 7507 §3）。" },
    { "value", "GREASE",
      "A number that means nothing, sent so that nobody forgets to pass over what he does not know (RFC 8701 §2).",
      "没有含义的编号：发它是为了让谁都不忘记略过不认识的东西（RFC 8701 §2）。" },
    { "value", "server_name",
      "Which host the client wants, so that a server with many names shows the right certificate. It travels in "
      "the clear: a listener reads it (RFC 6066 §3).",
      "客户端要找哪台主机，使拥有多个名字的服务器出示正确的证书。它以明文传送，窃听者读得到（RFC 6066 §3）。" },
    { "value", "max_fragment_length",
      "A client with little memory asks for short records, one of four lengths; record_size_limit is its better "
      "successor (RFC 6066 §4).",
      "内存小的客户端请求使用短记录，四种长度选一；record_size_limit 是更好的后继者（RFC 6066 §4）。" },
    { "value", "status_request",
      "The client asks the server to bring along, stapled, what the CA says of its certificate today, so that it "
      "need not ask the CA itself and tell it whom it visits (RFC 6066 §8).",
      "客户端请服务器随握手附上 CA 今天对证书的说法（装订），自己就不必去问 CA，也不必让 CA 知道它在访问谁（RFC "
      "6066 §8）。" },
    { "value", "supported_groups",
      "The curves and prime groups in which the client can agree on a key, best first (RFC 8422 §5.1.1, RFC 7919 "
      "§2).",
      "客户端能用来协商密钥的曲线和素数群，越靠前越优先（RFC 8422 §5.1.1，RFC 7919 §2）。" },
    { "value", "ec_point_formats",
      "How points of a curve may be written. Only uncompressed is left; who lists points must list it (RFC 8422 "
      "§5.1.2).",
      "曲线上的点可以怎样书写。只剩 uncompressed 一种，列出格式者必须列它（RFC 8422 §5.1.2）。" },
    { "value", "signature_algorithms",
      "With which hash and kind of key the server may sign, its key exchange and its certificates (RFC 5246 "
      "§7.4.1.4.1).",
      "服务器可以用哪些散列和密钥种类来签名，包括密钥交换和证书（RFC 5246 §7.4.1.4.1）。" },
    { "value", "application_layer_protocol_negotiation",
      "Which protocols the client would speak once all is sealed; the server picks one, without a further round "
      "trip (RFC 7301 §3.1).",
      "加密之后客户端愿意说哪些协议；服务器选一个，不需要多一次往返（RFC 7301 §3.1）。" },
    { "value", "signed_certificate_timestamp",
      "The client would like to see proof that the certificate stands in public logs, where its owner can find a "
      "false one (RFC 6962 §3.3.1).",
      "客户端想看到证书已登记在公开日志中的证明，这样域名所有者能发现伪造的证书（RFC 6962 §3.3.1）。" },
    { "value", "encrypt_then_mac",
      "With CBC: the MAC is to go over what is encrypted, so that a forged record is thrown away before anybody "
      "looks at its padding (RFC 7366 §2).",
      "用于 CBC：MAC 计算在密文之上，于是伪造的记录在有人查看填充之前就被丢弃（RFC 7366 §2）。" },
    { "value", "extended_master_secret",
      "The master secret is to be made from all messages so far, not from two random numbers alone: so that "
      "nobody in the middle gets two connections with the same secret (RFC 7627 §5.1).",
      "主密钥由此前的全部消息产生，而不只是两个随机数：于是中间人无法让两个连接有相同的秘密（RFC 7627 §5.1）。" },
    { "value", "record_size_limit",
      "How long a sealed record its sender can take, in octets of content (RFC 8449 §4).",
      "发送方能接收多长的加密记录，按内容的字节数计（RFC 8449 §4）。" },
    { "value", "session_ticket",
      "Empty: the client would like a ticket, to resume this session later. With octets: here is the ticket of "
      "an earlier one (RFC 5077 §3.2).",
      "为空：客户端想要一张票据，以便日后恢复会话。有内容：这就是先前会话的票据（RFC 5077 §3.2）。" },
    { "value", "supported_versions",
      "Which versions of TLS the client speaks; with TLS 1.3 the old field can no longer say so (RFC 8446 "
      "§4.2.1).",
      "客户端支持哪些 TLS 版本；有了 TLS 1.3，旧字段已说不清楚（RFC 8446 §4.2.1）。" },
    { "value", "renegotiation_info",
      "Empty in a first handshake. It promises that a later handshake would be tied to this one, so that nobody "
      "can put his own octets in front of ours (RFC 5746 §3.2).",
      "首次握手中为空。它承诺：以后的握手会与这一次绑定，于是没有人能把自己的字节拼在我们前面（RFC 5746 §3.2）。" },
    { "value", "heartbeat",
      "Keep-alive messages within TLS; a wrong length in one gave OpenSSL's memory away (Heartbleed). Not spoken "
      "here (RFC 6520 §2).",
      "TLS 内的保活消息；其中一个错误的长度曾泄漏 OpenSSL 的内存（Heartbleed）。这里不支持（RFC 6520 §2）。" },
    { "value", "padding",
      "Zeros that lengthen a hello: some old devices fall over hellos of 256 to 511 octets (RFC 7685 §3).",
      "用零把 hello 加长：有些旧设备处理不了 256 到 511 字节的 hello（RFC 7685 §3）。" },
    { "value", "compress_certificate",
      "TLS 1.3: how a certificate may be compressed (RFC 8879 §3).",
      "TLS 1.3：证书可以怎样压缩（RFC 8879 §3）。" },
    { "value", "delegated_credential",
      "TLS 1.3: the server may show a short-lived key that its certificate's key has signed (RFC 9345 §4.1.1).",
      "TLS 1.3：服务器可以出示由证书密钥签发的短期密钥（RFC 9345 §4.1.1）。" },
    { "value", "pre_shared_key",
      "TLS 1.3: a secret that both ends have already, by which a session is resumed there (RFC 8446 §4.2.11).",
      "TLS 1.3：双方已有的秘密，那里用它来恢复会话（RFC 8446 §4.2.11）。" },
    { "value", "early_data",
      "TLS 1.3: the client would send data before the server has answered (RFC 8446 §4.2.10).",
      "TLS 1.3：客户端想在服务器回答之前就发送数据（RFC 8446 §4.2.10）。" },
    { "value", "cookie",
      "TLS 1.3: a server gives the client something to carry back, and so need not remember it (RFC 8446 §4.2.2).",
      "TLS 1.3：服务器让客户端带回一段数据，自己就不必记住它（RFC 8446 §4.2.2）。" },
    { "value", "psk_key_exchange_modes",
      "TLS 1.3: in which ways a secret that is already there may be used (RFC 8446 §4.2.9).",
      "TLS 1.3：已有的秘密可以怎样使用（RFC 8446 §4.2.9）。" },
    { "value", "certificate_authorities",
      "TLS 1.3: from whom the other side's certificate should be (RFC 8446 §4.2.4).",
      "TLS 1.3：希望对方的证书由谁签发（RFC 8446 §4.2.4）。" },
    { "value", "oid_filters",
      "TLS 1.3: which extensions the client's certificate must have (RFC 8446 §4.2.5).",
      "TLS 1.3：客户端证书必须带有哪些扩展（RFC 8446 §4.2.5）。" },
    { "value", "client_certificate_type",
      "Which kinds of certificate the client can show; a bare public key is one, too (RFC 7250 §3).",
      "客户端能出示哪几种证书；裸公钥也算一种（RFC 7250 §3）。" },
    { "value", "server_certificate_type",
      "Which kinds of certificate the client takes from the server; a bare public key is one, too (RFC 7250 §3).",
      "客户端接受服务器出示哪几种证书；裸公钥也算一种（RFC 7250 §3）。" },
    { "value", "post_handshake_auth",
      "TLS 1.3: the client would show its certificate later, too (RFC 8446 §4.2.6).",
      "TLS 1.3：客户端愿意在握手之后再出示证书（RFC 8446 §4.2.6）。" },
    { "value", "signature_algorithms_cert",
      "Which signatures may stand in certificates, where that differs from signature_algorithms (RFC 8446 "
      "§4.2.3).",
      "证书里可以有哪些签名，若与 signature_algorithms 不同（RFC 8446 §4.2.3）。" },
    { "value", "key_share",
      "TLS 1.3: the client's half of the key agreement comes with the hello, which saves a round trip (RFC 8446 "
      "§4.2.8).",
      "TLS 1.3：客户端的一半密钥随 hello 一起到来，省去一次往返（RFC 8446 §4.2.8）。" },
    { "value", "next_protocol_negotiation",
      "A forerunner of ALPN that nobody needs any more (see RFC 7301).",
      "ALPN 的前身，已无人需要（见 RFC 7301）。" },
    { "value", "application_settings",
      "Settings of HTTP/2 within the handshake: an experiment of one browser.",
      "在握手中传送 HTTP/2 的设置：一家浏览器的实验。" },
    { "value", "encrypted_client_hello",
      "TLS 1.3: the true hello, with the true server name, sealed for the server alone (RFC 9849 §5).",
      "TLS 1.3：真正的 hello 连同真正的服务器名字，封装后只有服务器能打开（RFC 9849 §5）。" },
    { "value", "x25519",
      "Curve25519: 32 octets each way, fast, and simple to write without side channels (RFC 7748 §5).",
      "Curve25519：每个方向 32 字节，快，且容易写得没有侧信道（RFC 7748 §5）。" },
    { "value", "secp256r1",
      "NIST's curve P-256, the one that nearly everybody speaks: points of 65 octets (RFC 8422 §5.1.1).",
      "NIST 的曲线 P-256，几乎人人都支持：点长 65 字节（RFC 8422 §5.1.1）。" },
    { "value", "secp384r1",
      "NIST's curve P-384: stronger and slower; points of 97 octets (RFC 8422 §5.1.1).",
      "NIST 的曲线 P-384：更强也更慢；点长 97 字节（RFC 8422 §5.1.1）。" },
    { "value", "secp521r1",
      "NIST's curve P-521, the largest; points of 133 octets (RFC 8422 §5.1.1).",
      "NIST 的曲线 P-521，最大的一条；点长 133 字节（RFC 8422 §5.1.1）。" },
    { "value", "x448",
      "Curve448, the larger sister of Curve25519 (RFC 7748 §5). Not spoken here.",
      "Curve448，Curve25519 的大号姊妹（RFC 7748 §5）。这里不支持。" },
    { "value", "ffdhe2048",
      "For DHE: powers modulo a prime of 2048 bits that everybody knows, so that no server can choose a weak one "
      "(RFC 7919 §2).",
      "用于 DHE：以一个公开的 2048 位素数为模求幂，服务器因此无法选用弱素数（RFC 7919 §2）。" },
    { "value", "ffdhe3072",
      "For DHE: powers modulo a prime of 3072 bits that everybody knows, so that no server can choose a weak one "
      "(RFC 7919 §2).",
      "用于 DHE：以一个公开的 3072 位素数为模求幂，服务器因此无法选用弱素数（RFC 7919 §2）。" },
    { "value", "ffdhe4096",
      "For DHE: powers modulo a prime of 4096 bits that everybody knows, so that no server can choose a weak one "
      "(RFC 7919 §2).",
      "用于 DHE：以一个公开的 4096 位素数为模求幂，服务器因此无法选用弱素数（RFC 7919 §2）。" },
    { "value", "ffdhe6144",
      "For DHE: powers modulo a prime of 6144 bits that everybody knows, so that no server can choose a weak one "
      "(RFC 7919 §2).",
      "用于 DHE：以一个公开的 6144 位素数为模求幂，服务器因此无法选用弱素数（RFC 7919 §2）。" },
    { "value", "ffdhe8192",
      "For DHE: powers modulo a prime of 8192 bits that everybody knows, so that no server can choose a weak one "
      "(RFC 7919 §2).",
      "用于 DHE：以一个公开的 8192 位素数为模求幂，服务器因此无法选用弱素数（RFC 7919 §2）。" },
    { "value", "X25519MLKEM768",
      "X25519 joined with ML-KEM, against computers that do not exist yet; for TLS 1.3 alone.",
      "X25519 与 ML-KEM 结合，防备尚不存在的计算机；只用于 TLS 1.3。" },
    { "value", "rsa_pkcs1_sha256",
      "An RSA signature in the old way, PKCS #1 v1.5: fixed padding around a digest of SHA-256 (RFC 8017 §8.2).",
      "旧式 RSA 签名 PKCS #1 v1.5：在 SHA-256 摘要外加固定填充（RFC 8017 §8.2）。" },
    { "value", "rsa_pss_rsae_sha256",
      "An RSA signature with PSS, whose padding has fresh salt and a proof, by an ordinary RSA key; SHA-256 (RFC "
      "8017 §8.1).",
      "用普通 RSA 密钥做的 PSS 签名：填充带有新的盐，且有安全证明；SHA-256（RFC 8017 §8.1）。" },
    { "value", "rsa_pss_pss_sha256",
      "The same with a key that its certificate keeps for PSS alone; SHA-256 (RFC 8446 §4.2.3).",
      "同样是 PSS，但证书规定该密钥只用于 PSS；SHA-256（RFC 8446 §4.2.3）。" },
    { "value", "rsa_pkcs1_sha384",
      "An RSA signature in the old way, PKCS #1 v1.5: fixed padding around a digest of SHA-384 (RFC 8017 §8.2).",
      "旧式 RSA 签名 PKCS #1 v1.5：在 SHA-384 摘要外加固定填充（RFC 8017 §8.2）。" },
    { "value", "rsa_pss_rsae_sha384",
      "An RSA signature with PSS, whose padding has fresh salt and a proof, by an ordinary RSA key; SHA-384 (RFC "
      "8017 §8.1).",
      "用普通 RSA 密钥做的 PSS 签名：填充带有新的盐，且有安全证明；SHA-384（RFC 8017 §8.1）。" },
    { "value", "rsa_pss_pss_sha384",
      "The same with a key that its certificate keeps for PSS alone; SHA-384 (RFC 8446 §4.2.3).",
      "同样是 PSS，但证书规定该密钥只用于 PSS；SHA-384（RFC 8446 §4.2.3）。" },
    { "value", "rsa_pkcs1_sha512",
      "An RSA signature in the old way, PKCS #1 v1.5: fixed padding around a digest of SHA-512 (RFC 8017 §8.2).",
      "旧式 RSA 签名 PKCS #1 v1.5：在 SHA-512 摘要外加固定填充（RFC 8017 §8.2）。" },
    { "value", "rsa_pss_rsae_sha512",
      "An RSA signature with PSS, whose padding has fresh salt and a proof, by an ordinary RSA key; SHA-512 (RFC "
      "8017 §8.1).",
      "用普通 RSA 密钥做的 PSS 签名：填充带有新的盐，且有安全证明；SHA-512（RFC 8017 §8.1）。" },
    { "value", "rsa_pss_pss_sha512",
      "The same with a key that its certificate keeps for PSS alone; SHA-512 (RFC 8446 §4.2.3).",
      "同样是 PSS，但证书规定该密钥只用于 PSS；SHA-512（RFC 8446 §4.2.3）。" },
    { "value", "ecdsa_secp256r1_sha256",
      "ECDSA with SHA-256; in TLS 1.2 on any curve, usually P-256 (RFC 8422 §5.4).",
      "配 SHA-256 的 ECDSA；在 TLS 1.2 中可用任意曲线，通常是 P-256（RFC 8422 §5.4）。" },
    { "value", "ecdsa_secp384r1_sha384",
      "ECDSA with SHA-384; in TLS 1.2 on any curve, usually P-384 (RFC 8422 §5.4).",
      "配 SHA-384 的 ECDSA；在 TLS 1.2 中可用任意曲线，通常是 P-384（RFC 8422 §5.4）。" },
    { "value", "ecdsa_secp521r1_sha512",
      "ECDSA with SHA-512; in TLS 1.2 on any curve, usually P-521 (RFC 8422 §5.4).",
      "配 SHA-512 的 ECDSA；在 TLS 1.2 中可用任意曲线，通常是 P-521（RFC 8422 §5.4）。" },
    { "value", "ed25519",
      "EdDSA on Curve25519: short, fast, and no random number that could be bad (RFC 8422 §5.4, RFC 8032 §5.1).",
      "Curve25519 上的 EdDSA：短、快，且不需要可能出错的随机数（RFC 8422 §5.4，RFC 8032 §5.1）。" },
    { "value", "rsa_pkcs1_sha1",
      "RSA with SHA-1, for which two texts of one digest have been made: only by --legacy (RFC 9155 §2).",
      "配 SHA-1 的 RSA：已有人造出摘要相同的两段文本，故只在 --legacy 下使用（RFC 9155 §2）。" },
    { "value", "ecdsa_sha1",
      "ECDSA with SHA-1: only by --legacy (RFC 9155 §2).",
      "配 SHA-1 的 ECDSA：只在 --legacy 下使用（RFC 9155 §2）。" },
    { "offer", "ClientHello", "What the client offers", "客户端提出的内容" },
    { "offer", "cipher_suite", "Cipher suites", "密码套件" },
    { "offer", "extension_type", "Extensions", "扩展" },
    { "offer", "named_group", "Groups for the key exchange", "密钥交换所用的群" },
    { "offer", "signature_algorithm", "Signature algorithms", "签名算法" },
    { "offer", "protocol", "Protocols above TLS", "TLS 之上的协议" },
    { "fate_of", "cipher_suite.answered", "The server chose it.", "服务器选了它。" },
    { "fate_of", "cipher_suite.silent", "Not chosen.", "未被选中。" },
    { "fate_of", "named_group.answered", "Both ends agreed on their key in it.", "双方用它协商了密钥。" },
    { "fate_of", "named_group.silent", "Not needed.", "没有用上。" },
    { "fate_of", "signature_algorithm.answered", "The server signed with it.", "服务器用它签了名。" },
    { "fate_of", "signature_algorithm.silent", "Not needed.", "没有用上。" },
    { "fate_of", "protocol.answered", "The server picked it.", "服务器选了它。" },
    { "fate_of", "protocol.silent", "Not picked.", "未被选中。" },
    { "fate_of", "extension_type.answered", "The server answered it.", "服务器作了回应。" },
    { "fate_of", "extension_type.silent",
      "The server said nothing about it: it does not know it, does not want it, or had no answer to give.",
      "服务器对此不作声：它不认识、不想要，或者无需回答。" },
    { "fate_of", "GREASE.silent", "Passed over, as it must be.", "按要求被略过。" },
    { "fate_of", "TLS_FALLBACK_SCSV.silent", "Read as a signal, never chosen.", "作为信号读取，从不会被选中。" },
    { "fate_of", "TLS_EMPTY_RENEGOTIATION_INFO_SCSV.silent",
      "Read as a signal, never chosen.",
      "作为信号读取，从不会被选中。" },
    { "fate_of", "server_name.answered",
      "The server took {host_name} to choose its certificate, and says so.",
      "服务器据 {host_name} 选择了证书，并作了确认。" },
    { "fate_of", "server_name.silent",
      "The server says nothing: it need not, {host_name} may have decided all the same, and a resumed session "
      "has its name already.",
      "服务器不作声：它不必回应，{host_name} 仍可能起了作用；恢复的会话本来就有名字。" },
    { "fate_of", "supported_groups.used",
      "No answer is due: of the list the server took {named_group}.",
      "无需回应：服务器从列表中选了 {named_group}。" },
    { "fate_of", "supported_groups.silent",
      "No answer is due, and no group was needed here.",
      "无需回应；这里也没有用到群。" },
    { "fate_of", "ec_point_formats.answered",
      "The server writes its points uncompressed, too.",
      "服务器同样以 uncompressed 书写点。" },
    { "fate_of", "ec_point_formats.silent",
      "No answer: without a curve nobody writes points.",
      "没有回应：不用曲线就不写点。" },
    { "fate_of", "signature_algorithms.used",
      "No answer is due: the server signed with {signature_algorithm}.",
      "无需回应：服务器用 {signature_algorithm} 签了名。" },
    { "fate_of", "signature_algorithms.silent",
      "No answer is due, and nothing was signed in this handshake; certificates are judged by it.",
      "无需回应；这次握手中没有签名，但证书按它来判断。" },
    { "fate_of", "application_layer_protocol_negotiation.answered",
      "The server picked {protocol}: that is spoken from here on.",
      "服务器选了 {protocol}：此后就说它。" },
    { "fate_of", "application_layer_protocol_negotiation.silent",
      "The server picked none: both speak what the port promises.",
      "服务器没有选：双方就说端口所约定的协议。" },
    { "fate_of", "status_request.answered",
      "The server will bring CertificateStatus.",
      "服务器将送来 CertificateStatus。" },
    { "fate_of", "status_request.silent", "The server has nothing to staple.", "服务器没有可附上的证明。" },
    { "fate_of", "encrypt_then_mac.answered",
      "Agreed: encrypted first, then the MAC over it.",
      "双方同意：先加密，再对密文计算 MAC。" },
    { "fate_of", "encrypt_then_mac.silent",
      "No answer: {cipher_suite} has no MAC beside its cipher, or the server would not.",
      "没有回应：{cipher_suite} 没有独立的 MAC，或者服务器不愿意。" },
    { "fate_of", "extended_master_secret.answered",
      "Agreed: the master secret comes from session_hash.",
      "双方同意：主密钥由 session_hash 产生。" },
    { "fate_of", "extended_master_secret.silent",
      "The server does not know it: the master secret comes from the two randoms alone.",
      "服务器不认识它：主密钥只由两个随机数产生。" },
    { "fate_of", "renegotiation_info.answered",
      "Agreed: and since nobody renegotiates here, nothing more comes of it.",
      "双方同意；这里没有人重新协商，所以就到此为止。" },
    { "fate_of", "renegotiation_info.silent",
      "No answer: a careful client leaves such a server.",
      "没有回应：谨慎的客户端会离开这样的服务器。" },
    { "fate_of", "session_ticket.answered",
      "The server will send a ticket before its Finished.",
      "服务器将在 Finished 之前送来票据。" },
    { "fate_of", "session_ticket.silent",
      "No new ticket is due: the server gives none, or took the one it was shown, which goes on holding.",
      "不会有新票据：服务器不发，或者它接受了出示的那张，而那张继续有效。" },
    { "fate_of", "record_size_limit.answered",
      "Both limits hold from the first sealed record on.",
      "双方的上限从第一条加密记录起生效。" },
    { "fate_of", "record_size_limit.silent",
      "The server does not know it: records may have 16384 octets.",
      "服务器不认识它：记录可达 16384 字节。" },
    { "fate_of", "max_fragment_length.answered",
      "Agreed: all records are that short.",
      "双方同意：所有记录都这么短。" },
    { "fate_of", "signed_certificate_timestamp.silent",
      "The server has no such proof to show.",
      "服务器没有这样的证明可出示。" },
    { "fate_of", "supported_versions.silent",
      "A server of TLS 1.2 takes its version from the list and answers in the old field.",
      "TLS 1.2 的服务器从列表中选版本，在旧字段里回答。" },
    { "fate_of", "padding.silent", "Passed over: zeros need no answer.", "被略过：零无需回应。" },
    { NULL, NULL, NULL, NULL },
};

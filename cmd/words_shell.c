/* Shell lines that compute the values of a visit again, with the openssl of everybody's machine (3.0 and later), xxd
 * and, for GHASH, python3. A row of "shell" is found by an event's `how`, by how a record is sealed, or by the function
 * that spoke; its holes are those of trace/recipe.h. What stands behind "#= " in its last line is what the lines before
 * it must print. A second exercise for the same event has "/2" behind its name. The rows of "shell_why" say what is
 * done.
 *
 * Each stands alone: it makes the files that it needs (own.der, key.der ...) in the folder where it runs. */
#include "cmd/words_tables.h"

#define SAME(script) script, script

/* Keys in DER around bare numbers: PKCS #8 for X25519 (RFC 8410), RFC 5915 for P-256; SubjectPublicKeyInfo for
 * points. */
#define X25519_OWN    "302e020100300506032b656e04220420"
#define X25519_PEER   "302a300506032b656e032100"
#define P256_OWN_A    "30310201010420"
#define P256_OWN_B    "a00a06082a8648ce3d030107"
#define P256_PEER     "3059301306072a8648ce3d020106082a8648ce3d030107034200"

#define POINT_OF(a, b, n) \
    "printf '%s' " a "{secret}" b " | xxd -r -p > own.der\n" \
    "openssl pkey -inform DER -in own.der -pubout -outform DER | tail -c " n " | xxd -p -c 0\n" \
    "#= {point}"
#define ECDH(a, b, peer) \
    "printf '%s' " a "{secret_in_value}" b " | xxd -r -p > own.der\n" \
    "printf '%s' " peer "{peer_point} | xxd -r -p > peer.der\n" \
    "openssl pkeyutl -derive -keyform DER -inkey own.der -peerform DER -peerkey peer.der | xxd -p -c 0\n" \
    "#= {secret}"

/* The prime is made of the digits of e (RFC 7919 Appendix A). */
#define DH(bits, x) \
    "python3 -c 'import sys; own, peer = [int(a, 16) for a in sys.argv[1:]]\n" \
    "b = " bits "; k = 0; e = t = 1 << b + 99\n" \
    "while t: k += 1; t //= k; e += t\n" \
    "p = 2 ** b - 2 ** (b - 64) + ((e >> 229) + " x ") * 2 ** 64 - 1\n" \
    "z = \"%x\" % pow(peer, own, p); print(\"0\" * (len(z) % 2) + z)' {secret_in_value} {peer_point}\n" \
    "#= {secret}"

#define RSA_RAISED \
    "printf 'asn1=SEQUENCE:k\\n[k]\\nn=INTEGER:0x%s\\ne=INTEGER:0x%s\\n' {modulus} {exponent} > key.cnf\n" \
    "openssl asn1parse -genconf key.cnf -noout -out key.der\n" \
    "openssl rsa -RSAPublicKey_in -inform DER -in key.der -pubout -out key.pem 2> rsa.log\n" \
    "printf '%s' {encoded} | xxd -r -p > encoded\n" \
    "openssl pkeyutl -encrypt -pubin -inkey key.pem -pkeyopt rsa_padding_mode:none -in encoded | xxd -p -c 0\n" \
    "#= {encrypted}"
#define RSA_OPENED \
    "python3 -c 'import sys; n, e, p, q = [int(x, 16) for x in sys.argv[1:]]; d = pow(e, -1, (p - 1) * (q - 1))\n" \
    "print(\"asn1=SEQUENCE:k\\n[k]\\nv=INTEGER:0\")\n" \
    "for i, x in enumerate([n, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p)]):\n" \
    "    print(\"i%d=INTEGER:0x%x\" % (i, x))' \\\n" \
    "{modulus} {exponent} {=server_key>prime1} {=server_key>prime2} > key.cnf\n" \
    "openssl asn1parse -genconf key.cnf -noout -out key.der\n" \
    "printf '%s' {encrypted} | xxd -r -p > encrypted\n" \
    "openssl pkeyutl -decrypt -keyform DER -inkey key.der -in encrypted | xxd -p -c 0\n" \
    "#= {secret}"

#define DIGEST(hash) \
    "printf '%s' {messages*} | xxd -r -p | openssl dgst -" hash " -r | cut -d' ' -f1\n" \
    "#= {digest}"
#define VERIFIED(hash) \
    "printf '%s' {public_key} | xxd -r -p > key.der\n" \
    "printf '%s' {signature} | xxd -r -p > signature\n" \
    "printf '%s' {signed} | xxd -r -p > signed\n" \
    "openssl dgst -" hash " -r signed | cut -d' ' -f1\n" \
    "openssl dgst -" hash " -verify key.der -keyform DER -signature signature signed\n" \
    "#= {digest}\n{verdict:accepted?Verified OK;Verification failure}"
#define PRF(hash) \
    "openssl kdf -keylen {secret|verify_data:octets} -kdfopt digest:" hash " -kdfopt hexsecret:{secret_in_value} \\\n" \
    "  -kdfopt seed:'{prf_label}' -kdfopt hexseed:{seed} -binary TLS1-PRF | xxd -p -c 0\n" \
    "#= {secret|verify_data}"

#define GCM_PLAINTEXT(bits) \
    "printf '%s' {^ciphertext} | xxd -r -p |\n" \
    "  openssl enc -d -aes-" bits "-ctr -K {key>secret} -iv {nonce}00000002 | xxd -p -c 0\n" \
    "#= {bytes}"
#define GCM_TAG(bits) \
    "block() ( printf '%s' $1 | xxd -r -p | openssl enc -aes-" bits "-ecb -nopad -K {key>secret} | xxd -p )\n" \
    "python3 -c 'import sys; h, e, x = sys.argv[1:]; y = 0\n" \
    "for i in range(0, len(x), 32):\n" \
    "    y ^= int(x[i:i + 32], 16); z = 0; v = int(h, 16)\n" \
    "    for k in range(127, -1, -1): z ^= v * (y >> k & 1); v = v >> 1 ^ (v & 1) * (0xe1 << 120)\n" \
    "    y = z\n" \
    "print(\"%032x\" % (y ^ int(e, 16)))' $(block 00000000000000000000000000000000) $(block {nonce}00000001) \\\n" \
    "{aad}{aad:pad16}{^ciphertext}{^ciphertext:pad16}{aad:bits}{^ciphertext:bits}\n" \
    "#= {^tag}"
#define CHACHA_PLAINTEXT \
    "printf '%s' {^ciphertext} | xxd -r -p |\n" \
    "  openssl enc -d -chacha20 -K {key>secret} -iv 01000000{nonce} | xxd -p -c 0\n" \
    "#= {bytes}"
#define POLY1305_TAG \
    "once=$(head -c 32 /dev/zero | openssl enc -chacha20 -K {key>secret} -iv 00000000{nonce} | xxd -p -c 0)\n" \
    "printf '%s' {aad}{aad:pad16}{^ciphertext}{^ciphertext:pad16}{aad:le}{^ciphertext:le} | xxd -r -p |\n" \
    "  openssl mac -macopt hexkey:$once Poly1305 | tr A-F a-f\n" \
    "#= {^tag}"
#define CBC_PLAINTEXT(bits) \
    "printf '%s' {^ciphertext} | xxd -r -p |\n" \
    "  openssl enc -d -aes-" bits "-cbc -nopad -K {key>secret} -iv {iv} | xxd -p -c 0\n" \
    "#= {bytes}"
#define CBC_MAC(hash) \
    "printf '%s' {mac_header}{bytes} | xxd -r -p | head -c $(({mac_header:octets} + {.mac@})) |\n" \
    "  openssl dgst -" hash " -mac HMAC -macopt hexkey:{mac_key>secret} -r | cut -d' ' -f1\n" \
    "#= {.mac}"

const struct words_row words_shell[] = {
    { "shell", "32 random octets", SAME(POINT_OF(X25519_OWN, "", "32")) },
    { "shell_why", "32 random octets", "The point that goes over the wire is the secret scalar times the base point of "
      "Curve25519.", "线路上传送的公开点，是秘密标量与 Curve25519 基点相乘的结果。" },
    { "shell", "a random number below the order of the curve", SAME(POINT_OF(P256_OWN_A, P256_OWN_B, "65")) },
    { "shell_why", "a random number below the order of the curve", "The point that goes over the wire is the secret "
      "scalar times the base point of P-256.", "线路上传送的公开点，是秘密标量与 P-256 基点相乘的结果。" },
    { "shell", "ECDH on x25519", SAME(ECDH(X25519_OWN, "", X25519_PEER)) },
    { "shell_why", "ECDH on x25519", "One's own secret scalar times the peer's point: both ends arrive at the same "
      "secret.",
      "自己的秘密标量乘以对方的公开点：两端得到同一个秘密。" },
    { "shell", "ECDH on secp256r1", SAME(ECDH(P256_OWN_A, P256_OWN_B, P256_PEER)) },
    { "shell_why", "ECDH on secp256r1", "One's own secret scalar times the peer's point: both ends arrive at the same "
      "secret, the point's x.", "自己的秘密标量乘以对方的公开点：两端得到同一个秘密，即结果点的 x 坐标。" },
    { "shell", "DH modulo the prime of ffdhe2048", SAME(DH("2048", "560316")) },
    { "shell_why", "DH modulo the prime of ffdhe2048", "The peer's public value, raised to one's own secret exponent "
      "modulo the prime: both ends arrive at the same secret.",
      "对方的公开值以自己的秘密指数作模幂运算：两端得到同一个秘密。" },
    { "shell", "DH modulo the prime of ffdhe3072", SAME(DH("3072", "2625351")) },
    { "shell_why", "DH modulo the prime of ffdhe3072", "The peer's public value, raised to one's own secret exponent "
      "modulo the prime: both ends arrive at the same secret.",
      "对方的公开值以自己的秘密指数作模幂运算：两端得到同一个秘密。" },
    { "shell", "DH modulo the prime of ffdhe4096", SAME(DH("4096", "5736041")) },
    { "shell_why", "DH modulo the prime of ffdhe4096", "The peer's public value, raised to one's own secret exponent "
      "modulo the prime: both ends arrive at the same secret.",
      "对方的公开值以自己的秘密指数作模幂运算：两端得到同一个秘密。" },
    { "shell", "RSAES-PKCS1-v1_5", SAME(RSA_RAISED) },
    { "shell_why", "RSAES-PKCS1-v1_5", "The padded secret, raised to the public exponent of the certificate's key.",
      "填充后的秘密，以证书公钥的指数作模幂运算。" },
    { "shell", "RSA decryption", SAME(RSA_OPENED) },
    { "shell_why", "RSA decryption", "Whoever has the server's private key opens the pre-master secret. This one's key "
      "is the classroom's, and public: from its two primes everything else follows.",
      "谁持有服务器的私钥，谁就能解开预主密钥。这里用的是公开的课堂密钥：由它的两个素数可推出其余一切。" },
    { "shell", "SHA-256", SAME(DIGEST("sha256")) },
    { "shell_why", "SHA-256", "The digest of these octets, one message behind the other.",
      "这些字节首尾相接后的摘要。" },
    { "shell", "SHA-384", SAME(DIGEST("sha384")) },
    { "shell_why", "SHA-384", "The digest of these octets, one message behind the other.",
      "这些字节首尾相接后的摘要。" },
    { "shell", "SHA-256/2", SAME(VERIFIED("sha256")) },
    { "shell_why", "SHA-256/2", "The digest of what is signed; and does the signature fit it and the key?",
      "被签名内容的摘要；签名是否与摘要及公钥相符？" },
    { "shell", "PRF-SHA256", SAME(PRF("SHA256")) },
    { "shell_why", "PRF-SHA256", "The PRF of TLS 1.2 over a secret, a label and a seed.",
      "TLS 1.2 的 PRF：输入秘密、标签与种子。" },
    { "shell", "PRF-SHA384", SAME(PRF("SHA384")) },
    { "shell_why", "PRF-SHA384", "The PRF of TLS 1.2 over a secret, a label and a seed.",
      "TLS 1.2 的 PRF：输入秘密、标签与种子。" },
    { "shell", "key_block_piece", SAME("printf '%s' {secret_in_value} | xxd -r -p | xxd -p -s {at} -l {octets} -c 0\n"
                                       "#= {secret}") },
    { "shell_why", "key_block_piece", "The key block, cut into pieces.", "将密钥块切分成各段。" },
    { "shell", "AES-128-GCM", SAME(GCM_PLAINTEXT("128")) },
    { "shell_why", "AES-128-GCM", "The counter begins with the nonce and 2 (1 is for the tag).",
      "计数器由 nonce 与 2 开始（1 留给认证标签）。" },
    { "shell", "AES-128-GCM/2", SAME(GCM_TAG("128")) },
    { "shell_why", "AES-128-GCM/2", "GHASH over the additional data, the ciphertext and both lengths; openssl's "
      "command has AES but no GHASH, so python3 multiplies in GF(2^128).",
      "对附加数据、密文与两者长度求 GHASH；openssl 命令行有 AES 而无 GHASH，故由 python3 在 GF(2^128) 中做乘法。" },
    { "shell", "AES-256-GCM", SAME(GCM_PLAINTEXT("256")) },
    { "shell_why", "AES-256-GCM", "The counter begins with the nonce and 2 (1 is for the tag).",
      "计数器由 nonce 与 2 开始（1 留给认证标签）。" },
    { "shell", "AES-256-GCM/2", SAME(GCM_TAG("256")) },
    { "shell_why", "AES-256-GCM/2", "GHASH over the additional data, the ciphertext and both lengths; openssl's "
      "command has AES but no GHASH, so python3 multiplies in GF(2^128).",
      "对附加数据、密文与两者长度求 GHASH；openssl 命令行有 AES 而无 GHASH，故由 python3 在 GF(2^128) 中做乘法。" },
    { "shell", "ChaCha20-Poly1305", SAME(CHACHA_PLAINTEXT) },
    { "shell_why", "ChaCha20-Poly1305", "Block 1 onwards of the key stream opens the record.",
      "密钥流自第 1 块起用于解开记录。" },
    { "shell", "ChaCha20-Poly1305/2", SAME(POLY1305_TAG) },
    { "shell_why", "ChaCha20-Poly1305/2", "Block 0 of the key stream is a key for one use: Poly1305 over the "
      "additional data, the ciphertext and both lengths.",
      "密钥流第 0 块是一次性密钥：对附加数据、密文与两者长度求 Poly1305。" },
    { "shell", "AES-128-CBC-HMAC-SHA1", SAME(CBC_PLAINTEXT("128")) },
    { "shell_why", "AES-128-CBC-HMAC-SHA1", "What comes out: content, MAC, padding.", "解密得到：内容、MAC、填充。" },
    { "shell", "AES-128-CBC-HMAC-SHA1/2", SAME(CBC_MAC("sha1")) },
    { "shell_why", "AES-128-CBC-HMAC-SHA1/2", "HMAC over the sequence number, the header and the content.",
      "对序号、记录头与内容求 HMAC。" },
    { "shell", "AES-128-CBC-HMAC-SHA256", SAME(CBC_PLAINTEXT("128")) },
    { "shell_why", "AES-128-CBC-HMAC-SHA256", "What comes out: content, MAC, padding.", "解密得到：内容、MAC、填充。" },
    { "shell", "AES-128-CBC-HMAC-SHA256/2", SAME(CBC_MAC("sha256")) },
    { "shell_why", "AES-128-CBC-HMAC-SHA256/2", "HMAC over the sequence number, the header and the content.",
      "对序号、记录头与内容求 HMAC。" },
    { "shell", "AES-128-CBC-HMAC-SHA384", SAME(CBC_PLAINTEXT("128")) },
    { "shell_why", "AES-128-CBC-HMAC-SHA384", "What comes out: content, MAC, padding.", "解密得到：内容、MAC、填充。" },
    { "shell", "AES-128-CBC-HMAC-SHA384/2", SAME(CBC_MAC("sha384")) },
    { "shell_why", "AES-128-CBC-HMAC-SHA384/2", "HMAC over the sequence number, the header and the content.",
      "对序号、记录头与内容求 HMAC。" },
    { "shell", "AES-256-CBC-HMAC-SHA1", SAME(CBC_PLAINTEXT("256")) },
    { "shell_why", "AES-256-CBC-HMAC-SHA1", "What comes out: content, MAC, padding.", "解密得到：内容、MAC、填充。" },
    { "shell", "AES-256-CBC-HMAC-SHA1/2", SAME(CBC_MAC("sha1")) },
    { "shell_why", "AES-256-CBC-HMAC-SHA1/2", "HMAC over the sequence number, the header and the content.",
      "对序号、记录头与内容求 HMAC。" },
    { "shell", "AES-256-CBC-HMAC-SHA256", SAME(CBC_PLAINTEXT("256")) },
    { "shell_why", "AES-256-CBC-HMAC-SHA256", "What comes out: content, MAC, padding.", "解密得到：内容、MAC、填充。" },
    { "shell", "AES-256-CBC-HMAC-SHA256/2", SAME(CBC_MAC("sha256")) },
    { "shell_why", "AES-256-CBC-HMAC-SHA256/2", "HMAC over the sequence number, the header and the content.",
      "对序号、记录头与内容求 HMAC。" },
    { "shell", "AES-256-CBC-HMAC-SHA384", SAME(CBC_PLAINTEXT("256")) },
    { "shell_why", "AES-256-CBC-HMAC-SHA384", "What comes out: content, MAC, padding.", "解密得到：内容、MAC、填充。" },
    { "shell", "AES-256-CBC-HMAC-SHA384/2", SAME(CBC_MAC("sha384")) },
    { "shell_why", "AES-256-CBC-HMAC-SHA384/2", "HMAC over the sequence number, the header and the content.",
      "对序号、记录头与内容求 HMAC。" },
    { NULL, NULL, NULL, NULL },
};

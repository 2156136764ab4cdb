#include "cmd/options.h"
#include "cmd/words.h"

#include <stdio.h>
#include <string.h>

enum { LIVE = CMD_GET | CMD_SERVE, ALL = CMD_VISIT | LIVE, LOOK = ALL | CMD_RESOLVE | CMD_EXPLAIN,
       TCP = ALL | CMD_LAB };

const struct option options[OPT_COUNT] = {
    { OPT_KX, 0, "kx", "KIND", "rsa|dhe|ecdhe", CMD_VISIT | LIVE,
      "key exchange (ecdhe); live, rsa and dhe must be asked for by name: RFC 10015 deprecates them" },
    { OPT_CERT_KIND, 0, "cert", "KIND", "rsa|ecdsa", CMD_VISIT,
      "kind of the web server's certificate (rsa)" },
    { OPT_CIPHER, 0, "cipher", "NAME", NULL, CMD_VISIT | LIVE,
      "one cipher suite, by its IANA or OpenSSL name; decides over --kx" },
    { OPT_GROUP, 0, "group", "NAME", "x25519|p256|p384|p521|ffdhe2048|ffdhe3072|ffdhe4096", CMD_VISIT | LIVE,
      "group of the key exchange (x25519; of DHE ffdhe2048)" },
    { OPT_CIPHERS, 0, "ciphers", "LIST", NULL, LIVE,
      "cipher suites, IANA's or OpenSSL's names with colons or commas, best first; DEFAULT: ECDHE with AEAD" },
    { OPT_CURVES, 0, "curves", "LIST", NULL, LIVE, "groups, likewise: X25519:P-256:P-384:P-521:ffdhe2048 ..." },
    { OPT_SIGALGS, 0, "sigalgs", "LIST", NULL, LIVE,
      "signature algorithms, likewise: ecdsa_secp256r1_sha256, RSA-PSS+SHA256, ed25519 ..." },
    { OPT_ALPN, 0, "alpn", "LIST", NULL, LIVE, "protocols to agree on by ALPN (http/1.1); none: no word of them" },
    { OPT_TLS_MAX, 0, "tls-max", "VERSION", "1.2", LIVE, "the newest version to speak: 1.2, which is the only one" },
    { OPT_LEGACY, 0, "legacy", NULL, NULL, LIVE,
      "the old ways, too: RSA and DHE key exchange, CBC, signatures with SHA-1" },
    { OPT_GREASE, 0, "grease", NULL, NULL, CMD_VISIT | CMD_GET,
      "offer values that mean nothing, so that servers stay tolerant (RFC 8701)" },
    { OPT_CLIENT_ORDER, 0, "client-order", NULL, NULL, CMD_SERVE,
      "choose suites and groups by the client's order instead of ours" },
    { OPT_RECORD_LIMIT, 0, "record-limit", "OCTETS", NULL, ALL,
      "the longest TLS record that we take, 64 to 16384 octets; the other end is told (RFC 8449)" },
    { OPT_MAX_FRAGMENT, 0, "max-fragment", "OCTETS", "512|1024|2048|4096", CMD_VISIT | CMD_GET,
      "ask the server for records of at most so many octets, both ways, as older ones know it (RFC 6066)" },
    { OPT_SEED, 0, "seed", "N", NULL, CMD_VISIT | CMD_LAB | CMD_RESOLVE | CMD_CA,
      "the number that decides every random octet and every accident (1; of ca none: keys are secret then)" },
    { OPT_SIZE, 0, "size", "BYTES", NULL, CMD_VISIT, "size of the page (1200)" },
    { OPT_IPV6, '6', "ipv6", NULL, NULL, CMD_VISIT | CMD_GET, "speak IPv6: ask for AAAA, and connect to that" },
    { OPT_OUTPUT, 'o', "output", "FILE", NULL, CMD_VISIT | CMD_GET, "write the page to FILE" },
    { OPT_LOSS, 0, "loss", "PERCENT", NULL, CMD_VISIT | CMD_LAB | CMD_RESOLVE, "packets the wire loses" },
    { OPT_DUP, 0, "dup", "PERCENT", NULL, CMD_VISIT | CMD_RESOLVE, "packets the wire delivers twice" },
    { OPT_REORDER, 0, "reorder", "PERCENT", NULL, CMD_VISIT | CMD_RESOLVE, "packets that later ones overtake" },
    { OPT_CORRUPT, 0, "corrupt", "PERCENT", NULL, CMD_VISIT | CMD_RESOLVE, "packets in which the wire flips a bit" },
    { OPT_DELAY, 0, "delay", "MS", NULL, CMD_VISIT | CMD_LAB | CMD_RESOLVE,
      "time a packet is under way, in milliseconds (10)" },
    { OPT_MTU, 0, "mtu", "OCTETS", NULL, CMD_VISIT,
      "the longest packet that the wires take (1500): fewer and larger ones, up to 65535 as on a loopback" },
    { OPT_BREAK, 0, "break", "WHAT[:WHERE]", NULL, CMD_VISIT,
      "spoil one thing (`vitrine breaks` has them all); may be given several times" },
    { OPT_CHECK, 0, "check", NULL, NULL, CMD_BREAKS,
      "run them, all or those named, and hold each to its prediction" },
    { OPT_SEEDS, 0, "seeds", "A-B", NULL, CMD_BREAKS, "run each with every seed from A to B (1)" },
    { OPT_TEXT, 0, "text", NULL, NULL, CMD_STATES, "as tables to read (the default)" },
    { OPT_DOT, 0, "dot", NULL, NULL, CMD_STATES, "for graphviz" },
    { OPT_SVG, 0, "svg", NULL, NULL, CMD_STATES, "drawn; one machine, which must be named" },
    { OPT_FORM, 0, "form", "FORM", "list|markdown|filters", CMD_BREAKS | CMD_EXPLAIN,
      "how to print a table: a line each (list), as docs/ has it, or (breaks) with Wireshark's display filter" },
    { OPT_LEVEL, 0, "level", "LEVEL", "story|packets|all", LOOK,
      "how close to look: eight lines, the packets under them, or everything (packets)" },
    { OPT_AS, 0, "as", "WHO", "spy", CMD_VISIT,
      "see the visit as a listener on the wire does: what it learns, packet by packet" },
    { OPT_STEAL_KEY, 0, "steal-key", NULL, NULL, CMD_VISIT,
      "a year later the server's key leaks: what does it open of a recording of this visit?" },
    { OPT_RESUME, 0, "resume", NULL, NULL, CMD_VISIT,
      "and once more: a second visit, which resumes the TLS session of the first by its ticket" },
    { OPT_STEP, 0, "step", NULL, NULL, CMD_VISIT,
      "a debugger: stop before each packet, look closer, go back; `?` there lists its commands" },
    { OPT_SLOW, 0, "slow", "[FACTOR|MSms]", NULL, CMD_VISIT,
      "play the visit, so many times slower than its virtual time (50), or so many ms a packet" },
    { OPT_ASK, 0, "ask", NULL, NULL, CMD_VISIT,
      "before each packet ask who speaks next, and what; a score at the end" },
    { OPT_ASCII, 0, "ascii", NULL, NULL, LOOK | CMD_VERIFY, "draw with plain ASCII" },
    { OPT_LANG, 0, "lang", "LANG", "en|zh",
      LOOK | CMD_VERIFY | CMD_CA | CMD_LAB | CMD_BREAKS | CMD_SPEED | CMD_COMPARE | CMD_HELP | CMD_VERSION,
      "the language of sentences (the locale's; comments in captures are English unless asked)" },
    { OPT_PCAP, 0, "pcap", "FILE", NULL, LOOK,
      "write a capture with the secrets inside (pcapng): Wireshark opens it decrypted" },
    { OPT_PCAP_AT, 0, "pcap-at", "PLACE", "wire|browser|web", CMD_VISIT,
      "where the capture is taken (wire)" },
    { OPT_KEYLOG, 0, "keylog", "FILE", NULL, ALL, "write the session's secrets as an NSS key log" },
    { OPT_JSON, 0, "json", "FILE", NULL, LOOK, "write every event and every named byte as JSON lines" },
    { OPT_HTML, 0, "html", "FILE", NULL, ALL | CMD_EXPLAIN,
      "write the whole visit as one page for a browser: every packet, byte, key and check" },
    { OPT_WHAT_IF, 0, "what-if", "BREAKS", NULL, CMD_VISIT,
      "put the same visit beside it on the page, once with each of these breaks (loss:7,dns:spoof)" },
    { OPT_SHOW_SECRETS, 0, "show-secrets", NULL, NULL, LIVE | CMD_EXPLAIN,
      "show secret values on the terminal, in JSON and on the page (the sealed world always does)" },
    { OPT_VIA, 0, "via", "LINK", "tun|tap|raw|passt|kernel", LIVE | CMD_RESOLVE,
      "our own TCP and IP on a TUN or TAP device, beside the kernel (raw), without root (passt); or its (kernel)" },
    { OPT_TUN, 0, "tun", "NAME", NULL, LIVE | CMD_RESOLVE, "the TUN or TAP device (vitrine0)" },
    { OPT_INTERFACE, 0, "interface", "NAME", NULL, LIVE | CMD_RESOLVE,
      "the interface on which raw has addresses of its own, beside the kernel's" },
    { OPT_ADDR, 0, "addr", "A/LEN", NULL, LIVE | CMD_RESOLVE,
      "our own address on the link (passt: 10.0.2.15/24); auto: an IPv6 one by what routers say (tap, raw)" },
    { OPT_GW, 0, "gw", "ADDR", NULL, LIVE | CMD_RESOLVE, "the gateway behind it (passt: 10.0.2.2, this machine)" },
    { OPT_NO_OFFLOAD, 0, "no-offload", NULL, NULL, LIVE | CMD_RESOLVE,
      "cut TCP's text and make its checksums ourselves, where the device would (slower; each segment shows)" },
    { OPT_CC, 0, "cc", "NAME", "cubic|reno", TCP,
      "TCP's congestion control: CUBIC (RFC 9438, the usual one) or Reno (RFC 5681)" },
    { OPT_RECOVERY, 0, "recovery", "HOW", "rack|6675|newreno", TCP,
      "how losses are found: by time (rack, RFC 8985), by holes (RFC 6675), by duplicate ACKs (newreno)" },
    { OPT_NO_SACK, 0, "no-sack", NULL, NULL, TCP, "TCP without selective acknowledgments (RFC 2018)" },
    { OPT_NO_TIMESTAMPS, 0, "no-timestamps", NULL, NULL, TCP, "TCP without timestamps (RFC 7323)" },
    { OPT_NO_ECN, 0, "no-ecn", NULL, NULL, TCP, "TCP that never agrees to congestion marks (RFC 3168)" },
    { OPT_MSS, 0, "mss", "OCTETS", NULL, TCP, "largest text of a TCP segment that we announce and send (1460)" },
    { OPT_WINDOW, 0, "window", "OCTETS", NULL, TCP,
      "TCP's receive window, of this size and no larger (it grows by itself)" },
    { OPT_USER_TIMEOUT, 0, "user-timeout", "SECONDS", NULL, TCP,
      "how long what TCP sent may wait for its ACK; told to the other end, whose longer wish counts (RFC 5482)" },
    { OPT_DNS, 0, "dns", "ADDR", NULL, CMD_GET | CMD_RESOLVE, "ask this name server instead of resolv.conf's" },
    { OPT_SEALED, 0, "sealed", NULL, NULL, CMD_RESOLVE, "ask in the sealed world, a resolver of ours" },
    { OPT_ZONE, 0, "zone", "FILE", NULL, CMD_VISIT | CMD_RESOLVE,
      "what the sealed resolver knows, as a master file (every name under .test is 10.0.0.80)" },
    { OPT_TYPE, 0, "type", "TYPE", "A|AAAA", CMD_RESOLVE, "ask for one kind of address (both)" },
    { OPT_TCP, 0, "tcp", NULL, NULL, CMD_RESOLVE, "ask over TCP from the start" },
    { OPT_NO_EDNS, 0, "no-edns", NULL, NULL, CMD_RESOLVE, "ask as in 1987: answers of 512 octets at most" },
    { OPT_RATE, 0, "rate", "KBIT", NULL, CMD_LAB, "what the link carries, in thousands of bits a second (10000)" },
    { OPT_QUEUE, 0, "queue", "PACKETS", NULL, CMD_LAB,
      "packets of 1500 octets that may wait before it (what is under way in one round trip)" },
    { OPT_MARK, 0, "mark", "PACKETS", NULL, CMD_LAB,
      "where more packets of 1500 octets wait, the router marks them, and flows ask for that (ECN, RFC 3168)" },
    { OPT_FLOWS, 0, "flows", "N", NULL, CMD_LAB, "how many flows share it, up to 4 (2)" },
    { OPT_SECONDS, 0, "seconds", "N", NULL, CMD_LAB, "how long, in virtual time (20)" },
    { OPT_LATER, 0, "later", "SECONDS", NULL, CMD_LAB, "how much later each next flow begins (5)" },
    { OPT_AGAINST, 0, "against", "NAME", "cubic|reno", CMD_LAB,
      "another congestion control for all flows but the first" },
    { OPT_FIGURES, 0, "html", "FILE", NULL, CMD_LAB, "write the pictures and figures as a page for a browser" },
    { OPT_CACERT, 0, "cacert", "FILE", NULL, CMD_GET,
      "trust the certificates in FILE (PEM or DER, or a directory) instead of the system's" },
    { OPT_INSECURE, 'k', "insecure", NULL, NULL, CMD_GET, "go on although the certificate is refused" },
    { OPT_VERBOSE, 'v', "verbose", NULL, NULL, CMD_GET | CMD_SERVE,
      "show the visit: story, packets, the chain with every verdict" },
    { OPT_RESOLVE, 0, "resolve", "HOST:PORT:ADDR", NULL, CMD_GET,
      "use this address instead of asking for the name" },
    { OPT_INCLUDE, 'i', "include", NULL, NULL, CMD_GET, "write the response's head before the page" },
    { OPT_METHOD, 'X', "request", "METHOD", NULL, CMD_GET, "another method than GET" },
    { OPT_HEADER, 'H', "header", "LINE", NULL, CMD_GET, "a further header line" },
    { OPT_MAX_TIME, 'm', "max-time", "SECONDS", NULL, CMD_GET,
      "give up after so long in all (silence alone is given 30 s)" },
    { OPT_SESSION, 0, "session", "FILE", NULL, CMD_GET,
      "keep the TLS session in FILE, and resume the one that lies there" },
    { OPT_ROOT, 0, "root", "DIR", NULL, CMD_SERVE,
      "serve the files below DIR" },
    { OPT_SIMPLE, 0, "simple", NULL, NULL, CMD_SERVE,
      "instead of files, echo, discard, daytime and chargen over bare TCP (ports 7, 9, 13, 19, above --listen's)" },
    { OPT_STACKS, 0, "stacks", "N", NULL, CMD_SERVE,
      "so many stacks, a process each, share the TUN device by its queues (1); one a core is best" },
    { OPT_CERT, 0, "cert", "PEM", NULL, LIVE,
      "certificate chain, leaf first; several times, each with its --key; serve, none: a fresh CA for this run" },
    { OPT_KEY, 0, "key", "PEM", NULL, LIVE, "its private key" },
    { OPT_PASS, 0, "pass", "WHERE", NULL, LIVE | CMD_CA | CMD_EXPLAIN,
      "an encrypted key's pass phrase: file:FILE, env:NAME or stdin; without it the terminal is asked" },
    { OPT_CLIENT_CERT, 0, "client-cert", "HOW", "none|ask|require", CMD_SERVE,
      "whether clients are asked for a certificate, and must have one (none)" },
    { OPT_CLIENT_CA, 0, "client-ca", "FILE", NULL, CMD_SERVE,
      "who vouches for clients; without it whoever has a certificate's key is taken for its owner" },
    { OPT_TICKETS, 0, "tickets", "HOW", "on|off", CMD_SERVE,
      "give clients their session as a ticket (on); off: sessions are kept here, found by their id" },
    { OPT_STAPLE, 0, "staple", "FILE", NULL, CMD_SERVE,
      "an OCSP response (DER) for the first certificate, given to clients that ask for it" },
    { OPT_LISTEN, 0, "listen", "ADDR:PORT", NULL, CMD_SERVE, "where to listen (127.0.0.1:4433)" },
    { OPT_TRUST, 0, "trust", "FILE", NULL, CMD_VERIFY | CMD_EXPLAIN,
      "trust the certificates in FILE (PEM, DER or a directory) instead of the system's; several times, if need be" },
    { OPT_TRUST_NOTES, 0, "trust-notes", "FILE", NULL, CMD_GET | CMD_VERIFY,
      "what is held against roots, in lines: SHA256 distrust, distrust-after YYYY-MM-DD or permit-dns NAME" },
    { OPT_UNTRUSTED, 0, "untrusted", "FILE", NULL, CMD_VERIFY | CMD_EXPLAIN,
      "certificates that nobody trusts yet and the path may need: intermediates; several times, if need be" },
    { OPT_HOST, 0, "host", "NAME", NULL, CMD_VERIFY, "a server of this name must be meant (RFC 9525)" },
    { OPT_IP, 0, "ip", "ADDR", NULL, CMD_VERIFY, "a server of this address must be meant" },
    { OPT_AS_CLIENT, 0, "client", NULL, NULL, CMD_VERIFY, "judge a client's certificate (clientAuth)" },
    { OPT_AT, 0, "at", "EPOCH", NULL, CMD_VERIFY | CMD_CA,
      "the moment of judgement or of issuing, in seconds since 1970 (now)" },
    { OPT_CRL, 0, "crl", "FILE", NULL, CMD_VERIFY,
      "lists of revoked certificates at hand (CRLs, PEM or DER); several times, if need be" },
    { OPT_OCSP, 0, "ocsp", "FILE", NULL, CMD_VERIFY,
      "an OCSP response at hand (DER); several times, if need be" },
    { OPT_NEED_STATUS, 0, "need-status", NULL, NULL, CMD_VERIFY,
      "refuse a certificate of which no CRL and no OCSP response at hand says that it stands" },
    { OPT_POLICY, 0, "policy", "OID", NULL, CMD_VERIFY,
      "the path must be valid under this certificate policy, or another one given so (RFC 5280 §6.1.1 c, e)" },
    { OPT_EXPLICIT_POLICY, 0, "explicit-policy", NULL, NULL, CMD_VERIFY,
      "the path must be valid under some policy (RFC 5280 §6.1.1 e)" },
    { OPT_INHIBIT_MAPPING, 0, "inhibit-mapping", NULL, NULL, CMD_VERIFY,
      "no policy counts as another (RFC 5280 §6.1.1 d)" },
    { OPT_INHIBIT_ANY_POLICY, 0, "inhibit-any-policy", NULL, NULL, CMD_VERIFY,
      "anyPolicy stands for none (RFC 5280 §6.1.1 f)" },
    { OPT_MAX_DEPTH, 0, "max-depth", "N", NULL, CMD_VERIFY,
      "at most so many CA certificates between the leaf and the trusted one" },
    { OPT_PROFILE, 0, "profile", "RULES", "pkix|rfc5280|web|br", CMD_VERIFY,
      "what RFC 5280 has verifiers ask (pkix); and demands of issuers (rfc5280); and browsers ask beyond (web: where "
      "--host, --ip or --client is given); the CA/Browser Forum's Baseline Requirements to the letter (br)" },
    { OPT_EXPLAIN, 0, "explain", NULL, NULL, CMD_VERIFY, "show every check, and say why it is made" },
    { OPT_VERDICT_JSON, 0, "json", NULL, NULL, CMD_VERIFY,
      "instead of a picture a line of JSON a certificate, then one with the verdict" },
    { OPT_BYTES, 0, "bytes", NULL, NULL, CMD_VERIFY,
      "show every octet of the certificates of the path, of the lists and the responses, with its name" },
    { OPT_DIR, 0, "dir", "DIR", NULL, CMD_CA, "where the CA or the exercise lies (vitrine-ca)" },
    { OPT_SAN, 0, "san", "NAMES", NULL, CMD_CA,
      "whom it is for: dns:www.example.test,ip:10.0.0.80,email:a@b.test,uri:https://c.test/,dir:/O=X" },
    { OPT_SUBJECT, 0, "subject", "NAME", NULL, CMD_CA,
      "/C=CN/O=Lesson/CN=www.example.test, or a CN alone (the first DNS name)" },
    { OPT_NAME, 0, "name", "NAME", NULL, CMD_CA, "of its files (the first DNS name)" },
    { OPT_CA, 0, "ca", NULL, NULL, CMD_CA, "it is a CA: an intermediate" },
    { OPT_ISSUER, 0, "issuer", "NAME", NULL, CMD_CA, "which CA issues, by the name of its files (ca, the root)" },
    { OPT_DAYS, 0, "days", "N", NULL, CMD_CA,
      "how long it holds (leaf 90, CA 1825, root 3650; CRL and OCSP response 7)" },
    { OPT_CSR, 0, "csr", "FILE", NULL, CMD_CA,
      "certify the key of this request (PKCS #10, PEM), for its names unless --san and --subject say others" },
    { OPT_KEY_KIND, 0, "key-kind", "KIND", "p256|p384|p521|ed25519|rsa:2048|rsa:3072|rsa:4096", CMD_CA,
      "kind of the key that is made (p256)" },
    { OPT_KEY_FORM, 0, "key-form", "FORM", "pkcs8|pkcs1|sec1", CMD_CA, "how the key is written (pkcs8)" },
    { OPT_ENCRYPT, 0, "encrypt", NULL, NULL, CMD_CA,
      "under a pass phrase (pkcs8 with PBES2; --pass, or the terminal)" },
    { OPT_HASH, 0, "hash", "HASH", "sha256|sha384|sha512|pss-sha256|pss-sha384|pss-sha512", CMD_CA,
      "over which hash it is signed (that of the issuer key's strength; pss: RSASSA-PSS)" },
    { OPT_USAGE, 0, "usage", "WORDS", NULL, CMD_CA,
      "keyUsage: digitalSignature,keyEncipherment,keyCertSign,cRLSign ...; none" },
    { OPT_EKU, 0, "eku", "WORDS", NULL, CMD_CA,
      "extKeyUsage: server,client,code,email,time,ocsp,any, OIDs; none (server)" },
    { OPT_PATH_LEN, 0, "path-len", "N", NULL, CMD_CA, "of a CA: how many CAs may stand below it" },
    { OPT_PERMIT, 0, "permit", "NAMES", NULL, CMD_CA,
      "of a CA: for which names alone it may issue, as dns:example.test,ip:10.0.0.0/8" },
    { OPT_EXCLUDE, 0, "exclude", "NAMES", NULL, CMD_CA, "of a CA: for which it may not" },
    { OPT_POLICIES, 0, "policy", "OIDS", NULL, CMD_CA, "certificatePolicies, with commas; any" },
    { OPT_MAP, 0, "map", "OID=OID", NULL, CMD_CA,
      "policyMappings of a CA: the issuer's policy, the subject's; with commas" },
    { OPT_REQUIRE_POLICY, 0, "require-policy", "N", NULL, CMD_CA, "policyConstraints: requireExplicitPolicy" },
    { OPT_NO_MAPPING, 0, "no-mapping", "N", NULL, CMD_CA, "policyConstraints: inhibitPolicyMapping" },
    { OPT_NO_ANY_POLICY, 0, "no-any-policy", "N", NULL, CMD_CA, "inhibitAnyPolicy" },
    { OPT_CRL_URI, 0, "crl-uri", "URI", NULL, CMD_CA, "where its CRL lies (cRLDistributionPoints)" },
    { OPT_OCSP_URI, 0, "ocsp-uri", "URI", NULL, CMD_CA, "who answers by OCSP (authorityInfoAccess)" },
    { OPT_ISSUER_URI, 0, "issuer-uri", "URI", NULL, CMD_CA,
      "where its issuer's certificate lies (authorityInfoAccess)" },
    { OPT_MUST_STAPLE, 0, "must-staple", NULL, NULL, CMD_CA, "its server must staple an OCSP response (RFC 7633)" },
    { OPT_EXT, 0, "ext", "EXTENSION", NULL, CMD_CA,
      "any other extension, OID[,critical]=HEX, its DER; several times, if need be" },
    { OPT_SPOIL, 0, "spoil", "WHAT", NULL, CMD_CA, "not as it should be (`vitrine ca spoil --list` has all ways)" },
    { OPT_OUT, 0, "out", "PATH", NULL, CMD_CA, "write it there: PATH.pem and PATH.key; a CRL or response: PATH" },
    { OPT_REASON, 0, "reason", "WHY", NULL, CMD_CA,
      "why it is revoked: keyCompromise, superseded, cessationOfOperation ... (unspecified)" },
    { OPT_LIST, 0, "list", NULL, NULL, CMD_CA, "print the ways in which `vitrine ca spoil` can spoil" },
    { OPT_COUNT_OF, 0, "count", "N", NULL, CMD_CA, "how many chains an exercise has (12)" },
    { OPT_CPU_SECONDS, 0, "seconds", "N", NULL, CMD_SPEED,
      "CPU time of each measurement, like 0.25 (so much that all is over within a minute)" },
    { OPT_SPEED_JSON, 0, "json", NULL, NULL, CMD_SPEED, "instead of a table a line of JSON a measurement" },
    { OPT_CPU, 0, "cpu", NULL, NULL, CMD_SPEED,
      "measure nothing: say which instructions were found, and which form of each thing runs" },
    { OPT_NATURE, 0, "all", NULL, NULL, CMD_COMPARE,
      "show what differs in every run by its nature, too: randoms, ports, sequence numbers, dates" },
    { OPT_SAMPLES, 0, "samples", NULL, NULL, CMD_COMPARE, "list the ClientHellos of others that are kept here" },
    { OPT_READ_KEYS, 0, "keylog", "FILE", NULL, CMD_COMPARE | CMD_EXPLAIN,
      "an NSS key log that opens the captures" },
    { OPT_COMPARE_JSON, 0, "json", "FILE", NULL, CMD_COMPARE, "write what differs as JSON" },
    { OPT_COMPARE_HTML, 0, "html", "FILE", NULL, CMD_COMPARE,
      "write what differs, and both runs beside each other, as a page for a browser" },
    { OPT_SERVER_KEY, 0, "server-key", "PEM", NULL, CMD_EXPLAIN,
      "the server's private key: it opens connections with the RSA key exchange; several times, if need be" },
    { OPT_ONLY, 0, "only", "N[,N-M]", NULL, CMD_EXPLAIN,
      "look into these connections alone, by their numbers in the list" },
    { OPT_MAX_MEMORY, 0, "max-memory", "SIZE", NULL, CMD_EXPLAIN,
      "the most memory for connections, like 64M or 2G (1G): beyond, the one that was quiet for longest is given up" },
    { OPT_LADDER, 0, "ladder", NULL, NULL, CMD_EXPLAIN,
      "draw the packets as a ladder, as close as --level says" },
    { OPT_CAUSES, 0, "causes", NULL, NULL, CMD_EXPLAIN,
      "read no capture: list the causes of failed connections that are known" },
    { OPT_FACTS, 0, "facts", "FILE", NULL, CMD_EXPLAIN,
      "write what was found as JSON, a line a connection and one of the file (docs/explain.md)" },
    { OPT_FILTER, 0, "filter", "EXPR", NULL, CMD_EXPLAIN,
      "show the packets alone that this lets through, in Wireshark's words: 'tls.alert or tcp.retransmission'" },
    { OPT_FOLLOW, 0, "follow", "N", NULL, CMD_EXPLAIN,
      "show what both sides of this connection said, opened" },
    { OPT_FOLLOW_OUT, 'o', "output", "FILE", NULL, CMD_EXPLAIN, "write what --follow shows to FILE, octet by octet" },
    { OPT_STATS, 0, "stats", NULL, NULL, CMD_EXPLAIN,
      "connections in figures: round trips, what was lost, handshakes, octets, records" },
    { OPT_STRIP_SECRETS, 0, "strip-secrets", NULL, NULL, CMD_EXPLAIN,
      "write the copy (--pcap) without the secrets that stand in the capture" },
    { OPT_MAN, 0, "man", NULL, NULL, CMD_HELP, "print the manual page (troff)" },
    { OPT_COMPLETION, 0, "completion", NULL, NULL, CMD_HELP, "print the completion for bash" },
    { OPT_WIRESHARK, 0, "wireshark", NULL, NULL, CMD_HELP, "print our fields and the names Wireshark has for them" },
    { OPT_HELP, 'h', "help", NULL, NULL,
      LOOK | CMD_VERIFY | CMD_CA | CMD_LAB | CMD_BREAKS | CMD_STATES | CMD_SPEED | CMD_COMPARE |
      CMD_HELP | CMD_VERSION,
      "this list" },
};

const struct command commands[] = {
    { CMD_VISIT, "visit", "[URL]",
      "a whole visit in the sealed world: browser, name server and web server of ours",
      "No privileges, no network, virtual time: the same seed gives the same octets on every machine. "
      "The URL is\nhttps://www.example.test/ where none is given; the sealed world knows every name under .test.",
      1, visit_run },
    { CMD_BREAKS, "breaks", "[WHAT...]",
      "what can be spoiled in a sealed visit, and who then notices",
      "Each is asked for by `vitrine visit --break WHAT[:WHERE]`. A line has: what and where (as it is meant when\n"
      "nothing is said), who notices first, that one's fault, and the answer.", 8, breaks_run },
    { CMD_STATES, "states", "[MACHINE]",
      "the state machines, printed from the tables that drive the code: tcp, congestion, tls-client, tls-server",
      "All of them where none is named. docs/states.md is made of these.", 1, states_run },
    { CMD_LAB, "lab", "link", "flows that share a link in the sealed world, drawn: who gets how much, and why",
      "Virtual time: the same options give the same picture on every machine. A digit is a flow, a star is where\n"
      "they meet.", 1, lab_run },
    { CMD_GET, "get", "URL", "the real thing: fetch a page from a real server, with TLS and HTTP of our own",
      "Exit codes are curl's where curl has one; docs/exit-codes.md lists them.", 1, get_run },
    { CMD_RESOLVE, "resolve", "NAME...", "names to addresses: cache, hosts file, name servers, and each step told",
      "The addresses go to standard output, the steps to standard error. With --sealed or --zone the names are looked\n"
      "up in the sealed world, with virtual time and no network.", 8, resolve_run },
    { CMD_SERVE, "serve", "", "an HTTPS server for static files, many connections in one loop",
      "SIGINT and SIGTERM close every connection properly.", 0, serve_run },
    { CMD_VERIFY, "verify", "LEAF.pem",
      "should this certificate be believed? The way to a root drawn, every check shown",
      "Certificates behind the first of LEAF.pem count as sent along. Without --trust the system's roots are trusted.\n"
      "Exit codes: 0 accepted, 1 refused, 2 it could not be asked (a file, an option).", 1, verify_run },
    { CMD_EXPLAIN, "explain", "FILE|-",
      "anybody's capture, read by the same parsers as our own visits: what it holds, whether it holds, and if not, why",
      "pcap or pcapng of any writer; - reads a pipe: tcpdump -w - | vitrine explain -. Every Finished is computed "
      "again,\n"
      "every record opened that keys are there for, signatures and chain are judged at the time of the capture.\n"
      "Exit codes: 0 all that the keys allow holds, 1 something does not, 2 the file cannot be used. docs/explain.md.",
      1, explain_run },
    { CMD_CA, "ca", "init|issue|revoke|crl|ocsp|spoil|exercise",
      "a CA of one's own in a directory: issue and revoke, as it should be or spoiled for a lesson",
      "init makes it, issue a leaf or (--ca) an intermediate, revoke FILE takes one back, crl writes the list, ocsp\n"
      "FILE a response; spoil WHAT writes a chain that is not as it should be, exercise a set of good and bad ones.\n"
      "Exit codes: 0 done, 2 it could not be done.", 2, ca_run },
    { CMD_SPEED, "speed", "[WHAT...]",
      "how fast all this is here: every primitive in every form, records, handshakes, memory of a connection",
      "By CPU time, the best of several slices. WHAT is a thing (aes-128-gcm, sha256, rsa2048, x25519 ...),\n"
      "a family (aes, rsa, record, handshake, idle, all), or labels with colons between, all of which must fit:\n"
      "aes-128-gcm:seal:16384, rsa2048:sign:best (the form that is chosen), handshake:ecdsap256:x25519:full:client.\n"
      "VITRINE_CPU=portable, or names of --cpu with + between, allows no other instructions. docs/speed.md has it all.",
      8, speed_run },
    { CMD_COMPARE, "compare", "A B",
      "two runs side by side: which of their choices differ, what that means, and what only follows from it",
      "A and B are captures (mine.pcapng; mine.pcapng#2 is its second connection), visit for our own in the\n"
      "sealed world, \"visit:--cipher NAME --loss 5\" for one with these options of `vitrine visit`, or\n"
      "sample:NAME for a ClientHello of somebody else's program (--samples lists them).\n"
      "Exit codes: 0 nothing differs, 1 something does, 2 it could not be asked. docs/compare.md has it all.",
      2, compare_run_command },
    { CMD_HELP, "help", "[COMMAND]", "what there is, and how it is called", "", 1, help_run },
    { CMD_VERSION, "version", "", "which Vitrine this is", "", 0, version_run },
    { 0, NULL, NULL, NULL, NULL, 0, NULL },
};

const struct command *command_named(const char *name)
{
    for (const struct command *c = commands; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static const struct option *find(const struct command *c, const char *name, size_t n, char letter)
{
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        const struct option *o = &options[i];
        if ((o->commands & c->id) &&
            (letter ? o->letter == letter : strlen(o->name) == n && memcmp(o->name, name, n) == 0))
            return o;
    }
    return NULL;
}

/* Is `text` one of "a|b|c"? */
static bool among(const char *text, const char *choices)
{
    size_t n = strlen(text);
    for (const char *at = choices; *at; ) {
        size_t m = strcspn(at, "|");
        if (n == m && memcmp(at, text, n) == 0)
            return true;
        at += m + (at[m] == '|');
    }
    return false;
}

/* Where the further values of those stand that may be given several times; commands share the places. */
enum { PAIRS = OPT_PAIRS - 1, FILES = OPT_FILES - 1 };
static const struct again { enum option_id id; unsigned first, more; } again[] = {
    { OPT_BREAK, 0, OPT_BREAKS - 1 }, { OPT_CERT, 0, PAIRS }, { OPT_KEY, PAIRS, PAIRS },
    { OPT_SERVER_KEY, 2 * FILES, PAIRS },
    { OPT_TRUST, 0, FILES }, { OPT_UNTRUSTED, FILES, FILES }, { OPT_OCSP, 2 * FILES, FILES },
    { OPT_POLICY, 3 * FILES, FILES }, { OPT_CRL, 4 * FILES, FILES }, { OPT_EXT, 0, FILES },
};

static const struct again *again_of(enum option_id id)
{
    for (size_t i = 0; i < sizeof again / sizeof *again; i++)
        if (again[i].id == id)
            return &again[i];
    return NULL;
}

static size_t place_of(enum option_id id, const struct again *r, unsigned n)
{
    return n ? OPT_MORE + r->first + n - 1 : (size_t)id;
}

const char *option_again(const char *const *values, enum option_id id, unsigned n)
{
    const struct again *r = again_of(id);
    return r && n <= r->more ? values[place_of(id, r, n)] : NULL;
}

static bool accept(const struct command *c, const struct option *o, const char *given, const char *value,
                   const char *values[])
{
    if (o->value && *o->value != '[' && !value) {
        complain("vitrine %s: %s wants a value: --%s %s (`vitrine help %s` has all options)",
                 c->name, given, o->name, o->value, c->name);
        return false;
    }
    if (!o->value && value) {
        complain("vitrine %s: --%s takes no value, but was given %s", c->name, o->name, value);
        return false;
    }
    if (o->choices && !among(value, o->choices)) {
        complain("vitrine %s: --%s is one of %s, not %s", c->name, o->name, o->choices, value);
        return false;
    }
    const struct again *r = again_of(o->id);
    unsigned n = 0;
    while (r && n <= r->more && values[place_of(o->id, r, n)])
        n++;
    if (r && n > r->more) {
        complain("vitrine %s: --%s was given more than %d times", c->name, o->name, 1 + (int)r->more);
        return false;
    }
    values[r ? place_of(o->id, r, n) : (size_t)o->id] = value ? value : "";
    return true;
}

static bool read_long(const struct command *c, char **argv, int *i, int argc, const char *values[])
{
    const char *given = argv[*i], *name = given + 2, *equals = strchr(name, '=');
    size_t n = equals ? (size_t)(equals - name) : strlen(name);
    const struct option *o = find(c, name, n, 0);
    if (!o) {
        complain("vitrine %s: there is no option --%.*s here; `vitrine help %s` lists those there are",
                 c->name, (int)n, name, c->name);
        return false;
    }
    const char *value = equals ? equals + 1 : NULL;
    if (o->value && *o->value != '[' && !value && *i + 1 < argc)
        value = argv[++*i];
    return accept(c, o, given, value, values);
}

static bool read_short(const struct command *c, char **argv, int *i, int argc, const char *values[])
{
    for (const char *at = argv[*i] + 1; *at; at++) {
        const struct option *o = find(c, NULL, 0, *at);
        if (!o) {
            complain("vitrine %s: there is no option -%c here; `vitrine help %s` lists those there are",
                     c->name, *at, c->name);
            return false;
        }
        if (!o->value) {
            values[o->id] = "";
            continue;
        }
        const char *value = at[1] ? at + 1 : *i + 1 < argc ? argv[++*i] : NULL;
        return accept(c, o, argv[*i], value, values);
    }
    return true;
}

bool options_read(const struct command *c, int argc, char **argv, const char *values[OPT_VALUES],
                  const char *arguments[8], unsigned *n)
{
    bool only_arguments = false;
    *n = 0;
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (!only_arguments && strcmp(word, "--") == 0) {
            only_arguments = true;
        } else if (!only_arguments && word[0] == '-' && word[1] == '-') {
            if (!read_long(c, argv, &i, argc, values))
                return false;
        } else if (!only_arguments && word[0] == '-' && word[1]) {
            if (!read_short(c, argv, &i, argc, values))
                return false;
        } else if (*n == c->most) {
            complain("vitrine %s: takes %s, and %s is one too many", c->name,
                     c->most ? "one argument at most" : "no argument", word);
            return false;
        } else {
            arguments[(*n)++] = word;
        }
    }
    return true;
}

static bool wrong(enum option_id id, const char *text, const char *expected)
{
    complain("vitrine: --%s is %s, not %s", options[id].name, expected, text);
    return false;
}

bool option_number(enum option_id id, const char *text, uint64_t most, uint64_t *out)
{
    char expected[64];
    snprintf(expected, sizeof expected, "a whole number up to %llu", (unsigned long long)most);
    uint64_t v = 0;
    for (const char *at = text; *at; at++) {
        unsigned digit = (unsigned)(*at - '0');
        if (digit > 9 || v > (most - (digit <= most ? digit : most)) / 10 || v * 10 + digit > most)
            return wrong(id, text, expected);
        v = v * 10 + digit;
    }
    if (!*text)
        return wrong(id, "nothing", expected);
    *out = v;
    return true;
}

bool option_between(enum option_id id, const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
    char expected[64];
    snprintf(expected, sizeof expected, "at least %llu", (unsigned long long)least);
    return option_number(id, text, most, out) && (*out >= least || wrong(id, text, expected));
}

bool option_tenths(enum option_id id, const char *text, unsigned most, unsigned *out)
{
    static const char expected[] = "a number from 0 to 100, with one decimal at most";
    unsigned v = 0, digits = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9' && digits < 4; at++, digits++)
        v = v * 10 + (unsigned)(*at - '0');
    v *= 10;
    if (*at == '.' && at[1] >= '0' && at[1] <= '9') {
        v += (unsigned)(at[1] - '0');
        at += 2;
    }
    if (*at || digits == 0 || v > most * 10)
        return wrong(id, text, expected);
    *out = v;
    return true;
}

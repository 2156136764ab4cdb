"""Peers that are programs of a package: what they are called with, and how they say what came of it."""
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading

from base import CODES, GROUPS, KINDS, LARGE, SMALL, Failed, No, asked, has_page, size_of



def curves(case):
    """The group, and behind it the curves of both ends' certificates: the list speaks for keys, too (RFC 8422 §5.1)."""
    return [] if case.group == "-" else list(dict.fromkeys([case.group] + [k for k in (case.kind, case.client_kind) if k[:1] == "P"]))


def run(words, given=b"", seconds=20, **how):
    try:
        done = subprocess.run([str(w) for w in words], input=given, capture_output=True, timeout=seconds, check=False, **how)
    except subprocess.TimeoutExpired as e:
        raise Failed("nothing happened for %d s: %s" % (seconds, (e.stdout or b"")[-200:])) from e
    return done.returncode, done.stdout + b"\n" + done.stderr


def talk(words, given, seconds=20, **how):
    """As run(), for a program that would leave when it has read its last: its input stays open until it ends."""
    with tempfile.TemporaryFile() as aside, subprocess.Popen([str(w) for w in words], stdin=subprocess.PIPE,
                                                             stdout=subprocess.PIPE, stderr=aside, **how) as p:
        late = threading.Timer(seconds, p.kill)
        late.start()
        try:
            p.stdin.write(given)
            p.stdin.flush()
        except BrokenPipeError:
            pass
        said = p.stdout.read()
        late.cancel()
        p.wait()
        aside.seek(0)
        return p.returncode, said + b"\n" + aside.read()


def first_line(*words):
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    return re.sub(r"\s+", " ", (said.stdout + said.stderr).strip().split("\n")[0])


def expect(words, said):
    if not re.search(words.encode(), said):
        raise Failed("no '%s' in %s" % (words, said[-300:].decode("utf-8", "replace")))


class Peer:
    """can(): what it has not, said by raising No. client(): it visits our server. server(): we visit its own."""
    name = ""
    roles = ("client", "server")
    parallel = 4
    short = True                        # takes part in the brief run, too

    def __init__(self, world):
        self.world = world

    def version(self):
        return ""

    def can(self, role, case):
        pass

    def begin(self, role, all_cases):
        """Before the first case of a role."""

    def client(self, case):
        raise No("no client")

    def server(self, case):
        raise No("no server")


class Watched:
    """A port that passes on to another, and sees of each connection whether the server has sent a certificate."""

    def __init__(self, world, port):
        self.port, self.to, self.full = world.new_port(), port, []
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near = self.listener.accept()[0]
            far = socket.create_connection(("127.0.0.1", self.to))
            at = len(self.full)
            self.full.append(None)
            threading.Thread(target=self.carry, args=(near, far, None), daemon=True).start()
            threading.Thread(target=self.carry, args=(far, near, at), daemon=True).start()

    def carry(self, source, sink, at):
        seen = b""
        try:
            while octets := source.recv(1 << 16):
                if at is not None and self.full[at] is None:
                    seen += octets
                    self.full[at] = self.certificate(seen)
                sink.sendall(octets)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    @staticmethod
    def certificate(octets):
        """Of a server's first octets: a Certificate came (True), its ChangeCipherSpec came first (False), or None."""
        messages = b""
        while len(octets) >= 5:
            n = int.from_bytes(octets[3:5], "big")
            if octets[0] == 20:
                return False
            messages, octets = messages + octets[5:5 + n], octets[5 + n:]
            while len(messages) >= 4 and len(messages) >= 4 + (n := int.from_bytes(messages[1:4], "big")):
                if messages[0] == 11:
                    return True
                messages = messages[4 + n:]
        return None


class OpenSSL(Peer):
    name = "OpenSSL"
    short = False                       # suites.sh and sessions.sh are about it

    def version(self):
        return first_line("openssl", "version").split()[1]

    def client(self, case):
        w = self.world
        port = w.serve(case)
        words = ["openssl", "s_client", "-connect", "127.0.0.1:%d" % port, "-servername", "localhost", "-tls1_2",
                 "-CAfile", "ca.pem", "-verify_return_error", "-cipher", case.suite.name + ":@SECLEVEL=0", "-ign_eof"]
        if case.group != "-":
            words += ["-groups", ":".join(curves(case))]
        if case.feature == "client certificate":
            words += ["-cert", case.client_kind + ".pem", "-key", case.client_kind + ".key"]
        if case.feature in ("session id", "ticket"):
            words += ["-reconnect"] + (["-no_ticket"] if case.feature == "session id" else [])
        words += {"stapling": ["-status"], "ALPN": ["-alpn", "h2,http/1.1"],
                  "tiny": ["-maxfraglen", "512", "-split_send_frag", "16", "-max_send_frag", "512"]}.get(case.feature, [])
        code, said = run(words, asked(case), cwd=w.folder)
        if case.feature in ("session id", "ticket"):
            if said.count(b"Reused, TLSv1") != 5:             # the version is the one that first had the suite
                raise Failed("resumed %d times of 5" % said.count(b"Reused, TLSv1"))
            return
        has_page(case, said)
        expect({"stapling": "OCSP Response Status: successful", "ALPN": "ALPN protocol: http/1.1"}.get(
            case.feature, "Cipher is " + case.suite.name), said)

    def server(self, case):
        w = self.world
        group = case.group if case.group.startswith("ffdhe") else "ffdhe2048"      # not chosen by what the client names
        words = ["-cert", case.kind + ".pem", "-key", case.kind + ".key", "-CAfile", "ca.pem", "-cipher",
                 "ALL:@SECLEVEL=0", "-dhparam", group + ".pem", "-groups", "X25519:P-256:P-384:P-521"]
        words += {"client certificate": ["-Verify", "2", "-verify_return_error"], "session id": ["-no_ticket"],
                  "stapling": ["-status_file", case.kind + ".ocsp"], "ALPN": ["-alpn", "h2,http/1.1"],
                  "tiny": ["-split_send_frag", "1", "-max_send_frag", "512"]}.get(case.feature, [])

        def start(port):
            w.launch("openssl", ["openssl", "s_server", "-accept", "127.0.0.1:%d" % port, "-tls1_2", "-WWW", *words],
                     port, cwd=w.at("root"), env={"PATH": "/usr/bin"})
        words = [w.at(x) if x.endswith((".pem", ".key", ".ocsp")) else x for x in words]
        port = w.once(("openssl", *words), start)
        has_page(case, w.get(case, port, "/%d" % size_of(case), curves(case)[1:])[1])


class GnuTLS(Peer):
    name = "GnuTLS"
    groups = {"X25519": "X25519", "P-256": "SECP256R1", "P-384": "SECP384R1", "P-521": "SECP521R1"}

    def version(self):
        return first_line("gnutls-cli", "--version").split()[-1]

    def priority(self, case):
        _, kx, _, bulk = re.fullmatch("(TLS_)(.*)(_WITH_)(.*)", case.suite.iana).groups()
        bulk, mac = bulk.rsplit("_", 1)
        if not bulk.endswith("_CBC"):
            mac = "AEAD"
        group = self.groups.get(case.group, case.group.upper())
        words = ["NONE", "+VERS-TLS1.2", "+" + kx.replace("_", "-"), "+" + bulk.replace("_", "-"), "+" + mac.replace(
            "SHA", "SHA1") if mac == "SHA" else "+" + mac, "+COMP-NULL", "+CTYPE-X509", "+SIGN-ALL",
                 "+GROUP-" + group if case.group != "-" else "+GROUP-ALL"]
        words += ["+GROUP-" + self.groups[c] for c in curves(case)[1:]]
        return ":".join(words + ["%NO_TICKETS"] * (case.feature == "session id"))

    def client(self, case):
        w = self.world
        words = ["gnutls-cli", "--priority", self.priority(case), "--x509cafile", "ca.pem", "--sni-hostname", "localhost",
                 "--verify-hostname", "localhost", "-p", w.serve(case), "127.0.0.1"]
        words += {"session id": ["--resume"], "ticket": ["--resume"], "ALPN": ["--alpn", "h2", "--alpn", "http/1.1"],
                  "tiny": ["--recordsize", "512"]}.get(case.feature, [])
        if case.feature == "client certificate":
            words += ["--x509certfile", case.client_kind + ".pem", "--x509keyfile", case.client_kind + ".key"]
        _, said = talk(words, asked(case), 300, cwd=w.folder)             # a system call for each octet of the page
        has_page(case, said)
        expect({"session id": "This is a resumed session", "ticket": "This is a resumed session", "stapling":
                "OCSP status request", "ALPN": "Application protocol: http/1.1"}.get(case.feature, "Handshake was completed"), said)

    def can(self, role, case):
        if role == "server" and case.feature == "large":
            raise No("gnutls-serv has one small page")

    def server(self, case):
        w = self.world
        words = ["--x509certfile", case.kind + ".pem", "--x509keyfile", case.kind + ".key", "--x509cafile", "ca.pem",
                 "--priority", self.priority(case)]
        words += {"client certificate": ["--require-client-cert", "--verify-client-cert"], "session id": ["--noticket"],
                  "stapling": ["--ocsp-response", case.kind + ".ocsp"], "ALPN": ["--alpn", "http/1.1"],
                  "tiny": ["--recordsize", "512"]}.get(case.feature, [])

        def start(port):
            w.launch("gnutls-serv", ["gnutls-serv", "--http", "--port", port, *words], port)
        told, body = w.get(case, w.once(("gnutls", *words), start), "/")
        expect("GnuTLS", body)


class NSS(Peer):
    name = "NSS"
    short = False
    groups = {"X25519": "x25519", "P-256": "P256", "P-384": "P384", "P-521": "P521", "ffdhe2048": "FF2048",
              "ffdhe3072": "FF3072", "ffdhe4096": "FF4096"}
    schemes = ("rsa_pss_pss_sha256,rsa_pss_rsae_sha256,rsa_pkcs1_sha256,ecdsa_secp256r1_sha256,ecdsa_secp384r1_sha384,"
               "ecdsa_secp521r1_sha512")

    def version(self):
        for need in "tstclnt", "selfserv", "certutil", "pk12util":
            if not shutil.which(need):
                raise No("Debian: libnss3-tools")
        w = self.world
        os.makedirs(w.at("nss"), exist_ok=True)
        for words in (["certutil", "-N", "-d", "sql:nss", "--empty-password"],
                      ["certutil", "-A", "-d", "sql:nss", "-n", "ca", "-t", "CT,C,C", "-i", "ca.pem"]):
            run(words, cwd=w.folder)
        for kind in KINDS["RSA"] + KINDS["ECDSA"]:
            w.openssl("pkcs12", "-export", "-in", kind + ".pem", "-inkey", kind + ".key", "-out", kind + ".p12", "-name", kind,
                      "-passout", "pass:")
            run(["pk12util", "-i", kind + ".p12", "-d", "sql:nss", "-W", ""], cwd=w.folder)
        with open(w.at("request"), "wb") as f:
            f.write(b"GET /%d HTTP/1.0\r\nHost: localhost\r\n\r\n" % SMALL)
        with open(w.at("request.large"), "wb") as f:
            f.write(b"GET /%d HTTP/1.0\r\nHost: localhost\r\n\r\n" % LARGE)
        return first_line("dpkg-query", "-W", "-f", "${Version}", "libnss3-tools").split(":")[-1].split("-")[0]

    def can(self, role, case):
        if "Ed25519" in (case.kind, case.client_kind):
            raise No("no Ed25519")
        if case.feature == "tiny":
            raise No("its programs cannot be told to make small records")
        if role == "server" and case.feature == "large":
            raise No("selfserv has one small page")
        if role == "server" and case.kind in GROUPS and GROUPS.index(case.kind) > max(1, GROUPS.index(case.group)):
            raise No("selfserv takes no group weaker than the curve of its certificate")
        if role == "server" and case.feature == "stapling":
            raise No("selfserv signs what it staples over SHA-1, which our client refuses")

    def client(self, case):
        w = self.world
        words = ["tstclnt", "-h", "127.0.0.1", "-p", w.serve(case), "-a", "localhost", "-d", "sql:nss", "-V", "tls1.2:tls1.2",
                 "-v", "-c", ":" + CODES[case.suite.name].upper()]
        if case.group != "-":
            words += ["-I", ",".join(self.groups[g] for g in curves(case))]
        words += ["-J", self.schemes] if "RSA-PSS" in (case.kind, case.client_kind) else []
        words += {"stapling": ["-T"], "client certificate": ["-n", case.client_kind]}.get(case.feature, [])
        if case.feature in ("session id", "ticket"):
            return self.again(case)
        _, said = run([*words, "-A", "request.large" if case.feature == "large" else "request"], cwd=w.folder)
        has_page(case, said)
        expect("Received 1 Cert Status" if case.feature == "stapling" else "SSL version 3.3 using", said)

    def again(self, case):
        """With strsclnt: tstclnt, told to come back, frees what it has freed. strsclnt speaks no HTTP that is answered."""
        words = ["strsclnt", "-p", self.world.serve(case), "-d", "sql:nss", "-V", "tls1.2:tls1.2", "-a", "localhost", "-v", "-c", "4",
                 "-P", "10", "-C", ":" + CODES[case.suite.name].upper()]
        words += ["-u"] if case.feature == "ticket" else []
        _, said = run([*words, "127.0.0.1"], cwd=self.world.folder)
        expect("3 cache hits; 1 cache misses", said)
        expect("%d stateless resumes" % (3 if case.feature == "ticket" else 0), said)

    def server(self, case):
        w = self.world
        group = self.groups.get(case.group)
        words = ["-n" if case.suite.auth == "RSA" else "-e", case.kind, "-H", "1", "-V", "tls1.2:tls1.2",
                 "-c", ":" + CODES[case.suite.name].upper()]
        words += ["-I", ",".join(self.groups[g] for g in curves(case))] if group else []
        words += ["-J", self.schemes] if "RSA-PSS" in (case.kind, case.client_kind) else []
        words += {"ticket": ["-u"], "client certificate": ["-r", "-r"], "ALPN": ["-Q"]}.get(case.feature, [])

        def start(port):
            w.launch("selfserv", ["selfserv", "-d", "sql:nss", "-p", port, "-v", *words], port)
        _, body = w.get(case, w.once(("nss", *words), start), "/", curves(case)[1:])
        expect("GET /", body)


class Curl(Peer):
    name = "curl"
    short = False
    roles = ("client",)

    def version(self):
        words = first_line("curl", "--version").split()
        return words[1] + " with " + next(x for x in words if "SSL" in x or "TLS" in x).replace("/", " ")

    def can(self, role, case):
        if case.feature == "tiny":
            raise No("its records cannot be made smaller")

    def client(self, case):
        w = self.world
        url = "https://localhost:%d/%d" % (w.serve(case), size_of(case))
        words = ["curl", "-sSv", "--tlsv1.2", "--tls-max", "1.2", "--cacert", "ca.pem", "--ciphers", case.suite.name + ":@SECLEVEL=0",
                 "-H", "Connection: close", url]
        if case.group != "-" and not case.group.startswith("ff"):
            words += ["--curves", ":".join(curves(case))]
        words += {"stapling": ["--cert-status"], "session id": [url], "ticket": [url], "client certificate":
                  ["--cert", case.client_kind + ".pem", "--key", case.client_kind + ".key"]}.get(case.feature, [])
        code, said = run(words, cwd=w.folder)
        if code:
            raise Failed("curl ends with %d: %s" % (code, said[-300:].decode("utf-8", "replace")))
        has_page(case, said)
        expect({"ALPN": "ALPN: server accepted http/1.1", "session id": "SSL re-using session ID", "ticket":
                "SSL re-using session ID"}.get(case.feature, "SSL connection using TLSv1.2"), said)
        if case.feature in ("session id", "ticket") and said.count(b"TLS handshake, Certificate (11)") != 1:
            raise Failed("not resumed")


class Botan(Peer):
    name = "Botan"
    short = False
    groups = {"X25519": "x25519", "P-256": "secp256r1", "P-384": "secp384r1", "P-521": "secp521r1",
              "ffdhe2048": "ffdhe/ietf/2048", "ffdhe3072": "ffdhe/ietf/3072", "ffdhe4096": "ffdhe/ietf/4096"}

    def version(self):
        if not shutil.which("botan"):
            raise No("Debian: botan")
        return first_line("botan", "version")

    def can(self, role, case):
        why = {"client certificate": "its programs have no client certificates", "stapling": "its programs do not staple",
               "tiny": "its programs cannot be told to make small records"}.get(case.feature)
        if role == "server":
            why = why or {"large": "tls_server says what it hears, no pages",
                          "ALPN": "tls_server speaks no protocol but echo/0.1, and says so unasked"}.get(case.feature)
        if why:
            raise No(why)
        if "RSA-PSS" == case.kind:
            raise No("no RSASSA-PSS keys")
        if "Ed25519" == case.kind:
            raise No("no Ed25519")
        if role == "client" and case.group in ("ffdhe3072", "ffdhe4096"):
            raise No("tests primes of more than 2048 bits for longer than our server waits")

    def policy(self, case):
        suite, w = case.suite, self.world
        bulk, mac = suite.iana.split("_WITH_")[1].rsplit("_", 1)
        bulk = {"AES_128_GCM": "AES-128/GCM", "AES_256_GCM": "AES-256/GCM", "AES_128_CBC": "AES-128", "AES_256_CBC": "AES-256",
                "CHACHA20_POLY1305": "ChaCha20Poly1305"}[bulk]
        mac = {"SHA": "SHA-1", "SHA256": "SHA-256", "SHA384": "SHA-384"}[mac] if "CBC" in suite.iana else "AEAD"
        name = "policy.%s.%s.%s" % (suite.name, case.group, case.kind)
        with open(w.at(name), "w", encoding="ascii") as f:
            f.write("allow_tls12 = true\nciphers = %s\nmacs = %s\nkey_exchange_methods = %s\nsignature_methods = ECDSA RSA IMPLICIT\n"
                    "signature_hashes = SHA-512 SHA-384 SHA-256\nminimum_rsa_bits = 2048\nrequire_cert_revocation_info = false\n"
                    "server_uses_own_ciphersuite_preferences = false\nkey_exchange_groups = %s\n" % (
                        bulk, mac, {"ECDHE": "ECDH", "DHE": "DH", "RSA": "RSA"}[suite.kx],
                        " ".join(self.groups[g] for g in curves(case) or ["X25519"])))
        return name

    def client(self, case):
        w = self.world
        again = case.feature in ("session id", "ticket")
        watched = Watched(w, w.serve(case)) if again else None
        words = ["botan", "tls_client", "localhost", "--port=%d" % (watched.port if again else w.serve(case)), "--tls1.2",
                 "--policy=" + self.policy(case), "--trusted-cas=ca.pem", "--skip-system-cert-store"]
        words += ["--next-protocols=h2,http/1.1"] if case.feature == "ALPN" else []
        words += ["--session-db=botan.%d" % watched.port, "--session-db-pass=x"] if again else []
        for _ in range(2 if again else 1):
            _, said = talk(words, asked(case), 60, cwd=w.folder)         # it tests primes of 4096 bits
            has_page(case, said)
            expect("Handshake complete, TLS v1.2 using " + case.suite.iana[4:], said)
        if b"Cannot establish trust" in said:
            raise Failed("it does not trust the CA")
        if again and watched.full[:2] != [True, False]:
            raise Failed("not resumed: %s" % watched.full)

    def server(self, case):
        w = self.world
        words = [case.kind + ".pem", case.kind + ".key", "--policy=" + self.policy(case)]

        def start(port):
            w.launch("botan", ["botan", "tls_server", *words, "--port=%d" % port], port)
        port = w.once(("botan", case.feature, *words), start)
        w.get(case, port, "/", curves(case)[1:], ["--alpn", "none"], handshake_alone=True)

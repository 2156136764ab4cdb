"""Peers that are programs of a package: what they are called with, and how they say what came of it."""
import re
import subprocess
import threading

from base import Failed, No, asked, has_page, size_of



def curves(case):
    """The group, and behind it the curve of the certificate's key: some let the list speak for both (RFC 8422 §5.1)."""
    return [] if case.group == "-" else [case.group] + [case.kind] * (case.kind[0] == "P" and case.kind != case.group)


def run(words, given=b"", seconds=20, **how):
    try:
        done = subprocess.run([str(w) for w in words], input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=seconds, check=False, **how)
    except subprocess.TimeoutExpired as e:
        raise Failed("nothing happened for %d s: %s" % (seconds, (e.stdout or b"")[-200:])) from e
    return done.returncode, done.stdout


def talk(words, given, seconds=20, **how):
    """As run(), for a program that would leave when it has read its last: its input stays open until it ends."""
    with subprocess.Popen([str(w) for w in words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **how) as p:
        late = threading.Timer(seconds, p.kill)
        late.start()
        try:
            p.stdin.write(given)
            p.stdin.flush()
        except BrokenPipeError:
            pass
        said = p.stdout.read()
        late.cancel()
        try:
            p.stdin.close()
        except BrokenPipeError:
            pass
        return p.wait(), said


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
            if said.count(b"Reused, TLSv1.2") != 5:
                raise Failed("resumed %d times of 5" % said.count(b"Reused, TLSv1.2"))
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
        _, said = talk(words, asked(case), cwd=w.folder)
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

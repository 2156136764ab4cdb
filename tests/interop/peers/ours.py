"""Peers of ours, each a small program around somebody's TLS: how peer.h says, which the ones in other languages follow."""
import os
import shutil
import subprocess
import threading

from base import CODES, FFDHE, Failed, No, has_page, size_of
from tools import Peer, curves, first_line

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))


class Ours(Peer):
    """lacks: what the library has not, by the name of a feature, a group, a kind of certificate, the end of a suite."""
    parallel = 2
    mfl = 512                           # the max_fragment_length that it asks for; 0: none
    narrows = True                      # as a server it would choose another group than the first of the client's
    both_curves = True                  # as a server it wants the curve of its certificate in the list, too
    lacks = {}
    lacks_as = {"client": {}, "server": {}}

    def __init__(self, world):
        super().__init__(world)
        self.clients, self.free, self.words = [], threading.Lock(), None

    def build(self):
        """The words that run it."""
        raise NotImplementedError

    def version(self):
        self.words = self.build()
        return first_line(*self.words, "version")

    def can(self, role, case):
        for name, why in {**self.lacks, **self.lacks_as[role]}.items():
            if name in (case.feature, case.group, case.kind, case.client_kind, case.suite.kx + " key exchange") or name in "-%s-" % case.suite.name:
                raise No(why)

    def of(self, case):
        return ["suite=" + case.suite.name, "iana=" + case.suite.iana, "code=" + CODES[case.suite.name],
                "group=" + (case.group if case.group != "-" else ""), "kind=" + case.kind]

    def asked(self, case):
        resume = {"session id": "id", "ticket": "ticket"}.get(case.feature, "")
        wish = [*self.of(case), "ca=ca.pem", "size=%d" % size_of(case)]
        wish += ["resume=" + resume] if resume else []
        return wish + {"client certificate": ["cert=%s.pem" % case.client_kind, "key=%s.key" % case.client_kind],
                       "ALPN": ["alpn=h2,http/1.1"], "stapling": ["staple=1"], "tiny": ["write=1"] + ["mfl=%d" % self.mfl] * (self.mfl > 0)}.get(case.feature, [])

    def client(self, case):
        port = self.world.serve(case)
        with self.free:
            p = self.clients.pop() if self.clients else None
        if not p or p.poll() is not None:
            p = subprocess.Popen([*self.words, "client"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                 cwd=self.world.folder, stderr=subprocess.STDOUT)
            with self.free:
                self.world.processes.append(p)
        late = threading.Timer(30, p.kill)
        late.start()
        try:
            p.stdin.write(" ".join(["port=%d" % port, *self.asked(case)]) + "\n")
            p.stdin.flush()
            said = p.stdout.readline()
        except BrokenPipeError:
            said = ""
        late.cancel()
        if said.startswith(("ok", "no", "failed")):
            with self.free:
                self.clients.append(p)
        else:
            p.kill()
        if said.startswith("no "):
            raise No(said[3:].strip())
        if not said.startswith("ok"):
            raise Failed(said.strip() or "it died")
        if "suite=" in said and case.suite.name not in said and case.suite.iana not in said.replace("-", "_"):
            raise Failed("another suite: " + said)

    def served(self, case):
        wish = ["cert=%s.pem" % case.kind, "key=%s.key" % case.kind, "kind=" + case.kind, "ca=ca.pem",
                "resume=" + ("id" if case.feature == "session id" else "ticket")]
        wish += ["group=" + case.group] if case.group in FFDHE or self.narrows and case.group != "-" else []
        return wish + {"client certificate": ["auth=1", "also=" + case.client_kind], "ALPN": ["alpn=h2,http/1.1"], "tiny": ["write=1"],
                       "stapling": ["staple=%s.ocsp" % case.kind]}.get(case.feature, [])

    def server(self, case):
        w, wish = self.world, self.served(case)

        def start(port):
            w.launch(self.name, [*self.words, "server", "port=%d" % port, *wish], port, ready="ready")
        port = w.once((self.name, *wish), start)
        has_page(case, w.get(case, port, "/%d" % size_of(case), curves(case)[1:] if self.both_curves else [])[1])


class InC(Ours):
    source, libraries, package = "", [], ""

    def build(self):
        to, cc = self.world.at(self.source), os.environ.get("CC", "cc")
        done = subprocess.run([*cc.split(), "-std=gnu11", "-O1", "-Wall", "-Wextra", "-I", ROOT, os.path.join(HERE, self.source + ".c"),
                               "-o", to, *self.libraries], capture_output=True, text=True, check=False)
        if done.returncode:
            if "No such file" in done.stderr or "cannot find -l" in done.stderr:
                raise No("Debian: " + self.package)
            raise Failed(done.stderr)
        return [to]


class MbedTLS(InC):
    name, source, package = "mbedTLS", "mbedtls", "libmbedtls-dev"
    mfl = 4096                          # it does not join messages of a handshake that had to be cut
    libraries = ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"]
    lacks = {"Ed25519": "no Ed25519", "RSA-PSS": "no RSASSA-PSS keys", "stapling": "no stapling"}


class WolfSSL(InC):
    name, source, package = "wolfSSL", "wolfssl", "libwolfssl-dev"
    libraries = ["-lwolfssl"]
    lacks = {"RSA key exchange": "no RSA key exchange in Debian's build", "ffdhe4096": "no ffdhe4096",
             "RSA-PSS": "no RSASSA-PSS keys"}
    lacks_as = {"client": {}, "server": {"stapling": "a server staples only what it has fetched itself"}}
    both_curves = False

    def can(self, role, case):
        super().can(role, case)
        if role == "server" and case.client_kind and (case.client_kind == "RSA") != (case.suite.auth == "RSA"):
            raise No("its CertificateRequest names no other kind than its own certificate's")


class BearSSL(InC):
    name, source, package = "BearSSL", "bearssl", "libbearssl-dev"
    libraries = ["-lbearssl"]
    both_curves = False
    lacks = {"Ed25519": "no Ed25519", "RSA-PSS": "no RSASSA-PSS", "DHE key exchange": "no DHE", "ticket": "no tickets",
             "stapling": "no stapling"}
    lacks_as = {"client": {}, "server": {"session id": "no extended master secret, without which our client does not resume"}}


class Go(Ours):
    name, short = "Go", False
    lacks = {"RSA-PSS": "no RSASSA-PSS keys", "DHE key exchange": "no DHE", "session id": "no session ids",
             "AES256-SHA384-": "no AES-256 in CBC with SHA-384", "AES256-SHA256-": "no AES-256 in CBC with SHA-256"}
    lacks_as = {"client": {}, "server": {"ticket": "no extended master secret (Go has it since 1.21), without which our "
                                                   "client does not resume"}}
    mfl = 0

    def build(self):
        to = self.world.at("peer-go")
        if not shutil.which("go"):
            raise No("Debian: golang-go")
        done = subprocess.run(["go", "build", "-o", to, os.path.join(HERE, "peer.go")], capture_output=True, text=True,
                              check=False, env={**os.environ, "GO111MODULE": "off", "GOFLAGS": "", "GOCACHE": self.world.at("go")})
        if done.returncode:
            raise Failed(done.stderr)
        return [to]


class Node(Ours):
    name, short = "node", False
    mfl = 0

    def build(self):
        if not shutil.which("node"):
            raise No("Debian: nodejs")
        return ["node", os.path.join(HERE, "peer.js")]


class Java(Ours):
    name, short = "Java", False
    narrows = False
    lacks_as = {"client": {}, "server": {"stapling": "a server staples only what it has fetched itself"}}

    def build(self):
        if not shutil.which("javac"):
            raise No("Debian: default-jdk-headless")
        done = subprocess.run(["javac", "-d", self.world.at("java"), os.path.join(HERE, "Peer.java")], capture_output=True,
                              text=True, check=False)
        if done.returncode:
            raise Failed(done.stderr)
        return ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", self.world.at("java"), "Peer"]

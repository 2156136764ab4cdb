"""What is tried between vitrine and a peer, and what both need for it: cases, certificates, processes, pages."""
import collections
import os
import re
import subprocess
import threading
import time

GROUPS = ["X25519", "P-256", "P-384", "P-521"]
FFDHE = ["ffdhe2048", "ffdhe3072", "ffdhe4096"]
KINDS = {"ECDSA": ["P-256", "P-384", "P-521", "Ed25519"], "RSA": ["RSA", "RSA-PSS"]}
SMALL, LARGE = 1000, 300000
FEATURES = ["full", "session id", "ticket", "client certificate", "stapling", "ALPN", "large", "tiny"]

CODES = {"ECDHE-ECDSA-AES128-GCM-SHA256": "c02b", "ECDHE-RSA-AES128-GCM-SHA256": "c02f",
         "ECDHE-ECDSA-CHACHA20-POLY1305": "cca9", "ECDHE-RSA-CHACHA20-POLY1305": "cca8",
         "ECDHE-ECDSA-AES256-GCM-SHA384": "c02c", "ECDHE-RSA-AES256-GCM-SHA384": "c030",
         "ECDHE-ECDSA-AES128-SHA256": "c023", "ECDHE-RSA-AES128-SHA256": "c027",
         "ECDHE-ECDSA-AES256-SHA384": "c024", "ECDHE-RSA-AES256-SHA384": "c028",
         "ECDHE-ECDSA-AES128-SHA": "c009", "ECDHE-RSA-AES128-SHA": "c013", "ECDHE-ECDSA-AES256-SHA": "c00a",
         "ECDHE-RSA-AES256-SHA": "c014", "DHE-RSA-AES128-GCM-SHA256": "009e", "DHE-RSA-CHACHA20-POLY1305": "ccaa",
         "DHE-RSA-AES256-GCM-SHA384": "009f", "DHE-RSA-AES128-SHA256": "0067", "DHE-RSA-AES256-SHA256": "006b",
         "DHE-RSA-AES128-SHA": "0033", "DHE-RSA-AES256-SHA": "0039", "AES128-GCM-SHA256": "009c",
         "AES256-GCM-SHA384": "009d", "AES128-SHA256": "003c", "AES256-SHA256": "003d", "AES128-SHA": "002f",
         "AES256-SHA": "0035"}

Suite = collections.namedtuple("Suite", "name iana kx auth")
Case = collections.namedtuple("Case", "feature suite kind group client_kind", defaults=[""])


class No(Exception):
    """The peer has no such thing; the words go into the table."""


class Failed(Exception):
    pass


def suites_of(vitrine):
    said = subprocess.run([vitrine, "visit", "--cipher", "?"], capture_output=True, text=True, check=False).stderr
    suites = []
    for iana, name in re.findall(r"^ *(TLS_\w+) +(\S+)$", said, re.M):
        kx = iana.split("_")[1]
        suites.append(Suite(name, iana, kx, "ECDSA" if "_ECDSA_" in iana else "RSA"))
    return suites


def ways(suite, brief):
    """(kind of certificate, group) that may go with a suite."""
    kinds = ["RSA"] if suite.kx == "RSA" else KINDS[suite.auth]
    groups = {"RSA": ["-"], "DHE": FFDHE, "ECDHE": GROUPS}[suite.kx]
    if suite.kx == "DHE" and "GCM" not in suite.name:
        groups = FFDHE[:1]
    both = [(kind, group) for kind in kinds for group in groups]
    return both[brief % len(both):][:1] if brief is not None else both


def cases(suites, brief):
    """Everything with everything; brief: each suite, group, kind and feature at least once."""
    for i, suite in enumerate(suites):
        for kind, group in ways(suite, i if brief else None):
            yield Case("full", suite, kind, group)
    by_name = {s.name: s for s in suites}
    some = [("ECDHE-RSA-AES128-GCM-SHA256", "RSA", "X25519"), ("ECDHE-ECDSA-AES256-GCM-SHA384", "P-256", "P-256"),
            ("ECDHE-ECDSA-CHACHA20-POLY1305", "P-384", "P-384"), ("ECDHE-RSA-AES256-SHA384", "RSA", "P-256"),
            ("ECDHE-ECDSA-AES128-SHA", "P-256", "X25519"), ("DHE-RSA-AES128-GCM-SHA256", "RSA", "ffdhe2048"),
            ("AES256-GCM-SHA384", "RSA", "-"), ("AES128-SHA256", "RSA", "-")]
    for feature in FEATURES[1:]:
        for name, kind, group in some[:2] if brief else some:
            clients = ["P-256"]
            if feature == "client certificate":
                clients = ["RSA"] if brief else ["RSA", "RSA-PSS", "P-256", "P-384", "P-521", "Ed25519"]
            for client in clients:
                yield Case(feature, by_name[name], kind, group, client if feature == "client certificate" else "")


class World:
    """A folder with certificates and pages; ports, of which nobody else takes any; processes, which end with us."""

    def __init__(self, vitrine, folder):
        self.vitrine, self.folder = vitrine, folder
        self.suites = suites_of(vitrine)
        self.port, self.lock, self.started, self.locks = 4400, threading.Lock(), {}, {}
        self.processes = []
        os.makedirs(self.at("root"))
        for size in (SMALL, LARGE):
            with open(self.at("root", str(size)), "wb") as f:
                f.write(page(size))
        with open(self.at("root", "index.html"), "wb") as f:
            f.write(page(SMALL))
        self.certificates()

    def at(self, *names):
        return os.path.join(self.folder, *names)

    def openssl(self, *words):
        done = subprocess.run(["openssl", *words], capture_output=True, text=True, cwd=self.folder, check=False)
        if done.returncode:
            raise Failed("openssl " + " ".join(words) + ": " + done.stderr)

    def certificates(self):
        """A CA; for each kind KIND.pem, KIND.key (for servers and clients), KIND.ocsp; DH's groups as files."""
        new = {"RSA": ["-algorithm", "RSA"], "RSA-PSS": ["-algorithm", "RSA-PSS"], "Ed25519": ["-algorithm", "ED25519"]}
        self.openssl("genpkey", "-algorithm", "RSA", "-out", "ca.key")
        self.openssl("req", "-x509", "-key", "ca.key", "-subj", "/CN=CA of a test", "-days", "9", "-out", "ca.pem",
                     "-addext", "keyUsage=critical,keyCertSign,cRLSign,digitalSignature")
        with open(self.at("ext"), "w", encoding="ascii") as f:
            f.write("subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n"
                    "basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature,keyEncipherment\n")
        for group in FFDHE:
            self.openssl("genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:" + group, "-out", group + ".pem")
        index = ""
        for serial, kind in enumerate(KINDS["RSA"] + KINDS["ECDSA"], 0x1000):
            how = new.get(kind, ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:" + kind])
            self.openssl("genpkey", *how, "-out", kind + ".key")
            self.openssl("req", "-new", "-key", kind + ".key", "-subj", "/CN=localhost/O=" + kind, "-out", "req")
            self.openssl("x509", "-req", "-in", "req", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", str(serial),
                         "-days", "9", "-extfile", "ext", "-out", kind + ".pem")
            with open(self.at(kind + ".chain"), "w", encoding="ascii") as f:
                f.write(read(self.at(kind + ".pem")) + read(self.at("ca.pem")))
            index += "V\t391231235959Z\t\t%X\tunknown\t/O=%s\n" % (serial, kind)
        with open(self.at("index"), "w", encoding="ascii") as f:
            f.write(index)
        for kind in KINDS["RSA"] + KINDS["ECDSA"]:
            self.openssl("ocsp", "-issuer", "ca.pem", "-cert", kind + ".pem", "-reqout", "ask", "-no_nonce")
            self.openssl("ocsp", "-index", "index", "-rsigner", "ca.pem", "-rkey", "ca.key", "-CA", "ca.pem",
                         "-ndays", "7", "-reqin", "ask", "-respout", kind + ".ocsp")

    def new_port(self):
        with self.lock:
            self.port += 1
            return self.port

    def once(self, key, start):
        """start(port) for the first who asks with this key; the port for everybody."""
        with self.lock:
            lock = self.locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self.started:
                port = self.new_port()
                start(port)
                self.started[key] = port
            return self.started[key]

    def launch(self, name, words, port=None, ready=None, **how):
        """A process that stays: until its port listens (or it has said `ready`)."""
        log = self.at("log.%s.%s" % (name, port))
        with open(log, "wb") as f:
            p = subprocess.Popen([str(w) for w in words], stdin=how.pop("stdin", subprocess.DEVNULL), stdout=f,
                                 stderr=subprocess.STDOUT, cwd=how.pop("cwd", self.folder), **how)
        self.processes.append(p)
        for _ in range(1000):
            text = read(log)
            if ready and ready in text or not ready and listens(port):
                return p
            if p.poll() is not None:
                raise Failed("%s ends with %d: %s" % (name, p.returncode, text[-300:]))
            time.sleep(0.01)
        raise Failed("%s is not ready: %s" % (name, text[-300:]))

    def serve(self, case, **mode):
        """Our server for a case; what it may choose is narrowed to the case. Its port."""
        words = ["--cert", case.kind + ".pem", "--key", case.kind + ".key", "--legacy", "--ciphers", case.suite.name]
        if case.group != "-":
            words += ["--curves", case.group]
        if case.feature == "session id":
            words += ["--tickets", "off"]
        if case.feature == "client certificate":
            words += ["--client-cert", "require", "--client-ca", "ca.pem"]
        if case.feature == "stapling":
            words[1] = case.kind + ".chain"             # some look for the issuer of the staple in the chain
            words += ["--staple", case.kind + ".ocsp"]
        words += mode.get("more", [])

        def start(port):
            self.launch("vitrine", [self.vitrine, "serve", "--root", "root", "--listen", "127.0.0.1:%d" % port, *words],
                        port, ready="Serving")
        return self.once(("vitrine", *words), start)

    def get(self, case, port, path, also_curves=(), more=(), handshake_alone=False):
        """Our client for a case: what it told, and the page; what a case is about has been looked for. handshake_alone:
        a peer that does not speak HTTP."""
        keep = self.at("session.%d.%s" % (threading.get_ident(), time.monotonic_ns()))
        words = [self.vitrine, "get", "https://localhost:%d%s" % (port, path), "--resolve",
                 "localhost:%d:127.0.0.1" % port, "--cacert", "ca.pem", "-m", "20", "-v", "--ciphers", case.suite.name,
                 "--legacy", *more]
        if case.group != "-":
            words += ["--curves", ":".join([case.group, *(c for c in also_curves if c != case.group)])]
        if case.feature == "client certificate":
            words += ["--cert", case.client_kind + ".pem", "--key", case.client_kind + ".key"]
        again = case.feature in ("session id", "ticket")
        if again:
            words += ["--session", keep]
        if case.feature == "stapling":
            words += ["--level", "all"]
        for turn in range(2 if again else 1):
            done = subprocess.run(words, capture_output=True, cwd=self.folder, check=False, stdin=subprocess.DEVNULL)
            told = re.sub(r"\s+", " ", done.stderr.decode("utf-8", "replace"))
            if done.returncode and not (handshake_alone and "http.bad_status_line" in told):
                raise Failed("get: exit code %d: %s" % (done.returncode, told[-300:]))
            if turn == 0 and case.group != "-" and case.group.lower().replace("-", "") not in told.lower().replace("-", ""):
                raise Failed("another group than %s was used" % case.group)
            if turn == 1 and "an earlier session is taken up again" not in told and "resumption: resumed" not in told:
                raise Failed("not resumed")
        if case.feature == "stapling" and "CertificateStatus" not in told:
            raise Failed("nothing was stapled")
        return told, done.stdout

    def end(self):
        for p in self.processes:
            p.kill()
        for p in self.processes:
            p.wait()


def page(size):
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def size_of(case):
    return LARGE if case.feature == "large" else SMALL


def asked(case, head=""):
    return b"GET /%d HTTP/1.0\r\nHost: localhost\r\n%s\r\n" % (size_of(case), head.encode())


def has_page(case, said):
    if page(size_of(case)) not in said:
        raise Failed("no page: " + said[-300:].decode("utf-8", "replace"))


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def listens(port):
    """Looked up rather than tried: a connection that says nothing would be a client to a server that takes one."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if re.search(r"^ *\d+: \w+:%04X \w+:0000 0A " % port, read(table), re.M):
            return True
    return False

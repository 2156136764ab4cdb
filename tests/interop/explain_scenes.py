"""explain_scenes.py - what a scene is, the clients that play in it, and the table of sound ones: connections of other
people's stacks, captured with their key logs. All that they hold must hold when `vitrine explain` reads it."""
import os
import random
import subprocess
import sys

import explain_lab as lab
from explain_peers import NAME, OPENINGS

GET = "printf 'GET /{path} HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n'" % NAME


class Scene:
    """One capture: its clients (shell lines, run one after the other), the server's port, what the wire does, how the
    file is written. many: lines that run at once."""
    made = 0

    def __init__(self, name, *lines, port=0, v6=False, rule=None, file=None, many=False, expect=None, setup="", linger=0.2,
                 keys=True, limit=25, at="client"):
        self.name, self.lines, self.port, self.v6, self.make_rule = name, lines, port, v6, rule
        self.file = {"kind": "pcap", **(file or {})}
        self.many, self.expect, self.setup, self.linger, self.keys = many, expect, setup, linger, keys
        self.limit = limit
        self.seen_first = lab.TO_SERVER if at == "client" else lab.TO_CLIENT
        Scene.made += 1
        self.number = Scene.made % 250
        self.host = f"fd77:0:0:{self.number:x}::1" if v6 else f"10.77.{self.number}.1"
        self.rule = self.writer = None

    def run(self, wire, d, out):
        self.path = f"{out}/{self.name}.pcap"
        keys = f"{out}/{self.name}.keys" if self.keys else "/dev/null"
        if self.keys and os.path.exists(keys):
            os.unlink(keys)
        words = dict(ip=f"[{self.host}]" if self.v6 else self.host, host=self.host, port=self.port, d=d, keys=keys,
                     n=NAME, number=self.number, t=f"{d}/tmp.{self.name}", path="page")
        env = {**os.environ, "SSLKEYLOGFILE": keys, "HOME": d, "LC_ALL": "C"}
        self.rule = self.make_rule() if self.make_rule else None
        wire.open(self)
        log = open(f"{out}/{self.name}.log", "wb")
        try:
            if self.setup:
                subprocess.run(["sh", "-c", fill(self.setup, words)], stdout=log, stderr=log, timeout=10)
            going = []
            for line in self.lines:
                args = line(words) if callable(line) else ["sh", "-c", fill(line, words)]
                p = subprocess.Popen(["timeout", "-k", "1", str(self.limit), *args], env=env, stdout=log, stderr=log,
                                     stdin=subprocess.DEVNULL, cwd=d)
                going.append(p)
                if not self.many:
                    p.wait()
            for p in going:
                p.wait()
            wire.settle(self, self.linger)
        finally:
            wire.close(self)
            log.close()


def fill(line, words):
    for k, v in words.items():
        line = line.replace("{" + k + "}", str(v))
    return line


# ---- clients
def curl(*options, path="page", to="/dev/null", name=NAME, trust="root", wait=8):
    return f"curl -sS -m {wait} --cacert {{d}}/{trust}.crt --resolve {name}:{{port}}:{{ip}} {' '.join(options)} " \
           f"-o {to} https://{name}:{{port}}/{path}"


def s_client(*options, path="page", name=NAME):
    return f"{GET.replace('{path}', path)} | openssl s_client -connect {{ip}}:{{port}} -servername {name} -keylogfile " \
           f"{{keys}} -CAfile {{d}}/root.crt -quiet -ign_eof {' '.join(options)}"


def gnutls_cli(*options, path="page", rest=0.8):
    return f"({GET.replace('{path}', path)}; sleep {rest}) | gnutls-cli -p {{port}} --x509cafile {{d}}/root.crt " \
           f"--sni-hostname {NAME} --verify-hostname {NAME} {' '.join(options)} {{host}}"


def wget(*options, path="page"):
    return f"echo '{{host}} {NAME}' >{{t}}.hosts; unshare -m sh -c 'mount --bind {{t}}.hosts /etc/hosts; wget -q -T 5 -t 1 " \
           f"--ca-certificate={{d}}/root.crt {' '.join(options)} -O /dev/null https://{NAME}:{{port}}/{path}'"


def chromium(*options, path="page"):
    return "mkdir -p {t}; chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-extensions --disable-sync " \
           "--disable-component-update --disable-background-networking --user-data-dir={t} --ignore-certificate-errors " \
           f"--host-resolver-rules='MAP {NAME} {{host}}' {' '.join(options)} --dump-dom https://{NAME}:{{port}}/{path}"


def python(code, *more):
    """A client of Python's ssl: code is run with s, the TLS socket; raw, the TCP socket; ctx."""
    return lambda w: [sys.executable, "-c", PYTHON, code, w["host"], str(w["port"]), w["keys"], w["d"], *more]


PYTHON = """
import os, socket, ssl, struct, sys, time
code, host, port, keys, d = sys.argv[1:6]
more = sys.argv[6:]
ctx = ssl.create_default_context(cafile=d + '/root.crt')
if keys != '/dev/null': ctx.keylog_filename = keys
def get(path='page', close=False):
    return f'GET /{path} HTTP/1.1\\r\\nHost: www.scene.test\\r\\n{"Connection: close" if close else "X: y"}\\r\\n\\r\\n'.encode()
def connect(session=None):
    raw = socket.create_connection((host, int(port)), 5)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return ctx.wrap_socket(raw, server_hostname='www.scene.test', session=session)
def answer(s):
    got = b''
    while b'\\r\\n\\r\\n' not in got:
        got += s.recv(65536) or exit(1)
    head, body = got.split(b'\\r\\n\\r\\n', 1)
    left = int(head.lower().split(b'content-length:')[1].split()[0]) - len(body)
    while left > 0:
        left -= len(s.recv(65536)) or exit(1)
exec(code)
"""


# ---- what the wire does
def losing(chance, seed, ways=(0, 1), data=False):
    def make():
        r = random.Random(seed)

        def rule(p, side):
            if side.way in ways and p.tcp and not p.syn and (p.data or not data) and r.random() < chance:
                return
            side.send(p.frame)
        return rule
    return make


def hurrying(chance, seed):
    """Some overtake the others, some come twice."""
    def make():
        r = random.Random(seed)

        def rule(p, side):
            x = r.random()
            side.send(p.frame, after=0.012 if x < chance else 0.0)
            if x > 1 - chance:
                side.send(p.frame, after=0.004)
        return rule
    return make


def fragmenting(size):
    def make():
        def rule(p, side):
            body = p.frame[34:p.end]
            if p.v6 or len(body) <= size:
                side.send(p.frame)
                return
            make.id = (getattr(make, "id", 0) + 1) & 0xffff
            for at in range(0, len(body), size):
                part = body[at:at + size]
                more = 0x2000 if at + size < len(body) else 0
                head = lab.struct.pack(">BBHHHBB", 0x45, 0, 20 + len(part), make.id, more | at // 8, p.ttl, p.proto)
                sum_ = lab.struct.pack(">H", lab.checksum(head + b"\0\0" + p.frame[26:34]))
                side.send(p.frame[:14] + head + sum_ + p.frame[26:34] + part)
        return rule
    return make


def greeting(*ahead):
    """Somebody sends SYNs in the client's name while it speaks, so far ahead of it; their receiver does not mind."""
    def make():
        left = list(ahead)

        def rule(p, side):
            side.send(p.frame)
            if left and side.way == lab.TO_CLIENT and p.data:
                side.send(lab.answer(p, 2, 64240, 61, seq=(p.ack + left.pop()) & 0xffffffff, ack=0), lab.TO_SERVER)
        return rule
    return make


def sound():
    """The table: name, clients, port ..."""
    v12, v13 = "--tls-max 1.2", "--tlsv1.3"
    t = []

    def add(name, *lines, **more):
        t.append(Scene(name, *lines, **more))
    # openssl to openssl: key exchanges, ciphers, encrypt-then-MAC (openssl's own choice with CBC)
    for port, suite in ((4443, "AES128-SHA"), (4443, "AES256-SHA256"), (4443, "AES128-GCM-SHA256"), (4443, "AES256-GCM-SHA384"),
                        (4443, "DHE-RSA-AES128-SHA"), (4443, "DHE-RSA-AES256-SHA256"), (4443, "DHE-RSA-AES256-GCM-SHA384"),
                        (4443, "DHE-RSA-CHACHA20-POLY1305"), (4443, "ECDHE-RSA-AES256-SHA384"), (4443, "ECDHE-RSA-AES128-SHA256"),
                        (4444, "ECDHE-ECDSA-AES256-GCM-SHA384"), (4444, "ECDHE-ECDSA-CHACHA20-POLY1305"),
                        (4444, "ECDHE-ECDSA-AES128-SHA"), (4443, "ECDHE-RSA-CAMELLIA128-SHA256"), (4443, "AES128-CCM"),
                        (4443, "DHE-RSA-AES256-CCM8"), (4444, "ECDHE-ECDSA-AES128-CCM8"), (4443, "ARIA128-GCM-SHA256"),
                        (4443, "ECDHE-ARIA256-GCM-SHA384"), (4443, "CAMELLIA256-SHA")):
        add("openssl12-" + suite.lower(), s_client("-tls1_2", "-cipher", suite + ":@SECLEVEL=0"), port=port)
    add("openssl12-no-etm", s_client("-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA"), port=4451)
    add("openssl12-no-ems", gnutls_cli("--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_SESSION_HASH"), port=4443)
    add("openssl12-p521", s_client("-tls1_2", "-curves", "P-521"), port=4443)
    add("openssl12-resume-id", s_client("-tls1_2", "-no_ticket", "-sess_out", "{t}"),
        s_client("-tls1_2", "-no_ticket", "-sess_in", "{t}"), port=4443)
    add("openssl12-resume-ticket", s_client("-tls1_2", "-sess_out", "{t}"), s_client("-tls1_2", "-sess_in", "{t}"), port=4444)
    add("openssl12-client-certificate", s_client("-tls1_2", "-cert", "{d}/client.crt", "-key", "{d}/ec.key"), port=4446)
    add("openssl12-ed25519", s_client("-tls1_2"), port=4449)
    add("openssl12-renegotiating", f"(sleep 0.3; echo R; sleep 0.4; echo R; sleep 0.4; {GET}; sleep 0.3) | openssl s_client "
        f"-connect {{ip}}:{{port}} -servername {NAME} -keylogfile {{keys}} -CAfile {{d}}/root.crt -tls1_2", port=4454)
    for suite in ("TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"):
        add("openssl13-" + suite[4:].lower(), s_client("-tls1_3", "-ciphersuites", suite), port=4443)
    add("openssl13-aes-256", s_client("-tls1_3"), port=4448)
    add("openssl13-resume", s_client("-tls1_3", "-sess_out", "{t}"), s_client("-tls1_3", "-sess_in", "{t}"), port=4443)
    add("openssl13-retry", s_client("-tls1_3", "-groups", "X25519:P-521"), port=4450)
    add("openssl13-client-certificate", s_client("-tls1_3", "-cert", "{d}/client_rsa.crt", "-key", "{d}/rsa.key"), port=4446)
    add("openssl13-ed25519", s_client("-tls1_3"), port=4449, v6=True)
    add("openssl13-key-update", f"({GET.replace(' HTTP/1.0', '')}; sleep 0.1) | openssl s_client -connect {{ip}}:{{port}} "
        f"-servername {NAME} -keylogfile {{keys}} -CAfile {{d}}/root.crt -tls1_3", port=4443)
    # gnutls
    add("gnutls12", gnutls_cli("--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2"), port=5443)
    add("gnutls12-rsa-cbc-etm", gnutls_cli("--priority", "NONE:+VERS-TLS1.2:+RSA:+AES-256-CBC:+AES-128-CBC:+SHA256:+SHA1:"
                                          "+SIGN-ALL:+GROUP-ALL:+COMP-NULL:+CTYPE-ALL"), port=5443)
    add("gnutls12-dhe", gnutls_cli("--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+DHE-RSA"), port=5443)
    add("gnutls12-chacha", gnutls_cli(), port=5446, v6=True)
    add("gnutls12-resume", gnutls_cli("--resume", "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2"), port=5443)
    add("gnutls13", gnutls_cli(), port=5447)
    add("gnutls13-resume", gnutls_cli("--resume"), port=5444)
    add("gnutls13-curl", curl(), port=5444)
    add("gnutls13-client-certificate", gnutls_cli("--x509certfile", "{d}/client.crt", "--x509keyfile", "{d}/ec.key"), port=5445)
    # records shorter than 2^14: RFC 6066 §4, RFC 8449
    add("openssl12-max-fragment", s_client("-tls1_2", "-maxfraglen", "512"), port=4443)
    add("openssl13-max-fragment", s_client("-tls1_3", "-maxfraglen", "1024"), port=4443)
    add("gnutls12-record-size", gnutls_cli("--recordsize=700", "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2"), port=5443)
    add("gnutls13-record-size", gnutls_cli("--recordsize=700"), port=5447)
    # web servers
    add("nginx12-curl", curl(v12), port=1443)
    add("nginx12-curl-rsa-key", curl(v12, "--ciphers AES256-GCM-SHA384"), port=1444, file=dict(kind="pcapng"))
    add("nginx12-curl-keepalive", curl(v12) + " --next " + curl(v12, path="small").replace("curl", "", 1), port=1443)
    add("nginx12-python-resume", python("ctx.maximum_version = ssl.TLSVersion.TLSv1_2\n"
                                        "s = connect(); s.sendall(get()); answer(s); x = s.session; s.close()\n"
                                        "s = connect(x); s.sendall(get()); answer(s); assert s.session_reused"), port=1444)
    add("nginx12-big-lossy", curl(v12, path="big"), port=1443, rule=losing(0.02, 7, data=True))
    add("nginx12-client-certificate", curl("--cert {d}/client_rsa.crt --key {d}/rsa.key"), port=1455, file=dict(link="sll"))
    add("nginx13-curl", curl(v13), port=1443, v6=True)
    add("python13-upload", curl(v13, "-H Expect: -T {d}/pages/big"), port=6457)
    add("python12-upload", curl(v12, "-T {d}/pages/page"), port=6458, v6=True)
    add("nginx13-huge", curl(v13, path="huge"), port=1453)
    add("nginx13-huge-hurried", curl(v13, path="huge"), port=1443, rule=hurrying(0.03, 5))
    add("nginx13-retry-p384", curl(v13, "--curves X25519:P-384"), port=1457, file=dict(link="vlan"))
    add("nginx13-fragments", curl(v13), port=1443, rule=fragmenting(512))
    add("nginx12-fragments-raw", curl(v12), port=1443, rule=fragmenting(800), file=dict(link="raw"))
    add("nginx13-wget", wget(), port=1443, file=dict(kind="pcapng", order=">"))
    add("nginx12-many", *[curl(v12, path="page", *(["--ciphers " + c])) for c in (
        "AES128-SHA", "DHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-CHACHA20-POLY1305")],
        curl(v13), port=1443, many=True)
    add("nginx13-lossy-both-ways", curl(v13, path="page"), port=1443, rule=losing(0.06, 3), v6=True)
    add("nginx13-chromium", chromium(), port=1443, limit=40)
    add("apache12-chromium", chromium("--ssl-version-max=tls1.2"), port=2453, limit=40)
    add("apache12-curl", curl(v12), port=2443, file=dict(link="sll2"))
    add("apache13-curl", curl(v13), port=2444)
    add("apache12-renegotiating-client", curl("--cert {d}/client.crt --key {d}/ec.key", v12), port=2445)
    add("apache13-python", python("s = connect(); s.sendall(get()); answer(s); x = s.session; s.close()\n"
                                  "s = connect(x); s.sendall(get('small')); answer(s); s.unwrap()"), port=2443)
    add("haproxy12-curl", curl(v12, "--ciphers ECDHE-RSA-CHACHA20-POLY1305"), port=3443, file=dict(order=">", nano=False))
    add("haproxy13-openssl", s_client("-tls1_3"), port=3444, file=dict(link="qinq"))
    add("haproxy13-gnutls-cli", gnutls_cli(), port=3443, v6=True)
    add("haproxy12-wget", wget("--secure-protocol=TLSv1_2"), port=3444)
    add("haproxy13-client-certificate", curl(v13, "--cert {d}/client.crt --key {d}/ec.key"), port=3445)
    add("python12-python", python("s = connect()\nfor i in range(3): s.sendall(get()); answer(s)\ns.close()"), port=6452,
        file=dict(link="null"))
    add("nginx12-forged-syns", curl(v12, path="big"), port=1443, rule=greeting(0, 1, 5000, 1 << 20, 1 << 31), at="server")
    add("python12-same-ports", python("def again():\n"
                                      "    raw = socket.socket()\n"
                                      "    raw.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"
                                      "    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))\n"
                                      "    raw.bind(('', 45123)); raw.connect((host, int(port)))\n"
                                      "    s = ctx.wrap_socket(raw, server_hostname='www.scene.test')\n"
                                      "    s.sendall(get()); answer(s); s.close()\n"
                                      "again(); again()"), port=6452)
    add("python13-python", python("s = connect()\nfor i in range(4): s.sendall(get()); answer(s)\ns.close()"), port=6443)
    # key exchanges that a key log alone opens; short tags; heartbeats
    for suite in ("PSK-AES128-CBC-SHA256", "DHE-PSK-AES256-GCM-SHA384", "ECDHE-PSK-CHACHA20-POLY1305", "RSA-PSK-AES256-CBC-SHA",
                  "ADH-AES128-GCM-SHA256", "AECDH-AES256-SHA", "NULL-SHA", "NULL-SHA256", "ECDHE-RSA-NULL-SHA", "AECDH-NULL-SHA",
                  "DHE-PSK-NULL-SHA384"):
        add("openssl12-" + suite.lower(), s_client("-tls1_2", "-psk", "1a2b3c4d", "-cipher", suite + ":@SECLEVEL=0"), port=4455)
    add("openssl13-ccm-8", s_client("-ciphersuites", "TLS_AES_128_CCM_8_SHA256"), port=4452)
    add("gnutls12-heartbeat", "(echo a; sleep 0.2; echo '**HEARTBEAT**'; sleep 0.4; echo b; sleep 0.2) | gnutls-cli -p {port} "
        f"--x509cafile {{d}}/root.crt --sni-hostname {NAME} --verify-hostname {NAME} --heartbeat --priority "
        "NORMAL:-VERS-ALL:+VERS-TLS1.2 {host}", port=5449)
    # what stands in the open before TLS
    for i, kind in enumerate(OPENINGS):
        add("python13-starttls-" + kind, f"(sleep 0.3; echo a line; sleep 0.2) | openssl s_client -starttls {kind} -connect "
            f"{{ip}}:{{port}} -servername {NAME} -keylogfile {{keys}} -CAfile {{d}}/root.crt -quiet", port=6460 + i)
    add("nginx13-proxied", curl(v13, "--haproxy-protocol"), port=1458)
    return t

"""refusal_peers.py VITRINE - runs `vitrine get` against one peer after another (refusals.sh made the certificates, in this folder)."""
import re, shutil, socket, ssl, subprocess, sys, threading, time

VITRINE, HOST = sys.argv[1], "www.refused.test"
CURL = shutil.which("curl")
SENTENCE = re.compile(r"^vitrine: .+: expected .+[,;] (but )?came:? .+ \(.+\)(; answered with .+)?\.\n$")
RESET_ON_CLOSE = (socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
failed = False


def say(good, what, more=""):
    global failed
    print(("ok" if good else "FAIL") + " refusals: " + what, flush=True)
    if not good and more:
        print("    " + more.strip().replace("\n", "\n    "), flush=True)
    failed |= not good


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def alerts_in(octets):
    """The alerts that stand in plain records: [(level, number)]."""
    found, at = [], 0
    while len(octets) - at >= 5:
        n = int.from_bytes(octets[at + 3:at + 5], "big")
        if octets[at] == 21 and n == 2:
            found.append(tuple(octets[at + 5:at + 7]))
        at += 5 + n
    return found


class Peer:
    """Listens; each caller is handed to `act(socket)`. What act returns are the octets that came."""

    def __init__(self, act):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.heard, self.act, self.threads = [], act, []
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                s, _ = self.listener.accept()
            except OSError:
                return
            t = threading.Thread(target=self.serve, args=(s,), daemon=True)
            self.threads.append(t)
            t.start()

    def serve(self, s):
        s.settimeout(8)
        try:
            self.heard.append(self.act(s) or b"")
        except OSError:
            self.heard.append(b"")
        s.close()

    def end(self):
        for t in list(self.threads):
            t.join(5)
        self.listener.close()


def hear(s):
    got = b""
    try:
        while True:
            piece = s.recv(65536)
            if not piece:
                return got
            got += piece
    except OSError:
        return got


def through(port):
    """Hands octets on to a server of openssl's and keeps those of the client."""
    def act(client):
        server, kept = socket.create_connection(("127.0.0.1", port), timeout=8), []

        def back():
            try:
                while (piece := server.recv(65536)):
                    client.sendall(piece)
                client.shutdown(socket.SHUT_WR)
            except OSError:
                pass
        other = threading.Thread(target=back, daemon=True)
        other.start()
        try:
            while (piece := client.recv(65536)):
                kept.append(piece)
                server.sendall(piece)
        except OSError:
            pass
        server.close()
        other.join(5)
        return b"".join(kept)
    return act


def run(command, limit=20):
    start = time.monotonic()
    try:
        p = subprocess.run(command, capture_output=True, timeout=limit, stdin=subprocess.DEVNULL)
        return p.returncode, p.stdout, p.stderr.decode("utf-8", "replace"), time.monotonic() - start
    except subprocess.TimeoutExpired:
        return "never ended", b"", "", limit


def get(port, *more, scheme="https"):
    return run([VITRINE, "get", "--via", "kernel", "--cacert", "root.pem", "--resolve", f"{HOST}:{port}:127.0.0.1", *more,
                f"{scheme}://{HOST}:{port}/"])


def curl(port, *more, scheme="https"):
    return run([CURL, "-sS", "--cacert", "root.pem", "--tls-max", "1.2", "--max-time", "10", "--resolve", f"{HOST}:{port}:127.0.0.1", *more,
                f"{scheme}://{HOST}:{port}/"])[0]


def judge(what, result, code, words, alert, heard, curls=None, limit=15):
    """`words` must stand in the sentence; `alert`: the number that the peer sees, None where none may be seen."""
    have, _, err, took = result
    seen = [a for octets in heard for a in alerts_in(octets)]
    want = [] if alert is None else [(2, alert)]
    more = f"exit {have}, wanted {code} (curl: {curls}), alerts {seen}, wanted {want}, {took:.1f} s\n{err}"
    good = have == code and SENTENCE.match(err) and all(w.lower() in err.lower() for w in words) and seen == want and took < limit
    good = good and (curls is None or curls == code)
    say(bool(good), f"{what}: exit {code}, {f'alert {alert}' if alert is not None else 'no alert'}, {err.strip()[9:] if good else ''}", more)


def openssl_server(port, *arguments):
    server = subprocess.Popen(["openssl", "s_server", "-accept", str(port), "-www", "-quiet", *arguments], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(50):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.1)
    return server


def against_openssl(what, arguments, code, words, alert, curls=()):
    port = free_port()
    server = openssl_server(port, *arguments)
    peer = Peer(through(port))
    result = get(peer.port)
    peer.end()
    judge(what, result, code, words, alert, peer.heard, curl(port, *curls) if CURL and curls is not None else None)
    server.kill()
    server.wait()


def scripted(what, act, code, words, alert, scheme="https", ask_curl=True, ours=(), limit=15):
    peer = Peer(act)
    result = get(peer.port, *ours, scheme=scheme)
    peer.end()
    theirs = None
    if CURL and ask_curl:
        other = Peer(act)
        theirs = curl(other.port, *(["--max-time", "2"] if "--max-time" in ours else []), scheme=scheme)
        other.end()
    judge(what, result, code, words, alert, peer.heard, theirs, limit)


def certificates():
    def case(what, name, words, alert):
        against_openssl(what, ["-cert", f"{name}.pem", "-key", f"{name}.key"], 60, words, alert)
    case("expired", "expired", ["2021"], 45)
    case("not yet valid", "early", ["2038"], 45)
    case("unknown root", "unknown", ["Root that nobody knows"], 48)
    case("self-signed", "alone", ["self"], 48)
    case("wrong name", "other", ["www.elsewhere.test", HOST], 42)
    against_openssl("bad signature", ["-cert", "bad.pem", "-key", "bad.key"], 60, ["signature"], 42, None)      # curl has 35 here
    case("missing intermediate", "good", ["Intermediate of refusals"], 48)
    chain = ["-cert", "good.pem", "-key", "good.key", "-cert_chain", "between.pem"]
    port = free_port()
    server = openssl_server(port, *chain)
    have, out, err, _ = get(port)
    say(have == 0 and b"Cipher" in out and err == "", "the same with its intermediate is accepted", f"exit {have}\n{err}")
    have, out, err, _ = get(port, "--cacert", "strange.pem", "-k")
    say(have == 0 and b"Cipher" in out, "-k goes on", f"exit {have}\n{err}")
    server.kill()
    server.wait()
    against_openssl("no common suite", [*chain, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA384"], 35, ["handshake_failure"], None,
                    ["--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256"])
    against_openssl("a server of TLS 1.3 only", [*chain, "-tls1_3"], 35, ["1.3"], None)


def hostile_name():
    port = free_port()
    server = openssl_server(port, "-cert", "hostile.pem", "-key", "hostile.key")
    for more in ([], ["-v"], ["-v", "--level", "all"], ["-k", "-v"]):
        have, _, err, _ = get(port, *more)
        say(have == (0 if "-k" in more else 60) and "evil" in err and not any(c in err for c in "\033\u202e\x9b"),
            f"escape sequences in a certificate's name are shown harmless ({' '.join(more) or 'plain'})", f"exit {have}\n{err[:3000]!r}")
    server.kill()
    server.wait()


def first_octets():
    def hello(answer):
        def act(s):
            got = s.recv(65536)
            s.sendall(answer)
            return got + hear(s)
        return act

    def reset(s):
        s.recv(65536)
        s.setsockopt(*RESET_ON_CLOSE)
    scripted("record too long", hello(b"\x16\x03\x03\x4e\x20" + bytes(20000)), 35, ["20000"], 22)
    version_1_1 = bytes.fromhex("160301002a 02000026 0302") + bytes(32) + bytes.fromhex("00 c009 00")
    scripted("version too old", hello(version_1_1), 35, ["1.1"], 70)
    scripted("garbage instead of a ServerHello", hello(b"\x00\xff\x17" * 40), 35, ["00 ff 17"], 10)
    scripted("an HTTP server on the TLS port", hello(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"), 35, ["HTTP/1.1 400"], 10)
    scripted("an SMTP server", lambda s: (s.sendall(b"220 mail.example ESMTP\r\n"), hear(s))[1], 35, ["220 mail"], 10)
    scripted("hostile text instead of a ServerHello", hello(b"\x1b[31m\xe2\x80\xaenope"), 35, ["1b"], 10)
    scripted("closed in the handshake", lambda s: s.recv(65536), 35, ["handshake"], None)
    scripted("alert internal_error", hello(b"\x15\x03\x03\x00\x02\x02\x50"), 35, ["internal_error"], None)
    scripted("reset in the handshake", reset, 35, ["RST"], None)
    scripted("silent in the handshake", hear, 28, ["2 s"], None, ours=["--max-time", "2"], limit=4)


def over_tls(body, ending, early=False):
    """A server of python's, with TLS 1.2: sends body (early: before it is asked), then ends: "close_notify", "FIN", "RST", "silent"."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with open("chain.pem", "w") as f:
        f.write(open("good.pem").read() + open("between.pem").read())
    context.load_cert_chain("chain.pem", "good.key")

    def act(raw):
        s = context.wrap_socket(raw, server_side=True)
        if not early:
            s.recv(65536)
        if body:
            s.sendall(body)
        if ending == "silent":
            hear(s)
        elif ending == "close_notify":
            s.unwrap()
        else:
            raw = socket.socket(fileno=s.detach())
            if ending == "RST":
                time.sleep(0 if early else 0.2)
                raw.setsockopt(*RESET_ON_CLOSE)
            raw.close()
    return act


def bodies():
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    def plain(answer):
        def act(s):
            s.recv(65536)
            s.sendall(answer)
        return act
    scripted("truncated body", over_tls(head + b"x" * 60, "close_notify"), 18, ["60", "100"], None)
    scripted("truncated body, by chunks", over_tls(chunked + b"5\r\nhello\r\n", "close_notify"), 18, [], None)
    scripted("truncated body, no close_notify", over_tls(head + b"x" * 60, "FIN"), 18, ["60", "100"], None)
    scripted("body until the end, no close_notify", over_tls(b"HTTP/1.1 200 OK\r\n\r\nhello", "FIN"), 56, ["close_notify"], None,
             ask_curl=False)                          # curl 7 took it, curl 8 has 56
    scripted("closed without an answer, no close_notify", over_tls(b"", "FIN"), 52, [], None, ask_curl=False)
    scripted("reset in the body", over_tls(head + b"x" * 60, "RST"), 56, ["RST"], None)
    scripted("closed without an answer", over_tls(b"", "close_notify"), 52, [], None)
    scripted("silent after the request", over_tls(b"", "silent"), 28, ["2 s"], None, ours=["--max-time", "2"], limit=4)
    scripted("silent in the body", over_tls(head, "silent"), 28, ["2 s"], None, ours=["--max-time", "2"], limit=4)
    scripted("no HTTP", over_tls(b"\x00\x01\x02garbage\r\n\r\n", "close_notify"), 8, [], None, ask_curl=False)
    scripted("both lengths", over_tls(chunked.replace(b"\r\n\r\n", b"\r\nContent-Length: 5\r\n\r\n") + b"0\r\n\r\n", "close_notify"), 8,
             ["Transfer-Encoding"], None, ask_curl=False)
    scripted("a bad chunk size", over_tls(chunked + b"0x5\r\nhello\r\n", "close_notify"), 8, ["0x5"], None, ask_curl=False)
    scripted("truncated body, plain HTTP", plain(head + b"x" * 60), 18, ["60", "100"], None, scheme="http")
    scripted("closed without an answer, plain HTTP", plain(b""), 52, [], None, scheme="http")
    for _ in range(10):
        peer = Peer(over_tls(head + b"x" * 60, "RST", early=True))
        have, _, err, _ = get(peer.port)
        say(have in (8, 35, 56) and SENTENCE.match(err), f"an answer before the question, and a reset: exit {have}", f"exit {have}\n{err}")
        peer.end()
    whole = head.replace(b"100", b"5") + b"hello"
    for what, act in (("a page that is whole, and a server that never closes", over_tls(whole, "silent")),
                      ("a page that ends with the connection", over_tls(b"HTTP/1.1 200 OK\r\n\r\nhello", "close_notify")),
                      ("a reason with bidi characters", over_tls(whole.replace(b"OK", b"\xe2\x80\xaefine"), "close_notify"))):
        peer = Peer(act)
        have, out, err, took = get(peer.port, "-v", "--level", "all")
        say(have == 0 and out == b"hello" and took < 5 and "\u202e" not in err and "\033" not in err, what,
            f"exit {have}, {took:.1f} s, {out!r}\n{err[-600:]}")
        peer.end()
    peer = Peer(over_tls(whole, "close_notify"))
    have, _, err, _ = get(peer.port, "-o", "/dev/full")
    say(have == 23, "a page that cannot be written: exit 23", f"exit {have}\n{err}")
    peer.end()


def names():
    def case(what, name, words, limit, *more):
        judge(what, run([VITRINE, "get", "--via", "kernel", "--cacert", "root.pem", *more, f"https://{name}/"]), 6, words, None, [],
              curl_name(name) if not more else None, limit)

    def curl_name(name):
        return run([CURL, "-sS", "--max-time", "15", f"https://{name}/"])[0] if CURL else None
    case(".invalid, at once", "www.nowhere.invalid", [".invalid"], 1)
    port = free_port()
    judge("connection refused", get(port), 7, ["RST"], None, [], curl(port) if CURL else None, 3)
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        server.bind(("127.0.0.77", 53))
    except OSError as e:
        print(f"skipped: refusals: names: no name server on port 53 here ({e.strerror})", flush=True)
        return
    wish = []

    def answer():
        while True:
            query, who = server.recvfrom(4096)
            for reply in wish[0](query):
                server.sendto(reply, who)
    threading.Thread(target=answer, daemon=True).start()

    def rcode(n):
        return lambda q: [q[:2] + bytes([0x81, 0x80 | n]) + q[4:]]
    for what, act, words in (("NXDOMAIN", rcode(3), ["NXDOMAIN"]), ("SERVFAIL", rcode(2), ["SERVFAIL"]), ("REFUSED", rcode(5), ["REFUSED"]),
                             ("no address", rcode(0), ["no address of the kind"]), ("a silent name server", lambda q: [], ["quer"]),
                             ("a name server that talks garbage", lambda q: [b"\xff" * 30, q[:2] + b"\x81\x80" + b"\xff" * 60], ["quer"]),
                             ("a liar with another id", lambda q: [bytes([q[0] ^ 1]) + q[1:2] + b"\x81\x83" + q[4:]], ["quer"])):
        wish[:] = [act]
        case(f"name not found, {what}", "www.example.test", words, 10, "--dns", "127.0.0.77")


for test in (certificates, hostile_name, first_octets, bodies, names):
    test()
sys.exit(failed)

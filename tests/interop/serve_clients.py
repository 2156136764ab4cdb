"""serve_clients.py PORT CA - what no curl does: pipelining, raw targets, hundreds that are idle or half-way beside one that is served."""
import select, socket, ssl, sys, time

PORT, CA = int(sys.argv[1]), sys.argv[2]
CONTEXT = ssl.create_default_context(cafile=CA)
failed = False


def check(what, good, more=""):
    global failed
    print(("ok" if good else "FAIL") + " serve: " + what + ("" if good or not more else ": " + repr(more)[:200]), flush=True)
    failed |= not good


def call():
    raw = socket.create_connection(("127.0.0.1", PORT), timeout=15)
    return CONTEXT.wrap_socket(raw, server_hostname="localhost", suppress_ragged_eofs=False)


def until_closed(s):
    got = b""
    while True:
        piece = s.recv(65536)
        if not piece:
            return got
        got += piece


def ask(target, headers="", close=True):
    s = call()
    s.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n{headers}{'Connection: close' if close else 'X: y'}\r\n\r\n".encode())
    return until_closed(s)


def pipelining():
    s = call()
    one = b"GET /plain/%C3%A4.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"
    s.sendall(one * 20 + one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    got = until_closed(s)
    check("21 requests in one piece", got.count(b"HTTP/1.1 200 OK") == 21 and got.count(b"two\n") == 21, got)
    s = call()
    for octet in one + b"HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n":
        s.sendall(bytes([octet]))
    got = until_closed(s)
    check("two requests, an octet a record", got.count(b"HTTP/1.1 200 OK") == 2 and got.endswith(b"\r\n\r\n"), got)
    s = call()
    s.sendall(b"GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3 + b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    got = until_closed(s)
    check("9 MB by pipelining", len(got) > 9000000 and got.endswith(b"a page of vitrine serve\n"), len(got))


def targets():
    for target, want in (("*", b"40"), ("http://localhost/plain/", b"200"), ("/plain/./x/../", b"200"), ("/a%00b", b"400"),
                         ("/%zz", b"400"), ("/" + "a" * 9000, b"4"), ("plain", b"400"), ("/plain/%0d%0aSet-Cookie:x", b"40"),
                         ("/" + "x/" * 3000, b"4")):
        got = ask(target)
        check(f"GET {target[:40]} is {want.decode()}..", got.startswith(b"HTTP/1.1 " + want) and b"Set-Cookie" not in got.split(b"\r\n\r\n")[0], got[:60])
    got = ask("/", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")
    check("both lengths are refused", got.startswith(b"HTTP/1.1 400"), got[:60])


def crowd():
    # 150 that only call, 75 that begin a handshake, 75 that begin a request; then one that is served
    silent = [socket.create_connection(("127.0.0.1", PORT), timeout=15) for _ in range(150)]
    begun = [socket.create_connection(("127.0.0.1", PORT), timeout=15) for _ in range(75)]
    for s in begun:
        s.sendall(b"\x16\x03\x01\x00\xf0\x01\x00")
    half = [call() for _ in range(75)]
    for s in half:
        s.sendall(b"GET /plain/ HTTP/1.1\r\nHost: local")
    start = time.monotonic()
    good = all(ask("/").endswith(b"a page of vitrine serve\n") for _ in range(10))
    took = time.monotonic() - start
    check("served beside 300 that are silent or half-way, at once", good and took < 3, took)
    for s in half:
        s.sendall(b"host\r\nConnection: close\r\n\r\n")
    check("those half-way are served when they go on", all(b"ul" in until_closed(s) for s in half))
    check("the silent are still there", not select.select(silent, [], [], 0)[0])
    for s in silent + begun:
        s.close()


def halves():
    raw = socket.create_connection(("127.0.0.1", PORT), timeout=15)
    raw.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    got = raw.recv(100)
    check("HTTP on the TLS port is told so", got[:2] == b"\x15\x03", got)
    raw = socket.create_connection(("127.0.0.1", PORT), timeout=15)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    slow = CONTEXT.wrap_socket(raw, server_hostname="localhost", suppress_ragged_eofs=False)
    slow.sendall(b"GET /big.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    time.sleep(2)
    good = ask("/").endswith(b"a page of vitrine serve\n")
    check("a slow reader holds up nobody, and gets all", good and len(until_closed(slow)) > 3000000)
    gone = [call() for _ in range(20)]
    for s in gone:
        s.sendall(b"GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        s.close()
    check("20 that leave in the middle with a RST", ask("/").endswith(b"a page of vitrine serve\n"))


for test in (pipelining, targets, crowd, halves):
    try:
        test()
    except Exception as e:
        check(test.__name__, False, e)
sys.exit(failed)

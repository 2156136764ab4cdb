"""serve_stops.py VITRINE ROOT - told to stop, the server closes each connection: close_notify, then FIN, never a RST; whatever the connection was doing."""
import os, signal, socket, ssl, subprocess, sys, tempfile, time

VITRINE, ROOT = sys.argv[1], sys.argv[2]
failed = False


def check(what, good, more=""):
    global failed
    print(("ok" if good else "FAIL") + " serve: " + what + ("" if good or not more else ": " + repr(more)[:300]), flush=True)
    failed |= not good


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def how_it_ends(s):
    """Reads on, answers close_notify and FIN; says what was seen."""
    got = 0
    try:
        while True:
            piece = s.recv(65536)
            if not piece:
                break
            got += len(piece)
        seen = "close_notify"
    except ssl.SSLError as e:
        return got, "no close_notify: " + str(e.reason or e)
    except OSError as e:
        return got, "broken: " + str(e)
    raw = socket.socket(fileno=s.detach())
    raw.settimeout(5)
    try:
        seen += ", FIN" if raw.recv(1) == b"" else ", octets"
    except OSError as e:
        seen += ", " + str(e)
    raw.close()
    return got, seen


def stop(name, number, ignored):
    port, where = free_port(), tempfile.mkdtemp()
    command = [VITRINE, "serve", "--root", ROOT, "--listen", f"127.0.0.1:{port}"]
    if ignored:
        command = ["sh", "-c", "trap '' INT TERM; exec \"$@\"", "sh"] + command
    server = subprocess.Popen(command, cwd=where, stdout=subprocess.PIPE, stderr=open(os.path.join(where, "err"), "w"))
    while b"Serving" not in server.stdout.readline():
        pass
    context = ssl.create_default_context(cafile=os.path.join(where, "vitrine-ca.pem"))

    def call():
        raw = socket.create_connection(("127.0.0.1", port), timeout=10)
        return context.wrap_socket(raw, server_hostname="localhost", suppress_ragged_eofs=False)

    idle, half, loading, served = call(), call(), call(), call()
    half.sendall(b"GET / HTTP/1.1\r\nHost: loc")
    served.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    head = b""
    while b"glass\n" not in head and b"serve\n" not in head:
        head += served.recv(4096)
    loading.sendall(b"GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n")
    unborn = socket.create_connection(("127.0.0.1", port), timeout=10)
    time.sleep(0.3)
    server.send_signal(number)
    for what, s, least in (("idle", idle, 0), ("served", served, 0), ("half a request", half, 0), ("a long page", loading, 3000000)):
        got, seen = how_it_ends(s)
        check(f"{name}, {what}: close_notify, then FIN", seen == "close_notify, FIN" and got >= least, (got, seen))
    try:
        unborn.settimeout(8)
        left = unborn.recv(100)
        check(f"{name}, before the handshake: closed", left == b"" or left[:1] == b"\x15", left)
    except OSError as e:
        check(f"{name}, before the handshake: closed", False, e)
    unborn.close()
    try:
        code = server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        code = "never"
    check(f"{name}: exit 0", code == 0, (code, open(os.path.join(where, "err")).read()))
    check(f"{name}: the port is free again", subprocess.call([sys.executable, "-c", f"import socket; socket.create_connection(('127.0.0.1', {port}))"],
                                                            stderr=subprocess.DEVNULL) != 0)


stop("SIGINT", signal.SIGINT, False)
stop("SIGTERM", signal.SIGTERM, False)
stop("SIGINT that was ignored before", signal.SIGINT, True)
sys.exit(failed)

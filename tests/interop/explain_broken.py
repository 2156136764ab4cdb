"""explain_broken.py - connections that failed, two or more of each cause, and what `vitrine explain` must say of each.
Where TLS 1.3 hides the evidence a key log is part of the scene. explain_scenes.py has what scenes are."""
import explain_lab as lab
from explain_peers import NAME, dns_answer
from explain_scenes import Scene, chromium, curl, gnutls_cli, losing, python, s_client, wget

# Which rows of docs/diagnoses.md say it. Where a stack is so silent that the wire cannot tell more, there are several.
CAUSES = {
    "missing_intermediate": ["x509.missing_intermediate"],
    "expired": ["x509.expired"],
    "not_yet_valid": ["x509.not_yet_valid"],
    "clock": ["x509.client_clock"],
    "wrong_name": ["x509.wrong_name"],
    "proxy": ["x509.proxy"],
    "self_signed": ["x509.self_signed"],
    "must_staple": ["x509.must_staple"],
    "no_suite": ["tls.no_common_suite"],
    "no_version": ["tls.no_common_version"],
    "no_group": ["tls.no_common_group"],
    "alpn": ["tls.alpn"],
    "sni": ["tls.wrong_sni", "tls.missing_sni"],
    "client_certificate_wanted": ["tls.client_certificate_wanted"],
    "client_certificate_refused": ["tls.client_certificate_refused"],
    "injected_reset": ["tcp.reset_injected"],
    "half_hello": ["tls.hello_split_lost"],
    "mtu": ["tcp.mtu"],
    "zero_window": ["tcp.zero_window"],
    "half_open": ["tcp.half_open"],
    "plain_http": ["tls.plain_http"],
    "not_tls": ["tls.server_speaks_http"],
    "client_left": ["tls.client_left"],
    "truncated": ["tls.truncated", "http.truncated"],
    "reset": ["tcp.reset_midway"],
    "closed_at_hello": ["tls.closed_after_hello"],
    "no_answer_to_hello": ["tls.no_answer"],
    "storm": ["tcp.retransmissions"],
    "slow_server": ["tcp.slow_server"],
    "refused": ["tcp.refused"],
    "unreachable": ["ip.prohibited"],
    "silent": ["tcp.silent"],
    "dns_spoof": ["dns.two_answers"],
    "dns_no_name": ["dns.no_such_name"],
    "dns_silent": ["dns.silent"],
}
V12, V13 = "--tls-max 1.2", "--tlsv1.3"
GNUTLS12 = "NORMAL:-VERS-ALL:+VERS-TLS1.2"


# ---- what the wire does
def silent(way=None):
    """Nothing arrives (at the server; or nothing comes back)."""
    def make():
        def rule(p, side):
            if not p.tcp or (way is not None and side.way != way):
                side.send(p.frame)
        return rule
    return make


def unreachable(code, kind=3):
    """A router answers SYN with ICMP."""
    def make():
        def rule(p, side):
            if not p.syn or side.way != lab.TO_SERVER:
                side.send(p.frame)
                return
            macs = p.frame[6:12] + p.frame[:6]
            if p.v6:
                body = lab.struct.pack(">BBHI", 1, code, 0, 0) + p.frame[14:p.end]
                router = b"\xfd\x76" + bytes(13) + b"\x02"
                side.send(lab.packet_of(router, p.src, True, 58, body, macs, 64, 2), lab.TO_CLIENT)
            else:
                body = lab.struct.pack(">BBHI", kind, code, 0, 0) + p.frame[14:p.at + 8]
                body = body[:2] + lab.struct.pack(">H", lab.checksum(body)) + body[4:]
                side.send(lab.packet_of(b"\x0a\x4c\0\x02", p.src, False, 1, body, macs, 64, None), lab.TO_CLIENT)
        return rule
    return make


def injecting(ttl, window, both=False, after=0, flags=4):
    """Somebody on the way ends it with RST once ClientHello passes (after 0), or so many octets of the server's."""
    def make():
        seen = [0]

        def rule(p, side):
            side.send(p.frame)
            if after == 0 and side.way == lab.TO_SERVER and p.hello():
                side.send(lab.answer(p, flags, window, ttl), lab.TO_CLIENT)
                if both:
                    side.send(lab.forward(p, 4, window, ttl, (p.seq + len(p.data)) & 0xffffffff), lab.TO_SERVER)
            if after and side.way == lab.TO_CLIENT and p.tcp:
                before, seen[0] = seen[0], seen[0] + len(p.data)
                if before <= after < seen[0]:
                    side.send(lab.forward(p, flags, window, ttl, (p.seq + len(p.data)) & 0xffffffff), lab.TO_CLIENT)
        return rule
    return make


def half_hello():
    """Of ClientHello in two segments only the first arrives."""
    def rule(p, side):
        if side.way == lab.TO_SERVER and p.tcp and p.data and not p.hello():
            return
        side.send(p.frame)
    return rule


def narrow(way, most=1000):
    """A link that takes no more, and does not say so."""
    def make():
        def rule(p, side):
            if side.way != way or len(p.frame) <= most:
                side.send(p.frame)
        return rule
    return make


def spoofing(forged, ttl=64):
    """Somebody answers the question for a name faster, with another address of this scene's network."""
    def make():
        def rule(p, side):
            if p.udp and p.dport == 53 and side.way == lab.TO_SERVER:
                reply = dns_answer(p.data, p.dst[:3] + bytes([forged]))
                udp = lab.struct.pack(">HHHH", 53, p.sport, 8 + len(reply), 0) + reply
                side.send(lab.packet_of(p.dst, p.src, False, 17, udp, p.frame[6:12] + p.frame[:6], ttl, 6), lab.TO_CLIENT)
                side.send(p.frame, after=0.03)
            else:
                side.send(p.frame)
        return rule
    return make


def by_name(url, *options):
    """curl that asks the scene's name server."""
    return f"echo 'nameserver {{host}}\noptions timeout:1 attempts:2' >{{t}}.resolv; unshare -m sh -c 'mount --bind {{t}}.resolv " \
           f"/etc/resolv.conf; curl -sS -m 4 --cacert {{d}}/root.crt {' '.join(options)} -o /dev/null {url}'"


LONG = "-alpn " + ",".join(c * 200 for c in "abcdefghij")


def broken():
    t = []

    def add(cause, name, *lines, **more):
        t.append(Scene(f"{cause}-{name}", *lines, expect=CAUSES[cause], keys=more.pop("keys", False), **more))
    # the chain and its dates
    add("missing_intermediate", "nginx-curl", curl(V12), port=1446)
    add("missing_intermediate", "apache-openssl", s_client("-tls1_2", "-verify_return_error"), port=2446, v6=True)
    add("missing_intermediate", "nginx13-keys", curl(V13), port=1446, keys=True)
    add("client_left", "nginx13-wget", wget(), port=1446)
    add("client_left", "nginx13-wget-name", wget(), port=1450, v6=True)
    add("expired", "nginx-curl", curl(V12), port=1447)
    add("expired", "apache-python", python("ctx.maximum_version = ssl.TLSVersion.TLSv1_2\nconnect()"), port=2452, v6=True)
    add("expired", "apache13-keys", curl(V13), port=2452, keys=True)
    add("not_yet_valid", "nginx-curl", curl(V12), port=1448)
    add("not_yet_valid", "haproxy-openssl", s_client("-tls1_2", "-verify_return_error"), port=3448, v6=True)
    add("clock", "openssl-late", s_client("-tls1_2", "-verify_return_error", "-attime 1990000000"), port=4443)
    add("clock", "gnutls-late", s_client("-tls1_2", "-verify_return_error", "-attime 1950000000"), port=5443)
    add("clock", "nginx-early", s_client("-tls1_2", "-verify_return_error", "-attime 1500000000"), port=1443, v6=True)
    add("wrong_name", "nginx-curl", curl(V12), port=1450)
    add("wrong_name", "apache-openssl", s_client("-tls1_2", "-verify_return_error", "-verify_hostname", NAME), port=2450)
    add("proxy", "nginx-curl", curl(V12), port=1451)
    add("proxy", "apache-openssl", s_client("-tls1_2", "-verify_return_error"), port=2451, v6=True)
    add("self_signed", "nginx-curl", curl(V12), port=1456)
    add("self_signed", "openssl", s_client("-tls1_2", "-verify_return_error"), port=4453)
    add("must_staple", "nginx-gnutls", gnutls_cli("--priority", GNUTLS12), port=1449)
    add("must_staple", "apache-gnutls", gnutls_cli("--priority", GNUTLS12), port=2454, v6=True)
    # nothing in common
    add("no_suite", "openssl", s_client("-tls1_2", "-cipher AES128-SHA256"), port=4445)
    add("no_suite", "nginx-curl", curl(V12, "--ciphers ECDHE-RSA-AES256-GCM-SHA384"), port=1452, v6=True)
    add("no_suite", "gnutls-gnutls", gnutls_cli("--priority", GNUTLS12 + ":-CIPHER-ALL:+AES-128-GCM"), port=5446)
    add("no_suite", "openssl13", s_client("-tls1_3", "-ciphersuites TLS_AES_128_GCM_SHA256"), port=4448)
    add("no_version", "nginx-curl", curl(V12), port=1453)
    add("no_version", "apache-openssl", s_client("-tls1_3"), port=2453, v6=True)
    add("no_version", "openssl-old-client", s_client("-tls1_1", "-cipher ALL:@SECLEVEL=0"), port=4448)
    add("no_group", "openssl", curl(V13, "--curves X25519"), port=4450)
    add("no_group", "openssl-p256", s_client("-tls1_3", "-groups P-256"), port=4450, v6=True)
    add("no_group", "openssl-two", s_client("-tls1_3", "-groups X25519:P-256"), port=4450)
    add("alpn", "openssl-curl", curl("--http1.1"), port=4447)
    add("alpn", "nginx-openssl", s_client("-tls1_2", "-alpn spdy/1"), port=1443, v6=True)
    add("alpn", "gnutls-curl", curl("--http1.1", V12), port=5448)
    # names
    add("sni", "nginx-unknown", curl(V12, name="nobody.scene.test"), port=1454)
    add("sni", "haproxy-unknown", s_client(name="nobody.scene.test"), port=3447, v6=True)
    add("sni", "haproxy-none", s_client("-noservername").replace(f"-servername {NAME}", ""), port=3447)
    add("sni", "nginx-none", "curl -sS -m 5 -k -o /dev/null https://{ip}:{port}/", port=1454)
    # client certificates
    add("client_certificate_wanted", "openssl", s_client("-tls1_2"), port=4446)
    add("client_certificate_wanted", "apache-curl", curl(V12), port=2445, v6=True)
    add("client_certificate_wanted", "haproxy13-keys", curl(V13), port=3445, keys=True)
    add("client_certificate_refused", "openssl", s_client("-tls1_2", "-cert {d}/stranger.crt -key {d}/ec.key"), port=4446)
    add("client_certificate_refused", "haproxy-curl", curl(V12, "--cert {d}/stranger.crt --key {d}/ec.key"), port=3445, v6=True)
    add("client_certificate_refused", "apache13-keys", curl(V13, "--cert {d}/stranger.crt --key {d}/ec.key"), port=2445, keys=True)
    # who is in between
    add("injected_reset", "ttl", curl(V12), port=1443, rule=injecting(243, 0))
    add("injected_reset", "window-both-ways", curl(V13), port=2443, v6=True, rule=injecting(57, 8192, both=True))
    add("injected_reset", "middle", curl(V12, path="big"), port=1443, rule=injecting(49, 1024, after=100000))
    add("half_hello", "openssl", s_client(LONG).replace("| openssl", "| timeout 3 openssl"), port=1443, rule=half_hello)
    add("half_hello", "python", python("ctx.set_alpn_protocols([c * 250 for c in 'abcdefghij'])\nsocket.setdefaulttimeout(2.5)\n"
        "connect()"), port=2443, v6=True, rule=half_hello, limit=4)
    add("half_hello", "chromium", chromium(), port=2443, rule=half_hello, limit=40)
    add("mtu", "download-at-server", curl(V12, path="page", wait=4), port=1443, rule=narrow(lab.TO_CLIENT), at="server")
    add("mtu", "download-at-client", curl(V12, path="page", wait=4), port=1443, rule=narrow(lab.TO_CLIENT))
    add("mtu", "upload", curl(V13, "-H Expect: -T {d}/pages/big", wait=4), port=6457, v6=True, rule=narrow(lab.TO_SERVER))
    add("mtu", "upload12", curl(V12, "-H Expect: -T {d}/pages/page", wait=4), port=6458, rule=narrow(lab.TO_SERVER, 1300))
    add("zero_window", "client", python("raw = socket.socket(); raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)\n"
        "raw.connect((host, int(port))); s = ctx.wrap_socket(raw, server_hostname='www.scene.test')\n"
        "s.sendall(get('big')); time.sleep(3)"), port=1443)
    add("zero_window", "server", curl(V12, "-T {d}/pages/big", wait=6), port=6454, v6=True)
    add("half_open", "python12", python("ctx.maximum_version = ssl.TLSVersion.TLSv1_2\n"
        "s = connect(); s.sendall(get()); answer(s); time.sleep(1.5); s.sendall(get()); s.recv(100)"), port=6456)
    add("half_open", "python13", python("s = connect(); s.sendall(get()); answer(s); time.sleep(1.5); s.sendall(get()); s.recv(100)"),
        port=6455, v6=True)
    add("plain_http", "nginx-curl", "curl -sS -m 4 -o /dev/null http://{ip}:{port}/page", port=1443)
    add("plain_http", "apache-wget", "wget -q -T 4 -t 1 -O /dev/null http://{ip}:{port}/page", port=2443, v6=True)
    add("plain_http", "openssl-curl", "curl -sS -m 4 -o /dev/null http://{ip}:{port}/page", port=4443)
    add("not_tls", "nginx-curl", curl(V12), port=80)
    add("not_tls", "nginx-gnutls", gnutls_cli(), port=8443)
    # the end of it
    add("truncated", "fin12", curl(V12), port=6447)
    add("truncated", "fin13-keys", curl(V13), port=6446, v6=True, keys=True)
    add("truncated", "in-record", curl(), port=6459)
    add("reset", "server12", curl(V12), port=6449)
    add("reset", "server13", curl(V13), port=6448, v6=True)
    add("closed_at_hello", "curl", curl(), port=6450)
    add("closed_at_hello", "gnutls", gnutls_cli(), port=6450, v6=True)
    add("no_answer_to_hello", "curl", curl(wait=3), port=6451)
    add("no_answer_to_hello", "openssl", "mkfifo {t}; exec 3<>{t}; timeout 3 openssl s_client -connect {ip}:{port} <&3", port=6451, v6=True)
    # time and loss
    add("storm", "nginx12", curl(V12, path="big", wait=11), port=1443, rule=losing(0.3, 11, data=True))
    add("storm", "apache13", curl(V13, path="big", wait=11), port=2443, v6=True, rule=losing(0.25, 4, data=True))
    add("storm", "upload", curl(V13, "-H Expect: -T {d}/pages/big", wait=11), port=6457, rule=losing(0.25, 8, data=True))
    add("slow_server", "python12", curl(V12), port=6445)
    add("slow_server", "python13", curl(V13), port=6444, v6=True)
    # before TLS
    add("refused", "curl", curl(), port=9)
    add("refused", "openssl6", s_client(), port=7, v6=True)
    add("unreachable", "icmp-prohibited", curl(), port=443, rule=unreachable(13))
    add("unreachable", "icmp6", curl(wait=3), port=443, v6=True, rule=unreachable(1))
    add("silent", "curl", curl(wait=4), port=1443, rule=silent())
    add("silent", "gnutls6", gnutls_cli().replace("| gnutls-cli", "| timeout 4 gnutls-cli"), port=1443, v6=True, rule=silent())
    add("silent", "answers-lost", curl(wait=4), port=2443, rule=silent(lab.TO_CLIENT))
    add("dns_spoof", "refused", by_name(f"https://{NAME}:1443/page", V12), rule=spoofing(66, 201), port=1443)
    add("dns_spoof", "other-server", by_name(f"https://{NAME}:1451/page", V12), rule=spoofing(77), port=1451)
    add("dns_no_name", "curl", by_name("https://nowhere.test:1443/"), port=1443)
    add("dns_no_name", "wget", by_name("http://www.nowhere.test/"), port=80)
    add("dns_silent", "curl", by_name(f"https://{NAME}:1443/"), port=1443, rule=lambda: lambda p, side: None)
    add("dns_silent", "answers-lost", by_name(f"https://{NAME}/"), port=443,
        rule=lambda: lambda p, side: side.send(p.frame) if side.way == lab.TO_SERVER else None)
    return t


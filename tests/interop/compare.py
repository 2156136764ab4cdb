#!/usr/bin/env python3
"""compare.py - pairs of captures that differ in one thing, made with openssl, curl, gnutls and nginx on the wire of
explain_lab.py; what `vitrine compare --json` names must be that thing.   compare.py [--all] [--keep DIR] [NAME...]"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import explain_lab as lab

VITRINE = os.environ.get("VITRINE", "./vitrine").split()
D = tempfile.mkdtemp(prefix="compare.")
NAME = "shop.test"

OPENSSL = "printf 'GET / HTTP/1.0\\r\\nHost: shop.test\\r\\n\\r\\n' | openssl s_client -quiet -connect {ip}:{port} " \
          "-servername shop.test -keylogfile {keys} -CAfile ca.pem "
TLS12 = OPENSSL + "-tls1_2 "
CURL = "curl -s -o /dev/null --cacert ca.pem --resolve shop.test:{port}:{ip} "
PAGE = "https://shop.test:{port}/"
GNUTLS = "printf 'GET / HTTP/1.0\\r\\nHost: shop.test\\r\\n\\r\\n' | gnutls-cli --no-ca-verification --disable-sni " \
         "-p {port} {ip} "
ROUTE = "ip route replace 10.77.{n}.0/24 via 10.76.0.2 "
THEIRS = "ip -n theirs route replace 10.76.0.0/24 dev far "
ext = "hello.extensions:"
# nginx, with these lines of its configuration besides
NGINX = "sed 's|#server#|%s|' nginx.base >nginx.conf; kill -HUP $(cat nginx.pid); sleep 0.4"
AS_BEFORE = NGINX % ""
HTTP1, OLD = CURL + "--http1.1 " + PAGE, CURL + "--http1.1 --tls-max 1.2 " + PAGE
LONG = HTTP1 + "long.txt"
alpn = "application_layer_protocol_negotiation"


class Run:
    """A client's line; port: whose; before and after: what is set and put back; delay, lose: what the wire does."""
    def __init__(self, line, port=4433, before="", after="", delay=0.0, lose=None, v6=False, keys=True):
        self.line, self.port, self.before, self.after, self.keys = line, port, before, after, keys
        self.delay, self.lose, self.v6 = delay, lose, v6


# name, one, other, ids of the roots (any of the sets, where the peers leave it open)
PAIRS = [
    ("openssl-same-12", Run(TLS12), Run(TLS12), []),
    ("openssl-same-13", Run(OPENSSL), Run(OPENSSL), []),
    ("openssl-same-closed", Run(TLS12, keys=False), Run(TLS12, keys=False), []),
    ("openssl-same-13-closed", Run(OPENSSL, keys=False), Run(OPENSSL, keys=False), []),
    ("curl-same", Run(CURL + PAGE, 4443), Run(CURL + PAGE, 4443), []),
    ("curl-same-12", Run(CURL + "--tls-max 1.2 --http1.1 " + PAGE, 4443),
     Run(CURL + "--tls-max 1.2 --http1.1 " + PAGE, 4443), []),
    ("gnutls-same", Run(GNUTLS), Run(GNUTLS), []),
    ("suite-order", Run(TLS12 + "-cipher ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384"),
     Run(TLS12 + "-cipher ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256"), ["hello.suites"]),
    ("suite-one", Run(TLS12), Run(TLS12 + "-cipher ECDHE-RSA-AES128-SHA256"), ["hello.suites"]),
    ("suite-13-order", Run(OPENSSL), Run(OPENSSL + "-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384"),
     ["hello.suites"]),
    ("alpn", Run(TLS12 + "-alpn http/1.1"), Run(TLS12), [ext + alpn]),
    ("alpn-order", Run(TLS12 + "-alpn http/1.1,h2"), Run(TLS12 + "-alpn h2,http/1.1"), ["hello.says:" + alpn]),
    ("groups", Run(TLS12), Run(TLS12 + "-groups P-256:X25519"), ["hello.says:supported_groups"]),
    ("groups-13", Run(OPENSSL), Run(OPENSSL + "-groups P-256:X25519"), ["hello.says:supported_groups"]),
    ("sigalgs", Run(TLS12), Run(TLS12 + "-sigalgs RSA+SHA256:RSA+SHA384"), ["hello.says:signature_algorithms"]),
    ("no-ticket", Run(TLS12), Run(TLS12 + "-no_ticket"), [ext + "session_ticket"]),
    ("no-etm", Run(TLS12), Run(TLS12 + "-no_etm"), [ext + "encrypt_then_mac"]),
    ("status", Run(TLS12), Run(TLS12 + "-status"), [ext + "status_request"]),
    ("sni", Run(TLS12), Run(TLS12 + "-servername other.test"), ["hello.says:server_name"]),
    ("no-sni", Run(TLS12), Run(TLS12.replace("-servername shop.test", "-noservername")), [ext + "server_name"]),
    ("max-fragment", Run(TLS12), Run(TLS12 + "-maxfraglen 1024"), [ext + "max_fragment_length"]),
    ("version", Run(OPENSSL), Run(TLS12), [ext + "supported_versions"]),
    ("version-13-only", Run(OPENSSL), Run(OPENSSL + "-tls1_3"), ["hello.says:supported_versions"]),
    ("version-closed", Run(OPENSSL, keys=False), Run(TLS12, keys=False), [ext + "supported_versions"]),
    ("resumed", Run(TLS12 + "-sess_out s12"), Run(TLS12 + "-sess_in s12"), ["hello.says:session_ticket"]),
    ("resumed-13", Run(OPENSSL + "-sess_out s13"), Run(OPENSSL + "-sess_in s13"), [ext + "pre_shared_key"]),
    ("certificate", Run(TLS12), Run(TLS12, 4434), ["tcp.port", "chain.key:1"]),
    ("server-suite", Run(TLS12), Run(TLS12, 4435), ["tcp.port", "answer.suite"]),
    ("client-asked", Run(TLS12), Run(TLS12, 4436), ["tcp.port", "step:CertificateRequest"]),
    ("mss", Run(TLS12), Run(TLS12, before=ROUTE + "advmss 900"), ["tcp.mss"]),
    ("window", Run(TLS12), Run(TLS12, before=ROUTE + "window 8000"), ["tcp.window"]),
    ("hop-limit", Run(TLS12), Run(TLS12, before="sysctl -qw net.ipv4.ip_default_ttl=100",
                                  after="sysctl -qw net.ipv4.ip_default_ttl=64"), ["ip.ttl"]),
    ("timestamps", Run(TLS12), Run(TLS12, before="sysctl -qw net.ipv4.tcp_timestamps=0",
                                   after="sysctl -qw net.ipv4.tcp_timestamps=1"), ["tcp.options:timestamps"]),
    ("sack", Run(TLS12), Run(TLS12, before="sysctl -qw net.ipv4.tcp_sack=0",
                             after="sysctl -qw net.ipv4.tcp_sack=1"), ["tcp.options:SACK permitted"]),
    ("window-scale", Run(TLS12), Run(TLS12, before="sysctl -qw net.ipv4.tcp_window_scaling=0",
                                     after="sysctl -qw net.ipv4.tcp_window_scaling=1"),
     ["tcp.options:window scale"]),
    ("ecn", Run(TLS12), Run(TLS12, before="sysctl -qw net.ipv4.tcp_ecn=1",
                            after="sysctl -qw net.ipv4.tcp_ecn=2"), ["tcp.ecn"]),
    ("delay", Run(TLS12), Run(TLS12, delay=0.03), ["time.round_trip"]),
    ("lost-hello", Run(TLS12), Run(TLS12, lose="hello"), ["client.again"]),
    ("ipv6", Run(TLS12), Run(TLS12, v6=True), ["ip.version"]),
    ("curl-http1", Run(CURL + PAGE, 4443), Run(CURL + "--http1.1 " + PAGE, 4443), ["hello.says:" + alpn]),
    ("curl-no-alpn", Run(CURL + "--http1.1 " + PAGE, 4443), Run(CURL + "--http1.1 --no-alpn " + PAGE, 4443),
     [ext + alpn]),
    ("curl-header", Run(CURL + "--http1.1 " + PAGE, 4443), Run(CURL + "--http1.1 -H 'X-Test: 1' " + PAGE, 4443),
     ["request.headers:X-Test"]),
    ("curl-agent", Run(CURL + "--http1.1 " + PAGE, 4443), Run(CURL + "--http1.1 -A other/1.0 " + PAGE, 4443),
     ["request.header:User-Agent"]),
    ("curl-path", Run(CURL + "--http1.1 " + PAGE, 4443), Run(CURL + "--http1.1 " + PAGE + "long.txt", 4443),
     ["request.target"]),
    ("curl-head", Run(CURL + "--http1.1 " + PAGE, 4443), Run(CURL + "--http1.1 -I " + PAGE, 4443), ["request.method"]),
    ("curl-status", Run(CURL + "--http1.1 " + PAGE, 4443), Run(CURL + "--http1.1 " + PAGE + "none", 4443),
     ["request.target"]),
    ("curl-ciphers", Run(CURL + "--http1.1 --tls-max 1.2 " + PAGE, 4443),
     Run(CURL + "--http1.1 --tls-max 1.2 --ciphers ECDHE-RSA-AES128-GCM-SHA256 " + PAGE, 4443), ["hello.suites"]),
    ("curl-curves", Run(CURL + "--http1.1 " + PAGE, 4443), Run(CURL + "--http1.1 --curves P-384 " + PAGE, 4443),
     ["hello.says:supported_groups"]),
    ("plain", Run(CURL + "--http1.1 " + PAGE, 4443), Run(CURL + "http://shop.test:{port}/", 8080), ["tls.spoken"]),
    ("nginx-header", Run(HTTP1, 4443), Run(HTTP1, 4443, before=NGINX % "add_header X-Test 1;", after=AS_BEFORE),
     ["response.headers:X-Test"]),
    ("nginx-tokens", Run(HTTP1, 4443), Run(HTTP1, 4443, before=NGINX % "server_tokens off;", after=AS_BEFORE),
     ["response.header:Server"]),
    ("nginx-close", Run(HTTP1, 4443), Run(HTTP1, 4443, before=NGINX % "keepalive_timeout 0;", after=AS_BEFORE),
     ["response.header:Connection"]),
    ("nginx-tickets", Run(TLS12, 4443), Run(TLS12, 4443, before=NGINX % "ssl_session_tickets off;", after=AS_BEFORE),
     ["answer.extensions:session_ticket"]),
    ("nginx-suite", Run(OLD, 4443),
     Run(OLD, 4443, before=NGINX % "ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256;", after=AS_BEFORE), ["answer.suite"]),
    ("nginx-curve", Run(OLD, 4443), Run(OLD, 4443, before=NGINX % "ssl_ecdh_curve secp384r1;", after=AS_BEFORE),
     ["exchange.group"]),
    ("nginx-no-13", Run(HTTP1, 4443), Run(HTTP1, 4443, before=NGINX % "ssl_conf_command MaxProtocol TLSv1.2;",
                                          after=AS_BEFORE), ["answer.extensions:supported_versions"]),
    ("nginx-records", Run(LONG, 4443), Run(LONG, 4443, before=NGINX % "ssl_buffer_size 4k;", after=AS_BEFORE),
     ["server.record_longest"]),
    ("nginx-asks", Run(OLD, 4443),
     Run(OLD, 4443, before=NGINX % "ssl_verify_client optional_no_ca;", after=AS_BEFORE), ["step:CertificateRequest"]),
    ("initial-window", Run(LONG, 4443, delay=0.01), Run(LONG, 4443, before=THEIRS + "initcwnd 3", delay=0.01,
                                                       after=THEIRS), ["server.flight"]),
    ("server-mss", Run(LONG, 4443), Run(LONG, 4443, before=THEIRS + "advmss 700", after=THEIRS), ["tcp.mss"]),
    ("curl-post", Run(HTTP1, 4443), Run(HTTP1.replace("curl ", "curl -d a=1 "), 4443), ["request.method"]),
    ("curl-cookie", Run(HTTP1, 4443), Run(HTTP1.replace("curl ", "curl -b a=1 "), 4443), ["request.headers:Cookie"]),
    ("curl-order", Run(HTTP1.replace("curl ", "curl -H A:1 -H B:2 "), 4443),
     Run(HTTP1.replace("curl ", "curl -H B:2 -H A:1 "), 4443), ["request.headers"]),
    ("gnutls-priority", Run(GNUTLS), Run(GNUTLS + "--priority NORMAL:-AES-256-GCM"), ["hello.suites"]),
]

# What a busy machine can hide: a wait or a flight of its own making.
TIMED = ("delay", "initial-window", "lost-hello")


def sh(line, **more):
    return subprocess.run(["sh", "-c", line], cwd=D, check=True, **more)


def certificates():
    sh("""openssl req -x509 -newkey rsa:2048 -nodes -keyout cakey.pem -out ca.pem -days 30 -subj '/CN=Test CA' 2>/dev/null
    for k in rsa:2048 ec; do
        f=${k%%:*}; opt=; [ $f = ec ] && opt='-pkeyopt ec_paramgen_curve:P-256'
        openssl req -newkey $k $opt -nodes -keyout $f.key -out $f.csr -subj /CN=shop.test 2>/dev/null
        printf 'subjectAltName=DNS:shop.test,DNS:other.test' >ext
        openssl x509 -req -in $f.csr -CA ca.pem -CAkey cakey.pem -CAcreateserial -days 20 -extfile ext -out $f.pem 2>/dev/null
    done
    mkdir -p www; echo hello >www/index.html; head -c 30000 /dev/zero | tr '\\0' x >www/long.txt""")


def servers():
    theirs = ["ip", "netns", "exec", "theirs"]
    nginx = f"""daemon off; pid {D}/nginx.pid; error_log {D}/nginx.log; worker_processes 1; user root;
events {{ }} http {{ access_log off; root {D}/www;
server {{ listen 4443 ssl http2; listen [::]:4443 ssl http2; ssl_certificate {D}/rsa.pem; ssl_certificate_key {D}/rsa.key;
 ssl_protocols TLSv1.2 TLSv1.3; #server# }}
server {{ listen 8080; }} }}"""
    open(f"{D}/nginx.base", "w", encoding="ascii").write(nginx)
    sh("sed 's|#server#||' nginx.base >nginx.conf")
    lines = [["nginx", "-e", f"{D}/nginx.log", "-c", f"{D}/nginx.conf"]]
    for port, more in ((4433, ["-cert", "rsa.pem", "-key", "rsa.key"]), (4434, ["-cert", "ec.pem", "-key", "ec.key"]),
                       (4435, ["-cert", "rsa.pem", "-key", "rsa.key", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"]),
                       (4436, ["-cert", "rsa.pem", "-key", "rsa.key", "-verify", "1"])):
        lines.append(["openssl", "s_server", "-quiet", "-HTTP" if port < 0 else "-www", "-accept", str(port),
                      "-alpn", "http/1.1,h2", *more])
    going = [subprocess.Popen(theirs + l, cwd=D, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) for l in lines]
    for port in (4443, 8080, 4433, 4434, 4435, 4436):
        for _ in range(100):
            if subprocess.run(["sh", "-c", f"ip netns exec theirs ss -ltn | grep -q ':{port} '"], check=False).returncode == 0:
                break
            time.sleep(0.05)
    return going


class Scene:
    """One run on the wire: explain_lab writes what it sees of 10.77.<number>.0/24 to `path`."""
    made = 0

    def __init__(self, path, run):
        Scene.made += 1
        self.path, self.number, self.file, self.seen_first = path, Scene.made % 250, {"kind": "pcap"}, lab.TO_SERVER
        self.writer, self.busy, self.run = None, 0, run
        self.rule = self.act if run.delay or run.lose else None
        self.lost = False

    def act(self, p, side):
        if self.run.lose == "hello" and p.hello() and not self.lost:
            self.lost = True
            return
        side.send(p.frame, after=self.run.delay)


def take(wire, run, path, keys):
    scene = Scene(path, run)
    ip = f"fd77:0:0:{scene.number:x}::1" if run.v6 else f"10.77.{scene.number}.1"
    words = {"{ip}": f"[{ip}]" if run.v6 else ip, "{port}": str(run.port), "{keys}": keys if run.keys else "/dev/null",
             "{n}": str(scene.number)}
    def fill(line):
        for k, v in words.items():
            line = line.replace(k, v)
        return line
    env = {**os.environ, "HOME": D, "LC_ALL": "C"}
    if run.keys:
        env["SSLKEYLOGFILE"] = keys
    if run.before:
        sh(fill(run.before))
    sh(f"ip tcp_metrics flush; ip -n theirs tcp_metrics flush")
    wire.open(scene)
    try:
        subprocess.run(["timeout", "8", "sh", "-c", fill(run.line)], cwd=D, env=env, check=False, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wire.settle(scene, 0.15 + 3 * run.delay)
    finally:
        wire.close(scene)
        if run.after:
            sh(fill(run.after))


def judge(name, expected, last):
    """Says what came of it, unless it is not as it should be and not the last time. True: all is said."""
    a, b, keys = (f"{D}/{name}.{x}" for x in ("a.pcap", "b.pcap", "keys"))
    with_keys = ["--keylog", keys] if os.path.exists(keys) else []
    done = subprocess.run([*VITRINE, "compare", *with_keys, "--json", "-", a, b], capture_output=True, text=True, check=False)
    try:
        found = [d["id"] for d in json.loads(done.stdout)["roots"]]
    except (ValueError, KeyError):
        print(f"FAIL {name}: no comparison: {done.stderr.strip()[:200]}")
        return True
    wanted = 1 if expected else 0
    if sorted(set(found)) == sorted(expected) and done.returncode == wanted:
        print(f"ok {name}: {', '.join(found) if found else 'nothing differs'}")
    elif not last:
        return False
    else:
        print(f"FAIL {name}: expected {expected or 'nothing'}, found {found or 'nothing'} (exit {done.returncode})")
    return True


def main():
    args = sys.argv[1:]
    keep = args[args.index("--keep") + 1] if "--keep" in args else None
    every = "--all" in args
    names = [a for a in args if not a.startswith("--") and a != keep]
    wire = lab.lab()
    certificates()
    going = servers()
    try:
        for i, (name, one, other, expected) in enumerate(PAIRS):
            if not names and not every and (i % 2 or name in TIMED):
                continue
            if (names and name not in names) or (one.line == GNUTLS and not shutil.which("gnutls-cli")):
                continue
            for last in (False, True):
                take(wire, one, f"{D}/{name}.a.pcap", f"{D}/{name}.keys")
                take(wire, other, f"{D}/{name}.b.pcap", f"{D}/{name}.keys")
                if judge(name, expected, last):
                    break
            sys.stdout.flush()
    finally:
        for p in going:
            p.terminate()
        if keep:
            shutil.copytree(D, keep, dirs_exist_ok=True, ignore=shutil.ignore_patterns("nginx.*"))
        shutil.rmtree(D, ignore_errors=True)


main()

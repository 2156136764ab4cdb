"""explain_peers.py - the certificates and the servers of explain_scenes.py and explain_broken.py.

    pki(dir)               root.pem (trusted), chains and keys by name
    servers(dir)           starts them in namespace "theirs"; each listens on all of the servers' addresses
    explain_peers.py DIR   the servers that no program plays: slow, silent, cut short ..."""
import datetime
import os
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

NAME = "www.scene.test"
IP_PKTINFO = 8                                  # Linux; Python 3.11 has no name for it

# name: (issuer, subject, key, extensions, days from, days to)
LEAF = "subjectAltName=DNS:{n}\nextendedKeyUsage=serverAuth\nkeyUsage=digitalSignature,keyEncipherment"
CERTS = {
    "root": ("root", "Scene Root", "ca1", "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign", -900, 900),
    "inter": ("root", "Scene Issuing CA", "ca2", "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=keyCertSign",
              -800, 800),
    "proxyca": ("proxyca", "Corp Web Filter Root", "ca3", "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign",
                -100, 900),
    "rsa": ("inter", NAME, "rsa", LEAF.format(n=NAME), -10, 80),
    "ec": ("inter", NAME, "ec", LEAF.format(n=NAME), -10, 80),
    "ed": ("inter", NAME, "ed", LEAF.format(n=NAME), -10, 80),
    "expired": ("inter", NAME, "rsa", LEAF.format(n=NAME), -100, -3),
    "expired_ec": ("inter", NAME, "ec", LEAF.format(n=NAME), -200, -60),
    "future": ("inter", NAME, "rsa", LEAF.format(n=NAME), 20, 110),
    "future_ec": ("inter", NAME, "ec", LEAF.format(n=NAME), 300, 390),
    "staple": ("inter", NAME, "rsa", LEAF.format(n=NAME) + "\ntlsfeature=status_request", -10, 80),
    "staple_ec": ("inter", NAME, "ec", LEAF.format(n=NAME) + "\ntlsfeature=status_request", -10, 80),
    "other": ("inter", "shop.other.test", "rsa", LEAF.format(n="shop.other.test"), -10, 80),
    "other_ec": ("inter", "mail.other.test", "ec", LEAF.format(n="mail.other.test"), -10, 80),
    "proxied": ("proxyca", NAME, "rsa", LEAF.format(n=NAME), -1, 30),
    "proxied_ec": ("proxyca", NAME, "ec", LEAF.format(n=NAME), -1, 30),
    "alien": ("alien", NAME, "rsa", LEAF.format(n=NAME), -10, 300),
    "alien_ec": ("alien_ec", NAME, "ec", LEAF.format(n=NAME), -10, 300),
    "client": ("root", "a client", "ec", "extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature", -10, 80),
    "client_rsa": ("root", "a client", "rsa", "extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature", -10, 80),
    "stranger": ("proxyca", "a stranger", "ec", "extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature", -10, 80),
}


def openssl(*args, **more):
    done = subprocess.run(["openssl", *args], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **more)
    if done.returncode:
        raise SystemExit(f"openssl {' '.join(args)}: {done.stderr}")


def pki(d):
    os.makedirs(d, exist_ok=True)
    for key, kind in dict(ca1="EC", ca2="RSA", ca3="EC", rsa="RSA", ec="EC", ed="ED25519").items():
        option = {"EC": ["-pkeyopt", "ec_paramgen_curve:P-256"], "RSA": ["-pkeyopt", "rsa_keygen_bits:2048"]}
        openssl("genpkey", "-algorithm", kind, *option.get(kind, []), "-out", f"{d}/{key}.key")
    open(f"{d}/index", "w").close()
    with open(f"{d}/ca.conf", "w") as f:
        f.write(f"[ca]\ndefault_ca=a\n[a]\ndatabase={d}/index\nnew_certs_dir={d}\npolicy=p\nunique_subject=no\nserial={d}/serial\n"
                f"[p]\nCN=supplied\n[req]\ndistinguished_name=n\n[n]\n")
    now = datetime.datetime.now(datetime.timezone.utc)
    for name, (issuer, subject, key, ext, start, end) in CERTS.items():
        with open(f"{d}/ext", "w") as f:
            f.write(ext + "\nsubjectKeyIdentifier=hash\n" + ("authorityKeyIdentifier=keyid\n" if name != issuer else ""))
        openssl("req", "-new", "-key", f"{d}/{key}.key", "-subj", f"/CN={subject}", "-config", f"{d}/ca.conf", "-out", f"{d}/csr")
        who = ["-selfsign", "-keyfile", f"{d}/{key}.key"] if issuer == name else \
            ["-cert", f"{d}/{issuer}.crt", "-keyfile", f"{d}/{CERTS[issuer][2]}.key"]
        date = [(now + datetime.timedelta(days=n)).strftime("%Y%m%d%H%M%SZ") for n in (start, end)]
        openssl("ca", "-batch", "-config", f"{d}/ca.conf", "-in", f"{d}/csr", "-out", f"{d}/{name}.crt", *who, "-rand_serial",
                "-notext", "-md", "sha256", "-startdate", date[0], "-enddate", date[1], "-extfile", f"{d}/ext")
        with open(f"{d}/{name}.pem", "w") as f:                  # a chain as servers send it: the root left out
            shutil.copyfileobj(open(f"{d}/{name}.crt"), f)
            if issuer == "inter":
                shutil.copyfileobj(open(f"{d}/inter.crt"), f)
        with open(f"{d}/{name}.both", "w") as f:
            shutil.copyfileobj(open(f"{d}/{key}.key"), f)
            shutil.copyfileobj(open(f"{d}/{name}.pem"), f)
    with open(f"{d}/dh.pem", "w") as f:                          # RFC 7919's ffdhe2048, which needs no search
        subprocess.run(["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048"],
                       stdout=f, stderr=subprocess.DEVNULL, check=True)


ALL = "ALL:COMPLEMENTOFALL:!eNULL:!aNULL:!PSK:!SRP:@SECLEVEL=0"

# ---- the servers: ports are the peer's thousands and what is special in them
NGINX = {   # port: (certificates, more)
    1443: (("rsa", "ec"), f"ssl_ciphers {ALL}; ssl_session_tickets off; ssl_session_cache shared:a:1m;"),
    1444: (("rsa",), f"ssl_ciphers {ALL}; ssl_session_tickets on;"),
    1445: (("rsa",), f"ssl_ciphers {ALL}; ssl_verify_client on; ssl_client_certificate {{d}}/root.crt;"),
    1446: (("nointer",), ""),
    1447: (("expired",), ""),
    1448: (("future",), ""),
    1449: (("staple",), ""),
    1450: (("other",), ""),
    1451: (("proxied",), ""),
    1452: (("rsa",), "ssl_protocols TLSv1.2; ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256;"),
    1453: (("rsa",), "ssl_protocols TLSv1.3;"),
    1454: (None, "ssl_reject_handshake on;"),
    1455: (("rsa",), "ssl_verify_client on; ssl_client_certificate {d}/root.crt; ssl_protocols TLSv1.2;"),
    1456: (("alien",), ""),
    1457: (("ec",), "ssl_ecdh_curve secp384r1;"),
    1458: (("rsa",), ""),                       # behind the PROXY protocol
}


def nginx(d):
    block = ""
    for port, (certs, more) in NGINX.items():
        proxied = " proxy_protocol" if port == 1458 else ""
        block += f"server {{ listen {port} ssl{proxied}; listen [::]:{port} ssl{proxied}; ssl_dhparam {d}/dh.pem; "
        if "ssl_protocols" not in more:
            block += "ssl_protocols TLSv1.2 TLSv1.3; "
        for c in certs or ():
            block += f"ssl_certificate {d}/{'rsa.crt' if c == 'nointer' else c + '.pem'}; "
            block += f"ssl_certificate_key {d}/{CERTS['rsa' if c == 'nointer' else c][2]}.key; "
        block += more.format(d=d) + f" root {d}/pages; }}\n"
    block += f"server {{ listen 80; listen [::]:80; listen 8443; root {d}/pages; }}\n"
    with open(f"{d}/nginx.conf", "w") as f:
        f.write(f"user root; worker_processes 1; daemon off; pid {d}/nginx.pid; error_log {d}/nginx.log; "
                "events { worker_connections 256; }\nhttp { access_log off; "
                f"client_body_temp_path {d}/b; proxy_temp_path {d}/p; fastcgi_temp_path {d}/f; "
                f"uwsgi_temp_path {d}/u; scgi_temp_path {d}/s;\n{block}}}\n")
    return ["nginx", "-c", f"{d}/nginx.conf"]


def apache(d):
    mods = "/usr/lib/apache2/modules"
    load = "".join(f"LoadModule {m}_module {mods}/mod_{m}.so\n"
                   for m in ("mpm_event", "authz_core", "ssl", "socache_shmcb", "http2") if os.path.exists(f"{mods}/mod_{m}.so"))

    def host(port, chain, key, more=""):
        return (f"Listen 0.0.0.0:{port}\nListen [::]:{port}\n<VirtualHost *:{port}>\nSSLEngine on\n"
                f"SSLCertificateFile {d}/{chain}\nSSLCertificateKeyFile {d}/{key}.key\n{more}\n</VirtualHost>\n")
    with open(f"{d}/apache.conf", "w") as f:
        f.write(f"ServerRoot {d}\nServerName {NAME}\nPidFile {d}/apache.pid\nErrorLog {d}/apache.log\nUser www-data\n"
                f"Group www-data\nMutex file:{d} default\n{load}DefaultRuntimeDir {d}\nTimeout 5\n"
                f"SSLSessionCache shmcb:{d}/cache(512000)\nDocumentRoot {d}/pages\nSSLCipherSuite {ALL}\n"
                f"<Directory {d}/pages>\nRequire all granted\n</Directory>\n" +
                host(2443, "rsa.pem", "rsa") + host(2444, "ec.pem", "ec", "SSLSessionTickets off") +
                host(2445, "rsa.pem", "rsa", f"SSLVerifyClient require\nSSLCACertificateFile {d}/root.crt") +
                host(2446, "ec.crt", "ec") + host(2450, "other_ec.pem", "ec") + host(2451, "proxied_ec.pem", "ec") +
                host(2452, "expired_ec.pem", "ec") + host(2453, "rsa.pem", "rsa", "SSLProtocol TLSv1.2") +
                host(2454, "staple_ec.pem", "ec"))
    return ["apache2", "-D", "FOREGROUND", "-f", f"{d}/apache.conf"]


def haproxy(d):
    def bind(port, both, more=""):
        return f"    bind *:{port} ssl crt {d}/{both}.both {more}\n    bind :::{port} v6only ssl crt {d}/{both}.both {more}\n"
    with open(f"{d}/haproxy.conf", "w") as f:
        f.write("global\n    tune.ssl.default-dh-param 2048\n    ssl-default-bind-ciphers ALL:@SECLEVEL=0\n"
                "defaults\n    mode http\n    timeout connect 5s\n    timeout client 5s\n    timeout server 5s\n"
                "frontend a\n" + bind(3443, "rsa") + bind(3444, "ec", "no-tls-tickets") +
                bind(3445, "rsa", f"verify required ca-file {d}/root.crt") + bind(3446, "rsa", "alpn h2") +
                bind(3447, "rsa", "strict-sni") + bind(3448, "future_ec") +
                "    default_backend b\nbackend b\n    server s 127.0.0.1:80\n")
    return ["haproxy", "-db", "-f", f"{d}/haproxy.conf"]


def s_server(d, port, chain, key, *more):
    return ["openssl", "s_server", "-accept", str(port), "-cert", f"{d}/{chain}.crt", "-key", f"{d}/{key}.key", "-www", "-quiet",
            *(("-cert_chain", f"{d}/inter.crt") if CERTS[chain][0] == "inter" else ()), *more]


def gnutls(d, port, chain, key, *more):
    return ["gnutls-serv", "--http", "-p", str(port), "--x509certfile", f"{d}/{chain}.pem", "--x509keyfile",
            f"{d}/{key}.key", "-q", *more]


def every_server(d):
    wide = "NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3:+RSA:+DHE-RSA:+AES-128-CBC:+AES-256-CBC:+AES-128-CCM:+CAMELLIA-128-CBC:+SHA256:%COMPAT"
    lists = [nginx(d), apache(d), haproxy(d),
             s_server(d, 4443, "rsa", "rsa", "-cipher", ALL, "-dhparam", f"{d}/dh.pem"),
             s_server(d, 4444, "ec", "ec", "-cipher", ALL),
             s_server(d, 4445, "rsa", "rsa", "-tls1_2", "-cipher", "AES256-SHA256"),
             s_server(d, 4446, "rsa", "rsa", "-Verify", "2", "-verify_return_error", "-CAfile", f"{d}/root.crt"),
             s_server(d, 4447, "rsa", "rsa", "-alpn", "h2"),
             s_server(d, 4448, "ec", "ec", "-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384"),
             s_server(d, 4449, "ed", "ed"),
             s_server(d, 4450, "rsa", "rsa", "-tls1_3", "-groups", "P-521", "-num_tickets", "0"),
             s_server(d, 4451, "rsa", "rsa", "-tls1_2", "-no_ticket", "-cipher", ALL, "-no_etm"),
             s_server(d, 4452, "ec", "ec", "-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_8_SHA256:TLS_AES_128_CCM_SHA256:TLS_CHACHA20_POLY1305_SHA256"),
             s_server(d, 4453, "alien_ec", "ec"),
             s_server(d, 4455, "rsa", "rsa", "-tls1_2", "-psk", "1a2b3c4d", "-dhparam", f"{d}/dh.pem", "-cipher",
                      "ALL:eNULL:@SECLEVEL=0"),
             s_server(d, 4454, "ec", "ec", "-tls1_2", "-client_renegotiation"),
             gnutls(d, 5443, "rsa", "rsa", "--priority", wide),
             gnutls(d, 5444, "ec", "ec"),
             gnutls(d, 5445, "rsa", "rsa", "--require-client-cert", "--verify-client-cert", "--x509cafile", f"{d}/root.crt"),
             gnutls(d, 5446, "rsa", "rsa", "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+ECDHE-RSA:-CIPHER-ALL:+CHACHA20-POLY1305"),
             gnutls(d, 5447, "ec", "ec", "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.3"),
             [a for a in gnutls(d, 5449, "ec", "ec", "--echo", "--heartbeat") if a != "--http"],
             gnutls(d, 5448, "ec", "ec", "--alpn", "h2", "--alpn-fatal"),
             [sys.executable, os.path.abspath(__file__), d]]
    return [a for a in lists if shutil.which(a[0])]


def servers(d):
    os.makedirs(f"{d}/pages")
    os.chmod(d, 0o755)
    for name, size in dict(small=300, page=20000, big=400000, huge=3000000).items():
        with open(f"{d}/pages/{name}", "wb") as f:
            f.write(os.urandom(size // 2).hex().encode())
    shutil.copy(f"{d}/pages/small", f"{d}/pages/index.html")
    log = open(f"{d}/servers.log", "ab")
    started = [subprocess.Popen(["ip", "netns", "exec", "theirs", *a], stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=d)
               for a in every_server(d)]
    wait = 1443, 2443, 3443, 5443, 4453, 6443
    deadline = time.monotonic() + 20
    for port in wait:
        while time.monotonic() < deadline:
            done = subprocess.run(["ip", "netns", "exec", "theirs", "sh", "-c", f"ss -Hltn 'sport = :{port}' | grep -q ."])
            if done.returncode == 0:
                break
            time.sleep(0.1)
        else:
            print(f"no server at port {port}", file=sys.stderr)
    return started


# ---- servers of our own, for what no program does when asked
def context(d, chain="rsa", key="rsa", **more):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    c.load_cert_chain(f"{d}/{chain}.pem", f"{d}/{key}.key")
    for k, v in more.items():
        setattr(c, k, v)
    return c


def page(size):
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Type: text/plain\r\n\r\n" % size


def slow(s, seconds=2.5):
    s.recv(4000)
    time.sleep(seconds)
    s.sendall(page(5) + b"slow\n")
    s.unwrap()


def cut(s):                                     # the middle of a response, then FIN: no close_notify
    s.recv(4000)
    s.sendall(page(50000))
    s.sendall(bytes(32768))
    s.detach_and_close()


def cut_record(d, c):                           # the same in the middle of a record: TLS over pipes
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    o = context(d).wrap_bio(into, out, server_side=True)

    def step(do, *args):
        while True:
            try:
                return do(*args)
            except ssl.SSLWantReadError:
                c.sendall(out.read())
                into.write(c.recv(65536))
    step(o.do_handshake)
    step(o.read, 4000)
    o.write(page(50000) + bytes(50000))
    c.sendall(out.read()[:-5000])


def reset(s):                                   # the same, with RST
    s.recv(4000)
    s.sendall(page(50000) + bytes(20000))
    time.sleep(0.1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.detach_and_close()


def keep(s):                                    # answers for as long as it is asked
    while s.recv(4000):
        s.sendall(page(5) + b"keep\n")


class Closing(ssl.SSLSocket):
    def detach_and_close(self):
        socket.socket.close(self)


def vanish(s):                                  # answers once, then knows nothing of the connection any more
    s.recv(4000)
    s.sendall(page(5) + b"gone\n")
    time.sleep(0.1)
    s.setsockopt(socket.IPPROTO_TCP, 19, 1)     # TCP_REPAIR: closed in silence
    s.detach_and_close()


def sink(s):                                    # takes what is sent, and answers at its end
    got = s.recv(65536)
    while b"\r\n\r\n" not in got:
        got += s.recv(65536)
    head, body = got.split(b"\r\n\r\n", 1)
    left = int(head.lower().split(b"content-length:")[1].split()[0]) - len(body)
    while left > 0:
        left -= len(s.recv(65536)) or left
    s.sendall(page(5) + b"took\n")
    s.unwrap()


def deaf(s):                                    # reads nothing of what it is sent
    time.sleep(20)


def listen(port, serve, buffer=0):
    s = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)
    if buffer:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)

    def accept():
        while True:
            c, _ = s.accept()
            threading.Thread(target=safely, args=(serve, c), daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()


def safely(serve, c):
    try:
        serve(c)
    except OSError:
        pass
    finally:
        try:
            c.close()
        except OSError:
            pass


def tls(ctx, serve):
    ctx.sslsocket_class = Closing
    return lambda c: serve(ctx.wrap_socket(c, server_side=True))


def refuse_hello(c):                            # closes as soon as something comes
    c.recv(4000)


def mute(c):                                    # takes all, says nothing
    while c.recv(4000):
        pass


# What stands in the open before TLS: what the server says first, and its answer to each line or message of the client.
OPENINGS = {
    "smtp": (b"220 mail\r\n", [b"250-mail\r\n250 STARTTLS\r\n", b"220 go\r\n"]),
    "imap": (b"* OK ready\r\n", [b"* CAPABILITY IMAP4rev1 STARTTLS\r\n. OK\r\n", b". OK go\r\n"]),
    "pop3": (b"+OK ready\r\n", [b"+OK go\r\n"]),
    "ftp": (b"220 files\r\n", [b"234 go\r\n"]),
    "postgres": (b"", [b"S"]),
    "ldap": (b"", [bytes.fromhex("300c02010178070a010004000400")]),
}


def open_plainly(c, opening):
    greeting, answers = opening
    c.sendall(greeting)
    for answer in answers:
        c.recv(4096)
        c.sendall(answer)


def sink_lines(s):                               # an echo
    while got := s.recv(4096):
        s.sendall(got)


def own(d):
    v12 = ssl.TLSVersion.TLSv1_2
    listen(6443, tls(context(d), keep))
    listen(6444, tls(context(d), slow))
    listen(6445, tls(context(d, maximum_version=v12), slow))
    listen(6446, tls(context(d), cut))
    listen(6447, tls(context(d, maximum_version=v12), cut))
    listen(6448, tls(context(d), reset))
    listen(6449, tls(context(d, maximum_version=v12), reset))
    listen(6450, refuse_hello)
    listen(6451, mute)
    listen(6452, tls(context(d, "ec", "ec", maximum_version=v12), keep))
    listen(6453, tls(context(d), deaf), 4096)
    listen(6454, tls(context(d, maximum_version=v12), deaf), 4096)
    listen(6455, tls(context(d), vanish))
    listen(6456, tls(context(d, maximum_version=v12), vanish))
    listen(6457, tls(context(d), sink))
    listen(6458, tls(context(d, maximum_version=v12), sink))
    listen(6459, lambda c: cut_record(d, c))
    for i, opening in enumerate(OPENINGS.values()):
        listen(6460 + i, lambda c, opening=opening: (open_plainly(c, opening), tls(context(d), sink_lines)(c)))
    names(53)


def names(port):
    """A name server: every name has the address that was asked, but nowhere.test has none."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
    s.bind(("0.0.0.0", port))
    while True:
        query, about, _, who = s.recvmsg(512, 100)
        info = about[0][2]
        s.sendmsg([dns_answer(query, info[4:8])], [(socket.IPPROTO_IP, IP_PKTINFO, bytes(4) + info[4:8] + bytes(4))], 0, who)


def dns_answer(query, address):
    end = query.index(0, 12) + 5
    if b"nowhere" in query:
        return query[:2] + b"\x81\x83" + query[4:6] + bytes(6) + query[12:end]
    if query[end - 3] != 1:                                      # not A
        return query[:2] + b"\x81\x80" + query[4:6] + bytes(6) + query[12:end]
    return query[:2] + b"\x81\x80" + query[4:6] + b"\0\1\0\0\0\0" + query[12:end] + \
        b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + address


if __name__ == "__main__":
    own(sys.argv[1])

"""Web servers: as servers, and as our clients where they are told to fetch a page from behind (proxies)."""
import http.client
import http.server
import os
import shutil
import threading

from base import Failed, No, has_page, read, size_of
from tools import Peer, Watched, curves, first_line


class Web(Peer):
    short = False
    program = package = ""
    no_client = {}                      # what its proxy has not
    no_server = {}

    def version(self):
        if not shutil.which(self.program):
            raise No("Debian: " + self.package)
        return self.version_of()

    def can(self, role, case):
        why = (self.no_client if role == "client" else self.no_server).get(case.feature)
        if why:
            raise No(why)

    def write(self, name, text):
        with open(self.world.at(name), "w", encoding="ascii") as f:
            f.write(text)
        return self.world.at(name)

    def both(self, kind, dh=None):
        """Certificate and key in one file, and a group for DH."""
        w = self.world
        name = "%s.%s" % (kind, os.path.basename(dh or "both"))
        with w.lock:
            self.write(name, "".join(read(x) for x in (w.at(kind + ".pem"), w.at(kind + ".key"), dh) if x))
        return w.at(name)

    # -- our client at its server
    def server(self, case):
        w = self.world
        group = case.group if case.group.startswith("ffdhe") else "ffdhe2048"
        key = (self.name, case.kind, group, case.feature if case.feature != "full" else "")
        port = w.once(key, lambda port: self.serves(port, case, w.at(group + ".pem")))
        has_page(case, w.get(case, port, "/%d" % size_of(case), curves(case)[1:])[1])

    # -- our server behind its proxy
    def begin(self, role, all_cases):
        if role != "client":
            return
        w = self.world
        todo = [c for c in all_cases if c.feature not in self.no_client]
        self.paths = {c: "/c%d/" % i for i, c in enumerate(todo)}
        self.watched = {c: Watched(w, w.serve(c)) for c in todo}
        self.port = w.new_port()
        self.proxy(self.port, [(c, self.paths[c], self.watched[c].port) for c in todo])

    def client(self, case):
        again = case.feature in ("session id", "ticket")
        watched = self.watched[case]
        for _ in range(2 if again else 1):
            c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            c.request("GET", "%s%d" % (self.paths[case], size_of(case)), headers={"Host": "localhost"})
            answer = c.getresponse()
            has_page(case, (b"" if answer.status == 200 else b"%d " % answer.status) + answer.read())
            c.close()
        if again and watched.full[:2] != [True, False]:
            raise Failed("not resumed: %s" % watched.full)


class Nginx(Web):
    name = program = package = "nginx"
    no_client = {"stapling": "its proxy asks for no staple", "ALPN": "its proxy offers no ALPN",
                 "tiny": "its proxy's records cannot be made smaller"}

    def version_of(self):
        return first_line("nginx", "-v").split("/")[1]

    def run(self, port, inside):
        w = self.world
        temp = "".join("%s_temp_path %s;\n" % (x, w.at("temp")) for x in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        conf = self.write("nginx.%d" % port, "daemon off; master_process off; error_log stderr; pid %s.pid;\n"
                          "events { worker_connections 500; }\nhttp { access_log off;\n%s server { %s } }\n"
                          % (w.at("nginx.%d" % port), temp, inside))
        w.launch("nginx", ["nginx", "-e", "stderr", "-p", w.folder, "-c", conf], port)

    def serves(self, port, case, dh):
        w = self.world
        words = ["listen 127.0.0.1:%d ssl" % port, "root " + w.at("root"), "ssl_protocols TLSv1.2",
                 "ssl_certificate %s.pem" % w.at(case.kind), "ssl_certificate_key %s.key" % w.at(case.kind),
                 "ssl_ciphers ALL:@SECLEVEL=0", "ssl_ecdh_curve X25519:P-256:P-384:P-521", "ssl_dhparam " + dh,
                 "ssl_session_cache shared:kept%d:1m" % port]
        words += {"session id": ["ssl_session_tickets off"], "tiny": ["ssl_buffer_size 64"],
                  "client certificate": ["ssl_verify_client on", "ssl_client_certificate " + w.at("ca.pem")],
                  "stapling": ["ssl_stapling on", "ssl_stapling_file %s.ocsp" % w.at(case.kind)]}.get(case.feature, [])
        self.run(port, ";\n".join(words) + ";")

    def proxy(self, port, paths):
        w, said = self.world, "listen 127.0.0.1:%d;\n" % port
        for case, path, to in paths:
            words = ["proxy_pass https://127.0.0.1:%d/" % to, "proxy_ssl_name localhost", "proxy_ssl_server_name on",
                     "proxy_ssl_verify on", "proxy_ssl_trusted_certificate " + w.at("ca.pem"), "proxy_ssl_protocols TLSv1.2",
                     "proxy_ssl_ciphers %s:@SECLEVEL=0" % case.suite.name]
            if case.group != "-":
                words += ["proxy_ssl_conf_command Groups " + ":".join(curves(case))]
            if case.client_kind:
                words += ["proxy_ssl_certificate %s.pem" % w.at(case.client_kind), "proxy_ssl_certificate_key %s.key" %
                          w.at(case.client_kind)]
            said += "location %s { %s; }\n" % (path, ";\n".join(words))
        self.run(port, said)


class Apache(Web):
    name, program, package = "apache2", "apache2", "apache2-bin"
    no_client = {"stapling": "its proxy asks for no staple", "session id": "its proxy resumes nothing",
                 "ticket": "its proxy resumes nothing", "ALPN": "its proxy offers no ALPN for HTTP/1.1",
                 "tiny": "its records cannot be made smaller"}
    no_server = {"stapling": "staples only what it has fetched itself", "tiny": "its records cannot be made smaller"}

    def version_of(self):
        return first_line("apache2", "-v").split("/")[1].split()[0]

    def run(self, port, inside):
        w = self.world
        modules = "".join("LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n" % (m, m) for m in (
            "mpm_event", "authz_core", "ssl", "socache_shmcb", "proxy", "proxy_http"))
        conf = self.write("apache.%d" % port, modules + "ServerName localhost\nServerRoot %s\nPidFile %s.pid\nErrorLog %s.log\n"
                          "DefaultRuntimeDir %s\nUser www-data\nGroup www-data\nListen 127.0.0.1:%d\nSSLSessionCache "
                          "shmcb:%s.cache(512000)\nDocumentRoot %s\n%s\n" % (
                              w.folder, w.at("apache.%d" % port), w.at("apache.%d" % port), w.folder, port,
                              w.at("apache.%d" % port), w.at("root"), inside))
        w.launch("apache2", ["apache2", "-d", w.folder, "-f", conf, "-DFOREGROUND"], port)

    def serves(self, port, case, dh):
        w = self.world
        words = ["SSLEngine on", "SSLProtocol TLSv1.2", "SSLCertificateFile " + self.both(case.kind, dh),
                 "SSLCertificateKeyFile %s.key" % w.at(case.kind), "SSLCipherSuite ALL:@SECLEVEL=0",
                 "SSLOpenSSLConfCmd Groups X25519:P-256:P-384:P-521"]
        words += {"session id": ["SSLSessionTickets off"],
                  "client certificate": ["SSLVerifyClient require", "SSLCACertificateFile " + w.at("ca.pem")]}.get(case.feature, [])
        self.run(port, "\n".join(words))

    def proxy(self, port, paths):
        w, said = self.world, "SSLProxyEngine on\n"
        for case, path, to in paths:
            words = ["SSLProxyVerify require", "SSLProxyCACertificateFile " + w.at("ca.pem"), "SSLProxyProtocol TLSv1.2",
                     "SSLProxyCipherSuite %s:@SECLEVEL=0" % case.suite.name]
            if case.client_kind:
                words += ["SSLProxyMachineCertificateFile " + self.both(case.client_kind)]
            said += '<Proxy "https://localhost:%d/">\n%s\n</Proxy>\nProxyPass "%s" "https://localhost:%d/"\n' % (
                to, "\n".join(words), path, to)
        self.run(port, said)


class HAProxy(Web):
    name, program, package = "haproxy", "haproxy", "haproxy"
    no_client = {"stapling": "asks for no staple", "tiny": "its records to servers cannot be made smaller"}
    plain = 0

    def version_of(self):
        return first_line("haproxy", "-v").split()[2].split("-")[0]

    def run(self, port, inside, more=""):
        w = self.world
        conf = self.write("haproxy.%d" % port, "global\n  maxconn 500\n  nbthread 1\n%sdefaults\n  mode http\n  timeout connect 9s\n"
                          "  timeout client 20s\n  timeout server 20s\n  option http-server-close\n  http-reuse never\n%s\n" % (more, inside))
        w.launch("haproxy", ["haproxy", "-db", "-f", conf], port)

    def pages(self, port):
        """What haproxy itself has not: pages."""
        root = self.world.at("root")

        class Pages(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *words):
                super().__init__(*words, directory=root)

            def log_message(self, *_):
                pass
        threading.Thread(target=http.server.ThreadingHTTPServer(("127.0.0.1", port), Pages).serve_forever, daemon=True).start()

    def serves(self, port, case, dh):
        w = self.world
        plain = w.once("pages", self.pages)
        file = w.at("haproxy.%d.pem" % port)
        with open(self.both(case.kind), encoding="ascii") as f:
            self.write("haproxy.%d.pem" % port, f.read())
        if case.feature == "stapling":
            shutil.copy(w.at(case.kind + ".ocsp"), file + ".ocsp")
            shutil.copy(w.at("ca.pem"), file + ".issuer")
        words = "bind 127.0.0.1:%d ssl crt %s ciphers ALL:@SECLEVEL=0 curves X25519:P-256:P-384:P-521 ssl-max-ver TLSv1.2 prefer-client-ciphers " % (port, file)
        words += {"session id": "no-tls-tickets", "ALPN": "alpn h2,http/1.1",
                  "client certificate": "ca-file %s verify required" % w.at("ca.pem")}.get(case.feature, "")
        more = "  ssl-dh-param-file %s\n" % dh + ("  tune.ssl.maxrecord 64\n" if case.feature == "tiny" else "")
        self.run(port, "frontend f\n  %s\n  default_backend b\nbackend b\n  server s 127.0.0.1:%d\n" % (words, plain), more)

    def proxy(self, port, paths):
        w, said = self.world, "frontend f\n  bind 127.0.0.1:%d\n" % port
        for case, path, to in paths:
            said += "  use_backend b%d if { path_beg %s }\n" % (to, path)
        for case, path, to in paths:
            words = "ciphers %s:@SECLEVEL=0 " % case.suite.name
            words += "crt %s " % self.both(case.client_kind) if case.client_kind else ""
            words += {"ALPN": "alpn h2,http/1.1", "session id": "no-tls-tickets"}.get(case.feature, "")
            said += ("backend b%d\n  http-request set-path %%[path,regsub(^%s,/)]\n  server s 127.0.0.1:%d ssl verify required "
                     "ca-file %s sni str(localhost) verifyhost localhost force-tlsv12 %s\n" % (to, path, to, w.at("ca.pem"), words))
        self.run(port, said)

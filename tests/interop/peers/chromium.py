"""Chromium, one for all cases, spoken to by tests/tools/browser.py."""
import os
import shutil
import sys

from base import GROUPS, Failed, No, size_of
from tools import Peer, Watched, first_line, run

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tools"))
import browser  # noqa: E402

FETCH = """(async () => {
    const bodies = await Promise.all([...Array(%d).keys()].map(async i =>
        new Uint8Array(await (await fetch('/%d?' + i, { cache: 'no-store' })).arrayBuffer())));
    return bodies.every(b => b.length === %d && b.every((octet, i) => octet === i %% 251)) ? 'whole' : 'broken';
})()"""


class Seeing(browser.Browser):
    """Keeps what the browser says of each answer's connection."""
    seen = ()

    def note(self, event):
        super().note(event)
        if event.get("method") == "Network.responseReceived":
            r = event["params"]["response"]
            self.seen = (r.get("protocol"), r.get("securityDetails", {}))


class Chromium(Peer):
    name = "Chromium"
    short = False
    roles = ("client",)
    parallel = 1
    lacks = {"client certificate": "asks its user which certificate", "stapling": "says nothing of staples",
             "tiny": "its records cannot be made smaller", "P-521": "no P-521", "Ed25519": "no Ed25519", "RSA-PSS": "no RSASSA-PSS keys"}

    def version(self):
        if not shutil.which("chromium") or not shutil.which("certutil"):
            raise No("Debian: chromium, libnss3-tools")
        w = self.world
        os.environ["HOME"] = w.at("home")
        os.makedirs(w.at("home/.pki/nssdb"))
        run(["certutil", "-d", "sql:home/.pki/nssdb", "-N", "--empty-password"], cwd=w.folder)
        run(["certutil", "-d", "sql:home/.pki/nssdb", "-A", "-t", "C,,", "-n", "ca", "-i", "ca.pem"], cwd=w.folder)
        with open(w.at("root", "page.html"), "w", encoding="ascii") as f:
            f.write("<!doctype html><title>a page</title>")
        return next(x for x in first_line("chromium", "--version", "--no-sandbox").split() if x[0].isdigit())

    def can(self, role, case):
        for what in (case.feature, case.group, case.kind):
            if what in self.lacks:
                raise No(self.lacks[what])
        if case.suite.kx == "DHE":
            raise No("no DHE")
        if case.suite.name.endswith(("SHA256", "SHA384")) and "GCM" not in case.suite.name:
            raise No("no CBC with SHA-256 and SHA-384")
        if case.suite.auth == "ECDSA" and case.suite.name.endswith("SHA"):
            raise No("no CBC with ECDSA")
        if case.group not in (*GROUPS, "-"):
            raise No("no " + case.group)

    def begin(self, role, all_cases):
        self.browser = Seeing().__enter__()
        self.world.processes.append(self.browser.process)

    def client(self, case):
        again = case.feature in ("session id", "ticket")
        watched = Watched(self.world, self.world.serve(case))
        try:
            self.browser.open("https://localhost:%d/page.html" % watched.port)
            said = self.browser.run(FETCH % (6 if again else 1, size_of(case), size_of(case)))
        except (RuntimeError, TimeoutError, EOFError) as why:
            raise Failed(str(why)[:300]) from why
        protocol, security = self.browser.seen
        if said != "whole" or security.get("protocol") != "TLS 1.2" or protocol != "http/1.1":
            raise Failed("%s by %s: %s" % (said, protocol, security))
        if again and False not in watched.full:
            raise Failed("not resumed: %s" % watched.full)

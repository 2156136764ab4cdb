#!/usr/bin/env python3
"""explain.py [--all] [--keep DIR] [--only PART] [NAME...] - `vitrine explain` over captures of other people's stacks. A line for each:

  sound     with the key log and the CA: exit code 0, every Finished verified, every sealed record opened, and not fewer
            than tshark opens; without: no diagnosis
  spoiled   copies spoiled in one octet: exit code 1, and the record or message is named with its packet
  broken    connections that failed: the cause
  oracle    the sound ones again: each field that both explain and tshark name agrees (oracle_capture.py)
  doctor    captures that do not open: why

In namespaces of its own: explain.sh. --all: every scene, not one of each kind. --keep: captures go to DIR/sound,
DIR/spoiled and DIR/broken and stay there; --judge DIR: those that lie there, made before. VITRINE: how the program is
called."""
import argparse
import collections
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import explain_lab as lab
import oracle
import oracle_capture
from explain_broken import broken
from explain_doctor import SOURCES, doctored
from explain_peers import pki, servers
from explain_scenes import sound
from explain_spoil import spoil, sources

VITRINE = os.environ.get("VITRINE", "./vitrine").split()
# Held against tshark each time, one of each stack and version; with --all the others, too.
BY_TSHARK = ("nginx12-curl", "openssl12-client-certificate", "gnutls12-dhe", "haproxy12-curl", "openssl13-aes-256",
             "python13-python", "apache13-curl")
# what fragments carry we name in the stream alone, tshark in the last; messages in many short records; behind a forged
# SYN it opens nothing
UNREAD_BY_TSHARK = ("aria", "fragment", "record-size", "forged")
UNREAD_BY_US = ("psk", "adh-", "aecdh-", "starttls", "heartbeat")     # a key exchange passed over; no HTTP within
CIPHER_SUITES_UNKNOWN = ("aria",)                     # to tshark 4.0, too


class Said:
    """What explain said of a file."""

    def __init__(self, path, *options, stdin=subprocess.DEVNULL):
        with tempfile.NamedTemporaryFile() as facts:
            out = subprocess.run([*VITRINE, "explain", path, *options, "--facts", facts.name], stdin=stdin,
                                 capture_output=True, timeout=60, env={**os.environ, "LC_ALL": "C.UTF-8"})
            self.facts = [json.loads(line) for line in facts.read().splitlines()]
        self.code = out.returncode
        self.text = out.stdout.decode(errors="replace") + out.stderr.decode(errors="replace")
        self.connections = [f for f in self.facts if f["kind"] == "connection"]
        self.finished = self.of("Finished verified")
        self.opened = self.of("sealed records? opened")
        self.causes = [c["id"] for f in self.facts for c in f.get("causes", [])]
        self.wrong = [w for c in self.connections for w in c["wrong"]]

    def of(self, what):
        m = re.findall(r"(\d+) of (\d+) " + what, self.text)
        return (int(m[-1][0]), int(m[-1][1])) if m else (None, None)

    def tail(self):
        return "\n    ".join([""] + self.text.strip().splitlines()[-6:])


def tshark_opens(path, keys):
    """How many records; told once for a capture that stays."""
    told = path + ".tshark"
    if os.path.exists(told) and os.path.getmtime(told) > os.path.getmtime(path):
        return int(open(told).read())
    with tempfile.NamedTemporaryFile("r", errors="replace") as debug:
        subprocess.run(["tshark", "-r", path, "-o", f"tls.keylog_file:{keys}", "-o", f"tls.debug_file:{debug.name}", "-d",
                        "tcp.port==1025-9000,tls", "-T", "fields", "-e", "frame.number"], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)
        n = len(re.findall(r"^auth_tag\(OK\)|mac ok", debug.read(), re.M))
    with open(told, "w") as f:
        f.write(str(n))
    return n


def judge_sound(folder, name):
    path, keys = f"{folder}/{name}.pcap", f"{folder}/{name}.keys"
    said, theirs = Said(path, "--keylog", keys, "--trust", f"{folder}/root.pem"), tshark_opens(path, keys)
    return (*held(said, theirs), said)


def held(said, theirs):
    """What is wrong where all must hold, and what there was."""
    wrong = []
    if said.code != 0:
        wrong.append(f"exit code {said.code}")
    if said.finished[0] is None or said.finished[0] != said.finished[1] or said.finished[0] < 2:
        wrong.append(f"Finished: {said.finished[0]} of {said.finished[1]}")
    if said.opened[0] is None or said.opened[0] != said.opened[1] or said.opened[0] < theirs:
        wrong.append(f"records: {said.opened[0]} of {said.opened[1]}, tshark {theirs}")
    return wrong, f"{said.finished[0]} Finished, {said.opened[0]} records, tshark {theirs}"


def judge_oracle(table, folder, name):
    with tempfile.TemporaryDirectory() as d:
        try:
            c = oracle_capture.compare(table, VITRINE, d, name, f"{folder}/{name}.pcap", f"{folder}/{name}.keys")
        except oracle.Wrong as wrong:
            return [str(wrong)], "", None
    octets = c.pop("decrypted octets", 0)
    return [], f"{sum(c.values())} fields and {octets} decrypted octets agree", None


def judge_table(table):
    """Every row of what other people say and our visits do not fits something."""
    stale = table.stale(oracle.ELSEWHERE.match)
    return [f"rows fit nothing: {' '.join(stale)}"] if stale else [], "no row is stale", None


def wireshark_table(d):
    with open(f"{d}/table", "w") as f:
        subprocess.run([*VITRINE, "help", "--wireshark"], stdout=f, check=True)
    return oracle.Table(f"{d}/table")


def judge_silent(folder, name):
    said = Said(f"{folder}/{name}.pcap")
    return ([f"a diagnosis: {said.causes}"] if said.causes else []), "no diagnosis without keys", said


def judge_spoiled(folder, name, packets, words):
    said = Said(f"{folder}/{name}.pcap", "--keylog", f"{folder}/{name}.keys", "--trust", f"{folder}/root.pem")
    named = [f'{w["side"]} {w["message"] or w["what"]} {w["record"]} in packet {w["packet"]}: {w["ground"]}'
             for w in said.wrong if re.search(words, f'{w["what"]} {w["message"]}', re.I) and w["packet"] in packets]
    wrong = [] if said.code == 1 else [f"exit code {said.code}"]
    if not named:
        wrong.append(f"none of /{words}/ in packets {packets}")
    return wrong, named[0] if named else "", said


def judge_doctored(path, options, code, facts):
    said, wrong = Said(path, *options), []
    if code is not None and said.code != code or said.code not in (0, 1):
        wrong.append(f"exit code {said.code}, not {code}")
    for name, value in facts.items():
        there = {c.get(name, c.get("tls", {}).get(name)) for c in said.connections}
        if value not in there:
            wrong.append(f"{name} is {there}, not {value}")
    return wrong, " ".join(f"{n} {v or 'not'}" for n, v in facts.items()), said


def judge_broken(folder, name, expect):
    keys = f"{folder}/{name}.keys"
    said = Said(f"{folder}/{name}.pcap", *(["--keylog", keys] if os.path.exists(keys) else []))
    first = said.causes[0] if said.causes else "no cause"
    wrong = [] if first in expect else [f"{first}, not {' or '.join(expect)}"]
    return wrong, first, said


def judge_options(path, keys, options, trust):
    said = Said(path, *options, "--trust", trust)
    theirs = tshark_opens(path, keys) if keys else 0
    return (*held(said, theirs), said)


def judge_pipe(path, keys, trust):
    with open(path, "rb") as f:
        said = Said("-", "--keylog", keys, "--trust", trust, stdin=f)
    return (*held(said, 0), said)


def variants(folder, names):
    """Other ways to ask: all of the sound captures in one file of many link layers, secrets inside, the server's private
    key instead of a key log, a pipe."""
    out, trust = f"{folder}/variants", f"{folder}/root.pem"
    os.makedirs(out, exist_ok=True)
    names = [n for n in names if os.path.exists(f"{folder}/{n}.keys") and not any(c in n for c in CIPHER_SUITES_UNKNOWN)]
    if shutil.which("mergecap") and len(names) > 8:
        subprocess.run(["mergecap", "-w", f"{out}/all.pcapng", *(f"{folder}/{n}.pcap" for n in names)], check=True)
        with open(f"{out}/all.keys", "wb") as f:
            for n in names:
                shutil.copyfileobj(open(f"{folder}/{n}.keys", "rb"), f)
        yield "all in one file", judge_options, (f"{out}/all.pcapng", f"{out}/all.keys",
                                                 ["--keylog", f"{out}/all.keys"], trust)
    for n in names:
        path, keys = f"{folder}/{n}.pcap", f"{folder}/{n}.keys"
        if n in ("nginx12-curl", "gnutls13", "nginx12-many") and shutil.which("editcap"):
            subprocess.run(["editcap", "--inject-secrets", f"tls,{keys}", path, f"{out}/{n}.pcapng"], check=True)
            yield f"{n}, secrets inside", judge_options, (f"{out}/{n}.pcapng", keys, [], trust)
        if n in ("openssl12-aes128-sha", "nginx12-curl-rsa-key", "gnutls12-rsa-cbc-etm"):
            yield f"{n}, by the server's key", judge_options, (path, None, ["--server-key", f"{folder}/server.key"], trust)
        if n in ("nginx13-curl", "openssl12-resume-id"):
            yield f"{n}, from a pipe", judge_pipe, (path, keys, trust)


def tell(results):
    """Prints a line for each; how many are wrong."""
    failed, sums = 0, collections.Counter()
    for part, name, (wrong, what, said) in results:
        sums[part, not wrong] += 1
        if wrong:
            failed += 1
            print(f"FAIL explain: {part} {name}: {'; '.join(wrong)}{said.tail() if said else ''}", flush=True)
        else:
            print(f"ok explain: {part} {name}: {what}", flush=True)
    for part in sorted({p for p, _ in sums}):
        print(f"-- {part}: {sums[part, True]} of {sums[part, True] + sums[part, False]}")
    return failed


def safely(judge, *args):
    try:
        return judge(*args)
    except subprocess.TimeoutExpired:
        return ["it does not end"], "", None
    except KeyError as e:
        return [f"nothing is told of {e}"], "", None
    except FileNotFoundError as e:
        return [f"no capture: {e.filename}"], "", None


def missing(scene):
    """A program that this scene needs and that is not here."""
    server = {1: "nginx", 2: "apache2", 3: "haproxy", 4: "openssl", 5: "gnutls-serv"}.get(scene.port // 1000)
    words = " ".join(line for line in scene.lines if isinstance(line, str))
    clients = [c for c in ("curl", "wget", "gnutls-cli", "chromium", "openssl") if re.search(rf"(^|[ |;']){c} ", words)]
    return next((p for p in [*clients, server] if p and not shutil.which(p)), None)


def capture(scenes, base, d):
    """All of them, in namespaces of their own."""
    pki(d)
    wire = lab.lab()
    servers(d)
    for part in ("sound", "spoiled"):
        shutil.copy(f"{d}/root.crt", f"{base}/{part}/root.pem")
    shutil.copy(f"{d}/rsa.key", f"{base}/sound/server.key")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        going = [pool.submit(s.run, wire, d, f"{base}/{part}") for part, s in scenes]
        for g in going:
            g.result()
    for part, s in scenes:
        if hurried(f"{base}/{part}", part, s):
            print(f"-- once more: {part} {s.name}", flush=True)
            s.run(wire, d, f"{base}/{part}")


def hurried(folder, part, scene):
    """What a client gave up too early, or a server was late with, because the machine had other work: it is made a
    second time. What is wrong then counts."""
    if any(c in scene.name for c in CIPHER_SUITES_UNKNOWN):
        return False
    judged = safely(judge_broken, folder, scene.name, scene.expect) if part == "broken" else \
        safely(judge_silent, folder, scene.name)
    return bool(judged[0])


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--all", action="store_true")
    args.add_argument("--keep")
    args.add_argument("--judge")
    args.add_argument("--only")
    args.add_argument("names", nargs="*")
    a = args.parse_args()
    seldom = broken()                                 # of each cause the first
    needed = {*sources(), *SOURCES, "gnutls12-resume", "haproxy12-curl", "nginx12-big-lossy", "nginx13-fragments",
              "python13-starttls-smtp", "nginx13-proxied", "openssl12-psk-aes128-cbc-sha256", "gnutls12-heartbeat"}
    scenes = [("sound", s) for s in sound() if a.all or s.name in needed] + \
             [("broken", s) for i, s in enumerate(seldom) if a.all or s.expect not in [b.expect for b in seldom[:i]]]
    whole = a.all and not a.names and a.only in (None, "sound") and not any(missing(s) for _, s in scenes)
    for part, s in scenes:
        if missing(s):
            print(f"skipped: explain: {part} {s.name}: no {missing(s)} here")
    scenes = [(p, s) for p, s in scenes if not missing(s) and (not a.names or s.name in a.names) and a.only in (None, p)]
    with tempfile.TemporaryDirectory() as d:
        base = a.judge or a.keep or f"{d}/captures"
        for part in ("sound", "spoiled", "broken"):
            os.makedirs(f"{base}/{part}", exist_ok=True)
        if not a.judge:
            os.makedirs(f"{d}/peers")
            capture(sorted(scenes, key=lambda s: -s[1].limit), base, f"{d}/peers")
        spoiled = spoil(f"{base}/sound", f"{base}/spoiled") if a.only in (None, "spoiled") else []
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            going = []
            for part, s in scenes:
                folder = f"{base}/{part}"
                if part == "sound" and any(c in s.name for c in CIPHER_SUITES_UNKNOWN):
                    continue
                if part == "sound":
                    going.append((part, s.name, pool.submit(safely, judge_sound, folder, s.name)))
                    going.append(("silent", s.name, pool.submit(safely, judge_silent, folder, s.name)))
                else:
                    going.append((part, s.name, pool.submit(safely, judge_broken, folder, s.name, s.expect)))
            table = wireshark_table(d)
            going += [("oracle", s.name, pool.submit(safely, judge_oracle, table, f"{base}/sound", s.name))
                      for p, s in scenes if p == "sound" and (a.all or a.names or s.name in BY_TSHARK)
                      and not any(c in s.name for c in UNREAD_BY_TSHARK + UNREAD_BY_US)]
            if a.only in (None, "sound") and not a.names:
                for name, judge, args in variants(f"{base}/sound", [s.name for p, s in scenes if p == "sound"]):
                    going.append(("variant", name, pool.submit(safely, judge, *args)))
            if a.only in (None, "doctor") and not a.names:
                for name, *args in doctored(f"{base}/sound", f"{base}/sound/doctored"):
                    going.append(("doctor", name, pool.submit(safely, judge_doctored, *args)))
            for name, packets, words in spoiled:
                going.append(("spoiled", name, pool.submit(safely, judge_spoiled, f"{base}/spoiled", name, packets, words)))

            def results():
                yield from ((part, name, f.result()) for part, name, f in going)
                if whole:
                    yield "oracle", "the table", judge_table(table)
            return 1 if tell(results()) else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main())

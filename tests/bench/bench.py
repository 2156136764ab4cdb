#!/usr/bin/env python3
"""bench.py [--rounds N] [--seconds S] [--what WORDS] [--kept FILE] [--write DOCUMENT] VITRINE OURS PEER... - ours beside
other people's, by CPU time.

OURS and PEER are programs of tests/bench/peer.h: OURS does connections alone, primitives are those of `vitrine
speed`. In each round each measurement is made by ours and by each peer in turn, a process each; a ratio is ours by
theirs of one round, and what is shown is its median with the least and the largest. --what: words of titles with
commas ("rsa,handshake"), or "issue": what the goals are about. --write puts the table into the document, between the
marks; with --rounds 0 it is that of the last whole run, which --kept remembers."""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

HOST = "bench.example.test"
KEYS = ["ecdsap256", "ecdsap384", "rsa2048", "rsa3072", "rsa4096"]
NAMES = {"openssl": "OpenSSL", "gnutls": "GnuTLS", "mbedtls": "mbedTLS", "bearssl": "BearSSL"}
MARKS = "<!-- make bench: from here -->\n", "<!-- make bench: up to here -->\n"
ECDSA, RSA, RSA_KX = "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "AES128-GCM-SHA256"


class Row:
    """One line of the table. Ours and a peer's are found by what, op and the rest of the selector. must and goal: the
    ratio to OpenSSL; for memory, octets."""

    def __init__(self, title, what, op, rest="", must=None, goal=None):
        self.title, self.what, self.op, self.rest, self.must, self.goal = title, what, op, rest, must, goal
        self.memory = what == "idle"

    def run(self):
        """What one process measures: of a handshake all sides, of records both ways."""
        if self.memory:
            return f"idle:{RSA}:rsa2048:x25519"
        if self.connection():
            return f"{self.what.replace(' ', ':', 1)}:{self.rest}"
        return ":".join(filter(None, [self.what, self.op, self.rest]))

    def connection(self):
        return self.memory or self.what.startswith(("handshake ", "record "))


def handshake(title, suite, rest, **bars):
    """Both ends, client, server: bars are must and goal by side."""
    return [Row(f"{title}: {words}", f"handshake {suite}", op, rest, *bars.get(op, (None, None)))
            for op, words in (("both", "both ends"), ("client", "client"), ("server", "server"))]


def both_ways(title, what, rest, seal=(None, None), opened=(None, None)):
    return [Row(f"{title}: seal", what, "seal", rest, *seal), Row(f"{title}: open", what, "open", rest, *opened)]


def one(what, *ops, size="", **bars):
    return [Row(f"{what} {op}" + (f" {size}" if size else ""), what, op, str(size), *bars.get(op, (None, None)))
            for op in ops]


SIGN = ("sign", "verify")
TABLE = [
    ("Handshakes", [
        *handshake("full, ECDHE-ECDSA P-256, X25519", ECDSA, "ecdsap256:x25519:no", both=(0.5, 1.5)),
        *handshake("full, ECDHE-RSA-2048, X25519", RSA, "rsa2048:x25519:no", client=(0.6, 2), server=(0.25, 0.5)),
        *handshake("full, RSA-2048 key exchange", RSA_KX, "rsa2048:rsa:no", client=(2, 3), server=(0.25, 0.5)),
        *handshake("resumed by id", RSA, "rsa2048:x25519:id", both=(1.2, 3)),
        *handshake("resumed by a ticket", RSA, "rsa2048:x25519:ticket", both=(1.2, 2.8))]),
    ("Records of 16 KB", [
        *both_ways("AES-128-GCM", "record ECDHE-RSA-AES128-GCM-SHA256", "16384", (0.75, 2.5), (0.75, 2.5)),
        *both_ways("AES-256-GCM", "record ECDHE-RSA-AES256-GCM-SHA384", "16384"),
        *both_ways("ChaCha20-Poly1305", "record ECDHE-RSA-CHACHA20-POLY1305", "16384", (0.3, 0.6), (0.3, 0.6)),
        *both_ways("AES-128-CBC-SHA256", "record ECDHE-RSA-AES128-SHA256", "16384", (0.25, 0.6), (0.3, 0.9)),
        *both_ways("AES-128-CBC-SHA256, encrypt-then-MAC", "record ECDHE-RSA-AES128-SHA256 etm", "16384")]),
    ("Public keys", [
        *one("ecdhp256", "derive", "key", derive=(0.4, 1.2)),
        *one("ecdsap256", *SIGN, sign=(0.4, 1.2), verify=(0.4, 1.2)),
        *one("ecdhp384", "derive", "key"), *one("ecdsap384", *SIGN, verify=(0.8, 2.5)),
        *one("rsa2048", *SIGN, sign=(0.25, 0.5), verify=(0.7, 1.0)), *one("rsa3072", *SIGN), *one("rsa4096", *SIGN),
        *one("x25519", "derive", "key"), *one("ed25519", *SIGN), *one("ffdhe2048", "derive", "key")]),
    ("Ciphers and hashes", [
        *one("aes-128-gcm", "seal", "open", size=16384), *one("aes-128-gcm", "seal", size=1024),
        *one("aes-128-gcm", "seal", size=256), *one("aes-256-gcm", "seal", "open", size=16384),
        *one("chacha20-poly1305", "seal", "open", size=16384), *one("chacha20-poly1305", "seal", size=1024),
        *one("aes-128-cbc", "seal", "open", size=16384), *one("sha1", "hash", size=16384),
        *one("sha256", "hash", size=16384, hash=(0.95, None)), *one("sha256", "hash", size=256),
        *one("sha384", "hash", size=16384), *one("sha512", "hash", size=16384),
        *one("hmac(sha256)", "hash", size=16384), *one("hmac(sha256)", "hash", size=256)]),
    ("Heap of an idle connection", [
        Row("client", "idle", "client", must=10 * 1024), Row("server", "idle", "server", must=5 * 1024)]),
]


def make_keys(vitrine, folder):
    """For each kind of key a root, and a leaf of it: PEM, and DER for those that read nothing else."""
    for name in KEYS:
        kind = name.replace("ecdsa", "").replace("rsa", "rsa:")
        where = f"{folder}/{name}"
        for command in ["init"], ["issue", "--san", f"dns:{HOST}"]:
            subprocess.run([vitrine, "ca", *command, "--dir", where, "--key-kind", kind], check=True,
                           stdout=subprocess.DEVNULL)
        for source, to in (f"{HOST}.pem", "chain"), (f"{HOST}.key", "key"), ("ca.pem", "root"):
            with open(f"{where}/{source}", encoding="ascii") as file:
                pem = file.read()
            with open(f"{folder}/{name}.{to}.pem", "w", encoding="ascii") as file:
                file.write(pem)
            with open(f"{folder}/{name}.{to}.der", "wb") as file:
                file.write(bytes_of(pem))


def bytes_of(pem):
    import base64
    return base64.b64decode("".join(line for line in pem.splitlines() if "-----" not in line))


class Peer:
    def __init__(self, program, keys):
        self.program, self.keys = program, keys
        self.name = os.path.basename(program).removeprefix("peer_")
        self.version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()

    def command(self, row, seconds):
        return [self.program, "--seconds", str(seconds), "--keys", self.keys, row.run()]


class Ours(Peer):
    """Primitives by `vitrine speed`, in the form that this processor chooses."""

    def __init__(self, vitrine, program, keys):
        super().__init__(program, keys)
        self.name, self.vitrine = "ours", vitrine

    def command(self, row, seconds):
        if row.connection():
            return super().command(row, seconds)
        return [self.vitrine, "speed", "--json", "--seconds", str(seconds), f"{row.run()}:best"]


def measure(who, row, seconds):
    """(what, op): a line; nothing where it is not to be had."""
    came = subprocess.run(who.command(row, seconds), capture_output=True, text=True)
    lines = [json.loads(line) for line in came.stdout.splitlines() if line.startswith("{")]
    if came.returncode not in (0, 3):
        print(f"{who.name}: {row.run()}: {came.stderr.strip()}", file=sys.stderr)
    return {(line["what"], line["op"]): line for line in lines}


def value(line):
    return line.get("ops_per_cpu_s") or line.get("bytes") or 0


def rounds(rows, all_of_them, count, seconds):
    """{row's index: {who: [a value a round]}}, and which form of ours it was."""
    found, forms, slow = {}, {}, time.monotonic()
    wanted = {}
    for at, row in rows:
        wanted.setdefault(row.run(), []).append((at, row))
    for number in range(count):
        for done, same in enumerate(wanted.values()):
            for who in all_of_them:
                lines = measure(who, same[0][1], seconds)
                for at, row in same:
                    line = lines.get((row.what, row.op))
                    found.setdefault(at, {}).setdefault(who.name, []).append(value(line) if line else 0)
                    if line and who.name == "ours":
                        forms[at] = "" if row.connection() else line["form"]
            if sys.stderr.isatty():
                print(f"\rround {number + 1} of {count}, {done + 1} of {len(wanted)}, "
                      f"{time.monotonic() - slow:.0f} s ", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return found, forms


# ---- what is shown ----

def plain(number):
    """Three figures that count, in groups of three."""
    if number >= 1000:
        digits = len(str(int(number)))
        return f"{round(number, 3 - digits):,.0f}"
    return f"{number:.3g}"


def ratios(values, name):
    return [ours / theirs for ours, theirs in zip(values["ours"], values[name]) if ours and theirs]


def short(number):
    return f"{number:.2f}" if number < 10 else f"{number:.1f}" if number < 100 else f"{number:.0f}"


def cell(values, name):
    """"1.52 (1.49-1.60)"."""
    each = ratios(values, name) if name in values and "ours" in values else []
    if not each:
        return "-"
    return f"{short(statistics.median(each))} ({short(min(each))}-{short(max(each))})"


def judgement(row, values):
    """Which bar is reached, in a word."""
    if row.must is None:
        return ""
    if row.memory:
        mine = statistics.median(values.get("ours", [0]))
        return "" if not mine else "must" if mine <= row.must else "MISSED"
    each = ratios(values, "openssl") if "openssl" in values and "ours" in values else []
    if not each:
        return ""
    ratio = statistics.median(each)
    if row.goal is not None and ratio >= row.goal:
        return "goal"
    return "must" if ratio >= row.must else "MISSED"


def bars(row):
    if row.must is None:
        return ""
    if row.memory:
        return f"<= {row.must / 1024:.0f} KB"
    return f"{row.must:g}" + (f" / {row.goal:g}" if row.goal is not None else "")


def cells_of(row, values, form_name, peers):
    """One row of cells."""
    mine = [v for v in values.get("ours", []) if v]
    cells = [row.title, plain(max(mine)) if mine else "-", form_name, bars(row), judgement(row, values)]
    if row.memory:
        cells[1] = f"{statistics.median(mine):,.0f}" if mine else "-"
        each = [[v for v in values.get(p, []) if v] for p in peers]
        return cells + [f"{statistics.median(v):,.0f} octets" if v else "-" for v in each]
    return cells + [cell(values, p) for p in peers]


HEAD = ["ours, a second of CPU", "form", "must / goal", "reached"]


def sections(results, peers):
    """(title, header, rows of cells)."""
    at = 0
    for title, rows in TABLE:
        cells = []
        for row in rows:
            values = results["values"].get(str(at))
            if values:
                cells.append(cells_of(row, values, results["forms"].get(str(at), ""), peers))
            at += 1
        if cells:
            head = ["ours, octets" if title.startswith("Heap") else HEAD[0], *HEAD[1:]]
            yield title, [title, *head, *[NAMES.get(p, p) for p in peers]], cells


def as_text(results, peers):
    for _, header, rows in sections(results, peers):
        header[1] = header[1].replace("ours, a second of CPU", "ours/s")
        widths = [max(len(r[i]) for r in [header, *rows]) for i in range(len(header))]
        for cells in [header, *rows]:
            yield "  ".join(c.ljust(w) if i in (0, 2, 4) else c.rjust(w)
                            for i, (c, w) in enumerate(zip(cells, widths))).rstrip()
        yield ""


def as_markdown(results, peers):
    machine = results["machine"]
    versions = ", ".join(results["versions"][p] for p in ["ours", *peers])
    yield f"{versions}. {machine['cpu']}, {machine['system']}; {results['rounds']} rounds of {results['seconds']:g} s."
    yield "Columns of others: ours by theirs, median of the rounds (least to largest); above 1 ours is faster."
    for _, header, rows in sections(results, peers):
        yield ""
        yield "| " + " | ".join(header) + " |"
        yield "|---|" + "---:|---|---|---|" + "---:|" * len(peers)
        for cells in rows:
            yield "| " + " | ".join(c.replace("<=", "≤").replace("-", "–") if i > 4 or c == "-" else c.replace("<=", "≤")
                                    for i, c in enumerate(cells)) + " |"


def machine():
    cpu = "unknown CPU"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = re.search(r"^model name\s*: *(.*?) *$", file.read(), re.M)
        cpu = found[1] if found else cpu
    return {"cpu": cpu, "system": f"{os.uname().sysname} {os.uname().machine}"}


def write(document, results, peers):
    with open(document, encoding="utf-8") as file:
        text = file.read()
    before, rest = text.split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    with open(document, "w", encoding="utf-8") as file:
        file.write(before + MARKS[0] + "\n".join(as_markdown(results, peers)) + "\n" + MARKS[1] + after)


def chosen(what):
    """(index, row): all, those of the goals, or those with one of these words in their title, theirs or the section's."""
    at, out = 0, []
    words = [w.strip().lower() for w in what.split(",") if w.strip()]
    for title, rows in TABLE:
        for row in rows:
            name = f"{title} {row.title} {row.what}".lower()
            if not words or any(row.must is not None if w == "issue" else w in name for w in words):
                out.append((at, row))
            at += 1
    return out


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("vitrine")
    ask.add_argument("ours")
    ask.add_argument("peer", nargs="*")
    ask.add_argument("--rounds", type=int, default=5)
    ask.add_argument("--seconds", type=float, default=0.25)
    ask.add_argument("--what", default="")
    ask.add_argument("--kept")
    ask.add_argument("--write")
    wish = ask.parse_args()
    names = [os.path.basename(p).removeprefix("peer_") for p in wish.peer]
    rows = chosen(wish.what)
    if not rows:
        sys.exit(f"nothing is called {wish.what}")
    if wish.rounds:
        with tempfile.TemporaryDirectory() as folder:
            make_keys(wish.vitrine, folder)
            everyone = [Ours(wish.vitrine, wish.ours, folder), *(Peer(p, folder) for p in wish.peer)]
            values, forms = rounds(rows, everyone, wish.rounds, wish.seconds)
        results = {"values": values, "forms": forms, "versions": {w.name: w.version for w in everyone},
                   "machine": machine(), "rounds": wish.rounds, "seconds": wish.seconds}
        results = json.loads(json.dumps(results))
        if wish.kept and not wish.what:
            with open(wish.kept, "w", encoding="utf-8") as file:
                json.dump(results, file)
    else:
        with open(wish.kept, encoding="utf-8") as file:
            results = json.load(file)
        names = [p for p in NAMES if p in results["versions"]]
    print("\n".join(as_text(results, names)))
    figures = {name: sum(all(of.get(name, [0])) for of in results["values"].values()) for name in ["ours", *names]}
    print("measured: " + ", ".join(f"{name} {n}" for name, n in figures.items()))
    lacking = [r.title for at, r in rows if not all(results["values"].get(str(at), {}).get("ours", [0]))]
    if wish.write and (not wish.what or not wish.rounds):
        write(wish.write, results, names)
    if lacking:
        sys.exit(f"not measured of ours: {'; '.join(lacking)}")


if __name__ == "__main__":
    main()

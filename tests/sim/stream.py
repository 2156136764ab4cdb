#!/usr/bin/env python3
"""stream.py VITRINE docs/trace.md VISIT... - counts what a stream of events must have, and holds the table of events in
docs/trace.md against it. A VISIT is `name::options of vitrine visit`, or `name::=FILE` for the JSON lines of a live run
without --show-secrets. --some: rows that nothing fits are no fault. --rows prints the rows as they were told.

- Every octet of every packet has a name (the summary line).
- Every event has rfc, by, level, and a cause unless it is a beginning: the URL typed, a server's start, what a lab did,
  a packet from outside. Causes point backwards, and each chain of them ends at such a beginning.
- Every buffer's octets are found below it, down to packets: spans have its whole length, lie within what they lie on,
  and have the same octets there; streams are carried by packets, but for what was never sent.
- A secret value stands in attributes of the secret class alone; a live run shows none.
- Every event has one row in the table: layer, kind, name; attributes (with ? sometimes, with ! secret), level, by."""
import collections
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

MEMBERS = set("n t host conn layer kind name label level cause by rfc id len bytes spans carries packet buf".split())
LEAST_SECRET = 16                                                              # octets: shorter ones appear by chance


class Wrong(Exception):
    pass


class Row:
    """A row of the table: | layer | kind | name ... | attribute ... | level | by ... |"""

    def __init__(self, cells):
        words = [re.findall(r"`([^`]*)`([?!]*)", cell) for cell in cells]
        self.layer, self.kind = words[0][0][0], words[1][0][0]
        self.names = {name for name, _ in words[2]}
        self.attrs = {name: marks for name, marks in words[3]}
        self.levels = set(cells[4].replace(",", " ").split())
        self.by = {name for name, _ in words[5]}
        self.seen = collections.defaultdict(set)
        self.counts = collections.Counter()

    def fits(self, e):
        return (e["layer"], e["kind"]) == (self.layer, self.kind) and (e["name"] in self.names or "*" in self.names)

    def check(self, e):
        where = f'n {e["n"]} {e["layer"]} {e["kind"]} {e["name"]}'
        attrs = set(e) - MEMBERS
        if attrs - set(self.attrs):
            raise Wrong(f"{where}: the table has no attribute {sorted(attrs - set(self.attrs))}")
        missing = {a for a, marks in self.attrs.items() if "?" not in marks} - attrs
        if missing:
            raise Wrong(f"{where}: without {sorted(missing)}, which the table promises")
        if e["level"] not in self.levels or (e["by"] not in self.by and "*" not in self.by):
            raise Wrong(f'{where}: level {e["level"]}, by {e["by"]}: the table says {self.levels}, {self.by}')
        self.counts["events"] += 1
        self.counts.update(attrs)
        self.seen["name"].add(e["name"])
        self.seen["level"].add(e["level"])
        self.seen["by"].add(e["by"])

    def stale(self):
        what = f"{self.layer} {self.kind} {' '.join(sorted(self.names))}"
        n = self.counts["events"]
        if not n:
            return [f"{what}: never told"]
        out = [f"{what}: no {name}" for name in self.names - {"*"} - self.seen["name"]]
        out += [f"{what}: never {x}" for x in (self.levels - self.seen["level"]) | (self.by - {"*"} - self.seen["by"])]
        out += [f"{what}: `{a}` {'always' if self.counts[a] == n else 'never'}" for a, marks in self.attrs.items()
                if "?" in marks and self.counts[a] in (0, n)]
        return out


def table_of(path):
    rows, inside = [], False
    for line in open(path, encoding="utf-8"):
        inside = line.startswith("| layer | kind | name |") or (inside and line.startswith("|"))
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if inside and cells[0].startswith("`"):
            rows.append(Row(cells))
    if not rows:
        raise Wrong(f"{path} has no table of events")
    return rows


class Stream:
    def __init__(self, lines, live=False):
        self.live, self.events, self.buffers, self.summary = live, {}, {}, None
        self.carried, self.streams = collections.defaultdict(list), collections.defaultdict(dict)
        first = json.loads(next(lines))
        if first != {"kind": "stream", "version": 1}:
            raise Wrong(f"the first line is {first}")
        for line in lines:
            e = json.loads(line)
            if self.summary:
                raise Wrong("something stands behind the summary")
            if e["kind"] == "summary":
                self.summary = e
            elif e["kind"] != "field":
                self.event(e)
        if not self.summary:
            raise Wrong("there is no summary")

    def event(self, e):
        if e["n"] != len(self.events) + 1:
            raise Wrong(f'n {e["n"]} comes {len(self.events) + 1}th')
        self.events[e["n"]] = e
        if "id" in e:
            e["_octets"] = bytes.fromhex(e["bytes"])
            if e["id"] in self.buffers:
                raise Wrong(f'{e["id"]} is declared twice')
            self.buffers[e["id"]] = e
        for stream, off, at, n in e.get("carries", []):
            self.carried[stream].append((off, off + n, e["_octets"][at:at + n]))
        # what the wire spoils, and what a lab forges or keeps back, lies on nothing that a packet was told to carry
        if (e["kind"], e["name"]) in (("fate", "corrupted"), ("mark", "break")):
            self.spoiled = True

    spoiled = False

    def is_beginning(self, e):
        return (e["kind"] == "mark" and e["layer"] in ("visit", "lab", "kernel")) or \
            (e["kind"] == "state" and e["name"] == "LISTEN") or \
            (self.live and e["kind"] == "packet")

    def check_events(self):
        chains = {}                                                            # n -> it ends well
        for n, e in self.events.items():
            where = f'n {n} {e.get("layer")} {e["kind"]} {e.get("name")}'
            for member in ("layer", "name", "rfc", "by", "level"):
                if not e.get(member):
                    raise Wrong(f"{where}: no {member}")
            if not re.match(r"(RFC \d|NIST SP )", e["rfc"]):
                raise Wrong(f'{where}: {e["rfc"]} is no section')
            cause = e.get("cause", 0)
            if cause >= n:
                raise Wrong(f"{where}: its cause is {cause}")
            chains[n] = chains[cause] if cause else self.is_beginning(e)
            if not chains[n]:
                raise Wrong(f"{where}: {'its causes end nowhere' if cause else 'it has no cause'}")

    def check_names(self):
        s = self.summary
        if s.get("named") != s.get("bytes"):
            raise Wrong(f"{s}: octets without a name")

    # a buffer's octets, down to packets

    def of_stream(self, stream, off, n):
        """The octets as packets carried them; None where nobody did."""
        at, out = off, b""
        for start, end, octets in sorted(self.carried[stream], key=lambda c: c[0]):
            if start <= at < min(end, off + n):
                out += octets[at - start:off + n - start]
                at = off + len(out)
        return out if len(out) == n else None

    def check_spans(self):
        for name, e in self.buffers.items():
            if name[0] == "p" or (self.live and not self.carried):
                continue
            if sum(n for _, _, n in e.get("spans", [])) != e["len"]:
                raise Wrong(f'{name}: its spans have not its {e["len"]} octets')
            at = 0
            for below, off, n in e["spans"]:
                self.check_span(name, e, below, off, e["_octets"][at:at + n])
                at += n

    def check_span(self, name, e, below, off, octets):
        ours = e.get("way") in ("written", "to be sealed") or e["layer"] in ("dns", "http")
        if below[0] == "s":
            found = self.of_stream(below, off, len(octets))
            if found is None and not ours and not self.spoiled:
                raise Wrong(f"{name}: no packet carries {below} {off} to {off + len(octets)}")
            if found not in (None, octets) and not self.spoiled:
                raise Wrong(f"{name}: packets carry other octets")
            return
        lower = self.buffers.get(below)
        if not lower and ours and self.spoiled:
            return
        if not lower or off + len(octets) > lower["len"]:
            raise Wrong(f"{name}: lies on {below} {off}, which there is not")
        sealed = name[0] == "o"
        if not sealed and lower["_octets"][off:off + len(octets)] != octets:
            raise Wrong(f"{name}: {below} has other octets there")

    # secrets

    def check_secrets(self, secret_names):
        if self.live:
            shown = {a for e in self.events.values() for a, v in e.items() if v == "secret"}
            if shown - secret_names:
                raise Wrong(f"{shown - secret_names} are secrets, and the table does not say so")
            loud = {a for e in self.events.values() for a, v in e.items() if a in secret_names and v != "secret"}
            if loud:
                raise Wrong(f"{loud} show a secret")
            return
        secrets = {v for e in self.events.values() for a, v in e.items() if a in secret_names and len(v) >= 2 * LEAST_SECRET}
        if not secrets:
            return
        pattern = re.compile("|".join(sorted(secrets)))
        for n, e in self.events.items():
            for a, v in e.items():
                if (e["name"], a) == ("ticket", "bytes"):
                    continue  # opened where a class looks, and nowhere live: a master secret lies in it
                if isinstance(v, str) and a not in secret_names and len(v) >= 2 * LEAST_SECRET and pattern.search(v):
                    raise Wrong(f'n {n} {e["name"]}: `{a}` shows a secret')

    def check_table(self, rows):
        for e in self.events.values():
            row = next((r for r in rows if r.fits(e)), None)
            if not row:
                raise Wrong(f'n {e["n"]}: the table has no row for {e["layer"]} {e["kind"]} {e["name"]}')
            row.check({k: v for k, v in e.items() if k != "_octets"})

    def check(self, rows, secret_names):
        self.check_names()
        self.check_events()
        self.check_spans()
        self.check_secrets(secret_names)
        self.check_table(rows)


def told(vitrine, folder, i, visit):
    name, live, rest = visit.partition("::=")
    if live:
        return name, Stream(open(rest, encoding="utf-8"), live=True)
    name, _, rest = visit.partition("::")
    path = os.path.join(folder, str(i))
    out = subprocess.run([*vitrine.split(), "visit", "--level", "story", *rest.split(), "--json", path],
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if out.returncode == 2 and "cannot go with" in out.stderr:                # a break that another suite has no use for
        return name, None
    if not os.path.exists(path):
        raise Wrong(f"no visit: {out.stderr[-200:]}")
    stream = Stream(open(path, encoding="utf-8"))
    os.remove(path)
    return name, stream


def first(events, **members):
    return next(e for e in events if all(e.get(k) == v for k, v in members.items()))


def shows(e, value):
    e["label"] = f"it is {value}"


PLANTED = {
    "an event without a cause": lambda es: first(es, kind="key").pop("cause"),
    "a cause that comes later": lambda es: first(es, kind="key").update(cause=9999),
    "a chain that ends at no beginning": lambda es: first(es, kind="mark").update(kind="http"),
    "an event without a section": lambda es: first(es, kind="check").pop("rfc"),
    "an event by nobody": lambda es: first(es, kind="check").pop("by"),
    "an attribute that is not in the table": lambda es: first(es, kind="vars").update(colour=1),
    "an attribute that is missing": lambda es: first(es, kind="vars").pop("cwnd"),
    "an event that is not in the table": lambda es: first(es, kind="vars").update(name="variables"),
    "another level": lambda es: first(es, kind="vars").update(level="story"),
    "another function": lambda es: first(es, kind="vars").update(by="tcp_output"),
    "a number left out": lambda es: es.remove(first(es, kind="vars")),
    "a secret that is shown": lambda es: shows(first(es, kind="vars"), first(es, name="master_secret")["secret"]),
    "spans that are too short": lambda es: first(es, name="certificate", kind="buffer")["spans"][0].__setitem__(2, 3),
    "a span at another place": lambda es: first(es, name="certificate", kind="buffer")["spans"][0].__setitem__(1, 3),
    "a stream that no packet carries": lambda es: [e.update(carries=[]) for e in es if e["kind"] == "packet"],
    "octets without a name": lambda es: es[-1].update(named=es[-1]["bytes"] - 1),
    "no summary": lambda es: es.pop(),
    "no version": lambda es: es.pop(0),
}


def planted(vitrine, rows, secret_names):
    """Each of these, planted in a sound visit, is noticed."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "visit")
        subprocess.run([*vitrine.split(), "visit", "--json", path], stdin=subprocess.DEVNULL, capture_output=True, check=True)
        lines = open(path, encoding="utf-8").read().splitlines()
    missed = []
    for what, plant in PLANTED.items():
        events = [json.loads(line) for line in lines]
        plant(events)
        try:
            Stream(iter(map(json.dumps, events))).check(rows, secret_names)
            missed.append(what)
        except (Wrong, KeyError):
            pass
    print(f"FAIL stream: not noticed: {missed}" if missed else f"ok stream: {len(PLANTED)} planted faults are noticed")
    return len(missed)


def rows_as_told(streams):
    """The table as the streams have it: names that are told alike share a row."""
    groups = collections.OrderedDict()
    for stream in streams:
        for e in stream.events.values():
            key = e["layer"], e["kind"], "*" if e["kind"] == "fault" else e["name"]
            g = groups.setdefault(key, {"n": 0, "attrs": collections.OrderedDict(), "level": set(), "by": set()})
            g["n"] += 1
            g["level"].add(e["level"])
            g["by"].add(e["by"])
            for a in e:
                if a not in MEMBERS and a != "_octets":
                    g["attrs"][a] = g["attrs"].get(a, 0) + 1
    merged = collections.OrderedDict()
    for (layer, kind, name), g in groups.items():
        attrs = tuple((a, "?" if n < g["n"] else "") for a, n in g["attrs"].items())
        merged.setdefault((layer, kind, attrs, tuple(sorted(g["level"])), tuple(sorted(g["by"]))), []).append(name)
    for (layer, kind, attrs, level, by), names in sorted(merged.items(), key=lambda m: m[0][:2]):
        secret = ("secret", "secret_in_value", "keylog", "encoded", "private_key", "prime1", "prime2")
        print(f"| `{layer}` | `{kind}` | {' '.join(f'`{n}`' for n in sorted(names))} | "
              f"{' '.join(f'`{a}`' + q + ('!' if a in secret else '') for a, q in attrs)} | {', '.join(level)} | "
              f"{' '.join(f'`{b}`' for b in by)} |")


def main():
    some, rows_wanted = "--some" in sys.argv, "--rows" in sys.argv
    vitrine, doc, *visits = [a for a in sys.argv[1:] if not a.startswith("--")]
    rows, failed, events = [] if rows_wanted else table_of(doc), 0, 0
    secret_names = {a for r in rows for a, marks in r.attrs.items() if "!" in marks}
    streams = []
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(told, vitrine, folder, i, visit) for i, visit in enumerate(visits)]
        for i, visit in enumerate(visits):
            try:
                _, stream = runs[i].result()
                runs[i] = None
                if not stream:
                    continue
                if rows_wanted:
                    streams.append(stream)
                    continue
                stream.check(rows, secret_names)
                events += len(stream.events)
            except (Wrong, KeyError, ValueError, StopIteration) as wrong:
                failed += 1
                print(f"FAIL stream: {visit}: {wrong if isinstance(wrong, Wrong) else repr(wrong)}")
    if rows_wanted:
        rows_as_told(streams)
        return 0
    if not failed:
        print(f"ok stream: {len(visits)} runs, {events} events")
        failed = planted(vitrine, rows, secret_names)
    stale = [s for r in rows for s in r.stale()]
    if stale and not some:
        print(f"FAIL stream: {doc} promises what is not told: " + "\n    ".join([""] + stale[:40]))
    elif not some:
        print(f"ok stream: {len(rows)} rows of {doc} are as it is told")
    return bool(failed or (stale and not some))


if __name__ == "__main__":
    sys.exit(main())

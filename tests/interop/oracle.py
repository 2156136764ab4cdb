#!/usr/bin/env python3
"""oracle.py VITRINE TABLE VISIT... - holds our readers against another: tshark.

A VISIT is `name:options of vitrine visit`, or, of other people's stacks, `name:capture:FILE[:KEYLOG]` (oracle_capture.py):
what `vitrine explain` tells of that file. For each, `--pcap` is read by `tshark -T json -x`, which names octets as
[hex, offset, length], and `--json` has the octets that our cursor named. TABLE (what `vitrine help --wireshark` prints)
says which name of theirs a field of ours has, and how the values compare.

- Each field of ours has a row; where the row has a name, tshark has a field of that name at the same octets, with the
  same value, in each packet (IP, UDP, ICMP, TCP, DNS) or record (TLS, X.509, HTTP heads).
- Each field that tshark reads out of octets is one of ours, or the table says why it is tshark's alone.
- Each row fits something (a table that promises too much is stale), but with --some; those that only other people's
  captures fit are counted by explain.py.
- The keys, nonces and verdicts of tls.debug_file are ours; what it decrypts is what we opened, octet for octet.

`--planted` spoils one value, offset or name of ours after the other and fails unless each is noticed."""
import collections
import concurrent.futures
import ipaddress
import json
import os
import re
import subprocess
import sys
import tempfile

READ = ("ip", "ipv6", "udp", "icmp", "icmpv6", "tcp", "dns", "tls", "x509", "pkcs1", "ber", "http")     # protocols that we read, too
READ_ON = ("packet/icmp/quoted", "packet/icmp6/quoted")                               # what we leave whole, it reads
OPTIONS = ["-o", "ber.show_internals:TRUE", "-o", "tcp.reassemble_out_of_order:TRUE", "-d", "tcp.port==8443,tls"]

# what our visits do not say: explain.py's captures do
ELSEWHERE = re.compile(r"(NewSessionTicket|Certificate(Request|Verify)|EncryptedExtensions|\*)/|\w+/session_id/session"
                       r"|Certificate/(certificate_list/extensions|certificate_request_)|(record/mac|opened/content_type|request"
                       r"(/header/value)?/content|opened/change_cipher_spec|.*/renegotiated_connection/verify_data)$"
                       r"|tls\.record\.opaque|http\.(accept_(enc|lang)|connect|last_mod|ref)")
RARE = re.compile(r"record/content$")                  # records of NULL suites: scenes of explain.sh --all alone
SHOWN = int(os.environ.get("SHOWN", "5"))                                             # of many disagreements


class Wrong(Exception):
    pass


# ---- the table


class Row:
    def __init__(self, line):
        self.path, self.name, self.way, self.why = line.rstrip("\n").split("\t")
        self.pattern = re.compile("/".join({"**": ".+", "*": "[^/]+"}.get(p, re.escape(p)) for p in self.path.split("/"))
                                  .replace(".+/", "(?:.+/)?") + r"\Z")
        self.fitted = 0


class Table:
    def __init__(self, path):
        self.rows = [Row(line) for line in open(path, encoding="utf-8")]
        self.theirs = {r.name: r for r in self.rows if r.way == "theirs"}
        self.found = {}

    def stale(self, asked):
        """The rows that fit nothing, of those that are asked for."""
        return [what for what in (r.path if r.path != "-" else r.name for r in self.rows if not r.fitted)
                if asked(what) and not RARE.match(what)]

    def row(self, path):
        if path not in self.found:
            self.found[path] = next((r for r in self.rows if r.path != "-" and r.pattern.match(path)), None)
        return self.found[path]


# ---- ours: events, buffers, and the tree of their fields, as trace/tape.c makes it


class Ours:
    def __init__(self, path):
        self.buffers, self.fields, self.keys, self.order = {}, collections.defaultdict(list), [], []
        self.summary = None
        for line in open(path, encoding="utf-8"):
            e = json.loads(line)
            if e["kind"] == "field":
                self.fields[e["buf"]].append(e)
            elif e["kind"] == "summary":
                self.summary = e
            elif "id" in e:
                e["octets"] = bytes.fromhex(e["bytes"])
                self.buffers[e["id"]] = e
                self.order.append(e)
            if e["kind"] == "key":
                self.keys.append(e)

    def of(self, letter):
        return [e for e in self.order if e["id"][0] == letter]

    def root(self, buf):
        return {"p": "packet", "r": "record", "o": "opened"}.get(buf[0], self.buffers[buf]["name"])

    def tree(self, buf):
        """(path, field) of each; what lies within another stands below it; bits below the number that has them."""
        fields = sorted(enumerate(self.fields.get(buf, [])), key=lambda f: (f[1]["off"], -f[1]["len"], f[0]))
        stack = []                                                             # (field, its path, is bits)
        for _, f in fields:
            while stack and not self.holds(stack[-1], f):
                stack.pop()
            above = stack[-1][0] if stack else None
            bits = bool(above) and "value" in above and self.same_place(above, f)
            path = (stack[-1][1] if stack else self.root(buf)) + "/" + f["name"]
            stack.append((f, path, bits))
            yield path, f

    @staticmethod
    def same_place(a, b):
        return a["off"] == b["off"] and a["len"] == b["len"]

    def holds(self, outer, f):
        o, _, bits = outer
        if f["off"] < o["off"] or f["off"] + f["len"] > o["off"] + o["len"]:
            return False
        return not self.same_place(o, f) or not bits

    def base(self, buf):
        """The record, opened record, datagram's stream or head that a buffer lies in, and where in it."""
        at = 0
        while buf[0] not in "psrohb":
            spans = self.buffers[buf]["spans"]
            if len(spans) != 1:
                raise Wrong(f"{buf} lies on {len(spans)} buffers: this oracle knows one")
            buf, off, _ = spans[0]
            at += off
        return buf, at

    def record_key(self, buf):
        """What both ends call alike: stream, offset."""
        stream, off, _ = self.buffers[buf]["spans"][0]
        return stream, off


# ---- theirs


class Pairs(list):
    """A JSON object with its names in order, repeated ones too."""


class Theirs:
    def __init__(self, capture, debug):
        out = subprocess.run(["tshark", "-r", capture, "-o", f"tls.debug_file:{debug}", *OPTIONS, "-T", "json", "-x", "-z",
                              "follow,tls,raw,0"], capture_output=True, text=True, check=False)
        if out.returncode != 0:
            raise Wrong(f"tshark: {out.stderr[-300:]}")
        array, _, follow = out.stdout.partition("\n===")
        end = array.rindex("]")
        self.packets = json.loads(array[:end + 1], object_pairs_hook=Pairs)
        self.flows = self.read_flows(follow)
        self.debug = open(debug, encoding="latin-1").read()

    @staticmethod
    def read_flows(text):
        """What was decrypted in either direction: who is indented is the second who spoke."""
        flows = {"client": "", "server": ""}
        for line in text.splitlines():
            if re.fullmatch(r"\t?[0-9a-f]+", line):
                flows["server" if line[0] == "\t" else "client"] += line.strip()
        return flows

    def dumped(self, name):
        """Octets dumped under `name[n]:` by tls.debug_file, each time."""
        for m in re.finditer(r"^" + re.escape(name) + r"\[(\d+)\]:\n((?:\| .*\n)+)", self.debug, re.M):
            octets = "".join(line[2:50].replace(" ", "") for line in m[2].splitlines())
            yield octets[:2 * int(m[1])]


def nodes(pairs):
    """(name, raw, shown, below) of each field, depth first."""
    raws = {}
    for name, value in pairs:
        if isinstance(value, list) and not isinstance(value, Pairs):
            if name.endswith("_raw"):
                raws.setdefault(name[:-4], []).append(value if not value or not isinstance(value[0], list) else value[0])
            continue
        raw = raws[name].pop(0) if raws.get(name) else None
        below = value if isinstance(value, Pairs) else None
        yield name, raw, value if below is None else None, below
        if below is not None and name not in ("tls.record", "http"):           # these are taken up by themselves
            yield from nodes(below)


class Node:
    def __init__(self, raw, shown, shift=0):
        self.hex, self.off, self.len, self.mask = raw[0], raw[1] - shift, raw[2], raw[3]
        self.shown, self.used = shown, set()                                   # which hosts name it

    def at(self, field_off, field_len):
        return self.off == field_off and self.len == field_len


# ---- one visit


class Visit:
    def __init__(self, table, ours, theirs):
        self.table, self.ours, self.theirs = table, ours, theirs
        # base -> name -> offset -> nodes
        self.there = collections.defaultdict(lambda: collections.defaultdict(lambda: collections.defaultdict(list)))
        self.compared, self.wrong, self.quoted = collections.Counter(), [], collections.defaultdict(list)
        self.streams = {e["id"]: e for e in ours.of("p")}
        self.read_theirs()

    # where their fields lie: ("p", n), ("r", stream, off), ("o", stream, off), ("h", nth of a direction)

    def add(self, base, name, raw, shown, shift=0):
        if raw and len(raw) >= 4 and name.split(".")[0].startswith(READ):
            node = Node(raw, shown, shift)
            self.there[base][name][node.off].append(node)

    def read_theirs(self):
        self.by_octets = collections.defaultdict(list)
        for e in self.ours.of("r"):
            key = self.ours.record_key(e["id"])
            at = self.by_octets[key[0], e["bytes"]]
            if key not in at:
                at.append(key)
        self.sealed = {self.ours.record_key(e["spans"][0][0]) for e in self.ours.of("o")}
        self.taken = collections.Counter()
        self.heads = collections.Counter()
        for frame in self.theirs.packets:
            layers = dict(frame)["_source"][0][1]
            # several comments are several sections of that name, which the pairs keep apart
            told = dict(pair for k, v in layers if k == "frame" for pair in v)
            self.read_packet("p" + told.get("frame.packet_id", told["frame.number"]), layers)

    def read_packet(self, p, layers):
        ours = self.ours.buffers[p]
        frame = next(v for k, v in layers if k == "frame_raw")[0]
        if frame != ours["bytes"]:
            raise Wrong(f"{p}: the capture has other octets")
        carries = ours.get("carries", [])
        for name, raw, shown, below in nodes(layers):
            if name == "tls.record":
                self.read_record(p, carries, ours["octets"], raw, below)
            elif name == "http":
                self.read_head(carries, raw, below)
            else:
                self.add(("p", p), name, raw, shown)

    def read_record(self, p, carries, octets, raw, below, shift=0):
        text, pos, n = raw[0], raw[1] - shift, raw[2]
        for stream, off, at, length in carries:
            if pos >= at and pos + n <= at + length and octets[max(pos, 0):pos + n].hex() == text and \
                    (stream, off + pos - at) in self.by_octets[stream, text]:
                key = stream, off + pos - at                                   # it lies whole in this packet
                break
        else:
            stream = carries[0][0]
            known = self.by_octets[stream, text]
            if not known:
                raise Wrong(f"{p}: tshark reads a record of {n} octets at {pos} that we do not have")
            key = known[min(self.taken[stream, text], len(known) - 1)]         # one that was put together
            self.taken[stream, text] += 1
        plain, opened = ("r", *key), ("o", *key)
        for name, field, shown, _ in nodes(below):
            outside = name.startswith("tls.record.") or name in ("tls.app_data", "tls.change_cipher_spec")
            if key in self.sealed and not outside:
                self.add(opened, name, field, shown)
            else:
                self.add(plain, name, field, shown, raw[1])

    def read_head(self, carries, raw, below):
        stream = carries[0][0]
        base = ("h", stream, self.heads[stream])
        self.heads[stream] += 1
        for name, field, shown, _ in nodes(below):
            self.add(base, name, field, shown, raw[1])

    # where our fields lie

    def places(self, buf):
        """Each (base, offset of the buffer in it)."""
        base, at = self.ours.base(buf)
        if base[0] == "s":                                                     # a datagram: each packet that carries it
            for e in self.ours.of("p"):
                for stream, off, here, _ in e.get("carries", []):
                    if stream == base and ("p", e["id"]) in self.there:
                        yield ("p", e["id"]), here + at - off
        elif base[0] == "p":
            if ("p", base) in self.there:
                yield ("p", base), at
        elif base[0] == "r":
            yield ("r", *self.ours.record_key(base)), at
        elif base[0] == "o":
            yield ("o", *self.ours.record_key(self.ours.buffers[base]["spans"][0][0])), at
        elif base[0] in "hb":
            yield self.heads_at[base]

    def content(self, e):
        """How many octets of an opened record were said: not its MAC and padding, nor the type in TLS 1.3."""
        behind = ("mac", "padding", "padding_length", "content_type")
        return min([f["off"] for f in self.ours.fields.get(e["id"], []) if f["name"] in behind] + [e["len"]])

    def spoken(self, e):
        """Stream and offset, in the plaintext that one side said, of the first octet of a head or a piece of a body."""
        opened, off, _ = e["spans"][0]
        key = self.ours.record_key(self.ours.buffers[opened]["spans"][0][0])
        return key[0], self.starts[key] + off

    def head_bases(self):
        """The n-th head of a stream, whoever told it, and where it or a piece of its body lies behind that head."""
        self.starts, ends, heads, bases = {}, collections.Counter(), collections.defaultdict(list), {}
        for key, e in sorted({self.ours.record_key(e["spans"][0][0]): e for e in self.ours.of("o")}.items()):
            if e["type"] == "application_data":
                self.starts[key] = ends[key[0]]
                ends[key[0]] += self.content(e)
        for stream, at in sorted({self.spoken(e) for e in self.ours.of("h")}):
            heads[stream].append(at)
        for e in self.ours.of("h") + self.ours.of("b"):
            stream, at = self.spoken(e)
            nth = sum(start <= at for start in heads[stream]) - 1
            bases[e["id"]] = ("h", stream, nth), at - heads[stream][nth]
        return bases

    def compare(self):
        self.heads_at = self.head_bases()
        self.look_at(self.ours.order, self.there)
        if self.wrong:
            raise Wrong(f"{len(self.wrong)} disagree: " + "\n    ".join([""] + self.wrong[:SHOWN]))

    def look_at(self, events, bases):
        self.speakers = collections.defaultdict(set)                           # (base, protocol) -> hosts
        for e in events:
            fields = list(self.ours.tree(e["id"]))
            for base, at in self.places(e["id"]):
                for path, f in fields:
                    self.note(lambda: self.field(e, base, at, path, f))
        for base in bases:
            self.nothing_left_over(base)

    def note(self, look):
        try:
            look()
        except Wrong as wrong:
            self.wrong.append(str(wrong))

    def field(self, e, base, at, path, f):
        row = self.table.row(path)
        where = f'{e["id"]} {path} at {f["off"]}, {f["len"]} octets'
        if not row:
            raise Wrong(f"{where}: the table has no row for it")
        row.fitted += 1
        self.compared[row.way] += 1
        if path in READ_ON or path.endswith(("/distinguished_name/data", "/extension_data/data")):
            self.quoted[base].append((at + f["off"], f["len"]))
        if row.way == "none":
            return
        octets = e["octets"][f["off"]:f["off"] + f["len"]]
        reasons, found = [], False
        self.speakers[base, row.name.split(".")[0]].add(e["host"])
        near = self.there[base].get(row.name, {})
        ways = {"part": near, "bits": range(at + f["off"], at + f["off"] + f["len"]),
                "content": range(at + f["off"] + 1, at + f["off"] + 7)}.get(row.way, [at + f["off"]])
        for node in (node for off in ways for node in near.get(off, [])):     # a packet may have come twice
            reason = differs(row.way, node, at + f["off"], f, octets)
            if reason:
                reasons.append(reason)
            else:
                node.used.add(e["host"])
                found = True
        if not found and row.why != "-" and all(reason.startswith("stands") for reason in reasons):
            self.compared["not shown"] += 1
        elif not found:
            raise Wrong(f"{where}: {row.name} of tshark {'; '.join(reasons[:3]) or 'is not there'}")

    def nothing_left_over(self, base):
        for name, found in self.there[base].items():
            if name in self.table.theirs:
                self.table.theirs[name].fitted += 1
                continue
            for node in (node for nodes_ in found.values() for node in nodes_):
                quoted = any(off <= node.off < off + n for off, n in self.quoted[base])    # it reads on
                unset = name.startswith("x509ce.KeyUsage.") and node.shown == "0"          # we name those set
                joined = name == "http.file_data"                                          # out of chunks
                if not node.len or quoted or unset or joined:
                    continue
                missing = (self.speakers[base, name.split(".")[0]] or {"nobody"}) - node.used
                if missing:
                    self.wrong.append(f"{base}: tshark has {name} at {node.off}, {node.len} octets, which no field of ours "
                                      f"has ({' '.join(sorted(missing))})")

    # keys, verdicts, plaintext

    def compare_keys(self):
        keys = {e["name"]: e["secret"] for e in self.ours.keys if "secret" in e}
        wanted = {"Client Write key": "client_write_key", "Server Write key": "server_write_key",
                  "Client Write IV": "client_write_IV", "Server Write IV": "server_write_IV",
                  "Client MAC key": "client_write_MAC_key", "Server MAC key": "server_write_MAC_key"}
        found = 0
        for theirs, ours in wanted.items():
            for octets in self.theirs.dumped(theirs):
                if ours in keys and octets != keys[ours]:
                    raise Wrong(f"{theirs} is {octets}, not {keys[ours]}")
                found += ours in keys
        for octets in self.theirs.dumped("key expansion"):
            n = min(len(octets), len(keys["key_block"]))
            if octets[:n] != keys["key_block"][:n]:
                raise Wrong("the key block is another one")
            found += 1
        if found < 3:
            raise Wrong(f"tshark told of {found} keys")
        nonces = {e["nonce"] for e in self.ours.of("o") if "nonce" in e}
        for nonce in self.theirs.dumped("nonce"):
            if nonces and nonce not in nonces:
                raise Wrong(f"nonce {nonce} is none of ours")
        verdicts = len(re.findall(r"^auth_tag\(OK\)|mac ok", self.theirs.debug, re.M))
        if verdicts != len(self.sealed):
            raise Wrong(f"tshark opened {verdicts} records, we {len(self.sealed)}")
        self.compared["key"] += found

    def compare_plaintext(self):
        for side, way in (("client", ("browser", "to be sealed")), ("server", ("web", "to be sealed"))):
            ours = ""
            for e in self.ours.of("o"):
                if e["type"] == "application_data" and (e["host"], e["way"]) == way:
                    ours += e["bytes"][:2 * self.content(e)]
            if ours != self.theirs.flows[side]:
                raise Wrong(f"what the {side} said, decrypted by tshark, is not what we opened")
            self.compared["decrypted octets"] += len(ours) // 2

    def check_summary(self):
        s = self.ours.summary
        if s["named"] != s["bytes"]:
            raise Wrong(f'{s["named"]} of {s["bytes"]} octets have a name')

    def all(self):
        self.check_summary()
        self.compare()
        self.compare_keys()
        self.compare_plaintext()


def dotted(octets):
    first, *rest, value = octets[0], 0
    out = [min(first // 40, 2), first - 40 * min(first // 40, 2)]
    for octet in octets[1:]:
        value = value << 7 | octet & 127
        if octet < 128:
            out.append(value)
            value = 0
    return ".".join(map(str, out))


def value_differs(way, node, value, octets):
    shown = node.shown
    if way in ("number", "bits", "tag", "size", "words"):
        want = {"tag": lambda v: v & 31, "size": lambda v: v & 127, "words": lambda v: 4 * v}.get(way, lambda v: v)(value)
        if not isinstance(want, int) or int(shown, 0) != want:
            return f"is {shown}, not {want}"
    elif way == "octets":
        if (value if isinstance(value, str) else f"{value:0{2 * len(octets)}x}") != octets.hex():
            return f"is {node.hex}, not {value}"
    elif way == "text" and (value.encode() != octets or shown != value):
        return f"is {shown!r}, not {value!r}"
    elif way == "OID" and (value != octets.hex() or shown != dotted(octets)):
        return f"is {shown}, not {dotted(octets)}"
    elif way == "address" and (value != octets.hex() or shown != str(ipaddress.ip_address(octets))):
        return f"is {shown}, not {value}"
    elif way == "time":
        want = re.sub(r"(..)(..)(..)(..)(..)(..)Z", r"20\1-\2-\3 \4:\5:\6 (UTC)", value)
        if shown != want:
            return f"is {shown}, not {want}"
    elif way == "truth" and (value != 255) != (shown != "1"):
        return f"is {shown}, not {value}"
    return None


def differs(way, node, off, f, octets):
    """Why a field of theirs is not this one of ours; None: it is."""
    n, end = f["len"], off + f["len"]
    where = f"stands at {node.off}, {node.len} octets"
    if way == "bits":
        return where if node.off < off or node.off + node.len > end else value_differs(way, node, f["value"], octets)
    if way == "content":
        head = node.off - off
        if not 0 < head <= 6 or node.off + node.len != end:
            return where
        return None if node.mask or bytes.fromhex(node.hex) == octets[head:] else "has other octets"
    if way == "part":
        if node.off > off or node.off + node.len < end:
            return where
        inside = bytes.fromhex(node.hex)[off - node.off:end - node.off] if not node.mask else octets
        return None if inside == octets else "has other octets"
    if not node.at(off, n):
        return where
    if not node.mask and node.hex != octets.hex():
        return "has other octets"
    return value_differs(way, node, f.get("value"), octets)


# ---- runs


def make(vitrine, folder, name, options):
    if options.startswith("capture:"):
        import oracle_capture
        file, _, keys = options[len("capture:"):].partition(":")
        return oracle_capture.read(vitrine.split(), folder, name, file, keys)
    capture, told = os.path.join(folder, name + ".pcapng"), os.path.join(folder, name + ".json")
    out = subprocess.run([*vitrine.split(), "visit", *options.split(), "--pcap", capture, "--json", told],
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if out.returncode != 0:
        raise Wrong(f"vitrine visit {options}: exit code {out.returncode}: {out.stderr[-200:]}")
    return Ours(told), Theirs(capture, os.path.join(folder, name + ".debug"))


def visit_of(table, ours, theirs):
    if not hasattr(theirs, "said"):
        return Visit(table, ours, theirs)
    import oracle_capture
    return oracle_capture.Capture(table, ours, theirs)


def planted(table, ours, theirs):
    """Spoils one field of each row, in value, place and name; each must be noticed."""
    v = visit_of(table, ours, theirs)
    v.compare()
    done, beside = set(), collections.defaultdict(list)
    for e in ours.order:
        for base, _ in v.places(e["id"]):
            beside[base].append(e)
    for e, path, f in [(e, path, f) for e in ours.order for path, f in ours.tree(e["id"])]:
        row = table.row(path)
        for what, spoil in (("value", spoil_value), ("place", lambda f: f.update(off=f["off"] + 1)),
                            ("name", lambda f: f.update(name="nonsense"))):
            octets_alone = row.way in ("part", "content", "group")             # they have no value of their own
            if (row, what) in done or row.way == "none" or (what == "value" and ("value" not in f or octets_alone)) or \
                    (what == "name" and row.path.endswith("*")) or \
                    (what == "place" and row.way in ("part", "bits", "content")) or row.why != "-":
                continue                                                       # within bounds these may move
            done.add((row, what))
            before = dict(f)
            spoil(f)
            bases = [base for base, _ in v.places(e["id"])]
            v.wrong = []
            for node in (n for base in bases for offs in v.there[base].values() for ns in offs.values() for n in ns):
                node.used.clear()
            v.look_at({other["id"]: other for base in bases for other in beside[base]}.values(), bases)
            if bases and not v.wrong:
                raise Wrong(f"{path}: another {what} is not noticed")
            f.clear()
            f.update(before)
    if len(done) < 400:
        raise Wrong(f"only {len(done)} spoilt fields were tried")
    return len(done)


def spoil_value(f):
    v = f["value"]
    f["value"] = (0 if v == 255 else v ^ 1) if isinstance(v, int) else ("x" if v[:1] != "x" else "y") + v[1:]


def main():
    some, plant = "--some" in sys.argv, "--planted" in sys.argv
    vitrine, table_path, *visits = [a for a in sys.argv[1:] if not a.startswith("--")]
    table, failed, sums = Table(table_path), 0, collections.Counter()
    known = set(subprocess.run(["tshark", "-G", "fields"], capture_output=True, text=True, check=True).stdout.replace("\n", "\t").split("\t"))
    unknown = [r.name for r in table.rows if r.name != "-" and r.name not in known]
    if unknown:
        print(f"FAIL oracle: tshark has no filter {unknown[:5]}")
        failed = 1
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        read = [pool.submit(make, vitrine, folder, str(i), v.partition(":")[2]) for i, v in enumerate(visits)]
        for i, visit in enumerate(visits):
            try:
                ours, theirs = read[i].result()
                read[i] = None
                if plant:
                    print(f"ok oracle: {planted(table, ours, theirs)} spoilt fields are noticed")
                    continue
                v = visit_of(table, ours, theirs)
                v.all()
                sums += v.compared
                octets = v.compared["decrypted octets"]
                print(f"ok oracle: {visit.partition(':')[0]}: {sum(v.compared.values()) - octets} fields and {octets} "
                      "decrypted octets agree")
            except Wrong as wrong:
                failed = 1
                print(f"FAIL oracle: {visit}: {wrong}")
    if not plant:
        stale = table.stale(lambda what: not ELSEWHERE.match(what))
        if stale and not some:
            failed = 1
            print(f"FAIL oracle: {len(stale)} rows fit nothing: {' '.join(stale[:12])}")
        rows = collections.Counter(r.way for r in table.rows)
        print(f"{len(table.rows)} rows, {rows['none']} without a name of theirs, {rows['theirs']} of theirs alone; "
              + ", ".join(f"{n} {way}" for way, n in sorted(sums.items())))
    return failed


if __name__ == "__main__":
    sys.modules["oracle"] = sys.modules["__main__"]                            # as oracle_capture.py calls it
    sys.exit(main())

"""oracle_capture.py - oracle.py's visit, of a capture of other people's stacks: what `vitrine explain` tells of it, held
against tshark. There are link headers in front of the packets, many connections, and keys that both have from a log."""
import json
import os
import re
import subprocess

from oracle import OPTIONS, Ours, Pairs, Theirs, Visit, Wrong, nodes


class ExplainedOurs(Ours):
    def ports(self):
        """Where TLS is spoken; and the connections in which it is."""
        ports, connections = set(), set()
        for e in self.order:
            if e["id"][0] == "r":
                connections.add(e["conn"])
        for e in self.of("p"):
            if e.get("conn") in connections and e["host"] == "client":
                ports.update(f["value"] for f in self.fields[e["id"]] if f["name"] == "destination_port")
        return ports, connections


class CaptureTheirs(Theirs):
    def __init__(self, capture, keys, debug, ports, connections):
        command = ["tshark", "-r", capture, *OPTIONS, *(["-o", f"tls.keylog_file:{keys}"] if keys else [])]
        for port in ports:
            command += ["-d", f"tcp.port=={port},tls"]
        array = self.run(command + ["-o", f"tls.debug_file:{debug}", "-T", "json", "-x"])
        self.packets = json.loads(array, object_pairs_hook=Pairs)
        self.said = {}
        for connection in connections:                                         # it follows one in each run
            out = self.run(command + ["-q", "-z", f"follow,tls,raw,{connection - 1}"])
            flows, first = self.read_flows(out), re.search(r"Node 0: .*:(\d+)$", out, re.M)
            if first and int(first[1]) in ports:                               # the server spoke first
                flows = {"client": flows["server"], "server": flows["client"]}
            self.said[connection] = flows
        self.debug = open(debug, encoding="latin-1").read()

    @staticmethod
    def run(command):
        out = subprocess.run(command, capture_output=True, text=True, check=False)
        if out.returncode != 0:
            raise Wrong(f"tshark: {out.stderr[-300:]}")
        return out.stdout


class Capture(Visit):
    def read_packet(self, p, layers):
        ours = self.ours.buffers.get(p)
        head = next((v for k, v in layers if k in ("ip_raw", "ipv6_raw")), None)
        if not ours or not head:
            if ours or head:
                raise Wrong(f"{p}: " + ("tshark" if head else "we") + " alone see a packet there")
            return
        shift = (head[0] if isinstance(head[0], list) else head)[1]
        frame = next(v for k, v in layers if k == "frame_raw")[0][2 * shift:]
        if not frame.startswith(ours["bytes"]):                                # behind it is Ethernet's padding
            raise Wrong(f"{p}: the capture has other octets")
        carries = ours.get("carries", [])
        for name, raw, shown, below in nodes(layers):
            if name in ("tls.record", "http") and not carries:
                raise Wrong(f"{p}: tshark reads {name} there, and we do not say what it carries")
            if name == "tls.record":
                self.read_record(p, carries, ours["octets"], raw, below, shift)
            elif name == "http":
                self.read_head(carries, raw, below)
            else:
                self.add(("p", p), name, raw, shown, shift)

    def read_theirs(self):
        self.inner = {self.ours.record_key(e["spans"][0][0]): f["off"] for e in self.ours.of("o")
                      for f in self.ours.fields.get(e["id"], []) if f["name"] == "content_type"}
        self.opened = {self.ours.record_key(e["spans"][0][0]) for e in self.ours.of("o")}
        super().read_theirs()

    def add(self, base, name, raw, shown, shift=0):
        """The type of a sealed record of TLS 1.3 stands in front, with the name opaque_type when another one is sealed
        within: that they call content_type, and show at the place of the first. Of a sealed ChangeCipherSpec they show
        an octet that is sealed."""
        if name == "tls.change_cipher_spec" and base[0] == "r" and base[1:] in self.opened:
            return
        if name == "tls.record.opaque_type":
            self.table.theirs[name].fitted += 1
            name = "tls.record.content_type"
        elif name == "tls.record.content_type" and base[0] == "r" and base[1:] in self.inner:
            base, raw, shift = ("o", *base[1:]), [f"{int(shown):02x}", self.inner[base[1:]], 1, 0, 0], 0
        super().add(base, name, raw, shown, shift)

    def field(self, e, base, at, path, f):
        """A response that ends with the connection tshark reads when that ends, if then."""
        if base[0] == "h" and base not in self.there and base in self.until_close:
            self.compared["not shown"] += 1
        else:
            super().field(e, base, at, path, f)

    def head_bases(self):
        bases = super().head_bases()
        self.until_close = {bases[e["id"]][0] for e in self.ours.of("h") if "until close" in e["label"]}
        return bases

    def compare_keys(self):
        """Each key that tshark made is one of ours. Where it made fewer, it says so by opening fewer records."""
        secrets = {e["secret"] for e in self.ours.keys if "secret" in e}
        found = 0
        for name in ("Client Write key", "Server Write key", "Client Write Key", "Server Write Key", "Client Write IV",
                     "Server Write IV", "Client MAC key", "Server MAC key"):
            for octets in self.theirs.dumped(name):
                of_cbc = "IV" in name and any(e["name"].endswith("MAC_key") for e in self.ours.keys)
                if octets not in secrets and not of_cbc:                       # those stand in the records, since TLS 1.1
                    raise Wrong(f"{name} {octets} is none of ours")
                found += octets in secrets
        nonces = {e["nonce"] for e in self.ours.of("o") if "nonce" in e}
        for nonce in self.theirs.dumped("nonce"):
            if nonces and nonce not in nonces:
                raise Wrong(f"nonce {nonce} is none of ours")
        verdicts = len(re.findall(r"^auth_tag\(OK\)|mac ok", self.theirs.debug, re.M))
        if verdicts > len(self.sealed):
            raise Wrong(f"tshark opened {verdicts} records, we {len(self.sealed)}")
        self.compared["key"] += found

    def compare_plaintext(self):
        for connection, flows in self.theirs.said.items():
            for side, host in (("client", "server"), ("server", "client")):
                ours = "".join(e["bytes"][:2 * self.content(e)] for e in self.ours.of("o") if e["conn"] == connection and
                               e["type"] == "application_data" and e["host"] == host)
                if ours != flows[side]:
                    raise Wrong(f"connection {connection}: what the {side} said, decrypted by tshark ({len(flows[side]) // 2} "
                                f"octets), is not what we opened ({len(ours) // 2})")
                self.compared["decrypted octets"] += len(ours) // 2


def read(vitrine, folder, name, capture, keys):
    """What both say of a capture."""
    told = os.path.join(folder, name + ".json")
    out = subprocess.run([*vitrine, "explain", capture, *(["--keylog", keys] if keys else []), "--json", told, "--show-secrets"],
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if out.returncode != 0:
        raise Wrong(f"vitrine explain {capture}: exit code {out.returncode}: {out.stderr[-200:]}")
    ours = ExplainedOurs(told)
    return ours, CaptureTheirs(capture, keys, os.path.join(folder, name + ".debug"), *ours.ports())


def compare(table, vitrine, folder, name, capture, keys):
    """How many fields agree, by the way in which they compare. Raises Wrong."""
    c = Capture(table, *read(vitrine, folder, name, capture, keys))
    c.all()
    if not c.compared["number"]:
        raise Wrong("nothing to compare")
    return c.compared

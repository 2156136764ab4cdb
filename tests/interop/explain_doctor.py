"""explain_doctor.py - captures that cannot be opened, made out of sound ones (explain_scenes.py), and how `vitrine
explain` says why: the word in its facts (docs/explain.md), and the exit code."""
import os
import struct

from explain_lab import TO_SERVER, Writer
from explain_spoil import CLIENT, SERVER, Capture

SOURCES = ("nginx12-curl", "gnutls13", "nginx13-huge", "openssl12-resume-ticket", "python13-python")


class Doctored(Capture):
    def keep(self, wanted):
        """Those frames alone for which wanted(number, frame) holds."""
        kept = [(h, f) for n, (h, f) in enumerate(zip(self.heads, self.frames), 1) if wanted(n, f)]
        self.heads, self.frames = [h for h, _ in kept], [f for _, f in kept]

    def side(self, frame):
        return CLIENT if frame[26:30] == b"\x0a\x4c\0\x01" else SERVER

    def offload(self):
        """The client's checksums as they are before the network card has made them: over the pseudo-header alone."""
        for n, f in enumerate(self.frames):
            if self.side(f) == CLIENT:
                size = struct.unpack_from(">H", f, 16)[0] - 20
                total = sum(struct.unpack(">4H", f[26:34])) + 6 + size
                while total >> 16:
                    total = (total & 0xffff) + (total >> 16)
                self.frames[n] = f[:50] + struct.pack(">H", total) + f[52:]

    def snap(self, most):
        for n, f in enumerate(self.frames):
            self.heads[n] = self.heads[n][:8] + struct.pack("<II", min(len(f), most), len(f))
            self.frames[n] = f[:most]

    def with_secrets(self, path, keys, after):
        """As pcapng, the secrets behind so many frames."""
        w = Writer(path, "pcapng")
        for n, (head, frame) in enumerate(zip(self.heads, self.frames)):
            if n == after:
                w.block(10, struct.pack("<II", 0x544c534b, len(keys)) + keys)
            second, part = struct.unpack_from("<II", head)
            w.frame(second * 10**9 + part, frame, TO_SERVER)
        if after >= len(self.frames):
            w.block(10, struct.pack("<II", 0x544c534b, len(keys)) + keys)
        w.close()


def doctored(src, out):
    """Makes them: (name, file, options, exit code, {a fact of the connection: its value})."""
    os.makedirs(out, exist_ok=True)

    def source(name):
        return Doctored(f"{src}/{name}.pcap"), f"{src}/{name}.keys"
    if not all(os.path.exists(f"{src}/{n}.pcap") for n in SOURCES):
        return
    for name in ("nginx12-curl", "gnutls13"):
        c, keys = source(name)
        plain = f"{src}/{name}.pcap"
        yield f"{name}, no key log", plain, [], 0, {"blind": "no_keylog"}
        yield f"{name}, another's key log", plain, ["--keylog", f"{src}/python13-python.keys"], 1, {"blind": "no_line"}
        yield f"{name}, of no use a key", plain, ["--server-key", f"{src}/server.key"], 0, {"blind": "key_useless"}
        late = f"{out}/{name}-late.pcapng"
        c.with_secrets(late, open(keys, "rb").read(), len(c.frames))
        yield f"{name}, secrets behind all", late, [], 0, {"opened": 0}
        c.with_secrets(f"{out}/{name}-early.pcapng", open(keys, "rb").read(), 0)
        yield f"{name}, secrets in front", f"{out}/{name}-early.pcapng", [], 0, {"blind": ""}
        c.keep(lambda n, f: n > 8)
        c.write(f"{out}/{name}-middle.pcap")
        yield f"{name}, from the middle", f"{out}/{name}-middle.pcap", ["--keylog", keys], 1, {"blind": "middle"}
        for side in (CLIENT, SERVER):
            c, keys = source(name)
            c.keep(lambda n, f, c=c, side=side: c.side(f) == side)
            c.write(f"{out}/{name}-side{side}.pcap")
            yield f"{name}, side {side} alone", f"{out}/{name}-side{side}.pcap", ["--keylog", keys], None, {"one_sided": 1}
        c, keys = source(name)
        c.offload()
        c.write(f"{out}/{name}-offload.pcap")
        yield f"{name}, checksums of offload", f"{out}/{name}-offload.pcap", ["--keylog", keys], 0, {"blind": ""}
        c.snap(96)
        c.write(f"{out}/{name}-snap.pcap")
        yield f"{name}, cut to 96 octets", f"{out}/{name}-snap.pcap", ["--keylog", keys], None, {}
    c, keys = source("nginx13-huge")
    c.keep(lambda n, f: n < 400)
    c.write(f"{out}/end.pcap")
    yield "nginx13-huge, its end cut", f"{out}/end.pcap", ["--keylog", keys], 0, {"blind": ""}
    whole = open(f"{src}/nginx13-huge.pcap", "rb").read()
    with open(f"{out}/file.pcap", "wb") as f:
        f.write(whole[:len(whole) // 3])
    yield "nginx13-huge, the file cut", f"{out}/file.pcap", ["--keylog", keys], 0, {"blind": ""}
    c, keys = source("nginx13-huge")
    c.keep(lambda n, f: n != 300)
    c.write(f"{out}/gap.pcap")
    yield "nginx13-huge, a packet missing", f"{out}/gap.pcap", ["--keylog", keys], None, {"whole": 1}
    for suite in ("openssl12-aria128-gcm-sha256", "openssl12-ecdhe-aria256-gcm-sha384"):
        if os.path.exists(f"{src}/{suite}.pcap"):
            yield f"{suite}", f"{src}/{suite}.pcap", ["--keylog", f"{src}/{suite}.keys"], 1, {"blind": "suite"}

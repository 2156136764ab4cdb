"""explain_spoil.py - copies of sound captures (explain_scenes.py), each spoiled in one octet of one connection, the TCP
checksum made right again; and what `vitrine explain` must name of each, and in which packets it lies."""
import os
import re
import shutil
import struct

import explain_lab as lab

CLIENT, SERVER = 0, 1
HELLO, SERVER_HELLO, TICKET, CERTIFICATE, KEY_EXCHANGE, VERIFY, CLIENT_KEY_EXCHANGE = 1, 2, 4, 11, 12, 15, 16
APPLICATION_DATA, HANDSHAKE, CCS = 23, 22, 20


class Capture:
    """A pcap of explain_lab's default kind with one connection; each side's octets, and where they lie."""

    def __init__(self, path):
        data, at = open(path, "rb").read(), 24
        assert data[:4] == struct.pack("<I", 0xa1b23c4d), path
        self.head, self.heads, self.frames = data[:24], [], []
        while at + 16 <= len(data):
            size = struct.unpack_from("<I", data, at + 8)[0]
            self.heads.append(data[at:at + 16])
            self.frames.append(data[at + 16:at + 16 + size])
            at += 16 + size
        self.start, self.streams, self.lies, first = [None, None], [bytearray(), bytearray()], [[], []], None
        for n, frame in enumerate(self.frames):
            p = lab.Packet(frame)
            first = first or p.sport
            side = CLIENT if p.sport == first else SERVER
            if p.syn:
                self.start[side] = (p.seq + 1) & 0xffffffff
            place = (p.seq - self.start[side]) & 0xffffffff if p.data else 0
            have = len(self.streams[side])
            if p.data:
                self.lies[side].append((place, len(p.data), n, p.end - len(p.data)))
            if place <= have < place + len(p.data):
                self.streams[side] += p.data[have - place:]

    def records(self, side):
        """(offset, type, length with header), in order."""
        at, s = 0, self.streams[side]
        while at + 5 <= len(s):
            size = 5 + struct.unpack_from(">H", s, at + 3)[0]
            yield at, s[at], size
            at += size

    def messages(self, side):
        """(offset, type, length with header) of plaintext handshake messages that lie in one record each or more."""
        for at, kind, size in self.records(side):
            if kind == CCS:
                return
            if kind != HANDSHAKE:
                continue
            m, end = at + 5, at + size
            while m + 4 <= end:
                length = 4 + int.from_bytes(self.streams[side][m + 1:m + 4], "big")
                yield m, self.streams[side][m], length
                m += length

    def message(self, side, kind):
        return next((at, size) for at, k, size in self.messages(side) if k == kind)

    def sealed(self, side, n):
        """The nth record behind ChangeCipherSpec (from 0; negative ones from the end)."""
        all_, seen = [], False
        for at, kind, size in self.records(side):
            if seen and kind != CCS:
                all_.append((at, size))
            seen = seen or kind == CCS
        return all_[n]

    def packets(self, side, at, size):
        """The packets in which these octets lie, or the record that they are in, as frame numbers."""
        for start, _, length in self.records(side):
            if start <= at and at + size <= start + length:
                at, size = start, length
        return sorted({n + 1 for place, length, n, _ in self.lies[side] if place < at + size and at < place + length})

    def spoil(self, side, place, repair=True):
        for start, length, n, offset in self.lies[side]:
            if not start <= place < start + length:
                continue
            f = bytearray(self.frames[n])
            f[offset + place - start] ^= 0x10
            self.frames[n] = lab.repaired(bytes(f)) if repair else bytes(f)

    def write(self, path):
        with open(path, "wb") as f:
            f.write(self.head)
            for head, frame in zip(self.heads, self.frames):
                f.write(head + frame)


def extension(c, side, kind, number):
    """Where the contents of a hello's extension begin."""
    at, _ = c.message(side, kind)
    s = c.streams[side]
    p = at + 4 + 2 + 32
    p += 1 + s[p]
    p += 2 + struct.unpack_from(">H", s, p)[0] if kind == HELLO else 2
    p += 1 + s[p] if kind == HELLO else 1
    end = p + 2 + struct.unpack_from(">H", s, p)[0]
    p += 2
    while p < end:
        code, size = struct.unpack_from(">HH", s, p)
        if code == number:
            return p + 4
        p += 4 + size
    raise SystemExit(f"no extension {number}")


def table():
    """name: (scene, side, where(capture) -> (octet, first octet and size of what must be named), words that must come
    with one of its packets). Where a plaintext octet falls whose only witness is a Finished, that Finished is named."""
    def message(side, kind, into):
        def where(c):
            at, size = c.message(side, kind)
            return at + into if into >= 0 else at + size + into, at, size
        return where

    def record(side, n, into):
        def where(c):
            at, size = c.sealed(side, n)
            return at + 5 + into if into >= 0 else at + size + into, at, size
        return where

    def hello(number, finished, side=CLIENT, kind=HELLO):
        """An octet of a hello's extension; the Finished of `finished` is what does not hold."""
        def where(c):
            at, size = c.sealed(finished, 0)
            return extension(c, side, kind, number) + 3, at, size
        return where

    def finished(side, kind, into, whose):
        def where(c):
            at, size = c.sealed(whose, 0)
            return message(side, kind, into)(c)[0], at, size
        return where
    record_, finished_, exchange = r"record", r"Finished", r"ServerKeyExchange"
    return {
        # TLS 1.2
        "client-record": ("nginx12-curl", CLIENT, record(CLIENT, 1, 20), record_),
        "server-record": ("nginx12-curl", SERVER, record(SERVER, 1, 3000), record_),
        "server-tag-gcm": ("nginx12-curl", SERVER, record(SERVER, 1, -3), record_),
        "client-finished": ("openssl12-ecdhe-ecdsa-aes256-gcm-sha384", CLIENT, record(CLIENT, 0, 10), finished_ + "|record"),
        "server-finished": ("openssl12-ecdhe-ecdsa-aes256-gcm-sha384", SERVER, record(SERVER, 0, 10), finished_ + "|record"),
        "cbc-mac": ("openssl12-no-etm", SERVER, record(SERVER, 1, 40), record_),
        "cbc-etm": ("openssl12-aes128-sha", SERVER, record(SERVER, 1, -2), record_),
        "cbc-iv": ("openssl12-aes128-sha", CLIENT, record(CLIENT, 1, 1), record_),
        "chacha": ("openssl12-dhe-rsa-chacha20-poly1305", CLIENT, record(CLIENT, 1, 5), record_),
        "gnutls-record": ("gnutls12", SERVER, record(SERVER, 1, 30), record_),
        "exchange-signature": ("nginx12-curl", SERVER, message(SERVER, KEY_EXCHANGE, -5), exchange),
        "exchange-point": ("gnutls12", SERVER, message(SERVER, KEY_EXCHANGE, 20), exchange),
        "exchange-dhe": ("openssl12-dhe-rsa-chacha20-poly1305", SERVER, message(SERVER, KEY_EXCHANGE, -100), exchange),
        "certificate-signature": ("openssl12-ecdhe-ecdsa-aes256-gcm-sha384", SERVER, leaf_signature, r"[Cc]ertificate"),
        "server-random": ("apache12-renegotiating-client", SERVER, server_random(KEY_EXCHANGE), exchange + "|ServerHello"),
        "hello-extension": ("nginx12-curl", CLIENT, hello(13, CLIENT), finished_),
        "certificate-verify": ("openssl12-client-certificate", CLIENT, message(CLIENT, VERIFY, -4), r"CertificateVerify"),
        "ticket": ("openssl12-dhe-rsa-chacha20-poly1305", SERVER, finished(SERVER, TICKET, 60, SERVER), finished_),
        "client-key-exchange": ("gnutls12-dhe", CLIENT, finished(CLIENT, CLIENT_KEY_EXCHANGE, 40, CLIENT), finished_),
        # TLS 1.3; the server's first sealed flight holds EncryptedExtensions .. Finished
        "13-server-record": ("nginx13-huge", SERVER, record(SERVER, 40, 3000), record_),
        "13-client-record": ("python13-python", CLIENT, record(CLIENT, -2, 10), record_),
        "13-tag": ("apache13-curl", SERVER, record(SERVER, -2, -1), record_),
        "13-server-random": ("nginx13-huge", SERVER, server_random(None), r"CertificateVerify|Finished|ServerHello"),
        "13-hello-extension": ("gnutls13", CLIENT, hello13(13), r"CertificateVerify|Finished"),
        "13-flight": ("openssl13-aes-256", SERVER, record(SERVER, 1, 200), record_),
    }


def leaf_signature(c):
    at, size = c.message(SERVER, CERTIFICATE)
    s = c.streams[SERVER]
    first = int.from_bytes(s[at + 7:at + 10], "big")
    return at + 10 + first - 5, at, size


def server_random(witness):
    def where(c):
        at, _ = c.message(SERVER, SERVER_HELLO)
        if witness:                                       # its signature; or what it signs is named itself
            last, size = c.message(SERVER, witness)
            return at + 20, at, last + size - at
        return (at + 20, *flight13(c))
    return where


def hello13(number):
    return lambda c: (extension(c, CLIENT, HELLO, number) + 3, *flight13(c))


def flight13(c):
    """All of the server's first sealed records: CertificateVerify and Finished are in them."""
    first, last = c.sealed(SERVER, 0), c.sealed(SERVER, 3)
    return first[0], last[0] + last[1] - first[0]


def sources():
    """The scenes that must be there."""
    return {row[0] for row in table().values()}


def spoil(src, out):
    """Makes them; [(name, packets, words)]."""
    made = []
    for name, (scene, side, where, words) in table().items():
        if not os.path.exists(f"{src}/{scene}.pcap"):
            continue
        c = Capture(f"{src}/{scene}.pcap")
        octet, at, size = where(c)
        packets = None
        for s in (CLIENT, SERVER):                        # what must be named lies on the side whose octets these are
            if named_side(name, side) == s:
                packets = c.packets(s, at, size)
        c.spoil(side, octet)
        c.write(f"{out}/{name}.pcap")
        shutil.copy(f"{src}/{scene}.keys", f"{out}/{name}.keys")
        made.append((name, packets, words))
    return made


def named_side(name, side):
    """On whose side the witness is: TLS 1.3's for an octet of ClientHello is the server's."""
    return SERVER if re.match("13-hello", name) else side


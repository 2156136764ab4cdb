"""explain_lab.py - where foreign stacks meet and are captured, for explain_scenes.py and explain_broken.py.

  [ clients: TAP near 10.76.0.1, fd76::1 ] === this program === [ TAP far, namespace "theirs": servers ]

The servers' side owns all of 10.77.0.0/16 and fd77::/32. A scene gets the network 10.77.N.0/24 and fd77:0:0:N::/64 of
its own, so that many scenes go on at once and each packet belongs to one: this program, which is the wire, writes it
to that scene's file, as seen at the client's end, and lets the scene's rule lose it, change it, delay it or answer in
another's name. A TAP has no offload: segments and checksums are those of the wire. All lives in namespaces that end
with the script that made them (own-network.sh)."""
import fcntl
import heapq
import os
import select
import struct
import subprocess
import threading
import time

TUNSETIFF, IFF_TAP_NO_PI = 0x400454ca, 0x1002
TO_SERVER, TO_CLIENT = 0, 1


def checksum(data):
    if len(data) & 1:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Packet:
    """An Ethernet frame with IPv4 or IPv6, taken apart as far as the rules need it."""

    def __init__(self, frame):
        self.frame, self.v6 = frame, frame[12:14] == b"\x86\xdd"
        if self.v6:
            self.proto, self.at, self.ttl = frame[20], 54, frame[21]
            self.src, self.dst = frame[22:38], frame[38:54]
            self.end = 54 + struct.unpack_from(">H", frame, 18)[0]
        else:
            self.proto, self.at, self.ttl = frame[23], 14 + (frame[14] & 15) * 4, frame[22]
            self.src, self.dst = frame[26:30], frame[30:34]
            self.end = 14 + struct.unpack_from(">H", frame, 16)[0]
        self.tcp = self.proto == 6 and len(frame) >= self.at + 20
        self.udp = self.proto == 17
        self.flags, self.data = 0, b""
        if self.tcp:
            self.sport, self.dport, self.seq, self.ack, off, self.flags, self.window = \
                struct.unpack_from(">HHIIBBH", frame, self.at)
            self.data = frame[self.at + (off >> 4) * 4:self.end]
        elif self.udp:
            self.sport, self.dport = struct.unpack_from(">HH", frame, self.at)
            self.data = frame[self.at + 8:self.end]
        self.syn, self.rst, self.fin = self.flags & 2, self.flags & 4, self.flags & 1

    def hello(self):
        """Does a ClientHello begin here?"""
        return self.tcp and self.data[:2] == b"\x16\x03" and self.data[5:6] == b"\x01"

    def network(self):
        """Which scene's it is: the third octet of the servers' address."""
        if self.v6:
            for a in (self.src, self.dst):
                if a[:4] == b"\xfd\x77\0\0":
                    return struct.unpack_from(">H", a, 6)[0]
        else:
            for a in (self.src, self.dst):
                if a[:2] == b"\x0a\x4d":
                    return a[2]
        return None


def packet_of(src, dst, v6, proto, payload, macs, ttl=64, check_at=16):
    """A frame with this payload, its transport checksum put in at check_at (None: none is wanted)."""
    if check_at is not None:
        pseudo = src + dst + (struct.pack(">IHBB", len(payload), 0, 0, proto) if v6
                              else struct.pack(">BBH", 0, proto, len(payload)))
        payload = payload[:check_at] + b"\0\0" + payload[check_at + 2:]
        payload = payload[:check_at] + struct.pack(">H", checksum(pseudo + payload)) + payload[check_at + 2:]
    if v6:
        return macs + b"\x86\xdd" + struct.pack(">IHBB", 6 << 28, len(payload), proto, ttl) + src + dst + payload
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 0x3039, 0, ttl, proto, 0) + src + dst
    return macs + b"\x08\x00" + head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def repaired(frame):
    """The frame, its TCP checksum made right again."""
    p = Packet(frame)
    payload = frame[p.at:p.end]
    pseudo = p.src + p.dst + (struct.pack(">IHBB", len(payload), 0, 0, 6) if p.v6
                              else struct.pack(">BBH", 0, 6, len(payload)))
    blank = payload[:16] + b"\0\0" + payload[18:]
    return frame[:p.at + 16] + struct.pack(">H", checksum(pseudo + blank)) + frame[p.at + 18:]


def answer(p, flags, window, ttl, data=b"", seq=None, ack=None):
    """A segment back to who sent p, in the name of p's receiver."""
    seq = p.ack if seq is None else seq
    ack = (p.seq + len(p.data) + bool(p.syn)) & 0xffffffff if ack is None else ack
    tcp = struct.pack(">HHIIBBHHH", p.dport, p.sport, seq, ack, 0x50, flags, window, 0, 0) + data
    return packet_of(p.dst, p.src, p.v6, 6, tcp, p.frame[6:12] + p.frame[:6], ttl)


def forward(p, flags, window, ttl, seq):
    """A segment from who sent p to p's receiver, not made by that sender."""
    tcp = struct.pack(">HHIIBBHHH", p.sport, p.dport, seq, p.ack, 0x50, flags, window, 0, 0)
    return packet_of(p.src, p.dst, p.v6, 6, tcp, p.frame[:12], ttl)


class Writer:
    """A capture file: kind says the format (pcap of nanoseconds or microseconds, either byte order; pcapng) and the
    link layer that frames are given."""
    LINKS = {"eth": 1, "vlan": 1, "qinq": 1, "raw": 101, "null": 0, "sll": 113, "sll2": 276}

    def __init__(self, path, kind="pcap", link="eth", order="<", nano=True):
        self.file, self.kind, self.link, self.order, self.nano = open(path, "wb"), kind, link, order, nano
        number = self.LINKS[link]
        if kind == "pcap":
            self.file.write(struct.pack(order + "IHHiIII", 0xa1b23c4d if nano else 0xa1b2c3d4, 2, 4, 0, 0, 262144, number))
        else:
            self.block(0x0a0d0d0a, struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, -1))
            resolution = struct.pack(order + "HHB3xHH", 9, 1, 9, 0, 0) if nano else b""
            self.block(1, struct.pack(order + "HHI", number, 0, 262144) + resolution)

    def block(self, kind, body):
        body += bytes(-len(body) % 4)
        size = struct.pack(self.order + "I", len(body) + 12)
        self.file.write(struct.pack(self.order + "I", kind) + size + body + size)

    def frame(self, at, frame, way):
        frame = self.linked(frame, way)
        at = at if self.nano else at // 1000
        if self.kind == "pcap":
            second = 10**9 if self.nano else 10**6
            self.file.write(struct.pack(self.order + "IIII", at // second, at % second, len(frame), len(frame)) + frame)
        else:
            self.block(6, struct.pack(self.order + "IIIII", 0, at >> 32, at & 0xffffffff, len(frame), len(frame)) + frame)

    def linked(self, frame, way):
        if self.link == "vlan":
            return frame[:12] + b"\x81\0\0\x07" + frame[12:]
        if self.link == "qinq":
            return frame[:12] + b"\x88\xa8\0\x09\x81\0\0\x07" + frame[12:]
        if self.link == "raw":
            return frame[14:]
        if self.link == "null":
            return struct.pack(self.order + "I", 10 if frame[12:14] == b"\x86\xdd" else 2) + frame[14:]
        if self.link == "sll":
            return struct.pack(">HHH", 4 if way == TO_SERVER else 0, 1, 6) + frame[6:12] + b"\0\0" + frame[12:]
        if self.link == "sll2":
            return frame[12:14] + struct.pack(">HIHBB", 0, 2, 1, 4 if way == TO_SERVER else 0, 6) + frame[6:12] + \
                b"\0\0" + frame[14:]
        return frame

    def close(self):
        self.file.close()


class Side:
    """What a scene's rule may do: send, drop by not sending, send later. See Wire.handle."""

    def __init__(self, wire, scene, way):
        self.wire, self.scene, self.way = wire, scene, way

    def send(self, frame, way=None, after=0.0):
        self.wire.send(self.scene, frame, self.way if way is None else way, after)


class Wire(threading.Thread):
    """Both TAPs and what goes between them."""

    def __init__(self):
        super().__init__(daemon=True)
        self.fds = [self.tap("near"), self.tap("far")]
        self.scenes, self.later, self.count, self.lock, self.last = {}, [], 0, threading.Lock(), 0
        self.turns = 0

    @staticmethod
    def tap(name):
        fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH14x", name.encode(), IFF_TAP_NO_PI))
        return fd

    def run(self):
        while True:
            wait = min(0.05, max(0, self.later[0][0] - time.monotonic())) if self.later else 0.05
            readable, _, _ = select.select(self.fds, [], [], wait)
            for fd in readable:
                for _ in range(64):
                    try:
                        frame = os.read(fd, 65535)
                    except BlockingIOError:
                        break
                    self.handle(frame, TO_SERVER if fd == self.fds[0] else TO_CLIENT)
            while self.later and self.later[0][0] <= time.monotonic():
                _, _, scene, frame, way = heapq.heappop(self.later)
                self.put(scene, frame, way)
            self.turns += 1

    def settle(self, scene, linger):
        """Waits until what the ended programs left behind (a FIN) was read, however late this thread is, and the scene
        has been quiet for so long since."""
        turns, end = self.turns, time.monotonic()
        while self.turns < turns + 2 or time.monotonic() - max(scene.busy, end) < linger:
            time.sleep(0.02)

    def handle(self, frame, way):
        if frame[12:14] not in (b"\x08\0", b"\x86\xdd"):
            self.put(None, frame, way)
            return
        p = Packet(frame)
        scene = self.scenes.get(p.network())
        if scene and way == scene.seen_first:
            self.write(scene, frame, way)
        if scene is None or scene.rule is None:
            self.put(scene, frame, way)
            return
        scene.rule(p, Side(self, scene, way))

    def send(self, scene, frame, way, after):
        if after:
            self.count += 1
            heapq.heappush(self.later, (time.monotonic() + after, self.count, scene, frame, way))
        else:
            self.put(scene, frame, way)

    def put(self, scene, frame, way):
        if scene and way != scene.seen_first:
            self.write(scene, frame, way)
        try:
            os.write(self.fds[1 - way], frame)
        except OSError:
            pass

    def write(self, scene, frame, way):
        at = max(time.time_ns(), self.last + 1)
        self.last = at
        scene.busy = time.monotonic()
        with self.lock:
            if scene.writer:
                scene.writer.frame(at, frame, way)

    def open(self, scene):
        scene.busy, scene.writer = time.monotonic(), Writer(scene.path, **scene.file)
        self.scenes[scene.number] = scene

    def close(self, scene):
        with self.lock:
            scene.writer.close()
            scene.writer = None
        del self.scenes[scene.number]


def sh(line, **more):
    return subprocess.run(["sh", "-c", line], check=True, **more)


def lab():
    """The two namespaces, the wire between them; returns the wire. The caller is in namespaces of its own."""
    sh("mount -t tmpfs none /run && mkdir -p /run/netns && ip netns add theirs")
    for f in ("all/accept_dad", "default/accept_dad", "all/accept_ra"):
        sh(f"echo 0 >/proc/sys/net/ipv6/conf/{f}; ip netns exec theirs sh -c 'echo 0 >/proc/sys/net/ipv6/conf/{f}'")
    wire = Wire()
    sh("ip link set lo up && ip link set far netns theirs && ip -n theirs link set lo up && "
       "ip addr add 10.76.0.1/24 dev near && ip addr add fd76::1/64 dev near nodad && ip link set near up && "
       "ip -n theirs addr add 10.76.0.2/24 dev far && ip -n theirs addr add fd76::2/64 dev far nodad && "
       "ip -n theirs link set far up && ip route add 10.77.0.0/16 via 10.76.0.2 && ip route add fd77::/32 via fd76::2 && "
       "ip -n theirs route add local 10.77.0.0/16 dev lo && ip -n theirs route add local fd77::/32 dev lo")
    wire.start()
    return wire

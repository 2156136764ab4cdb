#!/usr/bin/env python3
"""keys.py FILE..., keys.py --planted FILE - computes again, from what each `key` event and each sealed record of a visit brings, what it brings:
secrets from named secrets, digests, points, nonces, MACs. Written after the RFCs, not after the program. A line
`ok FILE: N values` or `FAIL FILE: why`; exit 1 when one is wrong."""
import hashlib
import hmac
import json
import struct
import sys

CURVES = {                                                      # SEC 2: prime, b is not needed, a is -3, base point
    "secp256r1": (2**256 - 2**224 + 2**192 + 2**96 - 1,
                  0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
                  0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5),
    "secp384r1": (2**384 - 2**128 - 2**96 + 2**32 - 1,
                  0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
                  0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F),
    "secp521r1": (2**521 - 1,
                  0x00C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD66,
                  0x011839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650),
}
E_DIGITS = 4096                                                 # bits of e that are computed, for the primes of RFC 7919
OUTPUTS = "secret", "digest", "verify_data", "encrypted"      # the first that there is, is the event's


def add(p, a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % p == 0:
        return None
    slope = ((3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, p) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, p)) % p
    x = (slope * slope - a[0] - b[0]) % p
    return x, (slope * (a[0] - x) - a[1]) % p


def times(p, scalar, point):
    sum_ = None
    for bit in bin(int.from_bytes(scalar, "big"))[2:]:
        sum_ = add(p, sum_, sum_)
        if bit == "1":
            sum_ = add(p, sum_, point)
    return sum_


def ffdhe(bits):
    """RFC 7919 appendix A: p = 2^b - 2^(b-64) + (floor(2^(b-130) e) + X) 2^64 - 1, X the least that makes it a safe
    prime."""
    x = {2048: 560316, 3072: 2625351, 4096: 5736041}[bits]
    one, term, e, n = 1 << (E_DIGITS + 64), 1 << (E_DIGITS + 64), 0, 1
    while term:
        e, term, n = e + term, term // n, n + 1
    return 2**bits - 2**(bits - 64) + ((e * 2**(bits - 130) // one) + x) * 2**64 - 1


def x25519(scalar, point):
    """RFC 7748 §5."""
    p, k = 2**255 - 19, int.from_bytes(scalar, "little") & ~7 & (2**255 - 1) | 2**254
    u = int.from_bytes(point, "little") % 2**255
    x2, z2, x3, z3, swap = 1, 0, u, 1, 0
    for t in range(254, -1, -1):
        bit = k >> t & 1
        if swap != bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        e = a * a - b * b
        x3, z3 = (d * a + c * b)**2 % p, u * (d * a - c * b)**2 % p
        x2, z2 = a * a * b * b % p, e * (a * a + 121665 * e) % p
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, p - 2, p) % p).to_bytes(32, "little")


def agree(group, secret, value):
    if group == "x25519":
        return x25519(secret, value)
    if group.startswith("ffdhe"):                               # RFC 5246 §8.1.2: without the zeros in front
        p = ffdhe(int(group[5:]))
        return pow(int.from_bytes(value, "big"), int.from_bytes(secret, "big"), p).to_bytes(len(value), "big").lstrip(b"\0")
    p, half = CURVES[group][0], len(value) // 2
    x = times(p, secret, (int.from_bytes(value[1:1 + half], "big"), int.from_bytes(value[1 + half:], "big")))[0]
    return x.to_bytes(half, "big")


def public(group, secret):
    if group == "x25519":
        return x25519(secret, b"\x09" + bytes(31))
    if group.startswith("ffdhe"):
        bits = int(group[5:])
        return pow(2, int.from_bytes(secret, "big"), ffdhe(bits)).to_bytes(bits // 8, "big")
    p, *base = CURVES[group]
    x, y = times(p, secret, tuple(base))
    size = (p.bit_length() + 7) // 8
    return b"\x04" + x.to_bytes(size, "big") + y.to_bytes(size, "big")


def prf(kind, secret, label, seed, n):
    """RFC 5246 §5."""
    seed = a = label.encode() + seed
    out = b""
    while len(out) < n:
        a = hmac.new(secret, a, kind).digest()
        out += hmac.new(secret, a + seed, kind).digest()
    return out[:n]


class Visit:
    def __init__(self, events):
        self.latest, self.buffers, self.ivs, self.values = {}, {}, {}, 0
        for e in events:
            if "id" in e:
                self.buffers[e["id"]] = bytes.fromhex(e["bytes"])
            if e["kind"] == "key":
                self.key(e)
            if e.get("layer") == "tls" and e["kind"] in ("record", "buffer") and "sequence" in e:
                self.sealed(e)

    def same(self, e, what, expected):
        if e[what] != expected.hex():
            raise ValueError(f'n {e["n"]} {e["name"]}: {what} is {e[what]}, not {expected.hex()}')
        self.values += 1

    def named(self, e, name):
        return self.latest[e["host"], e.get("conn"), name]

    def key(self, e):
        octets = {k: bytes.fromhex(v) for k, v in e.items() if isinstance(v, str) and k not in ("how", "in")
                  and len(v) % 2 == 0 and all(c in "0123456789abcdef" for c in v)}
        secret_in = octets.get("secret_in_value")
        if "secret_in" in e:
            self.same(e, "secret_in_value", self.named(e, e["secret_in"]))
        if e["how"].startswith("PRF-"):
            out = "verify_data" if "verify_data" in e else "secret"
            n = e.get("octets", len(octets[out]))
            self.seed(e)
            self.same(e, out, prf(e["how"][4:].lower(), secret_in, e["prf_label"], octets["seed"], n))
        elif "messages" in e:
            text = b"".join(self.buffers[m] for m in e["messages"].split())
            self.same(e, "digest", hashlib.new(e["how"].replace("-", ""), text).digest())
        elif "signed" in e:
            self.same(e, "digest", hashlib.new(e["how"].replace("-", ""), octets["signed"]).digest())
        elif "encoded" in e:
            number = [int.from_bytes(octets[k], "big") for k in ("encoded", "exponent", "modulus")]
            self.same(e, "encrypted", pow(*number).to_bytes(len(octets["modulus"]), "big"))
            if not octets["encoded"].endswith(b"\0" + secret_in):
                raise ValueError(f'n {e["n"]}: the padded secret does not end with the secret')
        elif "peer_point" in e:
            self.same(e, "secret", agree(e["group"], secret_in, octets["peer_point"]))
        elif "point" in e:
            self.same(e, "point", public(e["group"], octets["secret"]))
        elif e.get("secret_in") == "key_block":
            self.same(e, "secret", secret_in[e["at"]:e["at"] + e["octets"]])
        elif e["name"] != "pre_master_secret":
            raise ValueError(f'n {e["n"]}: nobody computes {e["name"]}')
        self.latest[e["host"], e.get("conn"), e["name"]] = next(octets[out] for out in OUTPUTS if out in octets)
        if "signed" in e:
            self.latest[e["host"], e.get("conn"), "client_random"] = octets["signed"][:32]
            self.latest[e["host"], e.get("conn"), "server_random"] = octets["signed"][32:64]

    def seed(self, e):
        parts = e["seed_of"].split(" + ")
        if all((e["host"], e.get("conn"), p) in self.latest for p in parts):
            self.same(e, "seed", b"".join(self.named(e, p) for p in parts))

    def sealed(self, e):
        """RFC 5246 §6.2.3, RFC 5288 §3, RFC 7905 §2."""
        record = self.buffers[e["id"]] if e["kind"] == "record" else self.buffers.get(e["spans"][0][0])
        self.named(e, e["key"])
        start = struct.pack(">QBH", e["sequence"], {"handshake": 22, "alert": 21, "application_data": 23}[e["type"]], 0x303)
        if "nonce" in e:
            fixed = self.named(e, e["fixed_iv"])
            counter = struct.pack(">Q", e["sequence"])
            if len(fixed) == 12:
                counter = bytes(a ^ b for a, b in zip(fixed[4:], counter))
            self.same(e, "nonce", fixed[:4] + counter)
            if e["kind"] == "buffer":
                self.same(e, "aad", start + struct.pack(">H", e["len"]))
            else:
                self.same(e, "aad", start + struct.pack(">H", e["len"] - 5 - 16 - (8 if len(fixed) == 4 else 0)))
                self.same(e, "tag", record[-16:])
        elif e["kind"] == "buffer":
            opened = self.buffers[e["id"]]
            kind = e["sealing"].rsplit("-", 1)[1].lower()       # AES-128-CBC-HMAC-SHA1
            size = hashlib.new(kind).digest_size
            n = len(opened) - 1 - e["padding_length"] - size
            self.same(e, "mac_header", start + struct.pack(">H", n))
            self.same(e, "mac", opened[n:n + size])
            self.same(e, "mac", hmac.new(self.named(e, e["mac_key"]), bytes.fromhex(e["mac_header"]) + opened[:n],
                                         kind).digest())
        else:
            self.same(e, "iv", record[5:21])
        if "iv" in e:                                                          # the opened form has the same
            iv = self.ivs.setdefault(e["id"] if e["kind"] == "record" else e["spans"][0][0], e["iv"])
            self.same(e, "iv", bytes.fromhex(iv))


def events_of(path):
    return [json.loads(line) for line in open(path, encoding="utf-8")]


def fault_of(events):
    try:
        return Visit(events), None
    except (ValueError, KeyError) as fault:
        return None, repr(fault)


def planted(path):
    """One digit of one value after the other is another one: each is noticed."""
    events, n = events_of(path), 0
    for e in events:
        for name in OUTPUTS + ("secret_in_value", "nonce", "aad", "tag", "iv", "mac", "mac_header", "point", "seed"):
            value = e.get(name)
            if e["kind"] not in ("key", "record", "buffer") or not value or e["name"] == "pre_master_secret":
                continue
            e[name] = value[:-1] + ("0" if value[-1] != "0" else "1")
            if not fault_of(events)[1]:
                return print(f'FAIL {path}: a wrong {name} of n {e["n"]} {e["name"]} is not noticed') or 1
            e[name] = value
            n += 1
    return print(f"ok {path}: {n} wrong values are noticed") or 0


failed = 0
if sys.argv[1] == "--planted":
    sys.exit(planted(sys.argv[2]))
for path in sys.argv[1:]:
    visit, fault = fault_of(events_of(path))
    print(f"FAIL {path}: {fault}" if fault else f"ok {path}: {visit.values} values")
    failed |= fault is not None
sys.exit(failed)

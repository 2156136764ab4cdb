"""speed.py LINES CPU - are the lines of `vitrine speed --json` and of `--cpu --json` all that there should be?"""
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
cpu = [json.loads(line) for line in open(sys.argv[2])]
bad = []
def want(good, what):
    if not good: bad.append(what)
sizes = {16, 256, 1024, 8192, 16384}
ops = {}
for names, of in (("sha1 sha256 sha384 sha512 hmac(sha1) hmac(sha256) hmac(sha384)", "hash"),
                  ("aes-128-gcm aes-256-gcm chacha20-poly1305 aes-128-cbc aes-256-cbc", "seal open"),
                  ("rsa2048 rsa3072 rsa4096", "sign verify encrypt decrypt"),
                  ("ecdsap256 ecdsap384 ecdsap521 ed25519", "sign verify key"),
                  ("ecdhp256 ecdhp384 ecdhp521 x25519 ffdhe2048 ffdhe3072 ffdhe4096", "derive key"),
                  ("prf(sha256) prf(sha384)", "derive")):
    ops.update({name: set(of.split()) for name in names.split()})
chosen = {c["what"]: c["form"] for c in cpu if "what" in c}
want(set(chosen) == set(ops), f"--cpu has {sorted(set(chosen) ^ set(ops))} or lacks it")
for what, of in ops.items():
    rows = [l for l in lines if l["what"] == what]
    for form in {r["form"] for r in rows} | {chosen.get(what)}:
        here = [r for r in rows if r["form"] == form]
        want({r["op"] for r in here} == of, f"{what} by {form}: {sorted({r['op'] for r in here})}")
        for op in of:
            have = {r.get("size") for r in here if r["op"] == op}
            want(have == (sizes if of & {"hash", "seal"} else {None}), f"{what} {op} by {form}: sizes {have}")
        want(all(r["best"] == (form == chosen.get(what)) for r in here), f"{what} by {form}: best is another one")
for l in lines:
    want(l.get("ops_per_cpu_s", l.get("bytes", 0)) > 0, f"nothing in {l}")
key = lambda l: tuple(l.get(n) for n in ("what", "op", "form", "size", "suite", "key", "group", "resumed"))
want(len({key(l) for l in lines}) == len(lines), "two lines have the same names")
shakes = [l for l in lines if l["what"].startswith("handshake ")]
want({l["resumed"] + " " + l["op"] for l in shakes}
     == {r + " " + o for r in ("no", "id", "ticket") for o in ("both", "client", "server")}, "handshakes of all kinds")
for wanted in ("ecdsap256 x25519", "ecdsap256 p256", "ecdsap384 p384", "ed25519 x25519", "rsa2048 x25519",
               "rsa3072 x25519", "rsa2048 ffdhe2048", "rsa2048 rsa"):
    k, g = wanted.split()
    want(len([l for l in shakes if l["key"] == k and l["group"] == g]) >= 3, f"handshakes with {wanted}")
want({l["op"] for l in lines if l["what"].startswith("record ")} == {"seal", "open"}, "records")
for l in lines:
    if l["what"] == "idle":
        want(l["bytes"] <= {"client": 10240, "server": 5120}[l["op"]], f"an idle {l['op']} holds {l['bytes']} octets")
print("\n".join(bad))
sys.exit(bool(bad))

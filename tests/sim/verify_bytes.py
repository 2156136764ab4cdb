"""verify_bytes.py VITRINE DIR - reads the screen of `vitrine verify --bytes` beside the files it was made of."""
import base64
import re
import subprocess
import sys

vitrine, folder = sys.argv[1:]
at, failed = "1790000000", False


def run(*arguments):
    return subprocess.run([vitrine, *arguments], cwd=folder, capture_output=True, text=True, timeout=60)


def check(good, what, screen=""):
    global failed
    print(("ok " if good else "FAIL ") + what)
    if not good:
        failed = True
        print("".join("    " + line + "\n" for line in screen.splitlines()[-60:]), end="")


def ders(name):
    text = open(f"{folder}/{name}").read()
    return [base64.b64decode(body) for body in re.findall(r"-----BEGIN [^-]*-----(.*?)-----END", text, re.S)]


def parts(screen):
    """What was shown: each its title, how many octets that says, and those that stand there, None for one left out.
    An octet that is out of its place ends the run."""
    shown = []
    for line in screen.splitlines():
        title = re.match(r"c\d+, (\d+) octets: (.*)$", line)
        row = re.match(r" *([0-9a-f]+)  ((?:[0-9a-f]{2} ?){1,8})(?: |$)", line)
        left = re.match(r"        \.\.\. (\d+) octets more$", line)
        if title:
            shown.append((title[2], int(title[1]), [], line))
        elif shown and left:
            shown[-1][2].extend([None] * int(left[1]))
        elif shown and row:
            octets = bytes.fromhex(row[2])
            if int(row[1], 16) != len(shown[-1][2]):
                check(False, f"{shown[-1][0]}: octet {row[1]} stands behind {len(shown[-1][2])} octets", line)
            shown[-1][2].extend(octets)
    return shown


def whole(part, der):
    return part[1] == len(der) == len(part[2]) and all(a is None or a == b for a, b in zip(part[2], der))


def compare(what, result, wanted):
    shown = parts(result.stdout)
    good = len(shown) == len(wanted) and all(whole(part, der) for part, der in zip(shown, wanted))
    check(good, f"{what}: {len(wanted)} shown, each octet once", result.stdout + result.stderr)
    return result.stdout


def must(result):
    if result.returncode:
        check(False, "vitrine " + " ".join(result.args[1:]), result.stderr)


def chain(*wishes, trust="ca/ca.pem", leaf="leaf.pem"):
    return run("verify", "--bytes", "--at", at, "--trust", trust, *wishes, leaf)


for number, kind in enumerate(["p256", "p384", "p521", "ed25519", "rsa:2048"]):
    ca = f"ca{number}"
    common = ["--dir", ca, "--seed", "5", "--at", at]
    must(run("ca", "init", *common, "--key-kind", kind))
    must(run("ca", "issue", *common, "--key-kind", kind, "--san", "dns:www.example.test,ip:10.0.0.80,ip:2001:db8::1,"
             "email:a@b.test,uri:https://c.test/,dir:/O=X", "--policy", "2.23.140.1.2.1", "--must-staple",
             "--crl-uri", "http://c.test/crl", "--ocsp-uri", "http://o.test/", "--issuer-uri", "http://c.test/ca",
             "--eku", "server,client", "--ext", "1.2.3.4=0500", "--out", "leaf"))
    must(run("ca", "issue", *common, "--ca", "--name", "sub", "--subject", "/CN=Sub", "--permit",
             "dns:example.test,ip:10.0.0.0/8,email:b.test,dir:/O=X", "--exclude", "dns:elsewhere.test", "--policy", "1.2.3",
             "--map", "1.2.3=1.2.4", "--require-policy", "1", "--no-mapping", "1", "--no-any-policy", "2", "--path-len",
             "0", "--out", "sub"))
    must(run("ca", "revoke", "sub", *common, "--reason", "keyCompromise"))
    must(run("ca", "crl", *common, "--out", "list"))
    must(run("ca", "ocsp", "www.example.test", *common, "--out", "answer"))
    root = f"{ca}/ca.pem"
    compare(f"{kind}: leaf", chain(trust=root), ders("leaf.pem") + ders(root))
    compare(f"{kind}: CA", chain(trust=root, leaf="sub.pem"), ders("sub.pem") + ders(root))
    text = open(f"{folder}/list", "rb").read()
    crl = ders("list")[0] if text.startswith(b"-----") else text
    screen = compare(f"{kind}: list and response", chain("--crl", "list", "--ocsp", "answer", trust=root),
                     ders("leaf.pem") + ders(root) + [crl, open(f"{folder}/answer", "rb").read()])
    check("reason_code: 1 keyCompromise" in screen, f"{kind}: the reason of a revocation in words", screen)
    if number == 0:
        for words in ["dns_name: www.example.test", "ip_address: 10.0.0.80", "ip_address: 2001:db8::1",
                      "extn_id: subjectAltName", "critical: 255 TRUE", "digital_signature: 1", "version: 2",
                      "(2026-", "Whom the certificate is about", "tls_extension: 5", "TRUE", "key_cert_sign: 1"]:
            check(words in screen, f"values in words: {words}", screen)
        screen = run("verify", "--lang", "zh", "--bytes", "--at", at, "--trust", root, "leaf.pem").stdout
        for words in ["c1，", "一张证书：被证明的内容"]:
            check(words in screen, f"in Chinese: {words}", screen)
        both = run("verify", "--bytes", "--json", "--trust", root, "leaf.pem")
        check(both.returncode == 2, "--bytes and --json: one of both", both.stdout)

for way, octet in [("non-minimal-length", None), ("trailing-octets", None), ("time-without-z", None),
                   ("indefinite-length", None), ("set-for-sequence", 0)]:
    must(run("ca", "spoil", way, "--dir", way, "--seed", "7", "--at", at))
    result = chain(trust=f"{way}/trust.pem", leaf=f"{way}/chain.pem")
    shown = parts(result.stdout)
    broken = ders(f"{way}/chain.pem")[0]
    found = re.search(r"✗ octet (\d+)\s+\(hexadecimal\s+([0-9a-f]+)\)\s+breaks\s+the\s+rules", result.stdout)
    check(result.returncode == 1 and found and len(shown) > 0 and whole(shown[-1], broken)
          and int(found[1]) == int(found[2], 16), f"{way}: shown up to where it breaks", result.stdout)

sys.exit(failed)

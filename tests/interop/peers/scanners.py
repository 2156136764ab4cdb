#!/usr/bin/env python3
"""scanners.py FOLDER [DOCUMENT] - what testssl.sh and sslscan said of two servers (scanners.sh), judged.

Grades are what SSL Labs' rating guide (2009q) makes of the numbers: 30 % protocols, 30 % key exchange, 40 % ciphers."""
import glob
import json
import os
import re
import sys

BEGIN, END = "<!-- from here: make scanners -->", "<!-- to here: make scanners -->"
BAD = ("MEDIUM", "HIGH", "CRITICAL", "WARN")
# What is found and is not the server's: id, in which mode (None: both), why.
KNOWN = [
    ("engine_problem", None, "testssl.sh asks its openssl for GOST"),
    ("security_headers", None, "headers for the policies of browsers are a matter of each site"),
    ("scanTime", None, "how long it took"),
    ("cert_chain_of_trust", None, "the CA is the test's own"),
    ("DNS_CAArecord", None, "localhost has no DNS"),
]


def score_of_bits(bits):
    return 0 if bits == 0 else 20 if bits < 128 else 80 if bits < 256 else 100


def grade(findings, sslscan):
    """(letter, number, what caps it): of the suites that sslscan was served with."""
    bits = [int(b) for b in re.findall(r"^(?:Preferred|Accepted) +TLSv1\.2 +(\d+) bits", sslscan, re.M)]
    suites = re.findall(r"^(?:Preferred|Accepted) +TLSv1\.2 +\d+ bits +(\S+)", sslscan, re.M)
    rsa = max([int(b) for b in re.findall(r"RSA Key Strength: +(\d+)", sslscan)] or [2048])
    protocols = 100                                     # TLS 1.2 alone
    exchange = 90 if 2048 <= rsa < 4096 else 100 if rsa >= 4096 else 40
    ciphers = (score_of_bits(min(bits)) + score_of_bits(max(bits))) / 2
    score = 0.3 * protocols + 0.3 * exchange + 0.4 * ciphers
    letter = "A" if score >= 80 else "B" if score >= 65 else "C"
    caps = []
    if not all(s.startswith(("ECDHE", "DHE", "TLS_ECDHE", "TLS_DHE")) for s in suites):
        caps.append("suites without forward secrecy: B")
    for f in findings:
        if f["severity"] == "CRITICAL" and f["id"].split()[0] not in (k for k, _, _ in KNOWN):
            caps.append(f["id"] + ": F")
    for cap in caps:
        letter = max(letter, cap[-1])
    return letter, score, caps


def judge(folder, mode):
    findings = []
    for name in sorted(glob.glob(os.path.join(glob.escape(folder), "testssl.%s.*" % mode))):
        with open(name, encoding="utf-8") as f:
            findings += json.load(f)
    with open(os.path.join(folder, "sslscan." + mode), encoding="utf-8") as f:
        sslscan = f.read()
    bad, known = [], {}
    for f in findings:
        if f["severity"] in BAD:
            name = f["id"].split()[0]
            why = [k for k in KNOWN if k[0] == name and k[1] in (None, mode)]
            if why:
                known[name] = why[0][2]
            else:
                bad.append("testssl: %s %s: %s" % (f["severity"], f["id"], f["finding"]))
    for line in sslscan.split("\n"):
        old = re.match(r"(SSLv2|SSLv3|TLSv1.0|TLSv1.1) +enabled", line)
        if old or re.search(r"(?<!not )vulnerable to|Insecure session|Compression enabled|\b(NULL|RC4|3DES|EXP|anon|DES-CBC3)\b", line):
            bad.append("sslscan: " + line.strip())
    if "Server supports TLS Fallback SCSV" not in sslscan or "Accepted" not in sslscan:
        bad.append("sslscan: " + sslscan[-300:])
    return findings, sslscan, bad, known


def excerpt(findings):
    """The vulnerabilities that have names, as testssl.sh says it."""
    names = ("heartbleed CCS ticketbleed ROBOT secure_renego secure_client_renego CRIME_TLS BREACH POODLE_SSL fallback_SCSV SWEET32 "
             "FREAK DROWN LOGJAM LOGJAM-common_primes BEAST LUCKY13 RC4").split()
    return {f["id"]: f["severity"].lower() + ": " + f["finding"].split(". ")[0].split(" make sure")[0].rstrip(".")
            for f in findings if f["id"] in names}


def main():
    folder, failed, said, notes = sys.argv[1], False, {}, []
    modes = ["usual", "--legacy"]
    for mode in modes:
        findings, sslscan, bad, known = judge(folder, mode)
        letter, score, caps = grade(findings, sslscan)
        suites = len(re.findall("^(?:Preferred|Accepted) ", sslscan, re.M))
        said[mode] = {"suites served (sslscan)": str(suites), "grade": "%s (%.0f of 100%s)" % (letter, score, "; ".join(
            [""] + caps)), **excerpt(findings)}
        for line in bad:
            print("FAIL scanners: serve %s: %s" % (mode, line))
        good = not bad and (letter == "A" or mode != "usual")
        failed |= not good
        print("%s scanners: serve %s: %d findings of testssl.sh, grade %s (%.0f)" % ("ok" if good else "FAIL", mode, len(findings), letter, score))
        notes += ["- `%s` is not counted: %s." % x for x in known.items() if "- `%s` is not counted: %s." % x not in notes]
    if len(sys.argv) > 2:
        rows = list(dict.fromkeys([*said[modes[0]], *said[modes[1]]]))
        text = "| | `serve` | `serve --legacy` |\n|---|---|---|\n" + "".join(
            "| %s | %s | %s |\n" % (r, said[modes[0]].get(r, "–"), said[modes[1]].get(r, "–")) for r in rows) + "\n" + "\n".join(notes)
        with open(sys.argv[2], encoding="utf-8") as f:
            document = f.read()
        with open(sys.argv[2], "w", encoding="utf-8") as f:
            f.write(re.sub(re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: BEGIN + "\n\n" + text + "\n\n" + END, document, flags=re.S))
    return failed


if __name__ == "__main__":
    sys.exit(main())

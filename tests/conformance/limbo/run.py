#!/usr/bin/env python3
"""Cases of C2SP/x509-limbo, decided by `vitrine verify`.

    run.py [--vitrine FILE] [--profile RULES] [--only PART] [--except PART] [-v] FILE.json

A case becomes files and a command line, the way its fields say: trusted_certs, untrusted_intermediates and
crls a file each, expected_peer_name --host or --ip, validation_kind CLIENT --client, validation_time --at,
max_chain_depth --max-depth. Exit 0 of `vitrine verify` is SUCCESS, 1 FAILURE; whatever else is a difference,
too. Prints each difference with what was said, then the figures. A difference that stands in EXPLAINED below
and in docs/conformance.md counts as that; only refusals can. Exit 0: there is no other.

What `vitrine verify` cannot be asked (a mail address as peer) is left out of the command line, not of the run.
"""
import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile


def epoch(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


# What is refused though the suite wants it accepted: the ground on which it must be refused then. docs/conformance.md
# says why.
EXPLAINED = {
    "rfc5280::nc::permitted-dn-match": "x509.wrong_name",
}


def profile(case):
    """The suite's own division: what stands under webpki:: is about the Baseline Requirements, under rfc5280::,
    pathlen:: and bettertls:: about RFC 5280, and some chains stand in both, with contrary expectations."""
    book = case["id"].split("::")[0]
    return {"webpki": "br", "rfc5280": "rfc5280", "pathlen": "rfc5280",
            "bettertls": "rfc5280"}.get(book, "web")


def command(vitrine, case, folder, rules):
    def write(name, parts):
        path = os.path.join(folder, name)
        with open(path, "w") as out:
            out.write("".join(part if part.endswith("\n") else part + "\n" for part in parts))
        return path

    line = [vitrine, "verify", "--json", "--profile", rules or profile(case), "--trust", write("trust.pem", case["trusted_certs"])]
    if case["untrusted_intermediates"]:
        line += ["--untrusted", write("untrusted.pem", case["untrusted_intermediates"])]
    if case.get("crls"):
        line += ["--crl", write("crl.pem", case["crls"])]
    if case["validation_kind"] == "CLIENT":
        line += ["--client"]
    peer = case.get("expected_peer_name")
    if peer and peer["kind"] in ("DNS", "IP"):
        line += ["--host" if peer["kind"] == "DNS" else "--ip", peer["value"]]
    if case.get("validation_time"):
        line += ["--at", str(epoch(case["validation_time"]))]
    if case.get("max_chain_depth") is not None:
        line += ["--max-depth", str(case["max_chain_depth"])]
    return line + [write("leaf.pem", [case["peer_certificate"]])]


def decide(vitrine, case, folder, rules):
    """(what was decided, the line of JSON that says why)"""
    line = command(vitrine, case, folder, rules)
    try:
        run = subprocess.run(line, capture_output=True, text=True, errors="replace", timeout=20)
    except subprocess.TimeoutExpired:
        return "HANG", {}
    verdict = {0: "SUCCESS", 1: "FAILURE"}.get(run.returncode, "exit %d" % run.returncode)
    try:
        return verdict, json.loads(run.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        return verdict, {"came": run.stderr.strip()}


def main():
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--vitrine", default="./vitrine")
    parse.add_argument("--profile", help="this one for all cases, whatever their names say")
    parse.add_argument("--only", default="", help="cases with this in their id")
    parse.add_argument("--except", dest="without", default=[], action="append", help="not those with this")
    parse.add_argument("-v", dest="all", action="store_true", help="what was said of each case")
    parse.add_argument("file")
    asked = parse.parse_args()
    with open(asked.file) as file:
        cases = json.load(file)["testcases"]
    counts = {"as expected": 0, "wrongly accepted": 0, "explained": 0, "wrongly refused": 0, "neither": 0}
    for case in cases:
        if asked.only not in case["id"] or any(part in case["id"] for part in asked.without):
            continue
        with tempfile.TemporaryDirectory() as folder:
            verdict, said = decide(asked.vitrine, case, folder, asked.profile)
        how = "as expected"
        if verdict != case["expected_result"]:
            how = {"SUCCESS": "wrongly accepted", "FAILURE": "wrongly refused"}.get(verdict, "neither")
        if how == "wrongly refused" and EXPLAINED.get(case["id"]) == said.get("fault"):
            how = "explained"
        counts[how] += 1
        if asked.all or how != "as expected":
            print("%s: %s (%s)" % (case["id"], how, verdict))
            print("    %s" % " | ".join(said[key] for key in ("fault", "about", "expected", "came") if said.get(key)))
    print(", ".join("%d %s" % (n, how) for how, n in counts.items()))
    return 0 if sum(counts.values()) == counts["as expected"] + counts["explained"] > 0 else 1


sys.exit(main())

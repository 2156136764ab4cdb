"""What make interop writes into the documents: rows are peers and roles, columns what was tried."""
import json
import os
import re

from base import FEATURES, FFDHE, GROUPS, KINDS

BEGIN, END = "<!-- from here: make interop -->", "<!-- to here: make interop -->"
TITLES = ["suites", "groups", "certificates"]


def plain(row, version):
    """A row as it is kept in a file: cases as lists (feature, suite, kind, group)."""
    def of(case):
        return [case.feature, case.suite.name, case.kind, case.group]
    return {"peer": row.peer.name, "version": version, "role": row.role, "passed": [of(c) for c in row.passed],
            "failed": [[*of(c), why] for c, why in row.failed], "lacks": {why: len(cases) for why, cases in row.lacks.items()}}


def remembered(path):
    if not path or not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def among(used, everything):
    """How many of these were used, of how many there are."""
    used = set(used) & set(everything)
    return "%d/%d" % (len(used), len(everything)) if used else "–"


def line(row, suites):
    full = [c for c in row["passed"] if c[0] == "full"]
    cells = [among([c[1] for c in full], [s.name for s in suites]), among([c[3] for c in full], GROUPS + FFDHE),
             among([c[2] for c in full], KINDS["RSA"] + KINDS["ECDSA"])]
    for feature in FEATURES:
        passed, failed = (sum(c[0] == feature for c in row[x]) for x in ("passed", "failed"))
        cells.append(("%d" % passed if passed else "" if failed else "–") + (" **%d failed**" % failed if failed else ""))
    return "| %s %s | %s | %s |" % (row["peer"], row["version"], row["role"], " | ".join(cells))


def notes(rows):
    """One line a peer: what it has not, and in which role alone."""
    for name in dict.fromkeys(r["peer"] for r in rows):
        of = [r for r in rows if r["peer"] == name]
        whys = dict.fromkeys(why for r in of for why in r["lacks"])
        alone = {why: [r["role"] for r in of if why in r["lacks"]] for why in whys}
        if whys:
            yield "- %s: %s." % (name, "; ".join(
                why + ("" if len(alone[why]) == len(of) else " (as %s)" % alone[why][0]) for why in whys))
    for r in rows:
        for why in sorted({x[-1][:200] for x in r["failed"]}):
            yield "- %s as %s failed: %s" % (r["peer"], r["role"], why)


def written(rows, suites):
    passed, failed = (sum(len(r[x]) for r in rows) for x in ("passed", "failed"))
    said = ["%s cases passed, %d failed." % (format(passed, ","), failed), ""]
    said += ["| peer | is the | %s |" % " | ".join(TITLES + FEATURES), "|---" * (2 + len(TITLES) + len(FEATURES)) + "|"]
    said += [line(row, suites) for row in rows]
    wrapped = []
    for note in notes(rows):
        words = ""
        for word in note.split():
            if len(words) + len(word) > 116:
                wrapped.append(words)
                words = "  " + word
            else:
                words += (" " if words.strip() else "") + word
        wrapped.append(words)
    return "\n".join(said + ["", "Why there is a dash, or a number below the others:", "", *wrapped])


def write(path, kept_in, kept, order, suites):
    with open(kept_in, "w", encoding="utf-8") as f:
        json.dump(kept, f)
    rows = sorted(kept.values(), key=lambda r: (order.index(r["peer"]), r["role"]))
    with open(path, encoding="utf-8") as f:
        text = f.read()
    text = re.sub(re.escape(BEGIN) + ".*?" + re.escape(END),
                  lambda _: BEGIN + "\n\n" + written(rows, suites) + "\n\n" + END, text, flags=re.S)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)

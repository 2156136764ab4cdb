"""What `vitrine verify` says of chains spoiled in every way that `vitrine ca spoil` has: VITRINE DIR.

Each refusal names the certificate, the check, what was expected and what was found, where the RFC has it, and what to do;
in both languages; and the lines of JSON are JSON."""
import json, re, subprocess, sys

vitrine, folder = sys.argv[1:3]
AT, COLUMNS = "1790000000", 80
failed = 0
# English that stands in a Chinese sentence because it is a name: of an option, a field, an algorithm, somebody
NAMES = re.compile(r"(--?[a-z][\w-]*|[A-Z]{1,3}=[^，。；）：]*|\w+\.\w+[\w.*<>-]*|CA/Browser Forum|OCSP|[a-z]+[A-Z]\w*|\w+-\w+)")

def vitrine_says(*words):
    p = subprocess.run([vitrine, *words], cwd=folder, capture_output=True, encoding="utf-8", timeout=60)
    return p.returncode, p.stdout + p.stderr

def run(asked, *options): return vitrine_says("verify", *options, *asked)

def flat(text): return re.sub(r"\s+", " ", text)
def tight(text): return re.sub(r"\s+", "", text)

def faults_of(ground, asked):
    code, said = run(asked, "--json")
    lines = [json.loads(line) for line in said.splitlines()]
    verdict, certs = lines[-1], lines[:-1]
    for cert in certs:
        if not all(isinstance(cert[k], str) for k in ("subject", "issuer", "serial", "not_before", "not_after", "sha256",
                                                      "extensions")):
            yield f"a line of JSON lacks something: {cert}"
    if (code, verdict["verdict"]) != ((0, "accepted") if ground == "-" else (1, "refused")):
        yield f"exit code {code}, and {verdict['verdict']}"
    if ground != "-" and verdict["fault"] != ground:
        yield f"the ground is {verdict['fault']}, not {ground}"
    again, screen = run(asked)
    if again != code:
        yield f"exit code {again} with a picture, {code} with JSON"
    yield from screen_faults(screen, verdict, ground)
    for lang in "en", "zh":
        explained = run(asked, "--lang", lang, "--explain", "--ascii")[1]
        for wide in explained.splitlines():
            if sum(2 if ord(c) > 0x2e7f else 1 for c in wide) > COLUMNS:
                yield f"a line of more than {COLUMNS} columns: {wide}"
    for english in re.findall(r"(?<![\w.=-])[a-z]{2,} [a-z]{2,}(?: [a-z]+)*", NAMES.sub("X", explained.replace("\n", " "))):
        yield f"English in a Chinese text: {english}"

def screen_faults(screen, verdict, ground):
    said = tight(screen)
    if ground == "-":
        if "Accepted:" not in screen:
            yield "the screen does not say that it is accepted"
        return
    for part in "about", "expected", "came", "rfc":
        if not verdict[part]:
            yield f"the verdict has no {part}"
        elif tight(verdict[part].split("(")[0]) not in said:
            yield f"the screen lacks {part}: {verdict[part]}"
    for words in "Refused:", "expected", "found", "What to do:":
        if words not in screen:
            yield f"the screen lacks: {words}"
    if "so that there is what was expected" in flat(screen):
        yield f"nothing of its own is said of what to do about {verdict['fault']}"
    if "?" in screen.split("\n\n", 1)[1].replace("<", "").split("What to do:")[-1]:
        yield "something is missing in what to do"

reached = set()
for line in vitrine_says("ca", "spoil", "--list")[1].splitlines():
    name, ground = line.split()[:2]
    # the last line that it prints is how to judge what it has made
    made = vitrine_says("ca", "spoil", name, "--dir", name, "--seed", "7", "--at", AT)[1]
    asked = re.search(r"^vitrine verify (.*)$", made, re.M).group(1).split()
    ground = ground if ground.startswith("x509.") else "-"
    reached.add(ground)
    bad = list(faults_of(ground, asked))
    print("\n    ".join([f"FAIL {name}"] + bad) if bad else f"ok {name}: {ground}")
    failed |= bool(bad)
print(f"ok {len(reached)} grounds are reached" if len(reached) > 15 else f"FAIL few grounds: {sorted(reached)}")
sys.exit(failed)

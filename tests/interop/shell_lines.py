"""shell_lines.py PAGE [--spoil|--broken]: runs each "do it yourself" box of a page in an empty folder and compares what it
prints with the value beside it. Prints one line a box that misses, then `N boxes, M missed`; exit 1 if one missed, or
if a kind of box that every visit needs is not there. --spoil: each box's longest run of hex is inverted first, and a
box that prints its value all the same is the one that misses. --broken: the page is of a run that was broken off by a
signature that does not fit, and a box says so."""
import concurrent.futures
import re
import subprocess
import sys
import tempfile
from html.parser import HTMLParser


class Boxes(HTMLParser):
    """(title, script, value) of each <article class="do">."""

    def __init__(self):
        super().__init__()
        self.boxes, self.box, self.part = [], None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        classes = (attrs.get("class") or "").split()
        if tag == "article" and "do" in classes:
            self.box = {"title": "", "script": "", "value": ""}
        if self.box is not None:
            if tag == "h4":
                self.part = "title"
            elif tag == "pre" and "shell" in classes:
                self.part = "script"
            elif tag == "code" and "value" in classes:
                self.part = "value"

    def handle_endtag(self, tag):
        if tag in ("h4", "pre") or tag == "code" and self.part == "value":
            self.part = None
        if tag == "article" and self.box is not None:
            self.boxes.append(self.box)
            self.box = None

    def handle_data(self, data):
        if self.part:
            self.box[self.part] += data


def spoiled(script):
    longest = max(re.finditer(r"[0-9a-f]{24,}", script), key=lambda m: len(m.group(0)))
    other = "".join("%x" % (int(digit, 16) ^ 15) for digit in longest.group(0))
    return script[:longest.start()] + other + script[longest.end():]


NEEDED = ["pre_master_secret", "master_secret", "key_block", "client_write_key", "server_write_key",
          "client_verify_data", "server_verify_data", "intermediate", "leaf", "handshake", "application data", "Alert"]


def run(box):
    script = spoiled(box["script"]) if "--spoil" in sys.argv else box["script"]
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(["sh", "-c", script], cwd=folder, capture_output=True, text=True, check=False)


def main():
    with open(sys.argv[1], encoding="utf-8") as page:
        parser = Boxes()
        parser.feed(page.read())
    boxes, missed = parser.boxes, 0
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(run, boxes))
    for box, ran in zip(boxes, runs):
        same = ran.stdout.strip() == box["value"] != ""
        if same == ("--spoil" in sys.argv):
            missed += 1
            print("missed:", " ".join(box["title"].split()), "| printed", ran.stdout.strip()[:80],
                  ran.stderr.strip()[:200], "| instead of", box["value"][:80])
    for name in NEEDED if "--broken" not in sys.argv else []:
        if not any(name in box["title"] for box in boxes):
            missed += 1
            print("missed: there is no box for", name)
    if "--broken" in sys.argv and not any(box["value"].endswith("Verification failure") for box in boxes):
        missed += 1
        print("missed: no box says that a signature does not fit")
    print(len(boxes), "boxes,", missed, "missed")
    return missed > 0


sys.exit(main())

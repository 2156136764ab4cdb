"""panels.py HTML JSON: holds the lower panels of a page against the events of the same run. Prints `ok WHAT` or
`FAIL WHAT`; exit 1 if one failed."""
import json
import re
import sys
from html.parser import HTMLParser

VOID = {"meta", "br", "path", "rect", "circle", "img", "input", "link", "hr"}


class Node:
    def __init__(self, tag, attrs, parent):
        self.tag, self.attrs, self.parent, self.children, self.text = tag, dict(attrs), parent, [], ""

    def classes(self):
        return (self.attrs.get("class") or "").split()

    def all(self, tag=None, cls=None):
        for child in self.children:
            if (not tag or child.tag == tag) and (not cls or cls in child.classes()):
                yield child
            yield from child.all(tag, cls)

    def words(self):
        return self.text + "".join(child.words() for child in self.children if child.attrs.get("lang") != "zh")


class Tree(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = self.at = Node("", {}, None)

    def handle_starttag(self, tag, attrs):
        node = Node(tag, attrs, self.at)
        self.at.children.append(node)
        if tag not in VOID:
            self.at = node

    def handle_startendtag(self, tag, attrs):
        self.at.children.append(Node(tag, attrs, self.at))

    def handle_endtag(self, tag):
        while self.at.tag != tag and self.at.parent:
            self.at = self.at.parent
        self.at = self.at.parent or self.at

    def handle_data(self, data):
        text = Node("#", {}, self.at)
        text.text = data
        self.at.children.append(text)


failed = 0


def say(good, what, *more):
    global failed
    failed += not good
    print("ok" if good else "FAIL", "panels:", what, *([] if good else more))


def panel(page, name):
    """A panel's section, in which every tag is closed."""
    tree = Tree()
    tree.feed(re.search(r'<section [^>]*id="%s".*?</section>' % name, page, re.S).group(0))
    return tree.root


def packets_of(events, stream, at):
    """The first packet that carries this octet of a stream."""
    for e in events:
        for s, off, _, n in e.get("carries", []):
            if s == stream and off <= at < off + n:
                return int(e["id"][1:])


def judge_keys(page, events):
    keys = panel(page, "keys")
    boxes = {next(box.all("text", "name")).words(): box for box in keys.all("g", "box")}
    made = {e["name"] for e in events if e["kind"] == "key"}
    listed = "".join(node.words() for node in keys.all("summary"))
    say(all(name in listed for name in made), "each key that was made stands there", made)
    if "client_verify_data" not in made:
        return
    made -= {"signed_params"}
    say(made <= set(boxes), "each key that follows from others is a box", made - set(boxes))
    by_id = {box.attrs["id"].replace("keys-lit-", ""): name for name, box in boxes.items()}
    for name in sorted(made & {"master_secret", "key_block", "client_write_key", "server_verify_data"}):
        lit = {by_id[i] for i in boxes[name].attrs["data-lights"].split() if i in by_id}
        need = {"pre_master_secret"} | ({"master_secret"} if name != "master_secret" else set())
        say(need <= lit, name + " lights what it is made of", need - lit)
    for name in sorted(made & {"client_write_key", "server_write_key"}):
        sealed = {packets_of(events, *e["spans"][0][:2]) for e in events
                  if e["kind"] == "record" and e.get("key") == name and e.get("spans")}
        steps = {int(n) for n in boxes[name].attrs["data-lit-steps"].split()}
        say(steps == sealed - {None}, name + " lights the packets whose records it sealed", steps, sealed)
    text = keys.words().replace(" ", "")
    for e in events:
        if e["kind"] == "key" and "prf_label" in e:
            need = [e["secret_in_value"], e["seed"], e.get("secret") or e["verify_data"]]
            say(e["prf_label"].replace(" ", "") in text and all(v in text for v in need),
                e["host"] + ": the PRF call that made " + e["name"] + " stands there in full")


def judge_offers(page, events, fields):
    """Each suite, extension, group and signature algorithm of the hello, explained; the chosen ones marked."""
    rows = [list(tr.all("td")) for tr in panel(page, "offers").all("tr")]
    rows = {row[0].words().strip(): row for row in rows if len(row) == 3}
    hello = {e["id"] for e in events if e["kind"] == "message" and e["name"] == "ClientHello"}
    kinds = ("cipher_suite", "extension_type", "named_group", "signature_algorithm")
    offered = {f["words"] for f in fields if f["buf"] in hello and f["name"] in kinds}
    say(offered and offered <= set(rows), "each offer of a hello stands there", offered - set(rows))
    mute = [what for what in offered if not rows[what][1].words().strip() or not rows[what][2].words().strip()]
    say(not mute, "what it is for, and what came of it", mute)
    taken = {what for what, row in rows.items() if "✓" in row[2].words()}
    chosen = next(f["words"] for f in fields if f["name"] == "cipher_suite" and f["buf"] in
                  {e["id"] for e in events if e["kind"] == "message" and e["name"] == "ServerHello"})
    suites = {f["words"] for f in fields if f["buf"] in hello and f["name"] == "cipher_suite"}
    say("extended_master_secret" in taken and taken & suites == {chosen}, "what was taken is marked", taken)


def judge_chain(page, events):
    chain = panel(page, "chain")
    told = [e for e in events if e["kind"] == "check" and e["name"] == "certificate" and e["verdict"] != "skipped"]
    cards = [(next(c.all("h3")).words(), c) for c in chain.all("li", "cert") if "other" not in c.classes()]
    names = [e["label"].rsplit(": ", 1)[0] for e in reversed(told)]
    say([title[2:] for title, _ in cards] == names, "certificates from the leaf up", cards, names)
    for e, (title, card) in zip(reversed(told), cards):
        sign, cls = ("✓", "good") if e["verdict"] == "accepted" else ("✗", "bad")
        say(title.startswith(sign) and cls in card.classes(), e["label"] + ": by a sign, and by more than colour",
            title)
    checks = [e for e in events if e["kind"] == "check" and e["layer"] == "x509" and e["name"] != "certificate"]
    rows = [row for _, card in cards for row in card.all("tr") if {"good", "bad", "other"} & set(row.classes())]
    say(len(rows) == len(checks), "each check is a row", len(rows), len(checks))
    refused = [e["name"] for e in checks if e["verdict"] == "refused"]
    marked = [next(r.all("th")).words() for r in rows if "bad" in r.classes()]
    say(marked == refused, "the refused ones are marked", refused)
    text = chain.words()
    say(all(e["expected"] in text and e["found"] in text and e["rfc"] in text for e in checks),
        "expected, found and RFC of each stand there")
    whys = [each for each in chain.all("dl") if each.attrs.get("id") == "chain-why"]
    told = [term.words() for each in whys for term in each.all("dt")]
    say(sorted(told) == sorted({e["name"] for e in checks}), "why there is such a check, of each once", told)


def judge_plots(page, events):
    plots = panel(page, "plots")
    for flow in plots.all("figure", "flow"):
        pictures = list(flow.all("svg", "plot"))
        sender = flow.words().split()[0]
        sent = [e for e in events if e["kind"] == "packet" and e["layer"] == "tcp" and e["host"] == sender]
        say(len(pictures) == 3 and "%d segments" % len(sent) in flow.words(),
            "three pictures of %s, and how much it sent" % sender)
        if len(events) < 2000:
            steps = [int(a.attrs["data-step"]) for a in pictures[0].all("a")]
            say(steps == [int(e["id"][1:]) for e in sent], sender + ": each segment is drawn and leads to its step",
                steps)
    paths = [node.attrs["d"] for node in plots.all("path")]
    say(all(re.fullmatch(r"[-MHVlmhvz0-9 ]*", d) for d in paths), "all numbers of the plots are whole")
    size = len(re.search(r'<section class="panel" id="plots".*?</section>', page, re.S).group(0))
    say(size < 100000, "the plots stay small", size)


def judge_machines(page, events):
    figures = list(panel(page, "machines").all("article", "machine-way"))
    for machine, host in (("tcp", "browser"), ("tcp", "web"), ("tls-client", "browser"), ("tls-server", "web")):
        title = machine + " · " + host
        way = [f for f in figures if title in next(f.all("figcaption")).words()]
        taken = [e["from"] + " → " + e["to"] for e in events
                 if e["kind"] == "state" and machine.startswith(e["machine"]) and e["host"] == host]
        walked = [" → ".join(c.words() for c in li.all("code"))
                  for li in (way[0].all("li") if way else [])]
        say(walked == taken, title + ": the way that was walked", walked, taken)
        lit = [g for g in way[0].all("g", "walked") if "row" in g.classes()] if way else []
        say(len(lit) == len(set(taken)), title + ": its rows are lit in the drawing", len(lit), len(set(taken)))
    ids = re.findall(r'<[^>]* id="?([^" >]+)', page)
    say(len(ids) == len(set(ids)), "no id stands twice", {i for i in ids if ids.count(i) > 1})


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        page = f.read()
    with open(sys.argv[2], encoding="utf-8") as f:
        lines = [json.loads(line) for line in f]
    events = [e for e in lines if "n" in e]
    judge_keys(page, events)
    judge_offers(page, events, [e for e in lines if e["kind"] == "field"])
    judge_chain(page, events)
    judge_plots(page, events)
    judge_machines(page, events)
    return failed > 0


sys.exit(main())

"""page_browser.py PAGE AXE - what a browser makes of a page of ours. Prints ok and FAIL lines."""
import json, os, re, sys
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "tools"))
from browser import Browser

page, axe = os.path.abspath(sys.argv[1]), sys.argv[2]
address, failed = "file://" + page, False
source = open(page, encoding="utf-8").read()
last = max(int(n) for n in re.findall(r'<article class="step" id="(\d+)"', source))


def tell(good, what, detail=""):
    global failed
    failed = failed or not good
    print("ok " + what if good else "FAIL %s: %s" % (what, str(detail)[:600]))


def silent(b, what):
    tell(not b.messages and set(r.split("#")[0] for r in b.requests) <= {address}, what + ": no message, no request",
         b.messages or b.requests)


def shown(b):
    return b.run("[...document.querySelectorAll('#steps .step')].filter(s => s.offsetParent).map(s => +s.id)")


def steps(b):
    b.open(address)
    silent(b, "the page opens")
    tell(shown(b) == [1], "one step is shown, the first", shown(b))
    for key, want in ("ArrowRight", 2), ("PageDown", 3), ("ArrowLeft", 2), ("PageUp", 1), ("End", last), ("Home", 1):
        b.key(key)
        tell(shown(b) == [want] and b.run("location.hash") == "#%d" % want, "%s: #%d" % (key, want), shown(b))
    said = b.run("document.getElementById('say').textContent")
    tell(said.startswith("#1 ") and len(said) > 10, "the step is read aloud", said)
    b.key("ArrowDown")
    tell(b.run("document.querySelectorAll('tr.sel').length") == 1 and b.run("location.hash").startswith("#1/"),
         "the down key selects a field", b.run("location.hash"))
    tell(b.run("document.querySelectorAll('.hex b.lit').length") > 0, "and its octets are lit")
    b.key("l")
    tell(b.run("document.documentElement.lang") == "zh" and "解密后" in b.run("document.body.innerText + '解密后'"),
         "the key l changes the language")
    silent(b, "stepping")


def links(b):
    path = "8/server_random"
    b.open(address + "#" + path)
    tell(shown(b) == [8] and b.run("(document.querySelector('tr.sel') || {}).id") == path, "a link to a field opens it",
         b.run("location.hash"))
    tell(b.run("document.querySelectorAll('#p7 b.lit').length") == 32, "its octets are lit in the packet before",
         b.run("document.querySelectorAll('b.lit').length"))
    readout = b.run("document.getElementById('readout').innerText")
    tell("ServerHello/server_random" in readout and "tls.handshake.random" in readout, "with path and Wireshark's name",
         readout)
    b.open(address + "#6/cipher_suite.2")
    readout = b.run("document.getElementById('readout').innerText")
    tell("ClientHello/cipher_suites/cipher_suite" in readout and "Authentication: a signature" in readout,
         "a value that has a name is explained, and the second of a name has its link", readout)
    b.open(address + "#3/window.2")
    tell(shown(b) == [3], "a link to no field opens the step")
    silent(b, "links")


def spy(b):
    b.open(address + "#12")
    b.key("s")
    tell(b.run("[...document.querySelectorAll('.facts')].filter(f => f.offsetParent).length") >= last, "the spy's lifeline")
    tell(b.run("getComputedStyle(document.querySelector('#steps .now .opened')).opacity") < "0.5", "what is sealed is grey")


def without_scripts(b):
    b.open(address, scripts=False)
    text = " ".join(b.rendered().split())
    heads = [" ".join(re.sub(r"<[^>]*>", " ", re.sub(r'<i lang=zh>.*?</i>', "", h)).replace("&#39;", "'")
             .replace("&amp;", "&").split()) for h in re.findall(r"<h3 id=\"h\d+\">(.*?)</h3>", source)]
    missing = [h for h in heads if h not in text]
    tell(len(heads) == last and not missing, "with scripts off every step is there", missing[:3])
    hexes = re.findall(r'<pre class="hex" id="(\w+)"[^>]*>([0-9a-f]{2} [^<]*)', source)
    missing = [i for i, h in hexes if h.split("\n")[0].split()[0:8] and " ".join(h.split()[:8]) not in text]
    tell(hexes and not missing, "and every table of octets", missing[:3])
    silent(b, "scripts off")


def looks(b):
    for width, phone in (1440, False), (390, True):
        b.open(address + "#8", width=width, phone=phone)
        wide = b.run("document.documentElement.scrollWidth - innerWidth")
        tell(wide <= 0, "nothing sticks out at %d pixels" % width, wide)


def accessible(b):
    if not os.path.exists(axe):
        print("skipped: there is no axe-core in %s" % axe)
        return
    script = open(axe, encoding="utf-8").read()
    for width, chinese in (1440, False), (390, True):
        b.open(address + "#8", width=width)
        if chinese:
            b.run("document.getElementById('lang-zh').click()")
        b.run(script + ";0")
        found = json.loads(b.run("axe.run(document).then(r => JSON.stringify(r.violations.map(v => "
                                 "[v.id, v.nodes.length, v.nodes[0].html.slice(0, 120)])))"))
        tell(not found, "axe-core finds nothing at %d pixels" % width, found)


with Browser() as browser:
    for part in steps, links, spy, without_scripts, looks, accessible:
        part(browser)
sys.exit(failed)

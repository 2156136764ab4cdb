"""browser.py - a chromium without a screen, spoken to over two pipes (its remote debugging): for tests of pages.

    with Browser() as b:
        b.open("file:///x.html", width=1440, height=900)
        b.run("document.title")
        b.messages                      # console messages, errors, refusals of the page's policy
        b.requests                      # addresses asked for
"""
import base64, json, os, select, shutil, subprocess, tempfile, time

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe"]


class Browser:
    def __enter__(self):
        self.dir = tempfile.mkdtemp()
        theirs_in, self.out = os.pipe()
        self.inp, theirs_out = os.pipe()

        def fds():
            os.dup2(theirs_in, 63), os.dup2(theirs_out, 64)
            os.dup2(63, 3), os.dup2(64, 4)
        self.process = subprocess.Popen(["chromium", *FLAGS, "--user-data-dir=" + self.dir, "about:blank"],
                                        preexec_fn=fds, close_fds=False,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in), os.close(theirs_out)
        self.n, self.rest, self.session, self.messages, self.requests, self.events = 0, b"", None, [], [], []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in "Page", "Runtime", "Log", "Network", "DOM":
            self.call(domain + ".enable")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        os.close(self.inp), os.close(self.out)
        shutil.rmtree(self.dir, ignore_errors=True)

    def read(self, until):
        while b"\0" not in self.rest:
            if not select.select([self.inp], [], [], max(0, until - time.monotonic()))[0]:
                raise TimeoutError("the browser is silent")
            piece = os.read(self.inp, 1 << 20)
            if not piece:
                raise EOFError("the browser is gone")
            self.rest += piece
        one, self.rest = self.rest.split(b"\0", 1)
        return json.loads(one)

    def note(self, event):
        name, p = event.get("method"), event.get("params", {})
        self.events.append(name)
        if name == "Runtime.consoleAPICalled":
            self.messages.append(" ".join(str(a.get("value")) for a in p["args"]))
        elif name == "Runtime.exceptionThrown":
            self.messages.append(json.dumps(p["exceptionDetails"])[:400])
        elif name == "Log.entryAdded":
            self.messages.append(p["entry"]["text"])
        elif name == "Network.requestWillBeSent":
            self.requests.append(p["request"]["url"])

    def call(self, method, **params):
        self.n += 1
        ask = {"id": self.n, "method": method, "params": params}
        if self.session:
            ask["sessionId"] = self.session
        os.write(self.out, json.dumps(ask).encode() + b"\0")
        until = time.monotonic() + 60
        while True:
            answer = self.read(until)
            if answer.get("id") == self.n:
                if "error" in answer:
                    raise RuntimeError(method + ": " + answer["error"]["message"])
                return answer["result"]
            self.note(answer)

    def open(self, url, width=1440, height=900, scripts=True, phone=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        for address in "about:blank", url:
            self.messages, self.requests, self.events = [], [], []
            self.call("Page.navigate", url=address)
            until = time.monotonic() + 60
            while "Page.loadEventFired" not in self.events:
                self.note(self.read(until))

    def run(self, script):
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"])[:400])
        return result["result"].get("value")

    def key(self, key):
        for kind in "keyDown", "keyUp":
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key)

    def rendered(self):
        """The text that is laid out, with scripts or without."""
        shot = self.call("DOMSnapshot.captureSnapshot", computedStyles=[])
        words = shot["strings"]
        return " ".join(words[i] for i in shot["documents"][0]["layout"]["text"] if i >= 0)

    def picture(self, name):
        with open(name, "wb") as f:
            f.write(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def paper(self, name):
        with open(name, "wb") as f:
            f.write(base64.b64decode(self.call("Page.printToPDF")["data"]))

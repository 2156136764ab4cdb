#!/usr/bin/env python3
"""explain13.py [--keep DIR] [NAME...] - TLS 1.3 of others over the loopback, a scene a port: one line for each. With the
key log every Finished is verified, every sealed record opened, as many as tshark opens, and nothing is held against it;
a scene may also say what its connections' facts must have. In a network namespace of its own: explain13.sh."""
import argparse
import concurrent.futures
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

import explain_peers
from explain import Said, tshark_opens
from explain_peers import NAME, pki

PORTS, SPEAK = 7300, 6                                # the first port; s


class Tap(threading.Thread):
    """All that goes over lo, to a file. A packet of lo is seen as it goes out, and as it comes in: the second time
    counts."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.file = open(path, "wb")
        self.file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 101))
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
        self.socket.bind(("lo", 0x0800))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 23)
        self.start()

    def run(self):
        while True:
            packet, where = self.socket.recvfrom(1 << 18)
            if where[2] == socket.PACKET_HOST and packet[9] == 6:
                now = time.time()
                self.file.write(struct.pack("<IIII", int(now), int(now % 1 * 1e6), len(packet), len(packet)) + packet)


def scenes(d):
    """(name, options of the server, [(options of a client, what is typed)], what the facts of the last one have)"""
    ec, rsa, ed = (f"-cert {d}/{k}.crt -cert_chain {d}/inter.crt -key {d}/{k}.key" for k in ("ec", "rsa", "ed"))
    text, ticket = "hello\n", f"{d}/t."
    for suite in ("AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256", "AES_128_CCM_SHA256",
                  "AES_128_CCM_8_SHA256"):
        both = f"-ciphersuites TLS_{suite} -cipher DEFAULT@SECLEVEL=0"
        yield suite.lower(), f"{rsa} {both}", [(both, text)], {"suite": f"TLS_{suite}"}
    early = f"{ec} -early_data -max_early_data 16000"
    again = lambda n: f"-sess_in {ticket}{n} -early_data {d}/early"
    yield "early", early, [(f"-sess_out {ticket}1", text), (again(1), text)], {"resumed": True, "early": 1}
    yield "early-384", early, [(f"-sess_out {ticket}2 -ciphersuites TLS_AES_256_GCM_SHA384", text),
                               (again(2) + " -ciphersuites TLS_AES_256_GCM_SHA384", text)], {"resumed": True, "early": 1}
    yield "early-refused", early, [(f"-sess_out {ticket}3", text), (again(3), text), (again(3), text)], {"resumed": False, "early": 0}
    yield "early-retried", f"{early} -groups P-384:X25519", [(f"-sess_out {ticket}4 -groups X25519", text),
                                                              (again(4) + " -groups P-521:P-384", text)], {"retry": True, "early": 0}
    yield "retry", f"{ed} -groups P-521", [("-groups X25519:P-521", text)], {"retry": True}
    yield "psk", "-nocert -psk 0102030405060708090a0b0c0d0e0f10 -psk_identity us", [
        ("-psk 0102030405060708090a0b0c0d0e0f10 -psk_identity us", text)], {"resumed": True}
    yield "key-update", rsa, [("", "one\nK\ntwo\nk\nthree\nK\nfour\n")], {"updates": True}
    yield "padding", f"{ec} -record_padding 500", [("-record_padding 300", text)], {}
    yield "small-records", f"{rsa} -split_send_frag 512", [("-split_send_frag 512 -maxfraglen 512", text * 300)], {}
    yield "client-certificate", f"{ed} -Verify 3 -CAfile {d}/root.crt", [(f"-cert {d}/client_rsa.crt -key {d}/rsa.key", text)], {}
    yield "client-without", f"{ec} -verify 3 -CAfile {d}/root.crt", [("", text)], {}
    yield "post-handshake", f"{ec} -verify 3 -CAfile {d}/root.crt", [
        (f"-enable_pha -cert {d}/client.crt -key {d}/ec.key", text)], {"requests": 2}
    yield "no-middlebox", f"{ec} -no_middlebox", [("-no_middlebox", text)], {}


def say(process, text, between=0.12):
    """A line at a time: K and k must stand at the beginning of what s_client reads at once."""
    try:
        for line in text.splitlines(True) if text.count("\n") < 20 else [text]:
            process.stdin.write(line.encode())
            process.stdin.flush()
            time.sleep(between)
    except BrokenPipeError:                           # it has failed; the log has why
        pass


def listens(port):
    for _ in range(100):
        with open("/proc/net/tcp", encoding="ascii") as f, open("/proc/net/tcp6", encoding="ascii") as f6:
            if f":{port:04X} " in f.read() + f6.read():
                return
        time.sleep(0.05)


def until(path, text, seconds=8):
    """Has somebody written that?"""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not (os.path.exists(path) and text in open(path, errors="replace").read()):
        time.sleep(0.05)


def play(d, folder, port, scene):
    name, server, clients, _ = scene
    log = f"{folder}/{name}.log"
    with open(log, "w", encoding="utf-8") as out:
        s = subprocess.Popen(["openssl", "s_server", "-accept", str(port), "-tls1_3", *server.split()],
                             stdin=subprocess.PIPE, stdout=out, stderr=out)
        listens(port)
        for i, (options, text) in enumerate(clients):
            with open(f"{log}.{i}", "w", encoding="utf-8") as said:
                c = subprocess.Popen(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-tls1_3", "-servername", NAME,
                                      "-keylogfile", f"{folder}/keys", *options.split()], stdin=subprocess.PIPE, stdout=said,
                                     stderr=said)
            until(f"{log}.{i}", "Verify return code")
            if "-sess_out" in options:                # the ticket comes when it comes
                until(options.split()[1], "END SSL SESSION")
            if name == "post-handshake":
                say(s, "c\n", 0.5)
            say(c, text)
            say(c, "Q\n", 0)
            try:
                c.communicate(timeout=SPEAK)
            except subprocess.TimeoutExpired:
                c.kill()
        s.kill()
        s.wait()


def judge(connections, scene):
    """Why not; None: it holds."""
    name, _, clients, wanted = scene
    if len(connections) != len(clients):
        return f"{len(connections)} connections, not {len(clients)}"
    for c in connections:
        t = c["tls"]
        for side in "client", "server":
            records = t[f"{side}_records"]
            if t[f"{side}_finished"] != "verified" or records["opened"] != records["sealed"] or not records["sealed"]:
                return f"Finished of the {side} {t[f'{side}_finished']}, records {records}"
        if c["wrong"]:
            return f"wrong: {c['wrong']}"
    t = connections[-1]["tls"]
    has = dict(suite=t.get("suite_name"), resumed=bool(t.get("resumed")), retry=bool(t.get("hello_retry")),
               updates=sum(m["name"] == "KeyUpdate" for m in t["messages"]) > 3,
               early=sum(m["name"] == "EndOfEarlyData" for m in t["messages"]),
               requests=sum(m["name"] == "CertificateRequest" for m in t["messages"]))
    return None if all(has[k] == v for k, v in wanted.items()) else f"{has}, not {wanted}"


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--keep")
    ask.add_argument("names", nargs="*")
    ask = ask.parse_args()
    folder = ask.keep or tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    d, path, keys = folder + "/pki", folder + "/all.pcap", folder + "/keys"
    needed = ("root", "inter", "rsa", "ec", "ed", "client", "client_rsa")
    explain_peers.CERTS = {name: row for name, row in explain_peers.CERTS.items() if name in needed}
    pki(d)
    with open(f"{d}/early", "w", encoding="ascii") as f:
        f.write("early words\n")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    all_of = [s for s in scenes(d) if not ask.names or s[0] in ask.names]
    tap = Tap(path)
    with concurrent.futures.ThreadPoolExecutor(9) as pool:
        list(pool.map(lambda i: play(d, folder, PORTS + i, all_of[i]), range(len(all_of))))
    time.sleep(0.3)
    tap.file.flush()
    said, theirs = Said(path, "--keylog", keys, "--trust", f"{d}/root.crt"), tshark_opens(path, keys)
    failed = said.code != 0 or (said.opened[0] or 0) < theirs
    print("FAIL" if failed else "ok", f"explain13: all: {said.finished[0]} Finished, {said.opened[0]} records, tshark {theirs}",
          said.tail() if failed else "")
    for i, scene in enumerate(all_of):
        wrong = judge([c for c in said.connections if c["server"]["port"] == PORTS + i], scene)
        print("FAIL" if wrong else "ok", f"explain13: {scene[0]}{': ' if wrong else ''}{wrong or ''}")
        failed |= bool(wrong)
    if not ask.keep:
        shutil.rmtree(folder)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

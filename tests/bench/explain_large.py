#!/usr/bin/env python3
"""explain_large.py BENCH [SIZE] - `vitrine explain` over a large capture that comes through a pipe, and over captures
made to cost memory and time: what it takes, and whether that stays within bounds. SIZE: octets of the large one, like
10G (64M); in connections of about 130 KB, all opened, all verified, in one pass with --max-memory 256M. BENCH: where
capture_many and capture_hostile are. VITRINE: how the program is called.

What is held against a bound is memory, and what is found; times are shown, and that they grow with the input alone is
looked at loosely (a machine has other things to do)."""
import os, subprocess, sys, tempfile

VITRINE = os.environ.get("VITRINE", "./vitrine")
BOUND = 256                                             # MB, of --max-memory
BESIDE = 120                                            # MB that are no connection's: the program, and what waits
UNITS = {"K": 10 ** 3, "M": 10 ** 6, "G": 10 ** 9}
failed = False


def say(good, what):
    global failed
    failed |= not good
    print("%s explain large: %s" % ("ok  " if good else "FAIL", what), flush=True)


def explain(maker, options, most, out):
    """What a maker of captures writes, read through a pipe: exit code, seconds of CPU, MB, the last line, octets."""
    with open(out, "w") as said:
        source = subprocess.Popen(maker, stdout=subprocess.PIPE)
        reader = subprocess.Popen([VITRINE, "explain", "-", "--max-memory", "%dM" % most] + options,
                                  stdin=source.stdout, stdout=said, stderr=subprocess.STDOUT)
        source.stdout.close()
        _, status, use = os.wait4(reader.pid, 0)
        source.wait()
    with open(out, "rb") as said:
        said.seek(max(0, os.path.getsize(out) - 400))
        last = said.read().decode("utf-8", "replace").strip().split("\n")[-1]
    return os.waitstatus_to_exitcode(status), use.ru_utime + use.ru_stime, use.ru_maxrss / 1024, last


def large(bench, size, at):
    one = at + "/one.pcapng"
    subprocess.run([VITRINE, "visit", "https://shop.test/", "--seed", "5", "--size", "92000", "--level", "story",
                    "--pcap", one, "--keylog", at + "/keys"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   check=True)
    copies = max(2, size // os.path.getsize(one))
    code, seconds, memory, last = explain([bench + "/capture_many", one, "-", str(copies), "500"],
                                          ["--keylog", at + "/keys"], BOUND, at + "/out")
    want = "%d of %d Finished verified, " % (2 * copies, 2 * copies)
    sealed = last[len(want):].split(" ")
    megabytes = copies * os.path.getsize(one) / 1e6
    whole = code == 0 and last.startswith(want) and sealed[0] == sealed[2]
    say(whole and memory < BOUND + BESIDE,
        "%d connections, %.0f MB in one pass: %s; %.1f s of CPU (%.0f MB/s), %.0f MB of memory" % (
            copies, megabytes, last if whole else "exit %d, %s" % (code, last), seconds, megabytes / seconds, memory))


def hostile(bench, at, n):
    for shape in "syns", "hellos", "gaps", "overlaps", "fragments", "ports":
        half = explain([bench + "/capture_hostile", shape, str(n // 2)], [], 64, at + "/out")
        full = explain([bench + "/capture_hostile", shape, str(n)], [], 64, at + "/out")
        good = full[0] in (0, 1) and full[2] < 64 + BESIDE and full[1] < 5 * half[1] + 1
        say(good, "%s: %.2f s for %d, %.2f s for %d; %.0f MB of memory, of 64" % (shape, half[1], n // 2, full[1], n,
                                                                                  full[2]))


def key_log(bench, at, n):
    """n lines of others, and ours behind them."""
    with open(at + "/many", "wb") as f:
        subprocess.run([bench + "/capture_hostile", "keylog", str(n)], stdout=f, check=True)
        with open(at + "/keys", "rb") as ours:
            f.write(ours.read())
    subprocess.run(["editcap", "--discard-all-secrets", at + "/one.pcapng", at + "/closed"], check=True)
    code, seconds, memory, last = explain(["cat", at + "/closed"], ["--keylog", at + "/many"], BOUND, at + "/out")
    size = os.path.getsize(at + "/many") / 1e6
    say(code == 0 and last.startswith("2 of 2") and memory < BOUND,
        "a key log of %d lines, %.0f MB, ours the last of them: %s; %.2f s, %.0f MB of memory" % (
            n + 1, size, last, seconds, memory))


def main():
    bench, size = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "64M"
    octets = int(size[:-1]) * UNITS[size[-1]] if size[-1] in UNITS else int(size)
    small = octets < 10 ** 9
    with tempfile.TemporaryDirectory() as at:
        large(bench, octets, at)
        hostile(bench, at, 4000 if small else 1000000)
        key_log(bench, at, 100000 if small else 1000000)
    sys.exit(failed)


main()

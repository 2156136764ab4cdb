#!/usr/bin/env python3
"""flow_compare.py PROGRAM CAPTURE...: for each TCP segment of these captures, its stream and tcp.analysis marks by
net/flow.h (PROGRAM: tests/bench/flow_marks) and by tshark. Says what differs; ends with 1 if something does.

Left out, since they are no segments of a connection for us: what an ICMP error quotes; packets whose IP header has a
wrong checksum or that are cut short (tshark judges those, too, and what it says of the next one follows from it)."""
import subprocess
import sys

MARKS = """retransmission fast_retransmission spurious_retransmission out_of_order lost_segment ack_lost_segment
duplicate_ack keep_alive keep_alive_ack zero_window zero_window_probe zero_window_probe_ack window_full window_update
reused_ports""".split()


def by_tshark(capture):
    fields = ["frame.number", "tcp.stream"] + ["tcp.analysis." + m for m in MARKS]
    asked = ["tshark", "-r", capture, "-o", "ip.check_checksum:TRUE", "-Y",
             "tcp && !icmp && !icmpv6 && !ip.checksum.status==0", "-T", "fields", "-E", "separator=|"]
    out = subprocess.run(asked + [a for f in fields for a in ("-e", f)], capture_output=True, text=True).stdout
    for line in out.splitlines():
        number, stream, *values = line.split("|")
        yield int(number), stream, ",".join(m for m, v in zip(MARKS, values) if v)


def by_us(program, capture):
    with open(capture, "rb") as f:
        out = subprocess.run([program], stdin=f, capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        number, stream, marks = line.split(" ")
        yield int(number), stream, marks


def main():
    program, *captures = sys.argv[1:]
    packets = marked = differ = 0
    kinds = set()
    for capture in captures:
        ours = {n: (s, m) for n, s, m in by_us(program, capture)}
        theirs = {n: (s, m) for n, s, m in by_tshark(capture)}
        packets += len(theirs)
        for n in sorted(ours.keys() | theirs.keys()):
            kinds.update(theirs.get(n, ("", ""))[1].split(","))
            marked += bool(theirs.get(n, ("", ""))[1])
            if ours.get(n) != theirs.get(n):
                differ += 1
                if differ < 10:
                    print(f"{capture} packet {n}: ours {ours.get(n)}, tshark {theirs.get(n)}")
    print(f"{packets} segments, {marked} with marks of {len(kinds - {''})} kinds, {differ} differ")
    sys.exit(differ > 0 or not packets)


main()

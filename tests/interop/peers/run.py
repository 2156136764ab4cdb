#!/usr/bin/env python3
"""run.py VITRINE FOLDER [--all] [--peers NAME,...] [--kept FILE --table FILE] - vitrine and its peers, both roles.

Lines `ok WHAT`, `FAIL WHAT`, `skipped: WHY`, as everywhere. --table writes what the documents show: of the peers tried
now, and of those that --kept remembers from before."""
import argparse
import collections
import concurrent.futures
import sys
import time

import table
from base import Failed, No, World, cases
from chromium import Chromium
from ours import BearSSL, Go, Java, MbedTLS, Node, WolfSSL
from tools import Botan, Curl, GnuTLS, NSS, OpenSSL
from web import Apache, HAProxy, Nginx

PEERS = [OpenSSL, GnuTLS, NSS, MbedTLS, WolfSSL, BearSSL, Botan, Go, Java, Node, Curl, Chromium, Nginx, Apache, HAProxy]
Row = collections.namedtuple("Row", "peer role passed failed lacks seconds")


def one(peer, role, case):
    try:
        peer.can(role, case)
        getattr(peer, role)(case)
        return "passed", ""
    except No as why:
        return "lacks", str(why)
    except Failed as why:
        return "failed", str(why)


def words_of(case):
    return ", ".join(x for x in (case.feature, case.suite.name, case.kind, case.group, case.client_kind) if x not in ("", "-"))


def play(peer, role, todo):
    begun = time.monotonic()
    row = Row(peer, role, [], [], collections.defaultdict(list), 0)
    try:
        peer.begin(role, todo)
        with concurrent.futures.ThreadPoolExecutor(peer.parallel) as pool:
            for case, (came, why) in zip(todo, pool.map(lambda c: one(peer, role, c), todo)):
                if came == "passed":
                    row.passed.append(case)
                elif came == "lacks":
                    row.lacks[why].append(case)
                else:
                    row.failed.append((case, why))
    except Failed as why:
        row.failed.append((todo[0], str(why)))
    return row._replace(seconds=time.monotonic() - begun)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("vitrine")
    ask.add_argument("folder")
    ask.add_argument("--all", action="store_true")
    ask.add_argument("--peers")
    ask.add_argument("--role", choices=["client", "server"])
    ask.add_argument("--only", help="cases in whose description these words are")
    ask.add_argument("--kept")
    ask.add_argument("--table")
    ask.add_argument("-v", action="store_true")
    asked = ask.parse_args()
    world, bad = World(asked.vitrine, asked.folder), 0
    kept = table.remembered(asked.kept)
    try:
        todo = [c for c in cases(world.suites, not asked.all) if not asked.only or asked.only in words_of(c)]
        for kind in PEERS:
            peer = kind(world)
            if asked.peers and peer.name.lower() not in asked.peers.lower().split(",") or not (asked.all or asked.peers) and not peer.short:
                continue
            try:
                version = peer.version()
            except (No, OSError) as why:
                print("skipped: peers: no %s here (%s)" % (peer.name, why))
                continue
            for role in [r for r in peer.roles if asked.role in (None, r)]:
                row = play(peer, role, todo)
                if asked.table:
                    kept.update({peer.name + " " + role: table.plain(row, version)})
                    table.write(asked.table, asked.kept, kept, [p.name for p in PEERS], world.suites)
                what = "peers: %s %s as %s: %d passed in %.0f s" % (peer.name, version, role, len(row.passed), row.seconds)
                print("%s %s%s" % ("FAIL" if row.failed else "ok", what,
                                   ", %d failed" % len(row.failed) if row.failed else ""), flush=True)
                bad |= bool(row.failed)
                for case, why in row.failed[:None if asked.v else 5]:
                    print("    %s: %s" % (words_of(case), why))
                if asked.v:
                    for why, which in row.lacks.items():
                        print("    lacks %s: %d" % (why, len(which)))
    finally:
        world.end()
    return bad


if __name__ == "__main__":
    sys.exit(main())

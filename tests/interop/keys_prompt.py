#!/usr/bin/env python3
"""keys_prompt.py VITRINE CERT KEY: the pass phrase of an encrypted key, typed at a terminal of get's own. Nothing typed may show, and
the terminal is as it was afterwards. The host does not listen: exit code 7 says that the key was opened, 58 that it was not."""
import os
import pty
import select
import sys
import termios

VITRINE, CERT, KEY = sys.argv[1:]
PATIENCE = 60


def typed(words, *more):
    """Types words at the prompt: (exit code, all that showed, whether the terminal echoes in the end)."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(VITRINE, [VITRINE, "get", "--cert", CERT, "--key", KEY, *more, "https://127.0.0.1:9/"])
    shown, sent, echoes = b"", False, None
    while select.select([fd], [], [], PATIENCE)[0]:
        try:
            some = os.read(fd, 4096)
        except OSError:
            break
        if not some:
            break
        shown += some
        if not sent and KEY.encode() in shown:
            while termios.tcgetattr(fd)[3] & termios.ECHO:   # the prompt may be there before the echo is off
                pass
            os.write(fd, words)
            sent = True
        elif sent:
            try:
                echoes = bool(termios.tcgetattr(fd)[3] & termios.ECHO)
            except termios.error:
                pass
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown, echoes


TESTS = [
    ("the right one", b"secret\r", (), 7, b"Pass phrase of"),
    ("the right one, corrected", b"wrong\x15secrex\x7ft\n", (), 7, b"Pass phrase of"),
    ("a wrong one", b"hidden\n", (), 58, b"The pass phrase is not that of the private key"),
    ("control-C", b"sec\x03", (), 58, b"The private key is encrypted"),
    ("in Chinese", b"secret\n", ("--lang", "zh"), 7, "的口令：".encode()),
]
failed = 0
for what, words, more, code, says in TESTS:
    got, shown, echoes = typed(words, *more)
    if got == code and says in shown and b"secr" not in shown and b"hidden" not in shown and echoes is not False:
        print(f"ok keys: typed: {what}")
    else:
        print(f"FAIL keys: typed: {what}: exit code {got}, echo {echoes}, shown {shown!r}")
        failed = 1
sys.exit(failed)

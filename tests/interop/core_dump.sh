#!/bin/sh
# core_dump.sh - a server that is killed by SIGSEGV leaves no core dump, and its key lies in pages that no dump has
# (prctl(2), madvise(2)); the same signal to a program without that care shows that there would be one.
set -u
vitrine=$(realpath "${VITRINE:-./vitrine}")
for need in python3 openssl; do
    command -v $need >/dev/null 2>&1 || { echo "skipped: core_dump: no $need here"; exit 0; }
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
cd "$dir" || exit 1
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost >log 2>&1 || { echo "FAIL core_dump: openssl makes no certificate"; exit 1; }
mkdir root
VITRINE=$vitrine python3 - <<'EOF'
import os, re, resource, signal, subprocess, sys, time
failed = False
def say(good, what):
    global failed
    failed |= not good
    print("ok" if good else "FAIL", "core_dump:", what, flush=True)

def killed(process):
    process.send_signal(signal.SIGSEGV)
    return os.WCOREDUMP(os.waitpid(process.pid, 0)[1])

_, hard = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
# Where the system lets nobody leave a dump, the last line shows nothing; what lies in which memory, is seen all the same.
dumps = killed(subprocess.Popen(["sleep", "60"]))
none = "the server leaves none" if dumps else "the server leaves none (nobody does here)"
print("ok core_dump: a program without care", "leaves one" if dumps else "leaves none here, either")

server = subprocess.Popen([os.environ["VITRINE"], "serve", "--root", "root", "--cert", "cert.pem", "--key", "key.pem",
                           "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
line = server.stdout.readline()
say(b"127.0.0.1" in line or b"localhost" in line, "the server serves")
# One of the areas that are left out of dumps ("dd") and cannot be written to holds the key; its neighbours nobody may touch.
try:
    smaps = open(f"/proc/{server.pid}/smaps").read()
except PermissionError:
    smaps = None                                       # that, too, is what a process that is not to be dumped has
if smaps is None:
    say(True, "nobody but root may look at its memory")
    say(not killed(server), none)
    sys.exit(failed)
areas = [a for a in re.split(r"(?m)^(?=[0-9a-f]+-[0-9a-f]+ )", smaps) if a]
kept = [i for i, a in enumerate(areas) if re.match(r"\S+ r--p 0+ 00:00 0 *\n", a) and " dd" in a.split("VmFlags:")[1]]
say(len(kept) > 0, "its key lies in memory that is read-only and in no dump")
say(all("---p" in areas[i + 1].split("\n")[0] for i in kept), "... with a page behind it that nobody may touch")
say(not killed(server), none)
sys.exit(failed)
EOF

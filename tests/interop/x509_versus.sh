#!/bin/sh
# Chains of certificates, spoiled by chance, judged here and by OpenSSL, GnuTLS and, where it is, Go: every difference is
# one that tests/versus/apart.txt explains, and nothing is accepted here alone. make x509-versus tries 20,000.
program=${BUILD:-build}/tests/versus/x509
[ -x "$program" ] || { echo "skipped: no libcrypto and libgnutls to build against"; exit 0; }
VERSUS_GO=${BUILD:-build}/tests/versus/judge exec "$program"

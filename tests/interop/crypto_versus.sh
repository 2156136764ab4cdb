#!/bin/sh
# Each primitive beside OpenSSL's libcrypto, some hundred cases each, in each form that this processor has.
# make crypto-versus tries 100,000.
program=${BUILD:-build}/tests/versus/crypto
[ -x "$program" ] || { echo "skipped: no libcrypto to build against"; exit 0; }
exec "$program"

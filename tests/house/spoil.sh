#!/bin/sh
# What spoils (tls/spoil.h, tls/forge.h, net/forge.h, a stack's last hand, accidents of a wire) is for the sealed world: who may know
# of it, so that no live link can reach it.
set -u
. tests/tools/plant.sh

# spoilers ROOT - prints every line of the program that could set the hook and must not.
spoilers() {
    (cd "$1" && grep -rnE '"(tls/(spoil|forge)|tls/x509/(spoil|written_curve)|net/forge|http/lab)\.h"|[.>](spoil|hand|accidents) *=[^=]|stack_forget' \
        --include='*.[ch]' trace crypto net tls http cmd 2>/dev/null |
        grep -vE '^(tls/[a-z]*\.[ch]|tls/x509/(spoil[a-z_]*|written_curve)\.[ch]|cmd/ca_[a-z]*\.[ch]|net/(forge|stack)\.[ch]|http/(sealed_visit|break[a-z_]*|lab)\.[ch]):' | grep .)
}
none() { ! spoilers "$1" >&2; }

rm -rf "$dir/tree"; mkdir -p "$dir/tree/http" "$dir/tree/cmd" "$dir/tree/tls"
echo 'c.spoil = &x;' >"$dir/tree/http/sealed_visit.c"
accepted "the sealed visit sets it" none "$dir/tree"
for file in cmd/get.c cmd/serve.c http/web.c http/visit.c http/session.c; do
    echo '#include "tls/spoil.h"' >"$dir/tree/$file"
    refused "$file knows of it" "$file:1" none "$dir/tree"
    echo '    config.tls.spoil = wish;' >"$dir/tree/$file"
    refused "$file sets it" "$file:1" none "$dir/tree"
    echo '        .hand = &narrow };' >"$dir/tree/$file"
    refused "$file has a host that lies" "$file:1" none "$dir/tree"
    echo '#include "tls/forge.h"' >"$dir/tree/$file"
    refused "$file forges signatures" "$file:1" none "$dir/tree"
    echo '#include "net/forge.h"' >"$dir/tree/$file"
    refused "$file forges" "$file:1" none "$dir/tree"
    rm "$dir/tree/$file"
done
accepted "nothing live can spoil" none .
exit $failed

#!/bin/sh
# What `make dist` packs is what git knows, and `make install` puts everything where it belongs. From the tarball, which
# has no .git, the same tarball can be made again.
set -u
. tests/tools/plant.sh
make=$(command -v make)
version=$(sed -n 's/.*VITRINE_VERSION "\(.*\)"/\1/p' cmd/version.h)
tarball=vitrine-$version.tar.gz

accepted "make dist" "$make" -s BUILD="$dir/build" dist
tar -xzf "$dir/build/$tarball" -C "$dir"
again() { cd "$dir/vitrine-$version" && "$make" -s BUILD=build dist && tar -tzf "build/$tarball"; }
(again) >"$dir/second" 2>&1
tar -tzf "$dir/build/$tarball" >"$dir/first"
accepted "the tarball's tarball has the same files" diff "$dir/first" "$dir/second"

accepted "make install" "$make" -s BUILD="${BUILD:-build}" DESTDIR="$dir/to" PREFIX=/usr install
for file in bin/vitrine share/man/man1/vitrine.1 share/bash-completion/completions/vitrine; do
    accepted "installed: $file" test -s "$dir/to/usr/$file"
done
exit $failed

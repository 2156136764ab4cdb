#!/bin/sh
# Sizes, and what must not stand in the tree: tests/tools/check-shape.
set -u
. tests/tools/plant.sh
check=tests/tools/check-shape

lines() { awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) print text }'; }
{ echo 'int f(void)'; echo '{'; lines 58 '    g();'; echo '}'; } >"$dir/function.c"
refused "a function of 61 lines" "61 lines: int f(void)" $check "$dir/function.c"
{ echo 'int f(void)'; echo '{'; lines 57 '    g();'; echo '}'; } >"$dir/function.c"
accepted "a function of 60 lines is none" $check "$dir/function.c"
lines 601 'int x;' >"$dir/file.h"
refused "a file of 601 lines" "more than 600 lines" $check "$dir/file.h"
{ lines 300 'int x;'; echo 'static const int t[] = {'; lines 400 '    1,'; echo '};'; } >"$dir/table.c"
accepted "a table of constants may be long" $check "$dir/table.c"
lines 1 "$(lines 121 x | tr -d '\n')" >"$dir/wide"
refused "a line of 121 columns" "more than 120 columns" $check "$dir/wide"
lines 1 "$(lines 120 § | tr -d '\n')" >"$dir/wide"
accepted "120 characters of two octets are 120 columns" $check "$dir/wide"
for word in TO-DO FIX-ME; do
    echo "/* $word: later */" | tr -d - >"$dir/marked"
    refused "a mark of $word" "not finished" $check "$dir/marked"
done
echo 'see :home:me:notes' | tr : / >"$dir/path"
refused "a path of one machine" "a path of one machine" $check "$dir/path"

if [ -e .git ] && command -v git >/dev/null 2>&1; then files=$(git ls-files)
else files=$(find * .ci -type f ! -path 'build/*' ! -path vitrine ! -path 'visit.*')
fi
files=$(echo "$files" | grep -vE '^(tests/vectors/|tests/sim/golden\.txt|LICENSE)')    # others' text, and data
accepted "the tree keeps to its sizes" $check $files
exit $failed

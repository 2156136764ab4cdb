# shellcheck shell=sh disable=SC2034
# plant.sh - for house tests, which source it: a check is believed only when it refuses what was planted for it.
#   refused WHAT WORDS CHECK...     CHECK must fail and say WORDS of it
#   accepted WHAT CHECK...          CHECK must find nothing
# $dir is a folder for what is planted. The script ends with: exit $failed
failed=0
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

refused() {
    what=$1 words=$2; shift 2
    if "$@" >"$dir.said" 2>&1; then echo "FAIL $what was not refused"; failed=1
    elif grep -q -- "$words" "$dir.said"; then echo "ok $what is refused"
    else echo "FAIL $what was refused for another reason:"; sed 's/^/    /' "$dir.said"; failed=1
    fi
    rm -f "$dir.said"
}

accepted() {
    what=$1; shift
    if "$@" >"$dir.said" 2>&1; then echo "ok $what"
    else echo "FAIL $what"; failed=1
        sort "$dir.said" | sed -n '1,60s/^/    /p'
        echo "    ($(wc -l <"$dir.said") in all)"
    fi
    rm -f "$dir.said"
}

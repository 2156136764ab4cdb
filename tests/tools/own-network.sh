# shellcheck shell=sh disable=SC2154
# own-network.sh - for tests at real links, which source it before all else: the script goes on in namespaces of its own
# (network, mounts, processes), so that nothing of it is left when it ends. It is run anew there, with VITRINE_INSIDE set.
#   name     whose lines these are: "skipped: NAME: ..."
#   needs    programs without which there is nothing to test; ip and unshare always are
#   first    how namespaces are tried first: -Ur (a user namespace: no privileges) or "" (root, for peers that change
#            users); the other way comes second
#   hint     what a person may try when neither goes
if [ -z "${VITRINE_INSIDE:-}" ]; then
    export VITRINE_INSIDE=1 PATH="$PATH:/usr/sbin:/sbin"
    for need in $needs ip unshare; do
        command -v "$need" >/dev/null 2>&1 || { echo "skipped: $name: no $need here"; exit 0; }
    done
    [ -c /dev/net/tun ] || { echo "skipped: $name: no /dev/net/tun here"; exit 0; }
    case ${first--Ur} in -Ur) second= ;; *) second=-Ur ;; esac
    for user in "${first--Ur}" "$second"; do
        # shellcheck disable=SC2086
        unshare $user -nmpf --mount-proc true 2>/dev/null && exec unshare $user -nmpf --mount-proc sh "$0" "$@"
    done
    echo "skipped: $name: neither user namespaces nor root here${hint:+ ($hint)}"
    exit 0
fi

# shellcheck shell=bash
# Stopping a pool by the pid files of its state directory.

# is_ours PID: true when the process still is one of our executables, or the './dev up' that started them, with this state directory.
is_ours() {
    local executable
    [ -n "$1" ] && [ -d "/proc/$1" ] || return 1
    executable=$(readlink "/proc/$1/exe" 2> /dev/null) || return 1
    case $executable in
        "$bin"/*) grep -qzF -- "$state" "/proc/$1/cmdline" ;;
        */bash) tr '\0' ' ' < "/proc/$1/cmdline" | grep -q 'dev up' ;;
        *) return 1 ;;
    esac
}

gone() { ! is_ours "$1"; }

# stop_pid PID NAME: asks the process to end, insists after 10 s.
stop_pid() {
    is_ours "$1" || return 0
    kill -TERM "$1" 2> /dev/null || return 0
    wait_until 10 gone "$1" && return 0
    note "$2 (pid $1) did not end within 10 s and is killed"
    kill -KILL "$1" 2> /dev/null || return 0
    wait_until 5 gone "$1"
}

# Agents first, then what they drive, the station last.
stop_children() {
    local file
    for file in "$state"/run/unit-*.agent.pid "$state"/run/unit-*.blockserver.pid "$state"/run/station.pid; do
        [ -f "$file" ] || continue
        stop_pid "$(cat "$file")" "$(basename "$file" .pid)"
        rm -f "$file"
    done
}

verb_down() {
    local owner
    owner=$(cat "$state/run/up.pid" 2> /dev/null || :)
    if is_ours "$owner"; then
        stop_pid "$owner" './dev up'
    fi
    stop_children
    rm -f "$state/run/up.pid"
    echo 'the pool is stopped'
}

verb_reset() {
    local answer
    if [ "${1:-}" != --yes ]; then
        [ -t 0 ] || fail 'reset deletes the pool and all its data, and there is nobody to ask.' 'Run: ./dev reset --yes'
        read -rp "This deletes the pool in $state and all its data. Type yes to go on: " answer
        [ "$answer" = yes ] || fail 'Nothing was deleted.' 'Type yes, or run: ./dev reset --yes'
    fi
    verb_down
    rm -rf "$state"
    echo 'its state is deleted'
}

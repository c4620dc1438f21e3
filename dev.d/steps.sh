# shellcheck shell=bash
# Steps: one line each with what was done and how long it took; a failure says what broke, why, and what to do.

step_number=0
step_text=
step_start=0

# Microseconds since the epoch, without a process.
now_us() { printf '%s' "${EPOCHREALTIME//[.,]/}"; }

# since_us START -> "0.42 s"
since_us() {
    local us=$(($(now_us) - $1))
    printf '%d.%02d s' $((us / 1000000)) $((us % 1000000 / 10000))
}

step() {
    step_number=$((step_number + 1))
    step_text=$1
    step_start=$(now_us)
    [ ! -t 1 ] || printf '[%2d] %s …' "$step_number" "$step_text"
}

# done_step [RESULT]: ends the step that step() began.
done_step() {
    [ ! -t 1 ] || printf '\r'
    printf '[%2d] %s%s … %s\n' "$step_number" "$step_text" "${1:+: $1}" "$(since_us "$step_start")"
    step_text=
}

note() { printf '     %s\n' "$*"; }

# fail CAUSE NEXT_ACTION [LOG]: ends the run; LOG's last lines are shown.
fail() {
    [ -z "$step_text" ] || printf '\n[%2d] %s FAILED after %s\n' "$step_number" "$step_text" "$(since_us "$step_start")" >&2
    printf 'dev: %s\n     %s\n' "$1" "$2" >&2
    if [ -n "${3:-}" ] && [ -s "$3" ]; then
        printf '     Last lines of %s:\n' "$3" >&2
        tail -n 15 "$3" | sed 's/^/       /' >&2
    fi
    exit 1
}

# wait_until SECONDS COMMAND…: tries the command again and again until it succeeds; false when the time is up.
wait_until() {
    local deadline=$(($(now_us) + $1 * 1000000))
    shift
    until "$@"; do
        [ "$(now_us)" -lt "$deadline" ] || return 1
        sleep 0.02
    done
}

# shellcheck shell=bash
# './dev up': a whole pool on loopback addresses.

staying=0

# listener_of ADDRESS:PORT: who listens there already, as ss prints it; empty when it is free.
listener_of() {
    ss -Hltnp "sport = :${1#*:}" | awk -v address="$1" -v any=":${1#*:}" '
        $4 == address || $4 == "0.0.0.0" any || $4 == "*" any || $4 == "[::]" any { print $6 != "" ? $6 : "another user'"'"'s process"; exit }'
}

check_ports() {
    local number address owner addresses=("$station_address" "$link_address")
    for number in "${unit_numbers[@]}"; do addresses+=("$(portal_of "$number")"); done
    for address in "${addresses[@]}"; do
        owner=$(listener_of "$address")
        [ -z "$owner" ] || fail "Port $address is in use: $owner." 'Stop that process; if it is left from an earlier pool: ./dev down'
    done
}

# Asked before anything is built: a build must not cost the time, or the executables, of a pool that runs.
check_alone() {
    local owner
    owner=$(cat "$state/run/up.pid" 2> /dev/null || :)
    if [ "$owner" != $$ ] && is_ours "$owner"; then
        fail "The pool of $state is up already (pid $owner)." 'Stop it with Ctrl+C where it runs, or with: ./dev down'
    fi
}

preflight() {
    local disabled free_kib
    step 'look at the machine'
    mkdir -p "$state/run" "$state/log"
    chmod 700 "$state"
    # What a run that was killed left behind is ours to stop.
    stop_children
    disabled=$(cat /proc/sys/kernel/io_uring_disabled 2> /dev/null || echo 0)
    if [ "$disabled" = 2 ] || { [ "$disabled" = 1 ] && [ "$(id -u)" -ne 0 ]; }; then
        fail 'The kernel does not let this user have io_uring.' 'As root: sysctl kernel.io_uring_disabled=0'
    fi
    [ "$(printf '%s\n' 6.1 "$(uname -r)" | sort -V | head -n 1)" = 6.1 ] || fail "Linux $(uname -r) is too old." 'The block server needs Linux 6.1 or later.'
    free_kib=$(df -Pk "$state" | awk 'NR == 2 { print $4 }')
    [ "$free_kib" -ge $((2 << 20)) ] || fail "There are only $((free_kib >> 10)) MiB free under $state." 'Free 2 GiB, or set VSAN_DEV_STATE to a directory on another disk.'
    # A unix socket's path has 107 bytes.
    [ ${#state} -le 80 ] || fail "The path $state is too long for a socket in it." 'Set VSAN_DEV_STATE to a shorter path.'
    check_ports
    echo $$ > "$state/run/up.pid"
    done_step
}

clean_up() {
    trap '' INT TERM
    [ "$(cat "$state/run/up.pid" 2> /dev/null)" = $$ ] || return 0
    stop_children
    rm -f "$state/run/up.pid" "$state/run/chap" "$state/run/read-back.img"
}

on_signal() {
    [ "$staying" = 1 ] || exit 130
    printf '\nstopping …\n'
    exit 0
}

show_pool() {
    echo
    cli_or_fail unit list
    echo
    cli_or_fail volume list
    printf '\nConsole   https://%s/\n' "$station_address"
    printf 'Sign in   %s  %s\n' "$(jq -r .userName "$state/sign-in.json")" "$(jq -r .password "$state/sign-in.json")"
    printf 'CLI       VSAN_CONFIG=%s %s\n' "$state/vsan.json" "$bin/vsan"
    printf 'Total     %s\n' "$(since_us "$1")"
}

# Returns never: a signal ends it well, the death of a child badly.
stay() {
    local died=0
    printf '\nCtrl+C stops it.\n'
    staying=1
    wait -n -p died "${!child_of[@]}" || :
    fail "${child_of[$died]} ended while the pool was up." "Read its log, then ./dev up again." "$state/log/${child_of[$died]}.log"
}

verb_up() {
    local once=0 begin
    case ${1:-} in
        '') ;;
        --once) once=1 ;;
        *) fail "up does not know '$1'." './dev up [--once]' ;;
    esac
    begin=$(now_us)
    trap clean_up EXIT
    trap on_signal INT TERM
    check_alone
    verb_build
    preflight
    start_station
    start_units
    make_host
    verify_kept_data
    make_volume
    measure_create
    write_and_read
    show_pool "$begin"
    [ "$once" = 1 ] || stay
    clean_up
    echo "pool up: ${#unit_numbers[@]} units, volume written and read back"
}

# shellcheck shell=bash
# The processes of a pool, and the steps that show that it works.

station_port=${VSAN_DEV_PORT:-8443}
station_address=127.0.0.1:$station_port
link_address=127.0.0.1:$((station_port + 1))
portal_port=${VSAN_DEV_ISCSI_PORT:-3260}
unit_numbers=(1 2 3)
store_limit_bytes=$((8 << 30))
host_name=demo
host_initiator=iqn.2026-11.io.vsan-appliance:host.demo
volume_name=demo
volume_size=256MiB
pattern_bytes=$((8 << 20))
probe_count=5

# pid -> name of each process that this run started, and when each agent was started, in microseconds.
declare -A child_of=()
declare -a unit_started=()

portal_of() { printf '127.0.0.%d:%d' $((10 + $1)) "$portal_port"; }

# Where a unit serves shares, a port for each; nothing listens there until there is one.
shares_of() { printf '127.0.0.%d:%d-%d' $((10 + $1)) $((portal_port + 1000)) $((portal_port + 1015)); }

# cli ARGUMENT…: our own command line, signed in to this pool; what it says on standard error is in log/cli.log.
cli() { VSAN_CONFIG=$state/vsan.json "$bin/vsan" "$@" 2>> "$state/log/cli.log"; }

cli_or_fail() { cli "$@" || fail "vsan $1 ${2:-} failed." "Read $state/log/cli.log and $state/log/station.log." "$state/log/cli.log"; }

# start NAME EXECUTABLE ARGUMENT…: a child in a session of its own, so that Ctrl+C reaches this script alone.
start() {
    local name=$1 log=$state/log/$1.log
    shift
    [ ! -f "$log" ] || mv "$log" "$log.1"
    setsid "$bin/$1" "${@:2}" < /dev/null > "$log" 2>&1 &
    child_of[$!]=$name
    printf '%d\n' $! > "$state/run/$name.pid"
}

alive() { kill -0 "$(cat "$state/run/$1.pid")" 2> /dev/null; }

# await NAME SECONDS WHAT COMMAND…: waits for a condition and notices at once when the child dies instead.
await() {
    local name=$1 seconds=$2 what=$3
    shift 3
    wait_until "$seconds" ended_or "$name" "$@" || fail "$name is not $what within $seconds s." "Read $state/log/$name.log." "$state/log/$name.log"
    alive "$name" || fail "$name ended before it was $what." "Read $state/log/$name.log." "$state/log/$name.log"
}

ended_or() { ! alive "$1" || "${@:2}"; }

station_answers() { curl -fsS -m 2 -o /dev/null --cacert "$state/station/ca.crt" "https://$station_address/readyz" 2> /dev/null; }

start_station() {
    if [ ! -f "$state/sign-in.json" ]; then
        step 'make a station'
        (umask 077 && "$bin/vsan-station" init --state "$state/station" --name dev --address "${station_address%:*}" > "$state/sign-in.new" 2> "$state/log/init.log") ||
            fail 'vsan-station init failed.' 'If an earlier start was cut off: ./dev reset --yes' "$state/log/init.log"
        mv "$state/sign-in.new" "$state/sign-in.json"
        done_step
    fi
    step "start the station on $station_address"
    start station vsan-station run --state "$state/station" --listen "$station_address" --link "$link_address"
    await station 15 answering station_answers
    done_step
    step 'sign in'
    VSAN_PASSWORD=$(jq -r .password "$state/sign-in.json") cli_or_fail login --server "https://$station_address" \
        --ca-file "$state/station/ca.crt" --user "$(jq -r .userName "$state/sign-in.json")" > /dev/null
    done_step
}

# The token is made only while a unit is missing: a unit that is known proves itself with its own key.
make_token() {
    local known
    known=$(cli_or_fail unit list -o json | jq '[.items[] | select(.state != "pending")] | length')
    [ "$known" -lt "${#unit_numbers[@]}" ] || return 0
    step "make a token for ${#unit_numbers[@]} units"
    (umask 077 && cli_or_fail token create --uses "${#unit_numbers[@]}" -o name > "$state/token")
    done_step
}

start_unit() {
    local number=$1 home=$state/unit-$1 token=()
    mkdir -p "$home/blockserver" "$home/agent" "$home/store"
    [ ! -f "$state/token" ] || token=(--token-file "$state/token")
    start "unit-$number.blockserver" vsan-blockserver run --state "$home/blockserver" --control "$home/control.sock" --rings 1
    unit_started[number]=$(now_us)
    start "unit-$number.agent" vsan-unit run --state "$home/agent" --name "unit-$number" --station "https://$station_address" \
        --ca-fingerprint "$(jq -r .caFingerprint "$state/sign-in.json")" "${token[@]}" --store "$home/store" \
        --store-limit "$store_limit_bytes" --portal "$(portal_of "$number")" --shares "$(shares_of "$number")" --control "$home/control.sock"
}

says_ready() { grep -q '^vsan-unit: ready' "$state/log/unit-$1.agent.log"; }

unit_is_ready() { [ "$(cli unit show "unit-$1" -o json | jq -r .state)" = ready ]; }

start_units() {
    local number result results=()
    make_token
    step "start ${#unit_numbers[@]} units and let them join"
    for number in "${unit_numbers[@]}"; do start_unit "$number"; done
    for number in "${unit_numbers[@]}"; do
        await "unit-$number.agent" 15 ready says_ready "$number"
        result="unit-$number start → ready $(since_us "${unit_started[number]}")"
        await "unit-$number.agent" 15 'ready in the pool' unit_is_ready "$number"
        # A member joins once: on a later start the pool still knows how long that took, but it is not news.
        [ ! -f "$state/token" ] || result+=", first packet → ready $(join_ms "$number") ms"
        results+=("$result")
    done
    rm -f "$state/token"
    done_step
    for result in "${results[@]}"; do note "$result"; done
}

join_ms() { cli unit show "unit-$1" -o json | jq -r '.joinMilliseconds // "-"'; }

make_host() {
    cli host list -o name | grep -qxF "$host_name" && return 0
    step "add host $host_name"
    cli_or_fail host add "$host_name" --initiator "$host_initiator" > /dev/null
    done_step
}

# image_of VOLUME: what qemu calls the volume. The secret is in a file, so that no list of processes shows it.
image_of() {
    local info
    info=$(cli connect-info "$1" "$host_name" -o json) || return
    (umask 077 && jq -j '.legs[0].chapSecret' <<< "$info" > "$state/run/chap")
    jq -j '"driver=raw,file.driver=iscsi,file.transport=tcp,file.portal=\(.legs[0].portals[0]),file.target=\(.legs[0].targetName),file.lun=\(.legs[0].lun),file.user=\(.legs[0].chapUser),file.password-secret=chap,file.initiator-name=\(.initiatorName)"' <<< "$info"
}

# qemu TOOL ARGUMENT…: qemu-io or qemu-img with the secret at hand.
qemu() { "$1" "${@:2}" >> "$state/log/qemu.log" 2>&1; }

chap_object() { printf 'secret,id=chap,file=%s' "$state/run/chap"; }

# read_back IMAGE: compares the volume's first bytes with what was written.
read_back() {
    local copy=$state/run/read-back.img
    qemu qemu-img convert --object "$(chap_object)" --image-opts "$1" -O raw "$copy" ||
        fail 'qemu-img cannot read the volume.' "Read $state/log/qemu.log." "$state/log/qemu.log"
    cmp -s -n "$pattern_bytes" "$copy" "$state/pattern" ||
        fail 'The volume holds other bytes than were written.' "Keep $state for a look; the copy is $copy."
    rm -f "$copy"
}

verify_kept_data() {
    local image
    [ -f "$state/pattern" ] || return 0
    step "read what the last run wrote to $volume_name"
    image=$(image_of "$volume_name") || fail "The host cannot be told how to reach $volume_name." "Read $state/log/cli.log." "$state/log/cli.log"
    read_back "$image"
    done_step "$((pattern_bytes >> 20)) MiB unchanged"
}

make_volume() {
    cli volume list -o name | grep -qxF "$volume_name" && return 0
    step "make volume $volume_name of $volume_size for $host_name"
    cli_or_fail volume create "$volume_name" --size "$volume_size" --host "$host_name" --wait > /dev/null
    done_step
}

write_and_read() {
    local image
    step "write $((pattern_bytes >> 20)) MiB of random bytes through iSCSI and read them back"
    image=$(image_of "$volume_name") || fail "The host cannot be told how to reach $volume_name." "Read $state/log/cli.log." "$state/log/cli.log"
    # Gone while it is not known what the volume holds, so that a run that is cut off here accuses nobody later.
    rm -f "$state/pattern"
    head -c "$pattern_bytes" /dev/urandom > "$state/pattern.new"
    qemu qemu-io --object "$(chap_object)" --image-opts "$image" -c "write -s $state/pattern.new 0 $pattern_bytes" -c flush ||
        fail 'qemu-io cannot write the volume.' "Read $state/log/qemu.log." "$state/log/qemu.log"
    mv "$state/pattern.new" "$state/pattern"
    read_back "$image"
    done_step
}

# The time a person waits: from the command to the host's first successful read.
measure_create() {
    local number image begin created=() readable=() volumes=()
    for number in $(seq "$probe_count"); do volumes+=("probe-$$-$number"); done
    step "make $probe_count volumes, read each as the host, delete them"
    for number in "${volumes[@]}"; do
        begin=$(now_us)
        cli_or_fail volume create "$number" --size 64MiB --host "$host_name" --wait > /dev/null
        created+=($(($(now_us) - begin)))
        image=$(image_of "$number") || fail "There is no connect-info for $number." "Read $state/log/cli.log." "$state/log/cli.log"
        qemu qemu-io --object "$(chap_object)" --image-opts "$image" -r -c 'read 0 4k' ||
            fail "The host cannot read $number." "Read $state/log/qemu.log." "$state/log/qemu.log"
        readable+=($(($(now_us) - begin)))
    done
    for number in "${volumes[@]}"; do
        cli_or_fail unmap "$number" "$host_name" --wait > /dev/null
        cli_or_fail volume delete "$number" --now --yes --wait > /dev/null
    done
    done_step
    note "volume create --wait: p50 $(median_ms "${created[@]}") ms; until the host has read it: p50 $(median_ms "${readable[@]}") ms"
}

# median_ms MICROSECONDS…
median_ms() { printf '%s\n' "$@" | sort -n | awk '{ value[NR] = $1 } END { printf "%d", value[int((NR + 1) / 2)] / 1000 }'; }

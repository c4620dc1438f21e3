# shellcheck shell=bash
# A Linux guest with vsan-host and a pool of processes (docs/host.md).
#: ./dev lab host-mirror [--rounds N]   units lost and back under a verifying load; ends with stall time, bytes verified, errors
#: ./dev lab host-grow [--rounds N]     a mirror grows from its legs to its filesystem while it is written to
#: ./dev lab host-drain [--rounds N]    units are emptied while a mirror with a copy there is written to
#: ./dev lab host-expand-pool           a unit joins while a mirror is written to; a further volume and a leg of the mirror land there
#: ./dev lab host-partition             a copy that missed writes is not served after the host's restart

# lab_host TEST [--rounds N]: runs one scenario and prints its last line, or what led to its failure.
lab_host() {
    local test=$1 rounds=4 folder log=$state/log/lab-$1.log
    shift
    if [ "${1:-}" = --rounds ]; then
        case ${2:-} in
            '' | *[!0-9]* | 0) fail '--rounds needs a number from 1 up.' './dev lab host-mirror --rounds 4' ;;
        esac
        rounds=$2
        shift 2
    fi
    [ $# -eq 0 ] || fail "lab does not know '$1'." './dev lab host-mirror [--rounds N]'
    verb_build
    need_guest_image
    mkdir -p "$state/log"
    step "run $test in a guest"
    folder=$root/artifacts/end-to-end/HostLabTests.$test
    rm -f "$folder/summary.txt"
    (cd "$root" && VSAN_LAB=$rounds VSAN_BIN=$bin dotnet test tests/EndToEnd/VSan.Tests.EndToEnd.csproj -c Release --nologo -p:RunAnalyzers=false \
        --filter "FullyQualifiedName=VSan.Tests.EndToEnd.Hosts.HostLabTests.$test") > "$log" 2>&1 ||
        fail "$test failed." "Read $log and $folder: steps.log, console.log." "$log"
    done_step
    cat "$folder/summary.txt"
}

lab_host_mirror() { lab_host HostMirror "$@"; }
lab_host_grow() { lab_host HostGrow "$@"; }
lab_host_drain() { lab_host HostDrain "$@"; }
lab_host_expand_pool() { lab_host HostExpandPool "$@"; }
lab_host_partition() { lab_host HostPartition "$@"; }

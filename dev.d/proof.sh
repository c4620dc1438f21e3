# shellcheck shell=bash
# The rigs of tests/Proof: each breaks something around the block server, and counts what it lost. docs/proof.md says what each shows.
#: ./dev crash [--states N]   power losses: disks rebuilt from a log of writes; nothing acknowledged as durable may be missing
#: ./dev kill [--rounds N] [--volumes N]   kill -9 under verifying load; everything acknowledged must be there
#: ./dev ghost [--rounds N]   a dead process's writes on a slow disk must not land after the next one serves
#: ./dev abort [--rounds N]   no change of the disk after the answer to an abort, a reset, a session's replacement
#: ./dev caw [--increments N]   COMPARE AND WRITE as a counter of many sessions, exact
#: ./dev flips [--rounds N]   bit flips and other faults on the wire, with digests
#: ./dev aptpl [--rounds N]   persistent reservations with APTPL over kill and power loss
#:                            each of these: --seed N repeats a run; --break runs the negative control, which has to report losses

proof=$root/artifacts/bin/VSan.Tests.Proof/release/VSan.Tests.Proof
broken=$root/artifacts/bin-broken

# What the rigs need beside what the product needs, by command.
missing_proof_packages() {
    command -v qemu-storage-daemon > /dev/null || echo qemu-system-common
    command -v fusermount3 > /dev/null || echo fuse3
    command -v mkfs.xfs > /dev/null || echo xfsprogs
}

need_proof_packages() {
    local missing
    missing=$(missing_proof_packages | tr '\n' ' ')
    [ -z "$missing" ] || need_packages_named "$missing"
}

# The block server that can be told to break a promise (docs/adr/0024), from the same sources.
build_broken() {
    local stamp log=$state/log/build-broken.log published
    stamp=$(source_stamp)
    [ -x "$broken/vsan-blockserver" ] && [ "$(cat "$broken/stamp" 2> /dev/null)" = "$stamp" ] && return 0
    mkdir -p "$broken" "$state/log"
    rm -f "$broken/stamp"
    step 'publish the block server that can be broken'
    (cd "$root" && dotnet publish appliance/BlockServer -c Release -r linux-x64 --nologo -v q -p:RunAnalyzers=false \
        -p:Sabotage=true -p:ArtifactsPath="$root/artifacts/broken") > "$log" 2>&1 || fail 'dotnet publish of the broken block server failed.' "Read $log." "$log"
    published=$root/artifacts/broken/publish/VSan.BlockServer/release_linux-x64/vsan-blockserver
    [ -f "$published" ] || fail 'dotnet publish made no broken block server.' "Read $log." "$log"
    cp --remove-destination "$published" "$broken/"
    printf '%s\n' "$stamp" > "$broken/stamp"
    done_step
}

# prove VERB ARGUMENT…: builds what is missing and runs one rig; its last line is the result.
prove() {
    [ "$(id -u)" -eq 0 ] || fail 'The rigs mount filesystems and need root.' "Run as root: ./dev $1"
    verb_build
    need_proof_packages
    build_broken
    (cd "$root" && dotnet build tests/Proof -c Release --nologo -v q -p:RunAnalyzers=false) > "$state/log/build-proof.log" 2>&1 ||
        fail 'The rigs do not build.' "Read $state/log/build-proof.log." "$state/log/build-proof.log"
    VSAN_BIN=$bin VSAN_BIN_BROKEN=$broken "$proof" "$@"
}

verb_crash() { prove crash "$@"; }
verb_kill() { prove kill "$@"; }
verb_ghost() { prove ghost "$@"; }
verb_abort() { prove abort "$@"; }
verb_caw() { prove caw "$@"; }
verb_flips() { prove flips "$@"; }
verb_aptpl() { prove aptpl "$@"; }

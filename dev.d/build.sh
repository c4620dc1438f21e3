# shellcheck shell=bash
# NativeAOT executables in artifacts/bin-aot, made anew only when a source changed.

# project -> the executable it makes
executables=(
    appliance/BlockServer:vsan-blockserver
    appliance/UnitAgent:vsan-unit
    control-station/Station:vsan-station
    control-station/Cli:vsan
    host:vsan-host
)

# One hash over the names and contents of all that the executables are made of.
source_stamp() {
    (
        cd "$root" || exit
        git ls-files -z --cached --others --exclude-standard -- appliance control-station host webos '*.props' '*.targets' global.json .editorconfig |
            xargs -0 sha256sum 2> /dev/null | sha256sum
        dotnet --version
    )
}

publish_one() {
    local project=$1 name=$2 log=$state/log/build-$2.log published
    step "publish $name"
    (cd "$root" && dotnet publish "$project" -c Release -r linux-x64 --nologo -v q -p:RunAnalyzers=false) > "$log" 2>&1 ||
        fail "dotnet publish $project failed." "Read $log." "$log"
    published=$(find "$root/artifacts/publish" -path '*/release_linux-x64/*' -name "$name" -type f | head -n 1)
    [ -n "$published" ] || fail "dotnet publish $project made no $name." "Read $log." "$log"
    # A new file, not new bytes in the old one: a pool of another state may run from it.
    find "$(dirname "$published")" -maxdepth 1 -type f \( -name "$name" -o -name '*.so' \) -exec cp --remove-destination -t "$bin" {} +
    done_step "$(du -h --apparent-size "$bin/$name" | cut -f 1)"
}

built_all() {
    local pair
    for pair in "${executables[@]}"; do [ -x "$bin/${pair#*:}" ] || return 1; done
}

verb_build() {
    local stamp pair
    need_sdk
    need_packages
    mkdir -p "$bin" "$state/log"
    stamp=$(source_stamp)
    if built_all && [ "$(cat "$bin/stamp" 2> /dev/null)" = "$stamp" ]; then
        note 'executables are up to date'
        return
    fi
    rm -f "$bin/stamp"
    for pair in "${executables[@]}"; do publish_one "${pair%:*}" "${pair#*:}"; done
    printf '%s\n' "$stamp" > "$bin/stamp"
}

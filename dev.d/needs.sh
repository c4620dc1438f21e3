# shellcheck shell=bash
# What the machine has to have: the .NET SDK is the user's to install, the rest comes from apt.

need_sdk() {
    local version
    command -v dotnet > /dev/null || fail 'The .NET SDK is missing.' 'Install the .NET SDK 10.0.100 or later and put dotnet on the PATH.'
    version=$(cd "$root" && dotnet --version 2>&1) || fail "The .NET SDK does not start: $version" 'Install the .NET SDK 10.0.100 or later.'
    [ "$(printf '%s\n' 10.0.100 "$version" | sort -V | head -n 1)" = 10.0.100 ] ||
        fail "The .NET SDK $version is too old." 'Install the .NET SDK 10.0.100 or later.'
}

# The package of each command or file that builds and runs need; two packages have no command of their own.
missing_packages() {
    command -v jq > /dev/null || echo jq
    command -v curl > /dev/null || echo curl
    command -v gcc > /dev/null || echo gcc libc6-dev
    command -v ip > /dev/null || echo iproute2
    command -v iscsi-ls > /dev/null || echo libiscsi-bin
    command -v qemu-io > /dev/null || echo qemu-utils
    command -v rclone > /dev/null || echo rclone
    command -v strace > /dev/null || echo strace
    command -v systemd-analyze > /dev/null || echo systemd
    compgen -G '/usr/include/zlib.h' > /dev/null || echo zlib1g-dev
    compgen -G '/usr/lib/*/qemu/block-iscsi.so' > /dev/null || echo qemu-block-extra
}

need_packages() {
    local missing
    missing=$(missing_packages | tr '\n' ' ')
    [ -z "$missing" ] || need_packages_named "$missing"
}

# need_packages_named "PACKAGE…": installs them.
need_packages_named() {
    local missing=$1 as_root=()
    step "install ${missing% }"
    command -v apt-get > /dev/null || fail "Missing: $missing, and there is no apt-get." 'Install the like of these packages with the package manager of this system.'
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo > /dev/null || fail "Missing: $missing, and neither root nor sudo to install them." "As root: apt-get install $missing"
        as_root=(sudo)
    fi
    mkdir -p "$state/log"
    # shellcheck disable=SC2086 # A list of packages, each a word.
    {
        "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
    } > "$state/log/apt.log" 2>&1 || fail 'apt-get did not install them.' "Run: apt-get install $missing" "$state/log/apt.log"
    done_step
}

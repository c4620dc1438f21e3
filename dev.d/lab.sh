# shellcheck shell=bash
# Real images of the appliance in QEMU, on a network of their own (docs/image.md).
#: ./dev lab boot [--firmware uefi|bios|pxe-uefi|pxe-bios|http]   a station, and one machine that joins with nothing typed: unit ready in N s
#: ./dev lab powercut [--rounds N] [--firmware uefi|bios]   the same, and its power is cut again and again: the same unit comes back

lab=$root/artifacts/bin/VSan.Tests.Lab/release/VSan.Tests.Lab

# What the lab needs beside the image, by command.
missing_lab_packages() {
    command -v qemu-system-x86_64 > /dev/null || echo qemu-system-x86
    command -v dnsmasq > /dev/null || echo dnsmasq-base
    command -v ip > /dev/null || echo iproute2
    command -v mcopy > /dev/null || echo mtools
    command -v busybox > /dev/null || echo busybox
    compgen -G '/usr/lib/ipxe/qemu/*' > /dev/null || echo ipxe-qemu
}

need_lab_packages() {
    local missing
    missing=$(missing_lab_packages | tr '\n' ' ')
    [ -z "$missing" ] || need_packages_named "$missing"
}

# boot_lab SCENARIO [OPTION…]: real images.
boot_lab() {
    [ "$(id -u)" -eq 0 ] || fail 'The lab makes network namespaces and needs root.' "Run as root: ./dev lab $1"
    verb_build
    need_image
    need_lab_packages
    (cd "$root" && dotnet build tests/Lab -c Release --nologo -v q -p:RunAnalyzers=false) > "$state/log/build-lab.log" 2>&1 ||
        fail 'The lab does not build.' "Read $state/log/build-lab.log." "$state/log/build-lab.log"
    VSAN_BIN=$bin "$lab" "$@"
}

lab_boot() { boot_lab boot "$@"; }
lab_powercut() { boot_lab powercut "$@"; }

# lab NAME [OPTION…]: the scenario of that name.
verb_lab() {
    local name=${1:-}
    [ $# -eq 0 ] || shift
    declare -F "lab_${name//-/_}" > /dev/null || fail "lab knows no '$name'." "'./dev help' lists what it knows."
    "lab_${name//-/_}" "$@"
}

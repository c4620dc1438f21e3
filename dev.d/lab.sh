# shellcheck shell=bash
# Real images of the appliance in QEMU, on a network of their own (docs/image.md).
#: ./dev lab boot [--firmware uefi|bios|pxe-uefi|pxe-bios|http]   a station, and one machine that joins with nothing typed: unit ready in N s
#: ./dev lab update [--units N] [--firmware uefi|bios] [--parts short|all]   units are updated one at a time; a broken version goes back by itself; power cuts
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
    [ "$1" != update ] || need_versions
    need_lab_packages
    (cd "$root" && dotnet build tests/Lab -c Release --nologo -v q -p:RunAnalyzers=false) > "$state/log/build-lab.log" 2>&1 ||
        fail 'The lab does not build.' "Read $state/log/build-lab.log." "$state/log/build-lab.log"
    VSAN_BIN=$bin "$lab" "$@"
}

# Versions of the same root: two that are good, and between them one whose agent never starts, and whose trial is short.
need_versions() {
    local version broken=$state/broken units=$state/broken/usr/lib/systemd/system
    mkdir -p "$units/vsan-unit.service.d" "$units/vsan-trial.timer.d"
    printf '[Service]\nExecStart=\nExecStart=/usr/bin/false\n' > "$units/vsan-unit.service.d/99-broken.conf"
    printf '[Timer]\nOnActiveSec=\nOnActiveSec=20s\n' > "$units/vsan-trial.timer.d/99-short.conf"
    for version in 0.2.0 0.3.0 0.4.0; do
        [ "$image/versions/vsan_$version.efi" -nt "$image/vsan-appliance.efi" ] && continue
        if [ "$version" = 0.3.0 ]; then another_version "$version" "$broken"; else another_version "$version"; fi
    done
}

lab_update() { boot_lab update "$@"; }
lab_boot() { boot_lab boot "$@"; }
lab_powercut() { boot_lab powercut "$@"; }

# lab NAME [OPTION…]: the scenario of that name.
verb_lab() {
    local name=${1:-}
    [ $# -eq 0 ] || shift
    declare -F "lab_${name//-/_}" > /dev/null || fail "lab knows no '$name'." "'./dev help' lists what it knows."
    "lab_${name//-/_}" "$@"
}

# shellcheck shell=bash
# A real Linux initiator in QEMU (docs/guest.md).
#: ./dev guest [--rounds N]   Linux with multipath in QEMU: logins, fio under lost paths and lost servers, UNMAP, growth; takes --seed N and --break too

guest_image=$root/artifacts/guest

# What the guest needs beside what the rigs need, by command or file.
missing_guest_packages() {
    command -v qemu-system-x86_64 > /dev/null || echo qemu-system-x86
    command -v mmdebstrap > /dev/null || echo mmdebstrap
    command -v cpio > /dev/null || echo cpio
    command -v depmod > /dev/null || echo kmod
    [ -f /usr/share/keyrings/debian-archive-keyring.gpg ] || echo debian-archive-keyring
}

# The image is made anew only when its recipe changed.
need_guest_image() {
    local missing log=$state/log/guest-image.log
    missing=$(missing_guest_packages | tr '\n' ' ')
    [ -z "$missing" ] || need_packages_named "$missing"
    mkdir -p "$state/log"
    step 'make the image of the guest'
    bash "$root/tests/Guest/image.sh" "$guest_image" > "$log" 2>&1 || fail 'tests/Guest/image.sh made no image.' "Read $log." "$log"
    done_step "$(du -h --apparent-size "$guest_image/initrd" | cut -f 1)"
}

verb_guest() {
    need_guest_image
    prove guest "$@"
}

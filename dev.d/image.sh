# shellcheck shell=bash
# The appliance's image (docs/image.md).
#: ./dev image [--verify-reproducible | --version V]   make the bootable image in artifacts/image; twice from nothing, and compare; or another version with the same root, in seconds

image=$root/artifacts/image
image_cache=$root/artifacts/image-cache

# What the build needs beside what the product needs, by command or file.
missing_image_packages() {
    command -v mmdebstrap > /dev/null || echo mmdebstrap
    command -v xz > /dev/null || echo xz-utils
    command -v qemu-img > /dev/null || echo qemu-utils
    [ -f /usr/share/keyrings/debian-archive-keyring.gpg ] || echo debian-archive-keyring
}

need_image_packages() {
    local missing
    missing=$(missing_image_packages | tr '\n' ' ')
    [ -z "$missing" ] || need_packages_named "$missing"
}

image_version() { sed -n 's,.*<Version>\(.*\)</Version>.*,\1,p' "$root/Directory.Build.props"; }

# One hash over the recipe and the executables.
image_stamp() { (cd "$root" && find image-build appliance/systemd dev.d/image.sh docs/operations.md -type f -print0 | sort -z | xargs -0 sha256sum && cat "$bin/stamp") | sha256sum; }

# build_image OUT CACHE [VERSION [FOLDER]]: the image, or another version of it.
build_image() {
    local log=$state/log/image.log
    [ "$(id -u)" -eq 0 ] || fail 'The image is made of files that belong to root.' 'Run as root: ./dev image'
    mkdir -p "$state/log"
    VSAN_BIN=$bin VSAN_VERSION=$(image_version) VSAN_CACHE=$2 VSAN_SIGNING_KEY=${VSAN_SIGNING_KEY:-$image_cache/test-key} SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct) \
        bash "$root/image-build/build.sh" "$1" "${@:3}" > "$log" 2>&1 || fail 'image-build/build.sh made no image.' "Read $log." "$log"
}

# Made anew only when the recipe or an executable changed.
need_image() {
    local stamp
    need_image_packages
    stamp=$(image_stamp)
    [ -f "$image/vsan-appliance.img" ] && [ "$(cat "$image/stamp" 2> /dev/null)" = "$stamp" ] && return 0
    rm -f "$image/stamp"
    step 'make the image of the appliance'
    build_image "$image" "$image_cache"
    printf '%s\n' "$stamp" > "$image/stamp"
    done_step "$(du -h --apparent-size "$image/vsan-appliance.efi" | cut -f 1)"
}

# another_version VERSION [FOLDER]: artifacts/image/versions/vsan_VERSION.efi, with the root of the image that is there and the files of FOLDER over it.
another_version() {
    step "make version $1 with the same root"
    build_image "$image" "$image_cache" "$@"
    done_step "$(du -h --apparent-size "$image/versions/vsan_$1.efi" | cut -f 1)"
}

verb_image() {
    verb_build
    case ${1:-} in
        '') ;;
        --version)
            [ $# -eq 2 ] || fail 'image --version takes a version.' './dev image --version 0.2.0'
            need_image
            another_version "$2"
            return
            ;;
        --verify-reproducible)
            verify_reproducible
            return
            ;;
        *) fail "image does not know '$1'." './dev image [--verify-reproducible | --version V]' ;;
    esac
    need_image
    image_facts "$image"
}

image_facts() {
    local file
    for file in vsan-appliance.efi vsan-appliance.img.zst vsan-appliance.qcow2; do
        note "$file $(($(stat -c %s "$1/$file") / 1000000)) MB sha256:$(sha256sum < "$1/$file" | cut -d ' ' -f 1)"
    done
    note "$(wc -l < "$1/manifest.tsv") packages of Debian; bill of materials in ${1#"$root"/}/sbom.spdx.json"
}

# Two builds that share nothing but the executables and the key that signs them.
verify_reproducible() {
    local number
    need_image_packages
    mkdir -p "$image_cache"
    for number in 1 2; do
        rm -rf "$root/artifacts/image-$number" "$root/artifacts/image-cache-$number"
        step "make the image of the appliance, from nothing, build $number"
        build_image "$root/artifacts/image-$number" "$root/artifacts/image-cache-$number"
        done_step
    done
    diff "$root/artifacts/image-1/SHA256SUMS" "$root/artifacts/image-2/SHA256SUMS" || fail 'The two builds differ.' 'Compare artifacts/image-1 with artifacts/image-2.'
    image_facts "$root/artifacts/image-2"
    echo 'the two builds are equal, bit for bit'
    rm -rf "$root"/artifacts/image-{1,2} "$root"/artifacts/image-cache-{1,2}
}

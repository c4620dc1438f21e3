#!/usr/bin/env bash
# build.sh OUT: makes the appliance's image in the folder OUT from what is declared beside this script. docs/image.md says what comes out.
# build.sh OUT VERSION [FOLDER]: makes another version, OUT/versions/vsan_VERSION.efi, with the root that OUT was made with; the files of FOLDER are laid over it.
#   VSAN_BIN=DIR           our executables
#   VSAN_VERSION=VERSION   of the image
#   VSAN_CACHE=DIR         packages as they were unpacked, by the recipe's hash
#   VSAN_SIGNING_KEY=PATH  PATH.pem and PATH.crt sign the image; without it a test key that is made in the cache
#   SOURCE_DATE_EPOCH=N    the time that every file is given
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1 version=$VSAN_VERSION cache=$VSAN_CACHE
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC
suite=trixie
sector=512 esp_start_mib=2 esp_mib=1024 disk_mib=1028
# Fixed, so that two builds are equal. What has to differ from machine to machine is made at its first start.
erofs_uuid=5f2a1f0e-1c0d-4c53-8d53-0c2f1d3a4b5c disk_guid=a1c4e7d2-52d1-4a70-9a9f-3f6f6f1c2b3a
bios_guid=0b7f2f3e-8a55-4d0b-8e64-8a8b0a6f5c11 esp_guid=c5f8d3a0-7e4b-4b8e-9a51-1d2e3f4a5b6c esp_serial=5653414e
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

list() { grep -vE '^\s*(#|$)' "$here/$1"; }
comma_list() { list "$1" | paste -sd ,; }
say() { printf '%s\n' "$*"; }

# Debian's mirrors as this machine's own apt has them.
sources() {
  local main security
  # Which mirror is Debian's stands in the lists that apt has fetched.
  [ -n "$(mirror Debian)" ] || apt-get -qq update >&2
  main=$(mirror Debian) security=$(mirror Debian-Security)
  [ -n "$main" ] || { say 'apt knows no Debian mirror: give this machine one in /etc/apt/sources.list.d.' >&2; exit 1; }
  say "deb $main $suite main"
  [ -z "$security" ] || say "deb $security $suite-security main"
}
mirror() { apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' "Label: $1" | sort | head -n 1; }

# cached LIST FUNCTION -> path in the cache of what the function makes of that list of packages, by the hash of both.
cached() { say "$cache/$1-$({ list "$1"; declare -f "$2"; } | sha256sum | cut -c 1-16)"; }

# The tools are unpacked only: ld.so of their own release runs them.
need_tools() {
  tools=$(cached tools need_tools)
  [ -d "$tools" ] && return
  rm -rf "$tools.new"
  sources | mmdebstrap --quiet --variant=extract --include="$(comma_list tools)" "$suite" "$tools.new" -
  mv "$tools.new" "$tools"
}
tool() {
  local program=$tools/usr/bin/$1
  [ -x "$program" ] || program=$tools/usr/sbin/$1
  "$tools/usr/lib64/ld-linux-x86-64.so.2" --library-path "$tools/usr/lib/x86_64-linux-gnu" "$program" "${@:2}"
}
ukify() { PYTHONHOME=$tools/usr PYTHONDONTWRITEBYTECODE=1 tool python3 "$tools/usr/bin/ukify" "$@"; }

# The packages are configured by their own scripts; of these the one that makes an initial RAM disk has nothing to do here.
need_packages() {
  packages=$(cached packages need_packages).tar
  [ -f "$packages" ] && return
  sources | mmdebstrap --quiet --format=tar --variant=essential --include="$(comma_list packages)" \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
    --essential-hook='chroot "$1" dpkg-divert --quiet --local --rename --add /usr/sbin/update-initramfs && ln -s /bin/true "$1/usr/sbin/update-initramfs"' \
    "$suite" "$packages.new" -
  mv "$packages.new" "$packages"
}

unpack_root() {
  root=$work/root
  mkdir "$root"
  tar -C "$root" -xpf "$packages" --xattrs --exclude='./dev/*'
  kernel=$(ls "$root/usr/lib/modules")
  cp "$root/boot/vmlinuz-$kernel" "$work/vmlinuz"
  cp "$root/usr/bin/busybox" "$work/busybox"
  chroot "$root" dpkg-query -W -f '${Package}\t${Version}\t${source:Package}\t${source:Version}\t${Architecture}\n' | sort > "$out/manifest.tsv"
}

# Keeps a module that a kept one needs, whatever folder it lies in.
drop_modules() {
  local folder=$root/usr/lib/modules/$kernel dropped
  dropped=$(list modules-dropped | sed 's,.*,^kernel/&/,' | paste -sd '|')
  awk -F '[: ]+' -v dropped="$dropped" '
    { needs[$1] = ""; for (field = 2; field <= NF; field++) needs[$1] = needs[$1] " " $field }
    function keep(module, part, count, names) {
      if (module == "" || module in kept) return
      kept[module] = 1
      count = split(needs[module], names, " ")
      for (part = 1; part <= count; part++) keep(names[part])
    }
    END { for (module in needs) if (module !~ dropped) keep(module); for (module in kept) print module }
  ' "$folder/modules.dep" | sort > "$work/kept"
  (cd "$folder" && find kernel -name '*.ko*' | sort | comm -23 - "$work/kept" | xargs -r rm)
  find "$folder" -type d -empty -delete
  chroot "$root" depmod "$kernel"
}

install_product() {
  local program
  for program in vsan-unit vsan-blockserver vsan-station vsan; do install -m 755 "$VSAN_BIN/$program" "$root/usr/bin/$program"; done
  install -m 755 "$VSAN_BIN/libe_sqlite3.so" "$root/usr/bin/libe_sqlite3.so"
  install -m 644 "$here"/../appliance/systemd/*.service "$root/usr/lib/systemd/system/"
  install -m 644 "$here/../appliance/systemd/vsan.sysusers" "$root/usr/lib/sysusers.d/vsan.conf"
  install -D -m 644 "$here/../docs/operations.md" "$root/usr/share/doc/vsan-appliance/operations.md"
  install -m 644 "$here/../LICENSE" "$root/usr/share/doc/vsan-appliance/copyright"
  cp -r --no-preserve=ownership "$here/overlay/." "$root/"
  need_key
  install -m 644 "$key.crt" "$root/usr/lib/vsan/image-signers.pem"
  printf 'ID=vsan\nIMAGE_ID=vsan\n' > "$root/usr/lib/os-release"
}

os_release() {
  cat <<TEXT
ID=vsan
ID_LIKE=debian
NAME="VSan Appliance"
PRETTY_NAME="VSan Appliance $version"
VERSION_ID=$version
IMAGE_ID=vsan
IMAGE_VERSION=$version
DEFAULT_HOSTNAME=vsan
TEXT
}

prune_root() {
  local pattern
  while read -r pattern; do (cd "$root" && eval "rm -rf -- $pattern"); done < <(list prune)
}

# Nobody signs in: there is no getty, no password, no debug shell, and a system that fails starts again.
finish_root() {
  chroot "$root" systemd-sysusers 2> /dev/null
  chroot "$root" systemctl --quiet preset-all
  chroot "$root" systemctl --quiet mask getty.target getty@.service serial-getty@.service console-getty.service container-getty@.service \
    autovt@.service debug-shell.service rescue.service emergency.service systemd-repart.service systemd-firstboot.service systemd-hwdb-update.service \
    systemd-update-done.service ldconfig.service systemd-journal-catalog-update.service lvm2-monitor.service \
    systemd-logind.service systemd-user-sessions.service systemd-networkd-wait-online.service systemd-networkd-persistent-storage.service 2> /dev/null
  chroot "$root" systemctl --quiet set-default multi-user.target
  ln -sf ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
  prune_root
  : > "$root/etc/machine-id"
  install -D -m 644 "$out/manifest.tsv" "$root/usr/lib/vsan/manifest.tsv"
  rm -rf "$root"/{tmp,run,proc,sys,dev}/* "$root"/var/tmp/*
  find "$root" -newermt "@$SOURCE_DATE_EPOCH" -print0 | xargs -0r touch --no-dereference --date="@$SOURCE_DATE_EPOCH"
}

make_initrd() {
  local tree=$work/initrd module path
  tool mkfs.erofs --quiet -zzstd,level=3 -C65536 -U "$erofs_uuid" -T "$SOURCE_DATE_EPOCH" "$work/root.erofs" "$root" > /dev/null
  mkdir -p "$tree"/{bin,modules}
  install -m 755 "$here/initrd/init" "$tree/init"
  install -m 755 "$work/busybox" "$tree/bin/busybox"
  while read -r module; do
    while read -r path; do
      case $path in
        *.xz) xz -dc "$path" > "$tree/modules/$(basename "$path" .xz)" ;;
        *) cp "$path" "$tree/modules/" ;;
      esac
      basename "$path" .xz >> "$tree/modules/all"
    done < <(chroot "$root" modprobe --set-version "$kernel" --show-depends "$module" | sed -n "s,^insmod \([^ ]*\).*,$root\1,p")
  done < <(list initrd/modules)
  awk '!seen[$0]++' "$tree/modules/all" > "$tree/modules/order"
  rm "$tree/modules/all"
  mv "$work/root.erofs" "$tree/root.erofs"
  mkdir -p "$out/parts"
  archive "$tree" > "$out/parts/initrd-root"
  cp "$work/vmlinuz" "$out/parts/vmlinuz"
  say "$kernel" > "$out/parts/kernel"
}

# archive FOLDER: as an initial RAM disk, equal for equal files. The kernel takes one behind another.
archive() {
  find "$1" -print0 | xargs -0 touch --no-dereference --date="@$SOURCE_DATE_EPOCH"
  (cd "$1" && find . -print0 | sort -z | tool cpio --quiet --null --create --format=newc --owner=0:0 --reproducible)
}

# What is the release's own, laid over the root by initrd/init.
make_release() {
  mkdir -p "$work/release/release/usr/lib"
  [ -z "$1" ] || cp -r --no-preserve=ownership "$1/." "$work/release/release/"
  os_release > "$work/release/release/usr/lib/os-release"
  { cat "$out/parts/initrd-root" && archive "$work/release"; } > "$work/initrd.cpio"
}

# A test key signs what the build makes, unless VSAN_SIGNING_KEY names another; a release is signed with a key that is kept elsewhere.
need_key() {
  key=${VSAN_SIGNING_KEY:-$cache/test-key}
  [ -f "$key.pem" ] && return
  (umask 077 && OPENSSL_CONF=/dev/null tool openssl req -new -x509 -newkey rsa:2048 -nodes -sha256 -days 3650 -subj '/CN=VSan Appliance test key' \
    -keyout "$key.pem" -out "$key.crt" 2> /dev/null)
}

# sign FILE SIGNED: for Secure Boot. A signature holds the time, which is the build's as that of every file.
sign() {
  local sbsign=$tools/usr/bin/sbsign
  FAKETIME="$(date --date="@$SOURCE_DATE_EPOCH" '+%Y-%m-%d %H:%M:%S')" "$tools/usr/lib64/ld-linux-x86-64.so.2" \
    --library-path "$tools/usr/lib/x86_64-linux-gnu" --preload "$tools/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1" \
    "$sbsign" --key "$key.pem" --cert "$key.crt" --output "$2" "$1" 2> /dev/null
}

# make_uki FILE
make_uki() {
  local bare=$work/bare.efi
  uki=$1
  ukify build --stub="$tools/usr/lib/systemd/boot/efi/linuxx64.efi.stub" --linux="$out/parts/vmlinuz" --initrd="$work/initrd.cpio" \
    --cmdline="$(list boot/cmdline)" --os-release="$(os_release)" --uname="$(cat "$out/parts/kernel")" --output="$bare" > /dev/null
  need_key
  sign "$bare" "$uki"
}

sign_boot_loader() {
  sign "$tools/usr/lib/systemd/boot/efi/systemd-bootx64.efi" "$work/BOOTX64.EFI"
  openssl_der "$key.crt" > "$out/secure-boot.cer"
  cp "$key.crt" "$out/image-signers.pem"
}
openssl_der() { OPENSSL_CONF=/dev/null tool openssl x509 -in "$1" -outform DER; }

# section NAME -> "OFFSET SIZE" of a section of the UKI, in bytes of the file (PE/COFF: 40 bytes for each section).
section() {
  local header count optional at
  header=$(number "$uki" 60 4)
  count=$(number "$uki" $((header + 6)) 2)
  optional=$(number "$uki" $((header + 20)) 2)
  for ((at = header + 24 + optional; count > 0; count--, at += 40)); do
    [ "$(dd if="$uki" bs=1 skip="$at" count=8 status=none | tr -d '\0')" = "$1" ] || continue
    say "$(number "$uki" $((at + 20)) 4) $(number "$uki" $((at + 16)) 4)"
    return
  done
  say "$uki has no section $1" >&2
  return 1
}
number() { od -A n -t "u$3" -j "$2" -N "$3" "$1" | tr -d ' '; }

# The blocks of the UKI where GRUB finds the kernel and the initial RAM disk; a unit writes the same for the versions that it is given
# (appliance/UnitAgent/Updating/BootSlots.cs).
grub_entry() {
  local linux initrd
  read -ra linux <<< "$(section .linux)"
  read -ra initrd <<< "$(section .initrd)"
  say "linux (uki)$((linux[0] / sector))+$((linux[1] / sector)) $(list boot/cmdline) vsanboot=disk \$trial"
  say "initrd (uki)$((initrd[0] / sector))+$((initrd[1] / sector))"
}

make_esp() {
  local esp=$work/esp.img files=$work/esp
  mkdir -p "$files"/{EFI/BOOT,EFI/Linux,loader,vsan/grub}
  cp "$work/BOOTX64.EFI" "$files/EFI/BOOT/"
  cp --reflink=auto "$uki" "$files/EFI/Linux/"
  grub_entry > "$files/EFI/Linux/vsan_$version.grub"
  cp "$here/boot/loader.conf" "$files/loader/"
  cp "$here/boot/grub.cfg" "$files/vsan/grub/"
  grub_environment > "$files/vsan/grub/grubenv"
  empty_configuration > "$files/vsan/unit.conf"
  find "$files" -print0 | xargs -0 touch --date="@$SOURCE_DATE_EPOCH"
  truncate -s "${esp_mib}M" "$esp"
  tool mkfs.vfat --invariant -F 32 -i "$esp_serial" -n VSAN-ESP "$esp" > /dev/null
  (cd "$files" && GCONV_PATH=$tools/usr/lib/x86_64-linux-gnu/gconv MTOOLS_SKIP_CHECK=1 tool mcopy -s -m -i "$esp" ./* ::)
}

# Which version GRUB starts; 1024 bytes, which it and the unit change in their place.
grub_environment() {
  local lines
  lines=$(printf '# GRUB Environment Block\ngood=%s\ntry=\ntries=0' "$version")
  printf '%s\n' "$lines"
  head -c $((1024 - ${#lines} - 1)) /dev/zero | tr '\0' '#'
}

# Room for what 'vsan image flash' fills in (appliance/Contracts/Enrolment/UnitConfigurationFile.cs).
empty_configuration() {
  local marker="# vsan-appliance unit.conf 4096: filled in by 'vsan image flash', or by hand"
  printf '%s\n%*s\n' "$marker" $((4096 - ${#marker} - 2)) ''
}

# GRUB by hand, as its own installer does it to a real disk: the boot sector is told where the core begins, the core where it goes on.
put_grub() {
  local folder=$tools/usr/lib/grub/i386-pc core_sector=2048
  tool grub-mkimage --directory="$folder" --format=i386-pc --prefix='(,gpt2)/vsan/grub' --output="$work/core.img" \
    biosdisk part_gpt fat loopback linux normal configfile echo test loadenv serial terminal sleep reboot
  cp "$folder/boot.img" "$work/boot.img"
  little_endian 8 "$core_sector" | dd of="$work/boot.img" bs=1 seek=$((0x5c)) conv=notrunc status=none
  printf '\x90\x90' | dd of="$work/boot.img" bs=1 seek=$((0x66)) conv=notrunc status=none
  little_endian 8 $((core_sector + 1)) | dd of="$work/core.img" bs=1 seek=$((0x1f4)) conv=notrunc status=none
  dd if="$work/boot.img" of="$disk" bs=440 count=1 conv=notrunc status=none
  dd if="$work/core.img" of="$disk" bs=$sector seek=$core_sector conv=notrunc status=none
}
# little_endian BYTES NUMBER
little_endian() {
  local index
  for ((index = 0; index < $1; index++)); do printf "\\x$(printf %02x $((($2 >> (8 * index)) & 255)))"; done
}

make_disk() {
  disk=$out/vsan-appliance.img
  rm -f "$disk"
  truncate -s "${disk_mib}M" "$disk"
  tool sgdisk --disk-guid="$disk_guid" --new=1:1M:+1M --typecode=1:ef02 --change-name=1:vsan-bios --partition-guid="1:$bios_guid" \
    --new=2:${esp_start_mib}M:+${esp_mib}M --typecode=2:ef00 --change-name=2:vsan-esp --partition-guid="2:$esp_guid" "$disk" > /dev/null
  make_esp
  dd if="$work/esp.img" of="$disk" bs=1M seek=$esp_start_mib conv=notrunc,sparse status=none
  put_grub
}

# What a network start needs beside the UKI itself.
copy_netboot() {
  mkdir -p "$out/netboot"
  cp "$tools"/usr/lib/ipxe/{snponly.efi,undionly.kpxe} "$out/netboot/"
  cp "$work/vmlinuz" "$out/netboot/vmlinuz"
  cp --reflink=auto "$work/initrd.cpio" "$out/netboot/initrd"
  list boot/cmdline > "$out/netboot/cmdline"
}

copy_firmware() {
  mkdir -p "$out/firmware"
  cp "$tools"/usr/share/OVMF/OVMF_{CODE,VARS}_4M.fd "$out/firmware/"
}

finish_output() {
  qemu-img convert -O qcow2 "$disk" "$out/vsan-appliance.qcow2"
  tool zstd --quiet --force -3 --no-progress "$disk" -o "$disk.zst"
  cp --reflink=auto "$uki" "$out/vsan-appliance.efi"
  bash "$here/sbom.sh" "$version" "$out/manifest.tsv" "$VSAN_BIN" > "$out/sbom.spdx.json"
  (cd "$out" && sha256sum -- vsan-appliance.img vsan-appliance.img.zst vsan-appliance.qcow2 vsan-appliance.efi sbom.spdx.json manifest.tsv > SHA256SUMS)
}

mkdir -p "$out" "$cache"
need_tools
if [ $# -gt 1 ]; then
  version=$2
  make_release "${3:-}"
  mkdir -p "$out/versions"
  make_uki "$out/versions/vsan_$version.efi"
  exit
fi
need_packages
unpack_root
drop_modules
install_product
finish_root
make_initrd
make_release ''
make_uki "$out/vsan_$version.efi"
sign_boot_loader
make_disk
copy_netboot
copy_firmware
finish_output

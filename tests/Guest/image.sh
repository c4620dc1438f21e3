#!/bin/bash
# image.sh OUT: the guest's kernel (OUT/vmlinuz) and its whole root file system as an initramfs (OUT/initrd), made of Debian's own packages and
# of the files below root/. The packages are fetched anew only when this file changed; root/ is laid over them each time.
#   GUEST_MIRROR=URL  where the packages come from (default http://deb.debian.org/debian)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1
suite=trixie
packages=linux-image-cloud-amd64,open-iscsi,multipath-tools,mdadm,dmsetup,xfsprogs,fio,sg3-utils,e2fsprogs,udev,kmod,busybox-static,iproute2,dash,util-linux,mount,libssl3t64

# What the guest never opens; most of the packages' bytes.
unused='usr/share/doc usr/share/man usr/share/locale usr/share/zoneinfo usr/share/i18n usr/lib/udev/hwdb.d usr/lib/python3* usr/bin/python3* usr/share/perl5
  usr/lib/x86_64-linux-gnu/gconv usr/include var/lib/dpkg boot'

# What Debian's maintainer scripts would have done, as far as the guest needs it: no package is configured, so that nothing of it runs here.
finish_root() {
  local root=$1 folder applet
  for folder in bin sbin lib lib64; do
    mkdir -p "$root/usr/$folder"
    [ -e "$root/$folder" ] || ln -s "usr/$folder" "$root/$folder"
  done
  mkdir -p "$root"/{proc,sys,dev,run,tmp,mnt,etc}
  cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
  cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
  ln -sf dash "$root/usr/bin/sh"
  for applet in $("$root/usr/bin/busybox" --list); do
    [ -e "$root/usr/bin/$applet" ] || [ -e "$root/usr/sbin/$applet" ] || ln -s busybox "$root/usr/bin/$applet"
  done
  depmod -b "$root" "$(ls "$root/usr/lib/modules")"
  ldconfig -r "$root"
}

fetch_packages() {
  local work
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # The folder of this call.
  trap "rm -rf '$work'" EXIT
  mmdebstrap --quiet --variant=extract --include="$packages" "$suite" "$work/root" "${GUEST_MIRROR:-http://deb.debian.org/debian}"
  cp "$work"/root/boot/vmlinuz-* "$out/vmlinuz"
  # shellcheck disable=SC2086 # Patterns.
  (cd "$work/root" && rm -rf $unused)
  finish_root "$work/root"
  pack "$work/root" > "$out/packages.cpio"
}

# pack FOLDER: as a cpio archive that the kernel unpacks; all files are root's.
pack() { (cd "$1" && find . -print0 | LC_ALL=C sort -z | cpio --quiet --null -o -H newc -R 0:0); }

mkdir -p "$out"
recipe=$(sha256sum < "$here/image.sh")
if [ "$(cat "$out/recipe" 2> /dev/null)" != "$recipe" ]; then
  rm -f "$out/recipe"
  fetch_packages
  printf '%s\n' "$recipe" > "$out/recipe"
fi
# The kernel takes archives one behind the other.
{ cat "$out/packages.cpio"; pack "$here/root"; } > "$out/initrd.new"
mv "$out/initrd.new" "$out/initrd"

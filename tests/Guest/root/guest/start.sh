# shellcheck shell=sh
# Sourced by /init: what a booted Debian would run, without its service manager.

for module in virtio_net virtio_blk sd_mod sg iscsi_tcp dm_multipath dm_service_time; do modprobe "$module"; done
/usr/lib/systemd/systemd-udevd --daemon
udevadm trigger --type=subsystems --action=add
udevadm trigger --type=devices --action=add --subsystem-match=block --subsystem-match=net --subsystem-match=scsi
udevadm settle

ip link set lo up
iscsid
# A host of vsan-host has one path to each leg; its mirrors are md's.
grep -q nomultipath /proc/cmdline || multipathd

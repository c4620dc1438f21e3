# shellcheck shell=sh
# Sourced by /init: what a booted Debian would run, without its service manager.

for module in virtio_net sd_mod sg iscsi_tcp dm_multipath dm_service_time; do modprobe "$module"; done
/usr/lib/systemd/systemd-udevd --daemon
udevadm trigger --type=subsystems --action=add
udevadm trigger --type=devices --action=add --subsystem-match=block --subsystem-match=net --subsystem-match=scsi
udevadm settle

ip link set lo up
iscsid
multipathd

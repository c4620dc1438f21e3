# shellcheck shell=sh
# Sourced before each line that comes over the channel: what the host asks of this initiator. A function that fails says why and returns no 0.

load=/run/load

# await SECONDS COMMAND…: tries again and again; when the time is up, says what the command said last.
await() {
  seconds=$1
  shift
  until=$(($(date +%s) + seconds))
  until said=$("$@" 2>&1); do
    if [ "$(date +%s)" -ge "$until" ]; then
      echo "not within $seconds s: $*: $said"
      return 1
    fi
    sleep 0.1
  done
}

# network INTERFACE ADDRESS
network() {
  case $2 in
    *:*) ip addr add "$2" dev "$1" nodad ;;
    *) ip addr add "$2" dev "$1" ;;
  esac && ip link set "$1" up
}

# setting NAME VALUE [PORTAL]: of the node records that discovery made.
setting() { iscsiadm -m node ${3:+-p "$3"} -o update -n "$1" -v "$2"; }

# secrets USER SECRET [USER_IN SECRET_IN]: CHAP, one-way or mutual.
secrets() {
  setting node.session.auth.username "$1" && setting node.session.auth.password "$2" &&
    setting node.session.auth.username_in "${3:-}" && setting node.session.auth.password_in "${4:-}"
}

# digests PORTAL: CRC32C on headers and data of its sessions.
digests() { setting 'node.conn[0].iscsi.HeaderDigest' CRC32C "$1" && setting 'node.conn[0].iscsi.DataDigest' CRC32C "$1"; }

# paths_are COUNT: so many paths that multipathd's checker finds ready and the kernel uses.
paths_are() {
  paths=$(multipathd show paths raw format '%i %d %t %T %m')
  echo "$paths"
  [ "$(echo "$paths" | grep -c ' active *ready ')" = "$1" ]
}

# disk_of PORTAL_GROUP: the kernel's name of the path through it.
disk_of() {
  for host in /sys/class/iscsi_session/session*; do
    [ "$(cat "$host/tpgt")" = "$1" ] && basename "$host"/device/target*/*/block/*
  done
}

# no_disk_left: after a logout.
no_disk_left() { ! ls -d /sys/block/sd* /sys/block/dm-* 2> /dev/null; }

# begin_load NAME BYTES SEED: random writes to a new file that are read back and compared when all are done; goes on behind this step. Small writes
# carry their data with them, the largest need an R2T.
begin_load() {
  rm -f "$load".*
  written > "$load.before"
  {
    fio --name=load --filename="/mnt/$1" --size="$2" --randseed="$3" --rw=randwrite --bssplit=4k/80:64k/14:1m/6 --direct=1 --ioengine=libaio \
      --iodepth=16 --verify=crc32c --verify_fatal=1 > "$load.out" 2>&1
    echo $? > "$load.code"
  } &
}

# written: sectors written so far to what is made of several disks; what a mirror copies by itself is not among them.
written() { cat /sys/block/md*/stat /sys/block/dm-*/stat 2> /dev/null | awk '{ sum += $7 } END { print sum + 0 }'; }

# load_is_under_way: it has written 8 MiB, more than its file's own making.
load_is_under_way() { [ $(($(written) - $(cat "$load.before"))) -ge 16384 ]; }

# end_load: waits for it, however long it takes, as long as it moves; its exit code is the step's. A machine that emulates may be slow, but two
# minutes without one read or write are a stall.
end_load() {
  moved=
  while [ ! -f "$load.code" ]; do
    now=$(cat /sys/block/md*/stat /sys/block/dm-*/stat 2> /dev/null | awk '{ print $1, $5 }')
    if [ "$now" != "$moved" ]; then moved=$now since=$(date +%s); fi
    if [ $(($(date +%s) - since)) -ge 120 ]; then
      echo 'the load has moved nothing for two minutes'
      return 1
    fi
    sleep 0.5
  done
  grep -E 'verify|error|err=' "$load.out"
  return "$(cat "$load.code")"
}

# kernel_is_content: nothing in its log that a lost path does not explain. 1011, 1013 and 1019 to 1022 are connections that ended or fell silent;
# the other numbers (include/scsi/iscsi_if.h) are digests and broken rules.
kernel_is_content() {
  ! dmesg | grep -E 'EXT4-fs (error|warning)|Aborting journal|I/O error, dev dm-|Buffer I/O error on dev dm-|WARNING:|BUG:|detected conn error' |
    grep -vE 'detected conn error \((1011|1013|1019|102[0-2])\)'
}

# pool_network: the loopback addresses of the machine outside, where a pool of processes listens; slirp passes them on. Nothing here listens on its own.
pool_network() {
  network eth0 10.0.2.15/24 && ip addr flush dev lo && echo 1 > /proc/sys/net/ipv4/conf/eth0/route_localnet && ip route add 127.0.0.0/8 via 10.0.2.2 src 10.0.2.15
}

# host_program BYTES: vsan-host comes as a disk, filled up with zeroes.
host_program() { head -c "$1" /dev/vda > /usr/bin/vsan-host && chmod +x /usr/bin/vsan-host; }

# host_state: the disk that outlives this guest; formatted when it is new. Nothing on it may hang on what is written to a volume.
host_state() {
  mkdir -p /persistent && { blkid /dev/vdb > /dev/null || mkfs.ext4 -q /dev/vdb; } && mount /dev/vdb /persistent &&
    mkdir -p /persistent/vsan /persistent/state && ln -sfn /persistent/vsan /etc/vsan && ln -sfn /persistent/state /var/lib/vsan-host
}

# begin_host: the agent, as its service runs it.
begin_host() {
  vsan-host run > /run/host.out 2>&1 &
  echo $! > /run/host.pid
}

# end_host: it ends, what it mounted stays.
end_host() { kill "$(cat /run/host.pid)"; while kill -0 "$(cat /run/host.pid)" 2> /dev/null; do sleep 0.1; done; }

# longest_wait: of all the writes and reads of the load, in milliseconds.
longest_wait() {
  sed -n 's/^ *clat (\([a-z]*\)): .*max= *\([0-9.]*\)\(k\{0,1\}\),.*/\1 \2 \3/p' $load.out |
    awk '{ f = $1 == "nsec" ? 1e-6 : $1 == "usec" ? 1e-3 : 1; if ($3 == "k") f *= 1000; if ($2 * f > m) m = $2 * f } END { printf "%d\n", m }'
}

# host_says TEXT: what status says of this host's volumes.
host_says() {
  said=$(vsan-host status 2>&1)
  echo "$said"
  echo "$said" | grep -q "$1"
}

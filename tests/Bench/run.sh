#!/bin/bash
# run.sh [--quick]: our block server beside tgt over loopback, memory and file, one run of each in turn, medians; writes docs/performance.md.
# --quick runs each row once and briefly, and prints only. Figures of a shared machine mean little alone: read the ratios.
#   RUNS=5 SECONDS_PER_RUN=2   ROWS='regex' only these rows   FOLDER=DIR for the file volumes (default artifacts/bench)
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../Scripts/block-server.sh"
runs=${RUNS:-5} run_seconds=${SECONDS_PER_RUN:-2} quick=
command_line="tests/Bench/run.sh${*:+ $*}"
case ${1:-} in
  '') ;;
  --quick) quick=yes runs=1 run_seconds=0.5 ;;
  *) fail "usage: tests/Bench/run.sh [--quick]" ;;
esac
need_command gcc gcc
need_command tgtd tgt

folder=${FOLDER:-$product_root/artifacts/bench}
mkdir -p "$folder"
work=$(mktemp -d)
memory_file=$(mktemp /dev/shm/vsan-bench.XXXXXX)
tgt_control=$((RANDOM + 1000)) tgt_pid=
stop_all() {
  stop_block_server
  # tgtd does not end by SIGTERM while it has targets.
  [ -n "$tgt_pid" ] && kill -9 "$tgt_pid" && wait "$tgt_pid"
  rm -rf "$work" "$memory_file" "$folder"/*.img
} 2>/dev/null
trap stop_all EXIT
trap 'exit 130' INT TERM

gcc -O3 -march=native -Wall -Wextra -o "$work/iscsi-load" "$here"/*.c || fail "The load generator does not compile."
size=$((1 << 30))

start_block_server "$work" '127.0.0.1:0' "${RINGS:-1}"
add_volume memory $size
add_volume file $size "$folder/ours.img"
apply_volumes

admin() { tgtadm -C $tgt_control --lld iscsi "$@"; }
add_tgt_target() { # ID NAME FILE BACKING_STORE
  admin --mode target --op new --tid "$1" --targetname "iqn.2026-11.io.example:$2"
  admin --mode target --op bind --tid "$1" --initiator-address ALL
  admin --mode logicalunit --op new --tid "$1" --lun 1 --backing-store "$3" --bstype "$4"
  for key in MaxRecvDataSegmentLength=262144 MaxXmitDataSegmentLength=262144 FirstBurstLength=262144 MaxBurstLength=1048576 InitialR2T=No; do
    admin --mode target --op update --tid "$1" --name "${key%%=*}" --value "${key##*=}"
  done
}
tgt_port=
for _ in $(seq 5); do
  tgt_port=$((RANDOM % 20000 + 20000))
  [ -z "$(ss -ltnH "sport = :$tgt_port")" ] && break
done
truncate -s $size "$memory_file" "$folder/tgt.img"
tgtd -f -C $tgt_control -t 16 --iscsi portal=127.0.0.1:$tgt_port >"$work/tgtd.log" 2>&1 </dev/null &
tgt_pid=$!
for _ in $(seq 100); do admin --mode system --op show >/dev/null 2>&1 && break; sleep 0.05; done
add_tgt_target 1 memory "$memory_file" rdwr || fail "tgt refused a target: $(tail -2 "$work/tgtd.log")"
add_tgt_target 2 file "$folder/tgt.img" aio || fail "tgt refused a target: $(tail -2 "$work/tgtd.log")"

declare -A address=(
  [ours-memory]=iscsi://${portals_given[0]}/$block_server_target/0 [tgt-memory]=iscsi://127.0.0.1:$tgt_port/iqn.2026-11.io.example:memory/1
  [ours-file]=iscsi://${portals_given[0]}/$block_server_target/1 [tgt-file]=iscsi://127.0.0.1:$tgt_port/iqn.2026-11.io.example:file/1)
declare -A process=([ours-memory]=$server_pid [ours-file]=$server_pid [tgt-memory]=$tgt_pid [tgt-file]=$tgt_pid)
subjects='ours-memory tgt-memory ours-file tgt-file'

load() { "$work/iscsi-load" -P "${process[$1]}" "${@:2}" "${address[$1]}"; }

echo "filling four volumes of $((size >> 20)) MiB" >&2
for subject in $subjects; do load "$subject" -b1m -q4 -r0 -s -w0 -t "${quick:+0.}5" >/dev/null || fail "filling $subject failed"; done

rows='read 4k, depth 1|-b4k -q1 -r100
read 4k, depth 32|-b4k -q32 -r100
read 4k, 4 × depth 32|-b4k -c4 -q32 -r100
write 4k, depth 1|-b4k -q1 -r0
write 4k, depth 32|-b4k -q32 -r0
write 4k, 4 × depth 32|-b4k -c4 -q32 -r0
70 % read 4k, depth 32|-b4k -q32 -r70
read 128k, depth 8|-b128k -q8 -r100 -s
write 128k, depth 8|-b128k -q8 -r0 -s
read 1m, depth 4|-b1m -q4 -r100 -s
write 1m, depth 4|-b1m -q4 -r0 -s'

# Row after row, and within a row one run of each subject in turn, so that all see the same moods of the machine.
while IFS='|' read -r name options; do
  [[ $name =~ ${ROWS:-.} ]] || continue
  echo "$name" >&2
  for ((run = 0; run < runs; run++)); do
    for subject in $subjects; do
      result=$(load "$subject" $options -t "$run_seconds" </dev/null) || fail "$subject: $name failed: $result"
      echo "$name|$subject|$result"
    done
  done
done <<<"$rows" >"$work/results.txt"

table=$(awk -F'|' -f "$here/medians.awk" "$work/results.txt")
echo "$table"
[ -n "$quick" ] && exit
cat >"$product_root/docs/performance.md" <<MD
# Performance

Our block server (one ring) beside tgt $(dpkg-query -W -f '${Version}' tgt 2>/dev/null) (16 I/O threads a target, big segments, InitialR2T=No) over loopback: 4 KiB at random, larger sizes in sequence;
memory volumes (tgt: a file in tmpfs) and file volumes (ours past the page cache; tgt's aio store likewise) of $((size >> 20)) MiB on $(findmnt -no FSTYPE -T "$folder").
Runs take turns; each figure is the median of $runs runs of $run_seconds s. *Ratio* is ours / tgt: above 1 for IOPS, below 1 for p99, is better.
Made by \`$command_line\` on $(date -u +%F), Linux $(uname -r), $(nproc) × $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), generator on the same machine,
load average $(cut -d' ' -f1 /proc/loadavg) at the end.

$table
MD

# Sourced by run.sh: starts a block server of its own on loopback, and ends it by its process id.

product_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
block_server=${VSAN_BIN:-$product_root/artifacts/bin-aot}/vsan-blockserver
block_server_target=iqn.2026-11.io.vsan-appliance:conformance

fail() { echo "$*" >&2; exit 2; }

# need_command COMMAND PACKAGE: installs what is missing where that is allowed, and says what to do where it is not.
need_command() {
  command -v "$1" >/dev/null && return
  [ "$(id -u)" = 0 ] && apt-get install -y -q "$2" >/dev/null 2>&1
  command -v "$1" >/dev/null || fail "$1 is missing: apt-get install $2"
}

# start_block_server DIR PORTALS [RINGS]: runs one that serves nothing yet; DIR must be the caller's own.
start_block_server() {
  [ -x "$block_server" ] || fail "$block_server does not exist: run ./dev build first."
  server_dir=$1 server_portals=$2 server_volumes='' server_luns='' server_lun_count=0 server_generation=0
  "$block_server" run --state "$server_dir/state" --control "$server_dir/control" --rings "${3:-1}" ${VSAN_TEST_ENGINE:+--engine "$VSAN_TEST_ENGINE"} >"$server_dir/block-server.log" 2>&1 </dev/null &
  server_pid=$!
  for _ in $(seq 200); do
    "$block_server" inspect --control "$server_dir/control" >/dev/null 2>&1 && return
    kill -0 "$server_pid" 2>/dev/null || fail "The block server ended: $(cat "$server_dir/block-server.log")"
    sleep 0.05
  done
  fail "The block server does not answer on its control socket."
}

stop_block_server() {
  [ -n "${server_pid:-}" ] || return 0
  kill "$server_pid" 2>/dev/null
  wait "$server_pid" 2>/dev/null
  server_pid=
}

# add_volume KIND SIZE_BYTES [FILE [READ_ONLY [BLOCK_BYTES]]]: the next LUN, 512-byte blocks unless said, thin; a file is made sparse when it is not there.
add_volume() {
  local id path=
  id=$(cat /proc/sys/kernel/random/uuid)
  if [ "$1" = file ]; then
    [ -e "$3" ] || truncate -s "$2" "$3"
    path="\"path\":\"$3\","
  fi
  server_volumes+="${server_volumes:+,}{\"id\":\"$id\",\"kind\":\"$1\",$path\"sizeBytes\":$2,\"blockSizeBytes\":${5:-512},\"thin\":true,\"writeCache\":true,\"naa\":\"6${id:1:7}${id:9:4}${id:14:4}${id:19:4}${id:24:12}\",\"serialNumber\":\"${id//-/}\"}"
  server_luns+="${server_luns:+,}{\"lun\":$server_lun_count,\"volumeId\":\"$id\",\"readOnly\":${4:-false}}"
  server_lun_count=$((server_lun_count + 1))
}

# apply_volumes: serves what was added, to every initiator, and sets the array of portals with the ports that were given.
apply_volumes() {
  local portals
  server_generation=$((server_generation + 1))
  printf -v portals '"%s",' $server_portals
  cat >"$server_dir/configuration.json" <<JSON
{"generation":$server_generation,"portals":[${portals%,}],"volumes":[$server_volumes],
 "targets":[{"name":"$block_server_target","access":[{"initiatorName":"*","logicalUnits":[$server_luns]}]}]}
JSON
  "$block_server" apply --control "$server_dir/control" "$server_dir/configuration.json" >"$server_dir/answer" 2>&1 || fail "The block server refused its configuration: $(cat "$server_dir/answer")"
  mapfile -t portals_given < <("$block_server" inspect --control "$server_dir/control" | grep -o '127\.0\.0\.[0-9]*:[0-9]*' | sort -u)
  [ ${#portals_given[@]} -ge 1 ] || fail "The block server listens nowhere."
}

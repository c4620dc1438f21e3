#!/usr/bin/env bash
# run.sh [--quick] [--rounds N] [--seconds N] [--json]: our block server beside tgt and raw io_uring, interleaved, medians; the table goes to standard output.
# Called by `./dev bench`, which builds first. Needs 5 GiB of disk under artifacts/ and 4 GiB of memory.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
missing=()
command -v tgtd >/dev/null || missing+=(tgt)
command -v fio >/dev/null || missing+=(fio)
if [ ${#missing[@]} -gt 0 ]; then
  sudo=""
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get install -y -qq "${missing[@]}" >&2 || { echo "bench: cannot install ${missing[*]}; install them and try again" >&2; exit 1; }
fi
dotnet build "$root/tests/Bench" -c Release --nologo -v quiet >&2
folder=$root/artifacts/bench
mkdir -p "$folder"
echo "Kernel $(uname -r), $(nproc) CPUs, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(date -u +%F)" >&2
exec "$root/artifacts/bin/VSan.Tests.Bench/release/vsan-bench" --blockserver "$root/artifacts/bin-aot/vsan-blockserver" --folder "$folder" "$@"

#!/usr/bin/env bash
# joins.sh [--units N] [--json]: units that join one station at once, over loopback TLS; the result goes to standard output.
# Called by `./dev bench joins`, which builds first.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dotnet build "$root/tests/Bench" -c Release --nologo -v quiet >&2
folder=$root/artifacts/bench/joins-$$
mkdir -p "$folder"
trap 'rm -rf "$folder"' EXIT
# The units run in this process and share the processors with the station, which is compiled ahead: measuring itself to compile better is not theirs to pay.
export DOTNET_TieredPGO=0
echo "Kernel $(uname -r), $(nproc) CPUs, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), load $(cut -d ' ' -f 1 /proc/loadavg), $(date -u +%F)" >&2
"$root/artifacts/bin/VSan.Tests.Bench/release/vsan-bench" joins --station "$root/artifacts/bin-aot/vsan-station" --folder "$folder" "$@" 2> "$folder/log" || { tail -n 20 "$folder/log" >&2; exit 1; }

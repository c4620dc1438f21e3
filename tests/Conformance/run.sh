#!/bin/bash
# run.sh [SUITE …]: libiscsi's iscsi-test-cu against our own block server; writes docs/conformance.md when it ran all suites.
# Each suite runs in a process of its own with a time limit, so that one that crashes or hangs hides nothing else. Exit code 1 when a test fails.
#   SUITE_SECONDS=60   how long one suite may take
#   RESULTS=DIR        where raw output goes (default artifacts/conformance)
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/block-server.bash"
need_command iscsi-test-cu libiscsi-bin

results=${RESULTS:-$product_root/artifacts/conformance}
rm -rf "$results"
mkdir -p "$results"
work=$(mktemp -d)
trap 'stop_block_server; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

size=$((2 << 30))
start_block_server "$work" '127.0.0.1:0 127.0.0.2:0' 2
add_volume file $size "$work/lun0.img"
apply_volumes
[ ${#portals_given[@]} -eq 2 ] || fail "The multipath tests need two portals; there is ${portals_given[*]}."
first=iscsi://${portals_given[0]}/$block_server_target/0
second=iscsi://${portals_given[1]}/$block_server_target/0

# Suites that leave reservations, a stopped unit or blank media behind when they fail come last.
late='Pr|Reserve6|Sanitize|StartStopUnit|NoMedia|PreventAllow'
all=$(iscsi-test-cu -l | awk -F. '$1 == "ALL" && NF == 2 { print $2 }')
suites=${*:-$(echo "$all" | grep -Ev "^($late)") $(echo "$all" | grep -E "^($late)")}

began=$SECONDS
for suite in $suites; do
  timeout -k 5 "${SUITE_SECONDS:-60}" iscsi-test-cu -d -v --test="ALL.$suite" "$first" "$second" >"$results/$suite.txt" 2>&1 </dev/null
  code=$?
  [ $code -eq 124 ] && echo "@TIMEOUT" >>"$results/$suite.txt"
  awk -v suite="$suite" -v code=$code -f "$here/results.awk" "$results/$suite.txt"
done >"$results/results.tsv"
[ -s "$results/results.tsv" ] || fail "No test ran; see $results."
kill -0 "$server_pid" 2>/dev/null || fail "The block server died: $(tail -5 "$work/block-server.log")"

table=$(awk -F'\t' -f "$here/table.awk" "$results/results.tsv")
if [ $# -eq 0 ]; then
  {
    echo '# Conformance'
    echo
    echo "libiscsi's \`iscsi-test-cu\` ($(dpkg-query -W -f '${Version}' libiscsi-bin 2>/dev/null)), destructive, against \`vsan-blockserver\` with one thin file volume of"
    echo "$((size >> 30)) GiB and two portals; each suite in its own process. Made by \`tests/Conformance/run.sh\` on $(date -u +%F), Linux $(uname -r), in $((SECONDS - began)) s."
    echo
    echo 'A test counts as skipped when it says so before its verdict. Many more print a skip while they clean up after a pass, because PERSISTENT'
    echo 'RESERVE IN is not implemented; a counter that takes each such line for a skip finds fewer passes and more skips, and the same failures.'
    echo
    echo "$table"
  } >"$product_root/docs/conformance.md"
fi
echo "$table"
echo
awk -F'\t' '{ n[$3]++ } END { printf "conformance: %d pass, %d fail, %d skip\n", n["pass"], n["fail"], n["skip"]; exit n["fail"] > 0 }' "$results/results.tsv"

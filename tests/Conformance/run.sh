#!/bin/bash
# run.sh [SUITE …]: libiscsi's iscsi-test-cu against our own block server; writes docs/conformance.md when it ran all suites.
# Each suite runs in a process of its own with a time limit, so that one that crashes or hangs hides nothing else. Exit code 1 when a
# test fails, one is skipped that skips.tsv does not justify, or one that it names is not skipped.
#   SUITE_SECONDS=180  how long one suite may take
#   VSAN_TEST_ENGINE=epoll   the engine of the server's rings; only the run with the default one is written down
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
add_volume file $((64 << 20)) "$work/lun1.img" true
add_volume file $((64 << 20)) "$work/lun2.img" false 4096
add_volume memory $((64 << 20))
apply_volumes
[ ${#portals_given[@]} -eq 2 ] || fail "The multipath tests need two portals; there is ${portals_given[*]}."

# urls_of SUITE: both paths to the LUN that the suite is for. GetLBAStatus asks for a block one logical block further and expects the answer one
# physical block further, which is the same only where the two have one size.
urls_of() {
  local lun=0 portal
  case $1 in
    ReadOnly) lun=1 ;;
    GetLBAStatus) lun=2 ;;
    # Only memory forgets for certain, so only there BLOCK ERASE is offered.
    Sanitize) lun=3 ;;
  esac
  for portal in "${portals_given[@]}"; do echo "iscsi://$portal/$block_server_target/$lun"; done
}

# Suites that leave reservations, a stopped unit or blank media behind when they fail come last.
late='Pr|Reserve6|Sanitize|StartStopUnit|NoMedia|PreventAllow'
all=$(iscsi-test-cu -l | awk -F. '$1 == "ALL" && NF == 2 { print $2 }')
suites=${*:-$(echo "$all" | grep -Ev "^($late)") $(echo "$all" | grep -E "^($late)")}

began=$SECONDS
for suite in $suites; do
  mapfile -t urls < <(urls_of "$suite")
  timeout -k 5 "${SUITE_SECONDS:-180}" iscsi-test-cu -d -S -v --test="ALL.$suite" "${urls[@]}" >"$results/$suite.txt" 2>&1 </dev/null
  code=$?
  [ $code -eq 124 ] && echo "@TIMEOUT" >>"$results/$suite.txt"
  awk -v suite="$suite" -v code=$code -f "$here/results.awk" "$results/$suite.txt"
done >"$results/results.tsv"
[ -s "$results/results.tsv" ] || fail "No test ran; see $results."
kill -0 "$server_pid" 2>/dev/null || fail "The block server died: $(tail -5 "$work/block-server.log")"

# The list of skips is held against the run in both directions, so that it stays true.
awk -F'\t' -v asked="$(printf ' %s ' $suites)" '
  FNR == NR { if ($1 !~ /^#/) reason[$1] = $2; next }
  { name = $1 "." $2; if ($3 == "skip" && !(name in reason)) print name " is skipped, and tests/Conformance/skips.tsv does not say why: " $4
    if ($3 != "skip" && name in reason) print name " is in tests/Conformance/skips.tsv, and its result is: " $3
    ran[name] = 1 }
  END { for (name in reason) { split(name, part, "."); if (!(name in ran) && index(asked, " " part[1] " ")) print name " is in tests/Conformance/skips.tsv, and did not run." } }
' "$here/skips.tsv" "$results/results.tsv" >"$results/untrue-skips.txt"

table=$(awk -F'\t' -f "$here/table.awk" "$here/skips.tsv" "$results/results.tsv")
if [ $# -eq 0 ] && [ -z "${VSAN_TEST_ENGINE:-}" ]; then
  {
    echo '# Conformance'
    echo
    echo "libiscsi's \`iscsi-test-cu\` ($(dpkg-query -W -f '${Version}' libiscsi-bin 2>/dev/null)), destructive, against \`vsan-blockserver\` with one thin file volume of"
    echo "$((size >> 30)) GiB through two portals, a write-protected one, one of 4096-byte blocks and one in memory for the suites that want them; each suite in its own process. Made by"
    echo '`./dev conformance`, which is also a part of `./dev test`: it fails when a test fails, when one is skipped that'
    echo '`tests/Conformance/skips.tsv` does not justify, and when one that is listed there is not skipped.'
    echo
    echo 'The initiator of Linux itself, with multipath and a file system over it, is a test of its own: [guest](guest.md).'
    echo
    echo "$table"
  } >"$product_root/docs/conformance.md"
fi
echo "$table"
echo
cat "$results/untrue-skips.txt"
awk -F'\t' -v untrue="$(wc -l <"$results/untrue-skips.txt")" '
  { n[$3]++ }
  END { printf "conformance: %d pass, %d fail, %d skip\n", n["pass"], n["fail"] + untrue, n["skip"]; exit n["fail"] + untrue > 0 }' "$results/results.tsv"

# shellcheck shell=bash
# Tests, formatting, benchmarks, conformance.
#: ./dev bench joins [--units N] [--json]   units that join one station at once, over loopback TLS; 1,000 unless told otherwise
#: ./dev bench [--quick] [--rounds N] [--seconds N] [--json]   our block server beside tgt and raw io_uring; needs 5 GiB of disk
#: ./dev bench station [--units N] [--volumes N] [--json]   the station at 1,000 units and 100,000 volumes; fails when a goal is missed
#: ./dev conformance [NAME]   run the conformance suites of tests/Conformance

# sum_counters DIRECTORY -> "N passed, N failed" over all .trx files in it and the last lines of the conformance runs.
sum_counters() {
    {
        find "$1" -name '*.trx' -exec grep -ho '<Counters [^>]*' {} + |
            sed -E 's/.* passed="([0-9]+)" failed="([0-9]+)" error="([0-9]+)" timeout="([0-9]+)" aborted="([0-9]+)".*/\1 \2 \3 \4 \5/'
        find "$1" -name 'conformance*.txt' -exec sed -nE 's/^conformance: ([0-9]+) pass, ([0-9]+) fail.*/\1 \2/p' {} +
    } |
        awk '{ passed += $1; failed += $2 + $3 + $4 + $5 } END { printf "%d passed, %d failed\n", passed, failed }'
}

# test_project RESULTS PROJECT [OPTION…]
test_project() {
    local results=$1 project=$2
    shift 2
    printf '\n== %s %s\n' "${project#"$root"/}" "${VSAN_TEST_ENGINE:+on $VSAN_TEST_ENGINE}"
    VSAN_BIN=$bin dotnet test "$project" -c Release --nologo "$@" \
        --logger "trx;LogFilePrefix=$(basename "${project%.csproj}")" --results-directory "$results"
}

# test_conformance RESULTS
test_conformance() {
    printf '\n== tests/Conformance/run.sh %s\n' "${VSAN_TEST_ENGINE:+on $VSAN_TEST_ENGINE}"
    VSAN_BIN=$bin bash "$root/tests/Conformance/run.sh" | tee "$1/conformance${VSAN_TEST_ENGINE:-}.txt"
}

# test_fallback RESULTS: what stands for io_uring where that is forbidden passes the same suites (ADR 0039).
test_fallback() {
    local code=0
    export VSAN_TEST_ENGINE=epoll
    test_project "$1" "$root/tests/Unit/VSan.Tests.Unit.csproj" --no-build \
        --filter 'FullyQualifiedName~Unit.Reactor|FullyQualifiedName~Unit.Volumes|FullyQualifiedName~Unit.BlockServer' || code=1
    test_project "$1" "$root/tests/EndToEnd/VSan.Tests.EndToEnd.csproj" --no-build --filter 'FullyQualifiedName~EndToEnd.BlockServer' || code=1
    test_conformance "$1" || code=1
    unset VSAN_TEST_ENGINE
    return "$code"
}

verb_test() {
    local filter=() results project code=0 sum
    while [ $# -gt 0 ]; do
        case $1 in
            --filter)
                [ $# -ge 2 ] || fail '--filter needs a name.' './dev test --filter NAME'
                filter=(--filter "FullyQualifiedName~$2")
                shift 2
                ;;
            *) fail "test does not know '$1'." './dev test [--filter NAME]' ;;
        esac
    done
    # The end-to-end tests drive the executables as processes, and the rigs among them one that can be broken.
    verb_build
    need_proof_packages
    need_browser
    build_broken
    build_simulator true
    need_guest_image
    need_image
    need_lab_packages
    [ "${CI:-}" != true ] || verb_fmt --check || code=1
    test_shell || code=1
    results=$(mktemp -d)
    # One project after the other: they measure time and share two cores.
    while read -r project; do
        test_project "$results" "$project" "${filter[@]}" || code=1
    done < <(find "$root/tests" -name '*.csproj' | sort -r)
    if [ ${#filter[@]} -eq 0 ]; then
        test_conformance "$results" || code=1
        test_fallback "$results" || code=1
    fi
    sum=$(sum_counters "$results")
    rm -rf "$results"
    case $sum in
        '0 passed, 0 failed')
            printf 'dev: no test ran.\n' >&2
            code=1
            ;;
        *', 0 failed') ;;
        *) code=1 ;;
    esac
    printf '\n%s\n' "$sum"
    return "$code"
}

verb_fmt() {
    local check=()
    case ${1:-} in
        '') ;;
        --check) check=(--verify-no-changes) ;;
        *) fail "fmt does not know '$1'." './dev fmt [--check]' ;;
    esac
    need_sdk
    (cd "$root" && dotnet format VSanAppliance.sln "${check[@]}") || {
        printf 'dev: the code is not formatted. Run ./dev fmt\n' >&2
        return 1
    }
}

# run_scripts FOLDER KIND [NAME]: runs each script of a folder, or the named one.
run_scripts() {
    local folder=$1 kind=$2 name=${3:-*} script found=0
    verb_build
    for script in "$root/tests/$folder"/$name.sh; do
        [ -f "$script" ] || continue
        found=1
        printf '\n== %s\n' "${script#"$root"/}"
        VSAN_BIN=$bin bash "$script" || fail "${script#"$root"/} failed." 'Its output is above.'
    done
    [ "$found" = 1 ] || fail "There is no $kind named '$name' in tests/$folder." "Scripts are tests/$folder/NAME.sh."
}

# bench station [--units N] [--volumes N] [--json]: the station's services over SQLite on a disk, with units that answer at once.
bench_station() {
    (cd "$root" && dotnet build tests/StationBench -c Release --nologo -v quiet -p:RunAnalyzers=false) >&2 || fail 'tests/StationBench does not build.' 'Read the errors above.'
    mkdir -p "$root/artifacts/bench"
    "$root/artifacts/bin/VSan.Tests.StationBench/release/vsan-station-bench" --folder "$root/artifacts/bench" "$@"
}

# bench [--quick] [--rounds N] [--seconds N] [--json]: the table, beside tgt and raw io_uring.
verb_bench() {
    case ${1:-} in
        station | web)
            "bench_$1" "${@:2}"
            return
            ;;
    esac
    verb_build >&2
    if [ "${1:-}" = joins ]; then
        shift
        bash "$root/tests/Bench/joins.sh" "$@"
        return
    fi
    bash "$root/tests/Bench/run.sh" "$@"
}

verb_conformance() { run_scripts Conformance 'conformance suite' "$@"; }

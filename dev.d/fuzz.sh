# shellcheck shell=bash
# The fuzzer of tests/Fuzz; docs/fuzzing.md says what it looks for.
#: ./dev fuzz [--seconds N] [--scripts N] [--seed S] [--target in-process|pdu|text|cdb|sockets] [--break]
#:                            made-up conversations with the protocol code, or over TCP with the block server; --break: planted bugs must be found
#: ./dev fuzz replay FILE...  runs what a fuzzing run wrote, or a file of tests/Fuzz/Corpus

fuzzer=$root/artifacts/fuzz/bin/VSan.Tests.Fuzz/debug/VSan.Tests.Fuzz

# With assertions, optimised all the same, and with the bugs that --break plants (docs/adr/0028): apart from every other build.
build_fuzzer() {
    local log=$state/log/build-fuzz.log
    mkdir -p "$state/log"
    (cd "$root" && dotnet build tests/Fuzz -c Debug --nologo -v q -p:RunAnalyzers=false -p:Optimize=true -p:Sabotage=true \
        -p:ArtifactsPath="$root/artifacts/fuzz") > "$log" 2>&1 || fail 'The fuzzer does not build.' "Read $log." "$log"
}

verb_fuzz() {
    need_sdk
    build_fuzzer
    if [ "${1:-}" = replay ]; then
        "$fuzzer" "$@"
        return
    fi
    case " $* " in
        *' sockets '*)
            verb_build
            case " $* " in *' --break '*) build_broken ;; esac
            ;;
    esac
    VSAN_BIN=$bin VSAN_BIN_BROKEN=$broken "$fuzzer" --folder "$root/artifacts/fuzz-found" "$@"
}

# shellcheck shell=bash
# The simulator of tests/Simulation; docs/simulation.md says what it promises.
#: ./dev sim --seeds N [--from N] [--units N] [--minutes N]   station and units on one simulated clock, network and disk; the last line counts
#: ./dev sim --seed N [--trace]                               repeats one run exactly, and prints its hash
#: ./dev sim --planted [--seeds N]                            every planted bug must be found; prints the seed that found it

# build_simulator BROKEN: with true, of the product that can be told to break a promise (docs/adr/0024).
build_simulator() {
    local log=$state/log/build-sim.log folder
    folder=$(simulator_folder "$1")
    mkdir -p "$state/log"
    (cd "$root" && dotnet build tests/Simulation -c Release --nologo -v q -p:RunAnalyzers=false -p:Sabotage="$1" -p:ArtifactsPath="$folder") \
        > "$log" 2>&1 || fail 'The simulator does not build.' "Read $log." "$log"
}

simulator_folder() {
    if [ "$1" = true ]; then echo "$root/artifacts/sim-broken"; else echo "$root/artifacts/sim"; fi
}

verb_sim() {
    local broken=false
    case " $* " in
        *' --planted '*) broken=true ;;
    esac
    build_simulator "$broken"
    "$(simulator_folder "$broken")/bin/VSan.Tests.Simulation/release/VSan.Tests.Simulation" "$@"
}

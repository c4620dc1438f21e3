# shellcheck shell=bash
# The simulator of tests/Simulation; docs/simulation.md says what it promises.
#: ./dev sim --seeds N [--from N] [--units N] [--minutes N]   station and units on one simulated clock, network and disk; the last line counts
#: ./dev sim --seed N [--trace]                               repeats one run exactly, and prints its hash
#: ./dev sim --planted                                        every planted bug must be found; prints the seed that found it

simulator_project=tests/Simulation

verb_sim() {
    local log=$state/log/build-sim.log folder=$root/artifacts/sim sabotage=false
    mkdir -p "$state/log"
    case " $* " in
        *' --planted '*)
            folder=$root/artifacts/sim-broken
            sabotage=true
            ;;
    esac
    (cd "$root" && dotnet build "$simulator_project" -c Release --nologo -v q -p:RunAnalyzers=false -p:Sabotage=$sabotage -p:ArtifactsPath="$folder") \
        > "$log" 2>&1 || fail 'The simulator does not build.' "Read $log." "$log"
    "$folder/bin/VSan.Tests.Simulation/release/VSan.Tests.Simulation" "$@"
}

using VSan.Tests.Simulation;
using VSan.Tests.Simulation.World;
using Xunit;
using Xunit.Abstractions;

namespace VSan.Tests.ControlPlane.Simulation;

/// <summary>The simulator, briefly (docs/simulation.md); long runs are <c>./dev sim</c>. That it sees a broken product is tested end to end.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 500;

    [Fact]
    public void Seeds_OnTheProduct_BreakNoPromise()
    {
        SimOutcome[] outcomes = [.. Enumerable.Range(1, Seeds).AsParallel().AsOrdered().Select(Run)];
        Work work = outcomes.Aggregate(default(Work), (sum, outcome) => sum + outcome.Work);
        output.WriteLine($"seeds {Seeds} events {outcomes.Sum(outcome => outcome.Events)} {work}");
        Assert.Empty(outcomes.SelectMany(outcome => outcome.Violations.Select(violation => $"./dev sim --seed {outcome.Seed} --trace: {violation}")));
        Assert.All([work.Made, work.Mapped, work.Unmapped, work.Removed, work.Mirrored, work.Expanded], count => Assert.True(count > Seeds, $"{work}: too little to say anything."));
    }

    /// <summary>Many units: what the station does for one must not depend on how many others there are.</summary>
    [Fact]
    public void ThousandUnits_BreakNoPromise()
    {
        SimOutcome outcome = SimRun.Run(1, unitCount: 1000, TimeSpan.FromMinutes(2), trace: null);
        output.WriteLine($"events {outcome.Events} {outcome.Work}");
        Assert.Empty(outcome.Violations);
        Assert.True(outcome.Work.Made > 0);
    }

    [Fact]
    public void Seed_RunTwice_GivesTheSameHash() => Assert.Equal(Run(7).Hash, Run(7).Hash);

    private static SimOutcome Run(int seed) => SimRun.Run(seed, unitCount: 6, TimeSpan.FromMinutes(5), trace: null);
}

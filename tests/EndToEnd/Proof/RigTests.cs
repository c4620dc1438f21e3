using VSan.Tests.Proof;
using Xunit;
using Xunit.Abstractions;

namespace VSan.Tests.EndToEnd.Proof;

/// <summary>Each rig of tests/Proof, briefly: the product keeps its promise, and the rig sees a product that does not. Long runs are ./dev verbs.</summary>
public sealed class RigTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("crash", 100)]
    [InlineData("kill", 5)]
    [InlineData("ghost", 3)]
    [InlineData("abort", 20)]
    [InlineData("caw", 5000)]
    [InlineData("flips", 20)]
    [InlineData("aptpl", 40)]
    [InlineData("guest", 2)]
    public async Task Rig_OnTheProduct_FindsNothingLost(string verb, long count)
    {
        Verdict verdict = await RunAsync(verb, new ProofOptions(count, Random.Shared.Next()));
        Assert.True(verdict.Faults == 0, verdict.Line);
    }

    // Each ends with its first loss; the count bounds how long a rig may need to find one. Of the flips only those in a write's data count.
    [Theory]
    [InlineData("crash", 14)]
    [InlineData("kill", 1)]
    [InlineData("ghost", 6)]
    [InlineData("abort", 6)]
    [InlineData("caw", 2000)]
    [InlineData("flips", 1000)]
    [InlineData("aptpl", 40)]
    [InlineData("guest", 1)]
    public async Task Rig_OnABrokenProduct_FindsLosses(string verb, long count)
    {
        Verdict verdict = await RunAsync(verb, new ProofOptions(count, Random.Shared.Next(), Break: true));
        Assert.True(verdict.Faults > 0, verdict.Line);
    }

    private async Task<Verdict> RunAsync(string verb, ProofOptions options)
    {
        output.WriteLine($"{verb}: {options}");
        await using StringWriter log = new();
        try
        {
            Verdict verdict = await Rig.All.Single(rig => rig.Verb == verb).RunAsync(options, TextWriter.Synchronized(log));
            output.WriteLine($"{verb}: {verdict.Line}");
            return verdict;
        }
        finally
        {
            output.WriteLine(log.ToString());
        }
    }
}

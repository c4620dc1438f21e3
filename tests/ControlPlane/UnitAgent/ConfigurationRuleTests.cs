using VSan.Contracts.UnitLink;
using VSan.UnitAgent.Configuration;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

public sealed class ConfigurationRuleTests
{
    private static readonly Guid UnitId = Guid.NewGuid();

    private static readonly LegSpec Leg = Documents.Leg(Guid.NewGuid(), Guid.NewGuid());

    [Fact]
    public void Push_NothingAcceptedYet_IsNewer() =>
        Assert.IsType<Verdict.Newer>(ConfigurationRule.Judge(UnitId, null, new Dictionary<string, string>(), Documents.Push(UnitId, 1, Leg)));

    [Fact]
    public void Push_HigherGeneration_IsNewer() => Assert.IsType<Verdict.Newer>(JudgeAfter(5, Documents.Push(UnitId, 6)));

    [Fact]
    public void Push_LowerGeneration_IsRefused() => Assert.IsType<Verdict.Refused>(JudgeAfter(5, Documents.Push(UnitId, 4, Leg)));

    [Fact]
    public void Push_SameGenerationSameContent_IsKnown() => Assert.IsType<Verdict.Known>(JudgeAfter(5, Documents.Push(UnitId, 5, Leg)));

    [Fact]
    public void Push_SameGenerationOtherContent_IsRefused() => Assert.IsType<Verdict.Refused>(JudgeAfter(5, Documents.Push(UnitId, 5)));

    [Fact]
    public void Push_SameGenerationOtherSecret_IsRefused() =>
        Assert.IsType<Verdict.Refused>(JudgeAfter(5, Documents.Push(UnitId, 5, Leg) with { Secrets = new Dictionary<string, string> { ["secret-1"] = "another secret of bytes." } }));

    [Fact]
    public void Push_ForAnotherUnit_IsRefused() => Assert.IsType<Verdict.WrongUnit>(JudgeAfter(5, Documents.Push(Guid.NewGuid(), 6, Leg)));

    [Fact]
    public void Push_LegNamedTwice_IsMalformed() => Assert.IsType<Verdict.Malformed>(JudgeAfter(5, Documents.Push(UnitId, 6, Leg, Leg)));

    [Fact]
    public void Push_SecretMissing_IsMalformed() =>
        Assert.IsType<Verdict.Malformed>(JudgeAfter(5, Documents.Push(UnitId, 6, Leg) with { Secrets = new Dictionary<string, string>() }));

    [Fact]
    public void Push_SizeNotWholeBlocks_IsMalformed() =>
        Assert.IsType<Verdict.Malformed>(JudgeAfter(5, Documents.Push(UnitId, 6, Leg with { SizeBytes = 4097 })));

    private static Verdict JudgeAfter(long generation, ConfigurationPush push)
    {
        ConfigurationPush present = Documents.Push(UnitId, generation, Leg);
        return ConfigurationRule.Judge(UnitId, new AcceptedConfiguration(present.Configuration, []), present.Secrets, push);
    }
}

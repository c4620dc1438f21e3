using VSan.Contracts.UnitLink;
using VSan.UnitAgent;
using VSan.UnitAgent.Enrolment;
using VSan.UnitAgent.State;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

public sealed class StatusReportTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Print_NoUnit_SaysHowToStartOne()
    {
        UnitFailure refusal = Assert.Throws<UnitFailure>(Print);
        Assert.Contains("vsan-unit run --state", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Print_Running_ShowsShortCodeAndConditions()
    {
        using StateDirectory state = StateDirectory.Take(_root.Path);
        _ = Fill(state);

        string report = Print();

        Assert.Contains($"short code:  AAAA-BBBB", report, StringComparison.Ordinal);
        Assert.Contains("agent:       running", report, StringComparison.Ordinal);
        Assert.Contains("generation:  4 accepted, 3 served", report, StringComparison.Ordinal);
        Assert.Contains("blockserver: running, 2 sessions", report, StringComparison.Ordinal);
        Assert.Contains("condition:   store-full: Free some space.", report, StringComparison.Ordinal);
    }

    /// <summary>Negative control: what the file of a dead agent says of now is not repeated.</summary>
    [Fact]
    public void Print_Stopped_DoesNotPassOffWhatWasAsWhatIs()
    {
        using (StateDirectory state = StateDirectory.Take(_root.Path)) _ = Fill(state);

        string report = Print();

        Assert.Contains("agent:       stopped", report, StringComparison.Ordinal);
        Assert.Contains("generation:  4 accepted, not watched", report, StringComparison.Ordinal);
        Assert.DoesNotContain("blockserver", report, StringComparison.Ordinal);
    }

    private static MemberIdentity Fill(StateDirectory state)
    {
        UnitStatus status = new("admitted", "AAAA-BBBB", true, true, 2, new ConfigurationStatus(4, 3, [new UnitCondition("store-full", "Free some space.")]));
        DurableFile.Write(state.FilePath(StatusReport.FileName), status, StateJson.Default.UnitStatus);
        return MemberIdentity.Load(state);
    }

    private string Print()
    {
        using StringWriter output = new();
        StatusReport.Print(_root.Path, output);
        return output.ToString();
    }
}

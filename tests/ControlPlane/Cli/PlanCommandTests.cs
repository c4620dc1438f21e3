using System.Text.Json;
using Xunit;

namespace VSan.Tests.ControlPlane.Cli;

/// <summary><c>vsan plan</c>.</summary>
public sealed class PlanCommandTests : CommandTestBase
{
    private const string Page = """
        {"items":[{"unitId":"11111111-1111-1111-1111-111111111111","unitName":"u1","state":"behind","wantedGeneration":7,"acceptedGeneration":6,"appliedGeneration":6,"legs":1,"hosts":0,
        "changes":[{"change":"added","kind":"leg","name":"L1","wanted":"volume db"},{"change":"changed","kind":"lun","name":"T h 000","reached":"leg L1","wanted":"leg L1, read-only"}],
        "sentence":"u1 is out of reach."}]}
        """;

    [Fact]
    public async Task Plan_WithoutDryRun_ExplainsThatNothingHasToBeStarted()
    {
        await LogInAsync();
        Assert.Equal(2, await RunAsync("plan"));
        Assert.Contains("vsan plan --dry-run", Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Station.Requests, request => request.Contains("/plan", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_DryRun_ShowsEachChangeOnALine()
    {
        await LogInAsync();
        Station.Answer("GET /api/v1/plan?limit=500", 200, Page);
        Output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("plan", "--dry-run"));
        Assert.Equal(
            "u1: behind, generation 7 wanted, 6 accepted, 6 served\n  u1 is out of reach.\n  + leg L1: volume db\n  ~ lun T h 000: leg L1 becomes leg L1, read-only\n",
            Output.ToString());
    }

    [Fact]
    public async Task Plan_Json_IsThePage()
    {
        await LogInAsync();
        Station.Answer("GET /api/v1/plan?limit=500", 200, Page);
        Output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("plan", "--dry-run", "-o", "json"));
        using JsonDocument page = JsonDocument.Parse(Output.ToString());
        Assert.Equal(2, page.RootElement.GetProperty("items")[0].GetProperty("changes").GetArrayLength());
    }
}

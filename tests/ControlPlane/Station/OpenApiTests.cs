using Microsoft.AspNetCore.Routing;
using VSan.Station.Rest;
using VSan.Tests.Harness;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>docs/openapi.json is what the code says; './dev openapi' writes it anew.</summary>
public sealed class OpenApiTests(RunningStation station) : IClassFixture<RunningStation>
{
    private static readonly string File = Path.Combine(RepositoryRoot.Path, "docs", "openapi.json");

    private RouteEndpoint[] Api => [.. station.Addresses.Where(address => address.RoutePattern.RawText!.StartsWith(RestApi.Root, StringComparison.Ordinal))];

    [Fact]
    public void ApiDescription_HasALineForEachAddressAndNoOther()
    {
        string[] addresses = [.. Api.Select(ApiDescription.KeyOf)];
        string[] without = [.. addresses.Except(ApiDescription.All.Keys)], gone = [.. ApiDescription.All.Keys.Except(addresses)];

        Assert.True(without is [], $"Add a line to ApiDescription for: {string.Join(", ", without)}.");
        Assert.True(gone is [], $"Remove from ApiDescription: {string.Join(", ", gone)}.");
    }

    [Fact]
    public void Document_IsWhatIsCommitted()
    {
        string document = OpenApiDocument.Of(Api);
        if (Environment.GetEnvironmentVariable("VSAN_WRITE_OPENAPI") == "1") System.IO.File.WriteAllText(File, document);

        Assert.True(document == System.IO.File.ReadAllText(File), "docs/openapi.json is not what the code says. './dev openapi' writes it anew.");
    }
}

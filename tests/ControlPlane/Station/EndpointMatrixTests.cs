using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.Station.Rest;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>Every address of the API, by everybody: what is answered is what the table of permissions says.</summary>
public sealed partial class EndpointMatrixTests(RunningStation station) : IClassFixture<RunningStation>
{
    /// <summary>Whom a stranger may ask without saying who it is.</summary>
    private static readonly string[] Open =
    [
        "GET /healthz", "GET /readyz", "GET /enrolment/v1/ca", "POST /enrolment/v1/startup", "POST /api/v1/sessions",

        // Answers certificates of units alone (ImageStoreTests), which are nobody to the API.
        "GET /link/v1/images/{digest}",
    ];

    [Fact]
    public void Addresses_OfTheApi_HaveAnActionOfTheTable()
    {
        string[] without = [.. Api().Where(address => Action(address) is not { } action || !Permissions.All.ContainsKey(action)).Select(Text)];

        Assert.True(without is [], $"Add .Needs(\"noun.verb\") and a line in Permissions for: {string.Join(", ", without)}.");
    }

    [Fact]
    public void Addresses_OpenToStrangers_AreTheKnownOnes()
    {
        string[] open = [.. station.Addresses
            .Where(address => !IsPage(address) && ((Action(address) is null && !address.RoutePattern.RawText!.StartsWith(RestApi.Root, StringComparison.Ordinal)) || address.Metadata.GetMetadata<IAllowAnonymous>() is not null))
            .Select(Text)];

        Assert.Equal(Open.Order(StringComparer.Ordinal), open.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("forged")]
    public async Task Api_NobodyOrForgedToken_IsUnauthenticatedEverywhere(string? bearer)
    {
        using HttpClient client = station.Client(bearer);
        foreach (RouteEndpoint address in Api()) Assert.Equal((Text(address), HttpStatusCode.Unauthorized), (Text(address), await AskAsync(client, address)));
    }

    [Fact]
    public async Task Api_CertificateOfAUnit_IsNobodyThere()
    {
        using Member member = new();
        using X509Certificate2 certificate = member.Enrol(station.Authority);
        using HttpClient client = station.Client(bearer: null, certificate);
        foreach (RouteEndpoint address in Api()) Assert.Equal((Text(address), HttpStatusCode.Unauthorized), (Text(address), await AskAsync(client, address)));
    }

    [Fact]
    public async Task Api_CertificateOfAHost_GetsWhatTheTableSaysOfTheRoleHost()
    {
        using Member member = new();
        (_, X509Certificate2 certificate) = await station.EnrolHostAsync(member, "matrix-host");
        using HttpClient client = station.Client(bearer: null, certificate);
        foreach (RouteEndpoint address in Api())
        {
            HttpStatusCode status = await AskAsync(client, address);
            Assert.NotEqual((Text(address), HttpStatusCode.Unauthorized), (Text(address), status));
            // What the role may do at all it may do to itself alone, and these addresses name nothing of it.
            if (!Permissions.Allow(Role.Host, Action(address)!)) Assert.Equal((Text(address), HttpStatusCode.Forbidden), (Text(address), status));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Api_CertificateOfAHostThatWasRevokedOrNeverJoined_IsNobody(bool joined)
    {
        using Member member = new();
        X509Certificate2 certificate = joined ? (await station.EnrolHostAsync(member, "matrix-revoked")).Certificate : member.Enrol(station.Authority, VSan.Contracts.Enrolment.MemberKind.Host);
        if (joined)
        {
            Host host = (await station.Services.Hosts.ListAsync(Caller.Of("admin", Role.Admin), new ListQuery { Name = "matrix-revoked" }, default)).Items.Single();
            await station.Services.Hosts.RevokeCertificateAsync(Caller.Of("admin", Role.Admin), host.Id, default);
        }

        using HttpClient client = station.Client(bearer: null, certificate);
        foreach (RouteEndpoint address in Api()) Assert.Equal((Text(address), HttpStatusCode.Unauthorized), (Text(address), await AskAsync(client, address)));
    }

    [Theory]
    [InlineData(Role.Host)]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Operator)]
    [InlineData(Role.StorageAdmin)]
    [InlineData(Role.SecurityAdmin)]
    [InlineData(Role.Admin)]
    public async Task Api_Role_GetsWhatTheTableSays(Role role)
    {
        foreach (RouteEndpoint address in Api())
        {
            // A session of its own for each, since one of the addresses ends it.
            using HttpClient client = station.Client(await station.SignInAsync(new Binding(role, Scope.All)));
            HttpStatusCode status = await AskAsync(client, address);
            Assert.NotEqual((Text(address), HttpStatusCode.Unauthorized), (Text(address), status));
            Assert.Equal((Text(address), !Permissions.Allow(role, Action(address)!)), (Text(address), status == HttpStatusCode.Forbidden));
        }
    }

    [Fact]
    public async Task Api_PersonWithoutABinding_IsForbiddenEverywhere()
    {
        using HttpClient client = station.Client(await station.SignInAsync());
        foreach (RouteEndpoint address in Api()) Assert.Equal((Text(address), HttpStatusCode.Forbidden), (Text(address), await AskAsync(client, address)));
    }

    private static bool IsPage(RouteEndpoint address) => !address.RoutePattern.RawText!.StartsWith("/api", StringComparison.Ordinal)
        && !Open.Contains(Text(address)) && address.RoutePattern.RawText is var path
        && (path is "/" or "/sign-in" or "/sign-out" || path.StartsWith("/app", StringComparison.Ordinal) || path.StartsWith("/desktop", StringComparison.Ordinal) || path.StartsWith("/assets", StringComparison.Ordinal));

    private static string? Action(RouteEndpoint address) => address.Metadata.GetMetadata<NeedsAttribute>()?.Action;

    private static string Method(RouteEndpoint address) => address.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0];

    private static string Text(RouteEndpoint address) => $"{Method(address)} {address.RoutePattern.RawText}";

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, RouteEndpoint address)
    {
        string path = Parameter().Replace(address.RoutePattern.RawText!, Guid.NewGuid().ToString());
        using HttpRequestMessage request = new(new HttpMethod(Method(address)), path);
        if (Method(address) is "POST" or "PUT" or "PATCH") request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }

    private IEnumerable<RouteEndpoint> Api() => station.Addresses.Where(address =>
        (address.RoutePattern.RawText!.StartsWith(RestApi.Root, StringComparison.Ordinal) || Action(address) is not null) && address.Metadata.GetMetadata<IAllowAnonymous>() is null);

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}

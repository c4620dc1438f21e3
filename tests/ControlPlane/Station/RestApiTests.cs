using System.Net;
using System.Net.Http.Json;
using System.Text;
using VSan.Contracts.Api;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

public sealed class RestApiTests(RunningStation station) : IClassFixture<RunningStation>
{
    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"name\":7}")]
    public async Task PostVolumes_MalformedJson_IsMalformed(string body)
    {
        using HttpClient client = station.Administrator();
        using HttpResponseMessage answer = await client.PostAsync("/api/v1/volumes", Json(body));

        await AssertProblemAsync(answer, HttpStatusCode.BadRequest, "malformed");
    }

    [Fact]
    public async Task PostHosts_MemberMissing_PointsAtIt()
    {
        using HttpClient client = station.Administrator();
        using HttpResponseMessage answer = await client.PostAsync("/api/v1/hosts", Json("{\"name\":\"h\"}"));

        Problem problem = await AssertProblemAsync(answer, HttpStatusCode.BadRequest, "invalid-field");
        Assert.Equal("/initiatorName", Assert.Single(problem.Fields!).Pointer);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound, "not-found")]
    [InlineData("GET", "/api/v1/volumes/not-a-guid", HttpStatusCode.NotFound, "not-found")]
    [InlineData("PUT", "/api/v1/volumes", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    [InlineData("GET", "/api/v1/volumes?limit=x", HttpStatusCode.BadRequest, "invalid-field")]
    [InlineData("GET", "/api/v1/operations/6d1b0fd0-0000-0000-0000-000000000000?wait=long", HttpStatusCode.BadRequest, "invalid-field")]
    [InlineData("GET", "/api/v1/volumes/6d1b0fd0-0000-0000-0000-000000000000", HttpStatusCode.NotFound, "not-found")]
    public async Task Request_NotServed_IsAProblem(string method, string path, HttpStatusCode status, string code)
    {
        using HttpClient client = station.Administrator();
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        using HttpResponseMessage answer = await client.SendAsync(request);

        await AssertProblemAsync(answer, status, code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("forged")]
    public async Task Request_WithoutValidSession_IsUnauthenticated(string? bearer)
    {
        using HttpClient client = station.Client(bearer);
        foreach (string path in (string[])["pool", "units", "tokens", "hosts", "volumes", "mappings", "operations", "events", "sessions/current"])
        {
            using HttpResponseMessage answer = await client.GetAsync($"/api/v1/{path}");
            await AssertProblemAsync(answer, HttpStatusCode.Unauthorized, "unauthenticated");
        }
    }

    [Theory]
    [InlineData("same-origin", HttpStatusCode.Created)]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.Forbidden)]
    public async Task PostTokens_ByCookie_NeedsOurOwnPage(string? site, HttpStatusCode status)
    {
        using HttpClient client = station.Client(bearer: null);
        client.DefaultRequestHeaders.Add("Cookie", $"__Host-vsan-session={station.Bearer}");
        if (site is not null) client.DefaultRequestHeaders.Add("Sec-Fetch-Site", site);
        using HttpResponseMessage answer = await client.PostAsync("/api/v1/tokens", Json("{}"));

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Health_Stranger_IsAnsweredWithSecurityHeaders()
    {
        using HttpClient client = station.Client(bearer: null);
        foreach (string path in (string[])["/healthz", "/readyz"])
        {
            using HttpResponseMessage answer = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Contains("frame-ancestors 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
        }
    }

    [Fact]
    public async Task SessionsCurrent_SignedIn_NamesThePersonAndTheRole()
    {
        using HttpClient client = station.Administrator();

        Assert.Equal("""{"userName":"admin","bindings":[{"role":"admin","scope":"all"}]}""", await client.GetStringAsync("/api/v1/sessions/current"));
    }

    [Fact]
    public async Task Startup_BodyTooLarge_IsRefused()
    {
        using HttpClient client = station.Client(bearer: null);
        using HttpResponseMessage answer = await client.PostAsync("/enrolment/v1/startup", Json(new string(' ', 70_000)));

        await AssertProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Theory]
    [InlineData("{", "malformed")]
    [InlineData("{}", "invalid-field")]
    [InlineData("{\"kind\":\"unit\"}", "invalid-field")]
    public async Task Startup_MalformedPacket_IsRefused(string body, string code)
    {
        using HttpClient client = station.Client(bearer: null);
        using HttpResponseMessage answer = await client.PostAsync("/enrolment/v1/startup", Json(body));

        await AssertProblemAsync(answer, HttpStatusCode.BadRequest, code);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task<Problem> AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Problem problem = (await answer.Content.ReadFromJsonAsync(ApiJson.Default.Problem))!;
        Assert.Equal((code, (int)status), (problem.Code, problem.Status));
        return problem;
    }
}

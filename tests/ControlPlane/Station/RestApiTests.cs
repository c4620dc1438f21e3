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
    public async Task Host_ETagAndIfMatch_RefuseAChangeOfWhatWasNotSeen()
    {
        using HttpClient client = station.Administrator();
        using HttpResponseMessage made = await client.PostAsync("/api/v1/hosts", Json("""{"name":"etag","initiatorName":"iqn.2026-11.test:etag"}"""));
        Uri address = made.Headers.Location!;
        using HttpResponseMessage read = await client.GetAsync(address);
        Assert.Equal("\"1\"", read.Headers.ETag!.Tag);

        foreach (string tag in (string[])["\"2\"", "W/\"1\"", "\"x\""])
        {
            using HttpRequestMessage stale = new(HttpMethod.Delete, address);
            stale.Headers.TryAddWithoutValidation("If-Match", tag);
            using HttpResponseMessage refused = await client.SendAsync(stale);
            await AssertProblemAsync(refused, HttpStatusCode.PreconditionFailed, "precondition-failed");
        }

        using HttpRequestMessage request = new(HttpMethod.Delete, address);
        request.Headers.TryAddWithoutValidation("If-Match", read.Headers.ETag.Tag);
        using HttpResponseMessage gone = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/volumes?colour=red", "/colour")]
    [InlineData("/api/v1/volumes?state=happy", "/state")]
    [InlineData("/api/v1/mappings?name=x", "/name")]
    [InlineData("/api/v1/audit?colour=red", "/colour")]
    [InlineData("/api/v1/audit?since=yesterday", "/since")]
    [InlineData("/api/v1/events?colour=red", "/colour")]
    public async Task List_FilterThatItDoesNotTake_IsNamed(string path, string pointer)
    {
        using HttpClient client = station.Administrator();
        using HttpResponseMessage answer = await client.GetAsync(path);

        Problem problem = await AssertProblemAsync(answer, HttpStatusCode.BadRequest, "invalid-field");
        Assert.Equal(pointer, Assert.Single(problem.Fields!).Pointer);
    }

    [Fact]
    public async Task Hosts_FilteredAndPaged_AreEachThereOnce()
    {
        using HttpClient client = station.Administrator();
        for (int index = 0; index < 3; index++)
            using (await client.PostAsync("/api/v1/hosts", Json($$"""{"name":"page{{index}}","initiatorName":"iqn.2026-11.test:page{{index}}"}"""))) { }

        HostPage one = (await client.GetFromJsonAsync("/api/v1/hosts?initiator=iqn.2026-11.test:page1&limit=1", ApiJson.Default.HostPage))!;
        Assert.Equal("page1", Assert.Single(one.Items).Name);
        List<string> names = [];
        string? cursor = "";
        while (cursor is not null)
        {
            HostPage page = (await client.GetFromJsonAsync($"/api/v1/hosts?limit=1{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}", ApiJson.Default.HostPage))!;
            names.AddRange(page.Items.Select(host => host.Name));
            cursor = page.NextCursor;
        }

        // Pages follow identities, and those of one millisecond have no order.
        Assert.Equal(["page0", "page1", "page2"], names.Where(name => name.StartsWith("page", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task DryRun_OfAHost_AnswersWhatItWouldGiveAndKeepsNothing()
    {
        using HttpClient client = station.Administrator();
        using HttpResponseMessage tried = await client.PostAsync("/api/v1/hosts?dryRun=true", Json("""{"name":"dry","initiatorName":"iqn.2026-11.test:dry"}"""));

        Assert.Equal("true", Assert.Single(tried.Headers.GetValues("Dry-Run")));
        Assert.Equal("dry", (await tried.Content.ReadFromJsonAsync(ApiJson.Default.Host))!.Name);
        Assert.Empty((await client.GetFromJsonAsync("/api/v1/hosts?name=dry", ApiJson.Default.HostPage))!.Items);
    }

    [Fact]
    public async Task Metrics_Viewer_AreNumbersInTheTextOfPrometheus()
    {
        using HttpClient client = station.Client(await station.SignInAsync(new VSan.Station.Execution.Binding(Role.Viewer, VSan.Station.Execution.Scope.All)));
        string text = await client.GetStringAsync("/metrics");

        Assert.Contains("# TYPE vsan_units gauge\nvsan_units 0\n", text, StringComparison.Ordinal);
        Assert.All(text.TrimEnd().Split('\n'), line => Assert.Matches("^(# (HELP|TYPE) vsan_.+|vsan_[a-z_]+ -?[0-9]+)$", line));
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

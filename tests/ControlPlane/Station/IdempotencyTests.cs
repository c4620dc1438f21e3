using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using VSan.Contracts.Api;
using VSan.Station.Rest;
using VSan.Tests.ControlPlane.Execution;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

/// <summary>Every verb of the API takes an Idempotency-Key: asked again it does nothing and answers the same, and a key is good for one request.</summary>
public sealed class IdempotencyTests
{
    /// <summary>All that begins or changes something and is no making of an object: from the description of the API.</summary>
    public static TheoryData<string> Verbs => new(VerbKeys);

    private static IEnumerable<string> VerbKeys => ApiDescription.All
        .Where(address => !address.Value.IsQuestion && ((address.Key.StartsWith("POST", StringComparison.Ordinal) && address.Key.Contains(':', StringComparison.Ordinal)) || IsDeletionThatTakesTime(address)))
        .Select(address => address.Key);

    [Fact]
    public void Samples_AreOfTheVerbsThatThereAre() => Assert.Empty(VerbSample.All.Keys.Except(VerbKeys));

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Verb_TheSameKeyAgain_GivesTheSameAnswerAndAnotherRequestIsRefused(string verb)
    {
        Assert.True(VerbSample.All.ContainsKey(verb), $"Add a sample of {verb} to VerbSample.");
        await using RestPool rest = await RestPool.StartAsync();
        VerbSample sample = await VerbSample.All[verb](rest);
        HttpMethod method = new(verb.Split(' ')[0]);

        (HttpStatusCode status, string answer) = await AskAsync(rest, method, sample.Path, sample.Body, "key");
        Assert.True((int)status < 300, $"{verb}: {answer}");
        Assert.Equal((status, Shape(answer)), Shaped(await AskAsync(rest, method, sample.Path, sample.Body, "key")));

        (HttpStatusCode refused, string problem) = await AskAsync(rest, method, sample.Path, sample.Other, "key");
        Assert.Equal((HttpStatusCode.Conflict, "idempotency-mismatch"), (refused, (string?)JsonNode.Parse(problem)!["code"]));
    }

    [Fact]
    public async Task Verb_ObjectChangedMeanwhile_TheRepetitionChangesNothingAndAFreshKeyDoes()
    {
        await using RestPool rest = await RestPool.StartAsync();
        string path = $"units/{rest.One}:cordon";
        await AskAsync(rest, HttpMethod.Post, path, null, "key");
        await rest.Services.Units.UncordonAsync(RestPool.Admin, rest.One, default);

        await AskAsync(rest, HttpMethod.Post, path, null, "key");
        Assert.False((await rest.Services.Units.GetAsync(RestPool.Admin, rest.One, default)).Cordoned);

        await AskAsync(rest, HttpMethod.Post, path, null, "fresh");
        Assert.True((await rest.Services.Units.GetAsync(RestPool.Admin, rest.One, default)).Cordoned);
    }

    [Fact]
    public async Task Verb_RepeatedWithTheTagItHad_IsNoLostUpdate()
    {
        await using RestPool rest = await RestPool.StartAsync();
        using HttpResponseMessage shown = await rest.Client.GetAsync($"units/{rest.One}");
        string tag = shown.Headers.ETag!.Tag;

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(rest, HttpMethod.Post, $"units/{rest.One}:cordon", null, "key", tag)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(rest, HttpMethod.Post, $"units/{rest.One}:cordon", null, "key", tag)).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await AskAsync(rest, HttpMethod.Post, $"units/{rest.One}:cordon", null, "fresh", tag)).Status);
    }

    [Fact]
    public async Task Verb_ObjectIsGoneSince_TheRepetitionGivesTheAnswerToWhoeverHadIt()
    {
        await using RestPool rest = await RestPool.StartAsync();
        Volume volume = await rest.Pool.VolumeAsync("v", rest.One);
        string path = $"volumes/{volume.Id}:purge?wait=20s";

        (HttpStatusCode status, string answer) = await AskAsync(rest, HttpMethod.Post, path, null, "key");
        Assert.Contains("succeeded", answer, StringComparison.Ordinal);
        Assert.Equal((status, Shape(answer)), Shaped(await AskAsync(rest, HttpMethod.Post, $"volumes/{volume.Id}:purge", null, "key")));
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(rest, HttpMethod.Post, path, null, "fresh")).Status);
    }

    [Fact]
    public async Task Verb_RefusedOnce_IsTriedAgainByTheSameKey()
    {
        await using RestPool rest = await RestPool.StartAsync();
        Volume volume = await rest.Pool.VolumeAsync("v", rest.One, rest.HostId);
        string path = $"volumes/{volume.Id}:purge";

        Assert.Equal(HttpStatusCode.Conflict, (await AskAsync(rest, HttpMethod.Post, path, null, "key")).Status);
        await rest.Pool.EndedAsync(await rest.Services.Mappings.DeleteAsync(RestPool.Admin, volume.Mappings[0].Id, default));
        Assert.Equal(HttpStatusCode.Accepted, (await AskAsync(rest, HttpMethod.Post, path, null, "key")).Status);
    }

    [Fact]
    public async Task Thaw_RepeatedAfterANewFreeze_LeavesItFrozen()
    {
        ManualClock clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using SimulatedPool pool = new(clock);
        Guid[] units = [await pool.JoinAsync("one"), await pool.JoinAsync("two"), await pool.JoinAsync("three")];
        await FreezeAsync(pool, clock);
        VSan.Station.Execution.Caller asking = SimulatedPool.Admin.Asking("key", "thaw", ApiJson.Default.String);
        Assert.False((await pool.Services.Pool.ThawAsync(asking, default)).Frozen);

        foreach (Guid unit in units) pool.Station.Connect(unit);
        clock.Advance(TimeSpan.FromSeconds(1));
        await StationTests.UntilAsync(async () => (await pool.Services.Events.RecentAsync(1000, default)).Count(happened => happened.Kind == "unit.present") == units.Length);
        await FreezeAsync(pool, clock);
        Assert.True((await pool.Services.Pool.ThawAsync(asking, default)).Frozen);
        Assert.False((await pool.Services.Pool.ThawAsync(SimulatedPool.Admin, default)).Frozen);
    }

    private static async Task FreezeAsync(SimulatedPool pool, ManualClock clock)
    {
        clock.Advance(TimeSpan.FromSeconds(11));
        await StationTests.UntilAsync(() => Task.FromResult(pool.Services.Presence.Frozen));
    }

    private static bool IsDeletionThatTakesTime(KeyValuePair<string, AddressDescription> address) => address.Key.StartsWith("DELETE", StringComparison.Ordinal) && address.Value.Status == 202;

    private static async Task<(HttpStatusCode Status, string Answer)> AskAsync(RestPool rest, HttpMethod method, string path, string? body, string key, string? tag = null)
    {
        using HttpRequestMessage request = new(method, $"./{path}");
        request.Headers.Add("Idempotency-Key", key);
        if (tag is not null) request.Headers.Add("If-Match", tag);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await rest.Client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static (HttpStatusCode Status, string Shape) Shaped((HttpStatusCode Status, string Answer) asked) => (asked.Status, Shape(asked.Answer));

    // Operations go on meanwhile: they are the same by their identity.
    private static string Shape(string answer) => answer.Length == 0 ? answer : Shape(JsonNode.Parse(answer)!).ToJsonString();

    private static JsonNode Shape(JsonNode node) => node switch
    {
        JsonObject operation when operation.ContainsKey("steps") => operation["id"]!.DeepClone(),
        JsonObject other => new JsonObject(other.Select(member => KeyValuePair.Create(member.Key, member.Value is null ? null : Shape(member.Value)))),
        JsonArray array => new JsonArray([.. array.Select(item => item is null ? null : Shape(item))]),
        _ => node.DeepClone(),
    };
}

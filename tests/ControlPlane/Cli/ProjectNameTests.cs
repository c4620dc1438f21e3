using Xunit;

namespace VSan.Tests.ControlPlane.Cli;

/// <summary>Names that several projects have: nothing is done to one of them that was not meant.</summary>
public sealed class ProjectNameTests : CommandTestBase
{
    private const string OfDefault = "22222222-2222-2222-2222-222222222222";
    private const string OfWeb = "44444444-4444-4444-4444-444444444444";
    private const string Operation = """{"id":"33333333-3333-3333-3333-333333333333","kind":"k","title":"T","state":"running","percent":0,"phase":"p","steps":[],"subjectId":"22222222-2222-2222-2222-222222222222","requestedBy":"admin","cancellable":false,"createdAt":"2026-01-01T00:00:00Z"}""";

    private static readonly string Volumes = $$"""{"items":[{{Volume(OfDefault, "default")}},{{Volume(OfWeb, "web")}}]}""";
    private static readonly string Shares = $$"""{"items":[{{Share(OfDefault, "default")}},{{Share(OfWeb, "web")}}]}""";

    /// <summary>Every verb that takes the name of something of a project, without the project.</summary>
    public static TheoryData<string> Verbs =>
    [
        "volume show db", "volume delete db", "volume delete db --now --yes", "volume expand db --size 20GiB", "volume move db", "volume limit db --none",
        "map db demo", "unmap db demo", "connect-info db demo",
        "snapshot create s --volume db", "snapshot list --volume db", "snapshot show db@s", "snapshot clone db@s c", "snapshot delete db@s --yes",
        "schedule create n --daily 7 --volume db", "schedule attach usual db", "schedule detach usual db", "trash restore db",
        "share show db", "share bind db --user ann", "share unbind db --user ann", "share delete db --yes",
    ];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Name_OfSeveralProjects_IsUsageWithTheCandidates(string verb)
    {
        await PrepareAsync();
        Assert.Equal(2, await RunAsync(verb.Split(' ')));
        Assert.Contains($"{OfDefault} in project default, {OfWeb} in project web", Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Say which with --project PROJECT, or give the id", Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Station.Requests.Skip(1), request => !request.StartsWith("GET", StringComparison.Ordinal));
    }

    /// <summary>What follows is not answered: it is enough that it is asked of the one that was meant.</summary>
    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Name_WithItsProject_IsTheOneThere(string verb)
    {
        await PrepareAsync();
        await RunAsync([.. verb.Split(' '), "--project", "web"]);
        Assert.DoesNotContain("names more than one", Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Station.Requests, request => request.Contains(OfDefault, StringComparison.Ordinal));
        Assert.DoesNotContain("Unrecognized", Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_WithItsProject_DeletesThatOne()
    {
        await PrepareAsync();
        Station.Answer($"POST /api/v1/volumes/{OfWeb}:purge", 202, Operation);
        Assert.Equal(0, await RunAsync("volume", "delete", "db", "--project", "web", "--now", "--yes"));
    }

    [Fact]
    public async Task Name_NotInTheProject_IsNotFound()
    {
        await PrepareAsync();
        Assert.Equal(3, await RunAsync("volume", "show", "db", "--project", "other"));
        Assert.Contains("no volume named 'db' in project 'other'", Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Id_OfAnotherProject_IsNotFound()
    {
        await PrepareAsync();
        Station.Answer($"GET /api/v1/volumes/{OfWeb}", 200, Volume(OfWeb, "web"));
        Assert.Equal(3, await RunAsync("volume", "show", OfWeb, "--project", "default"));
        Assert.Equal(0, await RunAsync("volume", "show", OfWeb, "--project", "web"));
        Assert.Equal(0, await RunAsync("volume", "show", OfWeb));
    }

    [Fact]
    public async Task Restore_TwoOfOneProject_IsTheLastOne()
    {
        await PrepareAsync();
        string first = Trashed(OfDefault, "2026-01-01T00:00:00Z"), last = Trashed(OfWeb, "2026-01-02T00:00:00Z");
        Station.Answer("GET /api/v1/trash", 200, $$"""{"items":[{{last}},{{first}}]}""");
        Station.Answer($"POST /api/v1/volumes/{OfWeb}:restore", 200, last);
        Assert.Equal(0, await RunAsync("trash", "restore", "db"));
    }

    private static string Volume(string id, string project) =>
        $$"""{"id":"{{id}}","name":"db","projectName":"{{project}}","owner":"o","sizeBytes":10737418240,"blockSizeBytes":512,"thin":true,"layout":"single","state":"ready","legs":[],"mappings":[],"createdAt":"2026-01-01T00:00:00Z"}""";

    private static string Trashed(string id, string purgeAt) => Volume(id, "default").Replace("\"thin\"", $"\"purgeAt\":\"{purgeAt}\",\"thin\"", StringComparison.Ordinal);

    private static string Share(string id, string project) =>
        $$"""{"id":"{{id}}","projectId":"{{id}}","projectName":"{{project}}","name":"db","sizeBytes":1,"unitId":"{{id}}","unitName":"u","url":"x","owner":"o","state":"ready","bindings":[],"createdAt":"2026-01-01T00:00:00Z"}""";

    private async Task PrepareAsync()
    {
        await LogInAsync();
        Station.Answer("GET /api/v1/volumes?name=db", 200, Volumes);
        Station.Answer("GET /api/v1/shares?name=db", 200, Shares);
        Station.Answer("GET /api/v1/trash", 200, Volumes);
        Station.Answer("GET /api/v1/hosts?name=demo", 200, $$"""{"items":[{"id":"{{Guid.Empty}}","name":"demo","initiatorName":"iqn.x","mappings":0,"createdAt":"2026-01-01T00:00:00Z"}]}""");
        Station.Answer(
            "GET /api/v1/schedules?name=usual", 200,
            $$"""{"items":[{"id":"{{Guid.Empty}}","name":"usual","hourly":0,"daily":7,"weekly":0,"monthly":0,"minute":0,"hour":0,"oneMoment":false,"volumeIds":[]}]}""");
    }
}

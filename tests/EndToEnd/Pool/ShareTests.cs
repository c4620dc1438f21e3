using VSan.Contracts.Api;
using VSan.Tests.EndToEnd.Harness;
using Xunit;

namespace VSan.Tests.EndToEnd.Pool;

/// <summary>The second kind of service from the command line to a file that curl puts and gets.</summary>
public sealed class ShareTests
{
    private const string Refused = "401";

    [Fact]
    public async Task Share_MadeBoundUsedAndReleased_OverRestartsOfStationAndAgent()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using TestPool pool = await TestPool.StartAsync(directory, units: 2);
        Assert.Contains("storage.file", (await pool.Cli.RunAsync("service-kind", "list")).Succeeded().Output, StringComparison.Ordinal);
        (await pool.Cli.RunAsync("share", "create", "papers", "--size", "64MiB", "--wait")).Succeeded();
        string certificate = directory.File("papers.pem");
        ShareBound bound = await pool.Cli.JsonAsync<ShareBound>("share", "bind", "papers", "--user", "ann", "--certificate-file", certificate, "--wait");
        Curl curl = new(directory, certificate, bound);

        byte[] content = new byte[3 << 20];
        Random.Shared.NextBytes(content);
        await File.WriteAllBytesAsync(directory.File("put"), content);
        Assert.Equal("201", await curl.PutAsync(directory.File("put")));
        Assert.Equal("200", await curl.GetAsync(directory.File("got")));
        Assert.Equal(content, await File.ReadAllBytesAsync(directory.File("got")));
        Assert.Equal(Refused, await curl.With(bound.UserName, "wrong").GetAsync(directory.File("refused")));
        Assert.Equal(Refused, await curl.With("ann", bound.Password).GetAsync(directory.File("refused")));
        Assert.NotEqual("200", await new Curl(directory, pool.Station.CaFile, bound).GetAsync(directory.File("refused")));

        // The station is not on the way to the files, and neither is an agent that starts again.
        await pool.Station.Process.KillAsync();
        Assert.Equal("200", await curl.GetAsync(directory.File("got")));
        await pool.Station.StartAgainAsync();
        await pool.AllReadyAsync();
        Share share = await pool.Cli.JsonAsync<Share>("share", "show", "papers");
        Assert.Equal((ShareState.Ready, bound.Url), (share.State, share.Url));
        UnitUnderTest unit = pool.Units.Single(one => one.Name == share.UnitName);
        await unit.Agent.KillAsync();
        Assert.Equal("200", await curl.GetAsync(directory.File("got")));
        await unit.Agent.DisposeAsync();
        unit.StartAgent();
        await unit.ReadyAsync();
        Assert.Equal("200", await curl.GetAsync(directory.File("got")));
        Assert.Equal(content, await File.ReadAllBytesAsync(directory.File("got")));
        await Eventually.TrueAsync("what the share takes is told", async () => (await pool.Api.GetAsync<Share>($"shares/{share.Id}")).UsedBytes >= content.Length);

        (await pool.Cli.RunAsync("share", "unbind", "papers", "--user", "ann", "--wait")).Succeeded();
        Assert.Equal(Refused, await curl.GetAsync(directory.File("refused")));
        (await pool.Cli.RunAsync("share", "delete", "papers", "--yes", "--wait")).Succeeded();
        Assert.Equal("000", await curl.GetAsync(directory.File("refused")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(unit.Store, "shares")));
        Assert.Equal(0, (await pool.Api.GetAsync<VSan.Contracts.Api.Pool>("pool")).PromisedBytes);
    }

    /// <summary>Curl with the credential in a file, as an administrator would keep it out of the list of processes.</summary>
    private sealed class Curl(TestDirectory directory, string certificate, ShareBound bound)
    {
        private string _user = bound.UserName;
        private string _password = bound.Password;

        public Curl With(string user, string password) => new(directory, certificate, bound) { _user = user, _password = password };

        public Task<string> PutAsync(string file) => RunAsync("--upload-file", file);

        public Task<string> GetAsync(string file) => RunAsync("--output", file);

        // The status, or 000 when there was no answer that could be believed.
        private async Task<string> RunAsync(params string[] arguments)
        {
            string credential = directory.SecretFile($"curl-{Guid.NewGuid():N}", $"user = \"{_user}:{_password}\"\n");
            ToolRun run = await ToolRun.RunAsync("curl", ["--silent", "--config", credential, "--cacert", certificate, "--write-out", "%{stderr}%{http_code}", .. arguments, $"{bound.Url}file"]);
            return run.Errors.Trim()[^3..];
        }
    }
}

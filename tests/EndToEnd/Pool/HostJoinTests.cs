using VSan.Contracts.Api;
using VSan.IscsiInitiator;
using VSan.Tests.EndToEnd.Harness;
using Xunit;

namespace VSan.Tests.EndToEnd.Pool;

/// <summary>A host joins by the command line and uses the pool by its certificate, until that is revoked.</summary>
public sealed class HostJoinTests
{
    private const int Denied = 5;

    [Fact]
    public async Task Host_JoinsAsksForAVolumeAndUsesIt_UntilItsCertificateIsRevoked()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using TestPool pool = await TestPool.StartAsync(directory, units: 1);
        Host host = await pool.AddHostAsync("db");
        string own = directory.File("db.member");
        string token = directory.SecretFile("db.token", (await pool.Cli.RunAsync("host", "enroll-token", "db", "-o", "name")).Succeeded().Output.Trim());
        string station = pool.Station.Address.GetLeftPart(UriPartial.Authority);

        // Another CA is not believed, and leaves the token unused.
        Assert.Equal(Denied, (await pool.Cli.RunAsync("host", "join", "--dir", directory.File("wrong"), "--station", station, "--ca-fingerprint", "sha256:" + new string('a', 64), "--token-file", token)).ExitCode);
        (await pool.Cli.RunAsync("host", "join", "--dir", own, "--station", station, "--ca-fingerprint", pool.Station.CaFingerprint, "--token-file", token)).Succeeded();
        foreach (string file in Directory.EnumerateFiles(own)) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        await pool.Api.SendAsync(HttpMethod.Put, $"/api/v1/hosts/{host.Id}/quota", """{ "bytesMax": 134217728, "volumesMax": 1 }""");

        (await pool.Cli.RunAsync("--certificate", own, "volume", "create", "data", "--size", "64MiB", "--wait")).Succeeded();
        ConnectInfo info = await pool.Cli.JsonAsync<ConnectInfo>("--certificate", own, "connect-info", "data", "db");
        await QemuIo.WriteAndReadBackAsync(directory, HostAccess.Of(info, info.Legs.Single()), 0x3c);
        await pool.CreateVolumeAsync("theirs", await pool.AddHostAsync("other"));
        Assert.Equal("data", (await pool.Cli.RunAsync("--certificate", own, "volume", "list", "-o", "name")).Succeeded().Output.Trim());
        Assert.NotEqual(0, (await pool.Cli.RunAsync("--certificate", own, "connect-info", "theirs", "other")).ExitCode);
        Assert.NotEqual(0, (await pool.Cli.RunAsync("--certificate", own, "volume", "create", "more", "--size", "64MiB")).ExitCode);

        // The same directory gets the next certificate without a token.
        (await pool.Cli.RunAsync("host", "join", "--dir", own)).Succeeded();
        (await pool.Cli.RunAsync("host", "revoke", "db")).Succeeded();
        Assert.Equal(Denied, (await pool.Cli.RunAsync("--certificate", own, "volume", "list")).ExitCode);
        Assert.Equal(Denied, (await pool.Cli.RunAsync("host", "join", "--dir", own)).ExitCode);
        await QemuIo.WriteAndReadBackAsync(directory, HostAccess.Of(info, info.Legs.Single()), 0x3d);
    }
}

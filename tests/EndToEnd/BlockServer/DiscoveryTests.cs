using VSan.Contracts.BlockServer;
using VSan.IscsiInitiator;
using VSan.Tests.EndToEnd.Harness;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>A server that tells its targets only to whoever proves itself.</summary>
public sealed class DiscoveryTests
{
    private static readonly ChapCredential Finder = new("finder", "a-secret-to-discover"), Wrong = Finder with { Secret = "not-the-right-secret" };

    [Fact]
    public async Task Discovery_ThatMustAuthenticate_TellsTheTargetsToWhoKnowsTheSecretOnly()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory) { Chap = Finder }.WithVolume();
        await server.ApplyAsync(setup.Next() with { Discovery = new DiscoveryConfiguration(Finder) });
        HostAccess wrong = setup.Access() with { ChapSecret = Wrong.Secret }, none = setup.Access() with { ChapUser = null, ChapSecret = null };
        Assert.Contains(BlockServerSetup.Target, (await LibIscsi.ListAsync(setup.Access())).Succeeded().Output, StringComparison.Ordinal);
        Assert.DoesNotContain(BlockServerSetup.Target, (await LibIscsi.ListAsync(wrong)).Output, StringComparison.Ordinal);
        foreach (HostAccess refused in new[] { wrong, none })
        {
            LoginRefusedException refusal = await Assert.ThrowsAsync<LoginRefusedException>(() => IscsiSession.LoginAsync(refused, discovery: true));
            Assert.Equal(LoginRefusedException.AuthenticationFailure, refusal.Status);
        }

        await using IscsiSession session = await IscsiSession.LoginAsync(setup.Access(), discovery: true);
        Assert.Contains(BlockServerSetup.Target, await session.SendTargetsAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(Finder.Secret, server.Process.Output, StringComparison.Ordinal);

        // The control: a server that asks for no proof tells anybody who may log in.
        await server.ApplyAsync(setup.Next());
        await using IscsiSession open = await IscsiSession.LoginAsync(none, discovery: true);
        Assert.Contains(BlockServerSetup.Target, await open.SendTargetsAsync(), StringComparison.Ordinal);
    }
}

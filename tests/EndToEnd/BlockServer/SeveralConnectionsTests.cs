using VSan.Contracts.BlockServer;
using VSan.IscsiInitiator;
using Xunit;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>Sessions of several connections against the real server, whose rings they are accepted on by turns (RFC 7143, 4.2.2).</summary>
public sealed class SeveralConnectionsTests
{
    private const int ChunkBytes = 4096, BlocksPerChunk = 8, ChunksPerConnection = 400;
    private static readonly ChapCredential Chap = new("host-user", "a-secret-of-24-characters");

    [Fact]
    public async Task Session_OfFourConnectionsOverTwoPortalsAndRings_EveryByteIsRight()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, start: new BlockServerStart { Rings = 2 });
        BlockServerSetup setup = new BlockServerSetup(directory) { Chap = Chap, MorePortals = [Loopback.Free()] }.WithVolume();
        await server.ApplyAsync(setup.Next());
        HostAccess access = setup.Access() with { Connections = 4 };
        await using IscsiSession leading = await IscsiSession.LoginAsync(access);
        Assert.Equal("4", leading.Keys["MaxConnections"]);
        await using IscsiSession second = await leading.JoinAsync(1, access with { Portal = setup.MorePortals[0], Digests = true });
        await using IscsiSession third = await leading.JoinAsync(2);
        await using IscsiSession fourth = await leading.JoinAsync(3, access with { Digests = true });
        Assert.Equal(4, (await server.InspectAsync()).Sessions.Single().Peer.Split(',').Length);

        // All at once through one window, so that commands overtake each other on the way.
        IscsiSession[] connections = [leading, second, third, fourth];
        await Task.WhenAll(connections.Select((connection, number) => WriteAsync(connection, number)));
        await Task.WhenAll(connections.Select((connection, number) => CheckAsync(connection, (number + 1) % connections.Length)));
        Assert.All(connections, connection => Assert.True(!connection.HasEnded && connection.Rejects.IsEmpty));
    }

    [Fact]
    public async Task Connection_LogsOutOrIsCut_SessionGoesOnOrEnds()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, start: new BlockServerStart { Rings = 2 });
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await server.ApplyAsync(setup.Next());
        await using IscsiSession leading = await IscsiSession.LoginAsync(setup.Access() with { Connections = 3 });
        await using IscsiSession second = await leading.JoinAsync(1);
        await using IscsiSession third = await leading.JoinAsync(2);
        await third.LogoutConnectionAsync(2);
        await third.Closed;
        Assert.Equal(ScsiResult.Good, (await second.ExecuteAsync(ScsiCommand.TestUnitReady())).Status);

        // The place of one that is gone, and of one that is there.
        await using IscsiSession again = await leading.JoinAsync(2);
        await using IscsiSession successor = await leading.JoinAsync(1);
        await second.Closed;
        Assert.Equal(ScsiResult.Good, (await successor.ExecuteAsync(ScsiCommand.TestUnitReady())).Status);
        LoginRefusedException refused = await Assert.ThrowsAsync<LoginRefusedException>(() => leading.JoinAsync(7));
        Assert.Equal(LoginRefusedException.TooManyConnections, refused.Status);

        again.Drop();
        await Task.WhenAll(leading.Closed, successor.Closed);
        await Eventually.TrueAsync("the session is gone", async () => (await server.InspectAsync()).Sessions.Count == 0);
    }

    private static async Task WriteAsync(IscsiSession connection, int number)
    {
        ScsiResult[] ends = await Task.WhenAll(Enumerable.Range(0, ChunksPerConnection)
            .Select(chunk => connection.ExecuteAsync(ScsiCommand.Write(Lba(number, chunk), BlocksPerChunk), write: Content(number, chunk))));
        Assert.All(ends, end => Assert.Equal(ScsiResult.Good, end.Status));
    }

    private static async Task CheckAsync(IscsiSession connection, int number)
    {
        ScsiResult[] ends = await Task.WhenAll(Enumerable.Range(0, ChunksPerConnection)
            .Select(chunk => connection.ExecuteAsync(ScsiCommand.Read(Lba(number, chunk), BlocksPerChunk), ChunkBytes)));
        for (int chunk = 0; chunk < ChunksPerConnection; chunk++) Assert.Equal(Content(number, chunk), ends[chunk].Data);
    }

    private static ulong Lba(int number, int chunk) => (ulong)(((number * ChunksPerConnection) + chunk) * BlocksPerChunk);

    private static byte[] Content(int number, int chunk)
    {
        byte[] content = new byte[ChunkBytes];
        new Random((number << 16) | chunk).NextBytes(content);
        return content;
    }
}

using System.Diagnostics;
using System.Net.Sockets;
using VSan.IscsiInitiator;
using Xunit;
using Xunit.Abstractions;

namespace VSan.Tests.EndToEnd.BlockServer;

/// <summary>Very many initiators, and peers that are slow, silent or half there: each costs what docs/limits.md says, and holds up nobody else.</summary>
public sealed class ManyPeersTests(ITestOutputHelper output)
{
    private const int SessionCount = 1000;
    private const int QueueDepth = 4;
    private const int FloodCount = 5000;

    // The buffers, chunks and books of two rings and what the process takes itself: docs/limits.md.
    private const long ResidentBytesMax = 256L << 20;

    [Fact]
    public async Task ThousandSessions_EachReadsAtQueueDepthFour_AllAreServedWithinTheMemoryBound()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, start: new BlockServerStart { Rings = 2 });
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await server.ApplyAsync(setup.Next());
        IscsiSession[] sessions = new IscsiSession[SessionCount];
        await Parallel.ForAsync(0, SessionCount, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (index, cancellation) => sessions[index] = await IscsiSession.LoginAsync(setup.Access(), cancellation: cancellation));
        try
        {
            Assert.Equal(SessionCount, (await server.InspectAsync()).Sessions.Count);
            long start = Stopwatch.GetTimestamp();
            TimeSpan[] taken = await Task.WhenAll(sessions.Select(session => ReadAsync(session, start)));
            output.WriteLine($"{SessionCount} sessions x {QueueDepth} reads: first answered whole after {taken.Min().TotalMilliseconds:0} ms, last after {taken.Max().TotalMilliseconds:0} ms");
            long resident = server.Process.ResidentBytes;
            output.WriteLine($"{resident >> 20} MiB resident");
            Assert.True(resident <= ResidentBytesMax, $"{resident} bytes resident");
        }
        finally
        {
            foreach (IscsiSession session in sessions) await session.DisposeAsync();
        }
    }

    [Fact]
    public async Task HalfOpenLogins_FiveThousandOfThem_ASessionWorksOnAndALoginSucceedsMeanwhile()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await server.ApplyAsync(setup.Next());
        await using VerifiedLoad load = VerifiedLoad.Start(setup.Access(), seed: 1);
        await load.ProgressAsync();
        List<Socket> flood = [];
        List<double> logins = [];
        try
        {
            for (int i = 0; i < FloodCount; i++)
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(setup.Portal);
                flood.Add(socket);
                if (i % 250 != 0) continue;
                long start = Stopwatch.GetTimestamp();
                await using IscsiSession session = await IscsiSession.LoginAsync(setup.Access());
                logins.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                Assert.Equal(ScsiResult.Good, (await session.ExecuteAsync(ScsiCommand.TestUnitReady())).Status);
            }

            output.WriteLine($"a login among {FloodCount} half-open ones: median {logins.Order().ElementAt(logins.Count / 2):0.0} ms, longest {logins.Max():0.0} ms");
            await load.ProgressAsync();
            Assert.Empty(load.Failures);
            Assert.Equal(0, load.Reconnects);

            // What is left of the flood ends by itself: a login has 15 s.
            await Eventually.TrueAsync("the half-open connections are closed", () => flood.TrueForAll(HasEnded), TimeSpan.FromSeconds(40));
        }
        finally
        {
            foreach (Socket socket in flood) socket.Dispose();
        }
    }

    [Fact]
    public async Task PeerThatSendsAByteAtATime_IsServedLikeAnyOther()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await server.ApplyAsync(setup.Next());
        await using IscsiSession session = await IscsiSession.LoginAsync(setup.Access());
        foreach (byte one in session.Numbered(new IscsiPdu(0x00) { TargetTransferTag = IscsiPdu.NoTag }).ToBytes()) session.SendRaw([one]);
        Assert.Equal(ScsiResult.Good, (await session.ExecuteAsync(ScsiCommand.TestUnitReady())).Status);
        Assert.Empty(session.Rejects);
    }

    [Fact]
    public async Task PeerThatReadsNothing_HoldsUpItselfAlone()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory);
        BlockServerSetup setup = new BlockServerSetup(directory).WithVolume();
        await server.ApplyAsync(setup.Next());
        await using DeafInitiator deaf = await DeafInitiator.LogInAsync(setup.Access());
        await deaf.AskForAsync(commands: 64, bytes: 1 << 20);
        await using VerifiedLoad load = VerifiedLoad.Start(setup.Access(), seed: 1, queueDepth: 8);
        await load.ProgressAsync(2000);
        Assert.Empty(load.Failures);
        Assert.Equal(0, load.Reconnects);
    }

    private static async Task<TimeSpan> ReadAsync(IscsiSession session, long start)
    {
        ScsiResult[] results = await Task.WhenAll(Enumerable.Range(0, QueueDepth).Select(number => session.ExecuteAsync(ScsiCommand.Read((ulong)number * 8, 8), 4096)));
        Assert.All(results, result => Assert.Equal(ScsiResult.Good, result.Status));
        return Stopwatch.GetElapsedTime(start);
    }

    private static bool HasEnded(Socket socket)
    {
        try
        {
            return socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}

using VSan.Contracts.BlockServer;
using VSan.IscsiInitiator;
using VSan.Tests.Fuzz.Grammar;
using VSan.Tests.Fuzz.Oracles;
using VSan.Tests.Harness;

namespace VSan.Tests.Fuzz.Sockets;

/// <summary>The block server as a process, with what the grammar knows of, and a volume of its own for an honest host.</summary>
internal sealed class FuzzedServer : IAsyncDisposable
{
    private const string HonestTarget = "iqn.2026-11.io.vsan-appliance:fuzz.honest";

    /// <summary>What one ring may come to (docs/limits.md), and the runtime's own.</summary>
    private const long ResidentBytesMax = 256L << 20;

    private readonly BlockServerUnderTest _server;
    private readonly BlockServerSetup _honest;

    private FuzzedServer(BlockServerUnderTest server, BlockServerSetup honest) => (_server, _honest) = (server, honest);

    public System.Net.IPEndPoint Portal => _honest.Portal;

    public bool Running => _server.Process.Running;

    public long ResidentBytes => _server.Process.ResidentBytes;

    public static async Task<FuzzedServer> StartAsync(TestDirectory directory, string? sabotage)
    {
        BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, start: new BlockServerStart { Sabotage = sabotage });
        BlockServerSetup honest = new BlockServerSetup(directory).WithVolume(1 << 20);
        BlockServerConfiguration own = honest.Next();
        VolumeConfiguration[] volumes = [.. FuzzNames.BlockBytes.Select(Volume)];
        LogicalUnitConfiguration[] units = [new(0, volumes[0].Id, false), new(1, volumes[1].Id, false), new(2, volumes[0].Id, true)];
        ChapCredential secret = new(FuzzNames.User, FuzzNames.Secret), turn = new(FuzzNames.TargetUser, FuzzNames.TargetSecret);
        await server.ApplyAsync(own with
        {
            Volumes = [.. own.Volumes, .. volumes],
            Targets =
            [
                own.Targets[0] with { Name = HonestTarget },
                new TargetConfiguration(FuzzNames.Open, [new AccessConfiguration("*", null, units)]),
                new TargetConfiguration(FuzzNames.Guarded, [new AccessConfiguration("*", secret, units, turn)]),
            ],
        });
        return new FuzzedServer(server, honest);
    }

    /// <summary>It lives, says nothing of a crash, is no larger than it may be, and serves an honest host.</summary>
    /// <exception cref="FindingException">One of them is not so.</exception>
    public async Task AssertWellAsync()
    {
        if (!Running) throw new FindingException($"The process ended:\n{_server.Process.Output}");
        if (ResidentBytes > ResidentBytesMax) throw new FindingException($"The process has {ResidentBytes >> 20} MiB.");
        if (_server.Process.Output.Contains("Unhandled", StringComparison.OrdinalIgnoreCase)) throw new FindingException(_server.Process.Output);
        try
        {
            using CancellationTokenSource patience = new(Eventually.Patience);
            await using IscsiSession session = await IscsiSession.LoginAsync(_honest.Access() with { Target = HonestTarget }, cancellation: patience.Token);
            ScsiResult read = await session.ExecuteAsync(ScsiCommand.Read(0, 8), 8 * 512).WaitAsync(patience.Token);
            if (read.Status != ScsiResult.Good) throw new FindingException($"An honest host reads with {read}.");
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException or OperationCanceledException or TimeoutException or InvalidDataException)
        {
            throw new FindingException($"An honest host is not served: {error.Message}");
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static VolumeConfiguration Volume(int blockBytes, int lun) => new(
        Guid.NewGuid(), VolumeKind.Memory, null, (long)FuzzNames.Blocks * blockBytes, blockBytes, Thin: true, WriteCache: lun == 0, FuzzNames.Naa(lun), FuzzNames.Serial(lun));
}

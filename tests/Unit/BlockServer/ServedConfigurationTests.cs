using System.Net;
using System.Net.Sockets;
using VSan.Contracts.BlockServer;
using Xunit;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>Configurations applied by difference, while a session that they do not concern reads and writes.</summary>
public sealed class ServedConfigurationTests
{
    private static readonly ChapCredential OldSecret = new("host", "the-old-secret-of-the-host");
    private static readonly ChapCredential NewSecret = new("host", "the-new-secret-of-the-host");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Volumes_AddedGrownAndRemoved_DoNotDisturbAnotherSession(int rings)
    {
        using var bench = new ServingBench(rings);
        VolumeConfiguration first = bench.Volume(1), second = bench.Volume(2), third = bench.Volume(3, VolumeKind.File);
        Assert.Null(bench.Serve(first).Error);
        using var load = new SteadyLoad(bench.LogIn());
        for (int round = 0; round < 5; round++)
        {
            Assert.Null(bench.Serve(first, second, third).Error);
            load.Progress();
            Assert.Null(bench.Serve(first, second with { SizeBytes = 2 * ServingBench.VolumeBytes }, third).Error);
            Assert.Equal(2 * ServingBench.VolumeBytes, bench.Inspect().Volumes.Single(one => one.Id == second.Id).SizeBytes);
            load.Progress();
            Assert.Null(bench.Serve(first).Error);
            load.Progress();
        }

        _ = Assert.Single(bench.Inspect().Sessions);
    }

    [Fact]
    public void Volume_TakenAwayFromASession_DisturbsIt()
    {
        using var bench = new ServingBench();
        Assert.Null(bench.Serve(bench.Volume(1), bench.Volume(2)).Error);
        var load = new SteadyLoad(bench.LogIn());
        load.Progress();
        Assert.Null(bench.Serve(bench.Volume(2)).Error);
        load.AwaitEnd();
        Assert.ThrowsAny<Exception>(load.Dispose);
    }

    [Fact]
    public void Generation_OlderOrSameWithOtherContent_IsRefusedAndTheSameIsNoChange()
    {
        using var bench = new ServingBench();
        Assert.Null(bench.Serve(bench.Volume(1)).Error);
        BlockServerConfiguration older = bench.Wanted;
        Assert.Null(bench.Serve(bench.Volume(1), bench.Volume(2)).Error);
        Assert.Contains("older", bench.Apply(older).Error, StringComparison.Ordinal);
        Assert.Contains("other content", bench.Apply(older with { Generation = 2 }).Error, StringComparison.Ordinal);
        using RawInitiator initiator = bench.LogIn();
        Assert.Null(bench.Apply(bench.Wanted).Error);
        Assert.Equal(new CommandEnd(0, 0), initiator.Flush());
        Assert.Equal(2, bench.Inspect().Volumes.Count);
    }

    [Fact]
    public void SelfTest_ComesAndGoesWithinAGeneration_AndIsServedToWhoTestsAlone()
    {
        const string TestTarget = "iqn.2026-11.io.vsan-appliance:health";
        const string Tester = "iqn.2026-11.io.vsan-appliance:agent";
        using var bench = new ServingBench();
        Assert.Null(bench.Serve(bench.Volume(1)).Error);
        VolumeConfiguration volume = bench.Volume(2);
        AccessConfiguration access = new(Tester, new ChapCredential("agent", "0123456789abcdef"), [new LogicalUnitConfiguration(0, volume.Id, false)]);
        Assert.Null(bench.Apply(bench.Wanted with { SelfTest = new SelfTestConfiguration(volume, new TargetConfiguration(TestTarget, [access])) }).Error);
        using (RawInitiator tester = RawInitiator.LogIn(bench.Portal, TestTarget, Tester, ("agent", "0123456789abcdef"))) Assert.Equal(ServingBench.VolumeBytes, tester.Capacity());
        Assert.ThrowsAny<Exception>(() => RawInitiator.LogIn(bench.Portal, TestTarget, Tester, ("agent", "another-secret-1")).Dispose());
        using (RawInitiator host = bench.LogIn()) Assert.Equal(ServingBench.VolumeBytes, host.Capacity());
        Assert.Null(bench.Apply(bench.Wanted with { SelfTest = null }).Error);
        Assert.ThrowsAny<Exception>(() => RawInitiator.LogIn(bench.Portal, TestTarget, Tester, ("agent", "0123456789abcdef")).Dispose());
        Assert.Single(bench.Inspect().Volumes);
    }

    [Fact]
    public void Volume_WithoutItsFile_IsReportedAndTheOthersAreServed()
    {
        using var bench = new ServingBench();
        VolumeConfiguration broken = bench.Volume(2) with { Kind = VolumeKind.File, Path = Path.Combine(bench.Folder, "absent.img") };
        Assert.Contains("absent.img", bench.Serve(bench.Volume(1), broken).Error, StringComparison.Ordinal);
        using RawInitiator initiator = bench.LogIn();
        Assert.Equal(ServingBench.VolumeBytes, initiator.Capacity());
        Assert.Equal("failed", bench.Inspect().Volumes.Single(one => one.Id == broken.Id).State);
    }

    [Fact]
    public void Volume_ThinThatBecomesThick_IsRefusedAndGoesOn()
    {
        using var bench = new ServingBench();
        VolumeConfiguration thin = bench.Volume(1, VolumeKind.File);
        Assert.Null(bench.Serve(thin).Error);
        using RawInitiator initiator = bench.LogIn();
        Assert.Contains("add it again", bench.Serve(thin with { Thin = false }).Error, StringComparison.Ordinal);
        Assert.Equal(new CommandEnd(0, 0), initiator.Flush());
        Assert.Equal("thin", bench.Inspect().Volumes[0].Provisioning);
    }

    [Fact]
    public void Volumes_ThinAndThick_TellWhatTheyTake()
    {
        using var bench = new ServingBench();
        VolumeConfiguration thin = bench.Volume(1, VolumeKind.File), thick = bench.Volume(2, VolumeKind.File) with { Thin = false };
        Assert.Null(bench.Serve(thin, thick, bench.Volume(3)).Error);
        IReadOnlyList<VolumeInspection> seen = bench.Inspect().Volumes;
        Assert.Equal(["thin", "thick", "thin"], seen.Select(one => one.Provisioning));
        Assert.InRange(seen[0].AllocatedBytes!.Value, 0, 65536);
        Assert.InRange(seen[1].AllocatedBytes!.Value, ServingBench.VolumeBytes, ServingBench.VolumeBytes + 65536);
        Assert.Null(seen[2].AllocatedBytes);
    }

    [Fact]
    public void Portal_InUse_IsReportedAndTheOthersAreServed()
    {
        using var bench = new ServingBench();
        Assert.Null(bench.Serve(bench.Volume(1)).Error);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        Assert.Contains($"portal {taken.LocalEndpoint}", bench.ServeOn("127.0.0.1:0", $"{taken.LocalEndpoint}").Error, StringComparison.Ordinal);
        _ = Assert.Single(bench.Inspect().Portals);
        using RawInitiator initiator = bench.LogIn();
        Assert.Equal(new CommandEnd(0, 0), initiator.Flush());
    }

    [Fact]
    public void Portal_Replaced_KeepsItsSessionsAndTakesNoNewOnes()
    {
        using var bench = new ServingBench();
        Assert.Null(bench.Serve(bench.Volume(1)).Error);
        IPEndPoint old = bench.Portal;
        using RawInitiator initiator = bench.LogIn();
        Assert.Null(bench.ServeOn("127.0.0.2:0").Error);
        Assert.Equal(new CommandEnd(0, 0), initiator.Flush());
        using RawInitiator other = bench.LogIn();
        Assert.Equal(new CommandEnd(0, 0), other.Flush());
        Assert.ThrowsAny<Exception>(() => RawInitiator.LogIn(old, ServingBench.Target, ServingBench.Initiator));
    }

    [Fact]
    public void ChapSecret_Changed_ConcernsNewLoginsOnly()
    {
        using var bench = new ServingBench();
        Assert.Null(bench.Serve([bench.Volume(1)], OldSecret).Error);
        using RawInitiator initiator = bench.LogIn((OldSecret.UserName, OldSecret.Secret));
        Assert.Null(bench.Serve([bench.Volume(1)], NewSecret).Error);
        Assert.Equal(new CommandEnd(0, 0), initiator.Flush());
        Assert.Throws<UnauthorizedAccessException>(() => bench.LogIn((OldSecret.UserName, OldSecret.Secret)));
        using RawInitiator other = bench.LogIn((NewSecret.UserName, NewSecret.Secret));
        Assert.Equal(new CommandEnd(0, 0), other.Flush());
    }

    // Writes blocks of changing content and reads them back, until it is disposed of; a wrong answer comes out there.
    private sealed class SteadyLoad : IDisposable
    {
        private readonly RawInitiator _initiator;
        private readonly Task _task;
        private readonly CancellationTokenSource _stop = new();
        private readonly SemaphoreSlim _rounds = new(0);

        internal SteadyLoad(RawInitiator initiator)
        {
            _initiator = initiator;
            _task = Task.Run(Run);
        }

        /// <summary>Waits for two more rounds: the second began after this was called.</summary>
        internal void Progress()
        {
            while (_rounds.Wait(0)) continue;
            for (int i = 0; i < 2; i++) Assert.True(_rounds.Wait(TimeSpan.FromSeconds(20)), $"The load stands: {_task.Exception}");
        }

        /// <summary>Waits until it has ended of itself, by a failure.</summary>
        internal void AwaitEnd() => Assert.True(Task.WhenAny(_task).Wait(TimeSpan.FromSeconds(20)), "The load goes on.");

        public void Dispose()
        {
            _stop.Cancel();
            try
            {
                _task.GetAwaiter().GetResult();
            }
            finally
            {
                _initiator.Dispose();
                _stop.Dispose();
                _rounds.Dispose();
            }
        }

        private void Run()
        {
            byte[] sent = new byte[8192], received = new byte[8192];
            for (int round = 0; !_stop.IsCancellationRequested; round++)
            {
                Array.Fill(sent, (byte)round);
                uint lba = (uint)(round % 64 * 16);
                Assert.Equal(new CommandEnd(0, 0), _initiator.Write(lba, sent));
                Assert.Equal(new CommandEnd(0, 0), _initiator.Read(lba, received));
                Assert.True(sent.AsSpan().SequenceEqual(received));
                _rounds.Release();
            }
        }
    }
}

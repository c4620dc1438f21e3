using System.Globalization;
using VSan.Contracts.Api;
using VSan.Tests.EndToEnd.Harness;
using VSan.Tests.Proof.Guest;
using Xunit;
using Xunit.Abstractions;

namespace VSan.Tests.EndToEnd.Hosts;

/// <summary>A Linux guest with the real agent, and a mirror over two units.</summary>
public sealed class HostMirrorTests(ITestOutputHelper output)
{
    private const int StallMillisecondsMax = 20_000;

    [Fact]
    public async Task Mirror_UnitLostUnderVerifyingLoadAndBack_GoesOnAndIsWholeAgain()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using StreamWriter log = new(directory.File("steps.log")) { AutoFlush = true };
        await using TestPool pool = await TestPool.StartAsync(directory, units: 2);
        await using GuestHost host = await GuestHost.JoinAsync(directory, pool, log);

        await host.StepAsync("vsan-host request db --size 512MiB --layout mirror-2 --filesystem xfs --mount /mnt/db");
        await host.StepAsync("begin_host && host_says '2 of 2 copies current'");
        UnitUnderTest lost = await host.UnitOfAsync("db", leg: 1);
        await host.StepAsync("begin_load db/load 96M 1 && await 120 load_is_under_way");
        lost.BlockServer.Freeze();
        await host.StepAsync("await 120 host_says '1 of 2 copies current'");
        await StationKnowsAsync(pool, host, HostVolumeState.Degraded);
        GuestAnswer load = await host.AskAsync("end_load");
        lost.BlockServer.Thaw();
        Assert.True(load.ExitCode == 0, load.Said);
        int stall = int.Parse(await host.StepAsync("longest_wait"), CultureInfo.InvariantCulture);
        output.WriteLine($"stall {stall} ms, 96 MiB verified, errors 0");
        Assert.InRange(stall, 0, StallMillisecondsMax);

        await host.StepAsync("await 120 host_says '2 of 2 copies current'");
        await StationKnowsAsync(pool, host, HostVolumeState.InUse);
        await host.StepAsync("! grep -A1 -e --re-add /run/host.out | grep '  exit'");
        await host.StepAsync("sha256sum /mnt/db/load > /run/sum && echo 3 > /proc/sys/vm/drop_caches && sha256sum -c /run/sum");
        await host.StepAsync("vsan-host detach db && no_disk_left");
    }

    private static Task StationKnowsAsync(TestPool pool, GuestHost host, HostVolumeState state) => Eventually.TrueAsync(
        $"the station knows that the volume is {state}",
        async () => (await pool.Api.GetAsync<HostReport>($"hosts/{host.Row.Id}/report")).Volumes is [{ } volume] && volume.State == state,
        TimeSpan.FromMinutes(2));
}

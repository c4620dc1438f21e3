using VSan.Contracts.Api;
using VSan.Tests.EndToEnd.Harness;
using VSan.Tests.Proof.Guest;
using Xunit;

namespace VSan.Tests.EndToEnd.Hosts;

/// <summary>Long scenarios of a host, by <c>./dev lab</c>. Each ends with its line in <c>summary.txt</c>.</summary>
public sealed class HostLabTests
{
    /// <summary>Units are lost in turn, by silence and by death, under a verifying load, and come back.</summary>
    [LabFact]
    public async Task HostMirror()
    {
        await using HostScenario scenario = await HostScenario.StartAsync(this, units: 2, "1GiB");
        int rounds = LabFactAttribute.Rounds;
        for (int round = 0; round < rounds; round++)
        {
            UnitUnderTest lost = await scenario.Host.UnitOfAsync("db", round % 2);
            await scenario.BeginLoadAsync();
            bool isSilent = round / 2 % 2 == 0;
            if (isSilent) lost.BlockServer.Freeze();
            else await lost.BlockServer.KillAsync();
            await scenario.Host.StepAsync("await 120 host_says '1 of 2 copies current'");
            await scenario.EndLoadAsync();
            if (isSilent) lost.BlockServer.Thaw();
            else await lost.RestartBlockServerAfterKillAsync();
            await scenario.Host.StepAsync("await 180 host_says '2 of 2 copies current'");
        }

        scenario.Summarize($"host-mirror: {rounds} losses and returns");
    }

    /// <summary>A mirror grows from the legs to the filesystem while it is written to.</summary>
    [LabFact]
    public async Task HostGrow()
    {
        await using HostScenario scenario = await HostScenario.StartAsync(this, units: 2, "512MiB");
        const string Size = "df -m /mnt/db | awk 'NR == 2 { print $2 }'";
        int before = await scenario.NumberAsync(Size), rounds = LabFactAttribute.Rounds;
        for (int round = 0; round < rounds; round++)
        {
            await scenario.BeginLoadAsync();
            await scenario.Host.StepAsync($"vsan-host grow db --size {512 * (round + 2)}MiB");
            await scenario.EndLoadAsync();
        }

        int after = await scenario.NumberAsync(Size);
        Assert.True(after - before >= 512 * rounds * 9 / 10, $"{before} MiB before, {after} MiB after");
        await scenario.FinishAsync();
        scenario.Summarize($"host-grow: {before} to {after} MiB in {rounds} steps");
    }

    /// <summary>One copy is cut off, the other is lost after it was written to, the host restarts, and the first is back alone: it must not be served.</summary>
    [LabFact]
    public async Task HostPartition()
    {
        await using HostScenario scenario = await HostScenario.StartAsync(this, units: 2, "512MiB");
        GuestHost host = scenario.Host;
        await host.StepAsync("echo before > /mnt/db/word && sync");
        UnitUnderTest current = await host.UnitOfAsync("db", leg: 0), stale = await host.UnitOfAsync("db", leg: 1);
        stale.BlockServer.Freeze();
        await host.StepAsync("echo after > /mnt/db/word && sync && await 60 host_says '1 of 2 copies current' && await 10 grep -q 'copies are legs 0$' /run/host.out");
        await current.BlockServer.KillAsync();
        await host.CutPowerAsync();
        stale.BlockServer.Thaw();

        await host.SwitchOnAsync();
        GuestAnswer refused = await host.AskAsync("vsan-host apply");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("leg 0 cannot be reached", refused.Said, StringComparison.Ordinal);
        await host.StepAsync("! grep -q /mnt/db /proc/mounts && ! ls -d /sys/block/md* 2> /dev/null");

        // The control: without the agent's memory md serves the old word.
        await host.StepAsync("modprobe xfs && mdadm --assemble --readonly --run --config=none /dev/md99 /dev/sda && mount -t xfs -o ro,norecovery /dev/md99 /mnt");
        string old = await host.StepAsync("cat /mnt/word; umount /mnt && mdadm --stop /dev/md99");
        Assert.DoesNotContain("after", old, StringComparison.Ordinal);

        await current.RestartBlockServerAfterKillAsync();
        await host.StepAsync("begin_host && await 120 grep -q after /mnt/db/word && await 120 host_says '2 of 2 copies current'");
        scenario.Summarize("host-partition: a copy that was behind was not served, the current one was");
    }

    /// <summary>A unit is emptied while the host writes to a mirror with a copy there.</summary>
    [LabFact]
    public async Task HostDrain()
    {
        await using HostScenario scenario = await HostScenario.StartAsync(this, units: 3, "512MiB", loadMiB: 64);
        int rounds = LabFactAttribute.Rounds;
        for (int round = 0; round < rounds; round++)
        {
            Unit drained = await scenario.Pool.FindUnitAsync((await scenario.Host.UnitOfAsync("db", round % 2)).Name);
            await scenario.BeginLoadAsync();
            await scenario.LoadUntilAsync((await scenario.Pool.Api.SendAsync(HttpMethod.Post, $"/api/v1/units/{drained.Id}:drain")).As<Operation>());
            Volume volume = await scenario.Pool.FindVolumeAsync("db");
            Assert.DoesNotContain(volume.Legs, leg => leg.UnitId == drained.Id);
            Unit empty = await scenario.Pool.FindUnitAsync(drained.Name);
            Assert.Equal((UnitState.Drained, 0L), (empty.State, empty.PromisedBytes));
            await scenario.Host.StepAsync("await 180 host_says '2 of 2 copies current'");
            await scenario.Pool.Api.SendAsync(HttpMethod.Post, $"/api/v1/units/{drained.Id}:uncordon");
        }

        await scenario.FinishAsync();
        scenario.Summarize($"host-drain: {rounds} units drained under load");
    }

    /// <summary>A unit joins while the host writes; a further volume lands there, and a leg of the one that is in use goes there.</summary>
    [LabFact]
    public async Task HostExpandPool()
    {
        await using HostScenario scenario = await HostScenario.StartAsync(this, units: 2, "320MiB", loadMiB: 32);
        await scenario.BeginLoadAsync();
        UnitUnderTest joining = scenario.Pool.StartUnit();
        await scenario.Pool.AllReadyAsync();
        Unit joined = await scenario.Pool.FindUnitAsync(joining.Name);
        await scenario.Host.StepAsync("vsan-host request more --size 128MiB --layout mirror-2 --filesystem ext4 --mount /mnt/more && echo there > /mnt/more/word && sync");
        Assert.Contains((await scenario.Pool.FindVolumeAsync("more")).Legs, leg => leg.UnitId == joined.Id);

        Volume volume = await scenario.Pool.FindVolumeAsync("db");
        await scenario.LoadUntilAsync(await scenario.Pool.Api.PostAsync<Operation>($"volumes/{volume.Id}:move", new VolumeMove(0, joined.Id)));
        Assert.Equal(joined.Id, (await scenario.Pool.FindVolumeAsync("db")).Legs[0].UnitId);
        await scenario.Host.StepAsync("grep -q there /mnt/more/word && vsan-host detach more");
        await scenario.FinishAsync();
        scenario.Summarize("host-expand-pool: a unit joined, a volume and a leg landed there under load");
    }
}

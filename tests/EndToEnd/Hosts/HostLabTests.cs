using System.Globalization;
using VSan.Tests.EndToEnd.Harness;
using VSan.Tests.Proof.Guest;
using Xunit;

namespace VSan.Tests.EndToEnd.Hosts;

/// <summary>Long scenarios of a host, by <c>./dev lab</c>. Each ends with its line in <c>summary.txt</c>.</summary>
public sealed class HostLabTests
{
    private const int StallMillisecondsMax = 20_000;
    private const int LoadMiB = 128;

    /// <summary>Units are lost in turn, by silence and by death, under a verifying load, and come back.</summary>
    [LabFact]
    public async Task HostMirror()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using StreamWriter log = new(directory.File("steps.log")) { AutoFlush = true };
        await using TestPool pool = await TestPool.StartAsync(directory, units: 2);
        await using GuestHost host = await GuestHost.JoinAsync(directory, pool, log);
        await host.StepAsync("vsan-host request db --size 1GiB --layout mirror-2 --filesystem xfs --mount /mnt/db && begin_host");
        int longest = 0, rounds = LabFactAttribute.Rounds;
        for (int round = 0; round < rounds; round++)
        {
            UnitUnderTest lost = await host.UnitOfAsync("db", round % 2);
            await host.StepAsync($"begin_load db/load {LoadMiB}M {round} && sleep 5");
            bool isSilent = round / 2 % 2 == 0;
            if (isSilent) lost.BlockServer.Freeze();
            else await lost.BlockServer.KillAsync();
            await host.StepAsync("await 120 host_says '1 of 2 copies current'");
            await EndLoadAsync(host);
            longest = Math.Max(longest, await LongestWaitAsync(host));
            if (isSilent) lost.BlockServer.Thaw();
            else await lost.RestartBlockServerAfterKillAsync();
            await host.StepAsync("await 180 host_says '2 of 2 copies current'");
        }

        Summarize(directory, $"host-mirror: {rounds} losses and returns, longest stall {longest} ms, {(long)rounds * LoadMiB} MiB verified, errors 0");
        Assert.InRange(longest, 0, StallMillisecondsMax);
    }

    /// <summary>A mirror grows from the legs to the filesystem while it is written to.</summary>
    [LabFact]
    public async Task HostGrow()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using StreamWriter log = new(directory.File("steps.log")) { AutoFlush = true };
        await using TestPool pool = await TestPool.StartAsync(directory, units: 2);
        await using GuestHost host = await GuestHost.JoinAsync(directory, pool, log);
        await host.StepAsync("vsan-host request db --size 512MiB --layout mirror-2 --filesystem xfs --mount /mnt/db && begin_host");
        const string Size = "df -m /mnt/db | awk 'NR == 2 { print $2 }'";
        int before = await NumberAsync(host, Size);
        int rounds = LabFactAttribute.Rounds;
        for (int round = 0; round < rounds; round++)
        {
            await host.StepAsync($"begin_load db/load {LoadMiB}M {round} && sleep 3");
            await host.StepAsync($"vsan-host grow db --size {512 * (round + 2)}MiB");
            await EndLoadAsync(host);
        }

        int after = await NumberAsync(host, Size);
        Assert.True(after - before >= 512 * rounds * 9 / 10, $"{before} MiB before, {after} MiB after");
        int longest = await LongestWaitAsync(host);
        await host.StepAsync("host_says '2 of 2 copies current' && vsan-host detach db && no_disk_left");
        Summarize(directory, $"host-grow: {before} to {after} MiB in {rounds} steps, longest stall {longest} ms, {(long)rounds * LoadMiB} MiB verified, errors 0");
        Assert.InRange(longest, 0, StallMillisecondsMax);
    }

    /// <summary>One copy is cut off, the other is lost after it was written to, the host restarts, and the first is back alone: it must not be served.</summary>
    [LabFact]
    public async Task HostPartition()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using StreamWriter log = new(directory.File("steps.log")) { AutoFlush = true };
        await using TestPool pool = await TestPool.StartAsync(directory, units: 2);
        await using GuestHost host = await GuestHost.JoinAsync(directory, pool, log);
        await host.StepAsync("vsan-host request db --size 512MiB --layout mirror-2 --filesystem xfs --mount /mnt/db && begin_host && echo before > /mnt/db/word && sync");
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
        Summarize(directory, "host-partition: a copy that was behind was not served, the current one was; errors 0");
    }

    private static async Task EndLoadAsync(GuestHost host)
    {
        GuestAnswer load = await host.AskAsync("end_load");
        Assert.True(load.ExitCode == 0, load.Said);
    }

    private static Task<int> LongestWaitAsync(GuestHost host) => NumberAsync(host, "longest_wait");

    private static async Task<int> NumberAsync(GuestHost host, string line) => int.Parse(await host.StepAsync(line), CultureInfo.InvariantCulture);

    private static void Summarize(TestDirectory directory, string line) => File.WriteAllText(directory.File("summary.txt"), line + "\n");
}

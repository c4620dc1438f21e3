using System.Diagnostics;
using VSan.Contracts.BlockServer;
using VSan.Tests.Harness;

namespace VSan.Tests.Proof.Guest;

/// <summary>
/// What a Linux host does with a volume over two paths, step by step; each step is checked, and the first that does not hold ends it with a
/// <see cref="StepFailedException"/>. The volume is as long as <see cref="VolumeBytes"/> until it grows.
/// </summary>
internal sealed partial class GuestScenario(LinuxGuest guest, BlockServerUnderTest server, BlockServerSetup setup, GuestNetwork network, int seed, TextWriter log)
{
    public const long VolumeBytes = 512L << 20;

    private readonly string _map = $"/dev/mapper/3{setup.Volumes[0].Naa}";

    /// <summary>Steps that held.</summary>
    public int StepCount { get; private set; }

    private GuestLink Plain => network.Links[0];

    private GuestLink Digested => network.Links[1];

    /// <summary>Everything, with that many rounds of lost paths.</summary>
    public async Task RunAsync(long rounds)
    {
        await ServeAsync(network.Links);
        await AttachAsync();
        await AskForIdentityAsync();
        await ReserveAsync();
        await CompareAndWriteAsync();
        await DiscardAsync();
        await MakeFileSystemAsync();
        for (long round = 0; round < rounds; round++) await LosePathAsync(network.Links[(int)(round % network.Links.Count)], round);
        await LoseServerAsync();
        await ReplaceServerAsync();
        await ResetAsync();
        await WithdrawPortalAsync();
        await TrimAsync();
        await GrowAsync();
        await ReturnAsync();
        await guest.SwitchOffAsync();
    }

    /// <summary>As much of it as a server needs that forgets what it acknowledged.</summary>
    public async Task RunToLossAsync()
    {
        await ServeAsync(network.Links);
        await AttachAsync();
        await MakeFileSystemAsync();
        await LoseServerAsync();
    }

    /// <summary>Tells the server what to serve, through those links' portals.</summary>
    private Task ServeAsync(IEnumerable<GuestLink> links) => server.ApplyAsync(setup.Next() with { Portals = [.. links.Select(link => link.Portal)] });

    /// <summary>A line of shell that has to end with an exit code.</summary>
    private async Task<string> StepAsync(string name, string line, int exitCode = 0)
    {
        long start = Stopwatch.GetTimestamp();
        GuestAnswer answer = await guest.AskAsync(line);
        if (answer.ExitCode != exitCode) throw new StepFailedException(name, $"{line}\nexit {answer.ExitCode} in place of {exitCode}\n{answer.Said}");
        await NoteAsync(name, start);
        return answer.Said;
    }

    private Task NoteAsync(string name, long start)
    {
        StepCount++;
        return log.WriteLineAsync($"STEP {name} ok ({Stopwatch.GetElapsedTime(start).TotalSeconds:F2} s)");
    }

    /// <summary>Waits until something holds that the host sees.</summary>
    private static async Task UntilAsync(string name, Func<Task<bool>> holds)
    {
        try
        {
            await Eventually.TrueAsync(name, holds, TimeSpan.FromMinutes(2));
        }
        catch (TimeoutException late)
        {
            throw new StepFailedException(name, late.Message);
        }
    }

    private static void Check(string name, bool holds, string found)
    {
        if (!holds) throw new StepFailedException(name, found);
    }

    private async Task<VolumeInspection> VolumeAsync() => (await server.InspectAsync()).Volumes.Single();

    /// <summary>Bytes that the volume's file really takes.</summary>
    private async Task<long> AllocatedBytesAsync()
    {
        const int SectorBytes = 512;
        ToolRun run = (await ToolRun.RunAsync("stat", ["--format=%b", setup.Volumes[0].Path!])).Succeeded();
        return long.Parse(run.Output, System.Globalization.CultureInfo.InvariantCulture) * SectorBytes;
    }
}

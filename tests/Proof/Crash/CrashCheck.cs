using System.Net.Sockets;
using VSan.IscsiInitiator;
using VSan.Tests.Harness;
using VSan.Tests.Proof.Disks;

namespace VSan.Tests.Proof.Crash;

/// <summary>Brings states of a recorded disk up again: mount, start the product, log in, and have what it serves compared with what was promised.</summary>
/// <param name="recording">The disk.</param>
/// <param name="scratch">Where the states are made.</param>
/// <param name="directory">Where the logs are.</param>
/// <param name="sabotage">The promise that the server is to break, or null.</param>
/// <param name="compareAsync">Gets a session, the log's length at the cut, and a writer for the first fault.</param>
internal sealed class CrashCheck(
    DiskRecording recording, Scratch scratch, TestDirectory directory, string? sabotage, Func<IscsiSession, long, TextWriter, Task<CrashCount>> compareAsync)
{
    /// <summary>Tries states that chance chooses, in the order of their cuts.</summary>
    public async Task<CrashCount> RunAsync(int states, int seed, TextWriter log)
    {
        Random random = new(seed);
        Fate[] fates = Enum.GetValues<Fate>();
        CrashState[] chosen = [.. Enumerable.Range(0, states)
            .Select(_ => new CrashState(random.Next(recording.FirstCut, recording.Entries.Count + 1), fates[random.Next(fates.Length)], random.Next()))
            .OrderBy(state => state.Cut)];
        using StateDisk disk = new(recording.LogPath, recording.Entries, scratch.File("base.raw"), DiskRecording.DiskBytes);
        CrashCount count = CrashCount.Zero;
        foreach (CrashState state in chosen)
        {
            await using StringWriter fault = new();
            CrashCount found = await CheckAsync(state, disk, fault);
            if (found.Faults > 0) await log.WriteLineAsync($"  {state}: {fault.ToString().TrimEnd()}");
            count += found;
        }

        return count;
    }

    private async Task<CrashCount> CheckAsync(CrashState state, StateDisk disk, TextWriter fault)
    {
        // A file of its own for each state: a loop device that somebody still holds (a copy of the mount in another namespace) is taken again for the
        // same file, and would show an older state as this one.
        string image = scratch.File($"state-{Guid.NewGuid():N}.raw");
        try
        {
            return await CheckAsync(state, disk, image, fault);
        }
        finally
        {
            File.Delete(image);
        }
    }

    private async Task<CrashCount> CheckAsync(CrashState state, StateDisk disk, string image, TextWriter fault)
    {
        await disk.BuildAsync(state, image);
        XfsMount? mounted = await XfsMount.TryMountImageAsync(image, scratch.Folder(DiskRecording.StoreFolder));
        if (mounted is null)
        {
            await fault.WriteLineAsync("the filesystem cannot be mounted");
            return new CrashCount(1, 0, 1, 0);
        }

        await using XfsMount mount = mounted;
        BlockServerStart start = new() { Sabotage = sabotage, StateFolder = Path.Combine(mount.Folder, DiskRecording.StateFolder) };
        await using BlockServerUnderTest server = await BlockServerUnderTest.StartAsync(directory, "state", start);
        try
        {
            await using IscsiSession session = await IscsiSession.LoginAsync(recording.Access);
            return CrashCount.OneState + await compareAsync(session, recording.Entries[state.Cut - 1].End, fault);
        }
        catch (Exception error) when (error is SocketException or LoginRefusedException)
        {
            await fault.WriteLineAsync($"the volume is not served: {error.Message}");
            return new CrashCount(1, 1, 0, 0);
        }
    }
}

using System.Diagnostics;

namespace VSan.Tests.Proof.Guest;

/// <content>A file system under load while something is taken away.</content>
internal sealed partial class GuestScenario
{
    private const long LoadBytes = 24 * MiB;

    private async Task MakeFileSystemAsync()
    {
        await StepAsync("mke2fs", $"mke2fs -q -t ext4 {_map}");
        await StepAsync("mount", $"mount {_map} /mnt");
    }

    /// <summary>One link falls silent; the load ends well on the other, and the path comes back.</summary>
    private Task LosePathAsync(GuestLink link, long round) => UnderLoadAsync($"{link.Interface}-{round}", async () =>
    {
        await network.CutAsync(link);
        await StepAsync($"path {link.Interface} fails", "await 120 paths_are 1");
    }, async () => await network.RaiseAsync(link));

    /// <summary>The server is killed; the load waits for it.</summary>
    private Task LoseServerAsync() => UnderLoadAsync("server", async () =>
    {
        await server.Process.KillAsync();
        await server.Process.DisposeAsync();
        await StepAsync("all paths fail", "await 120 paths_are 0");
        await server.StartAgainAsync();
    }, () => Task.CompletedTask);

    /// <summary>The server is asked to stop, as an update does, and asks the initiator to log out; the next one takes over.</summary>
    private Task ReplaceServerAsync() => UnderLoadAsync("replaced", async () =>
    {
        int code = await server.Process.StopAsync();
        Check("the server stops", code == 0, $"exit {code}: {server.Process.Output}");
        await server.Process.DisposeAsync();
        await server.StartAgainAsync();
    }, () => Task.CompletedTask);

    /// <summary>LOGICAL UNIT RESET and TARGET WARM RESET end what is under way; the initiator repeats it.</summary>
    private Task ResetAsync() => UnderLoadAsync("reset", async () =>
    {
        await StepAsync("sg_reset --device", $"sg_reset --device /dev/$(disk_of {Plain.PortalGroup})");
        await StepAsync("sg_reset --target", $"sg_reset --target /dev/$(disk_of {Digested.PortalGroup})");
    }, () => Task.CompletedTask);

    /// <summary>Takes something away when a quarter of a load is written, waits for the end of the load, and gives it back.</summary>
    private async Task UnderLoadAsync(string name, Func<Task> take, Func<Task> give)
    {
        long start = (await VolumeAsync()).WrittenBytes;
        await StepAsync("fio begins", $"begin_load {name} {LoadBytes} {seed}");
        await UntilAsync("a quarter is written", async () => (await VolumeAsync()).WrittenBytes - start > LoadBytes / 4);
        long written = (await VolumeAsync()).WrittenBytes - start;
        Check("fio is at work", written < LoadBytes, $"{written} bytes were written already");
        await take();
        await EndLoadAsync(name);
        await give();
        await StepAsync("both paths are back", $"await 120 paths_are {network.Links.Count}");
        await StepAsync("delete the file", $"rm /mnt/{name}");
    }

    private async Task EndLoadAsync(string name)
    {
        long start = Stopwatch.GetTimestamp();
        GuestAnswer answer = await guest.AskAsync("end_load");
        bool wrong = answer.Said.Contains("verify:", StringComparison.Ordinal);
        if (answer.ExitCode != 0) throw new StepFailedException($"fio {name}", answer.Said) { IsWrongData = wrong };
        await NoteAsync($"fio {name}", start);
    }
}

using VSan.Tests.Harness;
using VSan.Tests.Unit.Volumes;
using VSan.Volumes;
using Xunit;
using Xunit.Abstractions;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>
/// Every single request to the disk that a script of commands makes fails once, each in a run of its own, over a socket and on a real ring. Its
/// command ends with the right sense, no other is touched but those that a suspect volume may not promise, and nothing is lost, leaked or stuck.
/// </summary>
public sealed class EveryFaultTests(ITestOutputHelper output)
{
    private const int Eio = 5;
    private const int Unrecovered = 0x031100, InternalFailure = 0x044400;

    // No script makes so many requests: past it the loop has lost its end.
    private const int RequestsMax = 500;

    [Theory]
    [InlineData("file")]
    [InlineData("thick")]
    [LoopInlineData("device")]
    public async Task EachRequestThatFails_EndsItsCommandAndNoPromiseIsBroken(string kind)
    {
        (int requests, List<string> faults) = await FailEachAsync(kind, -Eio);
        output.WriteLine($"{kind}: {requests} requests, each failed once");
        Assert.InRange(requests, FaultScript.Steps.Count, RequestsMax);
        Assert.Empty(faults);
    }

    // The control: a server that acknowledges in spite of the failure.
    [Fact]
    public async Task FailureThatIsAcknowledged_IsSeen()
    {
        (int requests, List<string> faults) = await FailEachAsync("file", result: null);
        Assert.InRange(faults.Count, requests, int.MaxValue);
    }

    private static async Task<(int Requests, List<string> Faults)> FailEachAsync(string kind, int? result)
    {
        List<string> faults = [];
        for (int nth = 1; nth <= RequestsMax; nth++)
        {
            using var store = new FaultStore(kind);
            StoredVolume volume = null!;
            FaultyVolumeRing disk = null!;
            using FaultBench bench = await FaultBench.StartAsync(front => volume = store.Open(disk = new FaultyVolumeRing(front.Ring, nth, result)));
            int free = bench.Front.FreeBufferBytes;
            CommandEnd[] ends = [.. RunScript(bench)];
            await Eventually.TrueAsync("every buffer is back", () => bench.Front.FreeBufferBytes == free);
            if (disk.FreeOperations != VolumeRing.OperationCount) faults.Add($"request {nth}: {VolumeRing.OperationCount - disk.FreeOperations} operations did not come back");
            faults.AddRange(Judge(kind, ends, disk.HasStruck, volume.State == "suspect").Select(fault => $"request {nth}: {fault}"));
            await volume.CloseAsync();
            faults.AddRange(store.Wrong(ends).Select(fault => $"request {nth}: {fault}"));
            if (!disk.HasStruck) return (nth - 1, faults);
        }

        throw new InvalidOperationException("The script makes no end of requests.");
    }

    private static List<CommandEnd> RunScript(FaultBench bench)
    {
        using RawInitiator initiator = bench.LogIn();
        return [.. FaultScript.Steps.Select(step => initiator.Execute(step.Cdb, step.ReadBytes, step.DataOut))];
    }

    private static IEnumerable<string> Judge(string kind, CommandEnd[] ends, bool struck, bool isSuspect)
    {
        int failed = Array.FindIndex(ends, end => end.Status != 0);
        bool thick = kind == "thick";
        for (int i = 0; i < ends.Length; i++)
        {
            FaultStep step = FaultScript.Steps[i];
            bool isRefusedUnmap = thick && step.Cdb[0] == 0x42;
            bool promises = step.IsDurable && !(thick && step.Cdb[0] == 0x93);
            int sense = ends[i].Sense;
            if (isRefusedUnmap) failed = failed == i ? Array.FindIndex(ends, i + 1, end => end.Status != 0) : failed;
            string? fault = sense switch
            {
                0x052000 when isRefusedUnmap => null,
                _ when i < failed || failed < 0 => sense == 0 ? null : "failed before anything did",
                Unrecovered when i == failed && step.Reads => null,
                InternalFailure when i == failed && step.Writes => null,
                InternalFailure when i > failed && isSuspect && promises => null,
                0 when i > failed && !(isSuspect && promises) => null,
                _ => "is wrong",
            };
            if (fault is not null) yield return $"{step.Name} ended with {sense:x6}, which {fault}";
        }

        if (struck && failed < 0) yield return "no command tells of it";
        bool mustBeSuspect = failed >= 0 && FaultScript.Steps[failed] is { IsDurable: true, Cdb: [0x35 or 0x8A, ..] };
        if (mustBeSuspect && !isSuspect) yield return "a failed promise of durability has left no suspect";
    }
}

using System.Text.Json;
using VSan.BlockServer.Inspection;
using VSan.Contracts.BlockServer;
using VSan.Iscsi;
using Xunit;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>What people and scripts see of a running server.</summary>
public sealed class InspectionTests
{
    [Fact]
    public void Picture_OfAServerInUse_ShowsSessionVolumeAndLatencies()
    {
        using var bench = new ServingBench();
        Assert.Null(bench.Serve(bench.Volume(1)).Error);
        using RawInitiator initiator = bench.LogIn();
        initiator.Pump(write: true, 64, 8, 4096);
        Assert.True(SpinWait.SpinUntil(() => bench.Inspect().Volumes[0].Latencies.Sum(one => one.Commands) >= 65, TimeSpan.FromSeconds(20)));
        BlockServerInspection seen = bench.Inspect();
        LatencyInspection writes = Assert.Single(seen.Volumes[0].Latencies, one => one.Operation == "write");
        Assert.Equal(64, writes.Commands);
        Assert.True(writes.P50Seconds > 0 && writes.P50Seconds <= writes.P99Seconds && writes.P99Seconds <= writes.P999Seconds && writes.P999Seconds <= writes.LongestSeconds);
        SessionInspection session = Assert.Single(seen.Sessions);
        Assert.Equal((64 * 4096L, 0), (session.WrittenBytes, session.Ring));
        Assert.Contains("FirstBurstLength=", session.Parameters, StringComparison.Ordinal);
        Assert.True(Assert.Single(seen.Rings).Responding);
        Assert.Equal(1, Assert.Single(seen.Events, one => one.Name == "logins").Count);
    }

    [Fact]
    public void Picture_OfARingThatHangs_SaysSoAndShowsTheOthers()
    {
        using var bench = new ServingBench(rings: 2);
        using var release = new ManualResetEventSlim();
        bench.Rings[1].Ring.Post(release.Wait);
        BlockServerInspection seen = bench.Inspect();
        release.Set();
        Assert.Equal([true, false], seen.Rings.Select(ring => ring.Responding));
        Assert.Contains("DOES NOT ANSWER", InspectionTable.Draw(new ControlAnswer(0, null, seen)), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_OfAPicture_HasTheNamesThatScriptsKnow()
    {
        using var bench = new ServingBench();
        Assert.Null(bench.Serve(bench.Volume(1)).Error);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(new ControlAnswer(1, null, bench.Inspect()), BlockServerJson.Default.ControlAnswer);
        JsonElement inspection = JsonDocument.Parse(json).RootElement.GetProperty("inspection");
        Assert.Equal(bench.Portal.ToString(), inspection.GetProperty("portals")[0].GetString());
        Assert.Equal("serving", inspection.GetProperty("volumes")[0].GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Array, inspection.GetProperty("oldestCommands").ValueKind);
        Assert.Equal(0, inspection.GetProperty("sessions").GetArrayLength());
    }

    [Fact]
    public void Picture_OfMoreCommandsThanAreShown_ShowsTheOldestAndCountsAll()
    {
        using var bench = new ServingBench();
        ServerPicture picture = bench.Look();
        CommandSnapshot[] commands = [.. Enumerable.Range(1, 150).Select(age => new CommandSnapshot("iqn.host", 1, (uint)age, 0, null, "READ(10)", "volume", TimeSpan.FromSeconds(age), 0))];
        BlockServerInspection seen = InspectionMaker.Make(picture with { Rings = [picture.Rings[0] with { Commands = commands }] });
        Assert.Equal(Enumerable.Range(51, 100).Reverse().Select(age => (double)age), seen.OldestCommands.Select(one => one.AgeSeconds));
        Assert.Equal(new EventInspection("volume", 150), Assert.Single(seen.Rings[0].CommandsInFlight));
    }

    [Fact]
    public void Table_OfCommandsInFlight_BeginsWithTheOldest()
    {
        CommandInspection[] commands = [Command(12.5, "READ(10)", "volume"), Command(0.002, "WRITE(16)", "data")];
        string page = InspectionTable.Draw(Answer(Seen() with { OldestCommands = commands }));
        Assert.True(page.IndexOf("12.5 s", StringComparison.Ordinal) < page.IndexOf("2.0 ms", StringComparison.Ordinal), page);
        Assert.Contains("READ(10)", page, StringComparison.Ordinal);
        Assert.Contains("data of 2 R2T", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_WithAHostileInitiatorName_DoesNotSteerTheTerminal()
    {
        var session = new SessionInspection("iqn.\u001b[2J\u0007\u202Eevil\nname", "iqn.t", 1, "192.0.2.1:1", 0, 0);
        string page = InspectionTable.Draw(Answer(Seen() with { Sessions = [session] }));
        Assert.DoesNotContain(page, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain('\u202E', page);
        Assert.Contains("iqn.\\u001B[2J\\u0007\\u202Eevil\\u000Aname", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Rates_BetweenTwoLooks_ArePerSecond()
    {
        var id = Guid.NewGuid();
        Look At(long commands, long bytes, long seconds) => new(
            Seen() with { Volumes = [new VolumeInspection(id, 1, "serving", 0, 0, bytes, 0, 0) { Latencies = [new LatencyInspection("read", commands, 0, 0, 0, 0)] }] },
            seconds * TimeProvider.System.TimestampFrequency);
        InspectionRates rates = InspectionRates.Between(At(100, 1000, 1), At(300, 5000, 3));
        Assert.Equal(new Rate(100, 2000, 0), rates.Volumes[id]);
        string page = InspectionTable.Draw(Answer(At(300, 5000, 3).Inspection), rates);
        Assert.Contains("commands/s", page, StringComparison.Ordinal);
    }

    private static BlockServerInspection Seen() => new(["127.0.0.1:3260"], [], [], [new RingInspection(0, 1, 4096, 7) { BufferBytes = 8192 }]);

    private static ControlAnswer Answer(BlockServerInspection seen) => new(3, null, seen);

    private static CommandInspection Command(double age, string name, string phase) => new(age, name, phase, Guid.NewGuid(), 0, "iqn.host", 1, 0x10, 0, 2);
}

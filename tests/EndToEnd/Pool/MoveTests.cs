using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using VSan.Contracts.Api;
using VSan.IscsiInitiator;
using VSan.Tests.EndToEnd.Harness;
using Xunit;

namespace VSan.Tests.EndToEnd.Pool;

/// <summary>A leg is moved between two real units: its bytes, and what is left when the move is interrupted.</summary>
public sealed class MoveTests
{
    private const int PieceBytes = 1 << 20;

    // One mark of the copy lies in it.
    private const int LargeBytes = 96 << 20;

    [Fact]
    public async Task Move_OfASparseVolume_BringsTheSameBytesUnderTheSameNames()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using TestPool pool = await TestPool.StartAsync(directory, units: 2);
        Host host = await pool.AddHostAsync("db");
        HostAccess access = await pool.CreateVolumeAsync("kept", host, sizeBytes: 4L << 30, on: pool.Units[0]);
        byte[][] pieces = [RandomNumberGenerator.GetBytes(PieceBytes), RandomNumberGenerator.GetBytes(PieceBytes), RandomNumberGenerator.GetBytes(PieceBytes)];
        ulong[] places = [0, 12345, ((4UL << 30) - PieceBytes) / 512];
        await using (IscsiSession session = await IscsiSession.LoginAsync(access))
            foreach ((ulong lba, byte[] piece) in places.Zip(pieces)) Assert.Equal(ScsiResult.Good, (await session.ExecuteAsync(ScsiCommand.Write(lba, PieceBytes / 512), 0, piece)).Status);

        Volume before = await pool.FindVolumeAsync("kept");
        Guid toId = (await pool.FindUnitAsync("unit-2")).Id;
        ApiAnswer refused = await pool.Api.PostAsync($"volumes/{before.Id}:move", new VolumeMove(null, toId));
        Assert.Equal((HttpStatusCode.Conflict, "leg-in-use"), (refused.Status, refused.AsProblem().Code));
        await UnmapAsync(pool, before);
        ToolRun moved = (await pool.Cli.RunAsync("volume", "move", "kept", "--to", "unit-2", "--wait")).Succeeded();
        Assert.Contains("Volume kept was moved.", moved.Output, StringComparison.Ordinal);

        Volume after = await pool.FindVolumeAsync("kept");
        Assert.Equal((toId, before.Legs[0].Naa, VolumeState.Ready), (after.Legs[0].UnitId, after.Legs[0].Naa, after.State));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(pool.Units[0].Store, "legs")));
        await MapAsync(pool, after, host);
        HostAccess there = await pool.AccessAsync(after.Id);
        Assert.Equal(pool.Units[1].Portal, there.Portal);
        await using (IscsiSession session = await IscsiSession.LoginAsync(there))
        {
            foreach ((ulong lba, byte[] piece) in places.Zip(pieces)) Assert.Equal(piece, (await session.ExecuteAsync(ScsiCommand.Read(lba, PieceBytes / 512), PieceBytes)).Data);
            Assert.Equal(new byte[4096], (await session.ExecuteAsync(ScsiCommand.Read(1 << 20, 8), 4096)).Data);
        }

        Unit from = await pool.FindUnitAsync("unit-1"), to = await pool.FindUnitAsync("unit-2");
        Assert.Equal((0, 4L << 30), (from.PromisedBytes, to.PromisedBytes));
    }

    [Fact]
    public async Task Move_AgentKilledWhileItCopies_GoesOnFromItsMark()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using TestPool pool = await TestPool.StartAsync(directory, units: 2);
        (Volume volume, Host host, byte[] digest) = await FilledAsync(pool);
        Operation operation = await pool.Api.PostAsync<Operation>($"volumes/{volume.Id}:move", new VolumeMove(0, null));
        string mark = Path.Combine(pool.Units[1].Store, "legs", $"{volume.Legs[0].Id}.img.mark");
        await Eventually.TrueAsync("a part of it is copied and flushed", async () => File.Exists(mark) && MarkedBytes(await File.ReadAllTextAsync(mark)) > 0);
        Assert.True((await pool.Api.GetAsync<Operation>($"operations/{operation.Id}")).EndedAt is null);

        await pool.Units[1].RestartAgentAfterKillAsync();
        Assert.InRange(MarkedBytes(await File.ReadAllTextAsync(mark)), 1, LargeBytes);
        Operation ended = await EndedAsync(pool, operation.Id);
        Assert.Equal(OperationState.Succeeded, ended.State);
        await MapAsync(pool, volume, host);
        Assert.Equal(pool.Units[1].Portal, (await pool.AccessAsync(volume.Id)).Portal);
        Assert.Equal(digest, await DigestAsync(await pool.AccessAsync(volume.Id)));
    }

    [Fact]
    public async Task Move_CancelledWhileItCopies_LeavesTheVolumeWhereItWasAndNothingElsewhere()
    {
        using TestDirectory directory = TestDirectory.For(this);
        await using TestPool pool = await TestPool.StartAsync(directory, units: 2);
        (Volume volume, Host host, byte[] digest) = await FilledAsync(pool);
        Operation operation = await pool.Api.PostAsync<Operation>($"volumes/{volume.Id}:move", new VolumeMove(0, null));
        await Eventually.TrueAsync("it copies", async () => (await pool.Api.GetAsync<Operation>($"operations/{operation.Id}")).Progress is { DoneBytes: > 0 });
        ApiAnswer busy = await pool.Api.PostAsync("mappings", new MappingCreate(volume.Id, host.Id, null));
        Assert.Equal("volume-busy", busy.AsProblem().Code);

        await pool.Api.PostAsync($"operations/{operation.Id}:cancel", new VolumeMove(null, null));
        Operation ended = await EndedAsync(pool, operation.Id);
        Assert.Equal((OperationState.Cancelled, "Nothing stays."), (ended.State, ended.Remains));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(pool.Units[1].Store, "legs")));
        Assert.Equal(0, (await pool.FindUnitAsync("unit-2")).PromisedBytes);
        await MapAsync(pool, volume, host);
        Assert.Equal(pool.Units[0].Portal, (await pool.AccessAsync(volume.Id)).Portal);
        Assert.Equal(digest, await DigestAsync(await pool.AccessAsync(volume.Id)));
    }

    // A full volume on unit-1 that no host has, limited so that its copy takes a few seconds.
    private static async Task<(Volume Volume, Host Host, byte[] Digest)> FilledAsync(TestPool pool)
    {
        Host host = await pool.AddHostAsync("db");
        HostAccess access = await pool.CreateVolumeAsync("large", host, LargeBytes, pool.Units[0]);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (IscsiSession session = await IscsiSession.LoginAsync(access))
        {
            for (int offset = 0; offset < LargeBytes; offset += PieceBytes)
            {
                byte[] piece = RandomNumberGenerator.GetBytes(PieceBytes);
                hash.AppendData(piece);
                Assert.Equal(ScsiResult.Good, (await session.ExecuteAsync(ScsiCommand.Write((ulong)offset / 512, PieceBytes / 512), 0, piece)).Status);
            }
        }

        Volume volume = await pool.FindVolumeAsync("large");
        await UnmapAsync(pool, volume);
        string limits = JsonSerializer.Serialize(new VolumeChange(new Limits(null, 32 << 20, null)), ApiJson.Default.VolumeChange);
        Assert.Equal(HttpStatusCode.OK, (await pool.Api.SendAsync(HttpMethod.Patch, $"/api/v1/volumes/{volume.Id}", limits)).Status);
        return (volume, host, hash.GetHashAndReset());
    }

    private static async Task<byte[]> DigestAsync(HostAccess access)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using IscsiSession session = await IscsiSession.LoginAsync(access);
        for (int offset = 0; offset < LargeBytes; offset += PieceBytes)
            hash.AppendData((await session.ExecuteAsync(ScsiCommand.Read((ulong)offset / 512, PieceBytes / 512), PieceBytes)).Data);
        return hash.GetHashAndReset();
    }

    private static long MarkedBytes(string mark) => JsonDocument.Parse(mark).RootElement.GetProperty("doneBytes").GetInt64();

    private static async Task UnmapAsync(TestPool pool, Volume volume) =>
        Assert.Equal(HttpStatusCode.Accepted, (await pool.Api.DeleteAsync($"mappings/{volume.Mappings.Single().Id}?wait=30s")).Status);

    private static async Task MapAsync(TestPool pool, Volume volume, Host host) =>
        Assert.Equal(OperationState.Succeeded, (await pool.Api.PostAsync<MappingAccepted>("mappings?wait=30s", new MappingCreate(volume.Id, host.Id, null))).Operation.State);

    private static Task<Operation> EndedAsync(TestPool pool, Guid id) => Eventually.SomeAsync(
        "the operation ends",
        async () => await pool.Api.GetAsync<Operation>($"operations/{id}") is { EndedAt: not null } ended ? ended : null,
        within: TimeSpan.FromMinutes(2));
}

using VSan.Contracts.UnitLink;
using VSan.Tests.Harness;
using VSan.UnitAgent.Inventory;
using VSan.UnitAgent.Inventory.Disks;
using VSan.UnitAgent.State;
using Xunit;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>Disks as the agent sees and claims them, on loop devices.</summary>
public sealed class DiskTests : IAsyncLifetime
{
    // XFS wants 300 MiB at least. The file is sparse.
    private const long DiskBytes = 512L << 20;

    private readonly TemporaryDirectory _root = new();
    private readonly Guid _unitId = Guid.NewGuid();
    private readonly DiskScanner _scanner = new(["loop"]);
    private StateDirectory? _state;
    private StoreSet? _stores;
    private DiskClaims? _claims;
    private LoopDevice? _disk;

    private string ImagePath => _root.File("disk.img");

    private string DiskId => $"path-{Path.GetFileName(_disk!.Path)}";

    public Task InitializeAsync()
    {
        _state = StateDirectory.Take(_root.File("state"));
        _stores = StoreSet.Open([], _unitId, null, _state);
        _claims = new DiskClaims(_scanner, _stores, _root.File("mounts"));
        using FileStream file = File.Create(ImagePath);
        file.SetLength(DiskBytes);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (_claims is not null && _disk is not null) await _claims.ApplyAsync([], CancellationToken.None);
        if (_disk is not null) await _disk.DisposeAsync();
        _state!.Dispose();
        _root.Dispose();
    }

    [LoopFact]
    public async Task Probe_Zeroes_AreBlank() => Assert.Equal((DiskState.Blank, null), await StateAsync());

    [LoopTheory]
    [InlineData(0)]
    [InlineData((1 << 20) - 1)]
    [InlineData(DiskBytes / 65 / 4096 * 4096)]
    [InlineData(DiskBytes - 1)]
    public async Task Probe_OneByteOfUnknownData_IsForeign(long offset)
    {
        using (FileStream file = File.OpenWrite(ImagePath))
        {
            file.Position = offset;
            file.WriteByte(1);
        }

        Assert.Equal(DiskState.Foreign, (await StateAsync()).State);
    }

    [LoopFact]
    public async Task Probe_Ext4_IsForeign()
    {
        (await ToolRun.RunAsync("mkfs.ext4", ["-q", "-F", ImagePath])).Succeeded();
        Assert.Equal((DiskState.Foreign, "ext4"), await StateAsync());
    }

    [LoopFact]
    public async Task Probe_LvmPhysicalVolume_IsForeign()
    {
        // The label of a physical volume (lvm2, lib/format_text/layout.h): LABELONE in the second sector, its number, checksum, offset and type.
        Write(512, LvmLabel.Make(DiskBytes));
        Assert.Equal((DiskState.Foreign, "LVM2_member"), await StateAsync());
    }

    [LoopFact]
    public async Task Probe_PartitionTable_IsForeign()
    {
        // A protective entry and the boot signature of a master boot record.
        byte[] record = new byte[512];
        (record[450], record[454], record[459], record[510], record[511]) = (0x83, 1, 1, 0x55, 0xaa);
        Write(0, record);
        Assert.Equal(DiskState.Foreign, (await StateAsync()).State);
    }

    [LoopFact]
    public async Task Claim_BlankDisk_BecomesAStoreOfThatIdentityAndSurvivesARestart()
    {
        DiskClaimSpec claim = new(Guid.NewGuid(), await AttachAsync(), DiskBytes);

        Assert.Empty(await _claims!.ApplyAsync([claim], CancellationToken.None));

        StoreInventory store = Assert.Single(_stores!.Inspect());
        Assert.Equal((claim.StoreId, true), (store.StoreId, store.Reflink));
        Assert.Equal((DiskState.Ours, claim.StoreId), (Found().State, Found().StoreId));

        // The agent starts anew: the disk is mounted still, or mounted again, and never formatted again.
        string legs = _stores.Find(claim.StoreId)!.LegsPath;
        await File.WriteAllTextAsync(Path.Combine(legs, "mark"), "kept");
        StoreSet again = StoreSet.Open([], _unitId, null, _state!);
        DiskClaims restarted = new(new DiskScanner(["loop"]), again, _root.File("mounts"));
        Assert.Empty(await restarted.ApplyAsync([claim], CancellationToken.None));
        Assert.True(File.Exists(Path.Combine(again.Find(claim.StoreId)!.LegsPath, "mark")));
    }

    [LoopFact]
    public async Task Claim_ForeignDisk_IsACondititionAndNotAByteChanges()
    {
        (await ToolRun.RunAsync("mkfs.ext4", ["-q", "-F", ImagePath])).Succeeded();
        DiskClaimSpec claim = new(Guid.NewGuid(), await AttachAsync(), DiskBytes);
        string before = await HashAsync();

        UnitCondition condition = Assert.Single(await _claims!.ApplyAsync([claim], CancellationToken.None));

        Assert.Equal("disk-foreign", condition.Code);
        Assert.Equal(before, await HashAsync());
        Assert.Empty(_stores!.All);
    }

    [LoopFact]
    public async Task Claim_StoreOfAnotherClaim_IsACondition()
    {
        DiskClaimSpec first = new(Guid.NewGuid(), await AttachAsync(), DiskBytes);
        Assert.Empty(await _claims!.ApplyAsync([first], CancellationToken.None));
        Assert.Empty(await _claims.ApplyAsync([], CancellationToken.None));

        Assert.Equal("disk-foreign", Assert.Single(await _claims.ApplyAsync([first with { StoreId = Guid.NewGuid() }], CancellationToken.None)).Code);
        Assert.Empty(await _claims.ApplyAsync([first], CancellationToken.None));
    }

    [LoopFact]
    public async Task Claim_DiskOfAnotherSizeOrMissing_IsACondition()
    {
        string id = await AttachAsync();
        Assert.Equal("disk-foreign", Assert.Single(await _claims!.ApplyAsync([new DiskClaimSpec(Guid.NewGuid(), id, DiskBytes / 2)], CancellationToken.None)).Code);
        Assert.Equal("disk-missing", Assert.Single(await _claims.ApplyAsync([new DiskClaimSpec(Guid.NewGuid(), "wwn-none", DiskBytes)], CancellationToken.None)).Code);
    }

    private async Task<(DiskState State, string? Content)> StateAsync()
    {
        await AttachAsync();
        return (Found().State, Found().Content);
    }

    private async Task<string> AttachAsync()
    {
        _disk = await LoopDevice.AttachAsync(ImagePath);
        await _scanner.ScanAsync(again: DiskId, CancellationToken.None);
        return DiskId;
    }

    private DiskInventory Found() => _scanner.Disks.Single(disk => disk.DiskId == DiskId);

    private async Task<string> HashAsync() => (await ToolRun.RunAsync("sha256sum", [ImagePath])).Succeeded().Output;

    private void Write(long offset, byte[] bytes)
    {
        using FileStream file = File.OpenWrite(ImagePath);
        file.Position = offset;
        file.Write(bytes);
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class LoopFactAttribute : FactAttribute
    {
        public LoopFactAttribute() => Skip = LoopDevice.Missing;
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class LoopTheoryAttribute : TheoryAttribute
    {
        public LoopTheoryAttribute() => Skip = LoopDevice.Missing;
    }
}

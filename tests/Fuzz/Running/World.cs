using VSan.Block;
using VSan.Iscsi;
using VSan.Scsi;
using VSan.Tests.Fakes;
using VSan.Tests.Fuzz.Grammar;
using VSan.Tests.Fuzz.Oracles;

namespace VSan.Tests.Fuzz.Running;

/// <summary>
/// A ring with two targets over volumes in memory. Serves one script after the other; each finds all of it new but for the memory, so that it meets
/// the same whatever was before it.
/// </summary>
internal sealed class World
{
    /// <summary>Command slots: few, so that scripts come to their end.</summary>
    public const int Slots = 16;

    private const int PoolMebibytes = 8;
    private static readonly IscsiLimits Limits = new() { ConnectionsPerRing = 8, CommandsPerRing = Slots, HalfOpenPerRing = 4 };
    private readonly BufferPool _pool = TestPool.Create(PoolMebibytes);
    private readonly int _poolBytes;
    private SessionRegistry _sessions = null!;
    private TargetCatalog[] _catalogs = [];

    public World()
    {
        _poolBytes = _pool.FreeBytes;

        // LUN 1 offers SANITIZE.
        Volumes[1].MakeErasable();
        Reset();
    }

    public static TargetPortal Portal { get; } = new("10.0.0.1:3260", TargetPortal.GroupTagDefault);

    public IscsiRing Ring { get; private set; } = null!;

    public FakeMailbox Mailbox { get; private set; } = null!;

    public TestClock Clock { get; private set; } = null!;

    public IReadOnlyList<RamVolume> Volumes { get; } = [.. FuzzNames.BlockBytes.Select(bytes => new RamVolume(FuzzNames.Blocks, bytes))];

    /// <summary>Little is left of the buffers, so that commands may wait for those of others.</summary>
    public bool BuffersScarce => _pool.FreeBytes < _poolBytes / 2;

    /// <summary>Everything as at start: volumes of zeroes, logical units that nobody has reserved.</summary>
    public void Reset()
    {
        (_sessions, Mailbox, Clock) = (new SessionRegistry(), new FakeMailbox(), new TestClock());
        Ring = new IscsiRing(new ScsiRing(0, _pool), _sessions, Mailbox, Limits, Clock);
        foreach (RamVolume volume in Volumes)
        {
            volume.At(0, FuzzNames.Blocks).Clear();
            (volume.Hold, volume.Fail) = (false, BlockStatus.Success);
        }

        LogicalUnit[] units = [.. Volumes.Select((volume, lun) => new LogicalUnit(volume, new LogicalUnitIdentity(FuzzNames.Naa(lun), FuzzNames.Serial(lun)), writeCache: lun == 0))];
        var luns = new Dictionary<int, TargetLun> { [0] = new(units[0], false), [1] = new(units[1], false), [2] = new(units[0], true) };
        _catalogs = [Catalog(luns), Catalog([]), TargetCatalog.Empty];
        Configure(0);
    }

    public void Configure(int variant) => Ring.Apply(_catalogs[variant % _catalogs.Length]);

    /// <summary>Behind a script whose connections are closed: nothing of it is left.</summary>
    public void AssertClean()
    {
        Assert(_sessions.Snapshot().Count == 0, "A session outlived its connection.");
        Assert(Ring.CommandsInFlight().Count == 0, "A command outlived its connection.");
        Assert(_pool.FreeBytes == _poolBytes, $"{_poolBytes - _pool.FreeBytes} bytes of the buffers did not come back.");
        int slots = 0;
        while (Ring.TakeTask() is not null) slots++;
        Assert(slots == Slots, $"{Slots - slots} command slots did not come back.");
    }

    private static TargetCatalog Catalog(Dictionary<int, TargetLun> luns)
    {
        ChapSecret secret = new(FuzzNames.User, FuzzNames.Secret), own = new(FuzzNames.TargetUser, FuzzNames.TargetSecret);
        return new TargetCatalog(1,
        [
            new IscsiTarget(FuzzNames.Open, [Portal], [new TargetAccess(TargetAccess.Anybody, null, luns)]),
            new IscsiTarget(FuzzNames.Guarded, [Portal], [new TargetAccess(TargetAccess.Anybody, secret, luns, own)]),
        ]);
    }

    private static void Assert(bool holds, string what)
    {
        if (!holds) throw new FindingException(what);
    }
}

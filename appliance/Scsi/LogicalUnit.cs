using VSan.Block;
using VSan.Scsi.Reservations;

namespace VSan.Scsi;

/// <summary>
/// A volume as SCSI sees it. Shared by all rings and sessions: immutable but for what initiators change, a count of resets, and counters, of which each ring
/// has its own, so that no cache line is written by two cores for each command.
/// </summary>
public sealed partial class LogicalUnit
{
    /// <summary>Rings that may serve one logical unit.</summary>
    public const int RingsMax = 256;

    private readonly LogicalUnitCounters?[] _counters;
    private int _resets;
    private int _sanitize;

    /// <summary>Wraps a volume.</summary>
    /// <param name="volume">Where the blocks are.</param>
    /// <param name="identity">Names.</param>
    /// <param name="writeCache">WCE: false makes every write durable before its status.</param>
    /// <param name="reservations">Who holds it; null: nobody, and nothing is kept.</param>
    /// <param name="space">Of its store, where it is known; null: it has no threshold.</param>
    /// <param name="ringCount">Rings that will serve it, 1 to <see cref="RingsMax"/>.</param>
    public LogicalUnit(IVolume volume, LogicalUnitIdentity identity, bool writeCache, ReservationTable? reservations = null, VolumeSpace? space = null, int ringCount = RingsMax)
    {
        _counters = new LogicalUnitCounters?[ringCount];
        Volume = volume;
        Identity = identity;
        WriteCache = writeCache;
        Reservations = reservations ?? new ReservationTable();
        NaaBytes = Convert.FromHexString(identity.Naa);
        Gate = new WriteGate(this);
        if (space is not null && volume.Geometry.Thin) Threshold = new ProvisioningThreshold(space, volume.Geometry.BlockSizeBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(NaaBytes.Length, 16, nameof(identity));
    }

    /// <summary>Names.</summary>
    public LogicalUnitIdentity Identity { get; }

    /// <summary>WCE of the caching mode page.</summary>
    public bool WriteCache { get; }

    /// <summary>Registrations and reservations.</summary>
    public ReservationTable Reservations { get; }

    /// <summary>Counters of one ring, or null while that ring has not used this logical unit.</summary>
    public LogicalUnitCounters? CountersOf(int ringIndex) => Volatile.Read(ref _counters[ringIndex]);

    internal IVolume Volume { get; }

    /// <summary>Where a SANITIZE is.</summary>
    internal SanitizeState Sanitize => (SanitizeState)Volatile.Read(ref _sanitize);

    internal byte[] NaaBytes { get; }

    internal WriteGate Gate { get; }

    /// <summary>True while a write of any ring is past the gate.</summary>
    internal bool HasWritesInFlight
    {
        get
        {
            foreach (ref LogicalUnitCounters? slot in _counters.AsSpan())
            {
                if (Volatile.Read(ref slot) is { } counters && Volatile.Read(ref counters.WritesInFlight) != 0) return true;
            }

            return false;
        }
    }

    /// <summary>Counts LOGICAL UNIT RESETs; a nexus that saw fewer owes its initiator a unit attention.</summary>
    internal int Resets => Volatile.Read(ref _resets);

    /// <summary>LOGICAL UNIT RESET: every nexus reports it once, and RESERVE holds no longer. The caller has waited for the affected commands. Any thread.</summary>
    public void Reset()
    {
        Reservations.Submit(new ReservationRequest(ReservationAction.Reset, ReservationRequest.Nobody), static _ => { });
        Volatile.Write(ref _mode, DefaultMode);
        Interlocked.Increment(ref _resets);
    }

    /// <summary>Begins a SANITIZE, from any state but one under way.</summary>
    internal bool TryBeginSanitize()
    {
        int before = Volatile.Read(ref _sanitize);
        return before != (int)SanitizeState.InProgress && Interlocked.CompareExchange(ref _sanitize, (int)SanitizeState.InProgress, before) == before;
    }

    /// <summary>It is over.</summary>
    internal void EndSanitize(SanitizeState state) => Volatile.Write(ref _sanitize, (int)state);

    internal LogicalUnitCounters Counters(int ringIndex) => _counters[ringIndex] ?? AddCounters(ringIndex);

    private LogicalUnitCounters AddCounters(int ringIndex)
    {
        var counters = new LogicalUnitCounters();
        Volatile.Write(ref _counters[ringIndex], counters);
        return counters;
    }
}

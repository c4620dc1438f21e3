using VSan.Iscsi.Pdu;
using VSan.Scsi;

namespace VSan.Iscsi;

/// <summary>
/// Rare events of one ring since start, by their reason. Written by the ring's thread alone; read by anyone, a little late. The names come from
/// the enums of the standard's codes, so that a new code needs no line here.
/// </summary>
public sealed class IscsiCounters
{
    private static readonly LoginStatus[] Refusals = Array.FindAll(Enum.GetValues<LoginStatus>(), status => status != LoginStatus.Success);

    // By the code itself: reject reasons are below 16, login statuses have class 0 to 3 and a detail below 16.
    private readonly long[] _rejects = new long[16];
    private readonly long[] _refusals = new long[64];
    private readonly long[] _drops = new long[Enum.GetValues<DropReason>().Length];
    private long _logins;
    private long _taskSetFull;
    private long _readyToTransfer;
    private long _aborts;
    private long _resets;

    /// <summary>PDUs that were refused, by the reason of the Reject (RFC 7143, 11.17.1); its name in the standard.</summary>
    public IReadOnlyList<NamedCount> Rejects => Array.ConvertAll(Enum.GetValues<RejectReason>(), reason => Named(reason, ref _rejects[IndexOf(reason)]));

    /// <summary>Logins that were refused, by status (RFC 7143, 11.13.5).</summary>
    public IReadOnlyList<NamedCount> LoginRefusals => Array.ConvertAll(Refusals, status => Named(status, ref _refusals[IndexOf(status)]));

    /// <summary>Connections that ended without a Reject, by reason.</summary>
    public IReadOnlyList<NamedCount> Drops => Array.ConvertAll(Enum.GetValues<DropReason>(), reason => Named(reason, ref _drops[(int)reason]));

    /// <summary>Connections that reached full feature phase.</summary>
    public long Logins => Volatile.Read(ref _logins);

    /// <summary>Commands answered TASK SET FULL.</summary>
    public long TaskSetFull => Volatile.Read(ref _taskSetFull);

    /// <summary>R2Ts sent: each makes a write wait for one round trip.</summary>
    public long ReadyToTransfer => Volatile.Read(ref _readyToTransfer);

    /// <summary>Task management functions that end tasks: ABORT TASK, ABORT TASK SET, CLEAR TASK SET.</summary>
    public long Aborts => Volatile.Read(ref _aborts);

    /// <summary>LOGICAL UNIT RESET and target resets.</summary>
    public long Resets => Volatile.Read(ref _resets);

    internal void CountReject(RejectReason reason) => _rejects[IndexOf(reason)]++;

    internal void CountRefusal(LoginStatus status) => _refusals[IndexOf(status)]++;

    internal void CountDrop(DropReason reason) => _drops[(int)reason]++;

    internal void CountLogin() => _logins++;

    internal void CountTaskSetFull() => _taskSetFull++;

    internal void CountReadyToTransfer() => _readyToTransfer++;

    internal void CountFunction(TaskManagementFunction function)
    {
        if (function is TaskManagementFunction.LogicalUnitReset or TaskManagementFunction.TargetWarmReset or TaskManagementFunction.TargetColdReset) _resets++;
        else if (function is TaskManagementFunction.AbortTask or TaskManagementFunction.AbortTaskSet or TaskManagementFunction.ClearTaskSet) _aborts++;
    }

    private static NamedCount Named<T>(T code, ref long count)
        where T : struct, Enum => new(Enum.GetName(code)!, Volatile.Read(ref count));

    private static int IndexOf(RejectReason reason) => (int)reason & 15;

    private static int IndexOf(LoginStatus status) => (((int)status >> 8 & 3) << 4) | ((int)status & 15);
}

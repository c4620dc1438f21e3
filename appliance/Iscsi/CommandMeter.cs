using VSan.Scsi;

namespace VSan.Iscsi;

/// <summary>
/// Measures the commands of one ring with at most two looks at the clock in a turn, however many commands the turn has. Ring thread only.
/// <code>
///   turn:  bytes in ──► first command: clock ──► … all commands of the turn … ──► end of turn: clock, all that was answered is counted ──► bytes out
/// </code>
/// </summary>
/// <remarks>
/// A command begins when the first command of its turn was seen: its bytes were there. It ends with the turn that answers it: its answer leaves
/// no sooner. So a time is too long by at most the work of its first turn before it and of its last one after it, never too short.
/// </remarks>
internal sealed class CommandMeter
{
    /// <summary>Answers of one turn that are held; with one more the clock is read early. 10 KiB.</summary>
    private const int HeldMax = 256;

    private const long Unread = -1;

    private readonly Held[] _held = new Held[HeldMax];
    private readonly TimeProvider _time;
    private readonly long _tickNanoseconds;
    private int _heldCount;
    private long _now = Unread;

    public CommandMeter(TimeProvider time)
    {
        _time = time;
        _tickNanoseconds = Math.Max(1, 1_000_000_000 / time.TimestampFrequency);
    }

    private struct Held
    {
        public CommandMeasures? Unit;
        public CommandMeasures Session;
        public long StartedAt;
        public int BytesRead;
        public int BytesWritten;
        public CommandKind Kind;
    }

    /// <summary>This turn's time.</summary>
    public long Now => _now != Unread ? _now : _now = _time.GetTimestamp();

    /// <summary>Notes an answer; the end of the turn counts it.</summary>
    public void OnAnswered(IscsiTask task, CommandMeasures session, int bytesRead)
    {
        if (_heldCount == HeldMax) Settle();
        ScsiCommand command = task.Command;
        CommandMeasures? unit = command.Measures;
        _held[_heldCount++] = new Held
        {
            Unit = unit,
            Session = session,
            StartedAt = task.StartedAt,
            BytesRead = bytesRead,
            BytesWritten = (int)Math.Min(task.Received, (uint)command.DataOutLength),
            Kind = command.Kind,
        };
        if (command.Status == ScsiStatus.Good) return;
        unit?.CountBadEnd(command.Status, command.SenseData);
        session.CountBadEnd(command.Status, command.SenseData);
    }

    /// <summary>The work of this turn is done, its answers go out.</summary>
    public void EndOfTurn()
    {
        if (_heldCount > 0) Settle();
        _now = Unread;
    }

    private void Settle()
    {
        long now = _time.GetTimestamp();
        Span<Held> held = _held.AsSpan(0, _heldCount);
        foreach (ref Held one in held)
        {
            long nanoseconds = (now - one.StartedAt) * _tickNanoseconds;
            one.Unit?.Count(one.Kind, nanoseconds, one.BytesRead, one.BytesWritten);
            one.Session.Count(one.Kind, nanoseconds, one.BytesRead, one.BytesWritten);
        }

        // A session that ended is not kept by what it did last.
        held.Clear();
        _heldCount = 0;
    }
}

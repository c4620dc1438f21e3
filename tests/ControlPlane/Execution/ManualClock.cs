namespace VSan.Tests.ControlPlane.Execution;

/// <summary>A clock that moves when a test moves it, and rings the timers that fall due on the way, in their order.</summary>
internal sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Alarm> _alarms = [];
    private DateTimeOffset _now = start;
    private TimeSpan _jumps;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now + _jumps;
    }

    /// <summary>Somebody sets the wall clock; timers and the monotonic clock know nothing of it.</summary>
    public void Jump(TimeSpan by)
    {
        lock (_lock) _jumps += by;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_lock) return _now.UtcTicks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Alarm alarm = new(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Moves time on; each timer that falls due is rung at its own moment.</summary>
    public void Advance(TimeSpan by)
    {
        DateTimeOffset end = new(GetTimestamp() + by.Ticks, TimeSpan.Zero);
        while (TakeDue(end) is { } due) due.Ring();
        lock (_lock) _now = end;
    }

    private Alarm? TakeDue(DateTimeOffset end)
    {
        lock (_lock)
        {
            if (_alarms.Where(alarm => alarm.DueAt <= end).MinBy(alarm => alarm.DueAt) is not { } due) return null;
            _now = due.DueAt > _now ? due.DueAt : _now;
            if (due.Period > TimeSpan.Zero) due.DueAt += due.Period;
            else _alarms.Remove(due);
            return due;
        }
    }

    private sealed class Alarm(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._alarms.Remove(this);
                Period = period;
                if (dueTime < TimeSpan.Zero) return true;
                DueAt = clock._now + dueTime;
                clock._alarms.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._lock) clock._alarms.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

namespace VSan.Tests.Simulation.Kernel;

/// <summary>
/// One process: what it awaits goes on here, until it is killed; then nothing of it happens any more, at whatever await it was. A paused
/// process goes on late, and its clock may be wrong.
/// </summary>
internal sealed class SimProcess : SynchronizationContext
{
    private readonly Simulator _simulation;
    private DateTimeOffset _pausedUntil;

    public SimProcess(Simulator simulation, string name)
    {
        (_simulation, Name) = (simulation, name);
        Time = new SimTime(this);
    }

    public string Name { get; }

    /// <summary>False once it was killed.</summary>
    public bool Alive { get; private set; } = true;

    /// <summary>How wrong its wall clock is; its monotonic clock is right.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>Its clocks and timers.</summary>
    public TimeProvider Time { get; }

    /// <summary>What ended work of it that should not end.</summary>
    public Exception? Failure { get; private set; }

    public void Kill() => Alive = false;

    /// <summary>It does nothing for a while.</summary>
    public void Pause(TimeSpan duration) => _pausedUntil = _simulation.Now + duration;

    /// <summary>Starts work in it, now.</summary>
    public void Start(Func<Task> work) => Post(_ => _ = WatchAsync(work), null);

    /// <summary>Lets an action happen in it after a while.</summary>
    public void After(TimeSpan wait, Action action) => _simulation.After(wait, () => Run(action));

    // What is left of a dead process may still call from its finalizers.
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Alive) After(TimeSpan.Zero, () => d(state));
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing in decision code waits by blocking.");

    public override SynchronizationContext CreateCopy() => this;

    private void Run(Action action)
    {
        if (!Alive) return;
        if (_pausedUntil > _simulation.Now)
        {
            After(_pausedUntil - _simulation.Now, action);
            return;
        }

        Enter(action);
    }

    /// <summary>Does something in it at once.</summary>
    public void Enter(Action action)
    {
        SynchronizationContext? before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        catch (KilledException) when (!Alive)
        {
            return;
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    private async Task WatchAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception error) when (Alive)
        {
            Failure = error;
        }
        catch (KilledException)
        {
            return;
        }
    }

    private sealed class SimTime(SimProcess process) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => process._simulation.Now + process.Skew;

        public override long GetTimestamp() => process._simulation.Now.UtcTicks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            SimTimer timer = new(process, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }
    }

    private sealed class SimTimer(SimProcess process, TimerCallback callback, object? state) : ITimer
    {
        private int _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            int version = ++_version;
            if (dueTime >= TimeSpan.Zero) Arm(dueTime, period, version);
            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan wait, TimeSpan period, int version) => process.After(wait, () =>
        {
            if (version != _version) return;
            if (period > TimeSpan.Zero) Arm(period, period, version);
            callback(state);
        });
    }
}

/// <summary>The process was killed in the middle of a call to its disk.</summary>
internal sealed class KilledException : Exception;

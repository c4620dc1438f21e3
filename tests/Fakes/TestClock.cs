namespace VSan.Tests.Fakes;

/// <summary>A clock that the test moves.</summary>
internal sealed class TestClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How often somebody looked.</summary>
    public long Looks { get; private set; }

    public override long GetTimestamp()
    {
        Looks++;
        return _ticks;
    }

    public void Advance(TimeSpan by) => _ticks += by.Ticks;
}

namespace VSan.Station.Execution;

/// <summary>Where the services write what an engineer may need; what people need is an event.</summary>
public interface IStationLog
{
    /// <summary>One line of ordinary life.</summary>
    void Information(string message);

    /// <summary>Something failed and work goes on; the exception is logged whole.</summary>
    void Warning(string message, Exception? exception = null);
}

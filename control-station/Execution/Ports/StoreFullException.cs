namespace VSan.Station.Execution;

/// <summary>There is no space for this change. Nothing of it was kept; reads go on, and changes succeed again once there is space.</summary>
/// <param name="message">What the engine said.</param>
/// <param name="inner">The engine's error.</param>
public sealed class StoreFullException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>The same for whoever asked for the change.</summary>
    public ProblemException AsProblem() =>
        new("station-full", Message, "Make room on the disk of the station's state directory; it goes on by itself.");
}

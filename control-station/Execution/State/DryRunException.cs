namespace VSan.Station.Execution;

/// <summary>
/// Ends a change that was only tried: everything was checked and done within the transaction, which is rolled back by this. No service goes
/// on behind it, so that nothing is started for what was not kept.
/// </summary>
/// <param name="result">What the change would have given.</param>
public sealed class DryRunException(object? result) : Exception("The change was tried and rolled back.")
{
    /// <summary>What the change would have given.</summary>
    public object? Result { get; } = result;
}

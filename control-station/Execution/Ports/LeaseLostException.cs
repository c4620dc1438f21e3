namespace VSan.Station.Execution;

/// <summary>Another has taken the lease under which this write was meant. Nothing was written, and this process may write no more.</summary>
/// <param name="message">Which lease.</param>
public sealed class LeaseLostException(string message) : StoreUnwritableException(message);

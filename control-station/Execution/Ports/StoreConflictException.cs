namespace VSan.Station.Execution;

/// <summary>A record was changed by another since it was read, or a unique key is taken. The transaction is rolled back.</summary>
/// <param name="message">What and which.</param>
/// <param name="inner">The engine's error, if it found it.</param>
public sealed class StoreConflictException(string message, Exception? inner = null) : Exception(message, inner);

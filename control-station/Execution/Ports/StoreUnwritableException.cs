namespace VSan.Station.Execution;

/// <summary>The store can keep nothing: the disk fails, or holds another's bytes. No work can go on, so the process ends.</summary>
/// <param name="message">What the engine said.</param>
/// <param name="inner">The engine's error.</param>
public class StoreUnwritableException(string message, Exception? inner = null) : IOException(message, inner);

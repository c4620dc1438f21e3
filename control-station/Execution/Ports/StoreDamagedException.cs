namespace VSan.Station.Execution;

/// <summary>The store's file is not readable as one; the message names the newest backup and the command that restores it.</summary>
/// <param name="message">One sentence for a person, with the next action.</param>
/// <param name="inner">The engine's error.</param>
public sealed class StoreDamagedException(string message, Exception? inner = null) : IOException(message, inner);

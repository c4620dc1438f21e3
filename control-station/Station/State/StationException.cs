namespace VSan.Station.State;

/// <summary>Something that keeps the station from starting; its message is one line for a person, with the next action.</summary>
internal sealed class StationException(string message, Exception? inner = null) : Exception(message, inner);

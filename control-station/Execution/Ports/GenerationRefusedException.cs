namespace VSan.Station.Execution;

/// <summary>The unit has a newer configuration than the one it was handed (409 <c>generation-refused</c>): the station was restored from a backup.</summary>
/// <param name="detail">What the unit said.</param>
public sealed class GenerationRefusedException(string detail) : Exception(detail);

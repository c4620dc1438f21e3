using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>A way to find records other than by identity; each store keeps an index for it.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Key">The column's value of a record.</param>
public sealed record Lookup<T>(string Column, Func<T, string> Key)
    where T : Entity;

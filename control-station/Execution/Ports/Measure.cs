using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>A figure of each record that a store can add up by itself.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Value">The column's value of a record.</param>
public sealed record Measure<T>(string Column, Func<T, long> Value)
    where T : Entity;

/// <summary>All measures.</summary>
public static class Measures
{
    /// <summary>What a volume's legs are promised together.</summary>
    public static Measure<Volume> VolumePromise { get; } = new("promised_bytes", volume => volume.PromisedBytes);

    /// <summary>What a share is promised.</summary>
    public static Measure<Share> ShareSize { get; } = new("size_bytes", share => share.SizeBytes);
}

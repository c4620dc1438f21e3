namespace VSan.Scsi;

/// <summary>How often something happened, by its name in the standard or in labels.</summary>
/// <remarks>A class: a struct in queries costs compiled code for each struct that is queried anywhere (ADR 0065).</remarks>
/// <param name="Name">What happened.</param>
/// <param name="Count">Times since start.</param>
public sealed record NamedCount(string Name, long Count);

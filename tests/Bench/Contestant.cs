namespace VSan.Tests.Bench;

/// <summary>One column of a contest.</summary>
/// <param name="Name">As the table shows it.</param>
/// <param name="Run">Runs a workload for so long and measures it.</param>
internal sealed record Contestant(string Name, Func<Workload, TimeSpan, LoadResult> Run);

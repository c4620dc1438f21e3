using System.Text.Json.Serialization;
using VSan.Tests.Bench.Joins;

namespace VSan.Tests.Bench;

/// <summary>One contest as <c>--json</c> prints it.</summary>
internal sealed record ContestReport(string Title, IReadOnlyList<Contest.Row> Rows);

/// <summary>All that <c>--json</c> prints.</summary>
internal sealed record BenchReport(IReadOnlyList<ContestReport> Contests, IReadOnlyList<Footprint.Figure> Footprint);

/// <summary>JSON of the results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(JoinResult))]
internal sealed partial class BenchJson : JsonSerializerContext;

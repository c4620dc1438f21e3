using System.Text.Json.Serialization;
using VSan.Tests.Bench.Joins;

namespace VSan.Tests.Bench;

/// <summary>One contest as <c>--json</c> prints it.</summary>
internal sealed record ContestReport(string Title, IReadOnlyList<Contest.Row> Rows);

/// <summary>JSON of the results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<ContestReport>))]
[JsonSerializable(typeof(JoinResult))]
internal sealed partial class BenchJson : JsonSerializerContext;

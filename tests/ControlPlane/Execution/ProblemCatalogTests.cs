using System.Globalization;
using VSan.Station.Execution;
using VSan.Tests.Harness;
using Xunit;

namespace VSan.Tests.ControlPlane.Execution;

public sealed class ProblemCatalogTests
{
    [Fact]
    public void Page_OfErrors_NamesEveryCodeWithItsStatusAndMeaning()
    {
        string[] rows = [.. File.ReadLines(Path.Combine(RepositoryRoot.Path, "docs", "errors.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))];
        string[][] cells = [.. rows.Select(row => row.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        Assert.All(cells, row => Assert.Equal(4, row.Length));
        Assert.Equal(
            ProblemCatalog.All.Select(entry => $"`{entry.Key}` {entry.Value.Status.ToString(CultureInfo.InvariantCulture)} {entry.Value.Title}").Order(StringComparer.Ordinal),
            cells.Select(row => $"{row[0]} {row[1]} {row[2]}").Order(StringComparer.Ordinal));
    }
}

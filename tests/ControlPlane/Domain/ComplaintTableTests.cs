using System.Text.RegularExpressions;
using VSan.Tests.Harness;
using Xunit;

namespace VSan.Tests.ControlPlane.Domain;

/// <summary>docs/complaints.md names tests; they must be there.</summary>
public sealed partial class ComplaintTableTests
{
    [Fact]
    public void Complaints_EachNamedTest_Exists()
    {
        string[] rows = [.. File.ReadLines(Path.Combine(RepositoryRoot.Path, "docs", "complaints.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)];
        HashSet<string> tests = [.. Sources().SelectMany(source => TestMethod().Matches(File.ReadAllText(source))).Select(match => match.Groups[1].Value)];
        Assert.True(rows.Length >= 13, "Complaints were removed from the table.");
        foreach (string row in rows)
        {
            string[] named = [.. TestName().Matches(row).Select(match => match.Groups[1].Value)];
            Assert.True(named.Length > 0, $"No test is named for: {row}");
            Assert.All(named, name => Assert.True(tests.Contains(name), $"There is no test {name}; its complaint: {row}"));
        }
    }

    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "tests"), "*.cs", SearchOption.AllDirectories);

    [GeneratedRegex(@"`([A-Z]\w+_\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"public (?:async Task|Task|void) (\w+_\w+)\(")]
    private static partial Regex TestMethod();
}

using System.Xml.Linq;
using VSan.Tests.Harness;
using Xunit;

namespace VSan.Tests.Unit.House;

/// <summary>Holds the reference table of docs/ARCHITECTURE.md against the csproj files.</summary>
public sealed class ReferenceTableTests
{
    private static readonly string[] ProductFolders = ["appliance", "control-station", "webos", "host"];

    [Fact]
    public void ReferenceTable_EveryProductProject_ReferencesOnlyWhatItsRowAllows() =>
        Assert.Empty(Violations(ReadTable(), ReadProjects()));

    [Fact]
    public void ReferenceTable_EdgeThatTheTableLacks_IsReported()
    {
        Dictionary<string, IReadOnlyList<string>> projects = ReadProjects();
        projects["appliance/Scsi"] = ["Block", "Iscsi"];
        Assert.Equal(["appliance/Scsi references Iscsi, which docs/ARCHITECTURE.md does not allow"], Violations(ReadTable(), projects));
    }

    [Fact]
    public void ReferenceTable_ProjectWithoutARow_IsReported()
    {
        Dictionary<string, IReadOnlyList<string>> projects = ReadProjects();
        projects["appliance/Extra"] = [];
        Assert.Equal(["appliance/Extra has no row in docs/ARCHITECTURE.md"], Violations(ReadTable(), projects));
    }

    [Fact]
    public void PInvoke_OutsideInterop_IsNotDeclared()
    {
        IEnumerable<string> offenders = ProductFolders
            .Where(folder => Directory.Exists(Path.Combine(RepositoryRoot.Path, folder)))
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/Interop/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file) is var text
                && (text.Contains("[LibraryImport", StringComparison.Ordinal) || text.Contains("[DllImport", StringComparison.Ordinal)));
        Assert.Empty(offenders);
    }

    private static List<string> Violations(Dictionary<string, IReadOnlyList<string>> table, Dictionary<string, IReadOnlyList<string>> projects)
    {
        List<string> found = [];
        foreach ((string folder, IReadOnlyList<string> references) in projects)
        {
            if (!table.TryGetValue(folder, out IReadOnlyList<string>? allowed))
            {
                found.Add($"{folder} has no row in docs/ARCHITECTURE.md");
                continue;
            }

            found.AddRange(references.Except(allowed).Select(name => $"{folder} references {name}, which docs/ARCHITECTURE.md does not allow"));
        }

        return found;
    }

    /// <summary>Rows <c>| project | folder | may reference | … |</c>, by folder.</summary>
    private static Dictionary<string, IReadOnlyList<string>> ReadTable() =>
        File.ReadLines(Path.Combine(RepositoryRoot.Path, "docs", "ARCHITECTURE.md"))
            .SkipWhile(line => !line.StartsWith("| project | folder |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(
                cells => cells[2],
                cells => (IReadOnlyList<string>)[.. cells[3].Split(',', StringSplitOptions.TrimEntries).Where(name => name != "–")]);

    private static Dictionary<string, IReadOnlyList<string>> ReadProjects() =>
        ProductFolders
            .Select(folder => Path.Combine(RepositoryRoot.Path, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories))
            .ToDictionary(
                file => Path.GetRelativePath(RepositoryRoot.Path, Path.GetDirectoryName(file)!),
                file => (IReadOnlyList<string>)[.. XDocument.Load(file).Descendants("ProjectReference")
                    .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value).Split('.')[^1])]);
}

using VSan.Tests.Fuzz.Scripts;

namespace VSan.Tests.Fuzz;

/// <summary>One thing that the target did and must not.</summary>
/// <param name="What">The oracle's words, or the exception that came out.</param>
/// <param name="Script">What was done to it, as short as it could be made.</param>
internal sealed record Finding(string What, Script Script)
{
    /// <summary>Leaves a file that replays it, and returns its path.</summary>
    public string Write(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{name}.fuzz");
        File.WriteAllText(path, $"# {What.ReplaceLineEndings("\n# ")}\n{ScriptText.Format(Script)}");
        return path;
    }
}

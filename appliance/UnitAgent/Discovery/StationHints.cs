using VSan.Contracts.Enrolment;

namespace VSan.UnitAgent.Discovery;

/// <summary>
/// What the machine itself says of the station: <c>vsan.station=</c>, <c>vsan.ca=</c> and <c>vsan.token=</c> on the kernel's command line,
/// and <c>station = </c>, <c>ca = </c> and <c>token-file = </c> in the configuration file.
/// </summary>
internal static class StationHints
{
    private const string Prefix = "vsan.";

    /// <summary>The kernel's command line, or a file like it.</summary>
    public static StationHint OfCommandLine(string path) => Of(
        Read(path).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith(Prefix, StringComparison.Ordinal)).Select(word => word[Prefix.Length..]),
        path);

    /// <summary>The configuration file: a key and its value on each line, <c>#</c> begins a comment.</summary>
    public static StationHint OfFile(string path) => Of(
        Read(path).Split('\n').Select(line => line.Split('#')[0]).Where(line => !string.IsNullOrWhiteSpace(line)), path);

    /// <summary>The token in a file.</summary>
    /// <exception cref="UnitFailure">There is none.</exception>
    public static EnrolmentToken TokenOf(string path)
    {
        try
        {
            return EnrolmentToken.TryParse(File.ReadAllText(path), out EnrolmentToken? token)
                ? token
                : throw new UnitFailure(ExitCode.TokenRefused, $"{path} holds no enrolment token (vsan-…-…). Create one with: vsan token create");
        }
        catch (Exception absence) when (absence is IOException or UnauthorizedAccessException)
        {
            throw new UnitFailure(ExitCode.Usage, $"The token file cannot be read: {absence.Message}", absence);
        }
    }

    private static StationHint Of(IEnumerable<string> pairs, string path)
    {
        StationHint hint = StationHint.None;
        foreach (string[] pair in pairs.Select(pair => pair.Split('=', 2, StringSplitOptions.TrimEntries)))
        {
            string value = pair.Length == 2 ? pair[1] : throw Wrong(path, pair[0], "has no value");
            hint = pair[0] switch
            {
                "station" => hint with { Address = UnitOptions.StationAddress(value) },
                "ca" => hint with { Authority = CaFingerprint.TryParse(value, out CaFingerprint? ca) ? ca : throw Wrong(path, "ca", "is no fingerprint (sha256:…)") },
                "token" => hint with { Token = EnrolmentToken.TryParse(value, out EnrolmentToken? token) ? token : throw Wrong(path, "token", "is no enrolment token (vsan-…-…)") },
                "token-file" => hint with { Token = TokenOf(value) },
                _ => throw Wrong(path, pair[0], "is unknown"),
            };
        }

        return hint;
    }

    private static string Read(string path) => File.Exists(path) ? File.ReadAllText(path) : string.Empty;

    private static UnitFailure Wrong(string path, string key, string fault) => new(ExitCode.Usage, $"{path}: {key} {fault}.");
}

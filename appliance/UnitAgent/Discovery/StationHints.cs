using VSan.Contracts.Enrolment;

namespace VSan.UnitAgent.Discovery;

/// <summary>Reads pairs of a key and a value that say something of the station: <c>station=</c>, <c>ca=</c>, <c>token=</c> and <c>token-file=</c>.</summary>
internal static class StationHints
{
    /// <summary>What each part of the order says, the first that says something counting, part by part.</summary>
    public static StationHint Read(this IEnumerable<IStationSource> sources) => sources.Aggregate(StationHint.None, (hint, source) => hint.Or(source.Read()));

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

    /// <summary>Reads the pairs.</summary>
    /// <param name="pairs">Each <c>key=value</c>.</param>
    /// <param name="path">Where they are from, for a person.</param>
    /// <exception cref="UnitFailure">A pair cannot be read.</exception>
    public static StationHint Of(IEnumerable<string> pairs, string path)
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

    /// <summary>A file's text; empty when there is none.</summary>
    public static string Text(string path) => File.Exists(path) ? File.ReadAllText(path) : string.Empty;

    private static UnitFailure Wrong(string path, string key, string fault) => new(ExitCode.Usage, $"{path}: {key} {fault}.");
}

namespace VSan.WebOs.Shell;

/// <summary>Where to go after sign-in: always a path of this web OS, whatever the address said, so that a link cannot lead elsewhere.</summary>
public readonly record struct ReturnPath
{
    private readonly string? _path;

    private ReturnPath(string path) => _path = path;

    /// <summary>The path, with its query; the desktop unless another was asked for.</summary>
    public string Path => _path ?? "/";

    /// <summary>
    /// Takes a path below /app/ as it is, and the desktop in place of everything else: other hosts (<c>//host</c>, <c>/\host</c>, schemes),
    /// paths that climb (<c>..</c>, also encoded), control characters, and what is unreasonably long (2,000 characters).
    /// </summary>
    public static ReturnPath From(string? text)
    {
        bool isLocal = text is { Length: <= 2000 }
            && text.StartsWith("/app/", StringComparison.Ordinal)
            && !text.Contains("..", StringComparison.Ordinal)
            && !text.Contains("%2e", StringComparison.OrdinalIgnoreCase)
            && text.All(c => char.IsAscii(c) && !char.IsControl(c) && c is not ('\\' or ' '));
        return isLocal ? new(text!) : default;
    }
}

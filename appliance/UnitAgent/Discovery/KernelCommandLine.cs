namespace VSan.UnitAgent.Discovery;

/// <summary><c>vsan.station=</c>, <c>vsan.ca=</c> and <c>vsan.token=</c> on the kernel's command line: written by a boot loader or an iPXE script.</summary>
/// <param name="path">The kernel's command line, or a file like it.</param>
internal sealed class KernelCommandLine(string path) : IStationSource
{
    private const string Prefix = "vsan.";

    /// <inheritdoc/>
    public StationHint Read() => StationHints.Of(
        StationHints.Text(path).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(word => word[Prefix.Length..]),
        path);
}

namespace VSan.UnitAgent.Discovery;

/// <summary>A file with a key and its value on each line, <c>#</c> begins a comment: in the appliance <c>vsan/unit.conf</c> on the boot partition.</summary>
/// <param name="path">The file; it need not exist.</param>
internal sealed class ConfigurationFile(string path) : IStationSource
{
    /// <inheritdoc/>
    public StationHint Read() => StationHints.Of(
        StationHints.Text(path).Split('\n').Select(line => line.Split('#')[0]).Where(line => !string.IsNullOrWhiteSpace(line)), path);
}

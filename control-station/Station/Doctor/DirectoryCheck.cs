using VSan.Contracts.Api;
using VSan.Station.State;

namespace VSan.Station.Doctor;

/// <summary>The files are there and nobody else may read them.</summary>
internal sealed class DirectoryCheck : IStationCheck
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public string Name => "files";

    public string Praise => "All files are there, and nobody else may read them.";

    public IEnumerable<Finding> Examine(StateDirectory state, DateTimeOffset now)
    {
        if (state.Has(StateDirectory.UnfinishedRestore))
            yield return new Finding(Name, FindingSeverity.Error, "A restore was cut off.", $"Repeat it: vsan-station restore FILE --state {state.Location} --yes");
        foreach (string name in StateDirectory.Keys.Append(StateDirectory.Identity).Append(StateDirectory.Database))
        {
            if (!state.Has(name)) yield return new Finding(Name, FindingSeverity.Error, $"{state.PathOf(name)} is missing.", "Restore it from a backup with keys: vsan-station restore.");
            else if ((File.GetUnixFileMode(state.PathOf(name)) & Others) != 0)
                yield return new Finding(Name, FindingSeverity.Warning, $"{state.PathOf(name)} can be read by others.", $"chmod 600 {state.PathOf(name)}");
        }
    }
}

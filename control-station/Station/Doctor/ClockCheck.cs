using System.Globalization;
using VSan.Contracts.Api;
using VSan.Station.State;

namespace VSan.Station.Doctor;

/// <summary>The clock does not stand before the times of what was written.</summary>
internal sealed class ClockCheck : IStationCheck
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    public string Name => "clock";

    public string Praise => "The clock is not behind what was written before.";

    public IEnumerable<Finding> Examine(StateDirectory state, DateTimeOffset now)
    {
        FileInfo? newest = new DirectoryInfo(state.Location).EnumerateFiles().MaxBy(file => file.LastWriteTimeUtc);
        if (newest is null || newest.LastWriteTimeUtc <= now.UtcDateTime + Tolerance) yield break;
        yield return new Finding(
            Name,
            FindingSeverity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"{newest.Name} was written at {newest.LastWriteTimeUtc:u}, and the clock says {now:u}: it was set back, or was wrong then."),
            "Check the time service of this machine (timedatectl). Certificates and sessions that were made ahead of time stay valid longer than they should.");
    }
}

using System.Globalization;
using VSan.Contracts.Api;
using VSan.Station.State;

namespace VSan.Station.Doctor;

/// <summary>There is room to write.</summary>
internal sealed class SpaceCheck : IStationCheck
{
    private const long Mebibyte = 1 << 20;

    /// <summary>Below this the next migration or daily copy may not fit: each takes the database once more.</summary>
    private const long LowBytes = 512 * Mebibyte;

    /// <summary>Below this writes fail within hours.</summary>
    private const long OutBytes = 32 * Mebibyte;

    public string Name => "space";

    public string Praise => "There is room on the disk of the state directory.";

    public IEnumerable<Finding> Examine(StateDirectory state, DateTimeOffset now)
    {
        long free = new DriveInfo(state.Location).AvailableFreeSpace;
        if (free >= LowBytes) yield break;
        yield return new Finding(
            Name,
            free < OutBytes ? FindingSeverity.Error : FindingSeverity.Warning,
            string.Create(CultureInfo.InvariantCulture, $"{free / Mebibyte} MiB are left on the disk of {state.Location}; without space changes are refused (station-full), while looking goes on."),
            "Remove what does not belong there, or enlarge the disk. The station goes on by itself once there is space.");
    }
}

using System.Globalization;
using VSan.Contracts.Api;
using VSan.Station.State;
using VSan.Station.Store.Sqlite;

namespace VSan.Station.Doctor;

/// <summary>There is a fresh copy of the database.</summary>
internal sealed class CopiesCheck : IStationCheck
{
    private static readonly TimeSpan AgeMax = TimeSpan.FromDays(2);

    public string Name => "copies";

    public string Praise => "There is a copy of the database that is less than two days old.";

    public IEnumerable<Finding> Examine(StateDirectory state, DateTimeOffset now)
    {
        StoreBackups copies = new(state.PathOf(StateDirectory.Database), TimeProvider.System);
        string action = $"Run the station, which makes one each day, and keep a full backup elsewhere: vsan-station backup FILE --state {state.Location} --passphrase-file FILE";
        if (copies.NewestAt is not { } at) yield return new Finding(Name, FindingSeverity.Warning, $"There is no copy of the database in {copies.Folder}.", action);
        else if (now - at > AgeMax) yield return new Finding(Name, FindingSeverity.Warning, string.Create(CultureInfo.InvariantCulture, $"The newest copy of the database is of {at:u}."), action);
    }
}

using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>What posts may be about: an object that the author may look at.</summary>
internal static class PostSubjects
{
    /// <summary>The object's name now.</summary>
    /// <exception cref="ProblemException">There is none, or the author may not see it.</exception>
    public static string NameOf(IStationTransaction transaction, Caller caller, string subject)
    {
        Entity? record = Subjects.Find(transaction, subject);
        (string Name, string Action)? found = record switch
        {
            Unit unit => (unit.Name, "unit.read"),
            Host host => (host.Name, "host.read"),
            Project project => (project.Name, "project.read"),
            Volume volume => (volume.Name, "volume.read"),
            Share share => (share.Name, "share.read"),
            Snapshot snapshot => (snapshot.Name, "snapshot.read"),
            Operation operation => (operation.Title, "operation.read"),
            _ => null,
        };
        return found is { } one && Permissions.Allow(caller, one.Action, Reach.Of(transaction, record))
            ? one.Name
            : throw ProblemException.Field("/subject", "names no unit, host, project, volume, share, snapshot or operation that you see.");
    }
}

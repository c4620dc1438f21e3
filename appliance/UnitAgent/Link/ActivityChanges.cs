using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Link;

/// <summary>
/// Which counters one stream of reports has told, so that a leg that nobody uses costs nothing. One caller's. It keeps a record for each leg that
/// was told, the one that the block server's answer was read into.
/// </summary>
internal sealed class ActivityChanges
{
    private readonly Dictionary<Guid, LegActivity> _told = [];
    private int _next;

    /// <summary>The legs to tell now, at most <see cref="UnitReport.ActivityMax"/>; those that are left over come first the next time.</summary>
    public IReadOnlyList<LegActivity> Next(IReadOnlyList<LegActivity> present)
    {
        if (_told.Count > present.Count) Forget(present);
        List<LegActivity> moved = [];
        int first = _next;
        for (int i = 0; i < present.Count && moved.Count < UnitReport.ActivityMax; i++)
        {
            int index = (first + i) % present.Count;
            LegActivity leg = present[index];
            if (!leg.HasMovedSince(_told.GetValueOrDefault(leg.LegId))) continue;
            moved.Add(leg);
            _told[leg.LegId] = leg;
            _next = index + 1;
        }

        return moved;
    }

    private void Forget(IReadOnlyList<LegActivity> present)
    {
        HashSet<Guid> there = [];
        foreach (LegActivity leg in present) there.Add(leg.LegId);
        List<Guid> gone = [];
        foreach (Guid legId in _told.Keys)
            if (!there.Contains(legId)) gone.Add(legId);
        foreach (Guid legId in gone) _told.Remove(legId);
    }
}

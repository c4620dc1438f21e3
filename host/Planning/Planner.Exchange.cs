using VSan.HostAgent.Found;
using VSan.HostAgent.State;

namespace VSan.HostAgent.Planning;

/// <content>
/// Legs that come and go while the mirror is in use (docs/adr/0089). One that comes is added, and has a place of its own beside the others; one that
/// goes stays a member until every leg that is wanted holds all of the volume.
/// <code>
///   the station names N:        A B      ── add N, grow to 3 places ──►  A B n   ── N is brought up to date ──►  A B N
///   the station names B no more: A B N   ── remember A N, fail B, remove B, grow to 2 places, log out ──►  A N
/// </code>
/// </content>
internal sealed partial class Planner
{
    /// <summary>The leg goes, and the mirror has let it go: nothing is done for it but to end its session.</summary>
    private bool IsOut(int index) => index >= _record.WantedCount && _found.Array is { IsRunning: true } array && MemberOf(array, index) is null;

    private FoundMember? MemberOf(FoundArray array, int index) => _found.Legs[index].Disk is { } disk ? array.Members.FirstOrDefault(member => member.Disk == disk.Name) : null;

    /// <summary>Each leg that the station names is there and holds all of the volume, so that the mirror needs no other.</summary>
    private bool AreWantedCurrent(FoundArray array) => Enumerable.Range(0, _record.WantedCount).All(index => MemberOf(array, index) is { State: MemberState.InSync });

    // Copies that count no more although they are current yet: they are taken out next, and are behind from then on.
    private IEnumerable<string> Dismissed(FoundArray array) => AreWantedCurrent(array) ? (_record.Leaving ?? []).Select(leg => leg.Naa) : [];

    private void LetGo(FoundArray array, int index)
    {
        FoundMember? member = MemberOf(array, index);
        switch (member?.State)
        {
            case MemberState.InSync when !AreWantedCurrent(array):
                _obstacles.Add(new Obstacle(Layer.Assembly, $"{Subject(index)} stays in the mirror until all others are up to date."));
                break;
            case MemberState.InSync or MemberState.Rebuilding:
                _steps.Add(new Step.Command(Layer.Assembly, Mdadm, array.Path, "--fail", _found.Legs[index].Disk!.Path));
                break;
            case MemberState.Faulty:
                _steps.Add(new Step.Command(Layer.Assembly, Mdadm, array.Path, "--remove", _found.Legs[index].Disk!.Path));
                break;
            case null:
                EndSession(array, index);
                break;
        }
    }

    private void EndSession(FoundArray array, int index)
    {
        int before = _steps.Count;
        if (_found.Legs[index].Disk is null && HasDetached(array)) _steps.Add(RemoveDetached(array));
        DetachLeg(_record.Legs[index], _found.Legs[index]);
        if (_steps.Count > before) return;
        string naa = _record.Legs[index].Naa;
        VolumeRecord without = _record with { Leaving = [.. (_record.Leaving ?? []).Where(leg => leg.Naa != naa)] };
        Remember(without, $"{_record.NameOf(index)} is let go");
    }

    // As many places as legs are wanted; md changes them only while it copies nothing.
    private void KeepPlaces(FoundArray array)
    {
        if (array.Sync is not null) return;
        int members = array.Members.Count(member => member.State != MemberState.Faulty);
        bool isGrowing = array.MemberCount < _record.WantedCount && members > array.MemberCount;
        bool isShrinking = array.MemberCount > _record.WantedCount && array.Members.Count <= _record.WantedCount && array.Members.All(member => member.State == MemberState.InSync);
        if (isGrowing || isShrinking) _steps.Add(new Step.Command(Layer.Assembly, Mdadm, "--grow", array.Path, $"--raid-devices={_record.WantedCount}") { MayFail = true });
    }

    private bool HasDetached(FoundArray array) => array.Members.Any(member => member.State == MemberState.Faulty && _found.Legs.All(leg => leg.Disk?.Name != member.Disk));

    private static Step.Command RemoveDetached(FoundArray array) => new(Layer.Assembly, Mdadm, array.Path, "--remove", "detached");
}

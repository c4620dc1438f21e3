using System.Globalization;
using VSan.Contracts.Api;
using VSan.HostAgent.Found;
using VSan.HostAgent.State;

namespace VSan.HostAgent.Planning;

/// <summary>
/// From what is wanted of one volume and what is found, to what is done: a pure function, layer by layer from the node records to the mount.
/// </summary>
internal sealed partial class Planner
{
    private const string Iscsiadm = "iscsiadm";
    private const string Mdadm = "mdadm";
    private const int KiB = 1024;

    private readonly VolumeRecord _record;
    private readonly FoundVolume _found;
    private readonly IReadOnlyList<VolumeRecord> _all;
    private readonly VolumeNames _names;
    private readonly List<Step> _steps = [];
    private readonly List<Obstacle> _obstacles = [];

    /// <summary>The mirror runs from a copy that is behind: nothing above it is touched.</summary>
    private bool _isStale;

    private Planner(VolumeRecord record, FoundVolume found, IReadOnlyList<VolumeRecord> all) =>
        (_record, _found, _all, _names) = (record, found, all, new VolumeNames(record.VolumeId));

    private Assembly Assembly => _record.Connect.Assembly;

    private bool IsMirror => Assembly.Method == AssemblyMethod.MdRaid1;

    /// <summary>What there is to do until the volume is in use.</summary>
    /// <param name="record">What is wanted, and remembered.</param>
    /// <param name="found">What there is.</param>
    /// <param name="all">All volumes of this host; their sessions are shared.</param>
    public static HostPlan Plan(VolumeRecord record, FoundVolume found, IReadOnlyList<VolumeRecord> all)
    {
        Planner planner = new(record, found, all);
        if (record.IsDetaching) planner.Detach();
        else planner.Attach();
        return new HostPlan(planner._steps, planner._obstacles);
    }

    private void Attach()
    {
        Guard();
        for (int index = 0; index < _record.Legs.Count; index++)
            if (!IsOut(index)) Leg(_record.Legs[index], _found.Legs[index], index);
        Assemble();
        FileSystem();
        Mount();
    }

    // Before anything of a leg appears to the kernel: nobody else puts the mirror together.
    private void Guard()
    {
        if (!IsMirror) return;
        if (!_found.IsGuarded) _steps.Add(new Step.Write(Layer.Guard, _names.GuardPath, _names.GuardText));
        if (_found.Array is { IsRunning: true } array) ObserveMirror(array);
    }

    // A copy that has failed is remembered as such before anything else is done, above all before it may come back.
    private void ObserveMirror(FoundArray array)
    {
        string[] current = [.. array.InSync.Select(NaaOf).OfType<string>().Except(Dismissed(array), StringComparer.Ordinal)];
        if (current.Length == 0) return;
        if (_record.Mirror is { } known && !current.Intersect(known.Current, StringComparer.Ordinal).Any()) return;
        MirrorRecord seen = new(current, _record.Mirror?.Events ?? 0, IsClean: false);
        if (!seen.Agrees(_record.Mirror)) Remember(_record with { Mirror = seen }, $"current copies are {LegsText(current)}");
    }

    private void Leg(ConnectLeg leg, FoundLeg found, int index)
    {
        SessionTimers timers = SessionTimers.Of(leg.TargetName, _all);
        foreach (FoundPortal portal in found.Portals) Record(leg, portal, timers);
        if (found.Portals.All(portal => portal.Session is null))
        {
            // One path: the first portal that lets this host in. The others are there for when it does not.
            _steps.Add(found.Portals.Reverse().Aggregate((Step.Command?)null, (next, portal) => new(Layer.Session, Iscsiadm, [.. Node(leg, portal), "--login"]) { Otherwise = next, MayFail = true })!);
            return;
        }

        int patience = IsLastCopy(found) ? SessionTimers.AloneSeconds : timers.RecoverySeconds;
        foreach (FoundSession session in found.Portals.Select(portal => portal.Session).OfType<FoundSession>())
        {
            if (session.RecoverySeconds != patience) _steps.Add(new Step.Write(Layer.Session, $"/sys/class/iscsi_session/session{session.Id}/recovery_tmo", patience.ToString(CultureInfo.InvariantCulture)));
            if (!session.IsLoggedIn) _obstacles.Add(new Obstacle(Layer.Session, $"{Subject(index)}: the session with {session.Target} at {session.Portal} is being recovered."));
        }

        if (found.Portals.Any(portal => portal.Session is { IsLoggedIn: true })) Disk(leg, found, index);
    }

    private void Record(ConnectLeg leg, FoundPortal portal, SessionTimers timers)
    {
        string[] node = Node(leg, portal);
        if (!portal.HasRecord) _steps.Add(new Step.Command(Layer.Record, Iscsiadm, [.. node, "-o", "new"]));
        if (portal.RecordAgrees) return;
        foreach ((string name, string value) in timers.Settings()) _steps.Add(new Step.Command(Layer.Record, Iscsiadm, [.. node, "-o", "update", "-n", name, "-v", value]));
        _steps.Add(new Step.Secrets(leg.TargetName, portal.Portal, NodeSettings.Secrets(leg)));
    }

    private static string[] Node(ConnectLeg leg, FoundPortal portal) => ["-m", "node", "-T", leg.TargetName, "-p", portal.Portal];

    private void Disk(ConnectLeg leg, FoundLeg found, int index)
    {
        bool isShort = found.Disk is { } disk && disk.SizeBytes < leg.SizeBytes;
        if (found.Disk is not null && !isShort) return;
        FoundPortal portal = found.Portals.First(one => one.Session is { IsLoggedIn: true });
        _steps.Add(new Step.Command(Layer.Disk, Iscsiadm, [.. Node(leg, portal), "--rescan"]));
        if (found.Disk is null) _obstacles.Add(new Obstacle(Layer.Disk, $"{Subject(index)}: the kernel has no disk named naa.{leg.Naa} yet."));
    }

    private void Assemble()
    {
        switch (Assembly.Method)
        {
            case AssemblyMethod.None:
                break;
            case AssemblyMethod.MdRaid1:
                if (_found.Array is { IsRunning: true } array) KeepMirror(array);
                else StartMirror();
                break;
            case AssemblyMethod.DmStriped or AssemblyMethod.DmLinear:
                Map();
                break;
        }
    }

    private void StartMirror()
    {
        // Nothing is decided while a leg is on its way: what will be there is not known.
        if (_found.Legs.All(leg => leg.Disk is null))
        {
            Predict();
            return;
        }

        // Members of an array that is not running were gathered by somebody else; they are let go first, to be looked at.
        if (_found.Array is { } idle)
        {
            _steps.Add(new Step.Command(Layer.Assembly, Mdadm, "--stop", idle.Path));
            return;
        }

        switch (MirrorRule.Judge(_record, _found.Legs))
        {
            case MirrorRule.Make:
                _steps.Add(Create([.. _found.Legs.Take(_record.Connect.Legs.Count).Select(leg => leg.Disk!.Path)]));
                break;
            case MirrorRule.Start start:
                string[] current = [.. start.Legs.Select(index => _record.Legs[index].Naa)];
                MirrorRecord next = new(current, start.Legs.Max(index => ((DiskContent.Member)_found.Legs[index].Disk!.Content!).Events), IsClean: false);
                if (!next.Agrees(_record.Mirror)) Remember(_record with { Mirror = next }, $"current copies are {LegsText(current)}");
                _steps.Add(AssembleOf([.. start.Legs.Select(index => _found.Legs[index].Disk!.Path)]));
                break;
            case MirrorRule.Refuse refusal:
                _obstacles.Add(new Obstacle(Layer.Assembly, refusal.Why, refusal.NextAction));
                break;
        }
    }

    // For a dry run: what would be done if all legs come and are as they were left.
    private void Predict()
    {
        string[] disks = [.. _record.Connect.Legs.Select(leg => $"/dev/disk/by-id/wwn-0x{leg.Naa}")];
        _steps.Add((_record.Mirror is null ? Create(disks) : AssembleOf(disks)) with { IsForecast = true });
    }

    private Step.Command Create(IReadOnlyList<string> disks) => new(Layer.Assembly, Mdadm, [
        "--create", _names.ArrayPath, "--run", "--level=1", $"--raid-devices={_record.Connect.Legs.Count}", "--metadata=1.2", "--bitmap=internal", "--assume-clean", "--failfast",
        $"--uuid={_names.ArrayUuid}", "--homehost=vsan", $"--name={_names.ArrayName}", $"--data-offset={(Assembly.DataOffsetBytes ?? 0) / KiB}K", $"--size={Assembly.SizeBytes / KiB}", .. disks]);

    private Step.Command AssembleOf(IReadOnlyList<string> disks) => new(Layer.Assembly, Mdadm, ["--assemble", _names.ArrayPath, "--run", $"--uuid={_names.ArrayUuid}", .. disks]);

    // What fails is taken out, what is back is taken in, and all grow when all are there.
    private void KeepMirror(FoundArray array)
    {
        string[] current = [.. array.InSync.Select(NaaOf).OfType<string>()];
        if (_record.Mirror is { } known && current.Length > 0 && !current.Intersect(known.Current, StringComparer.Ordinal).Any())
        {
            StopWrongMirror(array);
            return;
        }

        for (int index = 0; index < _record.WantedCount; index++) KeepMember(array, _found.Legs[index].Disk, index);
        for (int index = _record.WantedCount; index < _found.Legs.Count; index++) LetGo(array, index);
        KeepPlaces(array);
        if (array.Sync is { } sync) _obstacles.Add(new Obstacle(Layer.Assembly, $"{sync.Action}: {sync.Percent} %.") { IsProgress = true });
        bool areAllIn = _found.Legs.Take(_record.WantedCount).All(leg => leg.Disk is { } disk && array.Members.Any(member => member.Disk == disk.Name && member.State != MemberState.Faulty));
        if (areAllIn && !IsAnyShort && array.SizeBytes < Assembly.SizeBytes) _steps.Add(new Step.Command(Layer.Assembly, Mdadm, "--grow", array.Path, $"--size={Assembly.SizeBytes / KiB}"));
    }

    private void StopWrongMirror(FoundArray array)
    {
        _isStale = true;
        const string Why = "The mirror runs from a copy that has missed writes.";
        _obstacles.Add(new Obstacle(Layer.Assembly, Why, _found.Mount is null ? null : "It is mounted: stop what uses it, and unmount it. Nothing that was written since is on the current copy."));
        if (_found.Mount is null) _steps.Add(new Step.Command(Layer.Assembly, Mdadm, "--stop", array.Path));
    }

    private void KeepMember(FoundArray array, FoundDisk? disk, int index)
    {
        if (disk is null)
        {
            _obstacles.Add(new Obstacle(Layer.Assembly, $"The mirror runs without {_record.NameOf(index)}."));
            if (HasDetached(array)) _steps.Add(RemoveDetached(array));
            return;
        }

        FoundMember? member = array.Members.FirstOrDefault(one => one.Disk == disk.Name);
        if (member is { State: not MemberState.Faulty }) return;
        _obstacles.Add(new Obstacle(Layer.Assembly, $"The mirror runs without {_record.NameOf(index)}."));
        if (!disk.IsRunning || !IsReached(index)) return;
        if (member is not null) _steps.Add(new Step.Command(Layer.Assembly, Mdadm, array.Path, "--remove", disk.Path));
        else Return(array, disk, index);
    }

    private void Return(FoundArray array, FoundDisk disk, int index)
    {
        switch (disk.Content)
        {
            case DiskContent.Member back when back.ArrayId == _record.VolumeId:
                Step.Command full = new(Layer.Assembly, Mdadm, array.Path, "--add", "--failfast", disk.Path);
                _steps.Add(new Step.Command(Layer.Assembly, Mdadm, array.Path, "--re-add", "--failfast", disk.Path) { Otherwise = full });
                break;
            case DiskContent.Blank:
                _steps.Add(new Step.Command(Layer.Assembly, Mdadm, array.Path, "--add", "--failfast", disk.Path));
                break;
            case null:
                break;
            default:
                _obstacles.Add(new Obstacle(Layer.Assembly, $"{Subject(index)} ({disk.Path}) is back with something that is no copy of this mirror.", "Nothing is done to it. Find out who wrote to it."));
                break;
        }
    }

    private void Map()
    {
        string table = DeviceTable.Of(_record.Connect, [.. _found.Legs.Select((leg, index) => leg.Disk?.Path ?? $"/dev/disk/by-id/wwn-0x{_record.Connect.Legs[index].Naa}")]);
        if (_found.Map is null)
        {
            bool isPartly = _found.Legs.Any(leg => leg.Disk is null);
            if (isPartly) _obstacles.Add(new Obstacle(Layer.Assembly, "Not all legs are here."));
            _steps.Add(new Step.Command(Layer.Assembly, "dmsetup", "create", _names.MapName, "--uuid", $"VSAN-{_record.VolumeId:D}", "--table", table) { IsForecast = isPartly });
            return;
        }

        if (_found.Map.SizeBytes >= Assembly.SizeBytes || IsAnyShort || _found.Legs.Any(leg => leg.Disk is null)) return;
        _steps.Add(new Step.Command(Layer.Assembly, "dmsetup", "reload", _names.MapName, "--table", table));
        _steps.Add(new Step.Command(Layer.Assembly, "dmsetup", "resume", _names.MapName));
    }

    private bool IsAnyShort => Enumerable.Range(0, _found.Legs.Count).Any(index => _found.Legs[index].Disk is { } disk && disk.SizeBytes < _record.Legs[index].SizeBytes);

    private bool IsReached(int index) => _found.Legs[index].Portals.Any(portal => portal.Session is { IsLoggedIn: true });

    // A mirror with one copy left waits for its unit like a volume that never had another.
    private bool IsLastCopy(FoundLeg leg) => IsMirror && _found.Array is { IsRunning: true } array && array.InSync.Count() == 1 && leg.Disk is { } disk && array.InSync.Single().Disk == disk.Name;

    private string? NaaOf(FoundMember member) => _found.Legs.FirstOrDefault(leg => leg.Disk?.Name == member.Disk)?.Disk?.Naa;

    // "legs 0 and 1"; a leg that comes or goes says so.
    private string LegsText(IReadOnlyList<string> naas)
    {
        int[] indices = [.. Enumerable.Range(0, _record.Legs.Count).Where(index => naas.Contains(_record.Legs[index].Naa, StringComparer.Ordinal))];
        return indices.All(index => index < _record.Connect.Legs.Count) ? $"legs {string.Join(" and ", indices)}" : string.Join(" and ", indices.Select(_record.NameOf));
    }

    private string Subject(int index) => string.Concat(_record.NameOf(index)[..1].ToUpperInvariant(), _record.NameOf(index).AsSpan(1));

    // One remembrance a pass: what comes later in the pass is found again in the next.
    private void Remember(VolumeRecord record, string why)
    {
        if (!_steps.OfType<Step.Remember>().Any()) _steps.Insert(0, new Step.Remember(record, why));
    }
}

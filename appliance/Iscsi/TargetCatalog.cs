using VSan.Scsi;

namespace VSan.Iscsi;

/// <summary>Every target that is served, as of one generation. Immutable: each ring is handed the next one whole.</summary>
public sealed class TargetCatalog
{
    private readonly Dictionary<string, IscsiTarget> _byName;

    /// <summary>Takes the targets; a name occurs once.</summary>
    public TargetCatalog(long generation, IEnumerable<IscsiTarget> targets)
    {
        Generation = generation;
        Targets = [.. targets];
        _byName = Targets.ToDictionary(target => target.Name, StringComparer.Ordinal);
    }

    /// <summary>Nothing is served.</summary>
    public static TargetCatalog Empty { get; } = new(0, []);

    /// <summary>Counts up with each configuration.</summary>
    public long Generation { get; }

    /// <summary>The targets in the order given.</summary>
    public IReadOnlyList<IscsiTarget> Targets { get; }

    /// <summary>The target of that name, or null.</summary>
    public IscsiTarget? Find(string name) => _byName.GetValueOrDefault(name);
}

/// <summary>One target: a name, where it is reached, and who may use it.</summary>
public sealed class IscsiTarget
{
    /// <summary>Every target of ours has one portal group; its tag.</summary>
    public const int PortalGroupTag = 1;

    private readonly Dictionary<string, TargetAccess> _access;

    /// <summary>Takes the parts; an initiator name occurs once.</summary>
    /// <param name="name">iSCSI name (RFC 7143, 4.2.7).</param>
    /// <param name="portals"><c>address:port</c>, told by SendTargets.</param>
    /// <param name="access">Who may log in.</param>
    public IscsiTarget(string name, IReadOnlyList<string> portals, IEnumerable<TargetAccess> access)
    {
        Name = name;
        Portals = portals;
        _access = access.ToDictionary(one => one.InitiatorName, StringComparer.Ordinal);
    }

    /// <summary>iSCSI name.</summary>
    public string Name { get; }

    /// <summary><c>address:port</c> of each portal; IPv6 in brackets.</summary>
    public IReadOnlyList<string> Portals { get; }

    /// <summary>What <paramref name="initiatorName"/> may do here, by its own entry or else the one for everybody; null: nothing.</summary>
    public TargetAccess? AccessFor(string initiatorName) =>
        _access.GetValueOrDefault(initiatorName) ?? _access.GetValueOrDefault(TargetAccess.Anybody);
}

/// <summary>One initiator's rights on a target.</summary>
/// <param name="InitiatorName">iSCSI name, or <see cref="Anybody"/>.</param>
/// <param name="Chap">What it must prove; null for nothing.</param>
/// <param name="Luns">What it sees, by number 0 to 255.</param>
public sealed record TargetAccess(string InitiatorName, ChapSecret? Chap, IReadOnlyDictionary<int, TargetLun> Luns)
{
    /// <summary>Stands for every initiator that has no entry of its own.</summary>
    public const string Anybody = "*";
}

/// <summary>One logical unit as one initiator sees it.</summary>
/// <param name="Unit">The logical unit, shared with whoever else sees it.</param>
/// <param name="ReadOnly">True: writes end in DATA PROTECT.</param>
public sealed record TargetLun(LogicalUnit Unit, bool ReadOnly);

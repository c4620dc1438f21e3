using VSan.Scsi;

namespace VSan.Iscsi;

/// <summary>Every target that is served, as of one generation. Immutable: each ring is handed the next one whole.</summary>
public sealed class TargetCatalog
{
    private readonly Dictionary<string, IscsiTarget> _byName;

    /// <summary>Takes the targets; a name occurs once.</summary>
    public TargetCatalog(long generation, IEnumerable<IscsiTarget> targets, DiscoveryAccess? discovery = null)
    {
        (Generation, Discovery) = (generation, discovery);
        Targets = [.. targets];
        _byName = Targets.ToDictionary(target => target.Name, StringComparer.Ordinal);
    }

    /// <summary>Nothing is served.</summary>
    public static TargetCatalog Empty { get; } = new(0, []);

    /// <summary>Counts up with each configuration.</summary>
    public long Generation { get; }

    /// <summary>What a discovery session must prove; null for nothing.</summary>
    public DiscoveryAccess? Discovery { get; }

    /// <summary>The targets in the order given.</summary>
    public IReadOnlyList<IscsiTarget> Targets { get; }

    /// <summary>The target of that name, or null.</summary>
    public IscsiTarget? Find(string name) => _byName.GetValueOrDefault(name);
}

/// <summary>One target: a name, where it is reached, and who may use it.</summary>
public sealed class IscsiTarget
{
    private readonly Dictionary<string, TargetAccess> _access;
    private readonly IReadOnlyCollection<ushort>? _offeredBy;

    /// <summary>Takes the parts; an initiator name occurs once.</summary>
    /// <param name="name">iSCSI name (RFC 7143, 4.2.7).</param>
    /// <param name="portals">Every portal of this server; those whose group offers the target are told by SendTargets.</param>
    /// <param name="access">Who may log in.</param>
    /// <param name="portalGroups">Tags of the portal groups that offer it; null for all.</param>
    /// <param name="states">Access states of portal groups by their tags; active/optimized where none is given.</param>
    public IscsiTarget(
        string name,
        IEnumerable<TargetPortal> portals,
        IEnumerable<TargetAccess> access,
        IReadOnlyCollection<ushort>? portalGroups = null,
        IReadOnlyDictionary<ushort, AsymmetricAccessState>? states = null)
    {
        Name = name;
        _offeredBy = portalGroups;
        Portals = [.. portals.Where(portal => IsOfferedBy(portal.GroupTag))];
        SortedSet<ushort> tags = [];
        foreach (TargetPortal portal in Portals) tags.Add(portal.GroupTag);
        Ports = Array.ConvertAll<ushort, TargetPort>([.. tags], tag => new TargetPort(tag, states?.GetValueOrDefault(tag) ?? AsymmetricAccessState.ActiveOptimized));
        _access = access.ToDictionary(one => one.InitiatorName, StringComparer.Ordinal);
    }

    /// <summary>iSCSI name.</summary>
    public string Name { get; }

    /// <summary>Where it can be reached.</summary>
    public IReadOnlyList<TargetPortal> Portals { get; }

    /// <summary>The portal groups of <see cref="Portals"/>, by ascending tag: each is a target port of the SCSI target device.</summary>
    public IReadOnlyList<TargetPort> Ports { get; }

    /// <summary>The portal group of this tag offers the target.</summary>
    public bool IsOfferedBy(ushort groupTag) => _offeredBy is null || _offeredBy.Contains(groupTag);

    /// <summary>What <paramref name="initiatorName"/> may do here, by its own entry or else the one for everybody; null: nothing.</summary>
    public TargetAccess? AccessFor(string initiatorName) =>
        _access.GetValueOrDefault(initiatorName) ?? _access.GetValueOrDefault(TargetAccess.Anybody);
}

/// <summary>Authentication of discovery sessions.</summary>
/// <param name="Chap">What the initiator must prove.</param>
/// <param name="TargetChap">What the server proves in turn, when it is asked to; null where it cannot.</param>
public sealed record DiscoveryAccess(ChapSecret Chap, ChapSecret? TargetChap = null);

/// <summary>One initiator's rights on a target.</summary>
/// <param name="InitiatorName">iSCSI name, or <see cref="Anybody"/>.</param>
/// <param name="Chap">What it must prove; null for nothing.</param>
/// <param name="Luns">What it sees, by number 0 to 255.</param>
/// <param name="TargetChap">What the target proves in turn, when it is asked to; null where it cannot.</param>
public sealed record TargetAccess(string InitiatorName, ChapSecret? Chap, IReadOnlyDictionary<int, TargetLun> Luns, ChapSecret? TargetChap = null)
{
    /// <summary>Stands for every initiator that has no entry of its own.</summary>
    public const string Anybody = "*";
}

/// <summary>One logical unit as one initiator sees it.</summary>
/// <param name="Unit">The logical unit, shared with whoever else sees it.</param>
/// <param name="ReadOnly">True: writes end in DATA PROTECT.</param>
public sealed record TargetLun(LogicalUnit Unit, bool ReadOnly);

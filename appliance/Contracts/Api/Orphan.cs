using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>A leg that lies on a unit and that no volume knows: it is served to nobody, and never deleted unless a person says so.</summary>
/// <param name="Id">The leg.</param>
/// <param name="UnitId">The unit.</param>
/// <param name="UnitName">Its name.</param>
/// <param name="StoreId">The store on it.</param>
/// <param name="SizeBytes">Length of its file; 0 while it is not known.</param>
/// <param name="State">Where it stands.</param>
/// <param name="VolumeName">The volume that it was a part of, or null.</param>
/// <param name="Layout">That volume's layout, or null.</param>
/// <param name="Index">Its place in that volume, or null.</param>
/// <param name="LegCount">Legs of that volume, or null.</param>
/// <param name="Adoptable">True: a volume can be made of it again, together with the other legs of its volume.</param>
/// <param name="Reason">Why, or why not, with the next action.</param>
public sealed record Orphan(
    Guid Id,
    Guid UnitId,
    string UnitName,
    Guid StoreId,
    long SizeBytes,
    OrphanState State,
    string? VolumeName,
    string? Layout,
    int? Index,
    int? LegCount,
    bool Adoptable,
    string Reason);

/// <summary>The orphans of one page of units.</summary>
public sealed record OrphanPage(IReadOnlyList<Orphan> Items, string? NextCursor);

/// <summary>Makes a volume of orphans again: <c>POST /orphans/{id}:adopt</c>.</summary>
/// <param name="Name">Its name; null for the one that it had.</param>
/// <param name="Project">Name of its project; null for the one that it had.</param>
public sealed record OrphanAdopt(string? Name, string? Project);

/// <summary>Where an orphan stands.</summary>
[JsonConverter(typeof(WireEnumConverter<OrphanState>))]
public enum OrphanState
{
    /// <summary>It lies there.</summary>
    Quarantined,

    /// <summary>A person gave it up; its unit is deleting it.</summary>
    Deleting,
}

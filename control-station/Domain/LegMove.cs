namespace VSan.Station.Domain;

/// <summary>
/// A leg on its way to another unit. While it lasts the leg's own record still names the unit it comes from, and no host may have the volume.
/// <code>
///   Copying ──compared──► Switched (the leg's record names the new unit) ──old unit let go──► gone
///      └──cancelled or failed──► Withdrawn ──new unit let go──► gone
/// </code>
/// </summary>
/// <param name="Id">The leg.</param>
/// <param name="VolumeId">Its volume.</param>
/// <param name="FromUnitId">Where it lay.</param>
/// <param name="FromStoreId">In which store.</param>
/// <param name="ToUnitId">Where it goes.</param>
/// <param name="ToStoreId">To which store, which has promised its space.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="ProtectedSecret">What the new unit proves to the old one, encrypted.</param>
/// <param name="State">Where it stands.</param>
public sealed record LegMove(
    Guid Id, Guid VolumeId, Guid FromUnitId, Guid FromStoreId, Guid ToUnitId, Guid ToStoreId, long SizeBytes, byte[] ProtectedSecret, LegMoveState State) : Entity(Id)
{
    private const int DigitsOfAnIdentity = 12;

    /// <summary>As whom the new unit logs in to the old one; another name for each leg, so that each sees its own alone.</summary>
    public string InitiatorName => $"iqn.2026-11.io.vsan-appliance:unit.{ToUnitId.ToString("N")[..DigitsOfAnIdentity]}.leg.{Id:N}";

    /// <summary>CHAP user name.</summary>
    public string ChapUser => $"leg-{Id.ToString("N")[^DigitsOfAnIdentity..]}";
}

/// <summary>Where the move of a leg stands.</summary>
public enum LegMoveState
{
    /// <summary>The new unit copies it from the old one.</summary>
    Copying,

    /// <summary>The new unit has it; the old one is to delete it.</summary>
    Switched,

    /// <summary>It stays where it was; the new unit is to delete what it has.</summary>
    Withdrawn,
}

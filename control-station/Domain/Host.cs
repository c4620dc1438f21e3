namespace VSan.Station.Domain;

/// <summary>An application server that uses volumes.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Unique name.</param>
/// <param name="InitiatorName">iSCSI name in lower case; unique.</param>
/// <param name="CreatedAt">When it was added.</param>
public sealed record Host(Guid Id, string Name, string InitiatorName, DateTimeOffset CreatedAt) : Entity(Id)
{
    /// <summary>Its CHAP secrets are replaced at this age; null: only when somebody asks.</summary>
    public int? RotateEveryDays { get; init; }
}

/// <summary>How much a host may ask for by itself; without one it may ask for nothing.</summary>
/// <param name="Id">The host.</param>
/// <param name="BytesMax">Sum of the sizes of its volumes, and of what their snapshots are promised.</param>
/// <param name="VolumesMax">How many volumes.</param>
public sealed record HostQuota(Guid Id, long BytesMax, int VolumesMax) : Entity(Id);

/// <summary>A volume that a host asked for by itself, which is therefore its own.</summary>
/// <param name="Id">The volume.</param>
/// <param name="HostId">The host.</param>
public sealed record HostVolume(Guid Id, Guid HostId) : Entity(Id);

namespace VSan.Station.Domain;

/// <summary>Whom volumes belong to, and how much of the pool they may be promised.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Unique name.</param>
/// <param name="QuotaBytes">Bytes that its volumes' legs may be promised; null for no limit.</param>
/// <param name="QuotaVolumes">Volumes that it may have; null for no limit.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record Project(Guid Id, string Name, long? QuotaBytes, int? QuotaVolumes, DateTimeOffset CreatedAt) : Entity(Id)
{
    /// <summary>The project of volumes for which none is named. It is there without a record, until somebody gives it a quota.</summary>
    public static Project Default { get; } = new(new Guid("00000000-0000-7000-8000-000000000001"), "default", null, null, DateTimeOffset.UnixEpoch);
}

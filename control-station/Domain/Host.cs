namespace VSan.Station.Domain;

/// <summary>An application server that uses volumes.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Unique name.</param>
/// <param name="InitiatorName">iSCSI name in lower case; unique.</param>
/// <param name="CreatedAt">When it was added.</param>
public sealed record Host(Guid Id, string Name, string InitiatorName, DateTimeOffset CreatedAt) : Entity(Id);

/// <summary>What one host proves to one unit by CHAP.</summary>
/// <param name="Id">Identity; the secret's reference in configurations.</param>
/// <param name="HostId">The host.</param>
/// <param name="UnitId">The unit.</param>
/// <param name="UserName">CHAP user name.</param>
/// <param name="ProtectedSecret">The secret, encrypted under a key that is not in the store.</param>
public sealed record Credential(Guid Id, Guid HostId, Guid UnitId, string UserName, byte[] ProtectedSecret) : Entity(Id);

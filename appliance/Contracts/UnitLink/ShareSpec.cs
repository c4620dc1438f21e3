namespace VSan.Contracts.UnitLink;

/// <summary>One share: a directory that this unit serves over WebDAV.</summary>
/// <param name="ShareId">Identity.</param>
/// <param name="Name">Its name, for people reading the store.</param>
/// <param name="StoreId">The store it lies on.</param>
/// <param name="SizeBytes">What it was promised; the unit reports what it takes and does not hold it back.</param>
/// <param name="Port">The port that it has for itself, of those that the unit offered.</param>
/// <param name="Access">Who is let in. Nobody else; with an empty list nobody at all.</param>
public sealed record ShareSpec(Guid ShareId, string Name, Guid StoreId, long SizeBytes, int Port, IReadOnlyList<ShareAccess> Access);

/// <summary>Somebody who is let in to a share.</summary>
/// <param name="UserName">The user name.</param>
/// <param name="PasswordHash">What the password hashes to, as an htpasswd file has it. The password is 128 random bits, so the hash is no secret.</param>
public sealed record ShareAccess(string UserName, string PasswordHash);

/// <summary>A share that is there.</summary>
/// <param name="ShareId">The share.</param>
/// <param name="Certificate">PEM of the certificate that its server shows, made on the unit for this share alone.</param>
public sealed record ShareFact(Guid ShareId, string Certificate);

/// <summary>What a share takes on its store.</summary>
/// <param name="ShareId">The share.</param>
/// <param name="UsedBytes">Bytes, as last measured.</param>
public sealed record ShareUsage(Guid ShareId, long UsedBytes);

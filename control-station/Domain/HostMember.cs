namespace VSan.Station.Domain;

/// <summary>A host that has joined by itself: its certificate asks for this host. Gone, and the certificate opens nothing.</summary>
/// <param name="Id">The member's own identity; its certificate's subject.</param>
/// <param name="HostId">The host; it has one certificate at most.</param>
/// <param name="KeyHash">SHA-256 of its public key (SPKI), lower-case hexadecimal; unique.</param>
/// <param name="EnrolledAt">When it joined.</param>
public sealed record HostMember(Guid Id, Guid HostId, string KeyHash, DateTimeOffset EnrolledAt) : Entity(Id);

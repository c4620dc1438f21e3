namespace VSan.Station.Domain;

/// <summary>A version of the appliance's image that the station keeps; its file is named after its digest.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Version">Its version; unique.</param>
/// <param name="Digest">SHA-256 of the file, lower-case hexadecimal; unique.</param>
/// <param name="SizeBytes">The file's length.</param>
/// <param name="Signer">Who signed it.</param>
/// <param name="AddedBy">Who added it.</param>
/// <param name="AddedAt">When.</param>
public sealed record ApplianceImage(Guid Id, string Version, string Digest, long SizeBytes, string Signer, string AddedBy, DateTimeOffset AddedAt) : Entity(Id);

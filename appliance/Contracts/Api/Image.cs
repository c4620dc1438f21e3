namespace VSan.Contracts.Api;

/// <summary>A version of the appliance's image that the station keeps. Added by <c>PUT /images/{digest}</c> with the file as the body.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Version">Its version; unique.</param>
/// <param name="Digest">SHA-256 of the file, lower-case hexadecimal.</param>
/// <param name="SizeBytes">The file's length.</param>
/// <param name="Signer">Who signed it.</param>
/// <param name="AddedBy">Who added it.</param>
/// <param name="AddedAt">When.</param>
public sealed record Image(Guid Id, string Version, string Digest, long SizeBytes, string Signer, string AddedBy, DateTimeOffset AddedAt);

/// <summary>One page of images.</summary>
public sealed record ImagePage(IReadOnlyList<Image> Items, string? NextCursor);

/// <summary>Starts a unit with another image: <c>POST /units/{id}:update</c>.</summary>
/// <param name="Version">Version of an image that the station keeps.</param>
public sealed record UnitUpdateRequest(string Version);

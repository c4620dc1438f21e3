namespace VSan.Contracts.Api;

/// <summary>Whom volumes belong to, and how much of the pool they may be promised.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Unique name; <c>default</c> is always there.</param>
/// <param name="QuotaBytes">Bytes that its volumes' legs may be promised; null for no limit.</param>
/// <param name="QuotaVolumes">Volumes that it may have; null for no limit.</param>
/// <param name="PromisedBytes">Bytes that they are promised, the trash included.</param>
/// <param name="Volumes">Volumes that it has, the trash included.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record Project(Guid Id, string Name, long? QuotaBytes, int? QuotaVolumes, long PromisedBytes, int Volumes, DateTimeOffset CreatedAt);

/// <summary>Makes a project, <c>POST /projects</c>, or gives one by name other quotas, <c>PUT /projects/{name}</c>.</summary>
/// <param name="Name">1 to 63 characters of a-z, A-Z, 0-9, '.', '_' and '-'.</param>
/// <param name="QuotaBytes">0 or more; null for no limit.</param>
/// <param name="QuotaVolumes">0 or more; null for no limit.</param>
public sealed record ProjectCreate(string Name, long? QuotaBytes, int? QuotaVolumes);

/// <summary>One page of projects.</summary>
public sealed record ProjectPage(IReadOnlyList<Project> Items, string? NextCursor);

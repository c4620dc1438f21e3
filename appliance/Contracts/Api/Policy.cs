using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>What volumes of one purpose have in common.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Unique name.</param>
/// <param name="Layout">As <see cref="Volume.Layout"/>.</param>
/// <param name="FailureDomain">No two copies lie in the same one.</param>
/// <param name="Media">Media class of their stores; null for any.</param>
/// <param name="Thin">They take space as they are written.</param>
/// <param name="OvercommitRatio">Promised bytes for each byte of a store's capacity, up to which they are placed.</param>
/// <param name="Limits">Their limits; null for none.</param>
/// <param name="SnapshotSchedule">Name of a snapshot schedule; null for none.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record Policy(
    Guid Id,
    string Name,
    string Layout,
    FailureDomain FailureDomain,
    string? Media,
    bool Thin,
    double OvercommitRatio,
    Limits? Limits,
    string? SnapshotSchedule,
    DateTimeOffset CreatedAt);

/// <summary>Makes a policy, <c>POST /policies</c>, or changes one for volumes that are made later, <c>PUT /policies/{id}</c>.</summary>
/// <param name="Name">1 to 63 characters of a-z, A-Z, 0-9, '.', '_' and '-'.</param>
/// <param name="Layout">Default <c>single</c>.</param>
/// <param name="FailureDomain">Default unit.</param>
/// <param name="Media">For example <c>ssd</c>; default any.</param>
/// <param name="Thin">Default true.</param>
/// <param name="OvercommitRatio">1 to 100, default 1: every promise can be kept.</param>
/// <param name="Limits">Default none.</param>
/// <param name="SnapshotSchedule">Default none.</param>
public sealed record PolicyCreate(
    string Name,
    string? Layout,
    FailureDomain? FailureDomain,
    string? Media,
    bool? Thin,
    double? OvercommitRatio,
    Limits? Limits,
    string? SnapshotSchedule);

/// <summary>What fails together.</summary>
[JsonConverter(typeof(WireEnumConverter<FailureDomain>))]
public enum FailureDomain
{
    /// <summary>A unit.</summary>
    Unit,

    /// <summary>All units with the same label <c>rack</c>.</summary>
    Rack,

    /// <summary>All units with the same label <c>site</c>.</summary>
    Site,
}

/// <summary>One page of policies.</summary>
public sealed record PolicyPage(IReadOnlyList<Policy> Items, string? NextCursor);

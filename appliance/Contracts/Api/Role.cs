using System.Text.Json;
using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>
/// What a person or machine may do. <c>viewer ⊂ operator ⊂ storage-admin ⊂ admin</c> and <c>viewer ⊂ security-admin ⊂ admin</c>: whoever
/// runs the storage need not be who decides about people.
/// </summary>
[JsonConverter(typeof(RoleConverter))]
public enum Role
{
    /// <summary>A host that asks for itself: its own volumes, snapshots and mappings, and nothing else. Its scope is <c>host:ID</c>.</summary>
    Host,

    /// <summary>Looks.</summary>
    Viewer,

    /// <summary>Makes, maps and removes volumes and hosts.</summary>
    Operator,

    /// <summary>Also admits, drains and retires units, and sets policies.</summary>
    StorageAdmin,

    /// <summary>Decides about people, access tokens, sessions, and reads the audit log.</summary>
    SecurityAdmin,

    /// <summary>Everything.</summary>
    Admin,
}

/// <summary>Roles as people write them: <c>storage-admin</c>.</summary>
public sealed class RoleConverter() : JsonStringEnumConverter<Role>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);

/// <summary>A role where it holds.</summary>
/// <param name="Role">What may be done.</param>
/// <param name="Scope">Where: <c>all</c>, <c>pool</c> (everything but people, tokens and audit), <c>project:NAME</c>, <c>unit-label:KEY=VALUE</c>, or <c>host:ID</c>.</param>
public sealed record RoleBinding(Role Role, string Scope);
